/*
 * outcome.h: what a look at a tee sheet gave, in two families.
 *
 * Observed outcomes are facts about the tee sheet and may change stored tee times. Unknown ones
 * say that we could not look; they never do.
 */
#ifndef TS_DOMAIN_OUTCOME_H
#define TS_DOMAIN_OUTCOME_H

#include <stdbool.h>

#include "base/str.h"

enum outcome_family { OUTCOME_PENDING, OUTCOME_OBSERVED, OUTCOME_UNKNOWN };

enum outcome {
#define OUTCOME(NAME, name, family) OUTCOME_##NAME,
#include "domain/outcome.def"
#undef OUTCOME
    OUTCOME_COUNT
};

const char *outcome_name(enum outcome outcome);
bool outcome_is_observed(enum outcome outcome);
bool outcome_is_unknown(enum outcome outcome);
TS_MUST_USE bool outcome_parse(struct str name, enum outcome *ret_outcome);

#endif
