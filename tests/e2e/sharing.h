/*
 * sharing.h: several collectors with --share on one world, and what must hold whatever happens
 * to one of them: every tee sheet observed and true, no host asked twice at once or faster than
 * its gap, and what the lost one held taken over within two leases.
 */
#ifndef TS_TESTS_E2E_SHARING_H
#define TS_TESTS_E2E_SHARING_H

#include "e2e/seen.h"

#define SHARING_COURSES    24
#define SHARING_DATES      "2026-12-04..2026-12-06"
#define SHARING_SHEETS     (SHARING_COURSES * 3)
#define SHARING_COLLECTORS 3
#define SHARING_LEASE      "8s"
#define SHARING_LEASE_US   (8 * CLOCK_SECOND_US)

struct process sharing_start(const struct world *world);

/* One on `first_world`, which takes the host that takes longest, then the others on `world`;
 * returns once the first one has committed something. */
void sharing_start_all(const struct world *first_world, const struct world *world,
                       struct process collectors[SHARING_COLLECTORS]);

/* Until the others have everything that this one held `since` (monotonic). */
void sharing_wait_for_take_over(const struct world *world, pid_t pid, int64_t since);

/* Of one collector that came to its end. */
struct sharing_end {
    long long observed;
    long long by_others; /* before it came and while it ran */
    long long lost;
};

struct sharing_end sharing_end_well(const struct process *collector);
void sharing_check_world(const struct world *world);

#endif
