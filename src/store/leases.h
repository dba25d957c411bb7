/*
 * leases.h: who runs what: rows with an expiry, so that they work through transaction poolers
 * and an abandoned one frees itself.
 */
#ifndef TS_STORE_LEASES_H
#define TS_STORE_LEASES_H

#include "store/store.h"

struct lease {
    const char *name;   /* "sweep:all" */
    const char *holder; /* "host:pid:start", unique to one process */
    int64_t ttl_s;      /* seconds until it expires unless renewed, by the store's clock */
};

struct lease_state {
    bool ours;
    char holder[128]; /* who has it: for people */
};

/* Takes the lease if it is free, expired or ours. */
TS_MUST_USE ts_err lease_take(struct store *store, const struct lease *lease,
                              struct lease_state *ret_state, struct error *reterr);

/* Extends it; *ret_ours false: it expired and another has taken it. */
TS_MUST_USE ts_err lease_renew(struct store *store, const struct lease *lease, bool *ret_ours,
                               struct error *reterr);

/* Gives it back if it is ours. */
TS_MUST_USE ts_err lease_release(struct store *store, const struct lease *lease,
                                 struct error *reterr);

#endif
