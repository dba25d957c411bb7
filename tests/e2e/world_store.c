/* world_store.c: looking into the store beside the program, and comparing it with the truth. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/day.h"
#include "e2e/world_rows.h"
#include "support/unit.h"

#define SIM          TS_BINARY_DIR "/teesheet-sim"
#define QUERY_BYTES  (1 << 20)
#define SHOWN        3
#define QUERY_PREFIX "set search_path to teesheet; "

static void add_row(struct rows *rows, const char *line)
{
    if (rows->count == rows->cap) {
        rows->cap = rows->cap ? rows->cap * 2 : 1024;
        rows->lines = realloc(rows->lines, rows->cap * ROW_BYTES);
        assert_non_null(rows->lines);
    }
    assert_true(strlen(line) < ROW_BYTES);
    memcpy(rows->lines[rows->count++], line, strlen(line) + 1);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

void rows_sort(struct rows *rows)
{
    if (rows->count > 0)
        qsort(rows->lines, rows->count, ROW_BYTES, compare_lines);
}

static bool on_csv_row(void *ctx, const struct csv_row *row)
{
    if (row->line == 1)
        return true;
    char line[ROW_BYTES];
    struct buf buf = buf_over(line, sizeof(line));
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0)
            buf_putc(&buf, '|');
        buf_put(&buf, row->fields[i]);
    }
    assert_false(buf.overflow);
    add_row(ctx, line);
    return true;
}

void rows_add_truth(const struct world *world, const char *option, const char *dates,
                    const char *courses, struct rows *rows)
{
    char argument[100], ids[ROW_BYTES];
    (void)snprintf(argument, sizeof(argument), "--%s=%s", option, dates);
    (void)snprintf(ids, sizeof(ids), "--course-ids=%s", courses ? courses : "");
    const char *argv[PROCESS_ARGS_MAX] = { SIM,        "--courses",       world->courses,
                                           "--kind",   world_kind(world), "--now",
                                           world->now, argument };
    size_t count = 8;
    for (const char *const *at = world->sim_options; at && *at; at++)
        argv[count++] = *at;
    argv[count++] = courses ? ids : NULL;
    struct process process = process_start(world->dir, argv);
    struct outcome_of_run run = process_wait(&process, 120);
    if (run.exit_code != 0)
        fail_msg("teesheet-sim %s: %s", argument, run.err);
    outcome_of_run_free(&run);
    FILE *file = fopen(process.out, "re");
    assert_non_null(file);
    assert_int_equal(csv_read(file, on_csv_row, rows, NULL), TS_ERR_OK);
    assert_int_equal(fclose(file), 0);
    (void)unlink(process.out);
    rows_sort(rows);
}

static int on_sqlite_row(void *ctx, int count, char **values, char **names)
{
    (void)names;
    char line[ROW_BYTES];
    struct buf buf = buf_over(line, sizeof(line));
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_putc(&buf, '|');
        buf_puts(&buf, values[i] ? values[i] : "");
    }
    assert_false(buf.overflow);
    add_row(ctx, line);
    return 0;
}

static void query_sqlite(const struct world *world, const char *sql, struct rows *rows)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    const char *path = world->store_url + strlen("sqlite:");
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    (void)sqlite3_busy_timeout(db, 10000);
    if (sqlite3_exec(db, sql, on_sqlite_row, rows, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void query_postgres(const struct world *world, const char *sql, struct rows *rows)
{
    size_t cap = strlen(sql) + sizeof(QUERY_PREFIX);
    char *text = malloc(cap), *output = malloc((size_t)64 * QUERY_BYTES);
    assert_non_null(text);
    assert_non_null(output);
    (void)snprintf(text, cap, "%s%s", QUERY_PREFIX, sql);
    if (pg_server_run(&world->postgres, "psql", text, output, (size_t)64 * QUERY_BYTES) != 0)
        fail_msg("%s: %s", sql, output);
    struct str rest = str_of(output), line;
    while (str_split(&rest, '\n', &line)) {
        char row[ROW_BYTES];
        struct buf buf = buf_over(row, sizeof(row));
        buf_put(&buf, line);
        if (!str_equal(line, STR("SET")))
            add_row(rows, row);
    }
    free(output);
    free(text);
}

struct rows rows_of_store(const struct world *world, const char *sqlite_sql,
                          const char *postgres_sql)
{
    struct rows rows = { 0 };
    if (world->kind == WORLD_SQLITE)
        query_sqlite(world, sqlite_sql, &rows);
    else
        query_postgres(world, postgres_sql, &rows);
    return rows;
}

void world_query(const struct world *world, const char *sql, char *result, size_t cap)
{
    struct rows rows = rows_of_store(world, sql, sql);
    assert_true(rows.count <= 1);
    (void)snprintf(result, cap, "%s", rows.count ? rows.lines[0] : "");
    free(rows.lines);
}

bool world_has_store(const struct world *world)
{
    static const char sqlite[] = "select count(*) from sqlite_master where name = 'tee_sheets'";
    static const char postgres[] = "select count(*) from pg_tables where schemaname = "
                                   "'teesheet' and tablename = 'tee_sheets'";
    if (world->kind == WORLD_POSTGRES)
        return world_number(world, postgres) > 0;
    return access(world->store_url + strlen("sqlite:"), F_OK) == 0 &&
           world_number(world, sqlite) > 0;
}

long long world_number(const struct world *world, const char *sql)
{
    char text[64];
    world_query(world, sql, text, sizeof(text));
    return strtoll(text, NULL, 10);
}

#define PARTY(n, bit) "case when party_sizes & " bit " <> 0 then '," n "' else '' end"
#define PARTIES                                                                                \
    "ltrim(" PARTY("1", "1") "||" PARTY("2", "2") "||" PARTY("3", "4") "||" PARTY(             \
        "4", "8") ", ',')"
#define TEE_TIMES(start, instant)                                                              \
    "select course_id, play_date, " start ", holes, start_hole, routing, " instant             \
    ", " PARTIES                                                                               \
    ", price_cents, currency, price_basis, cart_fee_cents, rate_name, engine_ref "             \
    "from tee_times where closed_at is null"

static const char tee_times_sqlite[] =
    TEE_TIMES("printf('%02d:%02d', start_minute / 60, start_minute % 60)",
              "strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, 'unixepoch')");
static const char tee_times_postgres[] =
    TEE_TIMES("to_char(make_interval(mins => start_minute), 'HH24:MI')",
              "to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
static const char sheets_sql[] = "select course_id, play_date, observed_outcome, "
                                 "tee_time_count from tee_sheets where observed_at is not null";

/* With those that the truth calls misconfigured: not observed, and told so. */
#define KNOWN_SHEETS "(observed_at is not null or outcome = 'misconfigured')"
static const char known_sheets_sql[] =
    "select course_id, play_date, coalesce(observed_outcome, "
    "outcome), coalesce(tee_time_count, 0) from tee_sheets "
    "where " KNOWN_SHEETS;

