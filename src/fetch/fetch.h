/*
 * fetch.h: carries requests over HTTP, many at once; the only user of libcurl.
 *
 * Knows nothing of golf, pace or retries: who submits has checked all that. A transfer belongs
 * to fetch from fetch_submit to its callback; the reply body lies in the caller's buffer, whose
 * size is the request's cap: a longer reply ends as HTTP_END_TOO_LARGE, before or after
 * decompression. TLS is verified. Loop thread only.
 */
#ifndef TS_FETCH_FETCH_H
#define TS_FETCH_FETCH_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/loop.h"
#include "domain/http.h"

struct fetch;

/* What the loop must be able to watch per transfer: two addresses tried at once, a resolver's
 * pipe, and one to spare. */
#define FETCH_FDS_PER_TRANSFER 4

struct fetch_config {
    struct loop *loop;          /* must outlive fetch */
    uint32_t transfers_max;     /* slots, one easy handle each, made at the start */
    int64_t timeout_us;         /* whole transfer */
    int64_t idle_timeout_us;    /* no byte for this long, once connected */
    int64_t connect_timeout_us; /* name, connection and TLS handshake */
    const char *user_agent;
};

/* Process-wide set-up of libcurl with counted memory; once, before threads. Ignores SIGPIPE. */
TS_MUST_USE ts_err fetch_global_init(struct error *reterr);
void fetch_global_done(void);
uint64_t fetch_library_bytes(void); /* libcurl's live heap bytes */

/* `config` is copied. The certificates trusted are those of SSL_CERT_FILE, else the system's.
 * TS_ERR_CONFIG: SSL_CERT_FILE cannot be read; TS_ERR_NOMEM. */
TS_MUST_USE ts_err fetch_new(const struct fetch_config *config, struct fetch **ret_fetch,
                             struct error *reterr);
/* Accepts NULL. Cancels without callbacks; not inside one. */
void fetch_free(struct fetch *fetch);

/* Called once per submitted transfer, from loop_turn, never from fetch_submit. `reply` is valid
 * until it returns; a new transfer may be submitted inside. */
typedef void fetch_done_fn(void *ctx, const struct http_reply *reply);

/* Starts a transfer. `request` is copied as far as needed before return (body too); `url`
 * overrides request->url if not NULL (engine-url). `storage` of request->reply_cap_bytes is the
 * caller's and stays in use until the callback. *ret_id names it for fetch_cancel. TS_ERR_FULL:
 * no free slot; TS_ERR_CONFIG: a line break in a header; TS_ERR_NOMEM: libcurl's heap. */
TS_MUST_USE ts_err fetch_submit(struct fetch *fetch, const struct http_request *request,
                                const char *url, char *storage, fetch_done_fn *fn, void *ctx,
                                uint64_t *ret_id);

/* Ends a transfer soon: its callback comes with HTTP_END_CANCELLED. Unknown ids are ignored. */
void fetch_cancel(struct fetch *fetch, uint64_t id);

uint32_t fetch_in_flight(const struct fetch *fetch);

/* Rewrites `url` to another origin: scheme, host, port and a leading path come from
 * `origin` ("http://127.0.0.1:8080/{host}"), in which {host} stands for url's own host (without
 * its port); url's path and query follow. TS_ERR_FULL if it does not fit; TS_ERR_CONFIG if
 * either is not http(s). */
TS_MUST_USE ts_err fetch_rewrite_origin(const char *url, const char *origin,
                                        struct buf *ret_url);

/* Whether an origin text is usable for fetch_rewrite_origin: http or https, a host, {host} as
 * the only placeholder, neither query, fragment nor user name. TS_ERR_CONFIG with what is
 * wrong. */
TS_MUST_USE ts_err fetch_check_origin(const char *origin, struct error *reterr);

#endif
