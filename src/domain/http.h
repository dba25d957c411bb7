/*
 * http.h: a request and its reply as data, shared by engines (who write and read them) and
 * fetch (who carries them).
 */
#ifndef TS_DOMAIN_HTTP_H
#define TS_DOMAIN_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define HTTP_REQUEST_HEADERS_MAX 12

struct http_request {
    const char *method; /* "GET" or "POST" */
    const char *url;    /* absolute, original host; in the scratch it was written to */
    const char *headers[HTTP_REQUEST_HEADERS_MAX]; /* "Name: value", in the scratch or static */
    uint32_t headers_count;
    struct str body;          /* for POST */
    uint32_t reply_cap_bytes; /* the longest reply, after decompression, that makes sense */
    uint8_t stage; /* the engine's name for what it asks; parse finds it in its task */
    /* Asked with the submitter's ctx when the connection stands and the request is about to go
     * out; false: it does not, and ends as HTTP_END_CANCELLED. NULL: it goes. */
    bool (*may_send)(void *ctx);
};

/* How a transfer ended. */
enum http_end {
    HTTP_END_REPLY,     /* a whole reply */
    HTTP_END_TRUNCATED, /* headers came, the body ended early or broke */
    HTTP_END_TOO_LARGE, /* longer than the cap, before or after decompression */
    HTTP_END_TIMEOUT,   /* total or idle limit */
    HTTP_END_CONNECT,   /* no connection: DNS, refused, reset before the reply */
    HTTP_END_TLS,       /* certificate or handshake */
    HTTP_END_CANCELLED, /* by us */
};

struct http_reply {
    enum http_end end;
    uint16_t status; /* 0 unless headers came */
    struct str body; /* decompressed; borrowed until the callback returns */
    char content_type[64];
    char cf_mitigated[32];
    char total[16];         /* header `total` (Chronogolf V2) */
    int64_t retry_after_us; /* -1: none; dates already taken relative to the reply's Date */
    int64_t received_at;    /* Unix seconds */
    uint64_t wire_bytes;    /* body bytes as received */
    int64_t duration_us;
    const char *detail; /* for ends other than REPLY: libcurl's words, borrowed like body */
};

#endif
