/*
 * test_metrics.c exercises `collect --metrics-file` as a program, on both kinds of store:
 *   the file is whole whenever it is read, from the first request on, grows during a sweep and
 * counts what the summary counts; promtool finds nothing to say; the last sweep is told while
 * the next one runs; nothing is allocated for it and nothing is left beside it; a file that
 * cannot be written ends the program before the sweep, one that cannot be written any more
 * gives one warning; a sweep that cannot start is told too; the alert rules pass promtool.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "e2e/world.h"
#include "support/unit.h"

#define PROMTOOL "/usr/bin/promtool"
#define RULES    TS_SOURCE_DIR "/deploy/prometheus/teesheet-alerts"

static enum world_store store_kind;

static bool promtool_lacks(void)
{
    if (access(PROMTOOL, X_OK) == 0)
        return false;
    print_message("skipped: no promtool (Debian package prometheus)\n");
    return true;
}

static void metrics_path(const struct world *world, char *path, size_t cap)
{
    (void)snprintf(path, cap, "%s/metrics/teesheet.prom", world->dir);
}

/* A world with a folder for metrics. */
static bool begin(struct world *world, unsigned courses, const char *const *sim, char *path,
                  size_t cap)
{
    char folder[200];
    if (!world_begin(world, store_kind, courses, sim)) {
        skip();
        return false;
    }
    (void)snprintf(folder, sizeof(folder), "%s/metrics", world->dir);
    assert_int_equal(mkdir(folder, 0755), 0);
    metrics_path(world, path, cap);
    return true;
}

/* The value of the sample `NAME{LABELS}`; -1: there is none. */
static double sample(const char *text, const char *series)
{
    size_t len = strlen(series);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, series, len) == 0)
            return strtod(line + len, NULL);
    }
    return -1;
}

/* The sum of all samples of a family with this label. */
static double sum_of(const char *text, const char *family, const char *label)
{
    double sum = 0;
    char line[1000];
    size_t len;
    for (const char *at = text; *at; at += len + (at[len] == '\n')) {
        len = strcspn(at, "\n");
        (void)snprintf(line, sizeof(line), "%.*s", (int)len, at);
        if (strncmp(line, family, strlen(family)) == 0 && strstr(line, label))
            sum += strtod(strrchr(line, ' ') + 1, NULL);
    }
    return sum;
}

/* Written to its end: the last family is there, and its line ends. */
static void check_whole(const char *text)
{
    size_t len = strlen(text);
    assert_true(len > 1000);
    assert_int_equal(text[len - 1], '\n');
    assert_non_null(strstr(text, "\nteesheet_paused{scope=\"all\",reason=\"shutdown\"} "));
}

static unsigned files_in(const char *path)
{
    char folder[256];
    (void)snprintf(folder, sizeof(folder), "%s", path);
    *strrchr(folder, '/') = '\0';
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    unsigned count = 0;
    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    (void)closedir(dir);
    return count;
}

static void check_with_promtool(const struct world *world, const char *path)
{
    char command[400];
    (void)snprintf(command, sizeof(command), PROMTOOL " check metrics <%s", path);
    const char *const argv[] = { "/bin/sh", "-c", command, NULL };
    if (promtool_lacks())
        return;
    struct outcome_of_run run = process_run(world->dir, argv, 60);
    if (run.exit_code != 0 || run.err[0] || run.out[0])
        fail_msg("promtool check metrics: %d\n%s%s", run.exit_code, run.out, run.err);
    outcome_of_run_free(&run);
}

