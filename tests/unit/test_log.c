/* test_log.c exercises base/log:
 *   text lines: stamp, level words, control characters shown, threshold;
 *   JSON lines: one valid object each, fields of each kind, secrets hidden, long ones
 *   shortened; the curtain is open around each line, and only then; a reader that does not
 *   read is waited for once, then lines are dropped and counted, and the log recovers on a
 *   line of its own; lines of several threads do not mix.
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

struct capture {
    int reader, saved;
    char text[65536];
    size_t len;
};

static struct capture capture;

static int begin(void **state)
{
    (void)state;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    capture.saved = dup(STDERR_FILENO);
    (void)dup2(ends[1], STDERR_FILENO);
    (void)close(ends[1]);
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    capture.reader = ends[0];
    log_setup(LOG_TEXT, LOG_INFO);
    return 0;
}

static int end(void **state)
{
    (void)state;
    log_set_curtain(NULL);
    (void)dup2(capture.saved, STDERR_FILENO);
    (void)close(capture.saved);
    (void)close(capture.reader);
    log_setup(LOG_TEXT, LOG_INFO);
    return 0;
}

/* All that was written so far. */
static const char *said(void)
{
    capture.len = 0;
    ssize_t count;
    while (capture.len + 1 < sizeof(capture.text) &&
           (count = read(capture.reader, capture.text + capture.len,
                         sizeof(capture.text) - 1 - capture.len)) > 0)
        capture.len += (size_t)count;
    capture.text[capture.len] = '\0';
    return capture.text;
}

/* The line without its stamp, whose form is checked. */
static const char *unstamped(const char *line)
{
    int year, month, day, hour, minute, second, used = 0;
    assert_int_equal(sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2dZ %n", &year, &month, &day, &hour,
                            &minute, &second, &used),
                     6);
    assert_int_equal(used, 21);
    return line + used;
}

static void test_text(void **state)
{
    (void)state;
    log_event(LOG_INFO, "batch.done", LOG_FIELDS(kv_i64("batch", 3)), "Batch %d/%d completed",
              3, 5);
    assert_string_equal(unstamped(said()), "Batch 3/5 completed\n");
    log_event(LOG_WARNING, "a.b", LOG_NO_FIELDS, "careful");
    assert_string_equal(unstamped(said()), "warning: careful\n");
    log_event(LOG_ERROR, "a.b", LOG_NO_FIELDS, "broken");
    assert_string_equal(unstamped(said()), "error: broken\n");
    log_event(LOG_DEBUG, "a.b", LOG_NO_FIELDS, "below the threshold");
    assert_string_equal(said(), "");
}

static void test_control_characters(void **state)
{
    (void)state;
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "%s",
              "a\x1b[2Jb\nc\x7f\xC2\x9B"
              "d Montr\xC3\xA9"
              "al");
    assert_string_equal(unstamped(said()), "a\\x1B[2Jb\\x0Ac\\x7F\\x9Bd Montr\xC3\xA9"
                                           "al\n");
}

