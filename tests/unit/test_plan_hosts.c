/*
 * test_plan_hosts.c exercises what the plan makes of a caller's limits and of a host's
 * failures:
 *   --from and --days, the pace that an earlier sweep learnt, a host that never answers beside
 * one that does, retries that are spread, unreachable tenants on a host that answers others, an
 * open breaker and its end, second looks that nobody may take any more.
 */
#include "plan/breaker.h"
#include "plan/outlook.h"
#include "support/plan_fixture.h"
#include "support/unit.h"

#define ELSEWHERE                                                                              \
    "21,America/Denver,golfback,\"{\"\"courseId\"\":"                                          \
    "\"\"00000000-0000-4000-8000-000000000001\"\"}\",3,\n"

static void keeps_to_the_dates_asked_for(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3"),
                 (struct plan_config){ .from_date = TODAY + 1, .days = 2 });
    plan_start(fixture.plan);
    struct plan_task task;
    for (int32_t date = TODAY + 1; date <= TODAY + 2; date++) {
        assert_true(fixture_next(&fixture, &task));
        assert_int_equal(task.play_date, date);
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_false(fixture_next(&fixture, &task));
    fixture_unmake(&fixture);
}

static void starts_at_the_pace_that_was_learnt(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3"), (struct plan_config){ 0 });
    plan_learnt(fixture.plan, STR("engine.invalid"), 60 * SECOND, 1);
    plan_learnt(fixture.plan, STR("www.chronogolf.com"), 8 * SECOND, 1);
    plan_start(fixture.plan);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    plan_sent(fixture.plan, &task, fixture.now);
    assert_int_equal(plan_wait_us(fixture.plan, &task, fixture.now), 8 * SECOND);
    fixture_unmake(&fixture);
}

/* A conversation that hangs occupies its host alone: all of the other one is asked meanwhile,
 * at that one's pace. */
