/*
 * test_engines.c exercises the real program on a fleet of all eight engines, once per kind of
 * store: the store equals the truth, every engine contributed, lookups are asked once per
 * tenant, a missing key makes its courses misconfigured and costs nothing else, and mixed
 * faults lose nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "e2e/world.h"
#include "support/unit.h"

#define COURSES 96
#define DATES   "2026-12-04..2026-12-07"

static enum world_store kind;

static const char *const four_days[] = { "--days", "4", NULL };

static bool begin(struct world *world, const char *const *sim_options)
{
    if (world_begin_mixed(world, kind, COURSES, sim_options))
        return true;
    skip();
    return false;
}

static void the_store_equals_the_truth(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world, NULL))
        return;
    world_sweep_expect(&world, four_days, 0);
    world_check_truth(&world, DATES);
    assert_int_equal(world_number(&world, "select count(distinct engine) from courses c join "
                                          "tee_times t on t.course_id = c.id"),
                     8);
    print_message("%lld tee times of 8 engines\n",
                  world_number(&world, "select count(*) from tee_times"));
    world_end(&world);
}

static void a_missing_key_costs_its_courses_only(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world, NULL))
        return;
    (void)unsetenv("TEESHEET_MEMBERSPORTS_KEY");
    world_sweep_expect(&world, four_days, 0);
    assert_true(world_number(&world,
                             "select count(*) from tee_sheets s join courses c on c.id = "
                             "s.course_id where engine = 'membersports' and "
                             "outcome = 'misconfigured'") >= 4);
    assert_int_equal(world_number(&world, "select count(*) from tee_times t join courses c on "
                                          "c.id = t.course_id where engine = 'membersports'"),
                     0);
    assert_int_equal(world_number(&world, "select count(distinct engine) from courses c join "
                                          "tee_times t on t.course_id = c.id"),
                     7);
    (void)setenv("TEESHEET_MEMBERSPORTS_KEY", "test-key", 1);
    world_end(&world);
}

static void faults_lose_nothing(void **state)
{
    (void)state;
    static const char *const faults[] = { "--throttle",     "3", "--retry-after", "0",
                                          "--server-error", "3", "--truncate",    "3",
                                          "--reset",        "2", "--gzip",        NULL };
    struct world world;
    if (!begin(&world, faults))
        return;
    static const char *const stubborn[] = { "--days", "4", "--retries", "12", NULL };
    world_sweep_expect(&world, stubborn, 0);
    world_check_subset(&world, DATES);
    world_check_truth(&world, DATES);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_store_equals_the_truth),
        cmocka_unit_test(a_missing_key_costs_its_courses_only),
        cmocka_unit_test(faults_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
