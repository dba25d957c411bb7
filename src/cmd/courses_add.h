/*
 * courses_add.h: a catalogue row from a booking link. Private to cmd/courses.c.
 */
#ifndef TS_CMD_COURSES_ADD_H
#define TS_CMD_COURSES_ADD_H

#include <stdio.h>

#include "store/store.h"

struct courses_add {
    const char *url;
    const char *name, *timezone, *country; /* what no link tells; NULL: unknown */
    struct store *store;                   /* NULL: the row is only written */
};

/* Writes the row of the link to `out` as CSV with a header, or puts it into the store, where
 * the other courses stay as they are. What the row could do without goes to `notes`, a line
 * each. TS_ERR_CATALOGUE: the link is of no known engine, lacks what the engine needs, or the
 * row cannot be stored; TS_ERR_EXISTS: the store has the course. */
TS_MUST_USE ts_err courses_add(const struct courses_add *add, FILE *out, FILE *notes,
                               struct error *reterr);

#endif
