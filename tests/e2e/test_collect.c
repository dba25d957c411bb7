/*
 * test_collect.c exercises the real program on a whole fleet, once per kind of store:
 *   1,000 tee sheets at the defaults give 10 batches, the documented lines and a store equal to
 * the truth; a second sweep of unchanged sheets writes no tee times and no events; batch sizes
 * 50 and 25 give 20 and 40 batches; concurrency 5 gives the same store; nothing is allocated
 * during a sweep; --max-age skips what is fresh; a sweep of the same scope that meets another
 * one leaves; --keep prunes old days; a store without courses is no success.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "e2e/world.h"
#include "support/unit.h"

#define DATES "2026-12-04..2026-12-13"

static enum world_store kind;

/* Options for ten dates from one day in every zone: 100 courses × 10 = 1,000 tee sheets. */
#define TEN_DAYS "--days", "10"

static void check_lines(const char *err, int batches)
{
    char line[100];
    assert_int_equal(count_of(err, " completed successfully\n"), batches);
    for (int batch = 1; batch <= batches; batch++) {
        (void)snprintf(line, sizeof(line), "Processing batch %d/%d (%d records)\n", batch,
                       batches, 1000 / batches);
        assert_int_equal(count_of(err, line), 1);
        (void)snprintf(line, sizeof(line), "Batch %d/%d completed successfully\n", batch,
                       batches);
        assert_int_equal(count_of(err, line), 1);
    }
    (void)snprintf(line, sizeof(line), "Upserting %d course/date combinations to database...\n",
                   1000 / batches);
    assert_int_equal(count_of(err, line), batches);
    assert_int_equal(count_of(err, "Garbage collection triggered: batch memory "), batches);
    assert_non_null(strstr(err, "plan: 1,000 tee sheets, "));
}

static bool begin(struct world *world)
{
    if (world_begin(world, kind, 100, NULL))
        return true;
    skip();
    return false;
}

static void ten_batches_of_a_hundred(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const options[] = { TEN_DAYS, NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    if (run.exit_code != 0)
        fail_msg("%s", run.err);
    check_lines(run.err, 10);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);

    long long events = world_number(&world, "select count(*) from tee_time_events");
    long long changed =
        world_number(&world, "select count(*) from tee_times where times_opened <> 1");
    assert_true(events > 10000);
    assert_int_equal(changed, 0);
    static const char *const again[] = { TEN_DAYS,    "--now", WORLD_LATER,
                                         "--summary", "json",  NULL };
    run = world_sweep(&world, again);
    assert_int_equal(run.exit_code, 0);
    check_lines(run.err, 10);
    assert_non_null(strstr(run.out, "\"inserted\":0,"));
    assert_non_null(strstr(run.out, "\"updated\":0,"));
    assert_non_null(strstr(run.out, "\"closed\":0,"));
    assert_non_null(strstr(run.out, "\"events\":0,"));
    outcome_of_run_free(&run);
    assert_int_equal(world_number(&world, "select count(*) from tee_time_events"), events);
    assert_int_equal(world_number(&world, "select count(distinct run_id) from tee_sheets"), 1);
    assert_int_equal(world_number(&world,
                                  "select count(*) from runs where verdict = 'complete' "
                                  "and batches = 10 and planned = 1000"),
                     2);
    world_end(&world);
}

static void smaller_batches(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const fifty[] = { TEN_DAYS, "--batch-size", "50", NULL };
    struct outcome_of_run run = world_sweep(&world, fifty);
    assert_int_equal(run.exit_code, 0);
    check_lines(run.err, 20);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);
    world_end(&world);

    assert_true(begin(&world));
    static const char *const twenty_five[] = { TEN_DAYS, "--batch-size",
                                               "25",     "--concurrency",
                                               "5",      NULL };
    run = world_sweep(&world, twenty_five);
    assert_int_equal(run.exit_code, 0);
    check_lines(run.err, 40);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);
    world_end(&world);
}

/* The number after "NAME": in the JSON summary. */
static long long summary_number(const char *summary, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "\"%s\":", name);
    const char *at = strstr(summary, key);
    if (!at)
        fail_msg("no %s in %s", key, summary);
    return strtoll(at + strlen(key), NULL, 10);
}

