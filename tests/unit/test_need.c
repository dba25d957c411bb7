/*
 * test_need.c exercises plan/need, and plan/plan and plan/queue through it:
 *   levels of age ÷ limit; never looked at first, then the most overdue, among equals the
 * nearest date; a look that observed nothing counts as a look; dates that no tier covers; a
 * tenant's most needy course counts; second looks go back to their place; no starvation when
 * each sweep can do half or a third; nearest date first without limits.
 */
#include "plan/need.h"
#include "plan/plan.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND   ((int64_t)1000000)
#define NOW_WALL ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY    ((int32_t)(NOW_WALL / 86400))
#define HOUR     ((int64_t)3600)
#define DATES    8

static const char one_course[] =
    "11,America/Denver,chronogolf,\"{\"\"club_id\"\":1,\"\"course_id\"\":2,"
    "\"\"affiliation_type_id\"\":3}\",7,\n";
static const char two_of_a_tenant[] =
    "11,America/Denver,chronogolf,\"{\"\"club_slug\"\":\"\"oak\"\",\"\"course_uuids\"\":["
    "\"\"00000000-0000-4000-8000-000000000001\"\"]}\",7,\n"
    "12,America/Denver,chronogolf,\"{\"\"club_slug\"\":\"\"oak\"\",\"\"course_uuids\"\":["
    "\"\"00000000-0000-4000-8000-000000000002\"\"]}\",7,\n";

struct fixture {
    struct catalogue *catalogue;
    struct plan *plan;
    int64_t now;
};

static void make(struct fixture *fixture, const char *rows, const char *max_age,
                 int64_t now_wall)
{
    struct plan_pace pace[32] = { { 0 } };
    struct plan_ages ages;
    struct error error = { 0 };
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i].parallel = 1;
    assert_int_equal(plan_ages_parse(str_of(max_age), &ages, NULL), TS_ERR_OK);
    *fixture = (struct fixture){ .catalogue = catalogue_of(rows), .now = 1000 * SECOND };
    const struct plan_config config = { .catalogue = fixture->catalogue,
                                        .now_wall = now_wall,
                                        .from_date = TODAY,
                                        .pace = pace,
                                        .conversations_max = 1,
                                        .ages = ages };
    if (plan_new(&config, &fixture->plan, &error))
        fail_msg("%s", error.text);
}

static void unmake(struct fixture *fixture)
{
    plan_free(fixture->plan);
    catalogue_free(fixture->catalogue);
}

/* Days ahead of the next task, which ends observed; -1: the plan is finished. */
static int32_t next_day(struct fixture *fixture)
{
    struct plan_task task;
    int64_t wait;
    if (!plan_next(fixture->plan, fixture->now, &task, &wait))
        return -1;
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    for (uint32_t i = 0; i < task.courses_count; i++)
        sheets[i] = (struct tee_sheet){ .outcome = OUTCOME_OPEN };
    plan_done(fixture->plan, &task, sheets);
    return task.play_date - TODAY;
}

static void expect_order(struct fixture *fixture, const int32_t *days, size_t count)
{
    plan_start(fixture->plan);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(next_day(fixture), days[i]);
    assert_int_equal(next_day(fixture), -1);
    assert_true(plan_finished(fixture->plan));
    unmake(fixture);
}

/* A look `age` seconds ago that observed. */
static void looked(struct fixture *fixture, int64_t course, int32_t day, int64_t age)
{
    plan_known(fixture->plan, course, TODAY + day, NOW_WALL - age, NOW_WALL - age);
}

static void levels_are_powers_of_two(void **state)
{
    (void)state;
    assert_int_equal(need_level(-5, HOUR), 0);
    assert_int_equal(need_level(HOUR - 1, HOUR), 0);
    assert_int_equal(need_level(HOUR, HOUR), 1);
    assert_int_equal(need_level(2 * HOUR - 1, HOUR), 1);
    assert_int_equal(need_level(2 * HOUR, HOUR), 2);
    assert_int_equal(need_level(4 * HOUR, HOUR), 3);
    assert_int_equal(need_level(8191 * HOUR, HOUR), 13);
    assert_int_equal(need_level(8192 * HOUR, HOUR), 14);
    assert_int_equal(need_level(INT64_MAX, 1), 14);
}

static void the_most_overdue_goes_first(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, one_course, "0-3=1h,4+=6h", NOW_WALL);
    looked(&fixture, 11, 0, HOUR);      /* 1 × */
    looked(&fixture, 11, 1, 9 * HOUR);  /* 9 × */
    looked(&fixture, 11, 2, HOUR);      /* 1 × */
    looked(&fixture, 11, 4, 14 * HOUR); /* 2.3 × */
    looked(&fixture, 11, 5, 60 * HOUR); /* 10 × */
    looked(&fixture, 11, 6, 5 * HOUR);  /* fresh */
    static const int32_t order[] = { 3, 7, 1, 5, 4, 0, 2 };
    expect_order(&fixture, order, TS_COUNT_OF(order));
}

