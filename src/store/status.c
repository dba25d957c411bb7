/* status.c: reads the ledger for people. */
#include "store/status.h"

#include "store/scope.h"

struct scan {
    status_cell_fn *on_cell;
    void *ctx;
};

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct scan *scan = ctx;
    struct status_cell cell = {
        .course_id = column_i64(columns[0], 0),
        .course_name = columns[1],
        .timezone = columns[2],
        .window_days = (int)column_i64(columns[3], -1),
        .opens_minute = (int)column_i64(columns[4], -1),
        .play_date = column_date(columns[5]),
        .outcome = column_outcome(columns[6]),
        .detail = columns[7],
        .http_status = (uint16_t)column_i64(columns[8], 0),
        .attempts = (uint32_t)column_i64(columns[9], 0),
        .checked_at = column_i64(columns[10], 0),
        .observed_outcome = column_outcome(columns[11]),
        .observed_at = column_i64(columns[12], 0),
        .changed_at = column_i64(columns[13], 0),
        .tee_time_count = (uint32_t)column_i64(columns[14], 0),
        .held = column_flag(columns[15]),
    };
    return scan->on_cell(scan->ctx, &cell);
}

ts_err status_scan(struct store *store, const struct status_filter *filter,
                   status_cell_fn *on_cell, void *ctx, struct error *reterr)
{
    const struct search_filter wanted = {
        .regions = filter->regions,
        .regions_count = filter->regions_count,
        .courses = filter->courses,
        .courses_count = filter->courses_count,
    };
    struct scope scope;
    ts_err err = scope_start(&scope, &wanted, reterr);
    if (err)
        return err;
    struct scan scan = { on_cell, ctx };
    struct params params;
    params_start(&params);
    params_list_if(&params, &scope.courses);
    params_list_if(&params, &scope.regions);
    params_date_if(&params, filter->from != 0, filter->from);
    params_date_if(&params, filter->to != 0, filter->to);
    return store_run(store, STORE_STATUS, params.values, params.count, on_columns, &scan, NULL,
                     reterr);
}
