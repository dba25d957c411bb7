/*
 * test_conversation.c exercises host/conversation:
 *   each tee sheet has status and time of the reply that decided it, and the unreadable rows of
 * that one and those before it; what is read before a new start counts for nothing after it;
 * what a task holds and no batch does is too large, whatever texts its tee times share.
 */
#include "batch/batch.h"
#include "engine/adapter.h"
#include "host/budget.h"
#include "host/conversation.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define DATE 20792 /* 2026-12-05 */

static struct catalogue *catalogue;
static struct conversation conversation;
static _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];

static void begin(const char *rows)
{
    struct plan_task task = { .play_date = DATE, .attempt = 1, .tenant_state = tenant };
    uint8_t nonce[16] = { 0 };
    memset(tenant, 0, sizeof(tenant));
    catalogue = catalogue_of(rows);
    task.courses_count = catalogue->courses_count;
    for (uint32_t i = 0; i < task.courses_count; i++)
        task.courses[i] = i;
    assert_int_equal(conversation_init(&conversation, NULL, BUDGET_TASK_ARENA_BYTES),
                     TS_ERR_OK);
    conversation_begin(&conversation, catalogue, &task, nonce, NULL);
}

static void end(void)
{
    conversation_done(&conversation);
    catalogue_free(catalogue);
}

static enum conversation_turn read_total(uint16_t status, int64_t at, const char *body,
                                         const char *total)
{
    char storage[ENGINE_SCRATCH_BYTES];
    struct buf scratch = buf_over(storage, sizeof(storage));
    struct http_request request = { 0 };
    struct conversation_note note;
    struct http_reply reply = { .end = HTTP_END_REPLY,
                                .status = status,
                                .received_at = at,
                                .retry_after_us = -1,
                                .body = str_of(body) };
    struct buf field = buf_over(reply.total, sizeof(reply.total));
    buf_puts(&field, total);
    assert_int_equal(
        conversation.engine_task.engine->request(&conversation.engine_task, &scratch, &request),
        TS_ERR_OK);
    conversation_ask(&conversation, &request);
    return conversation_read(&conversation, &reply, &note);
}

static enum conversation_turn read(uint16_t status, int64_t at, const char *body)
{
    return read_total(status, at, body, "");
}

#define TEE(time)                                                                              \
    "{\"teeTime\": \"2026-12-05T" time                                                         \
    ":00\", \"prices\": [{\"roundType\": \"NINE_HOLE\", \"price\": "                           \
    "\"28.50\"}], \"teeOffSections\": [{\"teeOff\": \"FRONT_NINE\", \"isHeld\": false}]}"
#define LIST(tees) "{\"teeTimes\": {\"bookings\": [], \"teeTimes\": [" tees "]}}"

static void each_tee_sheet_is_of_its_own_reply(void **state)
{
    (void)state;
    begin(
        "1,America/Denver,teesnap,\"{\"\"subdomain\"\":\"\"oak\"\",\"\"courseId\"\":651}\",7,\n"
        "2,America/Denver,teesnap,\"{\"\"subdomain\"\":\"\"oak\"\",\"\"courseId\"\":652}\",7,\n"
        "3,America/"
        "Denver,teesnap,\"{\"\"subdomain\"\":\"\"oak\"\",\"\"courseId\"\":653}\",7,\n");
    assert_int_equal(
        read(200, 100,
             "<script>window.courses = [{\"id\": 651}, {\"id\": 652}, {\"id\": 653}];"),
        CONVERSATION_GOES_ON);
    assert_int_equal(read(200, 200, LIST(TEE("08:00"))), CONVERSATION_GOES_ON);
    assert_int_equal(read(200, 300, LIST(TEE("08:00") "," TEE("25:00"))), CONVERSATION_GOES_ON);
    assert_int_equal(read(502, 400, "bad gateway"), CONVERSATION_CAN_RETRY);
    (void)conversation_end(&conversation, SIZE_MAX);

    static const struct {
        enum outcome outcome;
        uint16_t status;
        int64_t checked_at;
        uint32_t unread_rows;
    } rows[] = {
        { OUTCOME_OPEN, 200, 200, 0 },
        { OUTCOME_OPEN, 200, 300, 1 },
        { OUTCOME_UNREACHABLE, 502, 400, 1 },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        const struct tee_sheet *sheet = &conversation.sheets[i];
        assert_int_equal(sheet->outcome, rows[i].outcome);
        assert_int_equal(sheet->http_status, rows[i].status);
        assert_int_equal(sheet->checked_at, rows[i].checked_at);
        assert_int_equal(sheet->unread_rows, rows[i].unread_rows);
    }
    end();
}

