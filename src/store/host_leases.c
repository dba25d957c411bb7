/* host_leases.c: leases of many hosts, one statement for all. */
#include "store/host_leases.h"

#include "store/params.h"

#define STOPPED_HOLDER "stopped" /* as the SQL has it */

struct telling {
    host_lease_fn *on_lease;
    void *ctx;
};

bool host_leases_reach_machines(struct str url)
{
    return str_has_prefix(url, STR("postgres"));
}

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    const struct telling *telling = ctx;
    telling->on_lease(telling->ctx, columns[0],
                      count > 1 && str_equal(columns[1], STR(STOPPED_HOLDER)));
    return true;
}

static struct params *set_params(struct params *params, const struct host_leases *leases)
{
    params_start(params);
    params_str(params, leases->names);
    params_str(params, str_of(leases->holder));
    return params;
}

static ts_err run(struct store *store, enum store_statement statement,
                  const struct params *params, struct telling *telling, struct error *reterr)
{
    return store_run(store, statement, params->values, params->count,
                     telling ? on_columns : NULL, telling, NULL, reterr);
}

ts_err host_leases_take(struct store *store, const struct host_leases *leases, uint32_t most,
                        host_lease_fn *on_lease, void *ctx, struct error *reterr)
{
    struct telling telling = { on_lease, ctx };
    struct params params;
    params_i64(set_params(&params, leases), leases->ttl_s);
    params_i64(&params, most);
    return run(store, STORE_HOST_LEASES_TAKE, &params, &telling, reterr);
}

ts_err host_leases_renew(struct store *store, const struct host_leases *leases,
                         host_lease_fn *on_lease, void *ctx, struct error *reterr)
{
    struct telling telling = { on_lease, ctx };
    struct params params;
    params_i64(set_params(&params, leases), leases->ttl_s);
    return run(store, STORE_HOST_LEASES_RENEW, &params, &telling, reterr);
}

ts_err host_leases_release(struct store *store, const struct host_leases *leases,
                           struct error *reterr)
{
    struct params params;
    return run(store, STORE_HOST_LEASES_RELEASE, set_params(&params, leases), NULL, reterr);
}

ts_err host_leases_stop(struct store *store, const struct host_leases *leases,
                        struct error *reterr)
{
    struct params params;
    params_i64(set_params(&params, leases), leases->ttl_s);
    return run(store, STORE_HOST_LEASES_STOP, &params, NULL, reterr);
}
