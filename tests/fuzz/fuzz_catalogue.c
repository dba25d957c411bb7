/*
 * fuzz_catalogue.c: catalogue/ on any file; one whose first byte is '{' is read as JSON Lines,
 * any other one as CSV.
 *
 * A file that is read gives rows whose states add up, problems that name a column and a reason
 * in one line, and courses whose parts are all within bounds; their ids are positive and
 * differ.
 */
#include <assert.h>
#include <stdio.h>

#include "base/sort.h"
#include "catalogue/builder.h"
#include "support/fuzz.h"

struct seen {
    uint32_t rows[ROW_STATE_COUNT];
    uint32_t problems;
};

static void on_row(void *ctx, const struct catalogue_row *row)
{
    struct seen *seen = ctx;
    assert(row->id >= 0 && (row->id > 0 || row->state != ROW_OK));
    assert(row->window_days >= -1 && row->window_days <= COURSE_WINDOW_MAX_DAYS);
    assert(row->opens_minute >= -1 && row->opens_minute < 1440);
    assert(row->currency.len == 0 || row->currency.len == 3);
    seen->rows[row->state]++;
}

static void on_problem(void *ctx, const struct catalogue_problem *problem)
{
    struct seen *seen = ctx;
    assert(problem->line > 0 && problem->column[0] && problem->reason[0]);
    for (const char *c = problem->reason; *c; c++)
        assert((unsigned char)*c >= ' ');
    seen->problems++;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void check_courses(const struct catalogue *catalogue)
{
    static int64_t ids[4096];
    uint32_t count = 0;
    for (uint32_t i = 0; i < catalogue->courses_count; i++) {
        const struct course *course = &catalogue->courses[i];
        assert(course->zone < catalogue->zones_count && course->engine < engines_count);
        assert(course->region < catalogue->regions_count && course->opens_minute < 1440);
        for (unsigned a = 0; a < engines[course->engine]->attrs_count; a++)
            assert(course_attribute(course, a).len < ATTRIBUTES_BYTES_MAX);
        if (count < TS_COUNT_OF(ids))
            ids[count++] = course->id;
    }
    sort_stable(ids, count, sizeof(ids[0]), compare_ids);
    for (uint32_t i = 0; i < count; i++)
        assert(ids[i] > (i > 0 ? ids[i - 1] : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = { { 0 }, 0 };
    struct catalogue_config config = {
        .path = "fuzz", .on_row = on_row, .on_problem = on_problem, .ctx = &seen
    };
    struct catalogue_builder *builder;
    struct catalogue *catalogue;
    struct error error = { 0 };
    FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
    if (!file)
        return 0;
    ts_err err = catalogue_builder_new(&config, &builder);
    assert(!err);
    err = data[0] == '{' ? jsonl_file_read(file, builder, &error)
                         : csv_file_read(file, builder, &error);
    (void)fclose(file);
    assert(!err || (error.code == err && error.text[0]));
    if (!err && !catalogue_builder_end(builder, &catalogue, &error)) {
        assert(memcmp(seen.rows, catalogue->rows, sizeof(seen.rows)) == 0);
        assert(seen.problems == catalogue->problems);
        assert(seen.rows[ROW_OK] == catalogue->courses_count);
        check_courses(catalogue);
        catalogue_free(catalogue);
    }
    catalogue_builder_free(builder);
    return 0;
}
