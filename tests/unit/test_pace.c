/*
 * test_pace.c exercises plan/pace in simulated time:
 *   against token buckets of many unknown rates and depths the pace settles within 10 % of the
 * permitted rate with under 2 % rejected requests after 60 s; never faster than the floor nor
 * slower than the ceiling; starts where it left off, but for what failures took; requests under
 * way together are one fall; limits that are gone are left behind; a slow host is not pushed;
 * parallelism halves and comes back; a lifted pace is not tuned.
 */
#include "plan/pace.h"
#include "support/unit.h"

#define SECOND ((int64_t)1000000)

/* A host that permits `rate` requests per second with bursts of `depth` (token bucket). */
struct bucket {
    double rate, depth, tokens;
    int64_t last_us;
};

static bool takes(struct bucket *bucket, int64_t now_us)
{
    bucket->tokens += (double)(now_us - bucket->last_us) / 1e6 * bucket->rate;
    if (bucket->tokens > bucket->depth)
        bucket->tokens = bucket->depth;
    bucket->last_us = now_us;
    if (bucket->tokens < 1)
        return false;
    bucket->tokens -= 1;
    return true;
}

struct tally {
    double accepted, rejected;
};

/* Half an hour of requests; the tally begins after the first minute. */
static struct tally run(struct pace *pace, struct bucket *bucket)
{
    struct tally tally = { 0 };
    for (int64_t now = 0; now < 1800 * SECOND; now += pace_gap_us(pace)) {
        bool taken = takes(bucket, now);
        if (taken)
            pace_accepted(pace, 50000);
        else
            pace_rejected(pace, now, now);
        if (now < 60 * SECOND)
            continue;
        tally.accepted += taken;
        tally.rejected += !taken;
        assert_true(pace_gap_us(pace) >= pace->gap_floor_us);
        assert_true(pace_gap_us(pace) <= pace->gap_ceiling_us + 1);
    }
    return tally;
}

static void settles_at_the_permitted_rate(void **state)
{
    (void)state;
    static const double rates[] = { 0.2, 0.5, 1, 3, 10, 40 };
    static const double depths[] = { 1, 5, 20 };
    /* the floor's rate, times the permitted */
    static const double floors[] = { 1.0, 3.0, 10.0 };
    for (int i = 0; i < 54; i++) {
        double rate = rates[i / 9], depth = depths[i / 3 % 3],
               floor_rate = rate * floors[i % 3];
        struct bucket bucket = { .rate = rate, .depth = depth, .tokens = depth };
        struct pace pace;
        pace_init(&pace, (int64_t)(1e6 / floor_rate), 1, 0, 0);
        struct tally tally = run(&pace, &bucket);
        double share = tally.accepted / 1740 / rate;
        double rejected = tally.rejected / (tally.accepted + tally.rejected);
        if (share < 0.9 || share > 1.1 || rejected >= 0.02)
            fail_msg("rate %.1f depth %.0f floor %.1f: %.3f of it, %.4f rejected", rate, depth,
                     floor_rate, share, rejected);
        if (i % 9 == 7)
            print_message("permitted %.1f/s: %.3f of it used, %.2f %% rejected\n", rate, share,
                          100 * rejected);
    }
}

static void starts_where_it_left_off(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 4, 3 * SECOND, 2);
    assert_int_equal(pace_gap_us(&pace), 3 * SECOND);
    assert_int_equal(pace.parallel, 2);
    pace_init(&pace, SECOND, 4, SECOND / 2, 9); /* faster than the floor was never learnt */
    assert_int_equal(pace_gap_us(&pace), SECOND);
    assert_int_equal(pace.parallel, 4);
    pace_init(&pace, SECOND, 1, 0, 0);
    assert_int_equal(pace_gap_us(&pace), SECOND);
}

/* A sweep does not run into the limit that the one before it found; if that is gone, it soon
 * knows. */
static void a_learnt_pace_is_near_a_limit(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 1, 4 * SECOND, 0);
    for (int i = 0; i < 20; i++)
        pace_accepted(&pace, 50000);
    assert_true(pace_gap_us(&pace) > 37 * SECOND / 10);
    for (int i = 0; i < 60; i++)
        pace_accepted(&pace, 50000);
    assert_int_equal(pace_gap_us(&pace), SECOND);
}

