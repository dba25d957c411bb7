/* none.c: the store that discards: for measuring everything but a database. */
#include <stdio.h>

#include "base/mem.h"
#include "store/store.h"

static ts_err none_open(const struct store_config *config, struct store **ret_store,
                        struct error *reterr)
{
    (void)config;
    struct store *store = mem_alloc(1, sizeof(*store));
    if (!store)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    store->ops = &store_none;
    (void)snprintf(store->name, sizeof(store->name), "none (discarded)");
    *ret_store = store;
    return TS_ERR_OK;
}

static ts_err none_nothing(struct store *store, struct error *reterr)
{
    (void)store;
    (void)reterr;
    return TS_ERR_OK;
}

static ts_err none_upsert(struct store *store, const struct batch *batch, int64_t run_id,
                          struct store_receipt *ret_receipt, struct error *reterr)
{
    (void)store;
    (void)run_id;
    (void)reterr;
    *ret_receipt =
        (struct store_receipt){ .tee_sheets = batch->sheets_count, .held = ret_receipt->held };
    return TS_ERR_OK;
}

/* Nothing is shared here, so every lease is ours; all else has no rows. */
static ts_err none_run(struct store *store, enum store_statement statement,
                       const struct str *params, unsigned params_count, store_row_fn *on_row,
                       void *ctx, uint64_t *ret_changed, struct error *reterr)
{
    (void)store;
    (void)params_count;
    (void)reterr;
    if (statement == STORE_LEASE_TAKE && on_row)
        (void)on_row(ctx, &params[1], 1);
    if (ret_changed)
        *ret_changed = statement == STORE_LEASE_RENEW ? 1 : 0;
    return TS_ERR_OK;
}

static void none_rollback(struct store *store)
{
    (void)store;
}

static void none_close(struct store *store)
{
    mem_free(store);
}

const struct store_ops store_none = {
    .open = none_open,
    .migrate = none_nothing,
    .upsert = none_upsert,
    .run = none_run,
    .begin = none_nothing,
    .commit = none_nothing,
    .rollback = none_rollback,
    .reconnect = none_nothing,
    .close = none_close,
};