/* The sorted rows of one date, or of all (NULL). */
static struct rows rows_of_date(const struct world *world, const char *sql, const char *date)
{
    char of_date[1200];
    (void)snprintf(of_date, sizeof(of_date), "%s%s%s%s", sql, date ? " and play_date = '" : "",
                   date ? date : "", date ? "'" : "");
    struct rows rows = rows_of_store(world, of_date, of_date);
    rows_sort(&rows);
    return rows;
}

static struct rows tee_times_of(const struct world *world, const char *date)
{
    bool is_sqlite = world->kind == WORLD_SQLITE;
    return rows_of_date(world, is_sqlite ? tee_times_sqlite : tee_times_postgres, date);
}

struct rows rows_of_tee_times(const struct world *world)
{
    return tee_times_of(world, NULL);
}

static struct rows stored_sheets(const struct world *world)
{
    return rows_of_date(world, sheets_sql, NULL);
}

/* Walks both sorted lists; counts and shows what one has and the other lacks. */
static void compare(const char *what, const struct rows *truth, const struct rows *stored,
                    bool subset)
{
    size_t missing = 0, phantom = 0, t = 0, s = 0;
    while (t < truth->count || s < stored->count) {
        int order = t == truth->count    ? 1
                    : s == stored->count ? -1
                                         : strcmp(truth->lines[t], stored->lines[s]);
        if (order < 0 && missing++ < SHOWN && !subset)
            print_message("missing %s: %s\n", what, truth->lines[t]);
        if (order > 0 && phantom++ < SHOWN)
            print_message("phantom %s: %s\n", what, stored->lines[s]);
        t += order <= 0;
        s += order >= 0;
    }
    if (phantom > 0 || (missing > 0 && !subset))
        fail_msg("%s: %zu in truth, %zu stored, %zu missing, %zu phantom", what, truth->count,
                 stored->count, missing, phantom);
}

