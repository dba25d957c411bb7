/*
 * test_plan_random.c exercises the whole plan with random courses of events: answers, refusals,
 * holds, failures, blocks, yields, second looks, proven not_released, deadlines.
 *   Each run ends; no host has more conversations than it may; each planned tee sheet ends in
 * one outcome or is skipped, in sum and by course; nothing is left to be waited for.
 */
#include <string.h>

#include "plan/outlook.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND    ((int64_t)1000000)
#define NOW_WALL  ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY     20883                 /* 2027-03-06 */
#define SEEDS     3000
#define TURNS_MAX 200000
#define SLOTS     4
#define HELD_MAX  64

#define V2(id, slug, window)                                                                   \
    id ",America/Denver,chronogolf,\"{\"\"club_slug\"\":\"\"" slug                             \
       "\"\",\"\"course_uuids\"\":[\"\"00000000-0000-4000-8000-0000000000" id                  \
       "\"\"]}\"," window ",\n"
#define TEEITUP(id, zone, alias, window)                                                       \
    id "," zone ",teeitup,\"{\"\"alias\"\":\"\"" alias "\"\"}\"," window ",\n"
#define CPS(id, subdomain, window)                                                             \
    id ",America/Denver,cps,\"{\"\"subdomain\"\":\"\"" subdomain                               \
       "\"\",\"\"courseIds\"\":\"\"1\"\"}\"," window ",\n"

static const char rows[] =
    V2("11", "oak", "5") V2("12", "oak", "7") V2("13", "elm", "") V2("14", "ash", "3")
        TEEITUP("15", "Pacific/Auckland", "a", "6") TEEITUP("16", "America/Denver", "b", "")
            TEEITUP("17", "America/Denver", "a", "6") CPS("18", "x", "6") CPS("19", "y", "");

struct held {
    uint32_t course;
    int32_t date;
};

struct run {
    struct plan *plan;
    struct plan_task tasks[SLOTS];
    uint32_t steps[SLOTS]; /* left; 0: the slot is free */
    uint32_t parallel, bad_percent;
    int64_t now, deadline;
    bool stopped;
    struct held held[HELD_MAX];
    uint32_t held_count;
    uint64_t outcomes, skipped, random;
};

static struct catalogue *catalogue;

static uint32_t below(struct run *run, uint32_t n)
{
    run->random = run->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((run->random >> 33) % n);
}

static void begin(struct run *run, uint64_t seed)
{
    struct plan_pace pace[32];
    struct plan_ages ages = { 0 };
    *run = (struct run){ .random = seed * 0x9e3779b97f4a7c15u, .now = 1000 * SECOND };
    run->parallel = 1 + below(run, 3);
    run->bad_percent = below(run, 100);
    run->deadline = below(run, 3) ? INT64_MAX : run->now + below(run, 200) * SECOND;
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i] = (struct plan_pace){ .gap_us = below(run, 3) ? SECOND : 0,
                                      .parallel = run->parallel };
    if (below(run, 2))
        assert_int_equal(plan_ages_parse(STR("0-1=15m,2+=1h"), &ages, NULL), TS_ERR_OK);
    const struct plan_config config = { .catalogue = catalogue,
                                        .now_wall = NOW_WALL,
                                        .pace = pace,
                                        .conversations_max = SLOTS,
                                        .retries = below(run, 4),
                                        .seed = seed,
                                        .ages = ages };
    assert_int_equal(plan_new(&config, &run->plan, NULL), TS_ERR_OK);
    for (int i = 0; i < 30; i++) {
        int64_t at = NOW_WALL - below(run, 20000);
        plan_known(run->plan, 11 + below(run, 9), TODAY + (int32_t)below(run, 9), at,
                   below(run, 2) ? at : 0);
    }
    plan_start(run->plan);
}

/* A committed batch gives held ones back, some time. */
static void look_again(struct run *run)
{
    while (run->held_count > 0 && below(run, 2)) {
        const struct held *held = &run->held[--run->held_count];
        run->outcomes -= plan_look_again(run->plan, held->course, held->date);
    }
}

static void start(struct run *run)
{
    int64_t wait;
    for (int i = 0; i < SLOTS; i++) {
        if (run->steps[i] > 0)
            continue;
        if (!plan_next(run->plan, run->now, &run->tasks[i], &wait))
            return;
        assert_true(run->tasks[i].courses_count > 0);
        run->steps[i] = 1 + below(run, 3);
    }
}

static void check_parallel(const struct run *run)
{
    for (int i = 0; i < SLOTS; i++) {
        uint32_t of_host = 0;
        for (int k = 0; k < SLOTS && run->steps[i] > 0; k++)
            of_host += run->steps[k] > 0 && run->tasks[k].host == run->tasks[i].host;
        assert_true(of_host <= run->parallel);
    }
}