static void check_totals(const char *text, const char *summary)
{
    assert_true(sum_of(text, "teesheet_requests_total{", "engine=\"chronogolf\"") ==
                (double)world_summary_number(summary, "requests"));
    assert_true(sample(text, "teesheet_tee_sheets_total{scope=\"all\",outcome=\"open\"}") ==
                (double)world_summary_number(summary, "open"));
    assert_true(
        sample(text, "teesheet_tee_time_upserts_total{scope=\"all\",change=\"inserted\"}") ==
        (double)world_summary_number(summary, "inserted"));
    double batches = (double)world_summary_number(summary, "batches");
    assert_true(batches >= 5);
    assert_true(sample(text, "teesheet_batches_total{scope=\"all\"}") == batches);
    assert_true(sample(text, "teesheet_upsert_duration_seconds_count{scope=\"all\"}") ==
                batches);
    assert_true(sample(text, "teesheet_upsert_duration_seconds_sum{scope=\"all\"}") > 0);
    assert_true(sample(text, "teesheet_batch_size_bytes_sum{scope=\"all\"}") > 1000);
    assert_true(sample(text, "teesheet_resident_memory_peak_bytes{scope=\"all\"}") > 1e6);
    assert_true(sample(text, "teesheet_sweep_running{scope=\"all\"}") == 0);
    assert_true(sample(text, "teesheet_last_sweep_exit_code{scope=\"all\"}") == 0);
    assert_true(sample(text, "teesheet_last_sweep_observed_ratio{scope=\"all\"}") == 1);
}

static void a_sweep_counts_what_its_summary_says(void **state)
{
    (void)state;
    struct world world;
    char path[200];
    if (!begin(&world, 50, NULL, path, sizeof(path)))
        return;
    const char *const options[] = {
        "--days", "5", "--batch-size", "50", "--metrics-file", path, "--summary", "json", NULL
    };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    char *text = read_whole_file(path);
    check_whole(text);
    check_totals(text, run.out);
    assert_int_equal(world_summary_number(run.out, "allocations_start"),
                     world_summary_number(run.out, "allocations_end"));
    assert_int_equal(files_in(path), 1);
    check_with_promtool(&world, path);
    free(text);
    outcome_of_run_free(&run);
    world_end(&world);
}

struct growth {
    double requests; /* as last read */
    unsigned versions;
    unsigned running; /* of them: while the sweep runs */
};

/* Reads the file as it is now: always whole, and its counters only grow. */
static void look(const char *path, struct growth *growth)
{
    if (access(path, F_OK) != 0)
        return;
    char *text = read_whole_file(path);
    check_whole(text);
    double requests = sum_of(text, "teesheet_requests_total{", "class=");
    assert_true(requests >= growth->requests);
    growth->versions += requests > growth->requests;
    growth->running += sample(text, "teesheet_sweep_running{scope=\"all\"}") == 1;
    growth->requests = requests;
    free(text);
}

