/*
 * clock.h: the only source of time.
 *
 * Two clocks. Monotonic µs drive gaps, timeouts, progress and Retry-After. Wall seconds (Unix
 * time, UTC) are for "today", windows and stored stamps; `--now` sets the wall clock of the
 * program: it then is that instant plus the monotonic time elapsed since. Log times and TLS
 * keep the real clock. Calendar matters are base/day's. Leases alone use a third one, which
 * also counts while the machine sleeps.
 */
#ifndef TS_BASE_CLOCK_H
#define TS_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND_US ((int64_t)1000000)

/* Monotonic microseconds from an unspecified start. Any thread. */
int64_t clock_monotonic_us(void);

/* Whole seconds from now until then, rounded up; 0: it is over. */
int64_t clock_seconds_until(int64_t monotonic_us);

/* The same as clock_monotonic_us, but it goes on while the machine is suspended. Any thread. */
int64_t clock_boot_us(void);

/* Wall clock in Unix seconds, as set by clock_set_wall if it was called. Any thread. */
int64_t clock_wall(void);

/* The machine's real wall clock in microseconds, for log lines. Any thread. */
int64_t clock_real_us(void);

/* From here on clock_wall() is `unix_seconds` plus the time elapsed. Call before any thread
 * starts. */
void clock_set_wall(int64_t unix_seconds);

#endif
