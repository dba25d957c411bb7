/*
 * test_fetch.c exercises one transfer at a time against the fake engine:
 *  - every way in which a reply can come or fail to come, and how it ends (table of ends);
 *  - the cap at size-1, size, size+1, before and after decompression, on Content-Length alone;
 *  - time limits: total, idle, connect; a slow but steady reply is no failure;
 *  - what is sent: method, headers, body, User-Agent, encodings; headers with line breaks;
 *  - what is read: content type, total, cf-mitigated, Retry-After, sizes.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "integration/fetch_harness.h"
#include "support/unit.h"

#define JSON "[{\"id\":1},{\"id\":2}]"

/* ---- the table of ends ---- */

static const struct end_row {
    const char *name;
    struct fake_step step;
    enum http_end end;
    uint16_t status;
    const char *body; /* expected, or NULL: not looked at */
} end_rows[] = {
    { "whole", { .body = JSON }, HTTP_END_REPLY, 200, JSON },
    { "empty", { .body = NULL }, HTTP_END_REPLY, 200, "" },
    { "no content", { .status = 204, .headers = "A: b\r\n" }, HTTP_END_REPLY, 204, "" },
    { "not found", { .status = 404, .body = "gone" }, HTTP_END_REPLY, 404, "gone" },
    { "server error", { .status = 503, .body = "x" }, HTTP_END_REPLY, 503, "x" },
    { "chunked", { .body = JSON, .framing = FAKE_CHUNKED }, HTTP_END_REPLY, 200, JSON },
    { "chunked pieces",
      { .body = JSON, .framing = FAKE_CHUNKED, .drip_bytes = 3 },
      HTTP_END_REPLY,
      200,
      JSON },
    { "until closed",
      { .body = JSON, .framing = FAKE_UNTIL_CLOSED },
      HTTP_END_REPLY,
      200,
      JSON },
    { "gzip", { .body = JSON, .encoding = FAKE_GZIP }, HTTP_END_REPLY, 200, JSON },
    { "deflate", { .body = JSON, .encoding = FAKE_DEFLATE }, HTTP_END_REPLY, 200, JSON },
    { "gzip chunked",
      { .body = JSON, .encoding = FAKE_GZIP, .framing = FAKE_CHUNKED, .drip_bytes = 2 },
      HTTP_END_REPLY,
      200,
      JSON },
    { "redirect",
      { .status = 302, .headers = "Location: /elsewhere\r\n" },
      HTTP_END_REPLY,
      302,
      "" },
    { "interim reply first",
      { .kind = FAKE_RAW,
        .body = "HTTP/1.1 103 Early Hints\r\nTotal: 9\r\n\r\n"
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]" },
      HTTP_END_REPLY,
      200,
      "[]" },
    { "NUL bytes", { .body = "a\0b", .body_len = 3 }, HTTP_END_REPLY, 200, NULL },
    /* Cut where the framing does not tell: libcurl 7.88 does not ask zlib whether the stream
     * was whole, so this is for the reader of the body to see. */
    { "cut gzip until closed",
      { .body = JSON, .cut_after = 22, .encoding = FAKE_GZIP, .framing = FAKE_UNTIL_CLOSED },
      HTTP_END_REPLY,
      200,
      NULL },

    { "length too long",
      { .body = JSON, .length_lie = 10, .after = FAKE_CLOSE },
      HTTP_END_TRUNCATED,
      200,
      JSON },
    { "cut", { .body = JSON, .cut_after = 7 }, HTTP_END_TRUNCATED, 200, "[{\"id\":" },
    { "cut chunked",
      { .body = JSON, .cut_after = 7, .framing = FAKE_CHUNKED },
      HTTP_END_TRUNCATED,
      200,
      "[{\"id\":" },
    { "cut gzip",
      { .body = JSON, .cut_after = 12, .encoding = FAKE_GZIP },
      HTTP_END_TRUNCATED,
      200,
      NULL },
    { "reset in the body",
      { .body = JSON, .cut_after = 7, .drip_bytes = 5, .drip_ms = 20, .after = FAKE_RESET },
      HTTP_END_TRUNCATED,
      200,
      NULL },
    { "no gzip",
      { .body = JSON, .headers = "Content-Encoding: gzip\r\n" },
      HTTP_END_TRUNCATED,
      200,
      "" },
    { "broken chunk",
      { .kind = FAKE_RAW,
        .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\nzz\r\n" },
      HTTP_END_TRUNCATED,
      200,
      NULL },
    { "unasked brotli",
      { .body = JSON, .headers = "Content-Encoding: br\r\n" },
      HTTP_END_TRUNCATED,
      200,
      "" },
    { "unasked zstd",
      { .body = JSON, .headers = "Content-Encoding: zstd\r\n" },
      HTTP_END_TRUNCATED,
      200,
      "" },
    /* A whole frame of zstd that holds "[]". */
    { "unasked transfer coding",
      { .kind = FAKE_RAW,
        .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: zstd\r\n\r\n"
                "\x28\xb5\x2f\xfd\x20\x02\x11\0\0[]",
        .body_len = 44 + 11 },
      HTTP_END_TRUNCATED,
      200,
      "" },
    { "unasked transfer coding, chunked",
      { .body = JSON,
        .encoding = FAKE_GZIP,
        .headers = "Transfer-Encoding: gzip\r\n",
        .framing = FAKE_CHUNKED },
      HTTP_END_TRUNCATED,
      200,
      "" },
    { "cut in the headers",
      { .kind = FAKE_RAW, .body = "HTTP/1.1 200 OK\r\nContent-Le" },
      HTTP_END_TRUNCATED,
      200,
      "" },

    { "endless chunked",
      { .body = JSON, .repeat = FAKE_ENDLESS, .framing = FAKE_CHUNKED },
      HTTP_END_TOO_LARGE,
      200,
      NULL },
    { "endless",
      { .body = JSON, .repeat = FAKE_ENDLESS, .framing = FAKE_UNTIL_CLOSED },
      HTTP_END_TOO_LARGE,
      200,
      NULL },
    { "100 MB by its length",
      { .body = "0123456789", .repeat = 10485760 },
      HTTP_END_TOO_LARGE,
      200,
      "" },
    { "bomb",
      { .body = "0000000000", .repeat = 10485760, .encoding = FAKE_GZIP },
      HTTP_END_TOO_LARGE,
      200,
      NULL },
    { "bomb, chunked",
      { .body = "0000000000",
        .repeat = 1048576,
        .encoding = FAKE_DEFLATE,
        .framing = FAKE_CHUNKED },
      HTTP_END_TOO_LARGE,
      200,
      NULL },
    /* Empty stored blocks: input without end that inflates to nothing. */
    { "endless compressed nothing",
      { .body = "\0\0\0\xff\xff",
        .body_len = 5,
        .repeat = FAKE_ENDLESS,
        .headers = "Content-Encoding: deflate\r\n",
        .framing = FAKE_CHUNKED },
      HTTP_END_TOO_LARGE,
      200,
      "" },
    { "endless headers", { .kind = FAKE_ENDLESS_HEADERS }, HTTP_END_TOO_LARGE, 200, "" },

    { "only an interim reply",
      { .kind = FAKE_RAW, .body = "HTTP/1.1 103 Early Hints\r\nTotal: 9\r\n\r\n" },
      HTTP_END_CONNECT,
      0,
      "" },
    { "closed at once", { .kind = FAKE_RAW }, HTTP_END_CONNECT, 0, "" },
    { "reset at once", { .kind = FAKE_RAW, .after = FAKE_RESET }, HTTP_END_CONNECT, 0, "" },
    { "garbage",
      { .kind = FAKE_RAW, .body = "\x16\x03\x01 no HTTP" },
      HTTP_END_CONNECT,
      0,
      "" },
};

static void check_end(const struct end_row *row, const struct look *look)
{
    const struct http_reply *reply = &look->reply;
    if (reply->end != row->end || reply->status != row->status)
        fail_msg("%s: end %d (%s), status %u", row->name, (int)reply->end, look->detail,
                 reply->status);
    if (row->body && !str_equal(reply->body, str_of(row->body)))
        fail_msg("%s: body '%.*s'", row->name, STR_ARGS(reply->body));
    if ((reply->end == HTTP_END_REPLY) != (look->detail[0] == '\0'))
        fail_msg("%s: detail '%s'", row->name, look->detail);
}

static void replies_end_as_they_should(void **state)
{
    (void)state;
    struct harness harness;
    harness_init(&harness, NULL, 0, FAKE_HTTP, (struct fetch_config){ 0 });
    struct look look = { .request.reply_cap_bytes = 65536 };
    for (size_t i = 0; i < TS_COUNT_OF(end_rows); i++) {
        fake_engine_script(harness.engine, &end_rows[i].step, 1);
        look_run(&harness, &look, "/x");
        check_end(&end_rows[i], &look);
        assert_int_equal(look.calls, 1);
        assert_int_equal(fetch_in_flight(harness.fetch), 0);
    }
    look_done(&look);
    harness_done(&harness);
}

/* Nobody can tell such a reply from a whole one but the reader of its body. What it leaves on
 * the connection is no HTTP, so it costs the next transfer, which can be tried again, and no
 * more. */
static void a_length_too_short_spoils_one_more_transfer_at_most(void **state)
{
    (void)state;
    const struct fake_step steps[] = { { .times = 1, .body = JSON, .length_lie = -5 },
                                       { .body = JSON } };
    struct harness harness;
    harness_init(&harness, steps, TS_COUNT_OF(steps), FAKE_HTTP, (struct fetch_config){ 0 });
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    assert_int_equal(look.reply.body.len, sizeof(JSON) - 1 - 5);
    look_run(&harness, &look, "/x");
    if (look.reply.end != HTTP_END_REPLY)
        assert_int_equal(look.reply.end, HTTP_END_CONNECT);
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    assert_true(str_equal(look.reply.body, STR(JSON)));
    look_done(&look);
    harness_done(&harness);
}

static void no_connection_is_connect(void **state)
{
    (void)state;
    struct harness harness;
    harness_init(&harness, NULL, 0, FAKE_HTTP, (struct fetch_config){ 0 });
    /* A port on which nobody listens any more. */
    struct fake_engine *gone = fake_engine_new(NULL, 0, FAKE_HTTP);
    char refused[64];
    (void)snprintf(refused, sizeof(refused), "http://127.0.0.1:%u/", fake_engine_port(gone));
    fake_engine_free(gone);
    const char *const urls[] = { refused, "http://", "ftp://127.0.0.1/x",
                                 "file:///etc/passwd" };
    struct look look = { 0 };
    for (size_t i = 0; i < TS_COUNT_OF(urls); i++) {
        look_run(&harness, &look, urls[i]);
        assert_int_equal(look.reply.end, HTTP_END_CONNECT);
        assert_int_equal(look.reply.status, 0);
        assert_int_equal(look.reply.body.len, 0);
        assert_string_not_equal(look.detail, "");
    }
    look_done(&look);
    harness_done(&harness);
}

/* ---- caps ---- */

static void the_cap_holds_to_the_byte(void **state)
{
    (void)state;
    static char text[40000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i * i % 7);
    const struct fake_step steps[] = {
        { .path = "/length", .body = text, .body_len = sizeof(text) },
        { .path = "/chunked", .body = text, .body_len = sizeof(text), .framing = FAKE_CHUNKED },
        { .path = "/closed",
          .body = text,
          .body_len = sizeof(text),
          .framing = FAKE_UNTIL_CLOSED },
        { .path = "/gzip", .body = text, .body_len = sizeof(text), .encoding = FAKE_GZIP },
    };
    struct harness harness;
    harness_init(&harness, steps, TS_COUNT_OF(steps), FAKE_HTTP, (struct fetch_config){ 0 });
    for (size_t i = 0; i < TS_COUNT_OF(steps); i++) {
        for (int off = -1; off <= 1; off++) {
            struct look look = { .request.reply_cap_bytes =
                                     (uint32_t)((int)sizeof(text) + off) };
            look_run(&harness, &look, steps[i].path);
            assert_int_equal(look.reply.end, off < 0 ? HTTP_END_TOO_LARGE : HTTP_END_REPLY);
            if (off >= 0) {
                assert_int_equal(look.reply.body.len, sizeof(text));
                assert_memory_equal(look.reply.body.ptr, text, sizeof(text));
            }
            look_done(&look);
        }
    }
    harness_done(&harness);
}

/* ---- time limits ---- */

static void time_limits_end_a_transfer(void **state)
{
    (void)state;
    const struct fake_step steps[] = {
        { .path = "/silent", .kind = FAKE_SILENT },
        { .path = "/stalls", .body = JSON, .drip_bytes = 4, .drip_ms = 30000 },
        { .path = "/steady", .body = JSON, .drip_bytes = 2, .drip_ms = 150 },
        { .path = "/for-ever",
          .body = "x",
          .repeat = FAKE_ENDLESS,
          .framing = FAKE_CHUNKED,
          .drip_bytes = 1,
          .drip_ms = 100 },
        { .path = "/late", .body = JSON, .delay_ms = 300 },
    };
    static const struct {
        const char *path;
        enum http_end end;
        const char *detail; /* tells the idle limit from the total one */
        int64_t least_ms;
    } rows[] = {
        { "/silent", HTTP_END_TIMEOUT, "no byte within", 1000 },
        { "/stalls", HTTP_END_TIMEOUT, "no byte within", 1000 },
        { "/steady", HTTP_END_REPLY, "", 1350 },
        { "/for-ever", HTTP_END_TIMEOUT, "timed out", 4000 },
        { "/late", HTTP_END_REPLY, "", 300 },
    };
    struct harness harness;
    const struct fetch_config limits = { .timeout_us = 4 * CLOCK_SECOND_US,
                                         .idle_timeout_us = CLOCK_SECOND_US };
    harness_init(&harness, steps, TS_COUNT_OF(steps), FAKE_HTTP, limits);
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        struct look look = { 0 };
        look_run(&harness, &look, rows[i].path);
        int64_t ms = look.reply.duration_us / 1000;
        if (look.reply.end != rows[i].end || !strstr(look.detail, rows[i].detail) ||
            ms < rows[i].least_ms - 5)
            fail_msg("%s: end %d (%s) after %lld ms", rows[i].path, (int)look.reply.end,
                     look.detail, (long long)ms);
        look_done(&look);
    }
    harness_done(&harness);
}

