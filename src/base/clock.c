/* clock.c: clock_gettime, and an offset for --now. */
#include "base/clock.h"

#include <time.h>

static int64_t wall_at_zero; /* wall seconds at monotonic 0, in µs; set once, before threads */
static int wall_is_set;

static int64_t read_clock(clockid_t id)
{
    struct timespec now = { 0 };
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * CLOCK_SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_seconds_until(int64_t monotonic_us)
{
    int64_t left_us = monotonic_us - clock_monotonic_us();
    return left_us > 0 ? (left_us + CLOCK_SECOND_US - 1) / CLOCK_SECOND_US : 0;
}

int64_t clock_boot_us(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_real_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_wall(void)
{
    if (wall_is_set)
        return (wall_at_zero + clock_monotonic_us()) / CLOCK_SECOND_US;
    return clock_real_us() / CLOCK_SECOND_US;
}

void clock_set_wall(int64_t unix_seconds)
{
    wall_at_zero = unix_seconds * CLOCK_SECOND_US - clock_monotonic_us();
    wall_is_set = 1;
}
