/*
 * test_conform.c: what every booking engine must keep, over all of engines[] and all case
 * files.
 *
 * Exercised: the table (names, attributes, manners); requests (deterministic, within scratch
 * and cap, to the engine's host); the case files' expectations; junk replies of every end and
 * status; and every reply of every case damaged: cut at each byte, each member removed, each
 * value of another type, nested too deep, its lists repeated ten times.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define ARENA_BYTES (64u * 1024)
/* A damaged reply may free a row that was not open: removing `frozen` makes it one tee time per
 * hole count. */
#define TEE_TIMES_MORE 2
#define CUTS_EACH      300

static struct conversation *conversation;
static uint64_t damages;

static int set_up(void **state)
{
    (void)state;
    conversation = conversation_new(ARENA_BYTES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    conversation_free(conversation);
    return 0;
}

static void test_names_are_unique(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < engines_count; i++)
        assert_int_equal(engine_find(str_of(engines[i]->name)), (int)i);
    assert_int_equal(engine_find(STR("")), -1);
    assert_int_equal(engine_find(STR("no such engine")), -1);
}

static void test_tables_are_complete(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < engines_count; i++) {
        const struct engine *engine = engines[i];
        assert_true(engine->max_parallel_per_host > 0 && engine->min_gap_ms > 0);
        assert_true(engine->reply_cap_bytes > 0);
        assert_true(engine->tenant_state_bytes <= ENGINE_TENANT_BYTES_MAX);
        assert_true(engine->about[0] && engine->terms[0] && engine->host[0]);
        assert_true(strcmp(engine->verified, "recordings") == 0 ||
                    strcmp(engine->verified, "description") == 0);
        for (uint32_t a = 0; a < engine->attrs_count; a++) {
            assert_int_equal(engine_attr_find(engine, str_of(engine->attrs[a].name)), (int)a);
            assert_true(engine->attrs[a].help[0]);
        }
        assert_int_equal(engine_attr_find(engine, STR("no such attribute")), -1);
    }
}

static void check_rows(const struct fixture *fixture)
{
    struct error error;
    char first[200], other[200];
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        struct buf key = buf_over(first, sizeof(first)), again = buf_over(other, sizeof(other));
        assert_int_equal(fixture->engine->check(&fixture->courses[i], &error), TS_ERR_OK);
        bool has_key = fixture->engine->tenant_key(&fixture->courses[i], &key);
        (void)fixture->engine->tenant_key(&fixture->courses[0], &again);
        assert_true(has_key || fixture->courses_count == 1);
        assert_string_equal(first, other);
    }
}

static void check_expectations(const struct fixture *fixture)
{
    static char storage[64 * 1024];
    assert_int_equal(fixture->expects_count, fixture->courses_count);
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        struct buf text = buf_over(storage, sizeof(storage));
        conversation_render(&conversation->sheets[i], &text);
        assert_string_equal(text.ptr, fixture->expects[i]);
        assert_non_null(conversation->sheets[i].detail);
    }
    assert_int_equal(conversation->replies_used, fixture->replies_count);
    assert_int_equal(conversation->task.restarts, fixture->restarts);
    assert_int_equal(conversation->skipped_rows, fixture->skipped);
    if (fixture->skipped > 0)
        assert_string_equal(conversation->skipped_field, fixture->skipped_field);
}

static void play_case(struct fixture *fixture)
{
    print_message("    %s\n", strrchr(fixture->path, '/') + 1);
    check_rows(fixture);
    conversation->checks_requests = true;
    conversation_play(conversation, fixture);
    conversation->checks_requests = false;
    check_expectations(fixture);
}

static void test_cases(void **state)
{
    (void)state;
    assert_true(fixture_each(play_case) > 0);
}

static void play_scratch(struct fixture *fixture)
{
    char storage[16]; /* less than any URL with a host */
    struct http_request request;
    struct buf small = buf_over(storage, sizeof(storage));
    conversation_play(conversation, fixture);
    conversation->task.step = 0;
    assert_int_equal(fixture->engine->request(&conversation->task, &small, &request),
                     TS_ERR_FULL);
    const struct course *const *courses = conversation->task.courses;
    assert_true(fixture->engine->expected_requests(courses, fixture->courses_count) > 0);
}

static void test_small_scratch(void **state)
{
    (void)state;
    (void)fixture_each(play_scratch);
}

