/*
 * test_plot.c exercises view/trace and view/plot:
 *   a trace is read back as it was written, at most one sample each 100 ms; a file that cannot
 * be made, and a full disk, are errors that name the file; every kind of bad line is refused
 * with file, line and reason; the picture has the batch rising and falling, RSS below the
 * budget, and keeps every tooth's top when many samples share a column.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/unit.h"
#include "view/plot.h"

#define HEAD    "# teesheet trace 1: limit_bytes=67108864 planned=700\n"
#define COLUMNS "ms,batch_bytes,rss_bytes,in_flight,pauses,tee_sheets\n"

static char path[] = "/tmp/teesheet-test-plot-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

struct seen {
    unsigned count;
    struct trace_sample first, last;
    char pauses[64]; /* of the last */
};

static void see(void *ctx, const struct trace_sample *sample)
{
    struct seen *seen = ctx;
    if (seen->count++ == 0)
        seen->first = *sample;
    seen->last = *sample;
    (void)snprintf(seen->pauses, sizeof(seen->pauses), "%.*s", STR_ARGS(sample->pauses));
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct trace *trace;
    assert_int_equal(trace_new(path, &trace, NULL), TS_ERR_OK);
    uint64_t allocations = mem_allocations();
    trace_begin(trace, &(struct trace_head){ 64 << 20, 700 }, 5000000);
    struct trace_sample sample = { .batch_bytes = 1, .rss_bytes = 2, .in_flight = 3 };
    trace_add(trace, &sample, 5000000);
    trace_add(trace, &sample, 5099999); /* too soon */
    sample = (struct trace_sample){ .batch_bytes = UINT32_MAX,
                                    .rss_bytes = (uint64_t)1 << 40,
                                    .in_flight = UINT32_MAX,
                                    .tee_sheets = 699,
                                    .pauses = STR("memory+writer") };
    trace_add(trace, &sample, 5250000);
    assert_int_equal(trace_check(trace, NULL), TS_ERR_OK);
    assert_int_equal(mem_allocations(), allocations);
    trace_free(trace);

    struct seen seen = { 0 };
    struct trace_head head;
    assert_int_equal(trace_read(path, &head, see, &seen, NULL), TS_ERR_OK);
    assert_int_equal(head.limit_bytes, 64 << 20);
    assert_int_equal(head.planned, 700);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.first.ms, 0);
    assert_int_equal(seen.first.in_flight, 3);
    assert_int_equal(seen.last.ms, 250);
    assert_int_equal(seen.last.batch_bytes, UINT32_MAX);
    assert_int_equal(seen.last.rss_bytes, (uint64_t)1 << 40);
    assert_int_equal(seen.last.tee_sheets, 699);
    assert_string_equal(seen.pauses, "memory+writer");
}

static void a_file_that_cannot_be_written(void **state)
{
    (void)state;
    struct trace *trace;
    struct error error;
    assert_int_equal(trace_new("/nonexistent/trace", &trace, &error), TS_ERR_IO);
    assert_string_equal(error.text,
                        "cannot write /nonexistent/trace: No such file or directory");
    assert_int_equal(trace_new("/dev/full", &trace, &error), TS_ERR_OK);
    trace_begin(trace, &(struct trace_head){ 1, 1 }, 0);
    trace_add(trace, &(struct trace_sample){ 0 }, 0);
    assert_int_equal(trace_check(trace, &error), TS_ERR_IO);
    assert_string_equal(error.text, "cannot write /dev/full: No space left on device");
    trace_free(trace);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void bad_lines_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", ":1: no trace of `teesheet collect --trace`" },
        { "id,name\n1,a\n", ":1: no trace of" },
        { "# teesheet trace 1: limit_bytes=x planned=1\n" COLUMNS, ":1: limit_bytes=N" },
        { "# teesheet trace 1: limit_bytes=1\n" COLUMNS, ":1: limit_bytes=N planned=N" },
        { HEAD, ":2: the columns ms,batch_bytes" },
        { HEAD "ms,rss_bytes\n", ":2: the columns ms,batch_bytes" },
        { HEAD COLUMNS, ":3: no sample" },
        { HEAD COLUMNS "0,1,2,3,,4\n1,1,2\n", ":4: the line has fewer than 6 columns" },
        { HEAD COLUMNS "0,1,2,3,,4,5\n", ":3: the line has more than 6 columns" },
        { HEAD COLUMNS "0,1,-2,3,,4\n", ":3: rss_bytes \"-2\" is no number" },
        { HEAD COLUMNS "0,1,2,4294967296,,4\n", ":3: in_flight \"4294967296\" is no number" },
        { HEAD COLUMNS "9,1,2,3,,4\n8,1,2,3,,4\n", ":4: ms goes back in time" },
        { HEAD COLUMNS "0,1,2,3,,4\n100,1,2", ":4: the line is cut off" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        struct error error = { 0 };
        struct seen seen = { 0 };
        struct trace_head head;
        write_text(cases[i].text);
        assert_int_equal(trace_read(path, &head, see, &seen, &error), TS_ERR_DATA);
        assert_memory_equal(error.text, path, strlen(path));
        if (!strstr(error.text, cases[i].says))
            fail_msg("case %zu: %s", i, error.text);
    }
}

