/*
 * redact.h: a body without what must not be kept: values of keys that hold credentials
 * (`access_token`, `apiKey`…) or persons (`playerNames`, `email`, `golfers`…), and all below
 * them.
 *
 * Letters and digits of their texts become 'x', digits of numbers of 3 and more digits become
 * '1' (shorter ones are counts): the length and the structure stay, so that a parser still
 * reads the copy. Keys are compared without case, '_' and '-'. Written piece by piece, nothing
 * is allocated. A body that is not JSON goes as it is; one that breaks off within such a value
 * is blanked from there.
 */
#ifndef TS_BASE_REDACT_H
#define TS_BASE_REDACT_H

#include "base/buf.h"

/* Takes the next piece of the copy. */
typedef void redact_sink_fn(void *ctx, struct str piece);

void redact_body(struct str body, redact_sink_fn *sink, void *ctx);

/* Whether a value under this key (or header, or query parameter) is not to be kept. */
bool redact_key(struct str key);

/* The URL with the values of such parameters as "x". */
void redact_put_url(struct buf *out, const char *url);

#endif
