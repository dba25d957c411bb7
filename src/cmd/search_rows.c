/* search_rows.c: the columns of a search. */
#include "cmd/search_rows.h"

#include <unistd.h>

#include "cmd/say.h"
#include "domain/tee_time.h"
#include "view/text.h"

#define CELL_BYTES   48
#define RATE_COLUMNS 110 /* of the terminal */

enum {
    COURSE_ID,
    DATE,
    TIME,
    STARTS_AT,
    NAME,
    CLUB,
    CITY,
    REGION,
    TIMEZONE,
    LATITUDE,
    LONGITUDE,
    HOLES,
    START_HOLE,
    ROUTING,
    PARTY,
    PLAYERS_MAX,
    PRICE_CENTS,
    CURRENCY,
    BASIS,
    CART_FEE,
    DISTANCE,
    RATE,
    BOOKING_URL,
    OPENED_AT,
    OBSERVED_AT,
    COLUMNS
};

static const struct view_column columns[COLUMNS] = {
    [COURSE_ID] = { "course_id", NULL, VIEW_RIGHT, true },
    [DATE] = { "play_date", "date", VIEW_LEFT, false },
    [TIME] = { "start_time", "time", VIEW_LEFT, false },
    [STARTS_AT] = { "starts_at", NULL, VIEW_LEFT, false },
    [NAME] = { "course_name", "course", VIEW_LEFT, false },
    [CLUB] = { "club", NULL, VIEW_LEFT, false },
    [CITY] = { "city", NULL, VIEW_LEFT, false },
    [REGION] = { "region", NULL, VIEW_LEFT, false },
    [TIMEZONE] = { "timezone", NULL, VIEW_LEFT, false },
    [LATITUDE] = { "latitude", NULL, VIEW_RIGHT, true },
    [LONGITUDE] = { "longitude", NULL, VIEW_RIGHT, true },
    [HOLES] = { "holes", "holes", VIEW_RIGHT, true },
    [START_HOLE] = { "start_hole", "start", VIEW_RIGHT, true },
    [ROUTING] = { "routing", "routing", VIEW_LEFT, false },
    [PARTY] = { "party_sizes", "players", VIEW_LEFT, false },
    [PLAYERS_MAX] = { "players_max", NULL, VIEW_RIGHT, true },
    [PRICE_CENTS] = { "price_cents", "price", VIEW_RIGHT, true },
    [CURRENCY] = { "currency", NULL, VIEW_LEFT, false },
    [BASIS] = { "price_basis", NULL, VIEW_LEFT, false },
    [CART_FEE] = { "cart_fee_cents", NULL, VIEW_RIGHT, true },
    [DISTANCE] = { "distance_km", "distance", VIEW_RIGHT, true },
    [RATE] = { "rate_name", "rate", VIEW_LEFT, false },
    [BOOKING_URL] = { "booking_url", NULL, VIEW_LEFT, false },
    [OPENED_AT] = { "opened_at", NULL, VIEW_LEFT, false },
    [OBSERVED_AT] = { "observed_at", "looked", VIEW_RIGHT, false },
};

/* The oldest look stands under the table. */
static const uint8_t may_drop[] = { OBSERVED_AT, START_HOLE, ROUTING };

struct line {
    struct str cells[COLUMNS];
    struct buf texts[COLUMNS];
    char storage[COLUMNS][CELL_BYTES];
};

static struct buf *cell(struct line *line, int column)
{
    struct buf *text = &line->texts[column];
    *text = buf_over(line->storage[column], CELL_BYTES);
    line->cells[column] = (struct str){ text->ptr, 0 };
    return text;
}

/* The cells that were written by cell() get their lengths. */
static void settle(struct line *line)
{
    for (int i = 0; i < COLUMNS; i++)
        if (line->texts[i].ptr)
            line->cells[i] = buf_view(&line->texts[i]);
}

static void put_number(struct line *line, int column, bool known, int64_t number)
{
    if (known)
        buf_put_i64(cell(line, column), number);
}

static void put_texts(struct line *line, const struct search_row *row)
{
    line->cells[NAME] = row->course_name;
    line->cells[CLUB] = row->club;
    line->cells[CITY] = row->city;
    line->cells[REGION] = row->region;
    line->cells[TIMEZONE] = row->timezone;
    line->cells[ROUTING] = row->routing;
    line->cells[CURRENCY] = row->currency;
    line->cells[BASIS] = row->price_basis;
    line->cells[RATE] = row->rate_name;
    line->cells[BOOKING_URL] = row->booking_url;
}

/* --- for people --- */

static void put_price(struct line *line, const struct search_shape *shape,
                      const struct search_row *row)
{
    struct buf *out = cell(line, PRICE_CENTS);
    say_price(out, row->currency, row->price_cents);
    if (row->price_cents < 0)
        return;
    const char *none = shape->has_bases ? "     " : ""; /* amounts stand below each other */
    if (str_equal(row->price_basis, str_of(price_basis_name(PRICE_BASIS_WALKING))))
        buf_puts(out, " walk");
    else if (str_equal(row->price_basis, str_of(price_basis_name(PRICE_BASIS_CART))))
        buf_puts(out, " cart");
    else
        buf_puts(out, none);
}

