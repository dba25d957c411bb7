/*
 * server_reply.h: internal to the server: reply bodies, and how they leave, whole or not.
 */
#ifndef SIM_SERVER_REPLY_H
#define SIM_SERVER_REPLY_H

#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define BODY_CAP (384 * 1024)

struct body_pool;

/* A reply's storage, used again after the reply has left. */
struct body {
    struct body *next;
    struct body_pool *pool;
    size_t len;
    char bytes[BODY_CAP];
};

TS_MUST_USE ts_err body_pool_new(struct body_pool **ret_pool, struct error *reterr);
void body_pool_free(struct body_pool *pool); /* all bodies are back; accepts NULL */

/* NULL: no memory. Any thread. */
struct body *body_take(struct body_pool *pool);
void body_release(void *body);

/* The body compressed, in place of the one given; the same body if that did not work. */
struct body *body_gzip(struct body *body, bool *ret_compressed);

/* Responses; each takes over the body. NULL: no memory. */
struct MHD_Response *response_whole(struct body *body);
struct MHD_Response *response_truncated(struct body *body);

/* In small pieces; `pause` is called before each and has suspended the connection when it
 * returns. */
typedef void pause_fn(void *ctx);
struct MHD_Response *response_dripping(struct body *body, pause_fn *pause, void *ctx);

/* A JSON array of `bytes` bytes (INT64_MAX: endless), compressed if wanted. */
struct MHD_Response *response_stream(int64_t bytes, bool gzip);

#endif
