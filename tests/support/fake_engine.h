/*
 * fake_engine.h: a scripted HTTP server on 127.0.0.1, for tests of whoever talks HTTP.
 *
 * A script is a list of steps. A request is answered by the first step whose path is a prefix
 * of its target and which is not used up (`times`); if there is none, by an empty 404. All else
 * of a step is zero by default, which means a plain, whole, immediate 200 with Content-Length
 * on a connection that stays open:
 *
 *     const struct fake_step steps[] = {
 *         { .path = "/slow", .delay_ms = 500, .body = "[]" },
 *         { .times = 1, .status = 429, .headers = "Retry-After: 2\r\n" },
 *         { .body = "[]", .headers = "Content-Type: application/json\r\n" },
 *     };
 *     struct fake_engine *engine = fake_engine_new(steps, TS_COUNT_OF(steps), FAKE_HTTP);
 *     … "http://127.0.0.1:<fake_engine_port(engine)>/…" …
 *     assert_int_equal(fake_engine_requests(engine), 2);
 *     fake_engine_free(engine);
 *
 * It runs in threads of the calling process (one per connection), binds port 0, ignores
 * SIGPIPE, and ends the test with a message if it cannot start. Steps and what they point to
 * must outlive the engine or the next fake_engine_script. Any thread may call the functions.
 */
#ifndef TS_TESTS_FAKE_ENGINE_H
#define TS_TESTS_FAKE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_engine;

enum fake_kind {
    FAKE_REPLY,  /* HTTP */
    FAKE_RAW,    /* `body` as it is, in place of a reply: garbage, broken chunks; then closes */
    FAKE_SILENT, /* no byte, until the client leaves */
    FAKE_ENDLESS_HEADERS, /* a status line and then header lines, until the client leaves */
};

enum fake_encoding { FAKE_IDENTITY, FAKE_GZIP, FAKE_DEFLATE };

enum fake_framing {
    FAKE_LENGTH,       /* Content-Length */
    FAKE_CHUNKED,      /* one chunk per piece */
    FAKE_UNTIL_CLOSED, /* neither; the end of the connection ends the body */
};

enum fake_after { FAKE_KEEP, FAKE_CLOSE, FAKE_RESET };

#define FAKE_ENDLESS UINT64_MAX

struct fake_step {
    const char *path; /* prefix of the target; NULL: any */
    uint32_t times;   /* answers so often; 0: for ever */
    enum fake_kind kind;
    uint16_t status;     /* 0: 200 */
    const char *headers; /* lines, each with "\r\n", or NULL */
    const char *body;    /* or NULL: empty */
    size_t body_len;     /* 0: strlen(body) */
    uint64_t repeat; /* the body this many times over; 0: once; FAKE_ENDLESS (not encoded) */
    enum fake_encoding encoding; /* with its header; applied to the repeated body: a bomb */
    enum fake_framing framing;
    int64_t length_lie;    /* added to Content-Length */
    uint64_t cut_after;    /* body bytes on the wire after which `after` happens; 0: all */
    uint32_t delay_ms;     /* before the first byte of the reply */
    uint32_t drip_bytes;   /* the body in pieces of so many bytes, … */
    uint32_t drip_ms;      /* … with so much time between them */
    enum fake_after after; /* FAKE_UNTIL_CLOSED and cut_after close at least */
};

/* What was received; texts are cut to their fields. */
struct fake_request {
    char method[8];
    char target[512];
    char headers[2048]; /* all lines */
    char body[1024];
    size_t body_len;     /* whole */
    uint32_t connection; /* ordinal of the connection, from 0 */
    int64_t at_us;       /* monotonic */
};

#define FAKE_REQUESTS_KEPT 1024 /* the first ones; all are counted */

enum fake_protocol { FAKE_HTTP, FAKE_HTTPS };

/* FAKE_HTTPS: with a certificate of its own for 127.0.0.1 and localhost, made now. */
struct fake_engine *fake_engine_new(const struct fake_step *steps, size_t count,
                                    enum fake_protocol protocol);
void fake_engine_free(struct fake_engine *engine); /* accepts NULL; closes all connections */

/* From the next request on. `times` start anew. */
void fake_engine_script(struct fake_engine *engine, const struct fake_step *steps,
                        size_t count);

uint16_t fake_engine_port(const struct fake_engine *engine);

/* The PEM file with the certificate (FAKE_HTTPS), for SSL_CERT_FILE; removed by _free. */
const char *fake_engine_ca_file(const struct fake_engine *engine);

uint32_t fake_engine_requests(struct fake_engine *engine);
uint32_t fake_engine_connections(struct fake_engine *engine);      /* ever accepted */
uint32_t fake_engine_connections_open(struct fake_engine *engine); /* now */
uint32_t fake_engine_connections_peak(struct fake_engine *engine); /* open at once */

/* A copy of the request number `index` (< FAKE_REQUESTS_KEPT, < fake_engine_requests). */
void fake_engine_request(struct fake_engine *engine, uint32_t index,
                         struct fake_request *ret_request);

#endif