static void a_host_that_hangs_holds_up_no_other(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") ELSEWHERE, (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task hanging, task;
    int64_t wait;
    assert_true(fixture_next(&fixture, &hanging));
    int64_t began = fixture.now;
    for (int date = 0; date < 4; date++) {
        assert_true(fixture_next(&fixture, &task));
        assert_int_not_equal(task.host, hanging.host);
        plan_sent(fixture.plan, &task, fixture.now);
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_int_equal(fixture.now - began, 3 * 2 * SECOND);
    assert_false(plan_next(fixture.plan, fixture.now, &task, &wait));
    assert_false(plan_finished(fixture.plan));
    fixture_unmake(&fixture);
}

/* Full jitter: the wait before the sixth attempt is anywhere in 8 s. */
static void retries_are_spread(void **state)
{
    (void)state;
    int eighths[8] = { 0 };
    for (uint64_t seed = 1; seed <= 80; seed++) {
        struct fixture fixture;
        fixture_make(&fixture, COURSE("11", "3"),
                     (struct plan_config){ .days = 1, .retries = 5, .seed = seed });
        plan_start(fixture.plan);
        struct plan_task task;
        int64_t failed_at = 0;
        while (fixture_next(&fixture, &task) && task.attempt <= 5) {
            failed_at = fixture.now;
            assert_true(plan_again(fixture.plan, &task, fixture.now));
        }
        eighths[(fixture.now - failed_at) / SECOND]++;
        fixture_unmake(&fixture);
    }
    for (int i = 0; i < 8; i++)
        assert_in_range(eighths[i], 1, 30); /* 10 each, give or take */
}

/* Three of the first course's dates are unreachable, the second course answers: the fourth date
 * of the first is not asked. Alone on its host it is asked to the end. */
static void an_unreachable_tenant_is_given_up_beside_others(void **state)
{
    (void)state;
    for (int tenants = 1; tenants <= 2; tenants++) {
        struct fixture fixture;
        fixture_make(&fixture,
                     tenants == 1 ? COURSE("11", "3") : COURSE("11", "3") COURSE("12", "3"),
                     (struct plan_config){ 0 });
        plan_start(fixture.plan);
        struct plan_task task;
        int asked = 0;
        while (fixture_next(&fixture, &task)) {
            bool is_first = fixture.catalogue->courses[task.courses[0]].id == 11;
            asked += is_first;
            fixture_finish(&fixture, &task, is_first ? OUTCOME_UNREACHABLE : OUTCOME_OPEN);
        }
        assert_int_equal(asked, tenants == 1 ? 4 : 3);
        assert_int_equal(plan_take_skipped(fixture.plan), tenants == 1 ? 0 : 1);
        fixture_unmake(&fixture);
    }
}

/* The breaker opens after its failures, lets single probes through, and then ends the host. */
static void a_host_that_stays_dead_is_given_up(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture,
                 COURSE("11", "3") COURSE("12", "3") COURSE("13", "3") COURSE("14", "3"),
                 (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task task;
    int asked = 0;
    int64_t began = fixture.now;
    for (; fixture_next(&fixture, &task); asked++) {
        plan_failed(fixture.plan, &task, fixture.now, 0);
        fixture_finish(&fixture, &task, OUTCOME_UNREADABLE);
    }
    assert_int_equal(asked, BREAKER_FAILURES + BREAKER_PROBES);
    assert_int_equal(plan_take_skipped(fixture.plan), 16 - asked);
    /* 5, 10, 20 and 40 s */
    assert_true(fixture.now - began >= 15 * BREAKER_FIRST_US);
    fixture_unmake(&fixture);
}

static void what_is_stopped_takes_no_second_look(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task task, other;
    assert_true(fixture_next(&fixture, &task));
    assert_true(plan_look_again(fixture.plan, task.courses[0], task.play_date));
    plan_block(fixture.plan, &task, false);
    fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    assert_false(plan_look_again(fixture.plan, task.courses[0], task.play_date));
    assert_true(fixture_next(&fixture, &other));
    assert_int_not_equal(other.tenant, task.tenant);
    plan_block(fixture.plan, &other, true);
    fixture_finish(&fixture, &other, OUTCOME_BLOCKED);
    assert_false(plan_look_again(fixture.plan, other.courses[0], other.play_date));
    fixture_unmake(&fixture);
}

/* To connect may take long. */
static void the_gap_starts_when_a_request_leaves(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct plan_pace two_at_once = { .parallel = 2 };
    fixture_make(&fixture, COURSE("11", "3"),
                 (struct plan_config){ .days = 2, .pace = &two_at_once });
    plan_start(fixture.plan);
    struct plan_task first, second;
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &first, &wait));
    plan_sends(fixture.plan, &first);
    fixture.now += 10 * SECOND;
    assert_false(plan_next(fixture.plan, fixture.now, &second, &wait));
    assert_int_equal(plan_wait_us(fixture.plan, &first, fixture.now), 2 * SECOND); /* or more */
    plan_sent(fixture.plan, &first, fixture.now);
    assert_int_equal(plan_wait_us(fixture.plan, &first, fixture.now), 2 * SECOND);
    assert_false(plan_next(fixture.plan, fixture.now, &second, &wait));
    assert_int_equal(wait, 2 * SECOND);
    assert_true(plan_next(fixture.plan, fixture.now + wait, &second, &wait));
    fixture_unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gap_starts_when_a_request_leaves),
        cmocka_unit_test(keeps_to_the_dates_asked_for),
        cmocka_unit_test(starts_at_the_pace_that_was_learnt),
        cmocka_unit_test(a_host_that_hangs_holds_up_no_other),
        cmocka_unit_test(retries_are_spread),
        cmocka_unit_test(an_unreachable_tenant_is_given_up_beside_others),
        cmocka_unit_test(a_host_that_stays_dead_is_given_up),
        cmocka_unit_test(what_is_stopped_takes_no_second_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
