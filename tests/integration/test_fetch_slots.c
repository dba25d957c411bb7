/*
 * test_fetch_slots.c exercises many transfers on one fetch:
 *  - 64 at once, each with its own reply; no free slot; submitting inside a callback;
 *  - cancel: before, during, twice, a stale id, from another's callback; freeing mid-transfer;
 *  - a request that may not be sent any more when its connection stands is not, also on a
 * connection that was used before;
 *  - connections: reused, replaced when the server closes, never more than transfers_max;
 *  - memory: libcurl's heap is flat over 2,000 requests, ours is not touched; 64 TLS
 * connections share one copy of the certificates;
 *  - no threads appear by themselves, no descriptors are left behind;
 *  - a URL that overrides the request's, gone as soon as it is submitted.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "integration/fetch_harness.h"
#include "support/unit.h"

#define PARALLEL 64

/* The sanitizers' own memory is in the RSS. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RSS_IS_INFLATED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RSS_IS_INFLATED true
#endif
#endif
#ifndef RSS_IS_INFLATED
#define RSS_IS_INFLATED false
#endif

static const struct fake_step quick_steps[] = {
    { .path = "/slow", .body = "[]", .delay_ms = 400 },
    { .path = "/silent", .kind = FAKE_SILENT },
    { .path = "/close", .body = "[]", .after = FAKE_CLOSE },
    { .body = "[]", .headers = "Total: 1\r\n" },
};

static void init_quick(struct harness *harness, uint32_t transfers_max)
{
    harness_init(harness, quick_steps, TS_COUNT_OF(quick_steps), FAKE_HTTP,
                 (struct fetch_config){ .transfers_max = transfers_max });
}

/* ---- slots ---- */

static void many_run_at_once(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, PARALLEL);
    static struct look looks[PARALLEL + 1];
    for (int i = 0; i < PARALLEL; i++) {
        looks[i] = (struct look){ .request.reply_cap_bytes = 1024 };
        assert_int_equal(look_submit(&harness, &looks[i], "/slow"), TS_ERR_OK);
    }
    assert_int_equal(fetch_in_flight(harness.fetch), PARALLEL);
    assert_int_equal(look_submit(&harness, &looks[PARALLEL], "/slow"), TS_ERR_FULL);
    int64_t start = clock_monotonic_us();
    for (int i = 0; i < PARALLEL; i++) {
        look_wait(&looks[i]);
        assert_int_equal(looks[i].calls, 1);
        assert_int_equal(looks[i].reply.end, HTTP_END_REPLY);
        assert_ptr_equal(looks[i].reply.body.ptr, looks[i].storage);
        assert_int_equal(looks[i].reply.body.len, 2);
    }
    assert_true(clock_monotonic_us() - start < 20 * CLOCK_SECOND_US);
    assert_int_equal(fetch_in_flight(harness.fetch), 0);
    assert_int_equal(fake_engine_connections_peak(harness.engine), PARALLEL);
    for (int i = 0; i <= PARALLEL; i++)
        look_done(&looks[i]);
    harness_done(&harness);
}

static struct look second;

static void submit_second(struct look *look)
{
    assert_int_equal(fetch_in_flight(look->harness->fetch), 0);
    assert_int_equal(look_submit(look->harness, &second, "/second"), TS_ERR_OK);
    /* What the first one was told still stands, though its slot is in use again. */
    assert_string_equal(look->reply.total, "1");
    assert_int_equal(look->reply.end, HTTP_END_REPLY);
}

static void a_callback_submits_again(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 1);
    second = (struct look){ 0 };
    struct look first = { .then = submit_second };
    look_run(&harness, &first, "/first");
    look_wait(&second);
    assert_int_equal(second.reply.end, HTTP_END_REPLY);
    assert_int_not_equal(first.id, second.id);
    look_done(&first);
    look_done(&second);
    harness_done(&harness);
}

/* ---- cancel ---- */