/* Compares with `truth` what the store says of it; frees the truth. */
static void check_stored(const char *what, struct rows *truth, struct rows stored, bool subset)
{
    assert_true(truth->count > 0);
    compare(what, truth, &stored, subset);
    free(truth->lines);
    free(stored.lines);
}

static void check(const struct world *world, const char *dates, bool subset)
{
    struct rows times = { 0 }, sheets = { 0 };
    rows_add_truth(world, "truth", dates, NULL, &times);
    rows_add_truth(world, "truth-sheets", dates, NULL, &sheets);
    check_stored("tee time", &times, rows_of_tee_times(world), subset);
    check_stored("tee sheet", &sheets, stored_sheets(world), subset);
}

void world_check_truth(const struct world *world, const char *dates)
{
    check(world, dates, false);
}

void world_check_truth_by_day(const struct world *world, const char *first, unsigned days)
{
    int32_t day;
    long long sheets_count = 0;
    assert_true(day_parse(str_of(first), &day));
    for (unsigned i = 0; i < days; i++) {
        char date[16] = "";
        struct buf buf = buf_over(date, sizeof(date) - 1);
        struct rows times = { 0 }, sheets = { 0 };
        day_format(day + (int32_t)i, &buf);
        rows_add_truth(world, "truth", date, NULL, &times);
        rows_add_truth(world, "truth-sheets", date, NULL, &sheets);
        sheets_count += (long long)sheets.count;
        check_stored("tee time", &times, tee_times_of(world, date), false);
        check_stored("tee sheet", &sheets, rows_of_date(world, known_sheets_sql, date), false);
    }
    assert_int_equal(world_number(world, "select count(*) from tee_sheets where " KNOWN_SHEETS),
                     sheets_count);
}

void world_check_truths(const struct world *world, const char *of_world,
                        const struct world *twin, const char *of_twin, const char *dates)
{
    struct rows times = { 0 }, sheets = { 0 };
    rows_add_truth(world, "truth", dates, of_world, &times);
    rows_add_truth(twin, "truth", dates, of_twin, &times);
    rows_add_truth(world, "truth-sheets", dates, of_world, &sheets);
    rows_add_truth(twin, "truth-sheets", dates, of_twin, &sheets);
    check_stored("tee time", &times, rows_of_tee_times(world), false);
    check_stored("tee sheet", &sheets, stored_sheets(world), false);
}

/* Each stored sheet's tee times must all be there: none is half written. */
static void check_whole_sheets(const struct world *world)
{
    assert_int_equal(world_number(world,
                                  "select count(*) from tee_sheets s where tee_time_count <> "
                                  "(select count(*) from tee_times t where t.course_id = "
                                  "s.course_id and t.play_date = s.play_date and closed_at "
                                  "is null)"),
                     0);
}

void world_check_subset(const struct world *world, const char *dates)
{
    check(world, dates, true);
    check_whole_sheets(world);
}

void world_check_integrity(const struct world *world)
{
    check_whole_sheets(world);
    if (world->kind != WORLD_SQLITE)
        return;
    char result[64];
    world_query(world, "pragma integrity_check", result, sizeof(result));
    assert_string_equal(result, "ok");
}