/* A plot as text, on the heap. */
static char *draw(const struct plot *plot)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    plot_write(plot, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Sweeps of `teeth` batches, each of ten samples. */
static void add_teeth(struct plot *plot, int teeth)
{
    for (int i = 0; i < teeth * 10; i++)
        plot_add(plot, &(struct trace_sample){ .ms = (int64_t)i * 100,
                                               .batch_bytes = (uint64_t)(i % 10) * 50000,
                                               .rss_bytes = 15 << 20,
                                               .tee_sheets = (uint64_t)i });
}

/* Least and greatest y of the polyline with this id, and how often it turns downwards. */
static int falls_of(const char *svg, const char *id, double *ret_top, double *ret_bottom)
{
    const char *at = strstr(svg, id);
    assert_non_null(at);
    at = strstr(at, "points=\"") + 8;
    int falls = 0;
    bool rising = false;
    double before = 1e9, x, y;
    *ret_top = 1e9;
    *ret_bottom = 0;
    for (int used; sscanf(at, "%lf,%lf %n", &x, &y, &used) == 2; at += used) {
        falls += rising && y > before; /* y grows downwards */
        rising = y < before || (rising && y <= before);
        before = y;
        *ret_top = y < *ret_top ? y : *ret_top;
        *ret_bottom = y > *ret_bottom ? y : *ret_bottom;
    }
    return falls;
}

static double budget_y(const char *svg)
{
    const char *at = strstr(svg, "id=\"budget\"");
    assert_non_null(at);
    return strtod(strstr(at, "y1=\"") + 4, NULL);
}

static void the_picture(void **state)
{
    (void)state;
    struct plot plot;
    plot_init(&plot);
    plot.head = (struct trace_head){ 64 << 20, 700 };
    add_teeth(&plot, 7);
    assert_int_equal(plot.emptied, 6); /* the last tooth is not over */
    assert_int_equal(plot.batch_peak, 450000);
    char *svg = draw(&plot);
    double top, bottom;
    assert_int_equal(falls_of(svg, "id=\"batch\"", &top, &bottom), 6);
    assert_true(bottom - top > 100);
    assert_int_equal(falls_of(svg, "id=\"rss\"", &top, &bottom), 0);
    assert_true(bottom - top < 0.01);
    assert_true(top > budget_y(svg)); /* lower on the page: less */
    assert_non_null(strstr(svg, ">Memory of a sweep: 69 tee sheets in "));
    assert_non_null(strstr(svg, "prefers-color-scheme: dark"));
    assert_non_null(strstr(svg, "emptied 6 times"));
    assert_non_null(strstr(svg, " MiB</text>"));
    free(svg);
}

static void many_samples_keep_their_teeth(void **state)
{
    (void)state;
    struct plot plot;
    plot_init(&plot);
    plot.head = (struct trace_head){ 64 << 20, 700 };
    add_teeth(&plot, 200); /* 2,000 samples in 512 columns: four in each */
    assert_int_equal(plot.column_ms, 400);
    assert_int_equal(plot.columns_count, 500);
    assert_int_equal(plot.emptied, 199);
    uint32_t samples = 0;
    for (uint32_t i = 0; i < plot.columns_count; i++)
        samples += plot.columns[i].samples;
    assert_int_equal(samples, 2000);
    char *svg = draw(&plot);
    double top, bottom;
    assert_int_equal(falls_of(svg, "id=\"batch\"", &top, &bottom), 199);
    free(svg);
}

static void a_single_sample(void **state)
{
    (void)state;
    struct plot plot;
    plot_init(&plot);
    plot_add(&plot, &(struct trace_sample){ .ms = 0 });
    char *svg = draw(&plot);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    free(svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_file_that_cannot_be_written),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(the_picture),
        cmocka_unit_test(many_samples_keep_their_teeth),
        cmocka_unit_test(a_single_sample),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