/* A small arena is an ordinary answer, at every size. */
static void play_small_arenas(struct fixture *fixture)
{
    struct conversation *usual = conversation;
    uint32_t tee_times[ENGINE_TASK_COURSES_MAX];
    conversation_play(usual, fixture);
    for (uint32_t i = 0; i < fixture->courses_count; i++)
        tee_times[i] = usual->sheets[i].tee_times_count;
    for (size_t bytes = 16; bytes <= 8192; bytes += 40) {
        conversation = conversation_new(bytes);
        conversation_play(conversation, fixture);
        for (uint32_t i = 0; i < fixture->courses_count; i++)
            if (outcome_is_observed(conversation->sheets[i].outcome))
                assert_int_equal(conversation->sheets[i].tee_times_count, tee_times[i]);
        conversation_free(conversation);
    }
    conversation = usual;
}

static void test_small_arenas(void **state)
{
    (void)state;
    (void)fixture_each(play_small_arenas);
}

static void check_all_unknown(const struct fixture *fixture)
{
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        if (!outcome_is_unknown(conversation->sheets[i].outcome))
            print_error("%s: %s from a damaged reply\n", fixture->path,
                        outcome_name(conversation->sheets[i].outcome));
        assert_true(outcome_is_unknown(conversation->sheets[i].outcome));
        assert_int_equal(conversation->sheets[i].tee_times_count, 0);
    }
}

static void play_junk(struct fixture *fixture)
{
    static const uint16_t statuses[] = { 0,   204, 301, 400, 401, 403, 404, 408, 410,
                                         418, 422, 429, 500, 502, 503, 520, 525 };
    static const char *const bodies[] = {
        "",         " ",       "null", "{}", "0", "<html></html>", "[", "{\"error\": \"no\"}",
        "\"text\"", "\xff\xfe"
    };
    struct fixture_reply *first = &fixture->replies[0];
    uint32_t all = fixture->replies_count;
    fixture->replies_count = 1;
    for (size_t b = 0; b < TS_COUNT_OF(bodies); b++) {
        fixture_set_body(first, str_of(bodies[b]));
        first->http.status = 200;
        conversation_play(conversation, fixture);
        check_all_unknown(fixture);
        for (size_t s = 0; s < TS_COUNT_OF(statuses); s++) {
            first->http.status = statuses[s];
            conversation_play(conversation, fixture);
            check_all_unknown(fixture);
        }
    }
    fixture->replies_count = all;
}

static void test_junk_replies(void **state)
{
    (void)state;
    (void)fixture_each(play_junk);
}

/* A good body counts for nothing when the transfer did not end well. */
static void play_ends(struct fixture *fixture)
{
    for (int end = HTTP_END_TRUNCATED; end <= HTTP_END_CANCELLED; end++) {
        fixture->replies[0].http.end = (enum http_end)end;
        conversation_play(conversation, fixture);
        if (fixture->replies_count == 1)
            check_all_unknown(fixture);
    }
}

static void test_broken_transfers(void **state)
{
    (void)state;
    (void)fixture_each(play_ends);
}

/* What the undamaged case gives, per course. */
struct truth {
    uint32_t tee_times[ENGINE_TASK_COURSES_MAX];
    enum outcome outcomes[ENGINE_TASK_COURSES_MAX];
};

static struct truth truth_of(const struct fixture *fixture)
{
    struct truth truth = { { 0 }, { OUTCOME_NONE } };
    conversation_play(conversation, fixture);
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        truth.tee_times[i] = conversation->sheets[i].tee_times_count;
        truth.outcomes[i] = conversation->sheets[i].outcome;
    }
    return truth;
}

static void check_tee_time(const struct tee_time *tee_time)
{
    assert_true(tee_time->start_minute < 24 * 60);
    assert_true(tee_time->party_sizes != 0);
    assert_true(tee_time->price_cents >= TEE_TIME_PRICE_UNKNOWN);
    assert_true(tee_time->cart_fee_cents >= TEE_TIME_PRICE_UNKNOWN);
    assert_true(tee_time->routing && tee_time->rate_name);
    assert_true(tee_time->engine_ref && tee_time->url_template);
}

