/*
 * search_why.h: why a search found nothing: what the ledger says of the tee sheets that it
 * covers. Private to cmd/.
 */
#ifndef TS_CMD_SEARCH_WHY_H
#define TS_CMD_SEARCH_WHY_H

#include "cmd/search_query.h"

/* Writes one or two lines. `open_without`: tee times that the same search would find without
 * its filters beyond dates and courses. */
TS_MUST_USE ts_err search_why_put(struct store *store, const struct search_query *query,
                                  uint64_t open_without, struct buf *out, struct error *reterr);

#endif
