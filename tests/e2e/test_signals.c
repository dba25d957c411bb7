/*
 * test_signals.c exercises how a sweep ends before its time, once per kind of store:
 *   SIGTERM and SIGINT in mid-sweep: exit code 4 in time, what was complete is committed and
 * nothing else, the summary and the run say so, the lease is given back, a later sweep does the
 * rest. The same within --shutdown-timeout with an engine that never answers, with a health
 * check that never answers, and with a PostgreSQL that stands still (with a batch on its way,
 * and without). A second signal, and one while the sweep starts: at once. --deadline: exit code
 * 3, the rest skipped and done later.
 *   --ping: start, then success or failure with the exit code; one that does not work fails no
 * sweep.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "e2e/world.h"
#include "support/fake_engine.h"
#include "support/unit.h"

#define COURSES   20
#define DATES     "2026-12-04..2026-12-13"
#define SHEETS    (COURSES * 10)
#define MANY_DAYS "--days", "10", "--batch-size", "10", "--summary", "json"

#define SHORT_TIMEOUT "--shutdown-timeout", "3s"
#define SHORT_SECONDS 3.0
#define SLACK_SECONDS 3.0 /* a busy machine's */

static enum world_store kind;

static const char *const slow[] = { "--latency", "20", NULL };
static const char *const never[] = { "--latency", "60000", NULL };
static const char *const usual[] = { MANY_DAYS, NULL };
static const char *const later[] = { MANY_DAYS, "--max-age", "1h", "--now", WORLD_LATER, NULL };

static void begin(struct world *world, const char *const *sim_options)
{
    if (!world_begin(world, kind, COURSES, sim_options))
        skip();
}

static long long count_observed(const struct world *world)
{
    return world_number(world, "select count(*) from tee_sheets where observed_at is not null");
}

/* Sends the signal and waits for the end. */
static struct outcome_of_run end_by(const struct process *sweep, int signal_number,
                                    double *ret_seconds)
{
    int64_t start = clock_monotonic_us();
    assert_int_equal(kill(sweep->pid, signal_number), 0);
    struct outcome_of_run run = process_wait(sweep, 60);
    *ret_seconds = (double)(clock_monotonic_us() - start) / CLOCK_SECOND_US;
    return run;
}

/* Exit code 4 within `seconds`, and the summary says why. */
static void check_interrupted(const char *what, const struct outcome_of_run *run, double took,
                              double seconds)
{
    print_message("%s: %.2f s\n", what, took);
    if (run->exit_code != 4)
        fail_msg("exit code %d; it said:\n%s", run->exit_code, run->err);
    assert_non_null(strstr(run->out, "\"verdict\":\"interrupted\""));
    if (took > seconds)
        fail_msg("%.2f s, more than %.2f; it said:\n%s", took, seconds, run->err);
}

/* A later sweep asks for the rest, and is not held up by the interrupted one's lease. */
static void complete(const struct world *world)
{
    long long observed = count_observed(world);
    world_check_integrity(world);
    world_check_subset(world, DATES);
    struct outcome_of_run run = world_sweep(world, later);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "planned"), SHEETS - observed);
    outcome_of_run_free(&run);
    world_check_truth(world, DATES);
}

static void drains_on(int signal_number, const char *name)
{
    struct world world;
    double took;
    begin(&world, slow);
    struct process sweep = world_start_sweep(&world, usual);
    assert_true(world_wait_for(&sweep, "completed successfully", 2));
    struct outcome_of_run run = end_by(&sweep, signal_number, &took);
    check_interrupted(name, &run, took, 8);
    long long observed = count_observed(&world);
    assert_in_range(observed, 20, SHEETS - 1);
    assert_int_equal(world_summary_number(run.out, "observed"), observed);
    assert_int_equal(world_number(&world, "select count(*) from runs where verdict = "
                                          "'interrupted' and finished_at is not null"),
                     1);
    assert_int_equal(world_number(&world, "select count(*) from leases"), 0);
    outcome_of_run_free(&run);
    complete(&world);
    world_end(&world);
}

static void drains_on_sigterm(void **state)
{
    (void)state;
    drains_on(SIGTERM, "SIGTERM in mid-sweep");
}

static void drains_on_sigint(void **state)
{
    (void)state;
    drains_on(SIGINT, "SIGINT in mid-sweep");
}

