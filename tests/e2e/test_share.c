/*
 * test_share.c exercises `collect --share`, three collectors on one PostgreSQL:
 *   undisturbed, one of them through a transaction pooler; one killed (`kill -9`); one stopped
 * (SIGSTOP) past its lease and continued. Each time what sharing.h says must hold. Who may not
 * share: SQLite, no --max-age; a sweep that does not share beside one that does. test_cut.c
 * cuts networks.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "e2e/sharing.h"
#include "support/unit.h"

static bool begin(struct world *world)
{
    if (world_begin_mixed(world, WORLD_POSTGRES, SHARING_COURSES, NULL))
        return true;
    skip();
    return false;
}

static void three_share_the_work(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[SHARING_COLLECTORS];
    if (!begin(&world))
        return;
    struct world behind_pooler = world;
    assert_int_equal(pg_server_run(&world.postgres, "url", "pooler", behind_pooler.store_url,
                                   sizeof(behind_pooler.store_url)),
                     0);
    sharing_start_all(&behind_pooler, &world, collectors);
    long long observed = 0;
    for (int i = 0; i < SHARING_COLLECTORS; i++) {
        struct sharing_end share = sharing_end_well(&collectors[i]);
        assert_true(share.observed > 0);
        observed += share.observed;
    }
    assert_int_equal(observed, SHARING_SHEETS); /* each by one of them */
    sharing_check_world(&world);
    assert_int_equal(
        world_number(&world, "select count(*) from leases where name like 'host:%'"), 0);
    world_end(&world);
}

static void one_is_killed(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[SHARING_COLLECTORS];
    if (!begin(&world))
        return;
    sharing_start_all(&world, &world, collectors);
    int64_t killed_at = clock_monotonic_us();
    assert_int_equal(kill(collectors[0].pid, SIGKILL), 0);
    struct outcome_of_run run = process_wait(&collectors[0], 10);
    outcome_of_run_free(&run);
    sharing_wait_for_take_over(&world, collectors[0].pid, killed_at);
    for (int i = 1; i < SHARING_COLLECTORS; i++)
        (void)sharing_end_well(&collectors[i]);
    sharing_check_world(&world);
    world_end(&world);
}

static void one_is_stopped(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[SHARING_COLLECTORS];
    if (!begin(&world))
        return;
    sharing_start_all(&world, &world, collectors);
    int64_t stopped_at = clock_monotonic_us();
    assert_int_equal(kill(collectors[0].pid, SIGSTOP), 0);
    sharing_wait_for_take_over(&world, collectors[0].pid, stopped_at);
    assert_int_equal(kill(collectors[0].pid, SIGCONT), 0);
    assert_true(world_wait_for(&collectors[0], "its lease ran out", 1));
    for (int i = 0; i < SHARING_COLLECTORS; i++)
        assert_int_equal(sharing_end_well(&collectors[i]).lost > 0, i == 0);
    sharing_check_world(&world);
    world_end(&world);
}

/* ---- Who may not ---- */

static void refused(const struct world *world, const char *const *options, int exit_code,
                    const char *why)
{
    struct outcome_of_run run = world_sweep(world, options);
    assert_int_equal(run.exit_code, exit_code);
    if (!strstr(run.err, why))
        fail_msg("it did not say \"%s\" but: %s", why, run.err);
    outcome_of_run_free(&run);
}

static void some_may_not_share(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const to_sqlite[] = { "--share",   "--store", "sqlite:/nowhere/x.db",
                                             "--max-age", "1h",      NULL };
    static const char *const without_age[] = { "--share", NULL };
    static const char *const alone[] = { "--max-age", "1h", NULL };
    static const char *const shared[] = { "--share", "--max-age", "1h", NULL };
    refused(&world, to_sqlite, 1, "--share needs a store that collectors can share");
    refused(&world, without_age, 1, "--share needs --max-age");
    struct process sharing = sharing_start(&world);
    assert_true(world_wait_for(&sharing, "memory plan:", 1));
    refused(&world, alone, 0, "is running: collectors with --share");
    assert_int_equal(kill(sharing.pid, SIGTERM), 0);
    struct outcome_of_run run = process_wait(&sharing, 30);
    assert_int_equal(run.exit_code, 4);
    outcome_of_run_free(&run);
    world_empty_store(&world);
    static const char *const slowly[] = { "--host-gap", "1s", "--host-parallel", "1", NULL };
    struct process single = world_start_sweep(&world, slowly);
    assert_true(world_wait_for(&single, "memory plan:", 1));
    refused(&world, shared, 0, "a sweep of the same scope (all) is running");
    assert_int_equal(kill(single.pid, SIGTERM), 0);
    run = process_wait(&single, 30);
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(void)
{
    cmocka_set_test_filter(getenv("TS_FILTER"));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_share_the_work),
        cmocka_unit_test(one_is_killed),
        cmocka_unit_test(one_is_stopped),
        cmocka_unit_test(some_may_not_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
