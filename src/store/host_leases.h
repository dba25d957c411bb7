/*
 * host_leases.h: which collector may ask which hosts: leases (leases.h) of many hosts at once,
 * a statement each, timed by the database's clock alone.
 *
 * A lease that is "stopped" is nobody's until it expires: its host refused one collector, and
 * must not be asked by another one from elsewhere.
 */
#ifndef TS_STORE_HOST_LEASES_H
#define TS_STORE_HOST_LEASES_H

#include "store/store.h"

struct host_leases {
    struct str names;   /* JSON array of texts */
    const char *holder; /* unique to one process */
    int64_t ttl_s;
};

/* The database of this URL is one that several machines can share. */
bool host_leases_reach_machines(struct str url);

/* `name` is a view; `stopped`: it is not ours, nor anybody's. */
typedef void host_lease_fn(void *ctx, struct str name, bool stopped);

/* Takes at most `most` of those that are free, expired or ours, in the order of `names`; calls
 * on_lease for each one taken and each stopped one. */
TS_MUST_USE ts_err host_leases_take(struct store *store, const struct host_leases *leases,
                                    uint32_t most, host_lease_fn *on_lease, void *ctx,
                                    struct error *reterr);

/* Renews those that are still ours; calls on_lease for each. */
TS_MUST_USE ts_err host_leases_renew(struct store *store, const struct host_leases *leases,
                                     host_lease_fn *on_lease, void *ctx, struct error *reterr);

/* Gives back those that are ours; stop: they become "stopped" for ttl_s. */
TS_MUST_USE ts_err host_leases_release(struct store *store, const struct host_leases *leases,
                                       struct error *reterr);
TS_MUST_USE ts_err host_leases_stop(struct store *store, const struct host_leases *leases,
                                    struct error *reterr);

#endif
