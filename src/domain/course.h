/*
 * course.h: one row of the catalogue as the plan and the engines need it: compact, read-only.
 *
 * Names, places and the row's other columns go to the store at import and are not kept here.
 */
#ifndef TS_DOMAIN_COURSE_H
#define TS_DOMAIN_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define COURSE_WINDOW_UNKNOWN      255 /* no booking_window_days in the row */
#define COURSE_WINDOW_DEFAULT_DAYS 14
#define COURSE_WINDOW_MAX_DAYS     90

struct course {
    int64_t id;             /* positive */
    const char *attributes; /* engine attributes: one NUL-terminated string per entry of the
                               engine's attribute table, in its order; '' = not given. Borrowed
                               from the catalogue's arena. */
    uint16_t region;        /* index into the catalogue's regions */
    uint16_t opens_minute;  /* local minute of the day at which the next date opens */
    uint8_t engine;         /* index into engines[] */
    uint8_t zone;           /* index into the catalogue's zones */
    uint8_t window_days;    /* 0..90 or COURSE_WINDOW_UNKNOWN */
    uint8_t holes;          /* 0: unknown */
    char currency[4];
};

/* The value of the engine attribute at `index` of its table, '' when not given. */
struct str course_attribute(const struct course *course, unsigned index);

#endif