static void finish(struct run *run, const struct plan_task *task, enum outcome outcome)
{
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    for (uint32_t i = 0; i < task->courses_count; i++) {
        sheets[i] = (struct tee_sheet){ .outcome = outcome };
        if (outcome == OUTCOME_OPEN && !task->second_look && run->held_count < HELD_MAX &&
            below(run, 10) == 0)
            run->held[run->held_count++] = (struct held){ task->courses[i], task->play_date };
    }
    run->outcomes += task->courses_count;
    plan_done(run->plan, task, sheets);
}

static enum outcome answered(struct run *run, const struct plan_task *task)
{
    plan_answered(run->plan, task, below(run, 1000000));
    if (below(run, 2))
        plan_tenant_wrote(run->plan, task, run->now + below(run, 100) * SECOND);
    if (below(run, 50) == 0)
        plan_tenant_drop(run->plan, task);
    return below(run, 12) ? OUTCOME_OPEN : OUTCOME_NOT_RELEASED;
}

static enum outcome went_wrong(struct run *run, const struct plan_task *task)
{
    int64_t took = below(run, 1000000);
    switch (below(run, 12)) {
    case 0:
        plan_block(run->plan, task, below(run, 4) == 0);
        return OUTCOME_BLOCKED;
    case 1:
    case 2:
    case 3:
        plan_set_hold(run->plan, task->host, run->now + below(run, 60) * SECOND);
        plan_refused(run->plan, task, run->now, took);
        return OUTCOME_THROTTLED;
    case 4:
    case 5:
        plan_answered(run->plan, task, took);
        return OUTCOME_UNREADABLE;
    default:
        plan_failed(run->plan, task, run->now, took);
        return OUTCOME_UNREACHABLE;
    }
}

/* Sends the next request of a conversation, whose reply is there at once. False: it waits. */
static bool go_on(struct run *run, int slot)
{
    const struct plan_task *task = &run->tasks[slot];
    int64_t wait = plan_wait_us(run->plan, task, run->now);
    if (wait < 0 || wait > 5 * SECOND) {
        if (!plan_yield(run->plan, task, run->now))
            plan_abandon(run->plan, task);
        run->steps[slot] = 0;
        return true;
    }
    if (wait > 0)
        return false;
    plan_sent(run->plan, task, run->now);
    bool good = below(run, 100) >= run->bad_percent;
    enum outcome outcome = good ? answered(run, task) : went_wrong(run, task);
    if (good && --run->steps[slot] > 0)
        return true;
    run->steps[slot] = 0;
    bool can_retry = outcome == OUTCOME_THROTTLED || outcome == OUTCOME_UNREACHABLE;
    if (!can_retry || !plan_again(run->plan, task, run->now))
        finish(run, task, outcome);
    return true;
}

static void turn(struct run *run)
{
    bool moved = false;
    if (run->now >= run->deadline && !run->stopped) {
        plan_stop(run->plan);
        run->stopped = true;
    }
    look_again(run);
    start(run);
    check_parallel(run);
    for (int i = 0; i < SLOTS; i++)
        moved |= run->steps[i] > 0 && go_on(run, i);
    run->skipped += plan_take_skipped(run->plan);
    if (!moved)
        run->now += 1 + below(run, 3000000);
}

static void check_sums(struct run *run, uint64_t seed)
{
    uint64_t by_course = 0;
    struct plan_totals totals = plan_totals(run->plan);
    for (uint32_t i = 0; i < catalogue->courses_count; i++)
        by_course += plan_skipped_of(run->plan, i);
    if (run->outcomes + run->skipped != totals.tee_sheets || totals.done != totals.tee_sheets)
        fail_msg("seed %d: %d outcomes and %d skipped of %d planned, %d done", (int)seed,
                 (int)run->outcomes, (int)run->skipped, (int)totals.tee_sheets,
                 (int)totals.done);
    assert_int_equal(by_course, run->skipped);
    assert_int_equal(plan_eta_us(run->plan, run->now), 0);
}

static void every_tee_sheet_is_accounted_for(void **state)
{
    (void)state;
    catalogue = catalogue_of(rows);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct run run;
        uint32_t turns = 0;
        begin(&run, seed);
        while (!plan_finished(run.plan) || run.held_count > 0) {
            turn(&run);
            if (++turns > TURNS_MAX)
                fail_msg("seed %d does not end", (int)seed);
        }
        run.skipped += plan_take_skipped(run.plan);
        check_sums(&run, seed);
        plan_free(run.plan);
    }
    catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_tee_sheet_is_accounted_for) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
