/* hosts.c: one row per host. */
#include "store/hosts.h"

#include "store/params.h"

struct reading {
    host_pace_fn *on_host;
    void *ctx;
};

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct reading *reading = ctx;
    struct host_pace pace = { .host = columns[0],
                              .gap_ms = column_i64(columns[1], 0),
                              .parallel = (uint32_t)column_i64(columns[2], 0),
                              .hold_s = column_i64(columns[3], 0) };
    return reading->on_host(reading->ctx, &pace);
}

ts_err hosts_list(struct store *store, host_pace_fn *on_host, void *ctx, struct error *reterr)
{
    struct reading reading = { on_host, ctx };
    return store_run(store, STORE_HOST_LIST, NULL, 0, on_columns, &reading, NULL, reterr);
}

ts_err hosts_put(struct store *store, const struct host_pace *pace, int64_t learnt_at,
                 struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_str(&params, pace->host);
    params_i64(&params, pace->gap_ms);
    params_i64(&params, pace->parallel);
    params_i64(&params, learnt_at);
    params_i64(&params, pace->hold_s);
    return store_run(store, STORE_HOST_PUT, params.values, params.count, NULL, NULL, NULL,
                     reterr);
}
