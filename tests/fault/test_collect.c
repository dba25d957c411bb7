/*
 * test_collect.c exercises what the program makes of every failing call, once per kind of
 * store: `teesheet collect` of 20 tee sheets from the simulator into an empty store, and
 * `teesheet courses import`, as children of this process, with the n-th allocation (ours,
 * libcurl's, SQLite's, libpq's, OpenSSL's), write, sync, open, ftruncate or rename failed, once
 * and for good. After each: no crash and no hang; exit code 0 only with all of the truth in the
 * store, 5 only with none, never 1 or 4; memory is given back; the store passes its integrity
 * check and holds whole and true tee sheets only; and a following undisturbed run completes.
 * SQLite: every batch is synced to the disk.
 * Every 17th n, others each day; TS_FAULT_ALL=1 tests each. TS_FAULT_STRIDE, TS_FAULT_KINDS
 * and TS_FAULT_N choose, and `imports` or `collects` behind the kind of store one of the jobs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "cmd/cmd.h"
#include "domain/exits.h"
#include "e2e/world.h"
#include "fault/campaign.h"
#include "fault/store_state.h"
#include "support/unit.h"

#define FLEET   60
#define COURSES 4
#define SHEETS  20
#define BATCHES 3 /* of 8 tee sheets at most */
#define DATES   "2026-12-04..2026-12-08"
#define STRIDE  17

#define COMPLETED_MAX   64
#define DEADLINE_MS_MIN 400
#define DEADLINE_TIMES  5 /* what an undisturbed run takes */

static enum world_store kind;

struct theatre {
    struct world world;
    struct store_eye eye;
    struct store_state whole, state;
    struct campaign campaign;
    const char *now;
    uint64_t completed[COMPLETED_MAX]; /* prints of stores that a following run has completed */
    unsigned completed_count;
    char deadline[32]; /* of disturbed runs */
};

/* The engine that takes the fewest requests for a tee sheet, and courses with the fewest tee
 * times: each kind of observed tee sheet is there, and each n the sooner tested. */
static const char *const sim_options[] = { "--kind", "v2", "--course-ids",
                                           "1015,1027,1032,1047", NULL };

static void make_catalogue(const struct world *world)
{
    char option[200];
    (void)snprintf(option, sizeof(option), "--catalogue=%s", world->catalogue);
    const char *const argv[] = { TS_BINARY_DIR "/teesheet-sim",
                                 sim_options[0],
                                 sim_options[1],
                                 sim_options[2],
                                 sim_options[3],
                                 "--courses",
                                 world->courses,
                                 option,
                                 NULL };
    struct outcome_of_run run = process_run(world->dir, argv, 30);
    assert_int_equal(run.exit_code, 0);
    outcome_of_run_free(&run);
}

static void begin_theatre(struct theatre *theatre)
{
    *theatre = (struct theatre){ .now = WORLD_NOW };
    if (!world_begin(&theatre->world, kind, FLEET, sim_options))
        skip();
    make_catalogue(&theatre->world);
    /* Thousands of commits: not to a real disk. */
    if (kind == WORLD_SQLITE && access("/dev/shm", W_OK) == 0)
        (void)snprintf(theatre->world.store_url, sizeof(theatre->world.store_url),
                       "sqlite:/dev/shm/teesheet-fault-%d.db", (int)getpid());
    store_eye_open(&theatre->eye, theatre->world.store_url);
}

static void end_theatre(struct theatre *theatre)
{
    store_eye_empty(&theatre->eye);
    store_eye_close(&theatre->eye);
    world_end(&theatre->world);
}

static void empty(void *ctx)
{
    struct theatre *theatre = ctx;
    theatre->now = WORLD_NOW;
    store_eye_empty(&theatre->eye);
}

static void copy_args(char *argv[], const char *const *texts, int count)
{
    for (int i = 0; i < count; i++) {
        union {
            const char *text;
            char *arg;
        } both = { texts[i] };
        argv[i] = both.arg;
    }
    argv[count] = NULL;
}

/* What cannot go on need not be waited for, but a busy machine must not cut a run short before
 * its n-th call. */
static int run_undisturbed(struct theatre *theatre)
{
    int64_t start_us = clock_monotonic_us();
    int exit_code = campaign_undisturbed(&theatre->campaign);
    int64_t ms = (clock_monotonic_us() - start_us) / 1000 * DEADLINE_TIMES;
    (void)snprintf(theatre->deadline, sizeof(theatre->deadline), "%lldms",
                   (long long)(ms > DEADLINE_MS_MIN ? ms : DEADLINE_MS_MIN));
    return exit_code;
}

static int collect(void *ctx, bool disturbed)
{
    const struct theatre *theatre = ctx;
    const struct world *world = &theatre->world;
    const char *const texts[] = { "collect",
                                  "--now",
                                  theatre->now,
                                  "--courses",
                                  world->catalogue,
                                  "--engine-url",
                                  world->engine_url,
                                  "--store",
                                  world->store_url,
                                  "--max-age",
                                  "1h",
                                  "--fail-on",
                                  "any",
                                  "--host-gap",
                                  "0",
                                  "--days",
                                  "5",
                                  "--batch-size",
                                  "8",
                                  "--concurrency",
                                  "4",
                                  "--retries",
                                  "1",
                                  "--deadline",
                                  disturbed ? theatre->deadline : "30s",
                                  "--timeout",
                                  disturbed ? "1s" : "30s",
                                  "--store-patience",
                                  disturbed ? "300ms" : "30s",
                                  "--progress",
                                  "off" };
    char *argv[TS_COUNT_OF(texts) + 1];
    copy_args(argv, texts, TS_COUNT_OF(texts));
    return cmd_collect.run(TS_COUNT_OF(texts), argv);
}

