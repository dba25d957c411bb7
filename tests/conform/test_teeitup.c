/*
 * test_teeitup.c: TeeItUp's rows, requests and tenants.
 *
 * Exercised: one tenant per alias; one
 * request a task; the header with the alias; caps; the lookup once per tenant, whose map the
 * next date uses; a tenant with as many facilities as fit and one more; the largest request's
 * length; links.
 */
#include "conform/play.h"
#include "support/unit.h"

#define LIST "https://phx-api-be-east-1b.kenna.io/v2/tee-times?date=2026-12-05&facilityIds="

static int set_up(void **state)
{
    struct play *play = play_new("teeitup");
    assert_int_equal(zone_new(STR("America/Denver"), &play->fixture->zone, NULL), TS_ERR_OK);
    *state = play;
    return 0;
}

static int tear_down(void **state)
{
    play_free(*state);
    return 0;
}

static void test_one_request_a_task(void **state)
{
    struct play *play = *state;
    const struct engine *engine = play->fixture->engine;
    char storage[100];
    struct buf key = buf_over(storage, sizeof(storage));
    play_course(play, "alias=oak facility_ids=501");
    play_course(play, "alias=oak");
    play_reply(play, STR("[]"));
    conversation_play(play->conversation, play->fixture);
    assert_int_equal(engine->expected_requests(play->conversation->courses, 2), 1);
    assert_true(engine->tenant_key(&play->fixture->courses[1], &key));
    assert_string_equal(storage, "oak");
}

static void test_header_and_cap(void **state)
{
    struct play *play = *state;
    play_course(play, "alias=oak facility_ids=501");
    play_reply(play, STR("[]"));
    conversation_play(play->conversation, play->fixture);
    struct http_request request = conversation_request(play->conversation);
    assert_string_equal(request.method, "GET");
    assert_string_equal(request.url, LIST "501");
    assert_int_equal(request.headers_count, 2);
    assert_string_equal(request.headers[0], "Accept: application/json");
    assert_string_equal(request.headers[1], "x-be-alias: oak");
    assert_int_equal(request.reply_cap_bytes, 256 * 1024);
}

#define FACILITIES                                                                             \
    "[{\"id\": 501, \"courseId\": \"aaaa00000000000000000501\", \"name\": \"North\"},"         \
    " {\"id\": 502, \"courseId\": \"aaaa00000000000000000502\", \"name\": \"South\"}]"

static void test_lookup_once_per_tenant(void **state)
{
    struct play *play = *state;
    struct conversation *conversation = play->conversation;
    struct engine_task *task = &conversation->task;
    struct engine_result result = { .outcome = OUTCOME_NONE };
    play_course(play, "alias=oak facility_ids=501,502");
    play_reply(play, STR("[]"));
    conversation_play(conversation, play->fixture);
    struct http_reply reply = { .status = 200, .body = STR(FACILITIES) };
    assert_int_equal(task->engine->parse(task, &reply, &result), ENGINE_NEXT);
    assert_int_equal(result.tenant_ttl_s, 24 * 3600);
    struct http_request request = conversation_request(conversation);
    assert_string_equal(request.url, LIST "501,502");
    assert_int_equal(request.reply_cap_bytes, 1024 * 1024);
    task->step = 0; /* the next date's task of this tenant */
    task->play_date++;
    request = conversation_request(conversation);
    assert_non_null(strstr(request.url, "date=2026-12-06&facilityIds=501,502"));
}

static void put_facilities(struct buf *out, int count, const char *name)
{
    buf_putc(out, '[');
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s{\"id\": %d, \"courseId\": \"aaaa%020d\", \"name\": \"%s\"}",
                   i > 0 ? "," : "", i + 1, i + 1, name);
    buf_putc(out, ']');
}

static enum engine_verdict look_up(struct play *play, int count, const char *name,
                                   struct engine_result *result)
{
    static char storage[16 * 1024];
    struct buf text = buf_over(storage, sizeof(storage));
    struct engine_task *task = &play->conversation->task;
    put_facilities(&text, count, name);
    assert_false(text.overflow);
    conversation_play(play->conversation, play->fixture);
    *result = (struct engine_result){ .outcome = OUTCOME_NONE };
    struct http_reply reply = { .status = 200, .body = buf_view(&text) };
    return task->engine->parse(task, &reply, result);
}

static void test_facilities_limit(void **state)
{
    struct play *play = *state;
    struct engine_result result;
    play_course(play, "alias=oak");
    play_reply(play, STR("[]"));
    assert_int_equal(look_up(play, 64, "Short name", &result), ENGINE_NEXT);
    assert_int_equal(look_up(play, 65, "Short name", &result), ENGINE_DONE);
    assert_int_equal(result.outcome, OUTCOME_UNREADABLE);
    assert_int_equal(result.tenant_ttl_s, 0);
    static const char long_name[] = "The Championship Course at the Club of the Long Name";
    assert_int_equal(look_up(play, 64, long_name, &result), ENGINE_DONE);
    assert_int_equal(result.outcome, OUTCOME_UNREADABLE);
}

static void test_largest_request_fits(void **state)
{
    struct play *play = *state;
    char row[400];
    for (int i = 0; i < ENGINE_TASK_COURSES_MAX; i++) {
        struct buf text = buf_over(row, sizeof(row));
        buf_puts(&text, "alias=");
        for (int n = 0; n < 100; n++)
            buf_putc(&text, 'a');
        buf_puts(&text, " facility_ids=");
        for (int n = 0; n < 16; n++)
            buf_printf(&text, "%s%d", n > 0 ? "," : "", 2000000000 + 100 * i + n);
        assert_false(text.overflow);
        play_course(play, row);
    }
    play_reply(play, STR("[]"));
    conversation_play(play->conversation, play->fixture);
    (void)conversation_request(play->conversation);
}

static void test_link(void **state)
{
    struct play *play = *state;
    play_course(play, "alias=oak facility_ids=501");
    play_reply(play,
               STR("[{\"courseId\": \"aaaa00000000000000000501\", \"teetimes\": [{\"teetime\": "
                   "\"2026-12-05T15:10:00.000Z\", \"minPlayers\": 1, \"maxPlayers\": 4, "
                   "\"rates\": [{\"holes\": 18}]}]}]"));
    conversation_play(play->conversation, play->fixture);
    assert_int_equal(play->conversation->sheets[0].tee_times_count, 1);
    assert_string_equal(play->conversation->sheets[0].tee_times[0].url_template,
                        "https://oak.book.teeitup.com/?course=501&date=2026-12-05");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_request_a_task, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_header_and_cap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lookup_once_per_tenant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_facilities_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_largest_request_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_link, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("teeitup", tests, NULL, NULL);
}
