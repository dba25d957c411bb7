/*
 * test_plan_leased.c exercises plan/leased:
 *   only leased hosts are asked; what others did leaves the plan, also what waits for another
 * try; what was looked at in vain is due again; a host rests when nothing is left and its gap
 * is over; the plan rests while others hold what is left; a stopped host is skipped; a
 * conversation cannot be put back to a host that is not asked any more.
 */
#include "plan/leased.h"
#include "plan/outlook.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND   ((int64_t)1000000)
#define NOW_WALL ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY    ((int32_t)(NOW_WALL / 86400))
#define START    (1000 * SECOND)

#define CHRONOGOLF(id)                                                                         \
    id ",America/Denver,chronogolf,\"{\"\"club_id\"\":1" id ",\"\"course_id\"\":2" id          \
       ",\"\"affiliation_type_id\"\":3}\",1,\n"
#define FOREUP(id) id ",America/Denver,foreup,\"{\"\"schedule_id\"\":1" id "}\",1,\n"

/* Courses 11 and 12 on one host, 21 on another; two dates each. */
struct fixture {
    struct catalogue *catalogue;
    struct plan *plan;
    struct plan_pace pace[32];
    struct plan_looked looked[3];
    uint32_t both, single; /* hosts */
};

static void make(struct fixture *fixture)
{
    *fixture = (struct fixture){ 0 };
    fixture->catalogue = catalogue_of(CHRONOGOLF("11") CHRONOGOLF("12") FOREUP("21"));
    for (uint32_t i = 0; i < engines_count; i++)
        fixture->pace[i] = (struct plan_pace){ .gap_us = 2 * SECOND, .parallel = 1 };
    struct plan_config config = { .catalogue = fixture->catalogue,
                                  .now_wall = NOW_WALL,
                                  .pace = fixture->pace,
                                  .conversations_max = 10,
                                  .retries = 2,
                                  .seed = 7 };
    assert_int_equal(plan_new(&config, &fixture->plan, NULL), TS_ERR_OK);
    plan_start(fixture->plan);
    plan_share_hosts(fixture->plan);
    fixture->both = plan_host_of(fixture->plan, 0);
    fixture->single = plan_host_of(fixture->plan, 2);
    assert_int_equal(plan_host_of(fixture->plan, 1), fixture->both);
    assert_int_equal(plan_totals(fixture->plan).tee_sheets, 6);
}

static void unmake(struct fixture *fixture)
{
    plan_free(fixture->plan);
    catalogue_free(fixture->catalogue);
}

static bool next(const struct fixture *fixture, int64_t now, struct plan_task *ret_task)
{
    int64_t wait;
    return plan_next(fixture->plan, now, ret_task, &wait);
}

static void finish(const struct fixture *fixture, const struct plan_task *task)
{
    const struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX] = { { .outcome = OUTCOME_OPEN } };
    plan_done(fixture->plan, task, sheets);
}

static void only_leased_hosts_are_asked(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    struct plan_task task;
    assert_false(next(&fixture, START, &task));
    assert_true(plan_rests(fixture.plan));
    assert_false(plan_finished(fixture.plan));
    plan_lease(fixture.plan, fixture.single, true);
    assert_false(plan_rests(fixture.plan));
    for (int i = 0; i < 2; i++) {
        assert_true(next(&fixture, START, &task));
        assert_int_equal(task.host, fixture.single);
        finish(&fixture, &task);
    }
    assert_false(next(&fixture, START, &task));
    assert_true(plan_rests(fixture.plan));
    plan_lease(fixture.plan, fixture.both, true);
    assert_true(next(&fixture, START, &task));
    plan_lease(fixture.plan, fixture.both, false);
    assert_false(plan_rests(fixture.plan)); /* it still runs */
    finish(&fixture, &task);
    assert_true(plan_rests(fixture.plan));
    assert_false(next(&fixture, START, &task));
    unmake(&fixture);
}

static void what_others_did_leaves_the_plan(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    struct plan_courses courses = plan_host_courses(fixture.plan, fixture.both);
    assert_int_equal(courses.count, 2);
    plan_days_add(fixture.plan, &fixture.looked[0].done, TODAY);
    plan_days_add(fixture.plan, &fixture.looked[1].done, TODAY);
    plan_days_add(fixture.plan, &fixture.looked[1].done, TODAY + 1);
    plan_days_add(fixture.plan, &fixture.looked[1].done, TODAY + 500); /* not of the plan */
    plan_days_add(fixture.plan, &fixture.looked[2].done, TODAY);       /* of the other host */
    plan_days_add(fixture.plan, &fixture.looked[1].observed, TODAY);
    assert_int_equal(plan_settle(fixture.plan, fixture.both, fixture.looked), 3);
    assert_int_equal(plan_settle(fixture.plan, fixture.both, fixture.looked), 0);
    assert_int_equal(plan_others_observed(fixture.plan, 0), 0);
    assert_int_equal(plan_others_observed(fixture.plan, 1), 1);
    assert_int_equal(plan_totals(fixture.plan).others_observed, 1);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 3);
    assert_int_equal(plan_totals(fixture.plan).by_others, 3);
    plan_lease(fixture.plan, fixture.both, true);
    struct plan_task task;
    assert_true(next(&fixture, START, &task));
    assert_int_equal(task.courses[0], 0);
    assert_int_equal(task.play_date, TODAY + 1);
    finish(&fixture, &task);
    assert_false(plan_host_has_work(fixture.plan, fixture.both));
    unmake(&fixture);
}