static void engine_never_answers(void **state)
{
    (void)state;
    struct world world;
    double took;
    begin(&world, never);
    static const char *const options[] = { MANY_DAYS, SHORT_TIMEOUT, NULL };
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "memory plan:", 1));
    struct outcome_of_run run = end_by(&sweep, SIGTERM, &took);
    check_interrupted("no answer", &run, took, SHORT_SECONDS + SLACK_SECONDS);
    outcome_of_run_free(&run);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets"), 0);
    world_end(&world);
}

static void second_signal_leaves_at_once(void **state)
{
    (void)state;
    static const char *const slower[] = { "--latency", "800", NULL };
    struct world world;
    double took;
    begin(&world, slower);
    static const char *const options[] = { MANY_DAYS, "--concurrency", "50", NULL };
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "completed successfully", 2));
    assert_int_equal(kill(sweep.pid, SIGTERM), 0);
    assert_true(world_wait_for(&sweep, "finishing what is complete", 1));
    struct outcome_of_run run = end_by(&sweep, SIGTERM, &took);
    print_message("second SIGTERM: %.2f s\n", took);
    assert_int_equal(run.exit_code, 4);
    assert_true(took < SLACK_SECONDS);
    assert_string_equal(run.out, ""); /* no time for a summary */
    outcome_of_run_free(&run);
    assert_true(count_observed(&world) >= 20);
    static const char *const quick[] = { NULL };
    world_restart_sim(&world, quick);
    complete(&world);
    world_end(&world);
}

static void deadline_skips_the_rest(void **state)
{
    (void)state;
    static const char *const slower[] = { "--latency", "100", NULL };
    struct world world;
    begin(&world, slower);
    static const char *const options[] = { MANY_DAYS, "--deadline", "2s", NULL };
    int64_t start = clock_monotonic_us();
    struct outcome_of_run run = world_sweep(&world, options);
    print_message("--deadline 2s: %.2f s, %lld of %d observed\n",
                  (double)(clock_monotonic_us() - start) / CLOCK_SECOND_US,
                  world_summary_number(run.out, "observed"), SHEETS);
    if (run.exit_code != 3)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "skipped"), SHEETS - count_observed(&world));
    assert_int_equal(world_summary_number(run.out, "done"), SHEETS);
    assert_non_null(strstr(run.err, "the deadline is reached"));
    outcome_of_run_free(&run);
    world_restart_sim(&world, NULL);
    complete(&world);
    world_end(&world);
}

/* ---- PostgreSQL stands still ---- */

static struct outcome_of_run end_while_paused(const struct world *world,
                                              const struct process *sweep, double *ret_seconds)
{
    struct outcome_of_run run = end_by(sweep, SIGTERM, ret_seconds);
    assert_int_equal(pg_server_run(&world->postgres, "resume", NULL, NULL, 0), 0);
    return run;
}

static void store_stands_still(void **state)
{
    (void)state;
    struct world world;
    double took;
    begin(&world, slow);
    static const char *const options[] = { MANY_DAYS, SHORT_TIMEOUT, NULL };
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "completed successfully", 1));
    assert_int_equal(pg_server_run(&world.postgres, "pause", NULL, NULL, 0), 0);
    (void)usleep(500000); /* the next batch is on its way */
    struct outcome_of_run run = end_while_paused(&world, &sweep, &took);
    check_interrupted("PostgreSQL stands still", &run, took, SHORT_SECONDS + SLACK_SECONDS);
    outcome_of_run_free(&run);
    complete(&world);
    world_end(&world);
}

static void store_stands_still_with_nothing_to_write(void **state)
{
    (void)state;
    struct world world;
    double took;
    begin(&world, never);
    static const char *const options[] = { MANY_DAYS, SHORT_TIMEOUT, NULL };
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "memory plan:", 1));
    (void)usleep(300000); /* the run is recorded */
    assert_int_equal(pg_server_run(&world.postgres, "pause", NULL, NULL, 0), 0);
    struct outcome_of_run run = end_while_paused(&world, &sweep, &took);
    check_interrupted("PostgreSQL stands still, nothing to write", &run, took,
                      SHORT_SECONDS + SLACK_SECONDS);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void leaves_while_it_starts(void **state)
{
    (void)state;
    struct world world;
    double took;
    begin(&world, NULL);
    assert_int_equal(pg_server_run(&world.postgres, "pause", NULL, NULL, 0), 0);
    struct process sweep = world_start_sweep(&world, usual);
    (void)usleep(500000); /* it waits for the database */
    struct outcome_of_run run = end_while_paused(&world, &sweep, &took);
    print_message("while it starts: %.2f s\n", took);
    assert_int_equal(run.exit_code, 4);
    assert_true(took < SLACK_SECONDS);
    outcome_of_run_free(&run);
    world_end(&world);
}

