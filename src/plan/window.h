/*
 * window.h: which dates of a course can be booked at an instant.
 *
 * A date D opens (D - window days) at the course's opening minute, in the course's zone. Dates
 * are calendar days of that zone. Pure functions.
 */
#ifndef TS_PLAN_WINDOW_H
#define TS_PLAN_WINDOW_H

#include "base/day.h"
#include "domain/course.h"

struct window {
    int32_t first, last; /* dates, both included; empty when last < first */
};

/* The dates that can be booked now: the zone's today up to the last one that has opened. */
struct window window_of(const struct course *course, const struct zone *zone, int64_t now_wall);

/* When the date after the window's last opens, in Unix seconds. */
int64_t window_next_opening(const struct course *course, const struct zone *zone,
                            int64_t now_wall);

#endif
