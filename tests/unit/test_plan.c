/*
 * test_plan.c exercises plan/plan, plan/queue, plan/group and plan/outlook:
 *   grouping by tenant, nearest date first, every tee sheet once, also across DST; gap,
 * parallel limit and Retry-After per host; retries with jitter and their end; second looks;
 * freshness; blocks and stops; dates after a proven not_released; bounds; memory per course and
 * no allocation after plan_new.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "plan/outlook.h"
#include "support/plan_fixture.h"
#include "support/unit.h"

#define V2(id, slug, uuid)                                                                     \
    id ",America/Denver,chronogolf,\"{\"\"club_slug\"\":\"\"" slug                             \
       "\"\",\"\"course_uuids\"\":[\"\"00000000-0000-4000-8000-0000000000" uuid                \
       "\"\"]}\",2,\n"

static void asks_every_tee_sheet_once(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(
        &fixture, COURSE("11", "9") COURSE("12", "9") COURSE("13", "0"),
        (struct plan_config){ .retries = 2 }); /* 6 to 15 March: a DST change on the 14th */
    plan_start(fixture.plan);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 21);
    assert_int_equal(plan_totals(fixture.plan).requests, 21 * 4);
    struct plan_task task;
    int32_t last_date = 0;
    int seen[3][10] = { { 0 } };
    int32_t today = (int32_t)(NOW_WALL / 86400);
    while (fixture_next(&fixture, &task)) {
        assert_int_equal(task.courses_count, 1);
        assert_true(task.play_date >= last_date); /* nearest date first */
        last_date = task.play_date;
        seen[task.courses[0]][task.play_date - today]++;
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    for (int day = 0; day < 10; day++) {
        assert_int_equal(seen[0][day], 1);
        assert_int_equal(seen[1][day], 1);
        assert_int_equal(seen[2][day], day == 0);
    }
    assert_int_equal(plan_totals(fixture.plan).done, 21);
    fixture_unmake(&fixture);
}

static void groups_courses_of_a_tenant(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, V2("11", "oak", "01") V2("12", "elm", "02") V2("13", "oak", "03"),
                 (struct plan_config){ .days = 1 });
    plan_start(fixture.plan);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 3);
    struct plan_task task;
    uint32_t tasks = 0, courses = 0;
    while (fixture_next(&fixture, &task)) {
        tasks++;
        courses += task.courses_count;
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_int_equal(tasks, 2);
    assert_int_equal(courses, 3);
    fixture_unmake(&fixture);
}

static void keeps_the_gap_and_the_parallel_limit(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task first, second;
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &first, &wait));
    assert_int_equal(plan_wait_us(fixture.plan, &first, fixture.now), 0);
    plan_sent(fixture.plan, &first, fixture.now);
    assert_int_equal(plan_wait_us(fixture.plan, &first, fixture.now + 1), 2 * SECOND - 1);
    assert_false(plan_next(fixture.plan, fixture.now + 10 * SECOND, &second, &wait));
    assert_int_equal(wait, -1); /* one at a time: until it ends */
    fixture_finish(&fixture, &first, OUTCOME_OPEN);
    assert_false(plan_next(fixture.plan, fixture.now + SECOND, &second, &wait));
    assert_int_equal(wait, SECOND);
    assert_true(plan_next(fixture.plan, fixture.now + 2 * SECOND, &second, &wait));
    fixture_unmake(&fixture);
}

static void retry_after_holds_the_host(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "1"), (struct plan_config){ .retries = 1 });
    plan_start(fixture.plan);
    struct plan_task task;
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &task, &wait));
    plan_sent(fixture.plan, &task, fixture.now);
    plan_set_hold(fixture.plan, task.host, fixture.now + 60 * SECOND);
    plan_count_reply(fixture.plan, &task, PLAN_REPLY_FAILED); /* a 502 that says when */
    assert_int_equal(plan_host(fixture.plan, 0).throttled, 0);
    plan_count_reply(fixture.plan, &task, PLAN_REPLY_REFUSED);
    assert_int_equal(plan_host(fixture.plan, 0).throttled, 1);
    assert_int_equal(plan_wait_us(fixture.plan, &task, fixture.now + SECOND), 59 * SECOND);
    assert_true(plan_again(fixture.plan, &task, fixture.now));
    assert_false(plan_next(fixture.plan, fixture.now + 59 * SECOND, &task, &wait));
    assert_true(wait > 0 && wait <= SECOND);
    assert_true(plan_next(fixture.plan, fixture.now + 60 * SECOND, &task, &wait));
    assert_int_equal(task.attempt, 2); /* retries stand at the head of the queue */
    fixture_unmake(&fixture);
}

