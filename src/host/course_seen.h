/*
 * course_seen.h: what a sweep learnt of a course; small, because there is one per course.
 */
#ifndef TS_HOST_COURSE_SEEN_H
#define TS_HOST_COURSE_SEEN_H

#include <stdint.h>

enum {
    COURSE_SAW_OBSERVED = 1,
    COURSE_SAW_UNKNOWN = 2,
    COURSE_SEEN_BEFORE = 4,
    COURSE_EVER_CLOSED = 8,    /* some date of it was observed to be closed, now or before */
    COURSE_EVER_ANSWERED = 16, /* some date was observed to be something else */
};

struct course_seen {
    uint8_t flags;
    uint8_t observed, unknown; /* tee sheets of this sweep, at most PLAN_DAYS_MAX */
};

#endif
