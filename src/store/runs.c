/* runs.c: a row per sweep. */
#include "store/runs.h"

#include "store/params.h"

#define BY_OUTCOME_BYTES 600
#define WORST_BYTES      300

struct list {
    run_row_fn *on_row;
    void *ctx;
};

static bool on_id(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    int64_t *id = ctx;
    *id = column_i64(columns[0], 0);
    return true;
}

ts_err run_begin(struct store *store, const struct run_start *start, int64_t *ret_id,
                 struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_i64(&params, start->started_at);
    params_str(&params, start->host);
    params_str(&params, start->scope);
    params_str(&params, start->options);
    int64_t id = 0;
    ts_err err = store_run(store, STORE_RUN_BEGIN, params.values, params.count, on_id, &id,
                           NULL, reterr);
    if (!err)
        *ret_id = id;
    return err;
}

/* {"open":71,"none_open":4}: those that occurred. */
static void put_by_outcome(const struct sweep_report *report, struct buf *out)
{
    const char *separator = "{";
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (report->by_outcome[i] == 0)
            continue;
        buf_printf(out, "%s\"%s\":%llu", separator, outcome_name((enum outcome)i),
                   (unsigned long long)report->by_outcome[i]);
        separator = ",";
    }
    buf_puts(out, separator[0] == '{' ? "{}" : "}");
}

ts_err run_finish(struct store *store, const struct sweep_report *report, bool *ret_had_end,
                  struct error *reterr)
{
    char storage[BY_OUTCOME_BYTES];
    struct buf by_outcome = buf_over(storage, sizeof(storage));
    put_by_outcome(report, &by_outcome);
    char worst_storage[WORST_BYTES];
    struct buf worst = buf_over(worst_storage, sizeof(worst_storage));
    sweep_put_worst(report, &worst);
    struct params params;
    params_start(&params);
    params_i64(&params, report->run_id);
    params_i64(&params, report->finished_at);
    params_str(&params, str_of(sweep_verdict_name(report->verdict)));
    params_i64(&params, (int64_t)report->planned);
    params_i64(&params, (int64_t)sweep_observed(report));
    params_i64(&params, (int64_t)report->by_outcome[OUTCOME_OPEN]);
    params_i64(&params, (int64_t)report->tee_times);
    params_i64(&params, (int64_t)report->requests);
    params_i64(&params, (int64_t)report->retries);
    params_i64(&params, (int64_t)report->wire_bytes);
    params_i64(&params, (int64_t)report->batches);
    params_i64(&params, (int64_t)report->batches_failed);
    params_i64(&params, (int64_t)report->rss_peak_bytes);
    params_i64(&params, (int64_t)report->memory_limit_bytes);
    params_str(&params, buf_view(&by_outcome));
    params_str(&params, buf_view(&worst));
    uint64_t changed = 0;
    ts_err err = store_run(store, STORE_RUN_FINISH, params.values, params.count, NULL, NULL,
                           &changed, reterr);
    *ret_had_end = changed == 0;
    return err;
}

static bool on_run(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct list *list = ctx;
    struct run_row row = {
        .id = column_i64(columns[0], 0),
        .started_at = column_i64(columns[1], 0),
        .finished_at = column_i64(columns[2], 0),
        .host = columns[3],
        .scope = columns[4],
        .options = columns[5],
        .verdict = columns[6],
        .planned = column_i64(columns[7], 0),
        .observed = column_i64(columns[8], 0),
        .open = column_i64(columns[9], 0),
        .tee_times = column_i64(columns[10], 0),
        .requests = column_i64(columns[11], 0),
        .retries = column_i64(columns[12], 0),
        .bytes = column_i64(columns[13], 0),
        .batches = column_i64(columns[14], 0),
        .failed_batches = column_i64(columns[15], 0),
        .peak_rss_bytes = column_i64(columns[16], 0),
        .memory_limit_bytes = column_i64(columns[17], 0),
        .by_outcome = columns[18],
        .worst = columns[19],
    };
    return list->on_row(list->ctx, &row);
}

ts_err run_list(struct store *store, uint32_t limit, run_row_fn *on_row, void *ctx,
                struct error *reterr)
{
    struct list list = { on_row, ctx };
    struct params params;
    params_start(&params);
    params_i64(&params, limit);
    return store_run(store, STORE_RUN_LIST, params.values, params.count, on_run, &list, NULL,
                     reterr);
}
