/*
 * test_store_sqlite.c: exercises the SQLite store: the contract of all stores; then what can
 * happen to a file: no database, somebody else's, newer, older, read-only, in no folder, full,
 * locked, read by others during a transaction, its writer killed between any two statements.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/mem.h"
#include "batch/batch.h"
#include "store/leases.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"
#include "support/store_contract.h"
#include "support/unit.h"

static char folder[64];
static char path[128];
static char url[160];

static void remove_file(const char *suffix)
{
    char name[160];
    (void)snprintf(name, sizeof(name), "%s%s", path, suffix);
    (void)unlink(name);
}

static bool reset(void *ctx)
{
    (void)ctx;
    remove_file("");
    remove_file("-wal");
    remove_file("-shm");
    remove_file("-journal");
    return true;
}

/* Every test has a file of its own; the folder is made anew so that modes do not linger. */
static int fresh(void **state)
{
    (void)state;
    return reset(NULL) ? 0 : -1;
}

static void query(void *ctx, const char *sql, char *result, size_t cap)
{
    (void)ctx;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct buf text = buf_over(result, cap);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (text.len)
            buf_putc(&text, '\n');
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *column = sqlite3_column_text(statement, i);
            buf_puts(&text, i ? "|" : "");
            buf_puts(&text, column ? (const char *)column : "");
        }
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
}

static void expect(const char *sql, const char *expected)
{
    char result[1024];
    query(NULL, sql, result, sizeof(result));
    assert_string_equal(result, expected);
}

/* SQL of somebody else's, on a connection of its own. */
static sqlite3 *other_program(const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return db;
}

static struct store_config config_of(void)
{
    return (struct store_config){ .url = url, .stop_fd = -1, .deadline_us = 200000 };
}

static struct store *open_store(void)
{
    struct store_config config = config_of();
    struct store *store = NULL;
    struct error error = { 0 };
    if (store_open(&config, false, &store, &error) != TS_ERR_OK)
        fail_msg("%s", error.text);
    return store;
}

static void refuses(const struct store_config *config, ts_err expected, const char *text)
{
    struct store *store = NULL;
    struct error error = { 0 };
    assert_int_equal(store_open(config, false, &store, &error), expected);
    assert_int_equal(error.code, expected);
    if (!strstr(error.text, text))
        fail_msg("'%s' lacks '%s'", error.text, text);
    assert_null(store);
}

static struct zone *zone;

/* `sheets` tee sheets with ten tee times each. */
static struct batch *make_batch(uint32_t sheets, int64_t at)
{
    struct batch *batch = NULL;
    assert_int_equal(batch_new(&batch, sheets, (size_t)sheets * 8192), TS_ERR_OK);
    if (!zone)
        assert_int_equal(zone_new(STR("America/Regina"), &zone, NULL), TS_ERR_OK);
    for (uint32_t i = 0; i < sheets; i++) {
        struct tee_time tee_times[10];
        for (uint16_t j = 0; j < 10; j++)
            tee_times[j] = (struct tee_time){ .start_minute = (uint16_t)(480 + 10 * j),
                                              .party_sizes = 15,
                                              .price_cents = (int32_t)at % 1000,
                                              .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
                                              .routing = "",
                                              .rate_name = "",
                                              .engine_ref = "",
                                              .url_template = "" };
        struct tee_sheet sheet = { .course_id = 1 + i,
                                   .play_date = 20600,
                                   .outcome = OUTCOME_OPEN,
                                   .detail = "",
                                   .currency = "CAD",
                                   .zone = zone,
                                   .checked_at = at,
                                   .tee_times_count = 10,
                                   .tee_times = tee_times };
        (void)tee_sheet_seal(&sheet);
        assert_int_equal(batch_add(batch, &sheet, 1), TS_ERR_OK);
    }
    batch_sort(batch);
    return batch;
}

static ts_err upsert(struct store *store, const struct batch *batch, struct error *reterr)
{
    struct store_held held[200];
    struct store_receipt receipt = { .held = held };
    return store_upsert(store, batch, 1, &receipt, reterr);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void no_database_is_left_alone(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    write_file(text);
    struct store_config config = config_of();
    refuses(&config, TS_ERR_SCHEMA, "is not a SQLite database");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, sizeof(text) - 1);
}

static void a_foreign_database_is_left_alone(void **state)
{
    (void)state;
    (void)sqlite3_close(other_program("CREATE TABLE courses (title TEXT)"));
    struct store_config config = config_of();
    refuses(&config, TS_ERR_SCHEMA, "of something else");
    expect("SELECT name FROM sqlite_schema", "courses");
    expect("PRAGMA journal_mode", "delete");
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    store_close(open_store());
    (void)sqlite3_close(other_program("PRAGMA user_version = 99"));
    struct store_config config = config_of();
    refuses(&config, TS_ERR_SCHEMA, "newer than this program");
    config.read_only = true;
    refuses(&config, TS_ERR_SCHEMA, "newer than this program");
}

