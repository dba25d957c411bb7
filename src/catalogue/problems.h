/*
 * problems.h: what is wrong with one row, until it is decided whether the row counts.
 *
 * Private to catalogue/. A plain value; texts are copied, with control characters made visible.
 */
#ifndef TS_CATALOGUE_PROBLEMS_H
#define TS_CATALOGUE_PROBLEMS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

#define PROBLEMS_PER_ROW_MAX 16

struct problem {
    char column[48];
    char reason[256];
};

struct problems {
    uint32_t count; /* of items; further ones are dropped: the row is faulty anyway */
    struct problem items[PROBLEMS_PER_ROW_MAX];
};

void problems_add(struct problems *problems, const char *column, const char *format, ...)
    TS_PRINTF(3, 4);

/* The first bytes of a value, enough to recognise it in a reason. */
struct str problem_shown(struct str value);

#endif
