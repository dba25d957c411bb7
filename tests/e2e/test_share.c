/*
 * test_share.c exercises `collect --share`, three collectors on one PostgreSQL:
 *   undisturbed; one killed (`kill -9`); one stopped (SIGSTOP) past its lease and continued;
 * one cut off from the database past its lease (its pgbouncer is stopped, so nothing comes
 * through and nothing is refused) and connected again. Each time every tee sheet is observed
 * and true, no host has two requests at once or faster than its gap, and what the lost one held
 * is taken over within two leases. Who may not share: SQLite, no --max-age; a sweep that does
 * not share beside one that does.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "e2e/seen.h"
#include "support/unit.h"

#define COURSES     40
#define DATES       "2026-12-04..2026-12-06"
#define SHEETS      (COURSES * 3)
#define COLLECTORS  3
#define LEASE       "8s"
#define LEASE_US    (8 * CLOCK_SECOND_US)
#define GAP         "300ms"
#define GAP_LEAST   150 /* ms as the simulator sees it: what a busy machine leaves of it */
#define SLOWEST     "host:chronogolf:www.chronogolf.com"
#define RUN_SECONDS 180

static bool begin(struct world *world)
{
    if (world_begin_mixed(world, WORLD_POSTGRES, COURSES, NULL))
        return true;
    skip();
    return false;
}

static struct process start(const struct world *world)
{
    static const char *const options[] = {
        "--share", "--lease",      LEASE, "--max-age",       "1h", "--days",
        "3",       "--host-gap",   GAP,   "--host-parallel", "1",  "--concurrency",
        "2",       "--batch-size", "8",   "--batch-age",     "2s", "--summary",
        "json",    "--debug",      NULL
    };
    return world_start_sweep(world, options);
}

/* The process that has this lease; 0: none. */
static pid_t holder_of(const struct world *world, const char *lease)
{
    char sql[200];
    (void)snprintf(
        sql, sizeof(sql),
        "select split_part(holder, ':', 2) from leases where name = '%s' and until > "
        "now()",
        lease);
    char pid[40];
    world_query(world, sql, pid, sizeof(pid));
    return (pid_t)strtol(pid, NULL, 10);
}

static void wait_for_holder(const struct world *world, const char *lease, pid_t pid)
{
    for (int i = 0; i < 600; i++) {
        if (world_has_store(world) && holder_of(world, lease) == pid)
            return;
        (void)usleep(50000);
    }
    fail_msg("%d does not hold %s", (int)pid, lease);
}

static long long leases_of(const struct world *world, pid_t pid)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql),
                   "select count(*) from leases where name like 'host:%%' and holder like "
                   "'%%:%d:%%:%%'",
                   (int)pid);
    return world_number(world, sql);
}

/* The first one takes the slowest host before the others come. */
static void start_all(const struct world *first_world, const struct world *world,
                      struct process collectors[COLLECTORS])
{
    collectors[0] = start(first_world);
    wait_for_holder(world, SLOWEST, collectors[0].pid);
    for (int i = 1; i < COLLECTORS; i++)
        collectors[i] = start(world);
    assert_true(world_wait_for(&collectors[0], "completed successfully", 1));
}

/* Until the others have everything that this one held. */
static void wait_for_take_over(const struct world *world, pid_t pid, int64_t since)
{
    long long held = leases_of(world, pid);
    assert_true(held > 0);
    while (leases_of(world, pid) > 0) {
        if (clock_monotonic_us() - since > 10 * LEASE_US)
            fail_msg("%lld hosts are not taken over", leases_of(world, pid));
        (void)usleep(50000);
    }
    int64_t took = clock_monotonic_us() - since;
    print_message("%lld hosts were taken over after %.1f s (lease %s)\n", held,
                  (double)took / CLOCK_SECOND_US, LEASE);
    assert_true(took <= 2 * LEASE_US);
}

/* Of one collector that came to its end. */
struct share {
    long long observed;
    long long by_others; /* before it came and while it ran */
    long long lost;
};

