/* conversation.c: a task's requests and replies without a network. */
#include "conform/conversation.h"

#include "base/mem.h"
#include "support/unit.h"

#define REQUESTS_MAX 500

struct conversation *conversation_new(size_t arena_bytes)
{
    struct conversation *conversation = mem_alloc(1, sizeof(*conversation));
    assert_non_null(conversation);
    assert_int_equal(arena_init(&conversation->arena, arena_bytes), TS_ERR_OK);
    return conversation;
}

void conversation_free(struct conversation *conversation)
{
    if (!conversation)
        return;
    arena_done(&conversation->arena);
    mem_free(conversation);
}

static void begin(struct conversation *conversation, const struct fixture *fixture)
{
    struct engine_task *task = &conversation->task;
    uint32_t restarts = task->restarts;
    arena_reset(&conversation->arena);
    memset(conversation->tenant, 0, sizeof(conversation->tenant));
    *task = (struct engine_task){
        .engine = fixture->engine,
        .courses = conversation->courses,
        .sheets = conversation->sheets,
        .courses_count = fixture->courses_count,
        .play_date = fixture->date,
        .arena = &conversation->arena,
        .key = fixture->engine->needs_key ? "key-of-the-tests" : NULL,
        .tenant = fixture->engine->tenant_state_bytes > 0 ? conversation->tenant : NULL,
        .restarts = restarts,
    };
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        conversation->courses[i] = &fixture->courses[i];
        conversation->sheets[i] = (struct tee_sheet){ .course_id = fixture->courses[i].id,
                                                      .play_date = fixture->date,
                                                      .detail = "",
                                                      .currency = fixture->courses[i].currency,
                                                      .zone = fixture->zone };
    }
}

static void check_host(const struct engine_task *task, const char *url)
{
    char storage[300];
    struct buf start = buf_over(storage, sizeof(storage));
    buf_puts(&start, "https://");
    task->engine->host_of(task->courses[0], &start);
    buf_putc(&start, '/');
    assert_true(str_has_prefix(str_of(url), buf_view(&start)));
}

struct http_request conversation_request(const struct conversation *conversation)
{
    static char first[ENGINE_SCRATCH_BYTES], second[ENGINE_SCRATCH_BYTES];
    const struct engine_task *task = &conversation->task;
    struct buf one = buf_over(first, sizeof(first)), two = buf_over(second, sizeof(second));
    struct http_request request, again;
    assert_int_equal(task->engine->request(task, &one, &request), TS_ERR_OK);
    assert_int_equal(task->engine->request(task, &two, &again), TS_ERR_OK);
    assert_string_equal(request.url, again.url);
    assert_true(str_equal(request.body, again.body));
    assert_true(request.reply_cap_bytes > 0);
    assert_true(request.reply_cap_bytes <= task->engine->reply_cap_bytes);
    assert_true(request.headers_count <= HTTP_REQUEST_HEADERS_MAX);
    check_host(task, request.url);
    return request;
}

static void give_all(struct conversation *conversation, enum outcome outcome,
                     const char *detail)
{
    for (uint32_t i = 0; i < conversation->task.courses_count; i++)
        if (conversation->sheets[i].outcome == OUTCOME_NONE) {
            conversation->sheets[i].outcome = outcome;
            conversation->sheets[i].detail = detail ? detail : "";
        }
}

/* What the plan does with a verdict. False: the conversation is over. */
static bool go_on(struct conversation *conversation, const struct fixture *fixture,
                  const struct http_reply *reply, enum engine_verdict verdict,
                  const struct engine_result *result)
{
    bool has_more = conversation->replies_used < fixture->replies_count;
    switch (verdict) {
    case ENGINE_NEXT:
        return true;
    case ENGINE_RESTART:
        assert_int_equal(conversation->task.restarts, 0);
        conversation->task.restarts++;
        conversation->skipped_rows = 0;
        begin(conversation, fixture);
        return true;
    case ENGINE_DONE:
        give_all(conversation, result->outcome, result->detail);
        give_all(conversation, OUTCOME_UNREADABLE, "no outcome");
        return false;
    case ENGINE_TRUNCATED:
        if (has_more)
            return true;
        give_all(conversation, OUTCOME_UNREADABLE, result->detail);
        return false;
    case ENGINE_UNDECIDED:
        break;
    }
    if (has_more && engine_reply_retryable(reply))
        return true;
    give_all(conversation, engine_common_outcome(reply), result->detail);
    return false;
}