static void put_for_people(struct line *line, const struct search_rows *search,
                           const struct search_row *row, const struct known_course *course)
{
    put_texts(line, row);
    say_day(cell(line, DATE), row->play_date);
    struct buf *time = cell(line, TIME);
    say_minute(time, row->start_minute);
    if (search->shape->zones_differ)
        buf_printf(time, " %s", zone_abbreviation_at(course->zone, row->starts_at));
    put_number(line, HOLES, row->holes > 0, row->holes);
    put_number(line, START_HOLE, row->start_hole > 1, row->start_hole);
    say_party(cell(line, PARTY), row->party_sizes);
    put_price(line, search->shape, row);
    if (search->shape->is_near)
        buf_printf(cell(line, DISTANCE), "%.1f km", row->distance_km);
    struct buf *age = cell(line, OBSERVED_AT);
    say_age(age, search->now - row->observed_at);
    buf_puts(age, " ago");
}

/* --- for programs --- */

static void put_party(struct line *line, enum view_format format, uint8_t party_sizes)
{
    struct buf *out = cell(line, PARTY);
    buf_puts(out, format == VIEW_JSON ? "[" : "");
    tee_time_party_format(party_sizes, out);
    buf_puts(out, format == VIEW_JSON ? "]" : "");
}

static void put_places(struct line *line, const struct search_row *row)
{
    if (row->has_place) {
        buf_printf(cell(line, LATITUDE), "%.6f", row->latitude);
        buf_printf(cell(line, LONGITUDE), "%.6f", row->longitude);
    }
    if (row->distance_km >= 0)
        buf_printf(cell(line, DISTANCE), "%.3f", row->distance_km);
}

static void put_for_programs(struct line *line, enum view_format format,
                             const struct search_row *row)
{
    put_texts(line, row);
    put_number(line, COURSE_ID, true, row->course_id);
    day_format(row->play_date, cell(line, DATE));
    say_minute(cell(line, TIME), row->start_minute);
    instant_format(row->starts_at, cell(line, STARTS_AT));
    put_places(line, row);
    put_number(line, HOLES, row->holes > 0, row->holes);
    put_number(line, START_HOLE, row->start_hole > 0, row->start_hole);
    put_party(line, format, row->party_sizes);
    put_number(line, PLAYERS_MAX, true, tee_time_players_max(row->party_sizes));
    put_number(line, PRICE_CENTS, row->price_cents >= 0, row->price_cents);
    put_number(line, CART_FEE, row->cart_fee_cents >= 0, row->cart_fee_cents);
    instant_format(row->opened_at, cell(line, OPENED_AT));
    instant_format(row->observed_at, cell(line, OBSERVED_AT));
}

/* --- the interface --- */

void search_shape_note(struct search_shape *shape, const struct search_row *row,
                       const struct known_course *course)
{
    if (shape->count++ == 0)
        shape->zone = course->zone;
    if (shape->oldest_look == 0 || row->observed_at < shape->oldest_look)
        shape->oldest_look = row->observed_at;
    shape->zones_differ = shape->zones_differ || course->zone != shape->zone;
    shape->starts_differ = shape->starts_differ || row->start_hole > 1;
    shape->has_routings = shape->has_routings || row->routing.len > 0;
    shape->has_bases =
        shape->has_bases ||
        !str_equal(row->price_basis, str_of(price_basis_name(PRICE_BASIS_UNKNOWN)));
    shape->is_near = shape->is_near || row->distance_km >= 0;
}

ts_err search_rows_init(struct search_rows *search, enum view_format format,
                        const struct search_shape *shape, int64_t now, struct error *reterr)
{
    *search = (struct search_rows){ .shape = shape, .format = format, .now = now };
    memcpy(search->columns, columns, sizeof(columns));
    if (!shape->starts_differ)
        search->columns[START_HOLE].title = NULL;
    if (!shape->has_routings)
        search->columns[ROUTING].title = NULL;
    if (!shape->is_near)
        search->columns[DISTANCE].title = NULL;
    uint32_t terminal = text_terminal_columns(STDOUT_FILENO);
    if (terminal > 0 && terminal < RATE_COLUMNS)
        search->columns[RATE].title = NULL; /* the course's name needs the place */
    /* Half a date is none, however narrow the terminal. */
    search->columns[DATE].is_number = format == VIEW_TABLE;
    search->columns[TIME].is_number = format == VIEW_TABLE;
    search->columns[PARTY].is_number = format == VIEW_TABLE;
    struct rows_config config = { .columns = search->columns,
                                  .columns_count = COLUMNS,
                                  .format = format,
                                  .json_columns = (uint64_t)1 << PARTY,
                                  .may_drop = may_drop,
                                  .may_drop_count = TS_COUNT_OF(may_drop) };
    return rows_init(&search->rows, &config, reterr);
}

void search_rows_put(struct search_rows *search, const struct search_row *row,
                     const struct known_course *course)
{
    struct line line;
    memset(line.cells, 0, sizeof(line.cells));
    memset(line.texts, 0, sizeof(line.texts));
    if (search->format == VIEW_TABLE)
        put_for_people(&line, search, row, course);
    else
        put_for_programs(&line, search->format, row);
    settle(&line);
    rows_put(&search->rows, line.cells);
}
