/* courses_list.c: the store's courses in the columns of a catalogue file. */
#include "cmd/courses_list.h"

#include "host/import.h"

#define DEGREES_DIGITS_MAX 17

/* The order and names of a catalogue's columns; people see the ones with a title. */
enum {
    ID,
    NAME,
    CLUB,
    CITY,
    REGION,
    REGION_ID,
    COUNTRY,
    TIMEZONE,
    LAT,
    LON,
    ENGINE,
    ATTRIBUTES,
    HOLES,
    WINDOW,
    OPENS,
    CURRENCY,
    BOOKING_URL,
    ACTIVE,
    COLUMNS
};

static const struct view_column columns[COLUMNS] = {
    [ID] = { "id", "id", VIEW_RIGHT, true },
    [NAME] = { "name", "name", VIEW_LEFT, false },
    [CLUB] = { "club", NULL, VIEW_LEFT, false },
    [CITY] = { "city", "city", VIEW_LEFT, false },
    [REGION] = { "region", "region", VIEW_LEFT, false },
    [REGION_ID] = { "region_id", NULL, VIEW_LEFT, false },
    [COUNTRY] = { "country", NULL, VIEW_LEFT, false },
    [TIMEZONE] = { "timezone", "zone", VIEW_LEFT, false },
    [LAT] = { "lat", NULL, VIEW_RIGHT, true },
    [LON] = { "lon", NULL, VIEW_RIGHT, true },
    [ENGINE] = { "engine", "engine", VIEW_LEFT, false },
    [ATTRIBUTES] = { "engine_attributes", NULL, VIEW_LEFT, false },
    [HOLES] = { "holes", "holes", VIEW_RIGHT, true },
    [WINDOW] = { "booking_window_days", "days", VIEW_RIGHT, true },
    [OPENS] = { "booking_opens_at", "opens", VIEW_LEFT, false },
    [CURRENCY] = { "currency", NULL, VIEW_LEFT, false },
    [BOOKING_URL] = { "booking_url", NULL, VIEW_LEFT, false },
    [ACTIVE] = { "active", "active", VIEW_LEFT, false },
};

struct listing {
    const struct courses_filter *filter;
    struct view_table *table;
};

/* The shortest fraction that reads back as the same number. */
static void put_degrees(struct buf *out, double degrees)
{
    for (int digits = 0; digits <= DEGREES_DIGITS_MAX; digits++) {
        double again;
        buf_reset(out);
        buf_printf(out, "%.*f", digits, degrees);
        if (str_to_double(buf_view(out), &again) && !(again < degrees) && !(again > degrees))
            return;
    }
}

static bool list_has(const struct opt_list *list, struct str text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (str_equal_nocase(list->items[i], text))
            return true;
    }
    return list->count == 0;
}

static bool is_chosen(const struct courses_filter *filter, const struct store_course *course)
{
    return list_has(filter->engines, course->engine) &&
           (list_has(filter->regions, course->region) ||
            list_has(filter->regions, course->region_id));
}

/* A number's cell; unknown ones are empty. */
static struct str number_cell(struct buf *storage, bool known, int64_t number)
{
    buf_reset(storage);
    if (!known)
        return (struct str){ NULL, 0 };
    buf_put_i64(storage, number);
    return buf_view(storage);
}

static void fill_texts(struct str *cells, const struct store_course *course)
{
    cells[NAME] = course->name;
    cells[CLUB] = course->club;
    cells[CITY] = course->city;
    cells[REGION] = course->region;
    cells[REGION_ID] = course->region_id;
    cells[COUNTRY] = course->country;
    cells[TIMEZONE] = course->timezone;
    cells[ENGINE] = course->engine;
    cells[ATTRIBUTES] = course->engine_attributes;
    cells[CURRENCY] = course->currency;
    cells[BOOKING_URL] = course->booking_url;
    cells[ACTIVE] = course->active ? STR("true") : STR("false");
}

ts_err courses_table_new(enum view_format format, FILE *out, struct view_table **ret_table,
                         struct error *reterr)
{
    return view_table_new(columns, COLUMNS, format, out, ret_table, reterr);
}

void courses_table_add(struct view_table *table, const struct store_course *course)
{
    struct str cells[COLUMNS] = { { NULL, 0 } };
    char storage[6][32];
    struct buf texts[6];
    for (size_t i = 0; i < TS_COUNT_OF(texts); i++)
        texts[i] = buf_over(storage[i], sizeof(storage[i]));
    fill_texts(cells, course);
    cells[ID] = number_cell(&texts[0], true, course->id);
    cells[HOLES] = number_cell(&texts[1], course->holes > 0, course->holes);
    cells[WINDOW] = number_cell(&texts[2], course->window_days >= 0, course->window_days);
    if (course->opens_minute >= 0) {
        buf_printf(&texts[3], "%02d:%02d", course->opens_minute / 60,
                   course->opens_minute % 60);
        cells[OPENS] = buf_view(&texts[3]);
    }
    if (course->has_place) {
        put_degrees(&texts[4], course->latitude);
        put_degrees(&texts[5], course->longitude);
        cells[LAT] = buf_view(&texts[4]);
        cells[LON] = buf_view(&texts[5]);
    }
    view_table_row(table, cells);
}

static bool write_course(void *ctx, const struct store_course *course)
{
    const struct listing *listing = ctx;
    if (is_chosen(listing->filter, course))
        courses_table_add(listing->table, course);
    return true;
}

/* The catalogue knows which regions and engines there are. */
static ts_err check_filter(struct store *store, const struct courses_filter *filter,
                           struct error *reterr)
{
    struct import_config config = {
        .catalogue = { .regions = filter->regions->items,
                       .regions_count = filter->regions->count,
                       .engines = filter->engines->items,
                       .engines_count = filter->engines->count },
        .store = store,
    };
    struct catalogue *catalogue = NULL;
    ts_err err = import_catalogue(&config, &catalogue, reterr);
    if (!err)
        catalogue_free(catalogue);
    return err;
}

ts_err courses_write(struct store *store, const struct courses_filter *filter,
                     enum view_format format, FILE *out, struct error *reterr)
{
    struct listing listing = { .filter = filter };
    ts_err err = TS_ERR_OK;
    if (filter->regions->count > 0 || filter->engines->count > 0)
        err = check_filter(store, filter, reterr);
    if (err)
        return err;
    err = courses_table_new(format, out, &listing.table, reterr);
    if (err)
        return err;
    err = courses_list(store, write_course, &listing, reterr);
    if (!err)
        err = view_table_finish(listing.table, reterr);
    view_table_free(listing.table);
    return err;
}
