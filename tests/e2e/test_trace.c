/*
 * test_trace.c exercises `collect --trace` and `plot` as programs:
 *   the trace of a sweep gives a picture whose batch line rises and falls and whose RSS stays
 * below the budget; nothing is allocated for it during the sweep; a trace that cannot be
 * written ends the program before the sweep; plot says what is wrong in one line and keeps an
 * older picture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "e2e/sanitized.h"
#include "e2e/world.h"
#include "support/unit.h"

#define TEESHEET TS_BINARY_DIR "/teesheet"

static struct outcome_of_run plot(const char *dir, const char *trace, const char *picture)
{
    const char *const argv[] = { TEESHEET, "plot", trace, "--output", picture, NULL };
    return process_run(dir, argv, 20);
}

/* How often the line with this id falls, and its highest and lowest point on the page. */
static int falls_of(const char *svg, const char *id, double *ret_top, double *ret_bottom)
{
    const char *at = strstr(svg, id);
    assert_non_null(at);
    at = strstr(at, "points=\"") + 8;
    int falls = 0;
    double before = 1e9, x, y;
    *ret_top = 1e9;
    *ret_bottom = 0;
    for (int used; sscanf(at, "%lf,%lf %n", &x, &y, &used) == 2; at += used) {
        falls += y - before > 20; /* y grows downwards */
        before = y;
        *ret_top = y < *ret_top ? y : *ret_top;
        *ret_bottom = y > *ret_bottom ? y : *ret_bottom;
    }
    return falls;
}

static void check_picture(const char *path)
{
    char *svg = read_whole_file(path);
    double top, bottom;
    int falls = falls_of(svg, "id=\"batch\"", &top, &bottom);
    assert_in_range(falls, 3, 6); /* of five batches; the sampling may miss the last */
    assert_true(bottom - top > 80);
    (void)falls_of(svg, "id=\"rss\"", &top, &bottom);
    double budget = strtod(strstr(strstr(svg, "id=\"budget\""), "y1=\"") + 4, NULL);
    assert_true(TS_SANITIZED || top > budget + 20); /* sanitizers take memory of their own */
    free(svg);
}

static void a_sweep_gives_its_picture(void **state)
{
    (void)state;
    struct world world;
    static const char *const sim[] = { "--latency", "40", NULL };
    if (!world_begin(&world, WORLD_SQLITE, 50, sim)) {
        skip();
        return;
    }
    char trace[200], picture[200], older[100];
    (void)snprintf(trace, sizeof(trace), "%s/trace.csv", world.dir);
    (void)snprintf(picture, sizeof(picture), "%s/memory.svg", world.dir);
    const char *const options[] = {
        "--days", "5",         "--batch-size", "50", "--host-parallel", "10", "--trace",
        trace,    "--summary", "json",         NULL
    };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(world_summary_number(run.out, "allocations_start"),
                     world_summary_number(run.out, "allocations_end"));
    outcome_of_run_free(&run);
    run = plot(world.dir, trace, picture);
    assert_int_equal(run.exit_code, 0);
    assert_string_equal(run.err, "");
    outcome_of_run_free(&run);
    check_picture(picture);

    run = plot(world.dir, world.catalogue, picture);
    assert_int_equal(run.exit_code, 2);
    assert_int_equal(count_of(run.err, "\n"), 1);
    (void)snprintf(older, sizeof(older), "courses.csv:1: no trace");
    assert_non_null(strstr(run.err, older));
    outcome_of_run_free(&run);
    check_picture(picture);
    world_end(&world);
}

static void a_trace_that_cannot_be_written(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 2, NULL)) {
        skip();
        return;
    }
    static const char *const options[] = { "--trace", "/nonexistent/trace.csv", NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 2);
    assert_int_equal(count_of(run.err, "\n"), 1);
    assert_non_null(strstr(run.err, "--trace: cannot write /nonexistent/trace.csv: No such"));
    assert_false(world_has_store(&world));
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_gives_its_picture),
        cmocka_unit_test(a_trace_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
