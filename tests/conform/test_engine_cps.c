/*
 * test_engine_cps.c: what CPS Golf's case files cannot show.
 *
 * Exercised: tenants and the requests
 * that a task takes; the headers of a v5 and a v4 list (credential, website, site, zone); a
 * tenant's state kept from one task to the next (only transaction and list are asked then, ids
 * included) and for how long; replies under way while another task of the tenant learns or
 * loses something; the largest request's length.
 */
#include "base/day.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define WEBSITE "11111111-2222-4333-8444-555555555555"
#define API     "https://oak.cps.golf/onlineres/onlineapi/api/v1/onlinereservation/"

struct play {
    struct arena arena;
    struct course rows[ENGINE_TASK_COURSES_MAX];
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    char storage[ENGINE_TASK_COURSES_MAX][400];
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
    char scratch[ENGINE_SCRATCH_BYTES];
    struct engine_task task;
    struct engine_result result;
};

static struct play play;

static const struct engine *cps(void)
{
    return engines[engine_find(STR("cps"))];
}

static int set_up(void **state)
{
    (void)state;
    memset(&play, 0, sizeof(play));
    return arena_init(&play.arena, 64u * 1024) == TS_ERR_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&play.arena);
    return 0;
}

static void start(int32_t date, const char *const *rows, uint32_t count)
{
    arena_reset(&play.arena);
    play.task = (struct engine_task){ .engine = cps(),
                                      .courses = play.courses,
                                      .sheets = play.sheets,
                                      .courses_count = count,
                                      .play_date = date,
                                      .arena = &play.arena,
                                      .tenant = play.tenant };
    for (uint32_t i = 0; i < count; i++) {
        fixture_course(cps(), str_of(rows[i]), play.storage[i], sizeof(play.storage[i]),
                       &play.rows[i]);
        play.courses[i] = &play.rows[i];
        play.sheets[i] = (struct tee_sheet){ .detail = "", .zone = play.sheets[i].zone };
    }
}

static struct http_request ask(void)
{
    struct http_request request;
    struct buf scratch = buf_over(play.scratch, sizeof(play.scratch));
    assert_int_equal(cps()->request(&play.task, &scratch, &request), TS_ERR_OK);
    play.task.asked = request.stage;
    return request;
}

static enum engine_verdict answer(uint16_t status, const char *body, int64_t received_at)
{
    struct http_reply reply = {
        .status = status, .body = str_of(body), .retry_after_us = -1, .received_at = received_at
    };
    play.result = (struct engine_result){ .outcome = OUTCOME_NONE };
    (void)ask();
    return cps()->parse(&play.task, &reply, &play.result);
}

static bool has_header(const struct http_request *request, const char *header)
{
    for (uint32_t i = 0; i < request->headers_count; i++)
        if (strcmp(request->headers[i], header) == 0)
            return true;
    return false;
}

static void test_tenants(void **state)
{
    static const char *const rows[] = { "subdomain=oak courseIds=1", "subdomain=oak siteId=2",
                                        "subdomain=elm courseIds=1", "subdomain=oak api=v4" };
    char keys[4][80];
    (void)state;
    start(0, rows, 4);
    for (int i = 0; i < 4; i++) {
        struct buf key = buf_over(keys[i], sizeof(keys[i]));
        assert_true(cps()->tenant_key(&play.rows[i], &key));
    }
    assert_string_equal(keys[0], keys[1]);
    assert_string_not_equal(keys[0], keys[2]);
    assert_string_not_equal(keys[0], keys[3]);
    assert_int_equal(cps()->expected_requests(play.courses, 2), 2);
    assert_int_equal(cps()->expected_requests(play.courses + 3, 1), 1);
}

static void test_v5_headers(void **state)
{
    const char *row = "subdomain=oak courseIds=1 siteId=6 terminalId=9 websiteId=" WEBSITE;
    struct zone *zone;
    struct http_request request;
    (void)state;
    assert_int_equal(zone_new(STR("America/Denver"), &zone, NULL), TS_ERR_OK);
    play.sheets[0].zone = zone;
    start(day_from_civil(2026, 7, 1), &row, 1);
    assert_int_equal(answer(200, "{\"access_token\": \"t.o.k\"}", 0), ENGINE_NEXT);
    assert_int_equal(answer(200, "true", 0), ENGINE_NEXT);
    request = ask();
    assert_true(
        str_has_prefix(str_of(request.url),
                       STR(API "TeeTimes?searchDate=Wed%20Jul%2001%202026&courseIds=1&")));
    assert_string_equal(request.method, "GET");
    assert_true(has_header(&request, "Authorization: Bearer t.o.k"));
    assert_true(has_header(&request, "x-componentid: 1"));
    assert_true(has_header(&request, "x-siteid: 6"));
    assert_true(has_header(&request, "x-terminalid: 9"));
    assert_true(has_header(&request, "x-websiteid: " WEBSITE));
    assert_true(has_header(&request, "x-timezoneid: America/Denver"));
    assert_true(has_header(&request, "x-timezone-offset: 360"));
    zone_free(zone);
}

