/* test_summary.c exercises view/summary and view/bar:
 *   the text names what happened and leaves out what did not; the JSON holds all of it;
 *   a file that cannot be written; the widest values fit;
 *   the bar at each width: never wider, parts dropped from the right, blocks, 100 % only at the
 *   end.
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "view/bar.h"
#include "view/summary.h"
#include "view/text.h"

#define PART "                region MB: degraded, 1,399 of 1,400 observed\n"

static struct sweep_report example(void)
{
    struct sweep_report report = {
        .verdict = SWEEP_DEGRADED,
        .exit_code = 3,
        .run_id = 17,
        .started_at = 1764000000,
        .finished_at = 1764000034,
        .elapsed_us = 33600000,
        .planned = 1000,
        .done = 1000,
        .committed = 1000,
        .tee_times = 12345,
        .inserted = 12000,
        .updated = 300,
        .closed = 45,
        .unchanged = 7,
        .requests = 4012,
        .retries = 12,
        .wire_bytes = 102865305,
        .batches = 10,
        .rss_peak_bytes = 15833498,
        .memory_limit_bytes = 64 << 20,
        .courses = 125,
        .courses_misconfigured = 2,
        .store = "sqlite:/srv/tee\nsheet.db",
        .scope = "region MB",
        .slowest = { { .name = "www.example.com",
                       .requests = 4000,
                       .throttled = 3,
                       .busy_us = 10020000000,
                       .gap_us = 2500000 } },
    };
    report.parts_count = 12;
    for (int i = 0; i < SWEEP_NAMES_SHOWN; i++)
        report.parts[i] = (struct sweep_part){ .name = "region MB",
                                               .verdict = i ? SWEEP_DEGRADED : SWEEP_BLIND,
                                               .newly_blind = i == 0,
                                               .planned = 1400,
                                               .observed = i ? 1399 : 0,
                                               .newly_unknown = i ? 0 : 2 };
    report.silent =
        (struct sweep_courses){ .count = 2, .shown = { { 7, "Elm", 3 }, { 9, "O\tak", 14 } } };
    report.closed_only.count = 11;
    report.by_outcome[OUTCOME_OPEN] = 930;
    report.by_outcome[OUTCOME_NONE_OPEN] = 67;
    report.by_outcome[OUTCOME_TOO_LARGE] = 3;
    return report;
}

static char *written(const struct sweep_report *report, enum summary_format format)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    struct error error;
    assert_int_equal(summary_write(report, format, out, &error), TS_ERR_OK);
    (void)fclose(out);
    return text;
}

static void test_text(void **state)
{
    (void)state;
    struct sweep_report report = example();
    char *text = written(&report, SUMMARY_TEXT);
    static const char expected[] =
        "Sweep degraded (run 17): 1,000 of 1,000 tee sheets in 34 s, exit code 3\n"
        "  scope         region MB\n"
        "  store         sqlite:/srv/teesheet.db\n"
        "  observed      997: 930 open, 67 none open\n"
        "  not observed  3: 3 too large\n"
        "  tee times     12,345 open\n"
        "  in the store  12,000 inserted, 300 updated, 45 closed, 7 unchanged\n"
        "  batches       10 committed\n"
        "  requests      4,012 (4.01 per tee sheet), 12 retries, 98.1 MiB received\n"
        "  slowest hosts www.example.com: 4,000 requests in 2 h 47 min, gap 2.5 s, 3 "
        "throttled\n"
        "  courses       125, 2 misconfigured\n"
        "  not complete  region MB: newly blind, 0 of 1,400 observed, 2 courses newly "
        "unknown\n" PART PART PART PART PART PART PART PART PART "                2 more\n"
        "  silent        2: 7 (Elm), 9 (Oak)\n"
        "  only closed   11: 0 (), 0 (), 0 (), 0 (), 0 (), 0 (), 0 (), 0 (), 0 (), 0 (), 1 "
        "more\n"
        "  memory        peak RSS 15.1 MiB of 64 MiB\n";
    assert_string_equal(text, expected);
    free(text);
}

static int64_t number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void test_json(void **state)
{
    (void)state;
    struct sweep_report report = example();
    char *text = written(&report, SUMMARY_JSON);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "verdict")), "degraded");
    assert_string_equal(json_string_value(json_object_get(object, "started_at")),
                        "2025-11-24T16:00:00Z");
    assert_string_equal(json_string_value(json_object_get(object, "store")), report.store);
    assert_true(json_real_value(json_object_get(object, "elapsed_seconds")) == 33.6);
    assert_int_equal(number_of(object, "inserted"), 12000);
    assert_int_equal(number_of(object, "observed"), 997);
    assert_int_equal(number_of(object, "unknown"), 3);
    assert_int_equal(number_of(object, "peak_rss_bytes"), 15833498);
    const json_t *outcomes = json_object_get(object, "by_outcome");
    assert_int_equal(json_object_size(outcomes), OUTCOME_COUNT - 1);
    assert_int_equal(number_of(outcomes, "too_large"), 3);
    assert_int_equal(number_of(outcomes, "closed"), 0);
    const json_t *parts = json_object_get(object, "worst_parts");
    assert_int_equal(json_array_size(parts), SWEEP_NAMES_SHOWN);
    assert_int_equal(number_of(json_array_get(parts, 0), "courses_newly_unknown"), 2);
    assert_int_equal(number_of(object, "parts_not_complete"), 12);
    const json_t *silent = json_object_get(object, "silent_courses");
    assert_int_equal(number_of(silent, "count"), 2);
    assert_int_equal(
        number_of(json_array_get(json_object_get(silent, "shown"), 1), "unknown_sweeps"), 14);
    const json_t *host = json_array_get(json_object_get(object, "slowest_hosts"), 0);
    assert_int_equal(number_of(host, "busy_ms"), 10020000);
    json_decref(object);
    free(text);
}

/* Each byte of it takes six in JSON. */
static void fill_name(char *name, size_t cap)
{
    memset(name, 1, cap);
    name[cap - 1] = '\0';
}

