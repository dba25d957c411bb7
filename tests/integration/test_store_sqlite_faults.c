/*
 * test_store_sqlite_faults.c: exercises what can befall a SQLite store: a full disk, a file
 * that may not grow, a lock held by another writer, a stop while waiting, readers during a
 * transaction, several programs making it at once, its writer killed between any two
 * statements. Also that an upsert allocates nothing of ours.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "batch/batch.h"
#include "store/leases.h"
#include "store/sqlite/sqlite.h"
#include "support/sqlite_file.h"
#include "support/unit.h"

static void a_full_disk_loses_no_commit(void **state)
{
    (void)state;
    struct store *store = sqlite_file_open();
    struct batch *small = sqlite_file_batch(1, 1000);
    assert_int_equal(sqlite_file_upsert(store, small, NULL), TS_ERR_OK);
    int64_t pages = 0;
    struct sqlite_store *inside = (struct sqlite_store *)store;
    assert_int_equal(sqlite_pragma(inside, "PRAGMA max_page_count = 30", &pages, NULL),
                     TS_ERR_OK);
    struct batch *large = sqlite_file_batch(100, 2000);
    struct error error = { 0 };
    assert_int_equal(sqlite_file_upsert(store, large, &error), TS_ERR_DISK_FULL);
    assert_non_null(strstr(error.text, "disk full: "));
    assert_non_null(strstr(error.text, sqlite_path));
    sqlite_file_expect("SELECT count(*), min(checked_at), max(checked_at) FROM tee_sheets",
                       "1|1000|1000");
    /* With room again the same batch goes in, on the same connection. */
    assert_int_equal(sqlite_pragma(inside, "PRAGMA max_page_count = 10000", &pages, NULL),
                     TS_ERR_OK);
    assert_int_equal(sqlite_file_upsert(store, large, NULL), TS_ERR_OK);
    sqlite_file_expect("SELECT count(*), min(checked_at) FROM tee_sheets", "100|2000");
    sqlite_file_expect("PRAGMA integrity_check", "ok");
    store_close(store);
    batch_free(small);
    batch_free(large);
}

/* In a child, because the limit stays: a file that may not grow is a full disk to us. */
static void a_limited_file_is_a_full_disk(void **state)
{
    (void)state;
    store_close(sqlite_file_open());
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGXFSZ, SIG_IGN);
        const struct rlimit limit = { 40 * 1024, 40 * 1024 };
        struct store *store = sqlite_file_open();
        struct error error = { 0 };
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(1);
        ts_err err = sqlite_file_upsert(store, sqlite_file_batch(100, 1000), &error);
        if (err != TS_ERR_DISK_FULL)
            print_error("%s: %s\n", ts_err_name(err), error.text);
        _exit(err == TS_ERR_DISK_FULL ? 0 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    sqlite_file_expect("SELECT count(*) FROM tee_sheets", "0");
}

/* Four programs at once make a new store: one does, the others wait and find it. */
static void a_store_is_made_once(void **state)
{
    (void)state;
    pid_t children[4];
    for (size_t i = 0; i < TS_COUNT_OF(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct store_config config = sqlite_file_config();
            config.deadline_us = (int64_t)20 * 1000000;
            struct store *store = NULL;
            struct error error = { 0 };
            ts_err err = store_open(&config, false, &store, &error);
            if (err)
                print_error("%s\n", error.text);
            store_close(store);
            _exit(err ? 1 : 0);
        }
    }
    int failed = 0;
    for (size_t i = 0; i < TS_COUNT_OF(children); i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        failed += status != 0;
    }
    assert_int_equal(failed, 0);
    sqlite_file_expect("PRAGMA user_version", "4");
}

static void another_writer_is_waited_for(void **state)
{
    (void)state;
    struct store *store = sqlite_file_open();
    struct batch *batch = sqlite_file_batch(2, 1000);
    sqlite3 *other = sqlite_file_other("BEGIN IMMEDIATE; UPDATE leases SET until = 0");
    struct error error = { 0 };
    int64_t start = clock_monotonic_us();
    assert_int_equal(sqlite_file_upsert(store, batch, &error), TS_ERR_BUSY);
    assert_true(clock_monotonic_us() - start >= 200000);
    assert_true(ts_err_retryable(error.code));
    assert_non_null(strstr(error.text, "locked by another writer"));
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite_file_upsert(store, batch, NULL), TS_ERR_OK);
    (void)sqlite3_close(other);
    store_close(store);
    batch_free(batch);
}