/* The request that the next reply answers. */
static void ask(struct conversation *conversation)
{
    static char text[ENGINE_SCRATCH_BYTES];
    struct engine_task *task = &conversation->task;
    struct buf scratch = buf_over(text, sizeof(text));
    struct http_request request;
    assert_int_equal(task->engine->request(task, &scratch, &request), TS_ERR_OK);
    task->asked = request.stage;
}

static void check_request(const struct conversation *conversation,
                          const struct fixture_reply *reply)
{
    struct http_request request = conversation_request(conversation);
    if (reply->ask)
        assert_string_equal(request.url, reply->ask);
    if (reply->ask_body)
        assert_true(str_equal(request.body, str_of(reply->ask_body)));
}

void conversation_play(struct conversation *conversation, const struct fixture *fixture)
{
    const struct http_reply lost = { .end = HTTP_END_CONNECT };
    bool goes_on = true;
    conversation->task.restarts = 0;
    conversation->skipped_rows = conversation->replies_used = 0;
    begin(conversation, fixture);
    for (uint32_t requests = 0; goes_on; requests++) {
        struct engine_result result = { .outcome = OUTCOME_NONE };
        const struct http_reply *reply = &lost;
        assert_true(requests < REQUESTS_MAX);
        ask(conversation);
        if (conversation->replies_used < fixture->replies_count) {
            const struct fixture_reply *next = &fixture->replies[conversation->replies_used++];
            if (conversation->checks_requests)
                check_request(conversation, next);
            reply = &next->http;
        }
        enum engine_verdict verdict =
            fixture->engine->parse(&conversation->task, reply, &result);
        if (conversation->skipped_rows == 0)
            conversation->skipped_field = result.skipped_field;
        conversation->skipped_rows += result.skipped_rows;
        goes_on = go_on(conversation, fixture, reply, verdict, &result);
    }
    for (uint32_t i = 0; i < fixture->courses_count; i++)
        (void)tee_sheet_seal(&conversation->sheets[i]);
}

static void put_money(struct buf *out, int32_t cents)
{
    buf_printf(out, ", %d.%02d", (int)(cents / 100), (int)(cents % 100));
}

static void put_text(struct buf *out, const char *label, const char *text)
{
    if (text[0])
        buf_printf(out, ", %s %s", label, text);
}

static void render_tee_time(const struct tee_time *tee_time, struct buf *out)
{
    buf_printf(out, "%02d:%02d", tee_time->start_minute / 60, tee_time->start_minute % 60);
    if (tee_time->holes > 0)
        buf_printf(out, " %d holes", tee_time->holes);
    if (tee_time->start_hole > 0)
        buf_printf(out, " from %d", tee_time->start_hole);
    buf_puts(out, ", players ");
    tee_time_party_format(tee_time->party_sizes, out);
    if (tee_time->price_cents != TEE_TIME_PRICE_UNKNOWN) {
        put_money(out, tee_time->price_cents);
        buf_printf(out, " %s", price_basis_name(tee_time->price_basis));
    }
    if (tee_time->cart_fee_cents != TEE_TIME_PRICE_UNKNOWN) {
        buf_puts(out, ", cart");
        buf_printf(out, " %d.%02d", (int)(tee_time->cart_fee_cents / 100),
                   (int)(tee_time->cart_fee_cents % 100));
    }
    put_text(out, "ref", tee_time->engine_ref);
    put_text(out, "routing", tee_time->routing);
    put_text(out, "rate", tee_time->rate_name);
    buf_putc(out, '\n');
}

void conversation_render(const struct tee_sheet *sheet, struct buf *out)
{
    buf_printf(out, "%s\n", outcome_name(sheet->outcome));
    for (uint32_t i = 0; i < sheet->tee_times_count; i++)
        render_tee_time(&sheet->tee_times[i], out);
}