static void check_damaged(const struct fixture *fixture, const struct truth *truth,
                          uint32_t tee_times_more)
{
    /* A case that starts again shows what its first try saw, once damage hides the reason. */
    bool is_bounded = fixture->restarts == 0;
    damages++;
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        const struct tee_sheet *sheet = &conversation->sheets[i];
        bool has_more = sheet->tee_times_count > truth->tee_times[i] + tee_times_more;
        if (is_bounded && has_more)
            fail_msg("%s: %u tee times from a damaged reply", fixture->path,
                     sheet->tee_times_count);
        assert_true(sheet->outcome != OUTCOME_NONE);
        for (uint32_t t = 0; t < sheet->tee_times_count; t++)
            check_tee_time(&sheet->tee_times[t]);
    }
}

/* Each byte, but in the middle of a long list of like rows a few of each. */
static size_t cut_step(size_t len, size_t whole)
{
    return len > CUTS_EACH && whole > len + CUTS_EACH ? 53 : 1;
}

/* What earlier replies settled stays; nothing is observed from the cut one. */
static void check_unknown_but(const struct fixture *fixture, const struct truth *before)
{
    for (uint32_t i = 0; i < fixture->courses_count; i++) {
        const struct tee_sheet *sheet = &conversation->sheets[i];
        if (outcome_is_unknown(sheet->outcome)) {
            assert_int_equal(sheet->tee_times_count, 0);
            continue;
        }
        if (sheet->outcome != before->outcomes[i])
            fail_msg("%s: %s from a cut reply", fixture->path, outcome_name(sheet->outcome));
        assert_int_equal(sheet->tee_times_count, before->tee_times[i]);
    }
}

static void play_truncated(struct fixture *fixture)
{
    struct truth truth = truth_of(fixture);
    for (uint32_t r = 0; r < fixture->replies_count; r++) {
        struct fixture_reply *reply = &fixture->replies[r];
        struct str whole = str_trim(reply->http.body);
        struct fixture cut = *fixture;
        struct fixture_reply *last = &cut.replies[r];
        cut.replies_count = r;
        struct truth before = truth_of(&cut);
        cut.replies_count = r + 1;
        for (size_t len = 0; len < whole.len; len += cut_step(len, whole.len)) {
            last->body = NULL;
            fixture_set_body(last, (struct str){ whole.ptr, len });
            conversation_play(conversation, &cut);
            check_damaged(&cut, &truth, 0);
            if (reply->http.status == 200)
                check_unknown_but(&cut, &before);
            for (uint32_t i = 0; i < cut.courses_count; i++)
                if (outcome_is_observed(conversation->sheets[i].outcome))
                    assert_int_equal(conversation->sheets[i].outcome, truth.outcomes[i]);
            mem_free(last->body);
        }
    }
}

static void test_truncated(void **state)
{
    (void)state;
    damages = 0;
    (void)fixture_each(play_truncated);
    print_message("    %llu cuts\n", (unsigned long long)damages);
}

/* The reply whose JSON is being damaged: its whole body, and the text of one damaged copy. */
struct damage {
    struct fixture *fixture;
    struct fixture_reply *reply;
    const struct truth *truth;
    struct str body;
    struct buf text;
};

static void put_before(struct damage *damage, const char *until)
{
    buf_reset(&damage->text);
    buf_put(&damage->text,
            (struct str){ damage->body.ptr, (size_t)(until - damage->body.ptr) });
}

static void play_rest(struct damage *damage, const char *from, uint32_t tee_times_more)
{
    const char *end = damage->body.ptr + damage->body.len;
    buf_put(&damage->text, (struct str){ from, (size_t)(end - from) });
    assert_false(damage->text.overflow);
    fixture_set_body(damage->reply, buf_view(&damage->text));
    conversation_play(conversation, damage->fixture);
    check_damaged(damage->fixture, damage->truth, tee_times_more);
}

/* Replaces a piece of the body. */
static void play_instead(struct damage *damage, struct str piece, const char *text)
{
    put_before(damage, piece.ptr);
    buf_puts(&damage->text, text);
    play_rest(damage, piece.ptr + piece.len, TEE_TIMES_MORE);
}

static void damage_container(struct damage *damage, struct str raw, unsigned depth);

/* Every type, and some extremes. */
static void damage_value(struct damage *damage, struct str raw, unsigned depth)
{
    static const char *const others[] = {
        "null",       "true",
        "0",          "9223372036854775807",
        "-1",         "1e300",
        "\"\"",       "[]",
        "{}",         "\"\\u0085\\u001f\xf0\x9f\x8f\x8c\"",
        "[[[null]]]",
    };
    for (size_t i = 0; i < TS_COUNT_OF(others); i++)
        play_instead(damage, raw, others[i]);
    damage_container(damage, raw, depth + 1);
}