static void a_look_in_vain_counts_as_a_look(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, one_course, "1h", NOW_WALL);
    plan_known(fixture.plan, 11, TODAY, NOW_WALL - HOUR, 0);
    plan_known(fixture.plan, 11, TODAY + 1, NOW_WALL - HOUR / 2, NOW_WALL - 90 * HOUR);
    for (int32_t day = 2; day < DATES; day++)
        looked(&fixture, 11, day, 2 * HOUR);
    static const int32_t order[] = { 2, 3, 4, 5, 6, 7, 0, 1 };
    expect_order(&fixture, order, TS_COUNT_OF(order));
}

static void what_is_always_due_counts_by_the_shortest_limit(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, one_course, "0-1=1h,2=30m,3=0s", NOW_WALL);
    looked(&fixture, 11, 0, 2 * HOUR); /* 2 × */
    looked(&fixture, 11, 1, HOUR);     /* 1 × */
    looked(&fixture, 11, 2, HOUR);     /* 2 × */
    looked(&fixture, 11, 3, HOUR);     /* as if 2 × */
    looked(&fixture, 11, 4, 1);        /* as if fresh, but due */
    looked(&fixture, 11, 5, 2 * HOUR); /* as if 4 × */
    static const int32_t order[] = { 6, 7, 5, 0, 2, 3, 1, 4 };
    expect_order(&fixture, order, TS_COUNT_OF(order));
}

static void a_tenant_needs_what_one_of_its_courses_needs(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, two_of_a_tenant, "1h", NOW_WALL);
    for (int32_t day = 0; day < DATES; day++)
        looked(&fixture, 11, day, HOUR);
    for (int32_t day = 0; day < DATES - 1; day++)
        looked(&fixture, 12, day, day == 3 ? 8 * HOUR : day == 4 ? HOUR / 2 : HOUR);
    static const int32_t order[] = { 7, 3, 0, 1, 2, 4, 5, 6 };
    expect_order(&fixture, order, TS_COUNT_OF(order));
}

static void a_second_look_goes_back_to_its_place(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, one_course, "1h", NOW_WALL);
    for (int32_t day = 0; day < DATES; day++)
        looked(&fixture, 11, day, day >= 6 ? 4 * HOUR : HOUR);
    plan_start(fixture.plan);
    static const int32_t order[] = { 6, 7, 0, 1 };
    for (size_t i = 0; i < TS_COUNT_OF(order); i++)
        assert_int_equal(next_day(&fixture), order[i]);
    assert_true(plan_look_again(fixture.plan, 0, TODAY + 7));
    assert_int_equal(next_day(&fixture), 7);
    assert_int_equal(next_day(&fixture), 2);
    unmake(&fixture);
}

/* Sweeps an hour apart, of which each can do `part` of DATES dates; the longest time, in
 * sweeps, that any date waited. */
static int32_t longest_wait(const char *max_age, int32_t part)
{
    int64_t looked_at[DATES] = { 0 };
    int32_t waited[DATES] = { 0 }, longest = 0;
    for (int32_t sweep = 0; sweep < 40; sweep++) {
        struct fixture fixture;
        int64_t now = NOW_WALL + sweep * (HOUR / 10);
        make(&fixture, one_course, max_age, now);
        for (int32_t day = 0; day < DATES; day++) {
            if (looked_at[day])
                plan_known(fixture.plan, 11, TODAY + day, looked_at[day], looked_at[day]);
            waited[day]++;
        }
        plan_start(fixture.plan);
        for (int32_t i = 0; i < part; i++) {
            int32_t day = next_day(&fixture);
            assert_true(day >= 0);
            looked_at[day] = now;
            waited[day] = 0;
        }
        unmake(&fixture);
        for (int32_t day = 0; day < DATES; day++)
            longest = waited[day] > longest ? waited[day] : longest;
    }
    return longest;
}

static void no_date_starves(void **state)
{
    (void)state;
    assert_int_equal(longest_wait("5m", DATES / 2), 1); /* every other sweep */
    assert_int_equal(longest_wait("1s", DATES / 2), 1); /* however old all are */
    assert_true(longest_wait("1m", DATES / 4) <= 7);    /* at worst twice the fair share */
    /* The near dates are 6 × their limit old in each sweep: the others wait until they are over
     * twice that, but no longer. */
    assert_true(longest_wait("0-2=1m,3+=6m", 3) <= 10);
}

static void without_limits_the_nearest_goes_first(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, one_course, "", NOW_WALL);
    looked(&fixture, 11, 0, HOUR);
    looked(&fixture, 11, 1, 900 * HOUR);
    static const int32_t order[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    expect_order(&fixture, order, TS_COUNT_OF(order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_powers_of_two),
        cmocka_unit_test(the_most_overdue_goes_first),
        cmocka_unit_test(a_look_in_vain_counts_as_a_look),
        cmocka_unit_test(what_is_always_due_counts_by_the_shortest_limit),
        cmocka_unit_test(a_tenant_needs_what_one_of_its_courses_needs),
        cmocka_unit_test(a_second_look_goes_back_to_its_place),
        cmocka_unit_test(no_date_starves),
        cmocka_unit_test(without_limits_the_nearest_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
