/*
 * test_engine_rules.c: the rules for replies that all engines share, and Chronogolf's rows.
 *
 * Exercised: the common outcome of each end and status; what is retried; what is a challenge;
 * Chronogolf's choice of V1 or V2, its tenants, the requests that a task takes, uuids sent
 * once, and the largest request's length.
 */
#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define UUID_1 "aaaaaaaa-0000-4000-8000-000000000001"
#define UUID_2 "aaaaaaaa-0000-4000-8000-000000000002"

static struct http_reply reply_of(enum http_end end, uint16_t status, const char *body)
{
    return (struct http_reply){
        .end = end, .status = status, .body = str_of(body), .retry_after_us = -1
    };
}

static void test_common_outcome(void **state)
{
    static const struct {
        enum http_end end;
        uint16_t status;
        enum outcome outcome;
        bool is_retried;
    } rules[] = {
        { HTTP_END_REPLY, 200, OUTCOME_UNREADABLE, false },
        { HTTP_END_REPLY, 301, OUTCOME_UNREADABLE, false },
        { HTTP_END_REPLY, 400, OUTCOME_UNREADABLE, false },
        { HTTP_END_REPLY, 401, OUTCOME_MISCONFIGURED, false },
        { HTTP_END_REPLY, 403, OUTCOME_BLOCKED, false },
        { HTTP_END_REPLY, 404, OUTCOME_MISCONFIGURED, false },
        { HTTP_END_REPLY, 408, OUTCOME_UNREACHABLE, true },
        { HTTP_END_REPLY, 410, OUTCOME_MISCONFIGURED, false },
        { HTTP_END_REPLY, 418, OUTCOME_UNREADABLE, false },
        { HTTP_END_REPLY, 422, OUTCOME_MISCONFIGURED, false },
        { HTTP_END_REPLY, 429, OUTCOME_THROTTLED, true },
        { HTTP_END_REPLY, 500, OUTCOME_UNREACHABLE, true },
        { HTTP_END_REPLY, 503, OUTCOME_UNREACHABLE, true },
        { HTTP_END_REPLY, 525, OUTCOME_UNREACHABLE, true },
        { HTTP_END_TRUNCATED, 200, OUTCOME_UNREADABLE, true },
        { HTTP_END_TRUNCATED, 500, OUTCOME_UNREACHABLE, true },
        { HTTP_END_TOO_LARGE, 200, OUTCOME_TOO_LARGE, false },
        { HTTP_END_TIMEOUT, 0, OUTCOME_UNREACHABLE, true },
        { HTTP_END_CONNECT, 0, OUTCOME_UNREACHABLE, true },
        { HTTP_END_TLS, 0, OUTCOME_UNREACHABLE, true },
        { HTTP_END_CANCELLED, 0, OUTCOME_SKIPPED, false },
    };
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(rules); i++) {
        struct http_reply reply = reply_of(rules[i].end, rules[i].status, "x");
        assert_int_equal(engine_common_outcome(&reply), rules[i].outcome);
        assert_int_equal(engine_reply_retryable(&reply), rules[i].is_retried);
    }
}

static void test_empty_body_is_retried(void **state)
{
    struct http_reply reply = reply_of(HTTP_END_REPLY, 200, " \n");
    (void)state;
    assert_true(engine_reply_retryable(&reply));
    reply.status = 404;
    assert_false(engine_reply_retryable(&reply));
}

static void test_challenge(void **state)
{
    struct http_reply reply = reply_of(HTTP_END_REPLY, 403, "{}");
    (void)state;
    assert_false(engine_reply_is_challenge(&reply));
    reply.body = STR("\n<!DOCTYPE html>");
    assert_true(engine_reply_is_challenge(&reply));
    reply.body = STR("");
    memcpy(reply.content_type, "text/HTML; charset=UTF-8", sizeof("text/HTML; charset=UTF-8"));
    assert_true(engine_reply_is_challenge(&reply));
    reply.status = 200;
    assert_false(engine_reply_is_challenge(&reply));
    reply.status = 503;
    assert_true(engine_reply_retryable(&reply));
    memcpy(reply.cf_mitigated, "challenge", sizeof("challenge"));
    assert_true(engine_reply_is_challenge(&reply));
    assert_false(engine_reply_retryable(&reply));
    assert_int_equal(engine_common_outcome(&reply), OUTCOME_BLOCKED);
}

static const struct engine *chronogolf(void)
{
    int index = engine_find(STR("chronogolf"));
    assert_true(index >= 0);
    return engines[index];
}

static bool key_of(const char *row, char *key, size_t cap)
{
    char storage[1024];
    struct course course;
    struct buf out = buf_over(key, cap);
    fixture_course(chronogolf(), str_of(row), storage, sizeof(storage), &course);
    return chronogolf()->tenant_key(&course, &out);
}