static void an_older_schema_asks_for_migration(void **state)
{
    (void)state;
    (void)sqlite3_close(other_program("PRAGMA application_id = 1415931219"));
    struct store_config config = config_of();
    config.read_only = true;
    refuses(&config, TS_ERR_SCHEMA, "teesheet store migrate");
    config.read_only = false;
    config.no_migrate = true;
    refuses(&config, TS_ERR_SCHEMA, "teesheet store migrate");
    store_close(open_store());
    expect("PRAGMA user_version", "1");
    expect("PRAGMA application_id", "1415931219");
    store_close(open_store());
}

static void what_is_missing_is_not_made_without_leave(void **state)
{
    (void)state;
    struct store_config config = config_of();
    config.no_migrate = true;
    refuses(&config, TS_ERR_NOT_FOUND, "no store at");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_read_only_file_is_told(void **state)
{
    (void)state;
    store_close(open_store());
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    struct store_config config = config_of();
    refuses(&config, TS_ERR_PERMISSION, path);
    struct store *reader = NULL;
    config.read_only = true;
    ts_err err = store_open(&config, false, &reader, NULL);
    store_close(reader);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(err, TS_ERR_OK);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
    (void)state;
    write_file("a file, no folder");
    char below[200];
    (void)snprintf(below, sizeof(below), "sqlite:%s/deeper/teesheet.db", path);
    struct store_config config = config_of();
    config.url = below;
    refuses(&config, TS_ERR_PERMISSION, "cannot make the folder");
    (void)snprintf(below, sizeof(below), "sqlite:%s", folder);
    refuses(&config, TS_ERR_USAGE, "is a folder");
    config.url = "sqlite:";
    refuses(&config, TS_ERR_USAGE, "needs a path");
}

static void missing_folders_are_made(void **state)
{
    (void)state;
    char deep[200];
    (void)snprintf(deep, sizeof(deep), "sqlite://%s/a/b/teesheet.db", folder);
    struct store_config config = config_of();
    config.url = deep;
    struct store *store = NULL;
    assert_int_equal(store_open(&config, false, &store, NULL), TS_ERR_OK);
    char absolute[PATH_MAX];
    assert_non_null(realpath(folder, absolute));
    assert_int_equal(strncmp(store_name(store), absolute, strlen(absolute)), 0);
    store_close(store);
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < TS_COUNT_OF(suffixes); i++) {
        char name[220];
        (void)snprintf(name, sizeof(name), "%s%s", deep + 9, suffixes[i]);
        assert_int_equal(unlink(name), 0);
    }
    for (int i = 0; i < 2; i++) {
        *strrchr(deep, '/') = '\0';
        assert_int_equal(rmdir(deep + 9), 0);
    }
}

static void a_full_disk_loses_no_commit(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct batch *small = make_batch(1, 1000);
    assert_int_equal(upsert(store, small, NULL), TS_ERR_OK);
    int64_t pages = 0;
    struct sqlite_store *inside = (struct sqlite_store *)store;
    assert_int_equal(sqlite_pragma(inside, "PRAGMA max_page_count = 30", &pages, NULL),
                     TS_ERR_OK);
    struct batch *large = make_batch(100, 2000);
    struct error error = { 0 };
    assert_int_equal(upsert(store, large, &error), TS_ERR_DISK_FULL);
    assert_non_null(strstr(error.text, "disk full: "));
    assert_non_null(strstr(error.text, path));
    expect("SELECT count(*), min(checked_at), max(checked_at) FROM tee_sheets", "1|1000|1000");
    /* With room again the same batch goes in, on the same connection. */
    assert_int_equal(sqlite_pragma(inside, "PRAGMA max_page_count = 10000", &pages, NULL),
                     TS_ERR_OK);
    assert_int_equal(upsert(store, large, NULL), TS_ERR_OK);
    expect("SELECT count(*), min(checked_at) FROM tee_sheets", "100|2000");
    expect("PRAGMA integrity_check", "ok");
    store_close(store);
    batch_free(small);
    batch_free(large);
}

static void another_writer_is_waited_for(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct batch *batch = make_batch(2, 1000);
    sqlite3 *other = other_program("BEGIN IMMEDIATE; UPDATE leases SET until = 0");
    struct error error = { 0 };
    int64_t start = clock_monotonic_us();
    assert_int_equal(upsert(store, batch, &error), TS_ERR_BUSY);
    assert_true(clock_monotonic_us() - start >= 200000);
    assert_true(ts_err_retryable(error.code));
    assert_non_null(strstr(error.text, "locked by another writer"));
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(upsert(store, batch, NULL), TS_ERR_OK);
    (void)sqlite3_close(other);
    store_close(store);
    batch_free(batch);
}