static void a_handshake_that_hangs_is_connect(void **state)
{
    (void)state;
    struct harness harness;
    /* The plain engine waits for the end of a request that a TLS client never sends. */
    harness_init(&harness, NULL, 0, FAKE_HTTP,
                 (struct fetch_config){ .connect_timeout_us = CLOCK_SECOND_US / 2,
                                        .idle_timeout_us = CLOCK_SECOND_US / 10 });
    harness.scheme = "https";
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_CONNECT);
    assert_in_range(look.reply.duration_us, CLOCK_SECOND_US / 2 - 5000, CLOCK_SECOND_US * 15);
    look_done(&look);
    harness_done(&harness);
}

/* ---- what is sent and read ---- */

static void the_request_arrives_as_written(void **state)
{
    (void)state;
    const struct fake_step step = { .body = "[]" };
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTP, (struct fetch_config){ 0 });
    struct look look = { .request = {
                             .method = "POST",
                             .headers = { "Content-Type: application/json", "X-Key: abc" },
                             .headers_count = 2,
                             .body = STR("{\"a\":1}trailing") } };
    look.request.body.len = 7; /* not NUL-terminated where it ends */
    look_run(&harness, &look, "/post?x=1");
    look.request = (struct http_request){ .method = "GET" };
    look_run(&harness, &look, "/get");

    struct fake_request sent;
    fake_engine_request(harness.engine, 0, &sent);
    assert_string_equal(sent.method, "POST");
    assert_string_equal(sent.target, "/post?x=1");
    assert_string_equal(sent.body, "{\"a\":1}");
    assert_non_null(strstr(sent.headers, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(sent.headers, "X-Key: abc\r\n"));
    assert_non_null(strstr(sent.headers, "User-Agent: teesheet-test/1\r\n"));
    assert_non_null(strstr(sent.headers, "Accept-Encoding: gzip, deflate\r\n"));
    /* Nothing of it is left in the handle for the next request. */
    fake_engine_request(harness.engine, 1, &sent);
    assert_string_equal(sent.method, "GET");
    assert_int_equal(sent.body_len, 0);
    assert_null(strstr(sent.headers, "X-Key"));
    assert_null(strstr(sent.headers, "Content-"));
    look_done(&look);
    harness_done(&harness);
}

