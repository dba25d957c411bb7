/*
 * test_metrics.c exercises view/metrics and domain/histogram:
 *   every line parses, each family stands together after its help and type, no series twice;
 *   labels with quotes, backslashes and line ends; buckets are cumulative; hosts that were not
 *   asked are left out; the last sweep is told once there is one, and is read back; files that
 *   are none of ours; a stream that takes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "view/metrics.h"

#define LINES_MAX 1000

static struct sweep_report example(void)
{
    struct sweep_report report = { .started_at = 1764000000,
                                   .planned = 30,
                                   .done = 20,
                                   .tee_times = 77,
                                   .batches = 3,
                                   .rss_bytes = 15833498,
                                   .memory_limit_bytes = 64 << 20,
                                   .scope = "region \"A\\B\"\nC" };
    report.looks[OUTCOME_OPEN] = 18;
    report.looks[OUTCOME_BLOCKED] = 2;
    histogram_add(&report.upsert_seconds, &histogram_seconds, 0.02);
    histogram_add(&report.upsert_seconds, &histogram_seconds, 0.25); /* the bound is within */
    histogram_add(&report.upsert_seconds, &histogram_seconds, 4000);
    histogram_add(&report.upsert_bytes, &histogram_bytes, 800000);
    return report;
}

static struct metrics_host host_of(void *ctx, uint32_t index)
{
    (void)ctx;
    if (index == 1)
        return (struct metrics_host){ .engine = "cps", .name = "not-asked.example.com" };
    return (struct metrics_host){ .engine = "chronogolf",
                                  .name = index ? "b.example.com" : "a.example.com",
                                  .requests = 12,
                                  .by_class = { [METRICS_ANSWERED] = 9, [METRICS_BLOCKED] = 2 },
                                  .gap_us = 2500000,
                                  .parallel = 2 };
}

static char *write_metrics(const struct sweep_report *report, const struct metrics_last *last)
{
    static const struct metrics_pause pauses[] = { { "memory", false }, { "writer", true } };
    const struct metrics metrics = { .report = report,
                                     .last = *last,
                                     .pauses = pauses,
                                     .pauses_count = 2,
                                     .hosts_count = 3,
                                     .host = host_of };
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    struct error error;
    assert_int_equal(metrics_write(&metrics, out, &error), TS_ERR_OK);
    (void)fclose(out);
    return text;
}

/* A label's value from after its opening quote to after its closing one. */
static const char *skip_value(const char *at)
{
    for (; *at != '"'; at++) {
        assert_int_not_equal(*at, '\n');
        if (*at == '\\')
            assert_non_null(strchr("\\\"n", *++at));
    }
    return at + 1;
}

static const char *skip_name(const char *at)
{
    size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
    assert_true(len > 0);
    return at + len;
}

/* `name{label="value",…} number`, to its end. */
static void check_sample(const char *line)
{
    const char *at = skip_name(line);
    assert_int_equal(*at, '{');
    do {
        at = skip_name(at + 1);
        assert_memory_equal(at, "=\"", 2);
        at = skip_value(at + 2);
    } while (*at == ',');
    assert_memory_equal(at, "} ", 2);
    char *end;
    (void)strtod(at + 2, &end);
    assert_true(end > at + 2);
    assert_int_equal(*end, '\0');
}

/* Begins with the family's name, or its name and a histogram's ending. */
static void check_family(const char *line, const char *family)
{
    size_t len = strlen(family);
    assert_memory_equal(line, family, len);
    const char *rest = line + len;
    assert_true(*rest == '{' || !strncmp(rest, "_bucket{", 8) || !strncmp(rest, "_sum{", 5) ||
                !strncmp(rest, "_count{", 7));
}

static void no_series_twice(char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t len = (size_t)(strrchr(lines[i], ' ') - lines[i]);
        for (size_t j = 0; j < i; j++)
            assert_false(strncmp(lines[i], lines[j], len + 1) == 0);
    }
}

static void every_line_parses(void **state)
{
    (void)state;
    struct sweep_report report = example();
    char *text = write_metrics(&report, &(struct metrics_last){ .finished_at = 1763999000,
                                                                .observed_at = 1763998000 });
    assert_int_equal(text[strlen(text) - 1], '\n');
    char *lines[LINES_MAX], family[100] = "", type[100];
    size_t count = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (sscanf(line, "# HELP %99s", family) == 1)
            continue;
        if (line[0] == '#') {
            assert_int_equal(sscanf(line, "# TYPE %99s", type), 1);
            assert_string_equal(type, family);
            continue;
        }
        check_sample(line);
        check_family(line, family);
        assert_true(count < LINES_MAX);
        lines[count++] = line;
    }
    assert_true(count > 60);
    no_series_twice(lines, count);
    free(text);
}