static void what_waits_for_another_try_leaves_it_too(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    plan_lease(fixture.plan, fixture.single, true);
    struct plan_task task;
    assert_true(next(&fixture, START, &task));
    assert_true(plan_again(fixture.plan, &task, START));
    assert_true(plan_look_again(fixture.plan, 2, TODAY + 1)); /* a held one of before */
    plan_days_add(fixture.plan, &fixture.looked[2].done, TODAY);
    assert_int_equal(plan_settle(fixture.plan, fixture.single, fixture.looked), 1);
    assert_true(next(&fixture, START + 60 * SECOND, &task));
    assert_int_equal(task.play_date, TODAY + 1);
    assert_int_equal(task.attempt, 1);
    unmake(&fixture);
}

static void a_look_in_vain_is_due_again(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    plan_lease(fixture.plan, fixture.single, true);
    struct plan_task task;
    for (int i = 0; i < 2; i++) {
        assert_true(next(&fixture, START, &task));
        finish(&fixture, &task);
    }
    assert_int_equal(plan_totals(fixture.plan).done, 2);
    plan_return(fixture.plan, 2, TODAY, false);
    assert_int_equal(plan_totals(fixture.plan).done, 1);
    assert_true(next(&fixture, START, &task));
    assert_int_equal(task.play_date, TODAY);
    assert_false(task.second_look);
    finish(&fixture, &task);
    plan_return(fixture.plan, 2, TODAY, true);
    assert_true(next(&fixture, START, &task));
    assert_true(task.second_look);
    finish(&fixture, &task);
    plan_stop(fixture.plan);
    (void)plan_take_skipped(fixture.plan);
    plan_return(fixture.plan, 2, TODAY, false); /* nothing is asked any more: skipped */
    assert_int_equal(plan_take_skipped(fixture.plan), 1);
    assert_true(plan_finished(fixture.plan));
    assert_false(plan_host_refuses(fixture.plan, fixture.single));
    unmake(&fixture);
}

static void a_host_rests_after_its_gap(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    plan_lease(fixture.plan, fixture.single, true);
    struct plan_task task;
    for (int i = 0; i < 2; i++) {
        assert_false(plan_host_rests(fixture.plan, fixture.single, START + 60 * SECOND));
        assert_true(next(&fixture, START + i * 10 * SECOND, &task));
        plan_sent(fixture.plan, &task, START + i * 10 * SECOND);
        assert_false(plan_host_rests(fixture.plan, fixture.single, START + 60 * SECOND));
        finish(&fixture, &task);
    }
    assert_false(plan_host_rests(fixture.plan, fixture.single, START + 12 * SECOND - 1));
    assert_true(plan_host_rests(fixture.plan, fixture.single, START + 12 * SECOND));
    plan_set_hold(fixture.plan, task.host, START + 40 * SECOND);
    assert_false(plan_host_rests(fixture.plan, fixture.single, START + 40 * SECOND - 1));
    assert_true(plan_host_rests(fixture.plan, fixture.single, START + 40 * SECOND));
    unmake(&fixture);
}

static void a_stopped_host_is_skipped(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture);
    plan_lease(fixture.plan, fixture.single, true);
    struct plan_task task;
    assert_true(next(&fixture, START, &task));
    plan_stop_host(fixture.plan, fixture.single);
    assert_true(plan_host_refuses(fixture.plan, fixture.single));
    assert_int_equal(plan_take_skipped(fixture.plan), 1);
    /* Nor can what runs there wait any longer. */
    assert_false(plan_yield(fixture.plan, &task, START));
    assert_false(plan_again(fixture.plan, &task, START));
    finish(&fixture, &task);
    assert_false(plan_host_has_work(fixture.plan, fixture.single));
    unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_leased_hosts_are_asked),
        cmocka_unit_test(what_others_did_leaves_the_plan),
        cmocka_unit_test(what_waits_for_another_try_leaves_it_too),
        cmocka_unit_test(a_look_in_vain_is_due_again),
        cmocka_unit_test(a_host_rests_after_its_gap),
        cmocka_unit_test(a_stopped_host_is_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