static void a_header_with_a_line_break_is_refused(void **state)
{
    (void)state;
    const struct fake_step step = { .body = "[]" };
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTP, (struct fetch_config){ .transfers_max = 1 });
    struct look look = { .request = { .headers = { "A: b", "B: c\r\nHost: other" },
                                      .headers_count = 2 } };
    assert_int_equal(look_submit(&harness, &look, "/x"), TS_ERR_CONFIG);
    assert_int_equal(fetch_in_flight(harness.fetch), 0);
    look.request.headers_count = 1;
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    assert_int_equal(fake_engine_requests(harness.engine), 1);
    look_done(&look);
    harness_done(&harness);
}

static void the_reply_is_read(void **state)
{
    (void)state;
    const struct fake_step steps[] = {
        { .path = "/full",
          .status = 429,
          .headers =
              "Content-Type: application/json\r\nTotal: 42\r\nCF-Mitigated: challenge\r\n"
              "Retry-After: Tue, 01 Dec 2026 00:01:30 GMT\r\n"
              "Date: Tue, 01 Dec 2026 00:00:00 GMT\r\n",
          .body = "aaaaaaaaaaaaaaaaaaaa",
          .repeat = 100,
          .encoding = FAKE_GZIP },
        { .path = "/bare", .body = "x" },
        { .path = "/trailer",
          .kind = FAKE_RAW,
          .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTotal: 7\r\n\r\n2\r\n[]\r\n"
                  "0\r\nTotal: 9\r\nCF-Mitigated: challenge\r\n\r\n" },
    };
    struct harness harness;
    harness_init(&harness, steps, TS_COUNT_OF(steps), FAKE_HTTP, (struct fetch_config){ 0 });
    struct look look = { 0 };
    look_run(&harness, &look, "/full");
    assert_int_equal(look.reply.status, 429);
    assert_string_equal(look.reply.content_type, "application/json");
    assert_string_equal(look.reply.total, "42");
    assert_string_equal(look.reply.cf_mitigated, "challenge");
    assert_int_equal(look.reply.retry_after_us, 90 * CLOCK_SECOND_US);
    assert_int_equal(look.reply.body.len, 2000);
    assert_in_range(look.reply.wire_bytes, 10, 200);
    assert_in_range(look.reply.received_at, clock_wall() - 10, clock_wall());
    look_run(&harness, &look, "/bare");
    assert_string_equal(look.reply.content_type, "");
    assert_string_equal(look.reply.total, "");
    assert_string_equal(look.reply.cf_mitigated, "");
    assert_int_equal(look.reply.retry_after_us, -1);
    assert_int_equal(look.reply.wire_bytes, 1);
    look_run(&harness, &look, "/trailer");
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    assert_true(str_equal(look.reply.body, STR("[]")));
    assert_string_equal(look.reply.total, "7");
    assert_string_equal(look.reply.cf_mitigated, "");
    look_done(&look);
    harness_done(&harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_end_as_they_should),
        cmocka_unit_test(a_length_too_short_spoils_one_more_transfer_at_most),
        cmocka_unit_test(no_connection_is_connect),
        cmocka_unit_test(the_cap_holds_to_the_byte),
        cmocka_unit_test(time_limits_end_a_transfer),
        cmocka_unit_test(a_handshake_that_hangs_is_connect),
        cmocka_unit_test(the_request_arrives_as_written),
        cmocka_unit_test(a_header_with_a_line_break_is_refused),
        cmocka_unit_test(the_reply_is_read),
    };
    return cmocka_run_group_tests(tests, harness_start_library, harness_stop_library);
}
