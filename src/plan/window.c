/* window.c: booking windows as calendar arithmetic. */
#include "plan/window.h"

static int32_t window_days(const struct course *course)
{
    return course->window_days == COURSE_WINDOW_UNKNOWN ? COURSE_WINDOW_DEFAULT_DAYS
                                                        : course->window_days;
}

struct window window_of(const struct course *course, const struct zone *zone, int64_t now_wall)
{
    int32_t today;
    uint16_t minute;
    zone_local(zone, now_wall, &today, &minute);
    bool opened = minute >= course->opens_minute;
    return (struct window){ today, today + window_days(course) - (opened ? 0 : 1) };
}

int64_t window_next_opening(const struct course *course, const struct zone *zone,
                            int64_t now_wall)
{
    int32_t next_date = window_of(course, zone, now_wall).last + 1;
    return zone_instant(zone, next_date - window_days(course), course->opens_minute);
}
