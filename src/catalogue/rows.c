/* rows.c: a row's texts become typed values. */
#include "catalogue/rows.h"

#include "catalogue/values.h"

static const char *const names[COLUMN_COUNT] = {
    [COLUMN_ID] = "id",
    [COLUMN_NAME] = "name",
    [COLUMN_CLUB] = "club",
    [COLUMN_CITY] = "city",
    [COLUMN_REGION] = "region",
    [COLUMN_REGION_ID] = "region_id",
    [COLUMN_COUNTRY] = "country",
    [COLUMN_TIMEZONE] = "timezone",
    [COLUMN_LAT] = "lat",
    [COLUMN_LON] = "lon",
    [COLUMN_ENGINE] = "engine",
    [COLUMN_ENGINE_ATTRIBUTES] = "engine_attributes",
    [COLUMN_HOLES] = "holes",
    [COLUMN_BOOKING_WINDOW_DAYS] = "booking_window_days",
    [COLUMN_BOOKING_OPENS_AT] = "booking_opens_at",
    [COLUMN_CURRENCY] = "currency",
    [COLUMN_BOOKING_URL] = "booking_url",
    [COLUMN_ACTIVE] = "active",
};

const char *column_name(enum column column)
{
    return names[column];
}

enum column column_find(struct str name)
{
    enum column column = 0;
    while (column < COLUMN_COUNT && !str_equal_nocase(str_trim(name), str_of(names[column])))
        column++;
    return column;
}

/* A cell's text without blanks around it. */
static struct str cell(const struct str *columns, enum column column)
{
    return columns[column].len > 0 ? str_trim(columns[column]) : STR("");
}

static struct str read_text(const struct str *columns, enum column column,
                            struct problems *problems)
{
    struct str text = cell(columns, column);
    if (value_is_text(text))
        return text;
    problems_add(problems, names[column], "not UTF-8: save the file as UTF-8");
    return (struct str){ NULL, 0 };
}

/* A whole number; `unknown` if it is not given or cannot be read. */
static int read_number(const struct str *columns, enum column column, int unknown,
                       struct problems *problems)
{
    struct str text = cell(columns, column);
    int64_t number;
    if (text.len == 0)
        return unknown;
    if (str_to_i64(text, 0, INT32_MAX, &number))
        return (int)number;
    problems_add(problems, names[column], "\"%.*s\" is not a whole number: give digits only",
                 STR_ARGS(problem_shown(text)));
    return unknown;
}

static int64_t read_id(const struct str *columns, struct problems *problems)
{
    struct str text = cell(columns, COLUMN_ID);
    int64_t id;
    if (text.len == 0)
        return 0;
    if (str_to_i64(text, 1, INT64_MAX, &id))
        return id;
    problems_add(problems, names[COLUMN_ID],
                 "\"%.*s\" is not a positive whole number: mend it, or leave it empty to have "
                 "one derived",
                 STR_ARGS(problem_shown(text)));
    return -1;
}

static bool read_degrees(const struct str *columns, enum column column, double *ret_degrees,
                         struct problems *problems)
{
    struct str text = cell(columns, column);
    if (str_to_double(text, ret_degrees))
        return true;
    if (text.len > 0)
        problems_add(problems, names[column],
                     "\"%.*s\" is not a number of degrees, such as -79.38",
                     STR_ARGS(problem_shown(text)));
    return false;
}

static void read_place(const struct str *columns, struct catalogue_row *row,
                       struct problems *problems)
{
    uint32_t before = problems->count;
    bool latitude = read_degrees(columns, COLUMN_LAT, &row->latitude, problems);
    bool longitude = read_degrees(columns, COLUMN_LON, &row->longitude, problems);
    row->has_place = latitude && longitude;
    if (latitude != longitude && problems->count == before)
        problems_add(problems, names[latitude ? COLUMN_LON : COLUMN_LAT],
                     "missing: give both coordinates or none");
}

static int read_opens(const struct str *columns, struct problems *problems)
{
    struct str text = cell(columns, COLUMN_BOOKING_OPENS_AT);
    uint16_t minute;
    if (text.len == 0)
        return -1;
    if (str_to_minute(text, &minute))
        return minute;
    problems_add(problems, names[COLUMN_BOOKING_OPENS_AT],
                 "\"%.*s\" is not a time of day: give HH:MM from 00:00 to 23:59",
                 STR_ARGS(problem_shown(text)));
    return -1;
}

static enum row_state read_active(const struct str *columns, struct problems *problems)
{
    struct str text = cell(columns, COLUMN_ACTIVE);
    bool active = true;
    if (text.len > 0 && !value_truth(text, &active))
        problems_add(problems, names[COLUMN_ACTIVE], "\"%.*s\" is neither true nor false",
                     STR_ARGS(problem_shown(text)));
    return active ? ROW_OK : ROW_INACTIVE;
}

void row_read(const struct str columns[COLUMN_COUNT], struct catalogue_row *ret_row,
              struct problems *problems)
{
    struct catalogue_row row = {
        .id = read_id(columns, problems),
        .name = read_text(columns, COLUMN_NAME, problems),
        .club = read_text(columns, COLUMN_CLUB, problems),
        .city = read_text(columns, COLUMN_CITY, problems),
        .region = read_text(columns, COLUMN_REGION, problems),
        .region_id = read_text(columns, COLUMN_REGION_ID, problems),
        .country = read_text(columns, COLUMN_COUNTRY, problems),
        .timezone = read_text(columns, COLUMN_TIMEZONE, problems),
        .engine = read_text(columns, COLUMN_ENGINE, problems),
        .attributes_json = read_text(columns, COLUMN_ENGINE_ATTRIBUTES, problems),
        .currency = read_text(columns, COLUMN_CURRENCY, problems),
        .booking_url = read_text(columns, COLUMN_BOOKING_URL, problems),
        .holes = read_number(columns, COLUMN_HOLES, 0, problems),
        .window_days = read_number(columns, COLUMN_BOOKING_WINDOW_DAYS, -1, problems),
        .opens_minute = read_opens(columns, problems),
        .state = read_active(columns, problems),
    };
    read_place(columns, &row, problems);
    *ret_row = row;
}