static void a_cancelled_transfer_is_called_back_once(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 2);
    struct look looks[2] = { 0 };
    /* One that has not begun, one whose request has arrived. */
    assert_int_equal(look_submit(&harness, &looks[0], "/silent"), TS_ERR_OK);
    while (fake_engine_requests(harness.engine) == 0)
        assert_int_equal(loop_turn(harness.loop, 10000), TS_ERR_OK);
    assert_int_equal(look_submit(&harness, &looks[1], "/silent"), TS_ERR_OK);
    for (int i = 0; i < 2; i++) {
        fetch_cancel(harness.fetch, looks[i].id);
        fetch_cancel(harness.fetch, looks[i].id);
        assert_int_equal(looks[i].calls, 0);
    }
    assert_int_equal(fetch_in_flight(harness.fetch), 2);
    for (int i = 0; i < 2; i++) {
        look_wait(&looks[i]);
        assert_int_equal(looks[i].reply.end, HTTP_END_CANCELLED);
        assert_string_equal(looks[i].detail, "cancelled");
    }
    for (int i = 0; i < 20; i++)
        assert_int_equal(loop_turn(harness.loop, 1000), TS_ERR_OK);
    assert_int_equal(looks[0].calls + looks[1].calls, 2);
    look_done(&looks[0]);
    look_done(&looks[1]);
    harness_done(&harness);
}

static bool may_send_now;

static bool may_send(void *ctx)
{
    assert_non_null(ctx);
    return may_send_now;
}

static void what_may_not_be_sent_is_not(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 1);
    for (int i = 0; i < 3; i++) {
        struct look look = { .request.may_send = may_send };
        may_send_now = i == 1;
        look_run(&harness, &look, "/");
        assert_int_equal(look.reply.end, may_send_now ? HTTP_END_REPLY : HTTP_END_CANCELLED);
        look_done(&look);
    }
    assert_int_equal(fake_engine_requests(harness.engine), 1);
    harness_done(&harness);
}

static void a_stale_id_cancels_nothing(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 1);
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    uint64_t stale = look.id;
    assert_int_equal(look_submit(&harness, &look, "/slow"), TS_ERR_OK);
    fetch_cancel(harness.fetch, stale);
    fetch_cancel(harness.fetch, 0);
    fetch_cancel(harness.fetch, UINT64_MAX);
    look_wait(&look);
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    fetch_cancel(harness.fetch, look.id);
    look_done(&look);
    harness_done(&harness);
}

static void cancel_second(struct look *look)
{
    fetch_cancel(look->harness->fetch, second.id);
    assert_int_equal(second.calls, 0);
}

static void a_callback_cancels_another(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 2);
    second = (struct look){ 0 };
    assert_int_equal(look_submit(&harness, &second, "/silent"), TS_ERR_OK);
    struct look first = { .then = cancel_second };
    look_run(&harness, &first, "/first");
    look_wait(&second);
    assert_int_equal(second.reply.end, HTTP_END_CANCELLED);
    look_done(&first);
    look_done(&second);
    harness_done(&harness);
}

static void freeing_calls_nobody_back(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 4);
    struct look looks[3] = { { .request = { .headers = { "A: b" }, .headers_count = 1 } } };
    for (int i = 0; i < 3; i++)
        assert_int_equal(look_submit(&harness, &looks[i], "/silent"), TS_ERR_OK);
    while (fake_engine_requests(harness.engine) < 3)
        assert_int_equal(loop_turn(harness.loop, 10000), TS_ERR_OK);
    fetch_cancel(harness.fetch, looks[2].id);
    harness_done(&harness);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(looks[i].calls, 0);
        look_done(&looks[i]);
    }
}

/* ---- connections ---- */

static void connections_are_reused(void **state)
{
    (void)state;
    struct harness harness;
    init_quick(&harness, 4);
    struct look look = { 0 };
    for (int i = 0; i < 100; i++)
        look_run(&harness, &look, "/x");
    assert_int_equal(fake_engine_requests(harness.engine), 100);
    assert_int_equal(fake_engine_connections(harness.engine), 1);
    for (int i = 0; i < 3; i++) {
        look_run(&harness, &look, "/close");
        assert_int_equal(look.reply.end, HTTP_END_REPLY);
    }
    assert_int_equal(fake_engine_connections(harness.engine), 3);
    look_done(&look);
    harness_done(&harness);
}