static void test_chronogolf_tenants(void **state)
{
    char a[100], b[100];
    (void)state;
    assert_true(key_of("course_uuids=" UUID_1 " club_slug=oak", a, sizeof(a)));
    assert_true(key_of("course_uuids=" UUID_2 " club_slug=oak", b, sizeof(b)));
    assert_string_equal(a, b);
    assert_true(key_of("course_uuids=" UUID_2 " club_slug=elm", b, sizeof(b)));
    assert_string_not_equal(a, b);
    assert_false(key_of("course_uuids=" UUID_1, a, sizeof(a)));
    assert_false(
        key_of("club_id=1 course_id=2 affiliation_type_id=3 club_slug=oak", a, sizeof(a)));
    assert_false(key_of("course_uuids=" UUID_1 " club_id=1 course_id=2 affiliation_type_id=3 "
                        "api=v1 club_slug=oak",
                        a, sizeof(a)));
}

static uint32_t requests_of(const char *row)
{
    char storage[1024];
    struct course course;
    const struct course *courses[] = { &course };
    fixture_course(chronogolf(), str_of(row), storage, sizeof(storage), &course);
    return chronogolf()->expected_requests(courses, 1);
}

static void test_chronogolf_expected_requests(void **state)
{
    (void)state;
    assert_int_equal(requests_of("club_id=1 course_id=2 affiliation_type_id=3"), 4);
    assert_int_equal(requests_of("club_id=1 course_id=2,4 affiliation_type_id=3 nb_holes=9,18"),
                     16);
    assert_int_equal(requests_of("course_uuids=" UUID_1), 2);
}

static struct str url_part(struct str url, const char *name)
{
    const char *at = strstr(url.ptr, name);
    assert_non_null(at);
    struct str rest = str_of(at + strlen(name)), value;
    assert_true(str_split(&rest, '&', &value));
    return value;
}

/* The hole count asked for: nb_holes, else a column that can be asked for, else 18. */
static void test_chronogolf_holes(void **state)
{
    static const struct {
        const char *row, *holes;
    } rows[] = {
        { "club_id=1 course_id=2 affiliation_type_id=3 nb_holes=12 holes=18", "12" },
        { "club_id=1 course_id=2 affiliation_type_id=3 holes=9", "9" },
        { "club_id=1 course_id=2 affiliation_type_id=3 holes=27", "18" },
        { "club_id=1 course_id=2 affiliation_type_id=3", "18" },
    };
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        char storage[1024], url[1024];
        struct course course;
        const struct course *courses[] = { &course };
        struct engine_task task = { .engine = chronogolf(),
                                    .courses = courses,
                                    .courses_count = 1 };
        struct http_request request;
        struct buf scratch = buf_over(url, sizeof(url));
        fixture_course(chronogolf(), str_of(rows[i].row), storage, sizeof(storage), &course);
        assert_int_equal(chronogolf()->request(&task, &scratch, &request), TS_ERR_OK);
        assert_true(
            str_equal(url_part(buf_view(&scratch), "nb_holes="), str_of(rows[i].holes)));
    }
}

/* A task of the most courses with the most uuids fits the scratch; a uuid of two rows goes
 * once. */
static void test_chronogolf_largest_request(void **state)
{
    static char storage[ENGINE_TASK_COURSES_MAX][1024], scratch_storage[ENGINE_SCRATCH_BYTES];
    struct course rows[ENGINE_TASK_COURSES_MAX];
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    struct engine_task task = { .engine = chronogolf(), .courses = courses };
    struct http_request request;
    struct buf scratch = buf_over(scratch_storage, sizeof(scratch_storage));
    (void)state;
    for (uint32_t i = 0; i < ENGINE_TASK_COURSES_MAX; i++) {
        char text_storage[1024];
        struct buf text = buf_over(text_storage, sizeof(text_storage));
        buf_puts(&text, "club_slug=oak course_uuids=" UUID_1);
        for (int k = 1; k < 12; k++)
            buf_printf(&text, ",bbbbbbbb-0000-4000-8000-0000000%02u%03d", i, k);
        fixture_course(chronogolf(), buf_view(&text), storage[i], sizeof(storage[i]), &rows[i]);
        assert_int_equal(chronogolf()->check(&rows[i], NULL), TS_ERR_OK);
        courses[task.courses_count++] = &rows[i];
    }
    assert_int_equal(chronogolf()->request(&task, &scratch, &request), TS_ERR_OK);
    assert_int_equal(url_part(buf_view(&scratch), "course_ids=").len,
                     (ENGINE_TASK_COURSES_MAX * 11 + 1) * 37 - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_common_outcome),
        cmocka_unit_test(test_empty_body_is_retried),
        cmocka_unit_test(test_challenge),
        cmocka_unit_test(test_chronogolf_tenants),
        cmocka_unit_test(test_chronogolf_expected_requests),
        cmocka_unit_test(test_chronogolf_holes),
        cmocka_unit_test(test_chronogolf_largest_request),
    };
    return cmocka_run_group_tests_name("engine rules", tests, NULL, NULL);
}
