/*
 * test_plan_stop.c exercises plan/stop: every planned tee sheet is counted out once, also
 * second looks that are lost, before, in and after a retry; a tenant that refused is not asked
 * again by what waits or runs; what is off the plan is no longer waited for.
 */
#include "plan/outlook.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND   ((int64_t)1000000)
#define NOW_WALL ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY    20883                 /* 2027-03-06 */

#define COURSE(id, window)                                                                     \
    id ",America/Denver,chronogolf,\"{\"\"club_id\"\":1" id ",\"\"course_id\"\":2" id          \
       ",\"\"affiliation_type_id\"\":3}\"," window ",\n"

struct fixture {
    struct catalogue *catalogue;
    struct plan *plan;
    int64_t now;
};

static void make(struct fixture *fixture, const char *rows, uint32_t parallel)
{
    struct plan_pace pace[32];
    *fixture = (struct fixture){ .now = 1000 * SECOND, .catalogue = catalogue_of(rows) };
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i] = (struct plan_pace){ .gap_us = 2 * SECOND, .parallel = parallel };
    const struct plan_config config = { .catalogue = fixture->catalogue,
                                        .now_wall = NOW_WALL,
                                        .pace = pace,
                                        .conversations_max = 10,
                                        .retries = 4,
                                        .seed = 7 };
    assert_int_equal(plan_new(&config, &fixture->plan, NULL), TS_ERR_OK);
    plan_start(fixture->plan);
}

static void unmake(struct fixture *fixture)
{
    plan_free(fixture->plan);
    catalogue_free(fixture->catalogue);
}

/* The next task, waiting as long as the plan says; false when the plan is finished. */
static bool next(struct fixture *fixture, struct plan_task *ret_task)
{
    int64_t wait;
    while (!plan_next(fixture->plan, fixture->now, ret_task, &wait)) {
        if (plan_finished(fixture->plan))
            return false;
        assert_true(wait > 0);
        fixture->now += wait;
    }
    return true;
}

static void finish(struct fixture *fixture, const struct plan_task *task, enum outcome outcome)
{
    const struct tee_sheet sheet = { .outcome = outcome };
    plan_done(fixture->plan, task, &sheet);
}

static void finish_all(struct fixture *fixture)
{
    struct plan_task task;
    while (next(fixture, &task))
        finish(fixture, &task, OUTCOME_OPEN);
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
    make(&fixture, COURSE("11", "3") COURSE("12", "3"), 1);
    finish_all(&fixture);
    for (uint32_t day = 0; day < 3; day++)
        assert_true(plan_look_again(fixture.plan, 0, TODAY + (int32_t)day));
    assert_int_equal(plan_totals(fixture.plan).done, 5);
    assert_true(next(&fixture, &task));
    assert_true(plan_again(fixture.plan, &task, fixture.now)); /* waits for another try */
    fixture.now += SECOND;
    assert_true(next(&fixture, &task)); /* runs */
    plan_stop(fixture.plan);
    plan_abandon(fixture.plan, &task);
    assert_int_equal(plan_skipped_of(fixture.plan, 0), 3);
    expect_all_done(&fixture, 3);
    unmake(&fixture);
}

static void what_waits_of_a_refused_tenant_is_not_asked(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task again, other, refused;
    make(&fixture, COURSE("11", "3") COURSE("12", "3"), 1);
    assert_true(next(&fixture, &again));
    assert_true(plan_again(fixture.plan, &again, fixture.now));
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &other, &wait));
    finish(&fixture, &other, OUTCOME_OPEN);
    assert_true(plan_next(fixture.plan, fixture.now, &refused, &wait));
    assert_int_equal(refused.tenant, again.tenant);
    assert_int_equal(refused.attempt, 1);
    plan_block(fixture.plan, &refused, false);
    finish(&fixture, &refused, OUTCOME_BLOCKED);
    while (next(&fixture, &other)) {
        assert_int_not_equal(other.tenant, refused.tenant);
        finish(&fixture, &other, OUTCOME_OPEN);
    }
    expect_all_done(&fixture, 3);
    unmake(&fixture);
}

static void what_runs_on_a_stopped_host_goes_no_further(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task challenged, other;
    make(&fixture, COURSE("11", "3") COURSE("12", "3"), 2);
    assert_true(next(&fixture, &challenged));
    assert_true(next(&fixture, &other));
    assert_int_equal(plan_wait_us(fixture.plan, &other, fixture.now), 0);
    plan_block(fixture.plan, &challenged, true);
    finish(&fixture, &challenged, OUTCOME_BLOCKED);
    assert_non_null(plan_host(fixture.plan, 0).why);
    assert_int_equal(plan_wait_us(fixture.plan, &other, fixture.now), -1);
    assert_false(plan_yield(fixture.plan, &other, fixture.now));
    plan_abandon(fixture.plan, &other);
    expect_all_done(&fixture, 7);
    unmake(&fixture);
}

/* After a deadline what runs may end. */
static void what_runs_when_the_plan_stops_may_end(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    make(&fixture, COURSE("11", "3"), 1);
    assert_true(next(&fixture, &task));
    plan_stop(fixture.plan);
    assert_int_equal(plan_wait_us(fixture.plan, &task, fixture.now), 0);
    assert_null(plan_host(fixture.plan, 0).why);
    finish(&fixture, &task, OUTCOME_OPEN);
    expect_all_done(&fixture, 3);
    unmake(&fixture);
}

static void what_left_the_plan_is_not_waited_for(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    make(&fixture, COURSE("11", "") COURSE("12", "3"), 1);
    assert_true(next(&fixture, &task));
    bool first_is_open = fixture.catalogue->courses[task.courses[0]].id == 11;
    if (!first_is_open) {
        finish(&fixture, &task, OUTCOME_OPEN);
        assert_true(next(&fixture, &task));
    }
    finish(&fixture, &task, OUTCOME_NOT_RELEASED); /* 14 later dates leave the plan */
    uint64_t left = plan_host(fixture.plan, 0).tee_sheets_left;
    assert_int_equal(left, first_is_open ? 4 : 3);
    assert_int_equal(plan_eta_us(fixture.plan, fixture.now), (int64_t)left * 4 * 2 * SECOND);
    assert_true(next(&fixture, &task));
    plan_block(fixture.plan, &task, false);
    finish(&fixture, &task, OUTCOME_BLOCKED);
    assert_int_equal(plan_eta_us(fixture.plan, fixture.now), 0);
    unmake(&fixture);
}

static void a_second_look_outlives_not_released(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_task task;
    make(&fixture, COURSE("11", ""), 1);
    for (int i = 0; i < 3; i++) {
        assert_true(next(&fixture, &task));
        finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_true(next(&fixture, &task)); /* the fourth date runs … */
    assert_true(plan_look_again(fixture.plan, 0, TODAY + 1));
    finish(&fixture, &task, OUTCOME_NOT_RELEASED);
    assert_true(next(&fixture, &task));
    assert_int_equal(task.play_date, TODAY + 1);
    assert_true(plan_look_again(fixture.plan, 0, TODAY + 2));
    finish(&fixture, &task, OUTCOME_NOT_RELEASED);
    assert_true(next(&fixture, &task));
    assert_true(task.second_look);
    finish(&fixture, &task, OUTCOME_OPEN);
    expect_all_done(&fixture, 0);
    unmake(&fixture);
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