static void has(const char *text, const char *line)
{
    if (!strstr(text, line))
        fail_msg("%s\nlacks: %s", text, line);
}

static void values_are_where_they_belong(void **state)
{
    (void)state;
#define SCOPE "scope=\"region \\\"A\\\\B\\\"\\nC\""
    struct sweep_report report = example();
    char *text = write_metrics(&report, &(struct metrics_last){ 0 });
    has(text, "\nteesheet_requests_total{" SCOPE ",engine=\"chronogolf\","
              "host=\"a.example.com\",class=\"blocked\"} 2\n");
    has(text, "\nteesheet_host_gap_seconds{" SCOPE ",engine=\"chronogolf\","
              "host=\"b.example.com\"} 2.5\n");
    assert_null(strstr(text, "not-asked"));
    has(text, "\nteesheet_tee_sheets_total{" SCOPE ",outcome=\"open\"} 18\n");
    has(text, "\nteesheet_upsert_duration_seconds_bucket{" SCOPE ",le=\"0.01\"} 0\n");
    has(text, "\nteesheet_upsert_duration_seconds_bucket{" SCOPE ",le=\"0.1\"} 1\n");
    has(text, "\nteesheet_upsert_duration_seconds_bucket{" SCOPE ",le=\"0.25\"} 2\n");
    has(text, "\nteesheet_upsert_duration_seconds_bucket{" SCOPE ",le=\"300\"} 2\n");
    has(text, "\nteesheet_upsert_duration_seconds_bucket{" SCOPE ",le=\"+Inf\"} 3\n");
    has(text, "\nteesheet_upsert_duration_seconds_count{" SCOPE "} 3\n");
    has(text, "\nteesheet_upsert_duration_seconds_sum{" SCOPE "} 4000.27\n");
    has(text, "\nteesheet_batch_size_bytes_bucket{" SCOPE ",le=\"1048576\"} 1\n");
    has(text, "\nteesheet_sweep_start_timestamp_seconds{" SCOPE "} 1764000000\n");
    has(text, "\nteesheet_sweep_running{" SCOPE "} 1\n");
    has(text, "\nteesheet_paused{" SCOPE ",reason=\"writer\"} 1\n");
    assert_null(strstr(text, "teesheet_last_")); /* there was none */
    free(text);
}

static struct metrics_last read_back(const char *text)
{
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(in);
    struct metrics_last last = { .exit_code = -7 };
    metrics_read_last(in, &last);
    (void)fclose(in);
    return last;
}

static void the_last_sweep_is_read_back(void **state)
{
    (void)state;
    struct sweep_report report = example();
    const struct metrics_last last = { .finished_at = 1763999000,
                                       .observed_at = 1763998000,
                                       .exit_code = 3,
                                       .verdict = SWEEP_DEGRADED,
                                       .observed_ratio = 0.875 };
    char *text = write_metrics(&report, &last);
    struct metrics_last again = read_back(text);
    assert_int_equal(again.finished_at, last.finished_at);
    assert_int_equal(again.observed_at, last.observed_at);
    assert_int_equal(again.exit_code, last.exit_code);
    assert_int_equal(again.verdict, last.verdict);
    assert_true(again.observed_ratio == last.observed_ratio);
    free(text);
}

static void what_is_none_of_ours_is_passed_over(void **state)
{
    (void)state;
    struct metrics_last last =
        read_back("teesheet_last_sweep_timestamp_seconds\n"
                  "teesheet_last_sweep_exit_code{scope=\"all\"} many\n"
                  "teesheet_last_sweep_exit_code{scope=\"all\"} 1e300\n"
                  "teesheet_last_sweep_verdict{scope=\"all\",verdict=\"odd\"} 1\n"
                  "teesheet_last_sweep_timestamp_seconds_more{} 5\n"
                  "node_load1 5\n\x01\x02 {} \n");
    assert_int_equal(last.finished_at, 0);
    assert_int_equal(last.exit_code, 0);
    assert_int_equal(last.verdict, SWEEP_RUNNING);
}

static void a_stream_that_takes_nothing(void **state)
{
    (void)state;
    struct sweep_report report = example();
    const struct metrics metrics = { .report = &report };
    FILE *out = fopen("/dev/full", "we");
    assert_non_null(out);
    struct error error;
    assert_int_equal(metrics_write(&metrics, out, &error), TS_ERR_IO);
    assert_non_null(strstr(error.text, "No space left"));
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_parses),
        cmocka_unit_test(values_are_where_they_belong),
        cmocka_unit_test(the_last_sweep_is_read_back),
        cmocka_unit_test(what_is_none_of_ours_is_passed_over),
        cmocka_unit_test(a_stream_that_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