/* ---- The health check ---- */

static void check_target(struct fake_engine *health, uint32_t index, const char *target)
{
    struct fake_request request;
    assert_true(fake_engine_requests(health) > index);
    fake_engine_request(health, index, &request);
    assert_string_equal(request.target, target);
    assert_string_equal(request.method, "GET");
}

static void pings_tell_the_verdict(void **state)
{
    (void)state;
    static const struct fake_step steps[] = { { .body = "OK" } };
    struct world world;
    char url[80];
    begin(&world, slow);
    struct fake_engine *health = fake_engine_new(steps, 1, FAKE_HTTP);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/ping/of-17",
                   fake_engine_port(health));
    const char *const good[] = { "--days", "1", "--ping", url, NULL };
    world_sweep_expect(&world, good, 0);
    check_target(health, 0, "/ping/of-17/start");
    check_target(health, 1, "/ping/of-17");
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/ping/of-17?create=1",
                   fake_engine_port(health));
    const char *const late[] = { "--days", "10", "--deadline", "1s", "--ping", url, NULL };
    world_sweep_expect(&world, late, 3);
    check_target(health, 2, "/ping/of-17/start?create=1");
    check_target(health, 3, "/ping/of-17/fail?create=1");
    const char *const unwritable[] = { "--set-aside", "/nowhere/file", "--ping", url, NULL };
    world_sweep_expect(&world, unwritable, 2);
    check_target(health, 4, "/ping/of-17/fail?create=1");
    assert_int_equal(fake_engine_requests(health), 5);
    fake_engine_free(health);
    world_end(&world);
}

static void pings_never_fail_a_sweep(void **state)
{
    (void)state;
    static const struct fake_step steps[] = { { .status = 500 } };
    struct world world;
    char url[80];
    begin(&world, NULL);
    struct fake_engine *health = fake_engine_new(steps, 1, FAKE_HTTP);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/x", fake_engine_port(health));
    const char *const options[] = { "--days", "1", "--ping", url, NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(count_of(run.err, "did not take our ping"), 2);
    outcome_of_run_free(&run);
    fake_engine_free(health);
    world_end(&world);
}

static void silent_ping_does_not_hold_up_the_end(void **state)
{
    (void)state;
    static const struct fake_step steps[] = { { .path = "/x/start", .body = "OK" },
                                              { .kind = FAKE_SILENT } };
    struct world world;
    char url[80];
    double took;
    begin(&world, never);
    struct fake_engine *health = fake_engine_new(steps, 2, FAKE_HTTP);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/x", fake_engine_port(health));
    const char *const options[] = { MANY_DAYS, SHORT_TIMEOUT, "--ping", url, NULL };
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "memory plan:", 1));
    (void)usleep(300000);
    struct outcome_of_run run = end_by(&sweep, SIGTERM, &took);
    check_interrupted("silent health check", &run, took, SHORT_SECONDS + SLACK_SECONDS);
    outcome_of_run_free(&run);
    check_target(health, 1, "/x/fail");
    fake_engine_free(health);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    cmocka_set_test_filter(getenv("TS_FILTER"));
    const struct CMUnitTest sqlite[] = {
        cmocka_unit_test(drains_on_sigterm),
        cmocka_unit_test(drains_on_sigint),
        cmocka_unit_test(engine_never_answers),
        cmocka_unit_test(second_signal_leaves_at_once),
        cmocka_unit_test(deadline_skips_the_rest),
        cmocka_unit_test(pings_tell_the_verdict),
        cmocka_unit_test(pings_never_fail_a_sweep),
        cmocka_unit_test(silent_ping_does_not_hold_up_the_end),
    };
    const struct CMUnitTest postgres[] = {
        cmocka_unit_test(drains_on_sigterm),
        cmocka_unit_test(engine_never_answers),
        cmocka_unit_test(second_signal_leaves_at_once),
        cmocka_unit_test(leaves_while_it_starts),
        cmocka_unit_test(store_stands_still),
        cmocka_unit_test(store_stands_still_with_nothing_to_write),
    };
    if (kind == WORLD_POSTGRES)
        return cmocka_run_group_tests_name("signals (postgres)", postgres, NULL, NULL);
    return cmocka_run_group_tests_name("signals (sqlite)", sqlite, NULL, NULL);
}
