/*
 * test_plan_pace.c exercises plan/queue with plan/pace and plan/breaker in simulated time, from
 * plan_next to the reply, against one host with latency and jitter:
 *   many permitted rates, several conversations at once, Retry-After, seeds; an outage leaves
 * no slow pace behind; a tenant that always fails does not slow its neighbours; a host that
 * only refuses is given up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/outlook.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND     ((int64_t)1000000)
#define NOW_WALL   ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define SLOTS      10
#define STEPS      3
#define SETTLED_US (60 * SECOND)

enum answer { ACCEPTED, REFUSED, FAILED };

struct trial {
    double rate, depth; /* token bucket; rate 0: permits all */
    int64_t gap_us, latency_us, retry_after_us;
    uint32_t parallel, tenants;
    int64_t until_us, fails_from_us, fails_until_us;
    enum answer always; /* but ACCEPTED: its answer to all */
    bool bad_tenant;    /* tenant 3 always fails */
    uint64_t seed;
};

struct slot {
    struct plan_task task;
    enum { FREE, READY, SENT } state;
    int64_t sent_at, reply_at;
    enum answer answer;
    int steps;
};

struct world {
    const struct trial *trial;
    struct catalogue *catalogue;
    struct plan *plan;
    struct slot slots[SLOTS];
    int64_t now, wake, bucket_at;
    double tokens;
    uint64_t random;
    uint64_t accepted, refused; /* after SETTLED_US */
    uint64_t tail_accepted;     /* in the last minute */
    uint64_t requests, tee_sheets;
};

static int64_t at_random(struct world *world, int64_t below)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((world->random >> 33) % (uint64_t)below);
}

static void make(struct world *world, const struct trial *trial)
{
    static char rows[16384];
    struct buf buf = buf_over(rows, sizeof(rows));
    struct plan_pace pace[32];
    *world = (struct world){ .trial = trial, .tokens = trial->depth, .random = trial->seed };
    for (uint32_t i = 1; i <= trial->tenants; i++)
        buf_printf(&buf,
                   "%u,America/Denver,chronogolf,\"{\"\"club_id\"\":1%u,\"\"course_id\"\":2%u,"
                   "\"\"affiliation_type_id\"\":3}\",90,\n",
                   i, i, i);
    world->catalogue = catalogue_of(rows);
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i] = (struct plan_pace){ .gap_us = trial->gap_us, .parallel = trial->parallel };
    const struct plan_config config = { .catalogue = world->catalogue,
                                        .now_wall = NOW_WALL,
                                        .pace = pace,
                                        .conversations_max = SLOTS,
                                        .retries = 4,
                                        .seed = trial->seed };
    assert_int_equal(plan_new(&config, &world->plan, NULL), TS_ERR_OK);
    plan_start(world->plan);
}

static void unmake(struct world *world)
{
    plan_free(world->plan);
    catalogue_free(world->catalogue);
}

static enum answer answer_of(struct world *world, const struct slot *slot)
{
    const struct trial *trial = world->trial;
    if (trial->always != ACCEPTED)
        return trial->always;
    if ((world->now >= trial->fails_from_us && world->now < trial->fails_until_us) ||
        (trial->bad_tenant && slot->task.tenant == 3))
        return FAILED;
    world->tokens += (double)(world->now - world->bucket_at) / 1e6 * trial->rate;
    world->bucket_at = world->now;
    if (world->tokens > trial->depth)
        world->tokens = trial->depth;
    if (trial->rate > 0 && world->tokens < 1)
        return REFUSED;
    world->tokens -= 1;
    return ACCEPTED;
}

static void end(struct world *world, struct slot *slot, enum outcome outcome)
{
    const struct tee_sheet sheet = { .outcome = outcome };
    plan_done(world->plan, &slot->task, &sheet);
    world->tee_sheets += outcome == OUTCOME_OPEN;
    slot->state = FREE;
}

static void reply(struct world *world, struct slot *slot)
{
    int64_t took = world->now - slot->sent_at;
    slot->state = READY;
    if (world->now >= SETTLED_US) {
        world->accepted += slot->answer == ACCEPTED;
        world->refused += slot->answer == REFUSED;
    }
    if (slot->answer == ACCEPTED) {
        world->tail_accepted += world->now >= world->trial->until_us - 60 * SECOND;
        plan_answered(world->plan, &slot->task, took);
        if (++slot->steps == STEPS)
            end(world, slot, OUTCOME_OPEN);
        return;
    }
    if (slot->answer == REFUSED) {
        if (world->trial->retry_after_us > 0)
            plan_set_hold(world->plan, slot->task.host,
                          world->now + world->trial->retry_after_us);
        plan_refused(world->plan, &slot->task, world->now, took);
    } else {
        plan_failed(world->plan, &slot->task, world->now, took);
    }
    if (plan_again(world->plan, &slot->task, world->now))
        slot->state = FREE;
    else
        end(world, slot, OUTCOME_UNREACHABLE);
}

static void wake_at(struct world *world, int64_t at)
{
    if (at < world->wake)
        world->wake = at;
}