static void test_widest(void **state)
{
    (void)state;
    struct sweep_report report;
    memset(&report, 0x7F, sizeof(report));
    report.verdict = SWEEP_FAILED;
    report.interrupted = report.deadline_reached = true;
    report.started_at = report.finished_at = 253402300799;
    fill_name(report.store, sizeof(report.store));
    fill_name(report.scope, sizeof(report.scope));
    for (int i = 0; i < SWEEP_HOSTS_SHOWN; i++)
        fill_name(report.slowest[i].name, sizeof(report.slowest[i].name));
    for (int i = 0; i < SWEEP_NAMES_SHOWN; i++) {
        report.parts[i].verdict = SWEEP_DEGRADED;
        report.parts[i].newly_blind = false; /* the longer word */
        fill_name(report.parts[i].name, sizeof(report.parts[i].name));
        fill_name(report.silent.shown[i].name, sizeof(report.silent.shown[i].name));
        fill_name(report.closed_only.shown[i].name, sizeof(report.closed_only.shown[i].name));
    }
    char *text = written(&report, SUMMARY_JSON);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    json_decref(object);
    free(text);
    text = written(&report, SUMMARY_TEXT);
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
}

static void test_full_disk(void **state)
{
    (void)state;
    struct sweep_report report = example();
    struct error error = { 0 };
    FILE *full = fopen("/dev/full", "we");
    assert_non_null(full);
    assert_int_equal(summary_write(&report, SUMMARY_TEXT, full, &error), TS_ERR_IO);
    assert_string_equal(error.text, "cannot write the summary: No space left on device");
    (void)fclose(full);
}

static struct sweep_report halfway(void)
{
    struct sweep_report report = example();
    report.done = 374;
    report.elapsed_us = 12400000;
    report.eta_us = 21000000;
    report.rss_bytes = 15833498;
    return report;
}

static void assert_bar(const struct sweep_report *report, uint32_t columns, bool utf8,
                       const char *expected)
{
    char storage[1024];
    struct buf out = buf_over(storage, sizeof(storage));
    const struct bar_style style = { .columns = columns, .utf8 = utf8, .rate = 31.04 };
    bar_put(&out, report, &style);
    assert_string_equal(storage, expected);
}

static void test_bar(void **state)
{
    (void)state;
    struct sweep_report report = halfway();
    assert_bar(&report, 102, true,
               " 37%|\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"
               "\xE2\x96\x88\xE2\x96\x8D            | 374/1000 [00:12<00:21, 31.0/s] "
               "12,345 tee times, 3 unknown, RSS 15.1/64 MiB");
    assert_bar(&report, 79, false,
               " 37%|#####         | 374/1000 [00:12<00:21, 31.0/s] 12,345 tee times, 3 "
               "unknown");
    assert_bar(&report, 41, false, " 37%|#   | 374/1000 [00:12<00:21, 31.0/s]");
    assert_bar(&report, 19, false, " 37%|#   | 374/1000");
    assert_bar(&report, 14, false, " 37% 374/1000");
    assert_bar(&report, 3, false, "");

    report.eta_us = -1;
    report.elapsed_us = INT64_C(10020000000);
    assert_bar(&report, 39, false, " 37%|#   | 374/1000 [2:47:00<?, 31.0/s]");
    report.planned = 0;
    report.done = 0;
    assert_bar(&report, 16, false, "100%|######| 0/0");
}

static void test_bar_fits(void **state)
{
    (void)state;
    struct sweep_report report = halfway();
    for (report.done = 0; report.done <= 1000; report.done += 50) {
        for (uint32_t columns = 0; columns < 150; columns++) {
            char storage[1024];
            struct buf out = buf_over(storage, sizeof(storage));
            const struct bar_style style = { .columns = columns, .utf8 = true, .rate = 9 };
            bar_put(&out, &report, &style);
            assert_true(text_width(buf_view(&out)) <= columns);
            assert_false(out.overflow);
        }
    }
    report.done = 999;
    assert_int_equal(bar_percent(&report), 99);
    report.done = 1000;
    assert_int_equal(bar_percent(&report), 100);
    assert_int_equal(sweep_unknown(&report), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),   cmocka_unit_test(test_json),
        cmocka_unit_test(test_widest), cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_bar),    cmocka_unit_test(test_bar_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