static void a_stop_ends_the_wait(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct store_config config = sqlite_file_config();
    config.stop_fd = ends[0];
    config.deadline_us = (int64_t)60 * 1000000;
    struct store *store = NULL;
    assert_int_equal(store_open(&config, false, &store, NULL), TS_ERR_OK);
    struct batch *batch = sqlite_file_batch(1, 1000);
    sqlite3 *other = sqlite_file_other("BEGIN IMMEDIATE; UPDATE leases SET until = 0");
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(sqlite_file_upsert(store, batch, NULL), TS_ERR_STOPPED);
    /* Without a lock in the way the stop descriptor is no hindrance: the last batch goes in. */
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite_file_upsert(store, batch, NULL), TS_ERR_OK);
    (void)sqlite3_close(other);
    store_close(store);
    batch_free(batch);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void others_read_during_a_transaction(void **state)
{
    (void)state;
    struct store *store = sqlite_file_open();
    const struct lease lease = { "sweep:all", "me", 60 };
    struct lease_state took;
    assert_int_equal(store_begin(store, NULL), TS_ERR_OK);
    assert_int_equal(lease_take(store, &lease, &took, NULL), TS_ERR_OK);
    sqlite_file_expect("SELECT count(*) FROM leases", "0");
    struct store_config config = sqlite_file_config();
    config.read_only = true;
    struct store *reader = NULL;
    assert_int_equal(store_open(&config, false, &reader, NULL), TS_ERR_OK);
    assert_int_equal(store_commit(store, NULL), TS_ERR_OK);
    sqlite_file_expect("SELECT count(*) FROM leases", "1");
    assert_int_equal(lease_take(reader, &lease, &took, NULL), TS_ERR_PERMISSION);
    store_close(reader);
    store_close(store);
}

static void an_upsert_allocates_nothing_of_ours(void **state)
{
    (void)state;
    struct store *store = sqlite_file_open();
    struct batch *batch = sqlite_file_batch(20, 1000);
    uint64_t before = mem_allocations();
    assert_int_equal(sqlite_file_upsert(store, batch, NULL), TS_ERR_OK);
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
        struct store_config config = sqlite_file_config();
        struct store *store = NULL;
        if (store_open(&config, false, &store, NULL) != TS_ERR_OK)
            _exit(2);
        int left = n;
        (void)sqlite3_trace_v2(((struct sqlite_store *)store)->db, SQLITE_TRACE_STMT, kill_at,
                               &left);
        _exit(sqlite_file_upsert(store, batch, NULL) == TS_ERR_OK ? 0 : 3);
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
    struct store *store = sqlite_file_open();
    struct batch *first = sqlite_file_batch(4, 1000);
    assert_int_equal(sqlite_file_upsert(store, first, NULL), TS_ERR_OK);
    store_close(store);
    struct batch *second = sqlite_file_batch(6, 2001);
    int kills = 0;
    for (int n = 1; upsert_killed_at(second, n); n += 11, kills++) {
        sqlite_file_expect("PRAGMA integrity_check", "ok");
        sqlite_file_expect("SELECT count(*), max(checked_at) FROM tee_sheets", "4|1000");
        sqlite_file_expect("SELECT count(*), count(DISTINCT price_cents) FROM tee_times",
                           "40|1");
        sqlite_file_expect("SELECT count(*) FROM tee_time_events", "40");
    }
    assert_true(kills >= 10);
    sqlite_file_expect("SELECT count(*), min(checked_at) FROM tee_sheets", "6|2001");
    sqlite_file_expect("SELECT count(*), count(DISTINCT price_cents) FROM tee_times", "60|1");
    batch_free(first);
    batch_free(second);
}

#define T(test) cmocka_unit_test_setup(test, sqlite_file_fresh)

int main(void)
{
    if (!sqlite_file_start())
        return 1;
    const struct CMUnitTest tests[] = {
        T(a_full_disk_loses_no_commit),
        T(a_limited_file_is_a_full_disk),
        T(a_store_is_made_once),
        T(another_writer_is_waited_for),
        T(a_stop_ends_the_wait),
        T(others_read_during_a_transaction),
        T(an_upsert_allocates_nothing_of_ours),
        T(a_kill_leaves_all_or_nothing),
    };
    int failed = cmocka_run_group_tests_name("store: SQLite faults", tests, NULL, NULL);
    sqlite_file_end();
    return failed != 0;
}
