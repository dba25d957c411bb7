/* outcome.c: the table of outcomes. */
#include "domain/outcome.h"

static const struct {
    const char *name;
    enum outcome_family family;
} table[OUTCOME_COUNT] = {
#define OUTCOME(NAME, name, family) { name, OUTCOME_##family },
#include "domain/outcome.def"
#undef OUTCOME
};

const char *outcome_name(enum outcome outcome)
{
    return table[outcome].name;
}

bool outcome_is_observed(enum outcome outcome)
{
    return table[outcome].family == OUTCOME_OBSERVED;
}

bool outcome_is_unknown(enum outcome outcome)
{
    return table[outcome].family == OUTCOME_UNKNOWN;
}

bool outcome_parse(struct str name, enum outcome *ret_outcome)
{
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (str_equal(name, str_of(table[i].name))) {
            *ret_outcome = (enum outcome)i;
            return true;
        }
    }
    return false;
}
