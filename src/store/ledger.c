/* ledger.c: reads the ledger and prunes what is long past. */
#include "store/ledger.h"

#include <assert.h>

#include "store/params.h"

#define ID_BYTES 24 /* of an id in a JSON array, with what stands between */

struct scan {
    ledger_row_fn *on_row;
    void *ctx;
};

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct scan *scan = ctx;
    struct ledger_row row = {
        .course_id = column_i64(columns[0], 0),
        .play_date = column_date(columns[1]),
        .outcome = column_outcome(columns[2]),
        .checked_at = column_i64(columns[3], 0),
        .observed_outcome = column_outcome(columns[4]),
        .observed_at = column_i64(columns[5], 0),
        .tee_time_count = (uint32_t)column_i64(columns[6], 0),
    };
    return scan->on_row(scan->ctx, &row);
}

ts_err ledger_scan(struct store *store, int32_t from, int32_t to, ledger_row_fn *on_row,
                   void *ctx, struct error *reterr)
{
    struct scan scan = { on_row, ctx };
    struct params params;
    params_start(&params);
    params_date_if(&params, from != 0, from);
    params_date_if(&params, to != 0, to);
    return store_run(store, STORE_LEDGER_SCAN, params.values, params.count, on_columns, &scan,
                     NULL, reterr);
}

ts_err ledger_of_courses(struct store *store, const int64_t *ids, uint32_t count, int32_t from,
                         ledger_row_fn *on_row, void *ctx, struct error *reterr)
{
    char text[LEDGER_COURSES_MAX * ID_BYTES];
    struct buf list = buf_over(text, sizeof(text));
    struct scan scan = { on_row, ctx };
    struct params params;
    assert(count <= LEDGER_COURSES_MAX);
    params_json_ids(&list, ids, count);
    params_start(&params);
    params_str(&params, buf_view(&list));
    params_date(&params, from);
    return store_run(store, STORE_LEDGER_OF_COURSES, params.values, params.count, on_columns,
                     &scan, NULL, reterr);
}

static ts_err prune_one(struct store *store, enum store_statement statement,
                        const struct params *params, uint64_t *ret_deleted,
                        struct error *reterr)
{
    return store_run(store, statement, params->values, params->count, NULL, NULL, ret_deleted,
                     reterr);
}

ts_err prune_bite(struct store *store, int32_t before, struct prune_counts *counts,
                  bool *ret_more, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_date(&params, before);
    params_i64(&params, PRUNE_BITE);
    struct prune_counts bite = { 0 };
    ts_err err = store_begin(store, reterr);
    if (err)
        return err;
    err = prune_one(store, STORE_PRUNE_TEE_TIMES, &params, &bite.tee_times, reterr);
    if (!err)
        err = prune_one(store, STORE_PRUNE_EVENTS, &params, &bite.events, reterr);
    if (!err)
        err = prune_one(store, STORE_PRUNE_TEE_SHEETS, &params, &bite.tee_sheets, reterr);
    if (!err)
        err = prune_one(store, STORE_PRUNE_RUNS, &params, &bite.runs, reterr);
    if (!err)
        err = store_commit(store, reterr);
    if (err) {
        store_rollback(store);
        return err;
    }
    counts->tee_times += bite.tee_times;
    counts->events += bite.events;
    counts->tee_sheets += bite.tee_sheets;
    counts->runs += bite.runs;
    *ret_more = bite.tee_sheets >= PRUNE_BITE || bite.runs >= PRUNE_BITE;
    return TS_ERR_OK;
}
