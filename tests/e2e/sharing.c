/* sharing.c: starting collectors, watching their leases, and the invariants. */
#include "e2e/sharing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/unit.h"

#define GAP         "300ms"
#define GAP_LEAST   150 /* ms as the simulator sees it: what a busy machine leaves of it */
#define SLOWEST     "host:chronogolf:www.chronogolf.com"
#define RUN_SECONDS 180

struct process sharing_start(const struct world *world)
{
    static const char *const options[] = {
        "--share", "--lease",      SHARING_LEASE, "--max-age",       "1h", "--days",
        "3",       "--host-gap",   GAP,           "--host-parallel", "1",  "--concurrency",
        "2",       "--batch-size", "8",           "--batch-age",     "2s", "--summary",
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

static void wait_for_holder(const struct world *world, const char *lease,
                            const struct process *collector)
{
    for (int i = 0; i < 600 && process_is_running(collector); i++) {
        if (world_has_store(world) && holder_of(world, lease) == collector->pid)
            return;
        (void)usleep(50000);
    }
    fail_msg("%d does not hold %s; it said:\n%s", (int)collector->pid, lease,
             read_whole_file(collector->err));
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

void sharing_start_all(const struct world *first_world, const struct world *world,
                       struct process collectors[SHARING_COLLECTORS])
{
    collectors[0] = sharing_start(first_world);
    wait_for_holder(world, SLOWEST, &collectors[0]);
    for (int i = 1; i < SHARING_COLLECTORS; i++)
        collectors[i] = sharing_start(world);
    assert_true(world_wait_for(&collectors[0], "completed successfully", 1));
}

void sharing_wait_for_take_over(const struct world *world, pid_t pid, int64_t since)
{
    long long held = leases_of(world, pid);
    assert_true(held > 0);
    while (leases_of(world, pid) > 0) {
        if (clock_monotonic_us() - since > 10 * SHARING_LEASE_US)
            fail_msg("%lld hosts are not taken over", leases_of(world, pid));
        (void)usleep(50000);
    }
    int64_t took = clock_monotonic_us() - since;
    print_message("%lld hosts were taken over after %.1f s (lease %s)\n", held,
                  (double)took / CLOCK_SECOND_US, SHARING_LEASE);
    assert_true(took <= 2 * SHARING_LEASE_US);
}

struct sharing_end sharing_end_well(const struct process *collector)
{
    struct outcome_of_run run = process_wait(collector, RUN_SECONDS);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    struct sharing_end share = { .observed = world_summary_number(run.out, "observed"),
                                 .by_others = world_summary_number(run.out, "by_others") +
                                              world_summary_number(run.out, "fresh"),
                                 .lost = world_summary_number(run.out, "host_leases_lost") };
    assert_int_equal(share.observed + share.by_others, SHARING_SHEETS);
    assert_int_equal(world_summary_number(run.out, "planned"), share.observed);
    assert_int_equal(world_summary_number(run.out, "allocations_start"),
                     world_summary_number(run.out, "allocations_end"));
    print_message("observed %lld, by others %lld, leases lost %lld\n", share.observed,
                  share.by_others, share.lost);
    outcome_of_run_free(&run);
    return share;
}

void sharing_check_world(const struct world *world)
{
    struct seen seen = { 0 };
    seen_add(world, &seen);
    print_message("%lld requests, at most %lld at once per host, smallest gap %.0f ms\n",
                  seen.requests, seen.host_parallel, seen.host_gap_ms);
    assert_int_equal(seen.host_parallel, 1);
    assert_true(seen.host_gap_ms >= GAP_LEAST);
    world_check_integrity(world);
    world_check_truth(world, SHARING_DATES);
    assert_int_equal(
        world_number(world, "select count(*) from tee_sheets where observed_at is not null"),
        SHARING_SHEETS);
}
