/* rows.c: a row's texts become typed values. */
#include "catalogue/rows.h"

#include "catalogue/values.h"

const struct catalogue_column catalogue_columns[COLUMN_COUNT] = {
    [COLUMN_ID] = { "id", "A positive whole number, by which the store and every consumer know "
                          "the course. Left empty, it is derived from the engine and the "
                          "attributes that identify the course." },
    [COLUMN_NAME] = { "name", "What the course is called." },
    [COLUMN_CLUB] = { "club", "The club or facility that it belongs to." },
    [COLUMN_CITY] = { "city", "Where it lies." },
    [COLUMN_REGION] = { "region", "State, province or any other part of the catalogue that "
                                  "--region chooses." },
    [COLUMN_REGION_ID] = { "region_id", "A second name of the region, as your own tables have "
                                        "it; --region takes either." },
    [COLUMN_COUNTRY] = { "country", "Two capital letters as US; the currency comes from it." },
    [COLUMN_TIMEZONE] = { "timezone", "Needed. The IANA name as America/Denver: play dates, "
                                      "start times and booking windows are of this zone." },
    [COLUMN_LAT] = { "lat", "Degrees north, for searches by distance." },
    [COLUMN_LON] = { "lon", "Degrees east." },
    [COLUMN_ENGINE] = { "engine", "Needed. The booking engine's name, see below." },
    [COLUMN_ENGINE_ATTRIBUTES] = { "engine_attributes", "Needed. A JSON object with what the "
                                                        "engine must know, see below." },
    [COLUMN_HOLES] = { "holes", "1 to 99. Engines that must be told how many holes are wanted "
                                "take it from here." },
    [COLUMN_BOOKING_WINDOW_DAYS] = { "booking_window_days",
                                     "How many days ahead a date can be booked. Left empty, 14 "
                                     "days are asked, or fewer once the engine proves that a "
                                     "date is not released yet." },
    [COLUMN_BOOKING_OPENS_AT] = { "booking_opens_at",
                                  "HH:MM, local: when the window's last date is released. Left "
                                  "empty, midnight." },
    [COLUMN_CURRENCY] = { "currency",
                          "Three capital letters as USD. Left empty, the country's." },
    [COLUMN_BOOKING_URL] = { "booking_url", "Where people book, for tee times whose engine "
                                            "tells no link." },
    [COLUMN_ACTIVE] = { "active", "true or false; left empty, true. An inactive course is not "
                                  "asked and its tee times show no longer as open." },
};

const uint32_t catalogue_columns_count = COLUMN_COUNT;

const char *column_name(enum column column)
{
    return catalogue_columns[column].name;
}

enum column column_find(struct str name)
{
    enum column column = 0;
    while (column < COLUMN_COUNT &&
           !str_equal_nocase(str_trim(name), str_of(column_name(column))))
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
    problems_add(problems, column_name(column), "not UTF-8: save the file as UTF-8");
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
    problems_add(problems, column_name(column),
                 "\"%.*s\" is not a whole number: give digits only",
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
    problems_add(problems, column_name(COLUMN_ID),
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
        problems_add(problems, column_name(column),
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
        problems_add(problems, column_name(latitude ? COLUMN_LON : COLUMN_LAT),
                     "missing: give both coordinates or none");
}

static int read_opens(const struct str *columns, struct problems *problems)
{
    struct str text = cell(columns, COLUMN_BOOKING_OPENS_AT);
    uint16_t minute;
    if (text.len == 0)
        return -1;
    if (value_minute(text, &minute))
        return minute;
    problems_add(problems, column_name(COLUMN_BOOKING_OPENS_AT),
                 "\"%.*s\" is not a time of day: give HH:MM from 00:00 to 23:59",
                 STR_ARGS(problem_shown(text)));
    return -1;
}

static enum row_state read_active(const struct str *columns, struct problems *problems)
{
    struct str text = cell(columns, COLUMN_ACTIVE);
    bool active = true;
    if (text.len > 0 && !value_truth(text, &active))
        problems_add(problems, column_name(COLUMN_ACTIVE), "\"%.*s\" is neither true nor false",
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
