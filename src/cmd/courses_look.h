/*
 * courses_look.h: what was seen of added courses on one weekday and one day of a weekend, a
 * line each. Private to cmd/.
 */
#ifndef TS_CMD_COURSES_LOOK_H
#define TS_CMD_COURSES_LOOK_H

#include <stdio.h>

#include "host/resolve.h"

/* Looks and writes. A refusal is one of the lines, and the last one. */
void courses_look(struct resolver *resolver, const struct catalogue *catalogue, FILE *notes);

#endif
