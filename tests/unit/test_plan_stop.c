/*
 * test_plan_stop.c exercises plan/stop: every planned tee sheet is counted out once, also
 * second looks that are lost, before, in and after a retry; a tenant that refused is not asked
 * again by what waits or runs; what is off the plan is no longer waited for.
 */
#include "plan/outlook.h"
#include "support/plan_fixture.h"
#include "support/unit.h"

static void begin(struct fixture *fixture, const char *rows, uint32_t parallel)
{
    const struct plan_pace pace = { .parallel = parallel };
    fixture_make(fixture, rows, (struct plan_config){ .retries = 4, .pace = &pace });
    plan_start(fixture->plan);
}

static void finish_all(struct fixture *fixture)
{
    struct plan_task task;
    while (fixture_next(fixture, &task))
        fixture_finish(fixture, &task, OUTCOME_OPEN);
}

static void expect_all_done(struct fixture *fixture, uint64_t skipped)
{
    assert_int_equal(plan_take_skipped(fixture->plan), skipped);
    assert_int_equal(plan_totals(fixture->plan).done, plan_totals(fixture->plan).tee_sheets);
    assert_true(plan_finished(fixture->plan));
}

static void a_second_look_that_is_lost_is_skipped(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    begin(&fixture, COURSE("11", "3") COURSE("12", "3"), 1);
    finish_all(&fixture);
    for (uint32_t day = 0; day < 3; day++)
        assert_true(plan_look_again(fixture.plan, 0, TODAY + (int32_t)day));
    assert_int_equal(plan_totals(fixture.plan).done, 5);
    assert_true(fixture_next(&fixture, &task));
    assert_true(plan_again(fixture.plan, &task, fixture.now)); /* waits for another try */
    fixture.now += SECOND;
    assert_true(fixture_next(&fixture, &task)); /* runs */
    plan_stop(fixture.plan);
    plan_abandon(fixture.plan, &task);
    assert_int_equal(plan_skipped_of(fixture.plan, 0), 3);
    expect_all_done(&fixture, 3);
    fixture_unmake(&fixture);
}

static void what_waits_of_a_refused_tenant_is_not_asked(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task again, other, refused;
    begin(&fixture, COURSE("11", "3") COURSE("12", "3"), 1);
    assert_true(fixture_next(&fixture, &again));
    assert_true(plan_again(fixture.plan, &again, fixture.now));
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &other, &wait));
    fixture_finish(&fixture, &other, OUTCOME_OPEN);
    assert_true(plan_next(fixture.plan, fixture.now, &refused, &wait));
    assert_int_equal(refused.tenant, again.tenant);
    assert_int_equal(refused.attempt, 1);
    plan_block(fixture.plan, &refused, false);
    fixture_finish(&fixture, &refused, OUTCOME_BLOCKED);
    while (fixture_next(&fixture, &other)) {
        assert_int_not_equal(other.tenant, refused.tenant);
        fixture_finish(&fixture, &other, OUTCOME_OPEN);
    }
    expect_all_done(&fixture, 3);
    fixture_unmake(&fixture);
}

static void what_runs_on_a_stopped_host_goes_no_further(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task challenged, other;
    begin(&fixture, COURSE("11", "3") COURSE("12", "3"), 2);
    assert_true(fixture_next(&fixture, &challenged));
    assert_true(fixture_next(&fixture, &other));
    assert_int_equal(plan_wait_us(fixture.plan, &other, fixture.now), 0);
    plan_block(fixture.plan, &challenged, true);
    fixture_finish(&fixture, &challenged, OUTCOME_BLOCKED);
    assert_non_null(plan_host(fixture.plan, 0).why);
    assert_int_equal(plan_wait_us(fixture.plan, &other, fixture.now), -1);
    assert_false(plan_yield(fixture.plan, &other, fixture.now));
    plan_abandon(fixture.plan, &other);
    expect_all_done(&fixture, 7);
    fixture_unmake(&fixture);
}

/* After a deadline what runs may end. */
static void what_runs_when_the_plan_stops_may_end(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    begin(&fixture, COURSE("11", "3"), 1);
    assert_true(fixture_next(&fixture, &task));
    plan_stop(fixture.plan);
    assert_int_equal(plan_wait_us(fixture.plan, &task, fixture.now), 0);
    assert_null(plan_host(fixture.plan, 0).why);
    fixture_finish(&fixture, &task, OUTCOME_OPEN);
    expect_all_done(&fixture, 3);
    fixture_unmake(&fixture);
}

static void what_left_the_plan_is_not_waited_for(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    begin(&fixture, COURSE("11", "") COURSE("12", "3"), 1);
    assert_true(fixture_next(&fixture, &task));
    bool first_is_open = fixture.catalogue->courses[task.courses[0]].id == 11;
    if (!first_is_open) {
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
        assert_true(fixture_next(&fixture, &task));
    }
    fixture_finish(&fixture, &task, OUTCOME_NOT_RELEASED); /* 14 later dates leave the plan */
    uint64_t left = plan_host(fixture.plan, 0).tee_sheets_left;
    assert_int_equal(left, first_is_open ? 4 : 3);
    assert_int_equal(plan_eta_us(fixture.plan, fixture.now), (int64_t)left * 4 * 2 * SECOND);
    assert_true(fixture_next(&fixture, &task));
    plan_block(fixture.plan, &task, false);
    fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    assert_int_equal(plan_eta_us(fixture.plan, fixture.now), 0);
    fixture_unmake(&fixture);
}

static void a_second_look_outlives_not_released(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    begin(&fixture, COURSE("11", ""), 1);
    for (int i = 0; i < 3; i++) {
        assert_true(fixture_next(&fixture, &task));
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_true(fixture_next(&fixture, &task)); /* the fourth date runs … */
    assert_true(plan_look_again(fixture.plan, 0, TODAY + 1));
    fixture_finish(&fixture, &task, OUTCOME_NOT_RELEASED);
    assert_true(fixture_next(&fixture, &task));
    assert_int_equal(task.play_date, TODAY + 1);
    assert_true(plan_look_again(fixture.plan, 0, TODAY + 2));
    fixture_finish(&fixture, &task, OUTCOME_NOT_RELEASED);
    assert_true(fixture_next(&fixture, &task));
    assert_true(task.second_look);
    fixture_finish(&fixture, &task, OUTCOME_OPEN);
    expect_all_done(&fixture, 0);
    fixture_unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_look_that_is_lost_is_skipped),
        cmocka_unit_test(what_waits_of_a_refused_tenant_is_not_asked),
        cmocka_unit_test(what_runs_on_a_stopped_host_goes_no_further),
        cmocka_unit_test(what_runs_when_the_plan_stops_may_end),
        cmocka_unit_test(what_left_the_plan_is_not_waited_for),
        cmocka_unit_test(a_second_look_outlives_not_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