static void retries_end(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "0"), (struct plan_config){ .retries = 4 });
    plan_start(fixture.plan);
    struct plan_task task;
    for (uint32_t attempt = 1; attempt <= 5; attempt++) {
        int64_t before = fixture.now;
        assert_true(fixture_next(&fixture, &task));
        assert_int_equal(task.attempt, attempt);
        if (attempt > 1) /* full jitter: at most 0.5 s doubled each time */
            assert_true(fixture.now - before <= (SECOND / 2) << (attempt - 2));
        assert_int_equal(plan_again(fixture.plan, &task, fixture.now), attempt < 5);
    }
    fixture_finish(&fixture, &task, OUTCOME_UNREACHABLE);
    assert_true(plan_finished(fixture.plan));
    assert_int_equal(plan_totals(fixture.plan).done, 1);
    fixture_unmake(&fixture);
}

static void a_yielded_one_starts_again_uncounted(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "0"), (struct plan_config){ .retries = 0 });
    plan_start(fixture.plan);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    assert_true(plan_yield(fixture.plan, &task, fixture.now));
    assert_false(plan_finished(fixture.plan));
    assert_true(fixture_next(&fixture, &task));
    assert_int_equal(task.attempt, 1);
    fixture_unmake(&fixture);
}

static void looks_once_more(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task task, held = { 0 };
    for (uint32_t i = 0; fixture_next(&fixture, &task); i++) {
        assert_false(task.second_look);
        if (i == 2)
            held = task;
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_true(plan_look_again(fixture.plan, held.courses[0], held.play_date));
    assert_false(plan_finished(fixture.plan));
    assert_true(fixture_next(&fixture, &task));
    assert_true(task.second_look);
    assert_int_equal(task.courses[0], held.courses[0]);
    assert_int_equal(task.play_date, held.play_date);
    fixture_finish(&fixture, &task, OUTCOME_OPEN);
    assert_true(plan_finished(fixture.plan));
    assert_int_equal(plan_totals(fixture.plan).done, 8); /* counted once */
    fixture_unmake(&fixture);
}

static void fresh_ones_are_left_alone(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_ages ages;
    assert_int_equal(plan_ages_parse(STR("0-1=15m,2+=1h"), &ages, NULL), TS_ERR_OK);
    fixture_make(&fixture, COURSE("11", "3"), (struct plan_config){ .ages = ages });
    int32_t today = (int32_t)(NOW_WALL / 86400);
    plan_known(fixture.plan, 11, today, NOW_WALL - 899, NOW_WALL - 899);       /* fresh */
    plan_known(fixture.plan, 11, today + 1, NOW_WALL - 900, NOW_WALL - 900);   /* due again */
    plan_known(fixture.plan, 11, today + 2, NOW_WALL - 3599, NOW_WALL - 3599); /* fresh */
    plan_known(fixture.plan, 11, today + 3, NOW_WALL - 1, 0);    /* a look, no observation */
    plan_known(fixture.plan, 11, today + 9, NOW_WALL, NOW_WALL); /* not of the plan */
    plan_known(fixture.plan, 99, today, NOW_WALL, NOW_WALL);     /* not of the catalogue */
    plan_start(fixture.plan);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 2);
    assert_int_equal(plan_totals(fixture.plan).fresh, 2);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    assert_int_equal(task.play_date, today + 1);
    fixture_unmake(&fixture);
}

static void without_max_age_all_is_due(void **state)
{
    (void)state;
    struct fixture fixture;
    struct plan_ages ages = { 0 };
    fixture_make(&fixture, COURSE("11", "3"), (struct plan_config){ .ages = ages });
    int32_t today = (int32_t)(NOW_WALL / 86400);
    plan_known(fixture.plan, 11, today, NOW_WALL, NOW_WALL);
    plan_known(fixture.plan, 11, today + 1, NOW_WALL + 60, NOW_WALL + 60); /* another's clock */
    plan_start(fixture.plan);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 4);
    fixture_unmake(&fixture);
}

static void stops_at_a_proven_not_released(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "") COURSE("12", "14"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 30);
    struct plan_task task;
    int32_t today = (int32_t)(NOW_WALL / 86400);
    uint32_t asked = 0;
    for (; fixture_next(&fixture, &task); asked++)
        fixture_finish(&fixture, &task,
                       task.play_date >= today + 5 ? OUTCOME_NOT_RELEASED : OUTCOME_OPEN);
    assert_int_equal(asked, 6 + 15); /* a given window is asked whole */
    assert_int_equal(plan_totals(fixture.plan).tee_sheets, 21);
    fixture_unmake(&fixture);
}

static void a_challenge_stops_the_host(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"),
                 (struct plan_config){ .retries = 3 });
    plan_start(fixture.plan);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    plan_block(fixture.plan, &task, true);
    assert_false(plan_again(fixture.plan, &task, fixture.now));
    fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    assert_false(fixture_next(&fixture, &task));
    assert_int_equal(plan_take_skipped(fixture.plan), 7);
    assert_int_equal(plan_take_skipped(fixture.plan), 0);
    assert_int_equal(plan_totals(fixture.plan).done, 8);
    fixture_unmake(&fixture);
}

