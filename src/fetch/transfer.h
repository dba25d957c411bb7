/*
 * transfer.h: one slot of fetch: an easy handle made once, and the request that it carries now.
 * Private to fetch/.
 *
 *     FREE ─submit─▶ RUNNING ─ended, idle, cancelled─▶ RETIRED ─callback─▶ FREE
 *
 * The state is set by fetch.c alone (set_state). This file's functions know the easy handle and
 * the reply, not the multi handle and the loop's descriptors. Loop thread only.
 */
#ifndef TS_FETCH_TRANSFER_H
#define TS_FETCH_TRANSFER_H

#include "fetch/fetch.h"
#include "fetch/reply_headers.h"

enum transfer_state { TRANSFER_FREE, TRANSFER_RUNNING, TRANSFER_RETIRED };

/* libcurl's CURL_ERROR_SIZE; its header stays out of this one. */
#define TRANSFER_ERROR_BYTES 256

struct curl_slist;

/* Why we ended it ourselves. */
enum transfer_stop { STOP_NONE, STOP_TOO_LARGE, STOP_ENCODING, STOP_IDLE, STOP_CANCELLED };

struct transfer {
    struct fetch *fetch;
    enum transfer_state state;
    uint32_t generation;   /* of the id; grows each time the slot becomes free */
    struct transfer *next; /* in the list of its state */
    void *easy;            /* libcurl's CURL handle, owned */
    unsigned timeout_ms;

    /* the request that it carries */
    fetch_done_fn *fn;
    bool (*may_send)(void *ctx); /* see http_request */
    void *ctx;
    struct curl_slist *request_headers; /* owned, until transfer_finish */
    struct loop_timer idle_timer;
    int64_t started_us;

    /* what came so far */
    char *storage; /* the submitter's, cap bytes */
    size_t cap;
    size_t body_len;
    uint64_t wire_bytes; /* body, before decompression */
    size_t head_bytes;   /* status and header lines, interim replies included */
    bool is_connected;   /* the request could be sent */
    int64_t last_byte_us;
    struct reply_headers headers;
    enum transfer_stop stop;
    int result; /* libcurl's verdict (CURLcode) once it is RETIRED, if stop is STOP_NONE */
    char error_text[TRANSFER_ERROR_BYTES];
};

/* Makes the easy handle with all options that never change. TS_ERR_NOMEM. transfer_done accepts
 * a half-built one. */
TS_MUST_USE ts_err transfer_init(struct transfer *transfer, const struct fetch_config *config,
                                 const char *ca_file);
void transfer_done(struct transfer *transfer);

/* Makes the handle carry `request` to `url`. TS_ERR_CONFIG: a header with a line break in it;
 * TS_ERR_NOMEM: libcurl's heap. After a failure transfer_clear is due. */
TS_MUST_USE ts_err transfer_prepare(struct transfer *transfer,
                                    const struct http_request *request, const char *url,
                                    char *storage);

/* Drops what libcurl holds of the request (body, headers). */
void transfer_clear(struct transfer *transfer);

/* The reply of a transfer that has ended; `detail` borrows the transfer's error text. */
void transfer_reply(struct transfer *transfer, struct http_reply *ret_reply);

#endif
