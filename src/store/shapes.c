/* shapes.c: one row per engine, kind of request and shape. */
#include "store/shapes.h"

#include "store/params.h"

struct reading {
    shape_row_fn *on_shape;
    void *ctx;
};

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct reading *reading = ctx;
    const struct shape_row row = { .engine = columns[0],
                                   .kind = columns[1],
                                   .fingerprint = (uint64_t)column_i64(columns[2], 0),
                                   .first_seen = column_i64(columns[3], 0),
                                   .paths = columns[4] };
    return reading->on_shape(reading->ctx, &row);
}

ts_err shapes_list(struct store *store, shape_row_fn *on_shape, void *ctx, struct error *reterr)
{
    struct reading reading = { on_shape, ctx };
    return store_run(store, STORE_SHAPE_LIST, NULL, 0, on_columns, &reading, NULL, reterr);
}

ts_err shapes_put(struct store *store, const struct shape_row *row, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_str(&params, row->engine);
    params_str(&params, row->kind);
    params_i64(&params, (int64_t)row->fingerprint); /* databases have no unsigned numbers */
    params_i64(&params, row->first_seen);
    params_str(&params, row->paths);
    return store_run(store, STORE_SHAPE_PUT, params.values, params.count, NULL, NULL, NULL,
                     reterr);
}