static void idle_connections_are_bounded(void **state)
{
    (void)state;
    enum { ENGINES = 5, TRANSFERS = 2 };
    struct harness harness;
    init_quick(&harness, TRANSFERS);
    struct fake_engine *engines[ENGINES];
    struct look look = { 0 };
    for (int i = 0; i < ENGINES; i++) {
        engines[i] = fake_engine_new(quick_steps, TS_COUNT_OF(quick_steps), FAKE_HTTP);
        char url[64];
        (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/", fake_engine_port(engines[i]));
        look_run(&harness, &look, url);
        assert_int_equal(look.reply.end, HTTP_END_REPLY);
    }
    /* The engines learn of a closed connection a moment later. */
    uint32_t open = ENGINES;
    for (int tries = 0; tries < 200 && open > TRANSFERS; tries++) {
        assert_int_equal(loop_turn(harness.loop, 10000), TS_ERR_OK);
        open = 0;
        for (int i = 0; i < ENGINES; i++)
            open += fake_engine_connections_open(engines[i]);
    }
    assert_in_range(open, 1, TRANSFERS);
    look_done(&look);
    harness_done(&harness);
    for (int i = 0; i < ENGINES; i++)
        fake_engine_free(engines[i]);
}

/* ---- memory ---- */

/* A mix of what a sweep does: GET and POST with headers, at `parallel` at once. */
static void run_many(struct harness *harness, struct look *looks, int parallel, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < parallel; i++) {
            looks[i].request = (struct http_request){ .headers = { "Accept: application/json" },
                                                      .headers_count = 1,
                                                      .reply_cap_bytes = 4096 };
            if (i % 2) {
                looks[i].request.method = "POST";
                looks[i].request.body = STR("{\"date\":\"2026-12-05\"}");
            }
            assert_int_equal(look_submit(harness, &looks[i], "/x"), TS_ERR_OK);
        }
        for (int i = 0; i < parallel; i++) {
            look_wait(&looks[i]);
            assert_int_equal(looks[i].reply.end, HTTP_END_REPLY);
        }
    }
}

static void memory_is_flat(void **state)
{
    (void)state;
    enum { WIDE = 10 };
    struct harness harness;
    init_quick(&harness, WIDE);
    struct look looks[WIDE] = { 0 };
    uint64_t ours = mem_allocations();
    run_many(&harness, looks, WIDE, 50);
    assert_int_equal(mem_allocations(), ours);
    uint64_t before = fetch_library_bytes();
    assert_true(before > 0);
    run_many(&harness, looks, WIDE, 200);
    uint64_t after = fetch_library_bytes();
    (void)printf("libcurl's heap: %llu bytes after 500, %llu after 2,500 requests\n",
                 (unsigned long long)before, (unsigned long long)after);
    assert_true(after <= before + 4096);
    assert_int_equal(mem_allocations(), ours);
    for (int i = 0; i < WIDE; i++)
        look_done(&looks[i]);
    harness_done(&harness);
}

#define SYSTEM_BUNDLE "/etc/ssl/certs/ca-certificates.crt"

/* The system's bundle and the engine's own certificate in one file. */
static void make_bundle(const char *path, const char *ca_file)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    const char *const parts[] = { SYSTEM_BUNDLE, ca_file };
    for (size_t i = 0; i < TS_COUNT_OF(parts); i++) {
        FILE *in = fopen(parts[i], "r");
        assert_non_null(in);
        char bytes[4096];
        for (size_t len; (len = fread(bytes, 1, sizeof(bytes), in)) > 0;)
            assert_int_equal(fwrite(bytes, 1, len, out), len);
        (void)fclose(in);
    }
    assert_int_equal(fclose(out), 0);
}

