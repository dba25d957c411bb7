/* catalogue_harness.c: loading catalogues from text, and noting what came of it. */
#include "unit/catalogue_harness.h"

#include <stdio.h>
#include <unistd.h>

#include "support/unit.h"

struct seen seen;
struct error error;
char path[64];

void on_problem(void *ctx, const struct catalogue_problem *problem)
{
    assert_ptr_equal(ctx, &seen);
    assert_string_equal(problem->file, path);
    assert_in_range(seen.problems_count, 0, SEEN_MAX - 1);
    seen.problems[seen.problems_count].line = problem->line;
    (void)snprintf(seen.problems[seen.problems_count].column, 48, "%s", problem->column);
    (void)snprintf(seen.problems[seen.problems_count].reason, 256, "%s", problem->reason);
    seen.problems_count++;
}

void on_row(void *ctx, const struct catalogue_row *row)
{
    assert_ptr_equal(ctx, &seen);
    assert_in_range(seen.rows_count, 0, SEEN_MAX - 1);
    seen.rows[seen.rows_count].id = row->id;
    seen.rows[seen.rows_count].state = row->state;
    (void)snprintf(
        seen.rows[seen.rows_count].text, 600,
        "%lld|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%g,%g|%d|%d|%d|%s",
        (long long)row->id, STR_ARGS(row->name), STR_ARGS(row->club), STR_ARGS(row->city),
        STR_ARGS(row->region), STR_ARGS(row->region_id), STR_ARGS(row->country),
        STR_ARGS(row->timezone), STR_ARGS(row->engine), STR_ARGS(row->attributes_json),
        STR_ARGS(row->currency), STR_ARGS(row->booking_url), row->latitude, row->longitude,
        row->holes, row->window_days, row->opens_minute, row_state_name(row->state));
    seen.rows_count++;
}

ts_err load_bytes(const char *ending, const char *text, size_t len,
                  struct catalogue_config config, struct catalogue **ret_catalogue)
{
    (void)snprintf(path, sizeof(path), "/tmp/test_catalogue.%d%s", (int)getpid(), ending);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    memset(&seen, 0, sizeof(seen));
    memset(&error, 0, sizeof(error));
    config.path = path;
    config.ctx = &seen;
    ts_err err = catalogue_load(&config, ret_catalogue, &error);
    assert_int_equal(unlink(path), 0);
    return err;
}

struct catalogue *load(const char *ending, const char *text)
{
    struct catalogue *catalogue = NULL;
    struct catalogue_config config = { .on_row = on_row, .on_problem = on_problem };
    if (load_bytes(ending, text, strlen(text), config, &catalogue) != TS_ERR_OK)
        fail_msg("refused: %s", error.text);
    return catalogue;
}

void assert_refused(const char *ending, const char *text, size_t len, ts_err expected,
                    const char *reason)
{
    struct catalogue *catalogue = NULL;
    struct catalogue_config config = { .on_row = NULL };
    assert_int_equal(load_bytes(ending, text, len, config, &catalogue), expected);
    assert_null(catalogue);
    if (!strstr(error.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}