static void what_failures_take_is_not_learnt(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 1, 0, 0);
    pace_failed(&pace, 0, 1);
    pace_failed(&pace, 1, 2);
    assert_true(pace_gap_us(&pace) > 2 * SECOND);
    assert_int_equal(pace_learnt_gap_us(&pace), SECOND);
    pace_rejected(&pace, 2, 3);
    assert_int_equal(pace_learnt_gap_us(&pace), pace_gap_us(&pace));
    for (int i = 0; i < 3; i++)
        pace_accepted(&pace, 50000);
    assert_int_equal(pace_learnt_gap_us(&pace), pace_gap_us(&pace));
}

static void reject_times(struct pace *pace, int times)
{
    for (int i = 0; i < times; i++)
        pace_rejected(pace, pace->fell_at_us, pace->fell_at_us + 1);
}

static void has_a_ceiling(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 1, 0, 0);
    reject_times(&pace, 100);
    assert_int_equal(pace_gap_us(&pace), 16 * SECOND);
    for (int i = 0; i < 60; i++)
        pace_accepted(&pace, 50000);
    assert_true(pace_gap_us(&pace) < 2 * SECOND);
    for (int i = 0; i < 1000; i++)
        pace_accepted(&pace, 50000);
    assert_int_equal(pace_gap_us(&pace), SECOND);
}

/* What is refused together was sent at one pace, and is one fall. */
static void one_fall_for_all_under_way(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 8, 0, 0);
    pace_rejected(&pace, 1 * SECOND, 3 * SECOND);
    int64_t gap = pace_gap_us(&pace);
    assert_true(gap > SECOND);
    pace_rejected(&pace, 2 * SECOND, 4 * SECOND);
    pace_failed(&pace, 3 * SECOND - 1, 5 * SECOND);
    assert_int_equal(pace_gap_us(&pace), gap);
    assert_int_equal(pace.parallel, 4);
    pace_rejected(&pace, 3 * SECOND, 5 * SECOND);
    assert_true(pace_gap_us(&pace) > gap);
}

/* A limit that was lifted is left behind; a failure tells none. */
static void no_limit_is_for_ever(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 1, 10 * SECOND, 0);
    pace_rejected(&pace, 0, 0);
    for (int i = 0; i < 450; i++)
        pace_accepted(&pace, 50000);
    assert_int_equal(pace_gap_us(&pace), SECOND);
    pace_init(&pace, SECOND, 1, 0, 0);
    pace_failed(&pace, 0, 0);
    assert_true(pace_gap_us(&pace) > SECOND);
    for (int i = 0; i < 18; i++)
        pace_accepted(&pace, 50000);
    assert_int_equal(pace_gap_us(&pace), SECOND);
}

static void a_slow_host_is_not_pushed(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 1, 8 * SECOND, 0);
    for (int i = 0; i < 50; i++)
        pace_accepted(&pace, i < 10 ? 10000 : 100000);
    int64_t gap = pace_gap_us(&pace);
    for (int i = 0; i < 50; i++)
        pace_accepted(&pace, 100000);
    assert_int_equal(pace_gap_us(&pace), gap);
    assert_true(gap > SECOND);
    for (int i = 0; i < 1000; i++)
        pace_accepted(&pace, 100000);
    assert_int_equal(pace_gap_us(&pace), SECOND); /* it stayed so */
}

static void parallelism_halves_and_comes_back(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, SECOND, 8, 0, 0);
    reject_times(&pace, 2);
    assert_int_equal(pace.parallel, 2);
    for (int i = 0; i < 9; i++)
        pace_accepted(&pace, 1000);
    assert_int_equal(pace.parallel, 2);
    pace_accepted(&pace, 1000);
    assert_int_equal(pace.parallel, 3);
    for (int i = 0; i < 1000; i++)
        pace_accepted(&pace, 1000);
    assert_int_equal(pace.parallel, 8);
    reject_times(&pace, 9);
    assert_int_equal(pace.parallel, 1);
}

static void a_lifted_pace_is_not_tuned(void **state)
{
    (void)state;
    struct pace pace;
    pace_init(&pace, 0, 256, 0, 0);
    pace_rejected(&pace, 0, 0);
    pace_accepted(&pace, 1000);
    assert_int_equal(pace_gap_us(&pace), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settles_at_the_permitted_rate),
        cmocka_unit_test(starts_where_it_left_off),
        cmocka_unit_test(has_a_ceiling),
        cmocka_unit_test(a_learnt_pace_is_near_a_limit),
        cmocka_unit_test(what_failures_take_is_not_learnt),
        cmocka_unit_test(one_fall_for_all_under_way),
        cmocka_unit_test(no_limit_is_for_ever),
        cmocka_unit_test(a_slow_host_is_not_pushed),
        cmocka_unit_test(parallelism_halves_and_comes_back),
        cmocka_unit_test(a_lifted_pace_is_not_tuned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