static int import(void *ctx, bool disturbed)
{
    (void)disturbed;
    const struct theatre *theatre = ctx;
    const char *const texts[] = { "courses", "import", theatre->world.catalogue, "--store",
                                  theatre->world.store_url };
    char *argv[TS_COUNT_OF(texts) + 1];
    copy_args(argv, texts, TS_COUNT_OF(texts));
    return cmd_courses.run(TS_COUNT_OF(texts), argv);
}

/* The truth is what an undisturbed run stores, which the simulator confirms for a sweep. */
static void learn_truth(struct theatre *theatre)
{
    campaign_warm(&theatre->campaign);
    empty(theatre);
    assert_int_equal(run_undisturbed(theatre), 0);
    const char *wrong = store_eye_look(&theatre->eye, &theatre->whole);
    if (wrong)
        fail_msg("%s", wrong);
    assert_int_equal(theatre->whole.courses, COURSES);
}

static bool is_whole(const struct theatre *theatre)
{
    return theatre->state.courses == COURSES &&
           strcmp(theatre->state.text, theatre->whole.text) == 0;
}

static const char *look(struct theatre *theatre)
{
    const char *wrong = store_eye_look(&theatre->eye, &theatre->state);
    if (wrong)
        return wrong;
    if (!store_state_is_part(&theatre->state, &theatre->whole))
        return "the store holds what is not the truth";
    if (theatre->state.courses != 0 && theatre->state.courses != COURSES)
        return "a part of the catalogue is stored";
    return NULL;
}

static const char *judge_exit_code(const struct theatre *theatre,
                                   const struct campaign_run *run)
{
    switch (run->exit_code) {
    case EXIT_GOOD:
        return is_whole(theatre) ? NULL : "not all is stored, and it said that all is well";
    case EXIT_NO_START:
    case EXIT_WORSE: /* also by the deadline, on a busy machine */
        break;
    case EXIT_BLIND:
        if (theatre->state.sheets > 0)
            return "it observed, and said that it is blind";
        break;
    default:
        return "wrong exit code";
    }
    if (run->said[0] == '\0' && run->plan->kind == FAULT_ALLOC)
        return "it failed without a word";
    return NULL;
}

static bool was_completed(const struct theatre *theatre, uint64_t print)
{
    for (unsigned i = 0; i < theatre->completed_count; i++) {
        if (theatre->completed[i] == print)
            return true;
    }
    return false;
}

static const char *judge_next_run(struct theatre *theatre)
{
    uint64_t print = store_eye_print(&theatre->eye);
    if (print && was_completed(theatre, print))
        return NULL;
    theatre->now = WORLD_LATER;
    if (run_undisturbed(theatre) != 0)
        return "the next run fails";
    const char *wrong = look(theatre);
    if (!wrong && !is_whole(theatre))
        wrong = "the next run does not complete the store";
    if (!wrong && print && theatre->completed_count < COMPLETED_MAX)
        theatre->completed[theatre->completed_count++] = print;
    return wrong;
}

static const char *judge(void *ctx, const struct campaign_run *run)
{
    struct theatre *theatre = ctx;
    const char *wrong = look(theatre);
    if (!wrong)
        wrong = judge_exit_code(theatre, run);
    if (wrong || run->exit_code == EXIT_GOOD)
        return wrong;
    return judge_next_run(theatre);
}

/* A power cut takes nothing that was committed. A sweep does all that an import does, and then
 * commits its batches. */
static void check_syncs(const struct theatre *theatre, bool sweeps)
{
    static uint64_t of_import;
    uint64_t syncs = campaign_count(&theatre->campaign, FAULT_SYNC);
    assert_true(syncs >= (sweeps ? of_import + BATCHES : 1));
    if (!sweeps)
        of_import = syncs;
}

static void fight(int (*job)(void *ctx, bool disturbed), const char *name, bool sweeps)
{
    struct theatre *theatre = calloc(1, sizeof(*theatre));
    assert_non_null(theatre);
    begin_theatre(theatre);
    theatre->campaign = (struct campaign){
        .name = name,
        .job = job,
        .prepare = empty,
        .judge = judge,
        .ctx = theatre,
        .stride = STRIDE,
    };
    learn_truth(theatre);
    if (sweeps) {
        assert_int_equal(theatre->whole.sheets, SHEETS);
        world_check_truth(&theatre->world, DATES);
    }
    if (kind == WORLD_SQLITE)
        check_syncs(theatre, sweeps);
    (void)campaign_fight(&theatre->campaign);
    end_theatre(theatre);
    free(theatre);
}

static void collects(void **state)
{
    (void)state;
    fight(collect, kind == WORLD_SQLITE ? "collect into SQLite" : "collect into PostgreSQL",
          true);
}

static void imports(void **state)
{
    (void)state;
    fight(import, kind == WORLD_SQLITE ? "import into SQLite" : "import into PostgreSQL",
          false);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports),
        cmocka_unit_test(collects),
    };
    if (argc > 2)
        cmocka_set_test_filter(argv[2]); /* imports or collects */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
