/*
 * test_budget.c exercises the memory budget of the real program, once per kind of store, and
 * prints what it measured:
 *   peak RSS of many tee sheets equals that of few within 1 MiB and is 20 MiB at the most at
 * the defaults (10,080 tee sheets against 1,120, SQLite half; with TS_LARGE=1 100,080 against
 * 1,112);
 * --memory is kept to; 1,000 tee sheets finish in a control group of 32 MiB and half a CPU,
 * whose limit the program notices; the plan's memory per course.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "e2e/sanitized.h"
#include "e2e/world.h"
#include "support/unit.h"

#define TEESHEET     TS_BINARY_DIR "/teesheet"
#define CGROUP       TS_SOURCE_DIR "/tests/support/cgroup.sh"
#define MIB          ((long long)1 << 20)
#define DEFAULT_PEAK (20 * MIB)
#define COURSE_BYTES 200

static enum world_store kind;

static bool begin(struct world *world, unsigned courses)
{
    if (TS_SANITIZED) {
        print_message("SKIPPED: a sanitizer's own memory is part of the process\n");
        skip();
    }
    if (world_begin(world, kind, courses, NULL))
        return true;
    skip();
    return false;
}

static long long sweep_peak(const struct world *world, const char *days, const char *memory)
{
    const char *options[] = {
        "--days",    days,   "--progress",     "off",         "--quiet",
        "--summary", "json", "--summary-file", "/dev/stdout", memory ? "--memory" : NULL,
        memory,      NULL
    };
    struct outcome_of_run run = world_sweep(world, options);
    if (run.exit_code != 0)
        fail_msg("exit code %d:\n%s", run.exit_code, run.err);
    long long peak = world_summary_number(run.out, "peak_rss_bytes");
    print_message("%6lld tee sheets, --memory %-7s peak RSS %.2f MiB\n",
                  world_summary_number(run.out, "planned"), memory ? memory : "default",
                  (double)peak / (double)MIB);
    outcome_of_run_free(&run);
    return peak;
}

static void many_take_no_more_than_few(void **state)
{
    (void)state;
    struct world world;
    bool large = getenv("TS_LARGE") != NULL;
    unsigned usual = kind == WORLD_POSTGRES ? 112 : 56; /* CI has not all day */
    if (!begin(&world, large ? 1112 : usual))
        return;
    long long few = sweep_peak(&world, large ? "1" : "10", NULL);
    long long many = sweep_peak(&world, "90", NULL);
    world_end(&world);
    assert_in_range(llabs(many - few), 0, MIB);
    if (kind == WORLD_POSTGRES) /* the bound that was asked for; SQLite brings its page cache */
        assert_in_range(many, MIB, DEFAULT_PEAK);
}

static void the_limit_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *memory;
        long long bytes;
    } limits[] = { { "24M", 24 * MIB }, { "32M", 32 * MIB }, { "64M", 64 * MIB } };
    struct world world;
    if (!begin(&world, 20))
        return;
    for (unsigned i = 0; i < TS_COUNT_OF(limits); i++)
        assert_in_range(sweep_peak(&world, "5", limits[i].memory), MIB, limits[i].bytes);
    world_end(&world);
}

static void check_cgroups(void)
{
    const char *const argv[] = { "/bin/sh", CGROUP, "probe", NULL };
    struct outcome_of_run run = process_run("/tmp", argv, 10);
    if (run.exit_code != 0) {
        print_message("SKIPPED: %s", run.err);
        skip();
    }
    outcome_of_run_free(&run);
}

static void print_peak_of_group(const struct outcome_of_run *run)
{
    const char *at = strstr(run->err, "cgroup peak ");
    assert_non_null(at);
    print_message(
        "1,000 tee sheets in 32 MiB and half a CPU: peak RSS %.2f MiB, %lld ms; the "
        "group's peak, files included, %.2f MiB\n",
        (double)world_summary_number(run->out, "peak_rss_bytes") / (double)MIB,
        (long long)(strtod(strstr(run->out, "\"elapsed_seconds\":") + 18, NULL) * 1e3),
        strtod(at + strlen("cgroup peak "), NULL) / (double)MIB);
}

static void in_a_small_container(void **state)
{
    (void)state;
    struct world world;
    check_cgroups();
    if (!begin(&world, 100))
        return;
    const char *const argv[] = { "/bin/sh",
                                 CGROUP,
                                 "run",
                                 "33554432",
                                 "50",
                                 TEESHEET,
                                 "collect",
                                 "--host-gap",
                                 "0",
                                 "--host-parallel",
                                 "256",
                                 "--now",
                                 WORLD_NOW,
                                 "--courses",
                                 world.catalogue,
                                 "--engine-url",
                                 world.engine_url,
                                 "--store",
                                 world.store_url,
                                 "--days",
                                 "10",
                                 "--summary",
                                 "json",
                                 NULL };
    struct outcome_of_run run = process_run(world.dir, argv, 120);
    if (run.exit_code != 0)
        fail_msg("exit code %d:\n%s", run.exit_code, run.err);
    /* 75 % of the group's limit is the default. */
    assert_non_null(strstr(run.err, " of 24 MiB = base "));
    assert_int_equal(count_of(run.err, " completed successfully\n"), 10);
    print_peak_of_group(&run);
    assert_in_range(world_summary_number(run.out, "peak_rss_bytes"), MIB, 24 * MIB);
    outcome_of_run_free(&run);
    world_check_truth(&world, "2026-12-04..2026-12-13");
    world_end(&world);
}

static void bytes_per_course(void **state)
{
    (void)state;
    struct world world;
    if (!begin(&world, 1112))
        return;
    static const char *const options[] = { "--dry-run", NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    const char *at = strstr(run.out, "+ catalogue ");
    assert_non_null(at);
    char *unit = NULL;
    double amount = strtod(at + strlen("+ catalogue "), &unit);
    assert_int_equal(strncmp(unit, " KiB", 4), 0);
    double mean = amount * 1024 / 1112;
    print_message("catalogue and plan: %.1f bytes per course\n", mean);
    assert_in_range((long long)mean, 1, COURSE_BYTES);
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_kept),
        cmocka_unit_test(in_a_small_container),
        cmocka_unit_test(bytes_per_course),
        cmocka_unit_test(many_take_no_more_than_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