static void allocates_nothing_while_it_runs(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const options[] = { "--days", "3", "--summary", "json", NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    long long start = summary_number(run.out, "allocations_start");
    assert_true(start > 0);
    assert_int_equal(summary_number(run.out, "allocations_end"), start);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void fresh_ones_are_not_asked_again(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const first[] = { "--days", "2", NULL };
    world_sweep_expect(&world, first, 0);
    static const char *const second[] = { "--days",    "3",    "--max-age", "1h",
                                          "--summary", "json", NULL };
    struct outcome_of_run run = world_sweep(&world, second);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(summary_number(run.out, "planned"), 100);
    assert_int_equal(summary_number(run.out, "fresh"), 200);
    outcome_of_run_free(&run);
    static const char *const third[] = { "--days", "3", "--max-age", "1h", NULL };
    run = world_sweep(&world, third);
    assert_int_equal(run.exit_code, 0);
    assert_non_null(
        strstr(run.err, "plan: 0 tee sheets, 0 requests (300 more are fresh enough)"));
    assert_non_null(strstr(run.err, "progress: 0/0 tee sheets"));
    assert_null(strstr(run.err, "RSS 0 B"));
    outcome_of_run_free(&run);
    world_end(&world);
}

static void meets_a_sweep_of_the_same_scope(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    static const char *const slow[] = { "--latency", "50", NULL };
    world_restart_sim(&world, slow);
    static const char *const options[] = { "--days", "3", NULL };
    struct process first = world_start_sweep(&world, options);
    for (int i = 0; i < 500; i++) {
        char *err = read_whole_file(first.err);
        bool started = strstr(err, "memory plan:") != NULL;
        free(err);
        if (started)
            break;
        (void)usleep(10000);
    }
    struct outcome_of_run second = world_sweep(&world, options);
    assert_int_equal(second.exit_code, 0);
    assert_int_equal(count_of(second.err, "\n"), 1);
    assert_non_null(strstr(second.err, "a sweep of the same scope (all) is running"));
    outcome_of_run_free(&second);
    struct outcome_of_run run = process_wait(&first, 60);
    assert_int_equal(run.exit_code, 0);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void keep_prunes_old_days(void **state)
{
    (void)state;
    static const char *const first[] = { "--days", "2", NULL };
    static const char *const much_later[] = { "--days", "2", "--keep", "10", NULL };
    static const char *const tables[] = { "tee_times", "tee_time_events", "tee_sheets" };
    struct world world;
    if (!begin(&world))
        return;
    world_sweep_expect(&world, first, 0);
    assert_true(world_number(&world, "select count(*) from tee_times") > 0);
    world.now = "2027-01-15T09:00:00Z";
    world_restart_sim(&world, NULL);
    world_sweep_expect(&world, much_later, 0);
    for (size_t i = 0; i < TS_COUNT_OF(tables); i++) {
        char sql[100];
        (void)snprintf(sql, sizeof(sql),
                       "select count(*) from %s where play_date < '2027-01-05'", tables[i]);
        assert_int_equal(world_number(&world, sql), 0);
    }
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets"), 200);
    assert_int_equal(world_number(&world, "select count(*) from runs"), 1);
    world_end(&world);
}

/* A mistyped path gives a new store, which knows no course. */
static void a_store_without_courses_is_refused(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world))
        return;
    const char *const argv[] = { TS_BINARY_DIR "/teesheet", "collect", "--store",
                                 world.store_url, NULL };
    struct outcome_of_run run = process_run(world.dir, argv, 20);
    assert_int_equal(run.exit_code, 2);
    assert_int_equal(count_of(run.err, "\n"), 1);
    assert_non_null(strstr(run.err, "no courses yet"));
    assert_non_null(strstr(run.err, "--courses FILE"));
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_batches_of_a_hundred),
        cmocka_unit_test(smaller_batches),
        cmocka_unit_test(allocates_nothing_while_it_runs),
        cmocka_unit_test(fresh_ones_are_not_asked_again),
        cmocka_unit_test(meets_a_sweep_of_the_same_scope),
        cmocka_unit_test(keep_prunes_old_days),
        cmocka_unit_test(a_store_without_courses_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
