/*
 * courses_add.h: catalogue rows from a booking link. Private to cmd/courses.c.
 */
#ifndef TS_CMD_COURSES_ADD_H
#define TS_CMD_COURSES_ADD_H

#include <stdio.h>

#include "cmd/asking.h"
#include "store/store.h"

struct courses_add {
    const char *url;
    const char *name, *timezone, *country; /* what no link tells; NULL: unknown */
    struct store *store;                   /* NULL: the rows are only written */
    const struct asking *resolve;          /* NULL: no host is asked */
};

/* Writes the row of the link to `out` as CSV with a header, or puts it into the store, where
 * the other courses stay as they are. With `resolve` the engine's look-ups tell what the link
 * lacks, and the club's other courses get rows too. What a row could do without, and what was
 * seen of two dates, goes to `notes`, a line each. TS_ERR_CATALOGUE: the link is of no known
 * engine, lacks what the engine needs, or a row cannot be stored; TS_ERR_EXISTS: the store has
 * them; TS_ERR_IO, TS_ERR_CONFIG: the engine could not be asked. */
TS_MUST_USE ts_err courses_add(const struct courses_add *add, FILE *out, FILE *notes,
                               struct error *reterr);

#endif
