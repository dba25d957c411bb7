/*
 * test_engine_checks.c: the catalogue rows of ForeUp, GolfBack and MemberSports.
 *
 * Exercised: check() of good and faulty rows with the reason given; which rows share a task;
 * how many requests it takes; MemberSports' key in its header, and the largest ids in a
 * request.
 */
#include "conform/conversation.h"
#include "support/unit.h"

#define UUID "c0ffee00-0000-4000-8000-000000000001"

static const struct engine *engine_of(const char *name)
{
    int index = engine_find(str_of(name));
    assert_true(index >= 0);
    return engines[index];
}

static void test_check(void **state)
{
    static const struct {
        const char *engine, *row, *reason; /* NULL: a good row */
    } rows[] = {
        { "foreup", "schedule_id=1", NULL },
        { "foreup", "schedule_id=2147483647 facility_id=2 booking_class=0", NULL },
        { "foreup", "facility_id=2", "schedule_id is missing" },
        { "foreup", "schedule_id=0", "schedule_id: \"0\" is no number of 1..2147483647" },
        { "foreup", "schedule_id=2147483648", "schedule_id: \"2147483648\"" },
        { "foreup", "schedule_id=1 booking_class=1,2", "booking_class: \"1,2\"" },
        { "foreup", "schedule_id=1 facility_id=x", "facility_id: \"x\"" },
        { "golfback", "courseId=" UUID, NULL },
        { "golfback", "holes=18", "courseId is missing" },
        { "golfback", "courseId=" UUID "," UUID, "courseId: \"" },
        { "golfback", "courseId=heron-marsh", "courseId: \"heron-marsh\" is not one uuid" },
        { "membersports", "golf_club_id=1 golf_course_id=0", NULL },
        { "membersports", "golf_club_id=1 golf_course_id=2 config_type=1", NULL },
        { "membersports", "golf_course_id=2", "golf_club_id is missing" },
        { "membersports", "golf_club_id=1", "golf_course_id is missing" },
        { "membersports", "golf_club_id=0 golf_course_id=2", "golf_club_id: \"0\"" },
        { "membersports", "golf_club_id=1 golf_course_id=2 config_type=-1", "config_type" },
    };
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        char storage[1024];
        struct course course;
        struct error error = { TS_ERR_OK, "" };
        const struct engine *engine = engine_of(rows[i].engine);
        fixture_course(engine, str_of(rows[i].row), storage, sizeof(storage), &course);
        ts_err err = engine->check(&course, &error);
        assert_int_equal(err, rows[i].reason ? TS_ERR_CATALOGUE : TS_ERR_OK);
        if (rows[i].reason && !str_has_prefix(str_of(error.text), str_of(rows[i].reason)))
            fail_msg("%s: %s", rows[i].row, error.text);
        assert_int_equal(engine->check(&course, NULL), err);
    }
}

/* The row's tenant, '' for its own. */
static const char *key_of(const char *engine_name, const char *row, char *key, size_t cap)
{
    char storage[1024];
    struct course course;
    const struct engine *engine = engine_of(engine_name);
    struct buf out = buf_over(key, cap);
    fixture_course(engine, str_of(row), storage, sizeof(storage), &course);
    if (!engine->tenant_key(&course, &out))
        assert_int_equal(out.len, 0);
    return key;
}

static void test_tenants(void **state)
{
    char a[100], b[100];
    (void)state;
    assert_string_equal(key_of("foreup", "schedule_id=1", a, sizeof(a)), "");
    assert_string_equal(key_of("golfback", "courseId=" UUID, a, sizeof(a)), "");
    (void)key_of("membersports", "golf_club_id=7 golf_course_id=1", a, sizeof(a));
    (void)key_of("membersports", "golf_club_id=7 golf_course_id=2 config_type=0", b, sizeof(b));
    assert_string_equal(a, b);
    (void)key_of("membersports", "golf_club_id=7 golf_course_id=2 config_type=1", b, sizeof(b));
    assert_string_not_equal(a, b);
    (void)key_of("membersports", "golf_club_id=8 golf_course_id=1", b, sizeof(b));
    assert_string_not_equal(a, b);
}

static void test_expected_requests(void **state)
{
    const struct course *courses[3] = { NULL, NULL, NULL };
    (void)state;
    assert_int_equal(engine_of("foreup")->expected_requests(courses, 1), 1);
    assert_int_equal(engine_of("golfback")->expected_requests(courses, 1), 1);
    assert_int_equal(engine_of("membersports")->expected_requests(courses, 3), 1);
}

static void test_membersports_key(void **state)
{
    static const char *const row =
        "golf_club_id=2147483647 golf_course_id=2147483647 config_type=2147483647";
    char storage[1024], scratch_storage[1024];
    struct course course;
    const struct course *courses[] = { &course };
    struct engine_task task = { .engine = engine_of("membersports"),
                                .courses = courses,
                                .courses_count = 1,
                                .key = "sesame" };
    struct http_request request;
    struct buf scratch = buf_over(scratch_storage, sizeof(scratch_storage));
    bool has_key = false;
    (void)state;
    fixture_course(task.engine, str_of(row), storage, sizeof(storage), &course);
    assert_true(task.engine->needs_key);
    assert_int_equal(task.engine->request(&task, &scratch, &request), TS_ERR_OK);
    for (uint32_t i = 0; i < request.headers_count; i++)
        has_key = has_key || strcmp(request.headers[i], "x-api-key: sesame") == 0;
    assert_true(has_key);
    assert_true(str_contains_nocase(request.body, STR("\"golfClubId\":2147483647,")));
    assert_false(str_contains_nocase(request.body, STR("sesame")));
    assert_false(str_contains_nocase(str_of(request.url), STR("sesame")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_tenants),
        cmocka_unit_test(test_expected_requests),
        cmocka_unit_test(test_membersports_key),
    };
    return cmocka_run_group_tests_name("engine checks", tests, NULL, NULL);
}
