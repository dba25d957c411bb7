/* search_query.c: understands a search's options, with the courses that the store knows. */
#include "cmd/search_query.h"

#define KM_PER_MILE   1.609344
#define EVERYWHERE_KM 20040.0 /* half the Earth's circumference */

static ts_err read_minute(const char *option, const char *text, int *minute,
                          struct error *reterr)
{
    uint16_t value = 0;
    if (text && !str_to_minute(str_of(text), &value))
        return error_set(reterr, TS_ERR_USAGE, "%s: \"%.40s\" is not a time of day like 08:00",
                         option, text);
    *minute = text ? value : -1;
    return TS_ERR_OK;
}

static ts_err read_price(const char *text, int32_t *cents, struct error *reterr)
{
    *cents = -1;
    if (text && !str_to_cents(str_of(text), cents))
        return error_set(reterr, TS_ERR_USAGE,
                         "--max-price: \"%.40s\" is not an amount like 60 or 59.50", text);
    return TS_ERR_OK;
}

/* "20km", "12.5mi". */
static bool parse_distance(struct str text, double *ret_km)
{
    bool miles = text.len > 2 && memcmp(text.ptr + text.len - 2, "mi", 2) == 0;
    bool km = text.len > 2 && memcmp(text.ptr + text.len - 2, "km", 2) == 0;
    double number;
    if (!(miles || km) || !str_to_double((struct str){ text.ptr, text.len - 2 }, &number) ||
        !(number > 0))
        return false;
    *ret_km = miles ? number * KM_PER_MILE : number;
    return *ret_km <= EVERYWHERE_KM;
}

static ts_err read_within(const struct search_options *options, struct search_filter *filter,
                          struct error *reterr)
{
    if (!options->near && (options->within || filter->sort == SEARCH_BY_DISTANCE))
        return error_set(reterr, TS_ERR_USAGE, "%s needs a place: --near LAT,LON or a course",
                         options->within ? "--within" : "--sort distance");
    filter->within_km = EVERYWHERE_KM;
    if (options->within && !parse_distance(str_of(options->within), &filter->within_km))
        return error_set(reterr, TS_ERR_USAGE,
                         "--within: \"%.40s\" is not a distance like 20km or 12mi",
                         options->within);
    return TS_ERR_OK;
}

/* "50.45,-104.62" */
static bool parse_place(struct str text, double *ret_latitude, double *ret_longitude)
{
    struct str latitude;
    if (!str_split(&text, ',', &latitude))
        return false;
    return str_to_double(str_trim(latitude), ret_latitude) &&
           str_to_double(str_trim(text), ret_longitude);
}

static ts_err read_near(const struct known *known, const char *near,
                        struct search_filter *filter, struct error *reterr)
{
    if (!near)
        return TS_ERR_OK;
    filter->near = true;
    if (parse_place(str_of(near), &filter->latitude, &filter->longitude)) {
        if (filter->latitude >= -90 && filter->latitude <= 90 && filter->longitude >= -180 &&
            filter->longitude <= 180)
            return TS_ERR_OK;
        return error_set(reterr, TS_ERR_USAGE,
                         "--near: \"%.60s\" is no place on Earth: latitude -90..90, then "
                         "longitude -180..180",
                         near);
    }
    const struct known_course *course;
    ts_err err = known_resolve(known, "--near", str_of(near), &course, reterr);
    if (err)
        return err;
    if (!course->has_place)
        return error_set(reterr, TS_ERR_USAGE,
                         "--near: the catalogue has no place of %lld (%.80s): give LAT,LON",
                         (long long)course->id, course->name);
    filter->latitude = course->latitude;
    filter->longitude = course->longitude;
    return TS_ERR_OK;
}

static void read_counts(const struct search_options *options, struct search_filter *filter)
{
    filter->now = reader_now(&options->reader);
    filter->players = (unsigned)options->players;
    filter->holes = (unsigned)options->holes;
    filter->sort = (enum search_sort)options->sort;
    if (options->opened_within > 0)
        filter->opened_since = filter->now - options->opened_within / 1000000;
}

static int32_t today_in(const struct zone *zone, int64_t now)
{
    int32_t today;
    uint16_t minute;
    zone_local(zone, now, &today, &minute);
    return today;
}

