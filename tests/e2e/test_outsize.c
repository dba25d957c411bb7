/*
 * test_outsize.c exercises the real program with what fits nowhere, which may not end it:
 *   a URL that --engine-url makes longer than any request may be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "e2e/world.h"
#include "support/unit.h"

#define TEESHEET  TS_BINARY_DIR "/teesheet"
#define URL_BYTES 1000
#define UUIDS     12 /* of a course, the most */
#define COURSES   16 /* of a task, the most */

static char dir[] = "/tmp/teesheet-e2e-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    const char *const argv[] = { "/bin/rm", "-rf", dir, NULL };
    struct outcome_of_run run = process_run("/tmp", argv, 10);
    int exit_code = run.exit_code;
    outcome_of_run_free(&run);
    return exit_code;
}

/* One sweep of one day; the summary is JSON. */
static struct outcome_of_run sweep(const char *rows, const char *engine_url)
{
    char catalogue[64], store[64];
    (void)snprintf(catalogue, sizeof(catalogue), "%s/courses.jsonl", dir);
    (void)snprintf(store, sizeof(store), "sqlite:%s/teesheet.db", dir);
    FILE *file = fopen(catalogue, "we");
    assert_non_null(file);
    assert_true(fputs(rows, file) >= 0);
    assert_int_equal(fclose(file), 0);
    const char *const argv[] = { TEESHEET,     "collect", "--courses",    catalogue,
                                 "--store",    store,     "--engine-url", engine_url,
                                 "--now",      WORLD_NOW, "--from",       "2026-12-04",
                                 "--days",     "1",       "--host-gap",   "0",
                                 "--retries",  "0",       "--batch-size", "10",
                                 "--progress", "off",     "--summary",    "json",
                                 NULL };
    return process_run(dir, argv, 60);
}

/* Courses of one club with as many uuids as they may have: one request for all. */
static void put_large_club(struct buf *out)
{
    for (int course = 1; course <= COURSES; course++) {
        buf_printf(out,
                   "{\"id\": %d, \"timezone\": \"America/Denver\", \"engine\": \"chronogolf\", "
                   "\"engine_attributes\": {\"club_slug\": \"elm\", \"course_uuids\": [",
                   course);
        for (int i = 0; i < UUIDS; i++)
            buf_printf(out, "%s\"%08d-0000-4000-8000-%012d\"", i > 0 ? "," : "", course, i);
        buf_puts(out, "]}}\n");
    }
}

static void a_url_that_fits_nowhere(void **state)
{
    (void)state;
    static char rows[COURSES * (UUIDS * 50 + 200)];
    char url[URL_BYTES];
    struct buf rows_buf = buf_over(rows, sizeof(rows)), url_buf = buf_over(url, sizeof(url));
    put_large_club(&rows_buf);
    assert_false(rows_buf.overflow);
    buf_puts(&url_buf, "chronogolf=http://127.0.0.1:9/");
    while (url_buf.len + sizeof("{host}") < sizeof(url))
        buf_puts(&url_buf, "{host}");
    struct outcome_of_run run = sweep(rows, url);
    if (run.exit_code != 5)
        fail_msg("exit code %d:\n%s", run.exit_code, run.err);
    assert_int_equal(world_summary_number(run.out, "unreachable"), COURSES);
    outcome_of_run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_that_fits_nowhere),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