static void damage_object(struct damage *damage, struct json *json, unsigned depth)
{
    struct str key, value;
    while (json_key(json, &key)) {
        if (!json_raw(json, &value))
            return; /* a case whose reply is no JSON from here on */
        size_t len = (size_t)(value.ptr + value.len - (key.ptr - 1));
        play_instead(damage, (struct str){ key.ptr - 1, len }, "\"another\": 1");
        damage_value(damage, value, depth);
    }
}

static void play_repeated(struct damage *damage, struct str raw)
{
    struct str inside = str_trim((struct str){ raw.ptr + 1, raw.len - 2 });
    if (inside.len == 0)
        return;
    put_before(damage, raw.ptr + 1);
    for (int i = 0; i < 10; i++) {
        if (i > 0)
            buf_putc(&damage->text, ',');
        buf_put(&damage->text, inside);
    }
    play_rest(damage, raw.ptr + raw.len - 1, 0);
}

static void damage_array(struct damage *damage, struct json *json, struct str raw,
                         unsigned depth)
{
    struct json ahead = *json;
    struct str value;
    uint32_t count = 0;
    while (json_next(&ahead))
        count++;
    /* The ends of a long list stand for its middle. */
    for (uint32_t i = 0; json_next(json); i++) {
        if (!json_raw(json, &value))
            return; /* a case whose reply is no JSON from here on */
        if (i < 1 || i + 2 > count || count <= 4)
            damage_value(damage, value, depth);
    }
    play_repeated(damage, raw);
}

static void damage_container(struct damage *damage, struct str raw, unsigned depth)
{
    struct json json = json_over(raw);
    assert_true(depth < JSON_DEPTH_MAX);
    if (json_peek(&json) == JSON_OBJECT && json_enter_object(&json))
        damage_object(damage, &json, depth);
    else if (json_peek(&json) == JSON_ARRAY && json_enter_array(&json))
        damage_array(damage, &json, raw, depth);
}

static void play_damaged(struct fixture *fixture)
{
    static char storage[512 * 1024];
    struct truth truth = truth_of(fixture);
    for (uint32_t r = 0; r < fixture->replies_count; r++) {
        struct fixture_reply *reply = &fixture->replies[r];
        struct json json = json_over(reply->http.body);
        if (json_finish(&json) != JSON_OK)
            continue;
        char *body = mem_alloc(reply->http.body.len, 1);
        assert_non_null(body);
        memcpy(body, reply->http.body.ptr, reply->http.body.len);
        struct damage damage = { fixture,
                                 reply,
                                 &truth,
                                 { body, reply->http.body.len },
                                 buf_over(storage, sizeof(storage)) };
        damage_container(&damage, str_trim(damage.body), 0);
        fixture_set_body(reply, damage.body);
        mem_free(body);
    }
}

static void test_damaged_json(void **state)
{
    (void)state;
    damages = 0;
    (void)fixture_each(play_damaged);
    print_message("    %llu damaged replies\n", (unsigned long long)damages);
}

static void play_deep(struct fixture *fixture)
{
    char storage[4000];
    static const char *const opens[] = { "[", "{\"teetimes\":", "[{\"green_fees\":",
                                         "{\"status\":\"open\",\"teetimes\":[{\"course\":" };
    uint32_t all = fixture->replies_count;
    fixture->replies_count = 1;
    for (size_t i = 0; i < TS_COUNT_OF(opens); i++) {
        struct buf deep = buf_over(storage, sizeof(storage));
        while (deep.len + strlen(opens[i]) < sizeof(storage))
            buf_puts(&deep, opens[i]);
        fixture->replies[0].http.status = 200;
        fixture_set_body(&fixture->replies[0], buf_view(&deep));
        conversation_play(conversation, fixture);
        check_all_unknown(fixture);
    }
    fixture->replies_count = all;
}

static void test_deep_nesting(void **state)
{
    (void)state;
    (void)fixture_each(play_deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_tables_are_complete),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_small_scratch),
        cmocka_unit_test(test_small_arenas),
        cmocka_unit_test(test_junk_replies),
        cmocka_unit_test(test_broken_transfers),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_damaged_json),
        cmocka_unit_test(test_deep_nesting),
    };
    return cmocka_run_group_tests_name("conform", tests, set_up, tear_down);
}