/* With a CA folder beside the CA file it is one copy per connection, about 54 MB in all. */
static void tls_connections_share_the_certificates(void **state)
{
    (void)state;
    if (access(SYSTEM_BUNDLE, R_OK) != 0) {
        (void)printf("skipped: no " SYSTEM_BUNDLE " (package ca-certificates)\n");
        skip();
    }
    struct fake_engine *engine =
        fake_engine_new(quick_steps, TS_COUNT_OF(quick_steps), FAKE_HTTPS);
    char bundle[128];
    (void)snprintf(bundle, sizeof(bundle), "%s.bundle", fake_engine_ca_file(engine));
    make_bundle(bundle, fake_engine_ca_file(engine));
    assert_int_equal(setenv("SSL_CERT_FILE", bundle, 1), 0);
    struct harness harness;
    init_quick(&harness, PARALLEL);
    char url[64];
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/slow", fake_engine_port(engine));
    static struct look looks[PARALLEL];
    size_t before = mem_rss_bytes();
    for (int i = 0; i < PARALLEL; i++) {
        looks[i] = (struct look){ .request.reply_cap_bytes = 1024 };
        assert_int_equal(look_submit(&harness, &looks[i], url), TS_ERR_OK);
    }
    for (int i = 0; i < PARALLEL; i++) {
        look_wait(&looks[i]);
        assert_int_equal(looks[i].reply.end, HTTP_END_REPLY);
        look_done(&looks[i]);
    }
    size_t grown = mem_rss_bytes() - before;
    (void)printf("%d TLS connections, both ends in this process: %zu KiB\n", PARALLEL,
                 grown / 1024);
    assert_int_equal(fake_engine_connections_peak(engine), PARALLEL);
    if (!RSS_IS_INFLATED)
        assert_true(grown < (size_t)32 << 20);
    harness_done(&harness);
    fake_engine_free(engine);
    (void)unlink(bundle);
    (void)unsetenv("SSL_CERT_FILE");
}

static int count_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    int count = 0;
    while (readdir(dir))
        count++;
    (void)closedir(dir);
    return count;
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    int threads = count_entries("/proc/self/task");
    int descriptors = count_entries("/proc/self/fd");
    struct harness harness;
    init_quick(&harness, 4);
    /* The engine's acceptor is the one that came. */
    assert_int_equal(count_entries("/proc/self/task"), threads + 1);
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    look_run(&harness, &look, "/close");
    assert_int_equal(look_submit(&harness, &look, "/silent"), TS_ERR_OK);
    assert_int_equal(loop_turn(harness.loop, 10000), TS_ERR_OK);
    harness_done(&harness);
    assert_int_equal(count_entries("/proc/self/task"), threads);
    assert_int_equal(count_entries("/proc/self/fd"), descriptors);
    look_done(&look);
}

static void count_call(void *ctx, const struct http_reply *reply)
{
    (void)reply;
    int *calls = ctx;
    (*calls)++;
}

static void url_overrides_the_request(void **state)
{
    (void)state;
    const struct fake_step step = { .body = "[]" };
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTP, (struct fetch_config){ 0 });
    char url[64];
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/overridden",
                   fake_engine_port(harness.engine));
    char storage[64];
    const struct http_request request = { .method = "GET",
                                          .url = "http://engine.invalid/original",
                                          .reply_cap_bytes = sizeof(storage) };
    int calls = 0;
    uint64_t id = 0;
    assert_int_equal(
        fetch_submit(harness.fetch, &request, url, storage, count_call, &calls, &id),
        TS_ERR_OK);
    /* It was copied: the caller may reuse its scratch at once. */
    memset(url, 'x', sizeof(url) - 1);
    while (calls == 0)
        assert_int_equal(loop_turn(harness.loop, CLOCK_SECOND_US), TS_ERR_OK);
    struct fake_request sent;
    fake_engine_request(harness.engine, 0, &sent);
    assert_string_equal(sent.target, "/overridden");
    harness_done(&harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_run_at_once),
        cmocka_unit_test(a_callback_submits_again),
        cmocka_unit_test(a_cancelled_transfer_is_called_back_once),
        cmocka_unit_test(what_may_not_be_sent_is_not),
        cmocka_unit_test(a_stale_id_cancels_nothing),
        cmocka_unit_test(a_callback_cancels_another),
        cmocka_unit_test(freeing_calls_nobody_back),
        cmocka_unit_test(connections_are_reused),
        cmocka_unit_test(idle_connections_are_bounded),
        cmocka_unit_test(memory_is_flat),
        cmocka_unit_test(tls_connections_share_the_certificates),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(url_overrides_the_request),
    };
    return cmocka_run_group_tests(tests, harness_start_library, harness_stop_library);
}
