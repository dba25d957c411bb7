/*
 * plan_fixture.h: a plan over a few courses in simulated time, for the tests of plan/.
 */
#ifndef TS_TESTS_PLAN_FIXTURE_H
#define TS_TESTS_PLAN_FIXTURE_H

#include "plan/plan.h"
#include "support/catalogue_of.h"

#define SECOND   ((int64_t)1000000)
#define NOW_WALL ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY    20883                 /* 2027-03-06 */

/* A row of a Chronogolf V1 course, a tenant of its own, for catalogue_of. */
#define COURSE(id, window)                                                                     \
    id ",America/Denver,chronogolf,\"{\"\"club_id\"\":1" id ",\"\"course_id\"\":2" id          \
       ",\"\"affiliation_type_id\"\":3}\"," window ",\n"

struct fixture {
    struct catalogue *catalogue;
    struct plan *plan;
    int64_t now; /* monotonic, µs */
};

/* Without a `now_wall` it is NOW_WALL, without a `seed` 7; every engine has a gap of 2 s and,
 * without a `pace`, one conversation at once, else pace->parallel. Fails the test when there is
 * no plan. */
void fixture_make(struct fixture *fixture, const char *rows, struct plan_config config);
void fixture_unmake(struct fixture *fixture);

/* The next task, waiting as long as the plan says; false when the plan is finished. */
bool fixture_next(struct fixture *fixture, struct plan_task *ret_task);

/* The task ends, all its tee sheets alike. */
void fixture_finish(struct fixture *fixture, const struct plan_task *task,
                    enum outcome outcome);

#endif
