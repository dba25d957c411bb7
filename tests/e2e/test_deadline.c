/*
 * test_deadline.c: sweeps that are always too short.
 *
 * Exercises: --deadline with tiers of --max-age: what one sweep leaves the next ones ask first,
 * so that every date of every course is looked at again and again, near ones more often. A host
 * that asked to be left alone (Retry-After) for longer than the sweep is not asked by the next.
 */
#include <stdio.h>
#include <string.h>

#include "e2e/world.h"
#include "support/unit.h"

#define SHEETS     40 /* 5 courses × 8 dates */
#define SWEEPS_MAX 28 /* minutes within which WORLD_NOW's promise holds */
#define ROUNDS     2  /* how often every tee sheet could have been asked when we look */

static enum world_store kind;

/* Tee sheets that a sweep of that minute observed: far fewer than are due. */
static long long sweep_at(struct world *world, int minute)
{
    static const char *const options[] = { "--days",         "8",          "--max-age",
                                           "0-1=20s,2+=30s", "--deadline", "700ms",
                                           "--host-gap",     "20ms",       "--summary",
                                           "json",           NULL };
    char now[32];
    (void)snprintf(now, sizeof(now), "2026-12-04T09:%02d:00Z", minute);
    world->now = now;
    struct outcome_of_run run = world_sweep(world, options);
    long long observed = world_summary_number(run.out, "observed");
    if (run.exit_code != 3 && run.exit_code != 5)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "planned"), SHEETS);
    outcome_of_run_free(&run);
    world->now = WORLD_NOW;
    return observed;
}

static void no_date_is_left_for_ever(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, kind, 5, NULL))
        skip();
    long long observed = 0;
    int sweeps = 0;
    for (; observed < ROUNDS * SHEETS && sweeps < SWEEPS_MAX; sweeps++)
        observed += sweep_at(&world, sweeps);
    print_message("%lld looks in %d sweeps\n", observed, sweeps);
    assert_true(observed >= ROUNDS * SHEETS);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets where observed_at "
                                          "is not null"),
                     SHEETS);
    /* In nearest date first the last dates would not have been asked once. */
    assert_true(world_number(&world, "select count(distinct play_date) from tee_sheets") == 8);
    world_end(&world);
}

/* How many requests a sweep of one second made. */
static long long short_sweep(const struct world *world)
{
    static const char *const options[] = { "--days",    "1",    "--deadline", "1s",
                                           "--summary", "json", NULL };
    struct outcome_of_run run = world_sweep(world, options);
    long long requests = world_summary_number(run.out, "requests");
    outcome_of_run_free(&run);
    return requests;
}

static void a_hold_outlasts_its_sweep(void **state)
{
    (void)state;
    static const char *const busy[] = { "--throttle=100", "--retry-after=6", NULL };
    static const char *const options[] = { "--days", "1", NULL };
    struct world world;
    if (!world_begin(&world, kind, 3, busy))
        skip();
    assert_true(short_sweep(&world) > 0);
    world_restart_sim(&world, NULL);
    assert_int_equal(short_sweep(&world), 0);
    world_sweep_expect(&world, options, 0);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets where observed_at "
                                          "is not null"),
                     3);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = { cmocka_unit_test(no_date_is_left_for_ever),
                                        cmocka_unit_test(a_hold_outlasts_its_sweep) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
