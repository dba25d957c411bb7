/*
 * test_parts.c: what answers no more is named.
 *
 * Exercises: an engine that was observed and is blind now: exit code 3, named in both forms of
 * the summary and by `teesheet runs`; --fail-on blind lets it pass; its courses are named once
 * they were unknown three sweeps in a row; all of it is gone when the engine is back.
 */
#include <stdio.h>
#include <string.h>

#include "e2e/world.h"
#include "support/unit.h"

#define COURSES  16
#define TEESHEET TS_BINARY_DIR "/teesheet"
#define DARK     "--engine-url", "chronogolf=http://127.0.0.1:1", "--retries", "0"

static enum world_store kind;
static struct world world;

/* Each a minute after the last one. */
static void sweep(const char *const *options, int exit_code, const char *says, bool expected)
{
    static int minute;
    char now[32];
    (void)snprintf(now, sizeof(now), "2026-12-04T09:%02d:00Z", minute++);
    world.now = now;
    struct outcome_of_run run = world_sweep(&world, options);
    if (run.exit_code != exit_code || !strstr(run.out, says) == expected)
        fail_msg("%s: exit code %d; it said:\n%s", says, run.exit_code, run.out);
    outcome_of_run_free(&run);
    world.now = WORLD_NOW;
}

static void check_runs(const char *says)
{
    const char *const argv[] = { TEESHEET,  "runs",          "--limit", "1",
                                 "--store", world.store_url, NULL };
    struct outcome_of_run run = process_run(world.dir, argv, 30);
    if (run.exit_code != 0 || !strstr(run.out, says))
        fail_msg("no %s in %s%s", says, run.err, run.out);
    outcome_of_run_free(&run);
}

static void an_engine_goes_dark(void **state)
{
    (void)state;
    static const char *const good[] = { "--days", "1", NULL };
    static const char *const dark[] = { "--days", "1", DARK, NULL };
    static const char *const in_json[] = { "--days", "1", DARK, "--summary", "json", NULL };
    static const char *const lenient[] = { "--days", "1", DARK, "--fail-on", "blind", NULL };
    if (!world_begin_mixed(&world, kind, COURSES, NULL))
        skip();
    sweep(good, 0, "newly", false);
    sweep(dark, 3, "engine chronogolf: newly blind, 0 of ", true);
    check_runs("engine chronogolf blind");
    sweep(in_json, 3, "\"part\":\"engine chronogolf\",\"verdict\":\"blind\"", true);
    sweep(lenient, 0, "  silent        ", true);
    sweep(in_json, 3, "\"unknown_sweeps\":4", true);
    sweep(good, 0, "silent", false);
    assert_int_equal(world_number(&world, "select count(*) from runs where worst like "
                                          "'%engine chronogolf blind%'"),
                     4);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = { cmocka_unit_test(an_engine_goes_dark) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
