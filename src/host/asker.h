/*
 * asker.h: one host asked a few things, one after the other, with the engine's gap between
 * them; waits for each reply. For commands that look something up, not for sweeps.
 *
 * Owns its loop, its transfer and one reply body, all bought in asker_new. Nothing is ever
 * asked again by itself.
 */
#ifndef TS_HOST_ASKER_H
#define TS_HOST_ASKER_H

#include "domain/http.h"
#include "engine/engine.h"

struct asker;

struct asker_config {
    const struct engine *engine; /* whose gap is kept */
    const char *origin;          /* instead of the real hosts; NULL: those */
    const char *user_agent;
    uint32_t reply_cap_bytes; /* the longest reply of all requests to come */
};

/* `config` is copied; its texts must outlive the asker. */
TS_MUST_USE ts_err asker_new(const struct asker_config *config, struct asker **ret_asker,
                             struct error *reterr);
void asker_free(struct asker *asker); /* accepts NULL */

/* Sends the request when the gap has passed, and waits. The reply, also of a transfer that
 * failed, is valid until the next call. */
const struct http_reply *asker_ask(struct asker *asker, const struct http_request *request);

#endif
