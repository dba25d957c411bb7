/*
 * test_fetch_parts.c exercises the pure parts of fetch:
 *  - reply_headers: fields, any case, cut to size, the last reply's only, without its trailer;
 *    encodings refused;
 *  - Retry-After in seconds and as a date relative to Date, to now, in the past, and nonsense;
 *  - fetch_rewrite_origin: {host} in path and host, ports, user names, queries, what does not
 * fit;
 *  - fetch_check_origin: what it takes and what it refuses, without repeating a password.
 */
#include <stdio.h>
#include <string.h>

#include "fetch/fetch.h"
#include "fetch/reply_headers.h"
#include "support/unit.h"

#define NOW ((int64_t)1796083200)

static bool take(struct reply_headers *headers, const char *line)
{
    return reply_headers_take(headers, str_of(line));
}

static void fields_are_taken_in_any_case_and_cut(void **state)
{
    (void)state;
    struct reply_headers headers = { 0 };
    assert_true(take(&headers, "HTTP/1.1 200 OK\r\n"));
    assert_true(take(&headers, "content-TYPE:  application/json; charset=utf-8 \r\n"));
    assert_true(take(&headers, "CF-Mitigated: challenge\r\n"));
    assert_true(take(&headers, "Total:12345678901234567890\r\n"));
    assert_true(take(&headers, "X-Other: 1\r\n"));
    assert_true(take(&headers, "no colon\r\n"));
    assert_true(take(&headers, "\r\n"));
    struct http_reply reply = { 0 };
    reply_headers_give(&headers, NOW, &reply);
    assert_string_equal(reply.content_type, "application/json; charset=utf-8");
    assert_string_equal(reply.cf_mitigated, "challenge");
    assert_string_equal(reply.total, "123456789012345");
    assert_int_equal(reply.retry_after_us, -1);
}

static void an_interim_reply_is_forgotten(void **state)
{
    (void)state;
    struct reply_headers headers = { 0 };
    assert_true(take(&headers, "HTTP/1.1 103 Early Hints\r\n"));
    assert_true(take(&headers, "Total: 7\r\n"));
    assert_true(take(&headers, "HTTP/1.1 200 OK\r\n"));
    assert_string_equal(headers.total, "");
}

static void a_trailer_says_nothing(void **state)
{
    (void)state;
    struct reply_headers headers = { 0 };
    assert_true(take(&headers, "HTTP/1.1 200 OK\r\n"));
    assert_true(take(&headers, "Total: 7\r\n"));
    assert_true(take(&headers, "\r\n"));
    assert_true(take(&headers, "Total: 9\r\n"));
    assert_true(take(&headers, "CF-Mitigated: challenge\r\n"));
    assert_true(take(&headers, "Content-Encoding: br\r\n"));
    assert_true(take(&headers, "\r\n"));
    assert_string_equal(headers.total, "7");
    assert_string_equal(headers.cf_mitigated, "");
    assert_true(headers.is_whole);
}

static void only_the_encodings_asked_for_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        bool taken;
    } rows[] = {
        { "Content-Encoding: gzip\r\n", NULL, true },
        { "Content-Encoding: X-GZIP\r\n", NULL, true },
        { "content-encoding: deflate\r\n", NULL, true },
        { "Content-Encoding: identity\r\n", "Content-Encoding: gzip\r\n", true },
        { "Content-Encoding:\r\n", NULL, true },
        { "Content-Encoding: br\r\n", NULL, false },
        { "Content-Encoding: zstd\r\n", NULL, false },
        { "Content-Encoding: gzip, gzip\r\n", NULL, false },
        { "Content-Encoding: gzip\r\n", "Content-Encoding: gzip\r\n", false },
        { "Content-Encoding: gzip\r\n", "Transfer-Encoding: Chunked\r\n", true },
        { "Transfer-Encoding: identity\r\n", NULL, true },
        { "transfer-encoding: gzip\r\n", NULL, false },
        { "Transfer-Encoding: zstd\r\n", NULL, false },
        { "Transfer-Encoding: br, chunked\r\n", NULL, false },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        struct reply_headers headers = { 0 };
        bool taken = take(&headers, rows[i].first);
        if (rows[i].second)
            taken = take(&headers, rows[i].second) && taken;
        assert_int_equal(taken, rows[i].taken);
    }
}