static void test_v4_headers(void **state)
{
    const char *row = "subdomain=oak courseIds=1 authType=v4 websiteId=" WEBSITE;
    struct http_request request;
    (void)state;
    start(0, &row, 1);
    assert_int_equal(answer(200, "{\"apiKey\": \"k\"}", 100), ENGINE_NEXT);
    assert_int_equal(play.result.tenant_ttl_s, 3600);
    request = ask();
    assert_true(has_header(&request, "x-apikey: k"));
    assert_true(has_header(&request, "x-siteid: 1"));
    assert_true(has_header(&request, "x-terminalid: 3"));
}

/* The token's life, less a margin, is that of the ids looked up with it. */
static void test_tenant_is_kept(void **state)
{
    const char *row = "subdomain=oak";
    struct http_request request;
    (void)state;
    start(0, &row, 1);
    assert_int_equal(answer(200, "{\"access_token\": \"t\", \"expires_in\": 600}", 1000),
                     ENGINE_NEXT);
    assert_int_equal(play.result.tenant_ttl_s, 540);
    assert_string_equal(ask().url, API "OnlineCourses");
    assert_int_equal(
        answer(200, "[{\"courseId\": 5, \"siteId\": 8, \"websiteId\": \"" WEBSITE "\"}]", 1040),
        ENGINE_NEXT);
    assert_int_equal(play.result.tenant_ttl_s, 500);
    start(1, &row, 1);
    assert_string_equal(ask().url, API "RegisterTransactionId");
    assert_int_equal(answer(200, "true", 1041), ENGINE_NEXT);
    assert_int_equal(play.result.tenant_ttl_s, 0);
    request = ask();
    assert_true(str_contains_nocase(str_of(request.url), STR("&courseIds=5&transactionId=")));
    assert_true(has_header(&request, "x-websiteid: " WEBSITE));
    assert_true(has_header(&request, "x-siteid: 8"));
}

#define COURSES_REPLY "[{\"courseId\": 5, \"siteId\": 8, \"websiteId\": \"" WEBSITE "\"}]"

/* The reply to what was asked before, not to what would be asked now. */
static enum engine_verdict answer_asked(uint16_t status, const char *body)
{
    struct http_reply reply = { .status = status, .body = str_of(body), .retry_after_us = -1 };
    play.result = (struct engine_result){ .outcome = OUTCOME_NONE };
    return cps()->parse(&play.task, &reply, &play.result);
}

/* Two tasks look the courses up at once: the later reply is not taken for a list. */
static void test_courses_looked_up_twice(void **state)
{
    const char *row = "subdomain=oak";
    (void)state;
    start(0, &row, 1);
    assert_int_equal(answer(200, "{\"access_token\": \"t\"}", 0), ENGINE_NEXT);
    assert_string_equal(ask().url, API "OnlineCourses");
    struct engine_task late = play.task;
    assert_int_equal(answer_asked(200, COURSES_REPLY), ENGINE_NEXT);
    play.task = late;
    assert_int_equal(answer_asked(200, COURSES_REPLY), ENGINE_NEXT);
    assert_string_equal(ask().url, API "RegisterTransactionId");
}

/* A list that is under way while another task's credential is refused is read as a list. */
static void test_list_while_credential_is_refused(void **state)
{
    const char *row = "subdomain=oak courseIds=5 websiteId=" WEBSITE;
    (void)state;
    start(0, &row, 1);
    assert_int_equal(answer(200, "{\"access_token\": \"t\"}", 0), ENGINE_NEXT);
    assert_int_equal(answer(200, "true", 0), ENGINE_NEXT);
    assert_true(str_has_prefix(str_of(ask().url), STR(API "TeeTimes?")));
    struct engine_task late = play.task;
    assert_int_equal(answer_asked(401, "{}"), ENGINE_NEXT);
    play.task = late;
    assert_int_equal(answer_asked(400, "\"you are not able to book this\""), ENGINE_DONE);
    assert_int_equal(play.result.outcome, OUTCOME_NOT_RELEASED);
}

static void test_largest_request(void **state)
{
    static char rows[ENGINE_TASK_COURSES_MAX][300], token[2100];
    const char *all[ENGINE_TASK_COURSES_MAX];
    (void)state;
    for (int i = 0; i < ENGINE_TASK_COURSES_MAX; i++) {
        struct buf row = buf_over(rows[i], sizeof(rows[i]));
        buf_puts(&row, "subdomain=oak websiteId=" WEBSITE " courseIds=");
        for (int c = 0; c < 16; c++)
            buf_printf(&row, c ? ",%d" : "%d", 2000000000 + i * 16 + c);
        all[i] = rows[i];
    }
    struct buf body = buf_over(token, sizeof(token));
    buf_puts(&body, "{\"access_token\": \"");
    for (int i = 0; i < 2047; i++)
        buf_putc(&body, 'x');
    buf_puts(&body, "\"}");
    start(0, all, ENGINE_TASK_COURSES_MAX);
    assert_int_equal(answer(200, token, 0), ENGINE_NEXT);
    assert_int_equal(answer(200, "true", 0), ENGINE_NEXT);
    assert_true(strlen(ask().url) > 16 * 16 * 11);
}

int main(void)
{
#define PLAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        PLAY(test_tenants),
        PLAY(test_v5_headers),
        PLAY(test_v4_headers),
        PLAY(test_tenant_is_kept),
        PLAY(test_largest_request),
        PLAY(test_courses_looked_up_twice),
        PLAY(test_list_while_credential_is_refused),
    };
    return cmocka_run_group_tests_name("engine cps", tests, NULL, NULL);
}