static json_t *only_object(const char *line)
{
    json_error_t error;
    const char *newline = strchr(line, '\n');
    assert_non_null(newline);
    assert_int_equal(newline[1], '\0');
    json_t *object = json_loads(line, 0, &error);
    assert_non_null(object);
    return object;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void test_json(void **state)
{
    (void)state;
    log_setup(LOG_JSON, LOG_DEBUG);
    log_event(LOG_DEBUG, "fetch.done",
              LOG_FIELDS(kv_i64("ms", -5), kv_str("host", "a\"\nb"), kv_secret("token"),
                         kv_str("none", NULL)),
              "one \"two\"");
    json_t *object = only_object(said());
    assert_string_equal(text_of(object, "event"), "fetch.done");
    assert_string_equal(text_of(object, "level"), "debug");
    assert_string_equal(text_of(object, "message"), "one \"two\"");
    assert_string_equal(text_of(object, "host"), "a\"\nb");
    assert_string_equal(text_of(object, "token"), "***");
    assert_true(json_is_null(json_object_get(object, "none")));
    assert_int_equal(json_integer_value(json_object_get(object, "ms")), -5);
    assert_int_equal(strlen(text_of(object, "at")), 20);
    json_decref(object);
}

static void test_long(void **state)
{
    (void)state;
    static char ones[6000];
    memset(ones, 1, sizeof(ones) - 1);
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "%s", ones);
    const char *line = said();
    assert_in_range(strlen(line), 2000, 4096);
    assert_int_equal(line[strlen(line) - 1], '\n');

    log_setup(LOG_JSON, LOG_INFO);
    log_event(LOG_INFO, "a.b", LOG_FIELDS(kv_str("field", ones)), "%s", ones);
    json_t *object = only_object(said());
    assert_int_equal(strlen(text_of(object, "message")), 500);
    assert_null(json_object_get(object, "field"));
    json_decref(object);
}

struct stage {
    int opened, closed;
};

static void open_stage(void *ctx)
{
    struct stage *stage = ctx;
    stage->opened++;
    assert_int_equal(strlen(said()), 0);
}

static void close_stage(void *ctx)
{
    struct stage *stage = ctx;
    stage->closed++;
    assert_string_equal(unstamped(said()), "between\n");
}

static void test_curtain(void **state)
{
    (void)state;
    struct stage stage = { 0 };
    const struct log_curtain curtain = { open_stage, close_stage, &stage };
    log_set_curtain(&curtain);
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "between");
    log_event(LOG_DEBUG, "a.b", LOG_NO_FIELDS, "not shown");
    log_set_curtain(NULL);
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "after");
    assert_int_equal(stage.opened, 1);
    assert_int_equal(stage.closed, 1);
}

static void test_stalled_reader(void **state)
{
    (void)state;
    (void)fcntl(capture.reader, F_SETPIPE_SZ, 4096);
    int64_t start_us = clock_monotonic_us();
    uint64_t dropped_before = log_dropped();
    for (int i = 0; i < 1000; i++)
        log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "line %d, and nobody reads", i);
    assert_true(clock_monotonic_us() - start_us < 2 * CLOCK_SECOND_US);
    uint64_t dropped = log_dropped() - dropped_before;
    assert_in_range(dropped, 800, 999);
    const char *text = said();
    for (int i = 0; i < 1000 - (int)dropped; i++) {
        char expected[60];
        (void)snprintf(expected, sizeof(expected), "line %d, and nobody reads\n", i);
        assert_memory_equal(unstamped(text), expected, strlen(expected));
        text = strchr(text, '\n') + 1;
    }
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "well again");
    text = said();
    assert_string_equal(unstamped(*text == '\n' ? text + 1 : text), "well again\n");
    assert_int_equal(log_dropped() - dropped_before, dropped);
}

static void *write_lines(void *ctx)
{
    for (int i = 0; i < 100; i++)
        log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "thread %s says the same", (const char *)ctx);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    static char names[4][2] = { "A", "B", "C", "D" };
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, names[i]), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    const char *text = said();
    int lines = 0;
    for (; *text; text = strchr(text, '\n') + 1, lines++) {
        char name;
        assert_int_equal(sscanf(unstamped(text), "thread %c says the same", &name), 1);
        assert_ptr_equal(strstr(text, " says the same\n") + 14, strchr(text, '\n'));
    }
    assert_int_equal(lines, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_text, begin, end),
        cmocka_unit_test_setup_teardown(test_control_characters, begin, end),
        cmocka_unit_test_setup_teardown(test_json, begin, end),
        cmocka_unit_test_setup_teardown(test_long, begin, end),
        cmocka_unit_test_setup_teardown(test_curtain, begin, end),
        cmocka_unit_test_setup_teardown(test_stalled_reader, begin, end),
        cmocka_unit_test_setup_teardown(test_threads, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