static void a_refusal_stops_the_tenant(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    uint32_t refused = task.courses[0];
    plan_block(fixture.plan, &task, false);
    fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    uint32_t others = 0;
    for (; fixture_next(&fixture, &task); others++) {
        assert_int_not_equal(task.courses[0], refused);
        fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_int_equal(others, 4);
    assert_int_equal(plan_take_skipped(fixture.plan), 3);
    fixture_unmake(&fixture);
}

static void three_tenants_in_a_row_stop_the_host(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture,
                 COURSE("11", "3") COURSE("12", "3") COURSE("13", "3") COURSE("14", "3")
                     COURSE("15", "3"),
                 (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_task task;
    assert_true(fixture_next(&fixture, &task));
    plan_block(fixture.plan, &task, false);
    plan_answered(fixture.plan, &task, 1000); /* somebody got through: the row begins anew */
    fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    for (int i = 0; i < 3; i++) {
        assert_true(fixture_next(&fixture, &task));
        plan_block(fixture.plan, &task, false);
        fixture_finish(&fixture, &task, OUTCOME_BLOCKED);
    }
    assert_false(fixture_next(&fixture, &task));
    assert_int_equal(plan_take_skipped(fixture.plan), 16);
    fixture_unmake(&fixture);
}

static void stops_when_told(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "3") COURSE("12", "3"),
                 (struct plan_config){ .retries = 3 });
    plan_start(fixture.plan);
    struct plan_task running, again;
    assert_true(fixture_next(&fixture, &again));
    assert_true(plan_again(fixture.plan, &again, fixture.now));
    fixture.now += 10 * SECOND;
    assert_true(fixture_next(&fixture, &running));
    plan_stop(fixture.plan);
    assert_false(plan_finished(fixture.plan)); /* one still runs */
    fixture_finish(&fixture, &running, OUTCOME_OPEN);
    assert_true(plan_finished(fixture.plan));
    assert_int_equal(plan_take_skipped(fixture.plan), 7);
    fixture_unmake(&fixture);
}

static void says_what_it_is_bound_by(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_make(&fixture, COURSE("11", "9"), (struct plan_config){ 0 });
    plan_start(fixture.plan);
    struct plan_totals totals = plan_totals(fixture.plan);
    assert_int_equal(totals.slowest_requests, 40);
    assert_int_equal(totals.slowest_us, 80 * SECOND);
    assert_int_equal(plan_eta_us(fixture.plan, fixture.now), 80 * SECOND);
    struct plan_host host = plan_host(fixture.plan, 0);
    assert_string_equal(host.name, "www.chronogolf.com");
    assert_int_equal(host.tee_sheets_left, 10);
    fixture_unmake(&fixture);
}

static void is_small_and_does_not_grow(void **state)
{
    (void)state;
    enum { COURSES = 2000 };
    char *rows = calloc(COURSES, 256);
    assert_non_null(rows);
    struct buf buf = buf_over(rows, (size_t)COURSES * 256);
    for (int i = 0; i < COURSES; i++)
        buf_printf(&buf,
                   "%d,America/"
                   "Denver,chronogolf,\"{\"\"club_slug\"\":\"\"the-golf-club-of-town-%d\"\","
                   "\"\"course_uuids\"\":[\"\"00000000-0000-4000-8000-%012d\"\"]}\",90,06:00\n",
                   1000 + i, i, i);
    assert_false(buf.overflow);
    struct fixture fixture;
    struct plan_ages ages;
    assert_int_equal(plan_ages_parse(STR("1h"), &ages, NULL), TS_ERR_OK);
    fixture_make(&fixture, rows, (struct plan_config){ .retries = 2, .ages = ages });
    free(rows);
    plan_start(fixture.plan);
    size_t bytes = fixture.catalogue->bytes + plan_bytes(fixture.plan);
    print_message("%.1f bytes per course\n", (double)bytes / COURSES);
    assert_true(bytes <= (size_t)COURSES * 200);
    uint64_t allocations = mem_allocations();
    struct plan_task task;
    for (int i = 0; i < 3000 && fixture_next(&fixture, &task); i++) {
        plan_sent(fixture.plan, &task, fixture.now);
        if (i % 5 != 0 || !plan_again(fixture.plan, &task, fixture.now))
            fixture_finish(&fixture, &task, OUTCOME_OPEN);
    }
    assert_int_equal(mem_allocations(), allocations);
    fixture_unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_every_tee_sheet_once),
        cmocka_unit_test(groups_courses_of_a_tenant),
        cmocka_unit_test(keeps_the_gap_and_the_parallel_limit),
        cmocka_unit_test(retry_after_holds_the_host),
        cmocka_unit_test(retries_end),
        cmocka_unit_test(a_yielded_one_starts_again_uncounted),
        cmocka_unit_test(looks_once_more),
        cmocka_unit_test(fresh_ones_are_left_alone),
        cmocka_unit_test(without_max_age_all_is_due),
        cmocka_unit_test(stops_at_a_proven_not_released),
        cmocka_unit_test(a_challenge_stops_the_host),
        cmocka_unit_test(a_refusal_stops_the_tenant),
        cmocka_unit_test(three_tenants_in_a_row_stop_the_host),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(says_what_it_is_bound_by),
        cmocka_unit_test(is_small_and_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