#define UUID "aaaaaaaa-0000-4000-8000-000000000001"
#define SLOT(id, time)                                                                         \
    "{\"id\": " id ", \"course\": {\"uuid\": \"" UUID                                          \
    "\"}, \"min_player_size\": 1, \"max_player_size\": 4, \"start_time\": \"" time             \
    "\", \"date\": \"2026-12-05\"}"

static void a_new_start_forgets_what_was_read(void **state)
{
    (void)state;
    begin("1,America/Denver,chronogolf,\"{\"\"course_uuids\"\":[\"\"" UUID "\"\"]}\",7,\n");
    const char *first =
        "{\"status\": \"open\", \"teetimes\": [" SLOT("1", "25:00") "," SLOT("2", "8:10") "]}";
    const char *second = "{\"status\": \"open\", \"teetimes\": [" SLOT("2", "8:10") "]}";
    assert_int_equal(read_total(200, 100, first, "3"), CONVERSATION_GOES_ON);
    assert_int_equal(conversation.engine_task.restarts, 1);
    assert_int_equal(read_total(200, 200, second, "1"), CONVERSATION_ENDS);
    (void)conversation_end(&conversation, SIZE_MAX);
    assert_int_equal(conversation.sheets[0].outcome, OUTCOME_OPEN);
    assert_int_equal(conversation.sheets[0].tee_times_count, 1);
    assert_int_equal(conversation.sheets[0].unread_rows, 0);
    end();
}

/* Two of each long text in turn: a task keeps them once, a batch anew with each tee time. */
static void fill(uint32_t count)
{
    static char texts[2][ENGINE_TEXT_MAX + 1];
    for (uint32_t i = 0; i < count; i++) {
        char *text = texts[i % 2];
        memset(text, i % 2 ? 'a' : 'b', ENGINE_TEXT_MAX);
        const struct tee_time tee_time = { .start_minute = (uint16_t)(i / 2),
                                           .holes = 18,
                                           .party_sizes = 1,
                                           .price_cents = 100,
                                           .routing = text,
                                           .rate_name = text,
                                           .engine_ref = "",
                                           .url_template = text };
        assert_true(engine_add_tee_time(&conversation.engine_task, 0, &tee_time));
    }
    conversation.sheets[0].outcome = OUTCOME_OPEN;
}

static void what_no_batch_holds_is_too_large(void **state)
{
    (void)state;
    struct budget budget;
    struct error error;
    const struct budget_config config = { .limit_bytes = BUDGET_DEFAULT_BYTES,
                                          .largest_reply_bytes = 1u << 20,
                                          .concurrency = 1,
                                          .batch_size = 1 };
    assert_int_equal(budget_split(&config, &budget, &error), TS_ERR_OK);
    for (uint32_t count = 64; count <= 2048; count *= 2) {
        struct batch *batch;
        assert_int_equal(batch_new(&batch, 1, budget.batch_bytes), TS_ERR_OK);
        begin("1,America/Denver,foreup,\"{\"\"schedule_id\"\":1}\",7,\n");
        fill(count);
        (void)conversation_end(&conversation, budget.batch_bytes);
        const struct tee_sheet *sheet = &conversation.sheets[0];
        assert_int_equal(sheet->outcome, count < 2048 ? OUTCOME_OPEN : OUTCOME_TOO_LARGE);
        assert_int_equal(sheet->tee_times_count, count < 2048 ? count : 0);
        assert_int_equal(batch_add(batch, sheet, 1), TS_ERR_OK);
        batch_free(batch);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tee_sheet_is_of_its_own_reply),
        cmocka_unit_test(a_new_start_forgets_what_was_read),
        cmocka_unit_test(what_no_batch_holds_is_too_large),
    };
    return cmocka_run_group_tests_name("conversation", tests, NULL, NULL);
}
