/* leases.c: rows with an expiry: one process per name. */
#include "store/leases.h"

#include "store/params.h"

static bool on_holder(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    buf_put(ctx, columns[0]);
    return true;
}

ts_err lease_take(struct store *store, const struct lease *lease, struct lease_state *ret_state,
                  struct error *reterr)
{
    struct lease_state state;
    struct buf holder = buf_over(state.holder, sizeof(state.holder));
    struct params params;
    params_start(&params);
    params_str(&params, str_of(lease->name));
    params_str(&params, str_of(lease->holder));
    params_i64(&params, lease->ttl_s);
    ts_err err = store_run(store, STORE_LEASE_TAKE, params.values, params.count, on_holder,
                           &holder, NULL, reterr);
    if (err)
        return err;
    state.ours = !holder.overflow && str_equal(buf_view(&holder), str_of(lease->holder));
    *ret_state = state;
    return TS_ERR_OK;
}

ts_err lease_renew(struct store *store, const struct lease *lease, bool *ret_ours,
                   struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_str(&params, str_of(lease->name));
    params_str(&params, str_of(lease->holder));
    params_i64(&params, lease->ttl_s);
    uint64_t changed = 0;
    ts_err err = store_run(store, STORE_LEASE_RENEW, params.values, params.count, NULL, NULL,
                           &changed, reterr);
    if (!err)
        *ret_ours = changed > 0;
    return err;
}

ts_err lease_release(struct store *store, const struct lease *lease, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_str(&params, str_of(lease->name));
    params_str(&params, str_of(lease->holder));
    return store_run(store, STORE_LEASE_RELEASE, params.values, params.count, NULL, NULL, NULL,
                     reterr);
}
