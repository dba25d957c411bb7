/*
 * test_teesnap.c: Teesnap's rows, requests and tenants.
 *
 * Exercised: check() of good and faulty rows with the reason given; host and tenant; a request
 * per course; the page once per tenant, known on the next date; headers; as many courses on a
 * page as fit and one more; the exception to the page's list; the link; that no golfer's id is
 * left in the task's results.
 */
#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

struct play {
    struct conversation *conversation;
    struct fixture *fixture;
};

static int set_up(void **state)
{
    struct play *play = mem_alloc(1, sizeof(*play));
    assert_non_null(play);
    play->conversation = conversation_new(64u * 1024);
    play->fixture = mem_alloc(1, sizeof(*play->fixture));
    assert_non_null(play->fixture);
    play->fixture->engine = engines[engine_find(STR("teesnap"))];
    assert_true(day_parse(STR("2026-12-05"), &play->fixture->date));
    *state = play;
    return 0;
}

static int tear_down(void **state)
{
    struct play *play = *state;
    conversation_free(play->conversation);
    fixture_free(play->fixture);
    mem_free(play);
    return 0;
}

static void add_course(struct play *play, const char *row)
{
    struct fixture *fixture = play->fixture;
    uint32_t i = fixture->courses_count++;
    fixture_course(fixture->engine, str_of(row), fixture->attributes[i],
                   sizeof(fixture->attributes[i]), &fixture->courses[i]);
}

static void add_reply(struct play *play, struct str body)
{
    struct fixture_reply *reply = &play->fixture->replies[play->fixture->replies_count++];
    reply->http.status = 200;
    fixture_set_body(reply, body);
}

static void test_check(void **state)
{
#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz"
    static const struct {
        const char *row, *reason; /* NULL: a good row */
    } rows[] = {
        { "subdomain=oak-hollow courseId=651", NULL },
        { "subdomain=" LABEL_63 " courseId=2147483647", NULL },
        { "subdomain=x" LABEL_63 " courseId=1",
          "subdomain: \"x" LABEL_63 "\" is no host's name" },
        { "courseId=651", "subdomain is missing" },
        { "subdomain=oak", "courseId is missing" },
        { "subdomain=oak.hollow courseId=651", "subdomain: \"oak.hollow\" is no host's name" },
        { "subdomain=oak courseId=0", "courseId: \"0\" is no id" },
        { "subdomain=oak courseId=2147483648", "courseId: \"2147483648\" is no id" },
    };
    const struct engine *engine = ((struct play *)*state)->fixture->engine;
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        char storage[400];
        struct course course;
        struct error error = { 0 };
        fixture_course(engine, str_of(rows[i].row), storage, sizeof(storage), &course);
        ts_err err = engine->check(&course, &error);
        assert_int_equal(err, rows[i].reason ? TS_ERR_CATALOGUE : TS_ERR_OK);
        if (rows[i].reason)
            assert_string_equal(error.text, rows[i].reason);
    }
}

#define PAGE "<script>window.courses = [{\"id\": 651}, {\"id\": 652}];</script>"

static void test_tenant(void **state)
{
    struct play *play = *state;
    const struct engine *engine = play->fixture->engine;
    char key_storage[100], host_storage[100];
    struct buf key = buf_over(key_storage, sizeof(key_storage));
    struct buf host = buf_over(host_storage, sizeof(host_storage));
    add_course(play, "subdomain=oak courseId=651");
    add_course(play, "subdomain=oak courseId=652");
    add_reply(play, STR(""));
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
    add_course(play, "subdomain=oak courseId=651");
    add_reply(play, STR(""));
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
    add_course(play, "subdomain=oak courseId=651");
    add_reply(play, STR(""));
    assert_int_equal(give_page(play, 64, &result), ENGINE_NEXT);
    assert_int_equal(give_page(play, 65, &result), ENGINE_DONE);
    assert_int_equal(result.outcome, OUTCOME_UNREADABLE);
    assert_int_equal(result.tenant_ttl_s, 0);
}

static void test_exception_to_the_list(void **state)
{
    struct play *play = *state;
    struct engine_result result;
    add_course(play, "subdomain=heathergardens courseId=131");
    add_reply(play, STR(""));
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
    add_course(play, "subdomain=oak courseId=651");
    add_reply(play, STR(PAGE));
    add_reply(play, STR(day));
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
        cmocka_unit_test_setup_teardown(test_check, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page_once_per_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exception_to_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_link_and_golfers, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("teesnap", tests, NULL, NULL);
}
