/* search_why.c: what the ledger says of the tee sheets behind an empty search. */
#include "base/day.h"
#include "store/scope.h"

struct why_run {
    const struct search_filter *filter;
    struct search_why *why;
    struct zone *zone; /* of the rows at hand: they come sorted by zone */
    int64_t course_id; /* of the last row */
};

struct why_row {
    int64_t course_id;
    struct str name, timezone;
    int32_t play_date; /* 0: no tee sheet */
    enum outcome outcome;
    int64_t checked_at, open_tee_times;
    int window_days, opens_minute; /* -1: unknown */
};

static struct why_row read_row(const struct str *columns)
{
    struct why_row row = {
        .course_id = column_i64(columns[0], 0),
        .name = columns[1],
        .timezone = columns[2],
        .play_date = column_date(columns[5]),
        .outcome = OUTCOME_NONE,
        .checked_at = column_i64(columns[7], 0),
        .open_tee_times = column_i64(columns[10], 0),
        .window_days = (int)column_i64(columns[11], -1),
        .opens_minute = (int)column_i64(columns[12], -1),
    };
    if (columns[6].ptr && !outcome_parse(columns[6], &row.outcome))
        row.outcome = OUTCOME_NONE;
    return row;
}

static const struct zone *zone_of(struct why_run *run, struct str name)
{
    if (run->zone && str_equal(str_of(zone_name(run->zone)), name))
        return run->zone;
    zone_free(run->zone);
    run->zone = NULL;
    if (zone_new(name, &run->zone, NULL) != TS_ERR_OK)
        run->zone = NULL;
    return run->zone;
}

/* Does the date open only later? Then the opening counts. */
static void note_opening(struct why_run *run, const struct why_row *row, int32_t play_date)
{
    const struct zone *zone =
        row->window_days < 0 || play_date == 0 ? NULL : zone_of(run, row->timezone);
    if (!zone)
        return;
    uint16_t minute = (uint16_t)(row->opens_minute < 0 ? 0 : row->opens_minute);
    int64_t opens_at = zone_instant(zone, play_date - row->window_days, minute);
    if (opens_at <= run->filter->now)
        return;
    struct search_why *why = run->why;
    why->opening_later++;
    if (why->opens_at != 0 && why->opens_at <= opens_at)
        return;
    why->opens_at = opens_at;
    struct buf text = buf_over(why->opens_zone, sizeof(why->opens_zone));
    buf_put(&text, row->timezone);
    text = buf_over(why->opens_course, sizeof(why->opens_course));
    buf_put(&text, row->name);
}

static void note_sheet(struct why_run *run, const struct why_row *row)
{
    struct search_why *why = run->why;
    why->by_outcome[row->outcome]++;
    why->open_tee_times += (uint64_t)row->open_tee_times;
    if (why->oldest_check == 0 || row->checked_at < why->oldest_check)
        why->oldest_check = row->checked_at;
    if (row->checked_at > why->newest_check)
        why->newest_check = row->checked_at;
    if (row->outcome == OUTCOME_NOT_RELEASED)
        note_opening(run, row, row->play_date);
}

static bool in_circle(const struct search_filter *filter, const struct str *columns)
{
    if (!filter->near)
        return true;
    bool has_latitude;
    bool has_longitude;
    double latitude = column_degrees(columns[3], &has_latitude);
    double longitude = column_degrees(columns[4], &has_longitude);
    return has_latitude && has_longitude &&
           search_distance_km(filter->latitude, filter->longitude, latitude, longitude) <=
               filter->within_km;
}

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    struct why_run *run = ctx;
    if (!in_circle(run->filter, columns))
        return true;
    struct why_row row = read_row(columns);
    if (row.course_id != run->course_id)
        run->why->courses++;
    run->course_id = row.course_id;
    if (row.play_date != 0) {
        note_sheet(run, &row);
        return true;
    }
    run->why->never_looked++;
    note_opening(run, &row, run->filter->from);
    return true;
}

static void put_scope(struct params *params, const struct search_filter *filter,
                      const struct scope *scope)
{
    params_start(params);
    params_i64(params, filter->now);
    params_date_if(params, filter->from != 0, filter->from);
    params_date_if(params, filter->to != 0, filter->to);
    params_list_if(params, &scope->regions);
    params_list_if(params, &scope->courses);
    scope_box(params, filter);
}

ts_err search_why(struct store *store, const struct search_filter *filter,
                  struct search_why *ret_why, struct error *reterr)
{
    struct scope scope;
    ts_err err = scope_start(&scope, filter, reterr);
    if (err)
        return err;
    struct search_why why = { 0 };
    struct why_run run = { .filter = filter, .why = &why };
    struct params params;
    put_scope(&params, filter, &scope);
    err = store_run(store, STORE_SEARCH_WHY, params.values, params.count, on_columns, &run,
                    NULL, reterr);
    zone_free(run.zone);
    if (!err)
        *ret_why = why;
    return err;
}