/* The store is asked for the dates of all zones; what is too much, each row's zone tells. */
static void widen_dates(struct search_query *query)
{
    struct date_range wide = { DATES_LAST, DATES_FIRST };
    struct date_range first = { 0, 0 };
    query->same_dates = true;
    for (uint32_t i = 0; i < query->known.zones_count; i++) {
        int32_t today = today_in(query->known.zones[i], query->filter.now);
        struct date_range range = dates_resolve(&query->dates, today);
        first = i == 0 ? range : first;
        query->same_dates =
            query->same_dates && range.from == first.from && range.to == first.to;
        range.from = range.from < today ? today : range.from;
        wide.from = range.from < wide.from ? range.from : wide.from;
        wide.to = range.to > wide.to ? range.to : wide.to;
    }
    if (query->known.zones_count == 0)
        return;
    query->filter.from = wide.from;
    query->filter.to = wide.to == DATES_LAST ? 0 : wide.to;
}

static ts_err read_options(struct search_query *query, struct error *reterr)
{
    const struct search_options *options = query->options;
    struct search_filter *filter = &query->filter;
    read_counts(options, filter);
    ts_err err = dates_parse(options->date, &query->dates, reterr);
    if (!err)
        err = read_minute("--after", options->after, &filter->after, reterr);
    if (!err)
        err = read_minute("--before", options->before, &filter->before, reterr);
    if (!err)
        err = read_price(options->max_price, &filter->max_price_cents, reterr);
    if (!err)
        err = read_within(options, filter, reterr);
    return err;
}

ts_err search_query_init(struct search_query *query, struct store *store,
                         const struct search_options *options, struct error *reterr)
{
    *query = (struct search_query){ .options = options };
    struct search_filter *filter = &query->filter;
    ts_err err = read_options(query, reterr);
    if (!err)
        err = known_load(store, &query->known, reterr);
    if (!err)
        err = known_check_regions(&query->known, &options->regions, reterr);
    if (!err)
        err = known_resolve_all(&query->known, &options->courses, query->course_ids, reterr);
    if (!err)
        err = read_near(&query->known, options->near, filter, reterr);
    if (err)
        return err;
    filter->regions = options->regions.items;
    filter->regions_count = options->regions.count;
    filter->courses = query->course_ids;
    filter->courses_count = options->courses.count;
    widen_dates(query);
    return TS_ERR_OK;
}

void search_query_done(struct search_query *query)
{
    known_done(&query->known);
}

struct date_range search_query_dates(const struct search_query *query,
                                     const struct known_course *course)
{
    int32_t today = today_in(course->zone, query->filter.now);
    struct date_range range = dates_resolve(&query->dates, today);
    range.from = range.from < today ? today : range.from;
    return range;
}

static bool is_listed(const struct search_filter *filter, const struct known_course *course)
{
    bool found = filter->regions_count == 0;
    for (uint32_t i = 0; i < filter->regions_count && !found; i++)
        found = str_equal_nocase(str_of(course->region), filter->regions[i]) ||
                str_equal_nocase(str_of(course->region_id), filter->regions[i]);
    bool named = filter->courses_count == 0;
    for (uint32_t i = 0; i < filter->courses_count && !named; i++)
        named = course->id == filter->courses[i];
    return found && named;
}

bool search_query_has_course(const struct search_query *query,
                             const struct known_course *course)
{
    const struct search_filter *filter = &query->filter;
    if (!course->active || !is_listed(filter, course))
        return false;
    return !filter->near ||
           (course->has_place &&
            search_distance_km(filter->latitude, filter->longitude, course->latitude,
                               course->longitude) <= filter->within_km);
}

void search_query_put_narrow(const struct search_query *query, struct buf *out)
{
    const struct search_options *options = query->options;
    const struct {
        const char *name;
        bool given;
    } narrow[] = {
        { "--after", options->after },
        { "--before", options->before },
        { "--players", options->players > 0 },
        { "--holes", options->holes > 0 },
        { "--max-price", options->max_price },
        { "--opened-within", options->opened_within > 0 },
    };
    for (size_t i = 0; i < TS_COUNT_OF(narrow); i++)
        if (narrow[i].given)
            buf_printf(out, "%s%s", out->len > 0 ? ", " : "", narrow[i].name);
}
