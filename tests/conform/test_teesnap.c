/*
 * test_teesnap.c: Teesnap's rows, requests and tenants.
 *
 * Exercised: host and tenant; a request
 * per course; the page once per tenant, known on the next date; headers; as many courses on a
 * page as fit and one more; the exception to the page's list; the link; that no golfer's id is
 * left in the task's results.
 */
#include "conform/play.h"
#include "support/unit.h"

static int set_up(void **state)
{
    struct play *play = play_new("teesnap");
    *state = play;
    return 0;
}

static int tear_down(void **state)
{
    play_free(*state);
    return 0;
}

#define PAGE "<script>window.courses = [{\"id\": 651}, {\"id\": 652}];</script>"

static void test_tenant(void **state)
{
    struct play *play = *state;
    const struct engine *engine = play->fixture->engine;
    char key_storage[100], host_storage[100];
    struct buf key = buf_over(key_storage, sizeof(key_storage));
    struct buf host = buf_over(host_storage, sizeof(host_storage));
    play_course(play, "subdomain=oak courseId=651");
    play_course(play, "subdomain=oak courseId=652");
    play_reply(play, STR(""));
    conversation_play(play->conversation, play->fixture);
    assert_int_equal(engine->expected_requests(play->conversation->courses, 2), 2);
    assert_true(engine->tenant_key(&play->fixture->courses[1], &key));
    engine->host_of(&play->fixture->courses[1], &host);
    assert_string_equal(key_storage, "oak");
    assert_string_equal(host_storage, "oak.teesnap.net");
}

static void forget_results(struct conversation *conversation)
{
    for (uint32_t i = 0; i < conversation->task.courses_count; i++)
        conversation->sheets[i].outcome = OUTCOME_NONE;
}

static void test_page_once_per_tenant(void **state)
{
    struct play *play = *state;
    struct conversation *conversation = play->conversation;
    struct engine_task *task = &conversation->task;
    struct engine_result result = { .outcome = OUTCOME_NONE };
    struct http_reply reply = { .status = 200, .body = STR(PAGE) };
    play_course(play, "subdomain=oak courseId=651");
    play_reply(play, STR(""));
    conversation_play(conversation, play->fixture);
    forget_results(conversation);
    struct http_request request = conversation_request(conversation);
    assert_string_equal(request.url, "https://oak.teesnap.net/");
    assert_int_equal(request.headers_count, 1);
    assert_string_equal(request.headers[0], "Accept: text/html");
    assert_int_equal(task->engine->parse(task, &reply, &result), ENGINE_NEXT);
    assert_int_equal(result.tenant_ttl_s, 24 * 3600);
    task->step = 0; /* the next date's task of this tenant */
    task->play_date++;
    request = conversation_request(conversation);
    assert_string_equal(request.url,
                        "https://oak.teesnap.net/customer-api/teetimes-day?"
                        "course=651&date=2026-12-06&players=1&holes=18&addons=off");
    assert_int_equal(request.headers_count, 2);
    assert_string_equal(request.headers[0], "Accept: application/json");
    assert_string_equal(request.headers[1], "Referer: https://oak.teesnap.net/");
}

static enum engine_verdict give_page(struct play *play, int courses,
                                     struct engine_result *result)
{
    static char storage[4096];
    struct buf page = buf_over(storage, sizeof(storage));
    struct engine_task *task = &play->conversation->task;
    buf_puts(&page, "window.courses=[");
    for (int i = 0; i < courses; i++)
        buf_printf(&page, "%s{\"id\":%d}", i > 0 ? "," : "", 600 + i);
    buf_puts(&page, "];");
    assert_false(page.overflow);
    conversation_play(play->conversation, play->fixture);
    forget_results(play->conversation);
    *result = (struct engine_result){ .outcome = OUTCOME_NONE };
    struct http_reply reply = { .status = 200, .body = buf_view(&page) };
    return task->engine->parse(task, &reply, result);
}

static void test_page_limit(void **state)
{
    struct play *play = *state;
    struct engine_result result;
    play_course(play, "subdomain=oak courseId=651");
    play_reply(play, STR(""));
    assert_int_equal(give_page(play, 64, &result), ENGINE_NEXT);
    assert_int_equal(give_page(play, 65, &result), ENGINE_DONE);
    assert_int_equal(result.outcome, OUTCOME_UNREADABLE);
    assert_int_equal(result.tenant_ttl_s, 0);
}

static void test_exception_to_the_list(void **state)
{
    struct play *play = *state;
    struct engine_result result;
    play_course(play, "subdomain=heathergardens courseId=131");
    play_reply(play, STR(""));
    assert_int_equal(give_page(play, 1, &result), ENGINE_NEXT);
    struct http_request request = conversation_request(play->conversation);
    assert_non_null(strstr(request.url, "course=131&"));
}

/* What remains: the tee time and, of golfers, nothing. */
static void test_link_and_golfers(void **state)
{
    static const char day[] =
        "{\"teeTimes\": {\"bookings\": [{\"bookingId\": 41, \"golfers\": [987654321]}],"
        "\"golfers\": [{\"id\": 987654321, \"name\": \"Someone\"}], \"teeTimes\": "
        "[{\"teeTime\":"
        "\"2026-12-05T08:00:00\", \"prices\": [{\"roundType\": \"NINE_HOLE\"}],"
        "\"teeOffSections\": [{\"teeOff\": \"FRONT_NINE\", \"isHeld\": false,"
        "\"bookings\": [41]}]}]}}";
    static const int64_t golfer = 987654321;
    char storage[200];
    struct buf text = buf_over(storage, sizeof(storage));
    struct play *play = *state;
    struct conversation *conversation = play->conversation;
    play_course(play, "subdomain=oak courseId=651");
    play_reply(play, STR(PAGE));
    play_reply(play, STR(day));
    conversation_play(conversation, play->fixture);
    assert_int_equal(conversation->sheets[0].tee_times_count, 1);
    const struct tee_time *tee_time = &conversation->sheets[0].tee_times[0];
    assert_int_equal(tee_time->party_sizes, 7);
    assert_string_equal(tee_time->url_template, "https://oak.teesnap.net/?date=2026-12-05");
    assert_null(
        memmem(conversation->tenant, sizeof(conversation->tenant), &golfer, sizeof(golfer)));
    conversation_render(&conversation->sheets[0], &text);
    assert_string_equal(storage, "open\n08:00 9 holes from 1, players 1,2,3\n");
    assert_string_equal(conversation->sheets[0].detail, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page_once_per_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exception_to_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_link_and_golfers, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("teesnap", tests, NULL, NULL);
}