static void a_stop_ends_the_wait(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct store_config config = config_of();
    config.stop_fd = ends[0];
    config.deadline_us = (int64_t)60 * 1000000;
    struct store *store = NULL;
    assert_int_equal(store_open(&config, false, &store, NULL), TS_ERR_OK);
    struct batch *batch = make_batch(1, 1000);
    sqlite3 *other = other_program("BEGIN IMMEDIATE; UPDATE leases SET until = 0");
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(upsert(store, batch, NULL), TS_ERR_STOPPED);
    /* Without a lock in the way the stop descriptor is no hindrance: the last batch goes in. */
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(upsert(store, batch, NULL), TS_ERR_OK);
    (void)sqlite3_close(other);
    store_close(store);
    batch_free(batch);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void others_read_during_a_transaction(void **state)
{
    (void)state;
    struct store *store = open_store();
    const struct lease lease = { "sweep:all", "me", 60 };
    struct lease_state took;
    assert_int_equal(store_begin(store, NULL), TS_ERR_OK);
    assert_int_equal(lease_take(store, &lease, 1000, &took, NULL), TS_ERR_OK);
    expect("SELECT count(*) FROM leases", "0");
    struct store_config config = config_of();
    config.read_only = true;
    struct store *reader = NULL;
    assert_int_equal(store_open(&config, false, &reader, NULL), TS_ERR_OK);
    assert_int_equal(store_commit(store, NULL), TS_ERR_OK);
    expect("SELECT count(*) FROM leases", "1");
    assert_int_equal(lease_take(reader, &lease, 1000, &took, NULL), TS_ERR_PERMISSION);
    store_close(reader);
    store_close(store);
}

static void an_upsert_allocates_nothing_of_ours(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct batch *batch = make_batch(20, 1000);
    uint64_t before = mem_allocations();
    assert_int_equal(upsert(store, batch, NULL), TS_ERR_OK);
    assert_int_equal(mem_allocations(), before);
    assert_true(sqlite3_hard_heap_limit64(-1) <= 8 * 1024 * 1024);
    store_close(store);
    batch_free(batch);
}

static int kill_at(unsigned event, void *ctx, void *statement, void *text)
{
    (void)event;
    (void)statement;
    (void)text;
    int *left = ctx;
    if (--*left == 0)
        (void)raise(SIGKILL);
    return 0;
}

/* In a child: an upsert that is killed when its n-th statement starts. True if it was. */
static bool upsert_killed_at(const struct batch *batch, int n)
{
    pid_t child = fork();
    if (child == 0) {
        struct store_config config = config_of();
        struct store *store = NULL;
        if (store_open(&config, false, &store, NULL) != TS_ERR_OK)
            _exit(2);
        int left = n;
        (void)sqlite3_trace_v2(((struct sqlite_store *)store)->db, SQLITE_TRACE_STMT, kill_at,
                               &left);
        _exit(upsert(store, batch, NULL) == TS_ERR_OK ? 0 : 3);
    }
    assert_true(child > 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return true;
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

static void a_kill_leaves_all_or_nothing(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct batch *first = make_batch(4, 1000);
    assert_int_equal(upsert(store, first, NULL), TS_ERR_OK);
    store_close(store);
    struct batch *second = make_batch(6, 2001);
    int kills = 0;
    for (int n = 1; upsert_killed_at(second, n); n += 11, kills++) {
        expect("PRAGMA integrity_check", "ok");
        expect("SELECT count(*), max(checked_at) FROM tee_sheets", "4|1000");
        expect("SELECT count(*), count(DISTINCT price_cents) FROM tee_times", "40|1");
        expect("SELECT count(*) FROM tee_time_events", "40");
    }
    assert_true(kills >= 10);
    expect("SELECT count(*), min(checked_at) FROM tee_sheets", "6|2001");
    expect("SELECT count(*), count(DISTINCT price_cents) FROM tee_times", "60|1");
    batch_free(first);
    batch_free(second);
}

#define T(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
    (void)snprintf(folder, sizeof(folder), "/tmp/teesheet-sqlite-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(path, sizeof(path), "%s/teesheet.db", folder);
    (void)snprintf(url, sizeof(url), "sqlite:%s", path);
    const struct store_fixture fixture = {
        .url = url,
        .reset = reset,
        .query = query,
        .instant = "%s",
        .columns = "SELECT name FROM pragma_table_info('%s')",
    };
    const struct CMUnitTest tests[] = {
        T(no_database_is_left_alone),
        T(a_foreign_database_is_left_alone),
        T(a_newer_schema_is_refused),
        T(an_older_schema_asks_for_migration),
        T(what_is_missing_is_not_made_without_leave),
        T(a_read_only_file_is_told),
        T(a_folder_that_cannot_be_made_is_told),
        T(missing_folders_are_made),
        T(a_full_disk_loses_no_commit),
        T(another_writer_is_waited_for),
        T(a_stop_ends_the_wait),
        T(others_read_during_a_transaction),
        T(an_upsert_allocates_nothing_of_ours),
        T(a_kill_leaves_all_or_nothing),
    };
    int failed = store_contract_run(&fixture);
    failed += cmocka_run_group_tests_name("store: a SQLite file", tests, NULL, NULL);
    (void)reset(NULL);
    (void)rmdir(folder);
    zone_free(zone);
    return failed != 0;
}