static struct share end_well(const struct process *collector)
{
    struct outcome_of_run run = process_wait(collector, RUN_SECONDS);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    struct share share = { .observed = world_summary_number(run.out, "observed"),
                           .by_others = world_summary_number(run.out, "by_others") +
                                        world_summary_number(run.out, "fresh"),
                           .lost = world_summary_number(run.out, "host_leases_lost") };
    assert_int_equal(share.observed + share.by_others, SHEETS);
    assert_int_equal(world_summary_number(run.out, "planned"), share.observed);
    assert_int_equal(world_summary_number(run.out, "allocations_start"),
                     world_summary_number(run.out, "allocations_end"));
    print_message("observed %lld, by others %lld, leases lost %lld\n", share.observed,
                  share.by_others, share.lost);
    outcome_of_run_free(&run);
    return share;
}

static void check_world(const struct world *world)
{
    struct seen seen = { 0 };
    seen_add(world, &seen);
    print_message("%lld requests, at most %lld at once per host, smallest gap %.0f ms\n",
                  seen.requests, seen.host_parallel, seen.host_gap_ms);
    assert_int_equal(seen.host_parallel, 1);
    assert_true(seen.host_gap_ms >= GAP_LEAST);
    world_check_integrity(world);
    world_check_truth(world, DATES);
    assert_int_equal(
        world_number(world, "select count(*) from tee_sheets where observed_at is not null"),
        SHEETS);
}

static void three_share_the_work(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[COLLECTORS];
    if (!begin(&world))
        return;
    start_all(&world, &world, collectors);
    long long observed = 0;
    for (int i = 0; i < COLLECTORS; i++) {
        struct share share = end_well(&collectors[i]);
        assert_true(share.observed > 0);
        observed += share.observed;
    }
    assert_int_equal(observed, SHEETS); /* each by one of them */
    check_world(&world);
    assert_int_equal(
        world_number(&world, "select count(*) from leases where name like 'host:%'"), 0);
    world_end(&world);
}

static void one_is_killed(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[COLLECTORS];
    if (!begin(&world))
        return;
    start_all(&world, &world, collectors);
    int64_t killed_at = clock_monotonic_us();
    assert_int_equal(kill(collectors[0].pid, SIGKILL), 0);
    struct outcome_of_run run = process_wait(&collectors[0], 10);
    outcome_of_run_free(&run);
    wait_for_take_over(&world, collectors[0].pid, killed_at);
    for (int i = 1; i < COLLECTORS; i++)
        (void)end_well(&collectors[i]);
    check_world(&world);
    world_end(&world);
}

static void one_is_stopped(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[COLLECTORS];
    if (!begin(&world))
        return;
    start_all(&world, &world, collectors);
    int64_t stopped_at = clock_monotonic_us();
    assert_int_equal(kill(collectors[0].pid, SIGSTOP), 0);
    wait_for_take_over(&world, collectors[0].pid, stopped_at);
    assert_int_equal(kill(collectors[0].pid, SIGCONT), 0);
    assert_true(world_wait_for(&collectors[0], "its lease ran out", 1));
    for (int i = 0; i < COLLECTORS; i++)
        assert_int_equal(end_well(&collectors[i]).lost > 0, i == 0);
    check_world(&world);
    world_end(&world);
}

static void one_is_cut_off(void **state)
{
    (void)state;
    struct world world;
    struct process collectors[COLLECTORS];
    if (!begin(&world))
        return;
    struct world behind_pooler = world;
    if (pg_server_run(&world.postgres, "cut", NULL, NULL, 0) != 0) {
        print_message("no pgbouncer: a cut network is not tried\n");
        world_end(&world);
        skip();
    }
    assert_int_equal(pg_server_run(&world.postgres, "mend", NULL, NULL, 0), 0);
    assert_int_equal(pg_server_run(&world.postgres, "url", "pooler", behind_pooler.store_url,
                                   sizeof(behind_pooler.store_url)),
                     0);
    start_all(&behind_pooler, &world, collectors);
    int64_t cut_at = clock_monotonic_us();
    assert_int_equal(pg_server_run(&world.postgres, "cut", NULL, NULL, 0), 0);
    wait_for_take_over(&world, collectors[0].pid, cut_at);
    assert_int_equal(pg_server_run(&world.postgres, "mend", NULL, NULL, 0), 0);
    for (int i = 0; i < COLLECTORS; i++)
        assert_int_equal(end_well(&collectors[i]).lost > 0, i == 0);
    check_world(&world);
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
    struct process sharing = start(&world);
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
        cmocka_unit_test(three_share_the_work), cmocka_unit_test(one_is_killed),
        cmocka_unit_test(one_is_stopped),       cmocka_unit_test(one_is_cut_off),
        cmocka_unit_test(some_may_not_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