static void send_when_due(struct world *world, struct slot *slot)
{
    int64_t wait = plan_wait_us(world->plan, &slot->task, world->now);
    if (wait > 0) {
        wake_at(world, world->now + wait);
        return;
    }
    plan_sent(world->plan, &slot->task, world->now);
    int64_t latency = world->trial->latency_us;
    *slot = (struct slot){ .task = slot->task,
                           .state = SENT,
                           .sent_at = world->now,
                           .reply_at = world->now + latency + at_random(world, latency),
                           .answer = answer_of(world, slot),
                           .steps = slot->steps };
    world->requests++;
    wake_at(world, slot->reply_at);
}

static void start(struct world *world, struct slot *slot)
{
    int64_t wait;
    if (plan_next(world->plan, world->now, &slot->task, &wait)) {
        slot->state = READY;
        slot->steps = 0;
        send_when_due(world, slot);
    } else if (wait > 0) {
        wake_at(world, world->now + wait);
    }
}

static void turn(struct world *world)
{
    for (int i = 0; i < SLOTS; i++) {
        struct slot *slot = &world->slots[i];
        if (slot->state == SENT && slot->reply_at <= world->now)
            reply(world, slot);
        if (slot->state == SENT)
            wake_at(world, slot->reply_at);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (world->slots[i].state == READY)
            send_when_due(world, &world->slots[i]);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (world->slots[i].state == FREE)
            start(world, &world->slots[i]);
    }
}

static void run(struct world *world)
{
    while (world->now < world->trial->until_us && !plan_finished(world->plan)) {
        world->wake = world->now + SECOND;
        turn(world);
        world->now = world->wake > world->now ? world->wake : world->now + 1;
    }
}

static void check_rate(const struct trial *trial)
{
    struct world world;
    make(&world, trial);
    run(&world);
    double share =
        (double)world.accepted * 1e6 / (double)(world.now - SETTLED_US) / trial->rate;
    double refused = (double)world.refused / (double)(world.accepted + world.refused);
    if (share < 0.9 || share > 1.1 || refused >= 0.02)
        fail_msg("rate %.1f depth %.0f gap %.2f s parallel %u seed %d: %.3f of it, %.4f "
                 "refused",
                 trial->rate, trial->depth, (double)trial->gap_us / 1e6, trial->parallel,
                 (int)trial->seed, share, refused);
    unmake(&world);
}

static void settles_whatever_the_host_permits(void **state)
{
    (void)state;
    static const double rates[] = { 0.2, 0.5, 1, 3 };
    static const uint32_t parallels[] = { 1, 2, 4 };
    for (int i = 0; i < 192; i++) {
        double rate = rates[i % 4];
        uint32_t parallel = parallels[i / 4 % 3];
        double latency_us = 0.3e6 * parallel / rate;
        check_rate(
            &(struct trial){ .rate = rate,
                             .depth = 10,
                             .gap_us = (int64_t)(1e6 / (rate * (i / 12 % 2 ? 8 : 3))),
                             .latency_us = latency_us < 1e6 ? (int64_t)latency_us : SECOND,
                             .retry_after_us = i / 24 % 2 ? SECOND : 0,
                             .parallel = parallel,
                             .tenants = 100,
                             .until_us = 1800 * SECOND,
                             .seed = (uint64_t)(i / 48 + 1) });
    }
}

/* Minutes after the outage the host is asked as before it. */
static void an_outage_leaves_no_slow_pace(void **state)
{
    (void)state;
    const struct trial trial = { .gap_us = 2500000,
                                 .latency_us = SECOND / 5,
                                 .parallel = 1,
                                 .tenants = 40,
                                 .until_us = 720 * SECOND,
                                 .fails_from_us = 60 * SECOND,
                                 .fails_until_us = 120 * SECOND,
                                 .seed = 1 };
    struct world world;
    make(&world, &trial);
    run(&world);
    assert_true(world.tail_accepted >= 23); /* of 24 */
    unmake(&world);
}

static void a_bad_tenant_does_not_slow_its_neighbours(void **state)
{
    (void)state;
    struct trial trial = { .gap_us = 2500000,
                           .latency_us = SECOND / 5,
                           .parallel = 1,
                           .tenants = 40,
                           .until_us = 1200 * SECOND,
                           .seed = 1 };
    uint64_t tee_sheets[2];
    for (int bad = 0; bad < 2; bad++) {
        struct world world;
        trial.bad_tenant = bad;
        make(&world, &trial);
        run(&world);
        tee_sheets[bad] = world.tee_sheets;
        unmake(&world);
    }
    assert_true(tee_sheets[1] * 10 >= tee_sheets[0] * 9);
}

static void a_host_that_only_refuses_is_given_up(void **state)
{
    (void)state;
    const struct trial trial = { .gap_us = SECOND,
                                 .latency_us = SECOND / 5,
                                 .parallel = 1,
                                 .tenants = 40,
                                 .until_us = 36000 * SECOND,
                                 .always = REFUSED,
                                 .seed = 1 };
    struct world world;
    make(&world, &trial);
    run(&world);
    assert_true(plan_host(world.plan, 0).stopped);
    assert_int_equal(world.requests, 30);
    assert_true(world.now > 300 * SECOND && world.now < 900 * SECOND);
    unmake(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settles_whatever_the_host_permits),
        cmocka_unit_test(an_outage_leaves_no_slow_pace),
        cmocka_unit_test(a_bad_tenant_does_not_slow_its_neighbours),
        cmocka_unit_test(a_host_that_only_refuses_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
