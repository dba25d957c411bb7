/*
 * test_pace.c: hosts that are asked slowly, or no more.
 *
 * Exercises: conversations of several requests whose gap is longer than a conversation would
 * wait for a host that holds it: they end, with no request more than they need, and at a
 * deadline without waiting for the gap. A host that is stopped is named, with the reason.
 */
#include <string.h>

#include "base/clock.h"
#include "e2e/world.h"
#include "support/unit.h"

static void a_long_gap_ends_no_conversation(void **state)
{
    (void)state;
    static const char *const options[] = { "--days",    "1",          "--host-gap",
                                           "5100ms",    "--deadline", "40s",
                                           "--summary", "json",       NULL };
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 1, NULL))
        skip();
    struct outcome_of_run run = world_sweep(&world, options);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "observed"), 1);
    assert_int_equal(world_summary_number(run.out, "requests"),
                     4); /* one for each party size */
    outcome_of_run_free(&run);
    world_end(&world);
}

static void a_deadline_waits_for_no_long_gap(void **state)
{
    (void)state;
    static const char *const options[] = { "--days",    "1",          "--host-gap",
                                           "60s",       "--deadline", "1s",
                                           "--summary", "json",       NULL };
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 1, NULL))
        skip();
    int64_t start = clock_monotonic_us();
    struct outcome_of_run run = world_sweep(&world, options);
    assert_true(clock_monotonic_us() - start < 40 * CLOCK_SECOND_US);
    assert_int_equal(run.exit_code, 5);
    assert_int_equal(world_summary_number(run.out, "requests"), 1);
    assert_int_equal(world_summary_number(run.out, "skipped"), 1);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void a_stopped_host_is_named(void **state)
{
    (void)state;
    static const char *const sim[] = { "--challenge", "100", NULL };
    static const char *const options[] = { "--days", "2", "--summary", "json", NULL };
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 3, sim))
        skip();
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 5);
    if (!strstr(run.err, "www.chronogolf.com is not asked any more in this sweep: it asks for "
                         "a challenge to be solved"))
        fail_msg("it said:\n%s", run.err);
    assert_int_equal(world_summary_number(run.out, "planned"),
                     world_summary_number(run.out, "blocked") +
                         world_summary_number(run.out, "skipped"));
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_long_gap_ends_no_conversation),
                                        cmocka_unit_test(a_deadline_waits_for_no_long_gap),
                                        cmocka_unit_test(a_stopped_host_is_named) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