/* Twelve seconds and more: written at once, after ten, and at the end. */
static void it_grows_and_is_always_whole(void **state)
{
    (void)state;
    struct world world;
    char path[200];
    if (!begin(&world, 10, NULL, path, sizeof(path)))
        return;
    const char *const before[] = { "--days", "1", "--metrics-file", path, NULL };
    world_sweep_expect(&world, before, 0);
    char *text = read_whole_file(path);
    double ended = sample(text, "teesheet_last_sweep_timestamp_seconds{scope=\"all\"}");
    assert_true(ended > 0);
    free(text);
    assert_int_equal(unlink(path), 0);
    struct growth growth = { 0 };
    const char *const options[] = { "--days",         "3",  "--host-gap", "120ms",
                                    "--metrics-file", path, NULL };
    struct process sweep = world_start_sweep(&world, options);
    while (process_is_running(&sweep)) {
        look(path, &growth);
        (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    }
    struct outcome_of_run run = process_wait(&sweep, 60);
    assert_int_equal(run.exit_code, 0);
    look(path, &growth);
    assert_true(growth.versions >= 2);
    assert_true(growth.running > 0);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void the_last_sweep_is_told_while_the_next_one_runs(void **state)
{
    (void)state;
    struct world world;
    char path[200];
    if (!begin(&world, 5, NULL, path, sizeof(path)))
        return;
    const char *const options[] = { "--days", "2", "--metrics-file", path, NULL };
    world_sweep_expect(&world, options, 0);
    static const char *const sim[] = { "--latency", "200", NULL };
    world_restart_sim(&world, sim);
    struct process sweep = world_start_sweep(&world, options);
    double running = 0;
    while (process_is_running(&sweep) && running != 1) {
        char *text = read_whole_file(path);
        running = sample(text, "teesheet_sweep_running{scope=\"all\"}");
        assert_true(sample(text, "teesheet_last_sweep_timestamp_seconds{scope=\"all\"}") > 0);
        assert_true(sample(text, "teesheet_last_observation_timestamp_seconds{scope=\"all\"}") >
                    0);
        assert_true(sample(text, "teesheet_last_sweep_verdict{scope=\"all\",verdict="
                                 "\"complete\"}") == 1);
        free(text);
        (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    }
    assert_true(running == 1);
    struct outcome_of_run run = process_wait(&sweep, 120);
    assert_int_equal(run.exit_code, 0);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void refused_before_the_sweep(const struct world *world, const char *path,
                                     const char *reason)
{
    const char *const options[] = { "--metrics-file", path, NULL };
    struct outcome_of_run run = world_sweep(world, options);
    assert_int_equal(run.exit_code, 2);
    assert_int_equal(count_of(run.err, "\n"), 1);
    if (!strstr(run.err, "--metrics-file: cannot write ") || !strstr(run.err, reason))
        fail_msg("%s", run.err);
    outcome_of_run_free(&run);
}

static void a_file_that_cannot_be_written(void **state)
{
    (void)state;
    struct world world;
    char path[200];
    if (!begin(&world, 2, NULL, path, sizeof(path)))
        return;
    refused_before_the_sweep(&world, "/nonexistent/teesheet.prom", "No such file");
    refused_before_the_sweep(&world, world.dir, "it is no regular file");
    assert_false(world_has_store(&world));
    world_end(&world);
}

/* Its folder goes away at once; two writes or more fail. */
static void one_warning_during_the_sweep(void **state)
{
    (void)state;
    struct world world;
    char path[200], moved[200], folder[200];
    if (!begin(&world, 10, NULL, path, sizeof(path)))
        return;
    (void)snprintf(folder, sizeof(folder), "%s/metrics", world.dir);
    (void)snprintf(moved, sizeof(moved), "%s/moved", world.dir);
    const char *const options[] = { "--days",         "3",  "--host-gap", "120ms",
                                    "--metrics-file", path, NULL };
    time_t started_at = time(NULL);
    struct process sweep = world_start_sweep(&world, options);
    while (process_is_running(&sweep) && access(path, F_OK) != 0)
        (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    assert_int_equal(rename(folder, moved), 0);
    struct outcome_of_run run = process_wait(&sweep, 120);
    assert_int_equal(run.exit_code, 0);
    assert_true(time(NULL) - started_at > 11);
    assert_int_equal(count_of(run.err, "warning: --metrics-file: cannot write "), 1);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void a_sweep_that_cannot_start_is_told(void **state)
{
    (void)state;
    struct world world;
    char path[200];
    if (!begin(&world, 2, NULL, path, sizeof(path)))
        return;
    const char *const options[] = { "--memory", "1M", "--metrics-file", path, NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 2);
    char *text = read_whole_file(path);
    check_whole(text);
    assert_true(sample(text, "teesheet_last_sweep_exit_code{scope=\"all\"}") == 2);
    assert_true(sample(text, "teesheet_last_sweep_verdict{scope=\"all\",verdict=\"failed\"}") ==
                1);
    check_with_promtool(&world, path);
    free(text);
    outcome_of_run_free(&run);
    world_end(&world);
}

static void the_alerts_pass_promtool(void **state)
{
    (void)state;
    static const char *const check[] = { PROMTOOL, "check", "rules", RULES ".yml", NULL };
    static const char *const test[] = { PROMTOOL, "test", "rules", RULES ".test.yml", NULL };
    if (promtool_lacks()) {
        skip();
        return;
    }
    for (int i = 0; i < 2; i++) {
        struct outcome_of_run run = process_run("/tmp", i ? test : check, 60);
        if (run.exit_code != 0 || !strstr(run.out, "SUCCESS"))
            fail_msg("%s%s", run.out, run.err);
        outcome_of_run_free(&run);
    }
}

int main(int argc, char **argv)
{
    store_kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_counts_what_its_summary_says),
        cmocka_unit_test(it_grows_and_is_always_whole),
        cmocka_unit_test(the_last_sweep_is_told_while_the_next_one_runs),
        cmocka_unit_test(a_file_that_cannot_be_written),
        cmocka_unit_test(one_warning_during_the_sweep),
        cmocka_unit_test(a_sweep_that_cannot_start_is_told),
        cmocka_unit_test(the_alerts_pass_promtool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