static void retry_after_is_a_duration(void **state)
{
    (void)state;
    static const struct {
        const char *retry_after, *date;
        int64_t seconds; /* -1: none */
    } rows[] = {
        { NULL, NULL, -1 },
        { "0", NULL, 0 },
        { "120", NULL, 120 },
        { " 7 ", NULL, 7 },
        { "-5", NULL, 0 },
        { "1.5", NULL, -1 },
        { "soon", NULL, -1 },
        { "", NULL, -1 },
        { "316224000", NULL, 316224000 },
        { "316224001", NULL, 316224000 },
        { "99999999999999999999", NULL, 316224000 },
        { "-9223372036854775808", NULL, 0 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", NULL, 316224000 },
        { "Tue, 01 Dec 2026 00:01:30 GMT", NULL, 90 },
        { "Mon, 30 Nov 2026 23:59:00 GMT", NULL, 0 },
        /* The server's clock is a day behind ours: only the difference counts. */
        { "Mon, 30 Nov 2026 00:00:45 GMT", "Mon, 30 Nov 2026 00:00:00 GMT", 45 },
        { "Mon, 30 Nov 2026 00:00:45 GMT", "Mon, 30 Nov 2026 00:01:00 GMT", 0 },
        { "Tue, 01 Dec 2026 00:00:10 GMT", "not a date", 10 },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        struct reply_headers headers = { 0 };
        char line[128];
        if (rows[i].retry_after) {
            (void)snprintf(line, sizeof(line), "Retry-After: %s\r\n", rows[i].retry_after);
            assert_true(take(&headers, line));
        }
        if (rows[i].date) {
            (void)snprintf(line, sizeof(line), "Date: %s\r\n", rows[i].date);
            assert_true(take(&headers, line));
        }
        struct http_reply reply = { 0 };
        reply_headers_give(&headers, NOW, &reply);
        int64_t expected = rows[i].seconds < 0 ? -1 : rows[i].seconds * 1000000;
        if (reply.retry_after_us != expected)
            fail_msg("Retry-After: %s gives %lld", rows[i].retry_after,
                     (long long)reply.retry_after_us);
    }
}

static void origins_are_rewritten(void **state)
{
    (void)state;
    static const struct {
        const char *url, *origin, *expected;
    } rows[] = {
        { "https://www.example.com/a/b?c=d", "http://127.0.0.1:8080",
          "http://127.0.0.1:8080/a/b?c=d" },
        { "https://www.example.com/a", "http://127.0.0.1:8080/{host}",
          "http://127.0.0.1:8080/www.example.com/a" },
        { "https://www.example.com:444/a", "http://127.0.0.1:1/{host}/x/",
          "http://127.0.0.1:1/www.example.com/x/a" },
        { "https://club.example.com/", "https://{host}.test:9",
          "https://club.example.com.test:9/" },
        { "http://h", "http://o", "http://o/" },
        { "http://h?q=/x", "HTTP://o//", "HTTP://o/?q=/x" },
        { "http://me:pw@h:1/p", "http://o/{host}{host}", "http://o/hh/p" },
        { "http://[::1]:8080/p", "http://[::2]:9/{host}", "http://[::2]:9/[::1]/p" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        char storage[128];
        struct buf out = buf_over(storage, sizeof(storage));
        assert_int_equal(fetch_rewrite_origin(rows[i].url, rows[i].origin, &out), TS_ERR_OK);
        assert_string_equal(storage, rows[i].expected);
    }
}

static void what_cannot_be_rewritten_is_refused(void **state)
{
    (void)state;
    char storage[16];
    struct buf out = buf_over(storage, sizeof(storage));
    assert_int_equal(fetch_rewrite_origin("ftp://h/", "http://o", &out), TS_ERR_CONFIG);
    assert_int_equal(fetch_rewrite_origin("http://h/", "o", &out), TS_ERR_CONFIG);
    assert_int_equal(fetch_rewrite_origin("http:///x", "http://o", &out), TS_ERR_CONFIG);
    /* "http://o/567890" just does not fit into 15 characters and the NUL, one less does. */
    out = buf_over(storage, sizeof(storage));
    assert_int_equal(fetch_rewrite_origin("http://h/567890", "http://o", &out), TS_ERR_OK);
    out = buf_over(storage, sizeof(storage));
    assert_int_equal(fetch_rewrite_origin("http://h/5678901", "http://o", &out), TS_ERR_FULL);
}

static void origins_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://127.0.0.1:8080",
        "https://example.com/{host}",
        "http://{host}.localhost:65535",
        "http://[::1]:80/x",
    };
    static const char *const bad[] = {
        "",
        "127.0.0.1:8080",
        "ftp://h",
        "http://",
        "http:///x",
        "http://:80",
        "http://h:0",
        "http://h:65536",
        "http://h:",
        "http://h:x",
        "http://h/{tenant}",
        "http://h/{host",
        "http://h/host}",
        "http://h?x",
        "http://h/#f",
        "http://h/a b",
        "http://h/\n",
    };
    struct error error;
    for (size_t i = 0; i < TS_COUNT_OF(good); i++)
        assert_int_equal(fetch_check_origin(good[i], &error), TS_ERR_OK);
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++) {
        if (fetch_check_origin(bad[i], &error) != TS_ERR_CONFIG)
            fail_msg("taken: %s", bad[i]);
    }
    assert_int_equal(fetch_check_origin("http://me:secret@h", &error), TS_ERR_CONFIG);
    assert_null(strstr(error.text, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_taken_in_any_case_and_cut),
        cmocka_unit_test(an_interim_reply_is_forgotten),
        cmocka_unit_test(a_trailer_says_nothing),
        cmocka_unit_test(only_the_encodings_asked_for_are_taken),
        cmocka_unit_test(retry_after_is_a_duration),
        cmocka_unit_test(origins_are_rewritten),
        cmocka_unit_test(what_cannot_be_rewritten_is_refused),
        cmocka_unit_test(origins_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
