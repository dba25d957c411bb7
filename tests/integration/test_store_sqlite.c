/*
 * test_store_sqlite.c: exercises the SQLite store: the contract of all stores; then files that
 * are no database, somebody else's, of a newer or older schema, read-only, in no folder; its
 * files are readable for nobody else.
 */
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/sqlite_file.h"
#include "support/store_contract.h"
#include "support/unit.h"

static void write_file(const char *text)
{
    FILE *file = fopen(sqlite_path, "w");
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
    struct store_config config = sqlite_file_config();
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "is not a SQLite database");
    struct stat status;
    assert_int_equal(stat(sqlite_path, &status), 0);
    assert_int_equal(status.st_size, sizeof(text) - 1);
}

static void a_foreign_database_is_left_alone(void **state)
{
    (void)state;
    (void)sqlite3_close(sqlite_file_other("CREATE TABLE courses (title TEXT)"));
    struct store_config config = sqlite_file_config();
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "of something else");
    sqlite_file_expect("SELECT name FROM sqlite_schema", "courses");
    sqlite_file_expect("PRAGMA journal_mode", "delete");
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    store_close(sqlite_file_open());
    (void)sqlite3_close(sqlite_file_other("PRAGMA user_version = 99"));
    struct store_config config = sqlite_file_config();
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "newer than this program");
    config.read_only = true;
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "newer than this program");
}

static void an_older_schema_asks_for_migration(void **state)
{
    (void)state;
    (void)sqlite3_close(sqlite_file_other("PRAGMA application_id = 1415931219"));
    struct store_config config = sqlite_file_config();
    config.read_only = true;
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "teesheet store migrate");
    config.read_only = false;
    config.no_migrate = true;
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "teesheet store migrate");
    store_close(sqlite_file_open());
    sqlite_file_expect("PRAGMA user_version", "4");
    sqlite_file_expect("PRAGMA application_id", "1415931219");
    store_close(sqlite_file_open());
}

/* What later versions added is taken out again: the file is as version 1 made it. */
static void version_1_becomes_the_latest(void **state)
{
    (void)state;
    store_close(sqlite_file_open());
    (void)sqlite3_close(
        sqlite_file_other("DROP TABLE shapes; ALTER TABLE runs DROP COLUMN worst; ALTER TABLE "
                          "hosts DROP COLUMN hold_until; PRAGMA "
                          "user_version = 1; INSERT INTO hosts VALUES ('h', 1, 2, 3)"));
    struct store_config config = sqlite_file_config();
    config.read_only = true;
    sqlite_file_refuses(&config, TS_ERR_SCHEMA, "has schema 1, this program needs 4");
    store_close(sqlite_file_open());
    sqlite_file_expect("PRAGMA user_version", "4");
    sqlite_file_expect("SELECT count(*) FROM shapes", "0");
    sqlite_file_expect("SELECT host FROM hosts", "h");
}

static void what_is_missing_is_not_made_without_leave(void **state)
{
    (void)state;
    struct store_config config = sqlite_file_config();
    config.no_migrate = true;
    sqlite_file_refuses(&config, TS_ERR_NOT_FOUND, "no store at");
    assert_int_not_equal(access(sqlite_path, F_OK), 0);
}

static const char *beside(const char *suffix)
{
    static char path[200];
    (void)snprintf(path, sizeof(path), "%s%s", sqlite_path, suffix);
    return path;
}

/* Whatever the umask. */
static void its_files_are_the_users_alone(void **state)
{
    (void)state;
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    mode_t before = umask(0);
    struct store *store = sqlite_file_open();
    (void)umask(before);
    for (size_t i = 0; i < TS_COUNT_OF(suffixes); i++) {
        struct stat status;
        assert_int_equal(stat(beside(suffixes[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    store_close(store);
}

static void a_read_only_file_is_told(void **state)
{
    (void)state;
    store_close(sqlite_file_open());
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < TS_COUNT_OF(suffixes); i++)
        assert_int_equal(chmod(beside(suffixes[i]), 0444), 0);
    assert_int_equal(chmod(sqlite_folder, 0755), 0);
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    struct store_config config = sqlite_file_config();
    sqlite_file_refuses(&config, TS_ERR_PERMISSION, sqlite_path);
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
    (void)snprintf(below, sizeof(below), "sqlite:%s/deeper/teesheet.db", sqlite_path);
    struct store_config config = sqlite_file_config();
    config.url = below;
    sqlite_file_refuses(&config, TS_ERR_PERMISSION, "cannot make the folder");
    (void)snprintf(below, sizeof(below), "sqlite:%s", sqlite_folder);
    sqlite_file_refuses(&config, TS_ERR_USAGE, "is a folder");
    config.url = "sqlite:";
    sqlite_file_refuses(&config, TS_ERR_USAGE, "needs a path");
}

static void missing_folders_are_made(void **state)
{
    (void)state;
    char deep[200];
    (void)snprintf(deep, sizeof(deep), "sqlite://%s/a/b/teesheet.db", sqlite_folder);
    struct store_config config = sqlite_file_config();
    config.url = deep;
    struct store *store = NULL;
    assert_int_equal(store_open(&config, false, &store, NULL), TS_ERR_OK);
    char absolute[PATH_MAX];
    assert_non_null(realpath(sqlite_folder, absolute));
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

#define T(test) cmocka_unit_test_setup(test, sqlite_file_fresh)

int main(void)
{
    if (!sqlite_file_start())
        return 1;
    const struct store_fixture fixture = {
        .url = sqlite_url,
        .reset = sqlite_file_reset,
        .query = sqlite_file_query,
        .instant = "%s",
        .columns = "SELECT name FROM pragma_table_info('%s')",
    };
    const struct CMUnitTest tests[] = {
        T(no_database_is_left_alone),     T(a_foreign_database_is_left_alone),
        T(a_newer_schema_is_refused),     T(an_older_schema_asks_for_migration),
        T(version_1_becomes_the_latest),  T(what_is_missing_is_not_made_without_leave),
        T(a_read_only_file_is_told),      T(a_folder_that_cannot_be_made_is_told),
        T(its_files_are_the_users_alone), T(missing_folders_are_made),
    };
    int failed = store_contract_run(&fixture);
    failed += cmocka_run_group_tests_name("store: a SQLite file", tests, NULL, NULL);
    sqlite_file_end();
    return failed != 0;
}
