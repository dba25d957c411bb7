/*
 * test_modules.c exercises what constructors leave when their n-th allocation or open fails,
 * for every n, once and for good: arena, blocks, batch, loop, fetch, catalogue and plan. The
 * failure is told, nothing is leaked, nothing crashes. And that a campaign ends behind the last
 * call, not at a run that had fewer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/blocks.h"
#include "base/loop.h"
#include "batch/batch.h"
#include "catalogue/catalogue.h"
#include "fault/campaign.h"
#include "fetch/fetch.h"
#include "plan/plan.h"
#include "support/unit.h"

#define PIECE_BYTES 65536
#define TRANSFERS   3
#define CALLS       6
#define HURRIED_RUN 5          /* of n = 2, the next as well: 1 is the warm one, 2 the count */
#define NOW_WALL    1796374800 /* 2026-12-04T09:00:00Z */

static char catalogue_path[] = "/tmp/teesheet-fault-XXXXXX.csv";

static int make_small_ones(void *ctx, bool disturbed)
{
    (void)ctx;
    (void)disturbed;
    struct arena arena = { 0 };
    struct blocks *blocks = NULL;
    struct batch *batch = NULL;
    ts_err err = arena_init(&arena, PIECE_BYTES);
    if (!err)
        err = blocks_new(&blocks, PIECE_BYTES);
    if (!err)
        err = batch_new(&batch, 10, PIECE_BYTES);
    batch_free(batch);
    blocks_free(blocks);
    arena_done(&arena);
    return (int)err;
}

static int make_fetch(void *ctx, bool disturbed)
{
    (void)ctx;
    (void)disturbed;
    struct loop *loop = NULL;
    struct fetch *fetch = NULL;
    struct fetch_config config = { .transfers_max = TRANSFERS,
                                   .timeout_us = 1000000,
                                   .idle_timeout_us = 1000000,
                                   .connect_timeout_us = 1000000,
                                   .user_agent = "fault" };
    ts_err err = loop_new(&loop, TRANSFERS * FETCH_FDS_PER_TRANSFER, NULL);
    config.loop = loop;
    if (!err)
        err = fetch_global_init(NULL);
    if (!err)
        err = fetch_new(&config, &fetch, NULL);
    fetch_free(fetch);
    loop_free(loop);
    fetch_global_done();
    return (int)err;
}

static int make_plan(void *ctx, bool disturbed)
{
    (void)ctx;
    (void)disturbed;
    struct plan_pace *const pace = (struct plan_pace[32]){ { 0 } };
    struct catalogue *catalogue = NULL;
    struct plan *plan = NULL;
    struct catalogue_config from = { .path = catalogue_path };
    ts_err err = catalogue_load(&from, &catalogue, NULL);
    struct plan_config config = { .catalogue = catalogue,
                                  .now_wall = NOW_WALL,
                                  .pace = pace,
                                  .conversations_max = TRANSFERS };
    if (!err)
        err = plan_new(&config, &plan, NULL);
    int courses = err ? 0 : (int)catalogue->courses_count;
    plan_free(plan);
    catalogue_free(catalogue);
    return err ? (int)err : 2 - courses;
}

static void nothing_to_prepare(void *ctx)
{
    (void)ctx;
}

static const char *judge(void *ctx, const struct campaign_run *run)
{
    (void)ctx;
    if (run->report->failed == 0 || run->plan->kind != FAULT_ALLOC)
        return NULL;
    switch (run->exit_code) {
    case TS_ERR_OK: /* libcsv asks for less then, and the job has checked what came out */
    case TS_ERR_NOMEM:
        return NULL;
    case TS_ERR_IO: /* fopen's memory */
    case TS_ERR_INTERNAL:
        return run->report->failed_of == FAULT_OURS ? "our own memory is not TS_ERR_NOMEM"
                                                    : NULL;
    default:
        return "wrong error";
    }
}

static void fight(const char *name, int (*job)(void *ctx, bool disturbed))
{
    const struct campaign campaign = {
        .name = name, .job = job, .prepare = nothing_to_prepare, .judge = judge, .stride = 1
    };
    campaign_warm(&campaign);
    (void)campaign_fight(&campaign);
}

static void arena_blocks_batch(void **state)
{
    (void)state;
    fight("arena, blocks, batch", make_small_ones);
}

static void loop_and_fetch(void **state)
{
    (void)state;
    fight("loop, fetch", make_fetch);
}

static void catalogue_and_plan(void **state)
{
    (void)state;
    int fd = mkstemps(catalogue_path, 4);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs("id,timezone,engine,engine_attributes,booking_window_days\n"
                      "1,America/Denver,chronogolf,\"{\"\"club_slug\"\": \"\"larch\"\", "
                      "\"\"course_uuids\"\": "
                      "[\"\"bd3add39-a409-4638-ad9c-1b4e00000000\"\"]}\",7\n"
                      "2,America/Phoenix,chronogolf,\"{\"\"club_slug\"\": \"\"prairie\"\", "
                      "\"\"course_uuids\"\": "
                      "[\"\"3657d533-104e-4629-af83-284300000003\"\"]}\",7\n",
                      file) >= 0);
    assert_int_equal(fclose(file), 0);
    fight("catalogue, plan", make_plan);
    (void)unlink(catalogue_path);
}

/* ---- the campaign itself ---- */

static void count_run(void *ctx)
{
    unsigned *runs = ctx;
    (*runs)++;
}

static int hurry_twice(void *ctx, bool disturbed)
{
    const unsigned *runs = ctx;
    void *pieces[CALLS] = { NULL };
    int calls = disturbed && (*runs == HURRIED_RUN || *runs == HURRIED_RUN + 1) ? 1 : CALLS;
    for (int i = 0; i < calls; i++)
        pieces[i] = malloc(1);
    for (int i = 0; i < calls; i++)
        free(pieces[i]);
    return 0;
}

static void a_run_cut_short_does_not_end_the_campaign(void **state)
{
    (void)state;
    (void)unsetenv("TS_FAULT_STRIDE");
    (void)unsetenv("TS_FAULT_N");
    (void)unsetenv("TS_FAULT_KINDS");
    unsigned runs = 0;
    const struct campaign campaign = { .name = "hurry",
                                       .job = hurry_twice,
                                       .prepare = count_run,
                                       .judge = judge,
                                       .ctx = &runs,
                                       .stride = 1 };
    campaign_warm(&campaign);
    assert_int_equal(campaign_fight(&campaign), 2 * CALLS - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_blocks_batch),
        cmocka_unit_test(loop_and_fetch),
        cmocka_unit_test(catalogue_and_plan),
        cmocka_unit_test(a_run_cut_short_does_not_end_the_campaign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
