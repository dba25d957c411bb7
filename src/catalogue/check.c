/* check.c: one row against the rules of the catalogue: engine, id, zone, ranges, currency. */
#include "catalogue/builder.h"
#include "catalogue/values.h"

#define HOLES_MAX 99

/* A number that is out of range is reported and replaced by `unknown`. */
static int check_range(struct problems *problems, enum column column, int value, int unknown,
                       int min, int max)
{
    if (value == unknown || (value >= min && value <= max))
        return value;
    problems_add(problems, column_name(column), "%d is out of range: give %d to %d", value, min,
                 max);
    return unknown;
}

static bool check_degrees(struct problems *problems, enum column column, double value, int max)
{
    if (value >= -max && value <= max)
        return true;
    problems_add(problems, column_name(column), "%g is out of range: give -%d to %d degrees",
                 value, max, max);
    return false;
}

/* The index of the row's zone, which is loaded if it is new. */
static ts_err check_zone(struct catalogue_builder *builder, struct str name, uint8_t *ret_zone)
{
    const char *column = column_name(COLUMN_TIMEZONE);
    for (uint32_t i = 0; i < builder->zones_count; i++) {
        if (str_equal(name, str_of(zone_name(builder->zones[i])))) {
            *ret_zone = (uint8_t)i;
            return TS_ERR_OK;
        }
    }
    if (name.len == 0) {
        problems_add(&builder->problems, column,
                     "missing: give an IANA name as America/Denver");
        return TS_ERR_OK;
    }
    if (builder->zones_count == CATALOGUE_ZONES_MAX) {
        problems_add(&builder->problems, column,
                     "one time zone too many: split the catalogue, %d fit",
                     CATALOGUE_ZONES_MAX);
        return TS_ERR_OK;
    }
    struct error error;
    ts_err err = zone_new(name, &builder->zones[builder->zones_count], &error);
    if (err == TS_ERR_NOMEM)
        return err;
    if (err == TS_ERR_OK)
        *ret_zone = (uint8_t)builder->zones_count++;
    else
        problems_add(&builder->problems, column, "%s", error.text);
    return TS_ERR_OK;
}

static void check_currency(struct catalogue_builder *builder, struct catalogue_row *row,
                           char ret_currency[4])
{
    if (row->currency.len == 0) {
        row->currency = str_of(catalogue_currency_of(row->country));
        if (row->currency.len == 0 && row->country.len > 0)
            problems_add(&builder->problems, column_name(COLUMN_COUNTRY),
                         "\"%.*s\" is no country code: give two letters as US, or a currency",
                         STR_ARGS(problem_shown(row->country)));
    }
    bool good = row->currency.len == 0 || row->currency.len == 3;
    for (size_t i = 0; good && i < row->currency.len; i++)
        good = row->currency.ptr[i] >= 'A' && row->currency.ptr[i] <= 'Z';
    if (!good) {
        problems_add(&builder->problems, column_name(COLUMN_CURRENCY),
                     "\"%.*s\" is no currency code: give three capital letters as USD",
                     STR_ARGS(problem_shown(row->currency)));
        row->currency.len = 0;
    }
    if (row->currency.len > 0)
        memcpy(ret_currency, row->currency.ptr, row->currency.len);
    ret_currency[row->currency.len] = '\0';
}

static void check_opens(struct catalogue_builder *builder, struct catalogue_row *row)
{
    struct str text = str_trim(str_of(builder->attributes.opens_local));
    uint16_t minute;
    row->opens_minute = check_range(&builder->problems, COLUMN_BOOKING_OPENS_AT,
                                    row->opens_minute, -1, 0, 1439);
    if (row->opens_minute >= 0 || text.len == 0)
        return;
    if (value_minute(text, &minute))
        row->opens_minute = minute;
    else
        problems_add(&builder->problems, "booking_opens_local",
                     "\"%.*s\" is not a time of day: give HH:MM from 00:00 to 23:59",
                     STR_ARGS(text));
}

