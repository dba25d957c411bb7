/*
 * hosts.h: the pace that sweeps learnt of each host, and until when it asked to be left alone;
 * the next one starts with it.
 */
#ifndef TS_STORE_HOSTS_H
#define TS_STORE_HOSTS_H

#include "store/store.h"

/* `host` is a view, valid during the callback. */
struct host_pace {
    struct str host;
    int64_t gap_ms;
    uint32_t parallel;
    int64_t hold_s; /* from now, by the database's clock; 0: none */
};

typedef bool host_pace_fn(void *ctx, const struct host_pace *pace);

TS_MUST_USE ts_err hosts_list(struct store *store, host_pace_fn *on_host, void *ctx,
                              struct error *reterr);

/* learnt_at in Unix seconds: what was learnt later stays; a hold that ends later stays too. */
TS_MUST_USE ts_err hosts_put(struct store *store, const struct host_pace *pace,
                             int64_t learnt_at, struct error *reterr);

#endif
