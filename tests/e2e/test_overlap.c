/*
 * test_overlap.c exercises sweeps of overlapping scopes at once on one PostgreSQL: regions that
 * share one, beside a sweep of all; sweeps of the same courses at two times in a world whose
 * bookings change. None waits for another for ever, all end well, and the newer look wins
 * whichever sweep comes last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "e2e/world.h"
#include "support/unit.h"

#define COURSES 24
#define FROM    "2026-12-05"
#define DATES   "2026-12-05..2026-12-08"
#define ROUNDS  2
#define SWEEPS  3

#define FIRST_COURSE 1001
#define OLDER        WORLD_NOW
#define NEWER        "2026-12-04T12:00:00Z" /* bookings change by the hour */

#define USUAL "--from", FROM, "--days", "4", "--batch-size", "12", "--summary", "json"

/* What one of the sweeps is given beside USUAL. */
struct scope {
    const char *option, *value;
};

static bool begin(struct world *world, const char *const *sim_options)
{
    if (world_begin(world, WORLD_POSTGRES, COURSES, sim_options))
        return true;
    skip();
    return false;
}

static struct process start_sweep(const struct world *world, const char *now,
                                  struct scope scope)
{
    const char *const options[] = { USUAL, "--now", now, scope.option, scope.value, NULL };
    return world_start_sweep(world, options);
}

static void check_good(const struct process *sweep)
{
    struct outcome_of_run run = process_wait(sweep, 120);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "unknown"), 0);
    assert_int_equal(world_summary_number(run.out, "set_aside"), 0);
    assert_null(strstr(run.err, "is running"));
    assert_null(strstr(run.err, "trying again")); /* no deadlock, not even a resolved one */
    outcome_of_run_free(&run);
}

/* "AB,AZ" of the catalogue: `count` regions from the one with this rank. */
static void list_regions(const struct world *world, int rank, int count, char *list, size_t cap)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql),
                   "select string_agg(region, ',') from (select distinct region from courses "
                   "order by region offset %d limit %d) as chosen",
                   rank, count);
    world_query(world, sql, list, cap);
    assert_non_null(strchr(list, ','));
}

static void all_at_once(const struct world *world, const struct scope scopes[SWEEPS],
                        const char *now)
{
    struct process sweeps[SWEEPS];
    for (int i = 0; i < SWEEPS; i++)
        sweeps[i] = start_sweep(world, now, scopes[i]);
    for (int i = 0; i < SWEEPS; i++)
        check_good(&sweeps[i]);
    world_check_integrity(world);
    world_check_truth(world, DATES);
}

/* In an empty store, where all insert the same rows, and in a full one. */
static void overlapping_scopes_at_once(void **state)
{
    (void)state;
    struct world world;
    char west[200], east[200];
    if (!begin(&world, NULL))
        return;
    const struct scope all = { "--batch-age", "5m" };
    struct process sweep = start_sweep(&world, WORLD_NOW, all);
    check_good(&sweep);
    list_regions(&world, 0, 8, west, sizeof(west));
    list_regions(&world, 4, 20, east, sizeof(east));
    const struct scope scopes[SWEEPS] = { { "--region", west }, { "--region", east }, all };
    int64_t start = clock_monotonic_us();
    for (int round = 0; round < ROUNDS; round++) {
        world_empty_store(&world);
        all_at_once(&world, scopes, WORLD_NOW);
        all_at_once(&world, scopes, WORLD_LATER);
    }
    print_message("%d times %d sweeps at once (%s; %s; all): %.1f s\n", 2 * ROUNDS, SWEEPS,
                  west, east, (double)(clock_monotonic_us() - start) / CLOCK_SECOND_US);
    world_end(&world);
}

/* ---- Two times ---- */

static void list_courses(int first, int last, char *list, size_t cap)
{
    struct buf buf = buf_over(list, cap);
    for (int course = first; course <= last; course++)
        buf_printf(&buf, "%s%d", course == first ? "" : ",", FIRST_COURSE + course);
    assert_false(buf.overflow);
}

/* The older sweep looks at the first two thirds, the newer one at the last two. */
static void at_two_times(const struct world *older, const struct world *newer)
{
    char first[200], both[200], of_newer[200];
    list_courses(0, COURSES / 3 - 1, first, sizeof(first));
    list_courses(0, COURSES * 2 / 3 - 1, both, sizeof(both));
    list_courses(COURSES / 3, COURSES - 1, of_newer, sizeof(of_newer));
    struct process old_sweep = start_sweep(older, OLDER, (struct scope){ "--course", both });
    struct process new_sweep =
        start_sweep(newer, NEWER, (struct scope){ "--course", of_newer });
    check_good(&new_sweep);
    check_good(&old_sweep);
    world_check_integrity(older);
    world_check_truths(older, first, newer, of_newer, DATES);
}

static void newer_look_wins(void **state)
{
    (void)state;
    static const char *const quick[] = { "--churn", "40", NULL };
    static const char *const slow[] = { "--churn", "40", "--latency", "40", NULL };
    struct world older;
    if (!begin(&older, slow))
        return;
    struct world newer = world_twin(&older, NEWER, quick);
    at_two_times(&older, &newer); /* the older one ends last */
    world_end_twin(&newer);
    world_empty_store(&older);
    world_restart_sim(&older, quick);
    newer = world_twin(&older, NEWER, slow);
    at_two_times(&older, &newer); /* and first */
    world_end_twin(&newer);
    print_message("the newer look won, whichever ended last\n");
    world_end(&older);
}

int main(void)
{
    cmocka_set_test_filter(getenv("TS_FILTER"));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlapping_scopes_at_once),
        cmocka_unit_test(newer_look_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