/* What the engine itself says about the attributes; its reason opens with the name of one. */
static void check_engine(struct catalogue_builder *builder, const struct course *course)
{
    const struct engine *engine = engines[course->engine];
    struct error error = { .text = "refused by the engine" };
    if (builder->attributes.faulty || engine->check(course, &error) == TS_ERR_OK)
        return;
    struct str reason = str_of(error.text);
    struct str name = { reason.ptr, strcspn(reason.ptr, ":, ") };
    int attribute = engine_attr_find(engine, name);
    if (attribute >= 0 && (reason.ptr[name.len] == ':' || reason.ptr[name.len] == ' '))
        reason = str_of(reason.ptr + name.len + 1);
    problems_add(&builder->problems,
                 attribute < 0 ? "engine_attributes" : engine->attrs[attribute].name, "%.*s",
                 STR_ARGS(str_trim(reason)));
}

static void check_values(struct catalogue_builder *builder, struct catalogue_row *row,
                         struct course *course)
{
    struct problems *problems = &builder->problems;
    row->holes = check_range(problems, COLUMN_HOLES, row->holes, 0, 1, HOLES_MAX);
    row->window_days = check_range(problems, COLUMN_BOOKING_WINDOW_DAYS, row->window_days, -1,
                                   0, COURSE_WINDOW_MAX_DAYS);
    check_opens(builder, row);
    if (row->has_place) {
        bool latitude = check_degrees(problems, COLUMN_LAT, row->latitude, 90);
        bool longitude = check_degrees(problems, COLUMN_LON, row->longitude, 180);
        row->has_place = latitude && longitude;
    }
    check_currency(builder, row, course->currency);
    course->holes = (uint8_t)row->holes;
    course->window_days =
        row->window_days < 0 ? COURSE_WINDOW_UNKNOWN : (uint8_t)row->window_days;
    course->opens_minute = row->opens_minute < 0 ? 0 : (uint16_t)row->opens_minute;
}

/* An id that is missing is derived; one that cannot be used becomes 0. */
static void check_id(struct catalogue_builder *builder, struct catalogue_row *row, int engine)
{
    if (row->id == 0 && engine >= 0)
        row->id = attributes_derive_id(engines[engine], builder->attributes.packed);
    if (row->id < 0 && builder->problems.count == 0)
        problems_add(&builder->problems, column_name(COLUMN_ID),
                     "not positive: mend it, or leave it empty to have one derived");
    if (row->id < 0)
        row->id = 0;
}

void row_identify(struct catalogue_builder *builder, struct catalogue_row *row)
{
    int engine = engine_find(row->engine);
    attributes_read(&builder->attributes, engine < 0 ? NULL : engines[engine],
                    row->attributes_json, &builder->problems);
    check_id(builder, row, engine);
    if (row->booking_url.len == 0)
        row->booking_url = str_trim(str_of(builder->attributes.booking_url));
    if (row->attributes_json.len == 0)
        row->attributes_json = STR("{}");
    if (builder->attributes.inactive)
        row->state = ROW_INACTIVE;
    if (row->engine.len == 0)
        problems_add(&builder->problems, column_name(COLUMN_ENGINE),
                     "missing: `teesheet engines` lists the names");
    else if (engine < 0)
        row->state = ROW_UNSUPPORTED;
}

ts_err row_check(struct catalogue_builder *builder, struct catalogue_row *row,
                 struct course *ret_course)
{
    struct course course = { .id = row->id, .attributes = builder->attributes.packed };
    check_values(builder, row, &course);
    if (row->state == ROW_OK) {
        int engine = engine_find(row->engine);
        ts_err err = check_zone(builder, row->timezone, &course.zone);
        if (err != TS_ERR_OK)
            return err;
        course.engine = engine < 0 ? 0 : (uint8_t)engine;
        if (engine >= 0)
            check_engine(builder, &course);
        if (builder->problems.count > 0)
            row->state = ROW_MISCONFIGURED;
    }
    *ret_course = course;
    return TS_ERR_OK;
}
