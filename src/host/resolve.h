/*
 * resolve.h: a booking link looked into: the few public look-ups that its engine offers, and
 * one tee sheet or two as a sweep would see them.
 *
 * At most RESOLVE_REQUESTS_MAX look-ups with the engine's gap between all requests, none ever
 * repeated; after a refusal (403, 429, a challenge, 5xx, no answer) nothing more is asked.
 * Knows no store and no output.
 */
#ifndef TS_HOST_RESOLVE_H
#define TS_HOST_RESOLVE_H

#include "catalogue/catalogue.h"
#include "engine/resolve.h"

struct resolver;

struct resolver_config {
    uint32_t engine;            /* in engines[] */
    struct str attributes_json; /* what the link tells */
    const char *origin;         /* --engine-url; NULL: the real hosts */
    const char *key;            /* of the environment; may be NULL */
    const char *user_agent;
};

/* `config` is copied; its texts must outlive the resolver. TS_ERR_CONFIG: the engine needs a
 * key; TS_ERR_NOMEM; what the network's parts say. */
TS_MUST_USE ts_err resolver_new(const struct resolver_config *config,
                                struct resolver **ret_resolver, struct error *reterr);
void resolver_free(struct resolver *resolver); /* accepts NULL */

/* The courses of the link's club, one at least; *ret_resolution is the resolver's. TS_ERR_IO:
 * nothing was learnt, and why; TS_ERR_NOT_FOUND: the link does not say what to ask about. */
TS_MUST_USE ts_err resolver_ask(struct resolver *resolver,
                                const struct resolution **ret_resolution, struct error *reterr);

/* The nearest weekday (or day of a weekend) after today that can be booked now, else today.
 * False: the course's window has none. */
bool resolver_date(const struct catalogue *catalogue, uint32_t course, bool is_weekend,
                   int32_t *ret_date);

/* How many of the catalogue's first courses one conversation can look at with no more requests
 * than the first one takes. */
uint32_t resolver_reach(const struct catalogue *catalogue);

/* Looks at one date of the catalogue's first `count` courses. The tee sheets, one for each, are
 * valid until the next call. NULL: the host refused before, nothing was asked. */
const struct tee_sheet *resolver_look(struct resolver *resolver,
                                      const struct catalogue *catalogue, uint32_t count,
                                      int32_t date);

#endif
