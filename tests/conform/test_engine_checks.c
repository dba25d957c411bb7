/*
 * test_engine_checks.c: the catalogue rows of all engines.
 *
 * Exercised: check() of good and faulty rows with the reason given; of ForeUp, GolfBack and
 * MemberSports also which rows share a task, how many requests it takes, MemberSports' key in
 * its header, and the largest ids in a request.
 */
#include "conform/conversation.h"
#include "support/unit.h"

#define UUID     "c0ffee00-0000-4000-8000-000000000001"
#define UUID_2   "c0ffee00-0000-4000-8000-000000000002"
#define EIGHT    "11111,22222,33333,44444,55555,66666,77777,88888"
#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz"

static const struct engine *engine_of(const char *name)
{
    int index = engine_find(str_of(name));
    assert_true(index >= 0);
    return engines[index];
}

static const struct {
    const char *engine, *row, *reason; /* NULL: a good row */
} rows[] = {
    { "foreup", "schedule_id=1", NULL },
    { "foreup", "schedule_id=2147483647 facility_id=2 booking_class=0", NULL },
    { "foreup", "facility_id=2", "schedule_id is missing" },
    { "foreup", "schedule_id=0", "schedule_id: \"0\" is no number of 1..2147483647" },
    { "foreup", "schedule_id=2147483648",
      "schedule_id: \"2147483648\" is no number of 1..2147483647" },
    { "foreup", "schedule_id=1 booking_class=1,2",
      "booking_class: \"1,2\" is no number of 0..2147483647" },
    { "foreup", "schedule_id=1 facility_id=x",
      "facility_id: \"x\" is no number of 1..2147483647" },
    { "golfback", "courseId=" UUID, NULL },
    { "golfback", "holes=18", "courseId is missing" },
    { "golfback", "courseId=" UUID "," UUID,
      "courseId: \"c0ffee00-0000-4000-8000-000000000001,c0ffee00-0000-4000-8000-000000000001\" "
      "is not one uuid" },
    { "golfback", "courseId=heron-marsh", "courseId: \"heron-marsh\" is not one uuid" },
    { "membersports", "golf_club_id=1 golf_course_id=0", NULL },
    { "membersports", "golf_club_id=1 golf_course_id=2 config_type=1", NULL },
    { "membersports", "golf_course_id=2", "golf_club_id is missing" },
    { "membersports", "golf_club_id=1", "golf_course_id is missing" },
    { "membersports", "golf_club_id=0 golf_course_id=2",
      "golf_club_id: \"0\" is no number of 1..2147483647" },
    { "membersports", "golf_club_id=1 golf_course_id=2 config_type=-1",
      "config_type: \"-1\" is no number of 0..2147483647" },
    { "chronogolf", "course_uuids=" UUID, NULL },
    { "chronogolf", "course_uuids=" UUID "," UUID_2 " club_id=1 api=v2", NULL },
    { "chronogolf", "club_id=1 course_id=2 affiliation_type_id=3", NULL },
    { "chronogolf", "club_id=1 course_id=2,4 affiliation_type_id=3 nb_holes=9,18", NULL },
    { "chronogolf", "course_uuids=" UUID " club_id=1 course_id=2 affiliation_type_id=3 api=v1",
      NULL },
    { "chronogolf", "club_slug=x",
      "club_id, course_id, affiliation_type_id missing: V1 needs club_id, course_id and "
      "affiliation_type_id, V2 course_uuids" },
    { "chronogolf", "club_id=1",
      "course_id, affiliation_type_id missing: V1 needs club_id, course_id and "
      "affiliation_type_id, V2 course_uuids" },
    { "chronogolf", "club_id=1 course_id=2",
      "affiliation_type_id missing: V1 needs club_id, course_id and affiliation_type_id, V2 "
      "course_uuids" },
    { "chronogolf", "course_uuids=" UUID " api=v1",
      "club_id, course_id, affiliation_type_id missing: V1 needs club_id, course_id and "
      "affiliation_type_id, V2 course_uuids" },
    { "chronogolf", "club_id=1 course_id=2 affiliation_type_id=3 api=v2",
      "course_uuids is missing, api is v2" },
    { "chronogolf", "course_uuids=" UUID " api=v3", "api: \"v3\" is neither v1 nor v2" },
    { "chronogolf", "course_uuids=aaaaaaaa-0000-4000-8000-00000000000",
      "course_uuids: \"aaaaaaaa-0000-4000-8000-00000000000\" is no uuid" },
    { "chronogolf", "course_uuids=" UUID ",aaaaaaaa-0000-4000-8000-00000000000g",
      "course_uuids: \"aaaaaaaa-0000-4000-8000-00000000000g\" is no uuid" },
    { "chronogolf", "course_uuids=aaaaaaaa00004000800000000000000000000",
      "course_uuids: \"aaaaaaaa00004000800000000000000000000\" is no uuid" },
    { "chronogolf", "club_id=x course_id=2 affiliation_type_id=3",
      "club_id: \"x\" is no number of 1..2147483647" },
    { "chronogolf", "club_id=1 course_id=2,0 affiliation_type_id=3",
      "course_id: \"0\" is no number of 1..2147483647" },
    { "chronogolf", "club_id=1 course_id=2 affiliation_type_id=3 nb_holes=99",
      "nb_holes: \"99\" is no number of 1..36" },
    { "teeitup", "alias=oak-hollow", NULL },
    { "teeitup", "alias=oak_hollow2 facility_ids=1", NULL },
    { "teeitup", "alias=oak facility_ids=1,2147483647", NULL },
    { "teeitup", "alias=oak facility_ids=" EIGHT "," EIGHT, NULL },
    { "teeitup", "facility_ids=1", "alias is missing" },
    { "teeitup", "alias=oak/hollow", "alias: \"oak/hollow\" is no tenant's name" },
    { "teeitup", "alias=oak\r\nx:", "alias: \"oak  x:\" is no tenant's name" },
    { "teeitup", "alias=oak facility_ids=0", "facility_ids: \"0\" is no id" },
    { "teeitup", "alias=oak facility_ids=1,2147483648",
      "facility_ids: \"2147483648\" is no id" },
    { "teeitup", "alias=oak facility_ids=" EIGHT "," EIGHT ",1", "facility_ids: more than 16" },
    { "cps", "subdomain=oak", NULL },
    { "cps", "subdomain=oak websiteId=" UUID " siteId=1 courseIds=1,2 terminalId=3 api=v5",
      NULL },
    { "cps", "subdomain=oak websiteId=00000000-0000-0000-0000-000000000000 authType=v4", NULL },
    { "cps", "courseIds=1", "subdomain is missing" },
    { "cps", "subdomain=oak.hill", "subdomain: \"oak.hill\" is no host name" },
    { "cps", "subdomain=oak websiteId=12", "websiteId: \"12\" is no uuid" },
    { "cps", "subdomain=oak courseIds=1,0", "courseIds: \"0\" is no positive number" },
    { "cps", "subdomain=oak courseIds=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
      "courseIds: more than 16" },
    { "cps", "subdomain=oak siteId=0", "siteId: \"0\" is no positive number" },
    { "cps", "subdomain=oak terminalId=x", "terminalId: \"x\" is no positive number" },
    { "cps", "subdomain=oak api=v3", "api: \"v3\" is neither v4 nor v5" },
    { "cps", "subdomain=oak authType=2", "authType: \"2\" is neither v4 nor v5" },
    { "quick18", "subdomain=oak", NULL },
    { "quick18", "subdomain=oak domain=play18.com sub_course=North", NULL },
    { "quick18", "domain=play18.com", "subdomain is missing" },
    { "quick18", "subdomain=oak/hill", "subdomain: \"oak/hill\" is no host name" },
    { "quick18", "subdomain=oak domain=play18", "domain: \"play18\" is no domain" },
    { "quick18", "subdomain=oak domain=a.b@c", "domain: \"a.b@c\" is no domain" },
    { "teesnap", "subdomain=oak-hollow courseId=651", NULL },
    { "teesnap", "subdomain=" LABEL_63 " courseId=2147483647", NULL },
    { "teesnap", "subdomain=x" LABEL_63 " courseId=1",
      "subdomain: \"x" LABEL_63 "\" is no host name" },
    { "teesnap", "courseId=651", "subdomain is missing" },
    { "teesnap", "subdomain=oak", "courseId is missing" },
    { "teesnap", "subdomain=oak.hollow courseId=651",
      "subdomain: \"oak.hollow\" is no host name" },
    { "teesnap", "subdomain=oak courseId=0", "courseId: \"0\" is no number of 1..2147483647" },
    { "teesnap", "subdomain=oak courseId=2147483648",
      "courseId: \"2147483648\" is no number of 1..2147483647" },
};

static void test_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        char storage[1024];
        struct course course;
        struct error error = { TS_ERR_OK, "" };
        const struct engine *engine = engine_of(rows[i].engine);
        fixture_course(engine, str_of(rows[i].row), storage, sizeof(storage), &course);
        ts_err err = engine->check(&course, &error);
        assert_int_equal(err, rows[i].reason ? TS_ERR_CATALOGUE : TS_ERR_OK);
        if (rows[i].reason)
            assert_string_equal(error.text, rows[i].reason);
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
