/*
 * test_errors.c exercises what the real program says when it cannot do what it is told:
 *   each row of the tables is a command line with its exit code and what the one line on stderr
 * must say; afterwards the store and the folder are as before, and no output holds a password.
 *   Usage errors, catalogues, memory, places to write to, the two stores out of reach or in a
 * bad state, a full disk.
 */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "e2e/world.h"
#include "support/unit.h"

#define TEESHEET TS_BINARY_DIR "/teesheet"
#define PASSWORD "sesame-17" /* pg_server.sh's, in every URL that has one */
#define NOBODY   "65534"
#define ARGS_MAX 12

static enum world_store kind;
static struct world world;

/* `@` in an argument or the environment stands for the world's folder. */
struct refusal {
    const char *name;
    const char *args[ARGS_MAX]; /* after `collect` and the usual ones, which they override */
    const char *env;            /* NAME=VALUE, or NULL */
    int exit_code;
    const char *says[3]; /* parts of the line */
};

static void expand(const char *text, char *into, size_t cap)
{
    struct buf buf = buf_over(into, cap);
    for (; *text; text++) {
        if (*text == '@' && (text[1] == '/' || !text[1]))
            buf_puts(&buf, world.dir);
        else
            buf_putc(&buf, *text);
    }
    assert_false(buf.overflow);
}

static void write_file(const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", world.dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Everything in the store that a refused sweep must leave alone. */
static void look(char *state, size_t cap)
{
    world_query(&world,
                "select (select count(*) from courses) || ' ' || (select count(*) from "
                "courses where active) || ' ' || (select count(*) from "
                "tee_sheets) || ' ' || (select count(*) from tee_times) || ' ' || (select "
                "count(*) from tee_time_events) || ' ' || (select count(*) from runs) || ' ' "
                "|| (select count(*) from leases)",
                state, cap);
}

/* How many files lie in the folder beside what the programs said (N.out, N.err). */
static size_t files_in_folder(void)
{
    char command[300];
    (void)snprintf(command, sizeof(command), "ls -A %s | grep -cvE '^[0-9]+[.](out|err)$'",
                   world.dir);
    const char *const argv[] = { "/bin/sh", "-c", command, NULL };
    struct outcome_of_run run = process_run("/tmp", argv, 10);
    size_t count = (size_t)strtol(run.out, NULL, 10);
    outcome_of_run_free(&run);
    return count;
}

static void check_said(const struct refusal *refusal, const struct outcome_of_run *run)
{
    if (run->exit_code != refusal->exit_code)
        fail_msg("%s: exit code %d, not %d; it said:\n%s%s", refusal->name, run->exit_code,
                 refusal->exit_code, run->err, run->out);
    if (count_of(run->err, "\n") - count_of(run->err, " warning: ") != 1)
        fail_msg("%s: not one line:\n%s", refusal->name, run->err);
    for (unsigned i = 0; i < TS_COUNT_OF(refusal->says) && refusal->says[i]; i++) {
        if (!strstr(run->err, refusal->says[i]))
            fail_msg("%s: no \"%s\" in:\n%s", refusal->name, refusal->says[i], run->err);
    }
    if (strstr(run->err, "secret") || strstr(run->out, "secret") ||
        strstr(run->err, PASSWORD) || strstr(run->out, PASSWORD))
        fail_msg("%s: it told a password:\n%s%s", refusal->name, run->err, run->out);
}

/* Runs `teesheet collect` with the usual options, then the refusal's. */
static struct outcome_of_run run_refused(const struct refusal *refusal)
{
    char texts[ARGS_MAX][600], env[600] = "";
    const char *options[ARGS_MAX + 3] = { NULL };
    size_t count = 0;
    options[count++] = "--days";
    options[count++] = "1";
    for (size_t i = 0; i < ARGS_MAX && refusal->args[i]; i++) {
        expand(refusal->args[i], texts[i], sizeof(texts[i]));
        options[count++] = texts[i];
    }
    if (refusal->env) {
        expand(refusal->env, env, sizeof(env));
        *strchr(env, '=') = '\0';
        assert_int_equal(setenv(env, env + strlen(env) + 1, 1), 0);
    }
    struct outcome_of_run run = world_sweep(&world, options);
    if (refusal->env)
        (void)unsetenv(env);
    return run;
}

static void check_refusal(const struct refusal *refusal)
{
    char before[200], after[200];
    look(before, sizeof(before));
    size_t files = files_in_folder();
    struct outcome_of_run run = run_refused(refusal);
    check_said(refusal, &run);
    outcome_of_run_free(&run);
    look(after, sizeof(after));
    if (strcmp(before, after) != 0)
        fail_msg("%s: the store was %s, is %s", refusal->name, before, after);
    if (files_in_folder() != files)
        fail_msg("%s: it left files behind", refusal->name);
}

static void check_all(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_refusal(&refusals[i]);
}

static const struct refusal usage[] = {
    { "unknown option", { "--no-such" }, NULL, 1, { "unknown option --no-such", "--help" } },
    { "abbreviation", { "--batch", "9" }, NULL, 1, { "--batch,", "--batch-size" } },
    { "no value", { "--batch-size" }, NULL, 1, { "--batch-size" } },
    { "out of range", { "--batch-size", "0" }, NULL, 1, { "--batch-size", "1..10000" } },
    { "too large", { "--concurrency", "257" }, NULL, 1, { "--concurrency", "1..256" } },
    { "no number", { "--days", "ten" }, NULL, 1, { "--days", "ten" } },
    { "no duration", { "--timeout", "5 parsecs" }, NULL, 1, { "--timeout" } },
    { "no date", { "--from", "2026-13-01" }, NULL, 1, { "--from", "2026-12-05" } },
    { "no instant", { "--now", "yesterday" }, NULL, 1, { "--now" } },
    { "no choice", { "--fail-on", "never" }, NULL, 1, { "--fail-on", "new, any, blind" } },
    { "from the environment", { NULL }, "TEESHEET_RETRIES=many", 1, { "RETRIES", "many" } },
    { "argument", { "left-over" }, NULL, 1, { "left-over" } },
    { "max age", { "--max-age", "5x" }, NULL, 1, { "--max-age", "0-1=15m" } },
    { "region", { "--region", "Nowhere" }, NULL, 1, { "\"Nowhere\"", "known: ", "SK" } },
    { "engine", { "--engine", "zilla" }, NULL, 1, { "\"zilla\"", "known: ", "chronogolf" } },
    { "course", { "--course", "77" }, NULL, 1, { "course 77", "known: ", "1001" } },
    { "course id", { "--course", "abc" }, NULL, 1, { "\"abc\"" } },
    { "engine URL", { "--engine-url", "nonsense" }, NULL, 1, { "ENGINE=VALUE" } },
    { "URL's engine", { "--engine-url", "zilla=http://x" }, NULL, 1, { "zilla" } },
    { "URL's scheme", { "--engine-url", "chronogolf=ftp://x" }, NULL, 1, { "http://" } },
    { "ping", { "--ping", "hc.example/secret" }, NULL, 1, { "--ping", "http://" } },
    { "store", { "--store", "oracle:x" }, NULL, 1, { "sqlite:PATH", "postgresql://" } },
    { "home", { "--store", "sqlite:~/x.db" }, NULL, 1, { "~/x.db", "$HOME" } },
    { "no file", { "--store", "sqlite:/etc" }, NULL, 1, { "/etc is a folder" } },
    { "password on the command line",
      { "--store", "postgresql://golf:secret@127.0.0.1:1/golf" },
      NULL,
      1,
      { "--store", "DATABASE_URL", "PGPASSWORD" } },
};

static void usage_errors(void **state)
{
    (void)state;
    check_all(usage, TS_COUNT_OF(usage));
}

/* Without --engine-url the floors hold. */
static void below_the_floors(void **state)
{
    (void)state;
    static const char *const pace[][2] = { { "--host-gap", "1s" }, { "--host-parallel", "2" } };
    for (unsigned i = 0; i < TS_COUNT_OF(pace); i++) {
        const char *const argv[] = { TEESHEET,        "collect",  "--courses",
                                     world.catalogue, "--store",  world.store_url,
                                     pace[i][0],      pace[i][1], NULL };
        struct outcome_of_run run = process_run(world.dir, argv, 20);
        assert_int_equal(run.exit_code, 1);
        assert_int_equal(count_of(run.err, "\n"), 1);
        assert_non_null(strstr(run.err, pace[i][0]));
        assert_non_null(strstr(run.err, "chronogolf"));
        outcome_of_run_free(&run);
    }
}

static const struct refusal inputs[] = {
    { "missing catalogue",
      { "--courses", "@/none.csv" },
      NULL,
      2,
      { "none.csv: No such file" } },
    { "a folder", { "--courses", "@" }, NULL, 2, { "Is a directory" } },
    { "no row", { "--courses", "@/rowless.csv" }, NULL, 2, { "rowless.csv: ", "no course" } },
    { "no header", { "--courses", "@/head.csv" }, NULL, 2, { "line 1", "\"engine\"" } },
    { "unbalanced quotes", { "--courses", "@/quote.csv" }, NULL, 2, { "quote.csv", "line" } },
    { "cut JSON", { "--courses", "@/cut.jsonl" }, NULL, 2, { "cut.jsonl", "line 1" } },
    { "strict",
      { "--courses", "@/faulty.csv", "--strict" },
      NULL,
      2,
      { "1 problem and", "--strict", "courses check" } },
    { "memory", { "--memory", "4M" }, NULL, 2, { "4 MiB", "use --memory ", "M or more" } },
    { "summary file",
      { "--summary-file", "@/no/where" },
      NULL,
      2,
      { "--summary-file", "No such" } },
    { "set aside", { "--set-aside", "@/no/where" }, NULL, 2, { "--set-aside", "No such" } },
    { "set aside to a folder", { "--set-aside", "@" }, NULL, 2, { "Is a directory" } },
    { "nobody listens",
      { "--store", "postgresql://golf@127.0.0.1:1/golf" },
      NULL,
      2,
      { "127.0.0.1/golf", "no server there", "6543" } },
    { "nobody listens, password",
      { "--store-patience", "1s", "--store", "" },
      NULL,
      1,
      { "--store" } },
    { "host unknown",
      { "--store", "postgresql://golf@db.invalid/golf" },
      NULL,
      2,
      { "unknown host", "IPv6" } },
    { "no database file", { "--store", "sqlite:@/courses.csv" }, NULL, 2, { "not a SQLite" } },
};

static void write_bad_catalogues(void)
{
    static const char head[] = "id,name,engine,engine_attributes,timezone\n";
    static const char rest[] = "chronogolf,\"{\"\"course_uuids\"\":"
                               "\"\"11111111-2222-3333-4444-555555555555\"\"}\",";
    char text[600];
    (void)snprintf(text, sizeof(text), "%s1,A,%sUTC\n2,B,%sMars/Base\n", head, rest, rest);
    write_file("faulty.csv", text);
    (void)snprintf(text, sizeof(text), "%s1,A,%sUTC\n2,\"B,chronogolf\n", head, rest);
    write_file("quote.csv", text);
    write_file("head.csv", "id,name\n1,A\n");
    write_file("rowless.csv", head);
    write_file("cut.jsonl", "{\"id\":1,\"engine\":");
}

static void bad_input_and_places(void **state)
{
    (void)state;
    write_bad_catalogues();
    check_all(inputs, TS_COUNT_OF(inputs));
}

/* The number that a refusal names is one that works. */
static void the_named_memory_works(void **state)
{
    (void)state;
    static const struct refusal small = { "memory", { "--memory", "4M" }, NULL, 2, { "use" } };
    struct outcome_of_run run = run_refused(&small);
    const char *at = strstr(run.err, "use --memory ");
    assert_non_null(at);
    char size[16];
    (void)snprintf(size, sizeof(size), "%.*s", (int)strcspn(at + 13, " "), at + 13);
    outcome_of_run_free(&run);
    const char *const options[] = { "--days", "1", "--memory", size, NULL };
    world_sweep_expect(&world, options, 0);
}

/* A sweep that went well, but whose summary nobody gets. */
static void summary_to_a_full_device(void **state)
{
    (void)state;
    const char *const options[] = { "--days", "1", "--summary-file", "/dev/full", "--progress",
                                    "off",    NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 2);
    assert_int_equal(count_of(run.err, "cannot write the summary"), 1);
    assert_non_null(strstr(run.err, "No space left on device"));
    outcome_of_run_free(&run);
}

/* ---- SQLite files in a bad state ---- */

static void run_sql(const char *path, const char *sql, sqlite3 **ret_db)
{
    assert_int_equal(sqlite3_open(path, ret_db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(*ret_db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void newer_schema(void **state)
{
    (void)state;
    static const struct refusal newer = {
        "newer schema", { "--store", "sqlite:@/newer.db" }, NULL, 2, { "newer", "schema 99" }
    };
    char path[200], copy[240];
    expand("@/newer.db", path, sizeof(path));
    (void)snprintf(copy, sizeof(copy), "vacuum into '%s'", path);
    sqlite3 *db = NULL;
    run_sql(world.store_url + strlen("sqlite:"), copy, &db);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    run_sql(path, "pragma user_version = 99", &db);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    struct outcome_of_run run = run_refused(&newer);
    check_said(&newer, &run);
    outcome_of_run_free(&run);
}

static void locked_by_another(void **state)
{
    (void)state;
    static const struct refusal locked = {
        "locked", { "--store-patience", "1s" }, NULL, 2, { "locked by another", "waited 1" }
    };
    sqlite3 *db = NULL;
    run_sql(world.store_url + strlen("sqlite:"), "begin immediate", &db);
    struct outcome_of_run run = run_refused(&locked);
    check_said(&locked, &run);
    outcome_of_run_free(&run);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* As a user who may not write there. */
static void read_only_file_and_folder(void **state)
{
    (void)state;
    if (geteuid() == 0 && access("/usr/bin/setpriv", X_OK) != 0) {
        print_message("SKIPPED: root may write anywhere, and there is no setpriv\n");
        skip();
    }
    static const char script[] =
        "set -e; mkdir $0/ro; cp ${1#sqlite:} $0/ro/s.db; chmod 755 $0; chmod 644 $2; chmod "
        "444 "
        "$0/ro/s.db; chmod 555 $0/ro; sum=$(cksum <$0/ro/s.db); for f in s new; do "
        "$4 $3 collect --courses $2 --store sqlite:$0/ro/$f.db --now " WORLD_NOW
        " --engine-url chronogolf=http://127.0.0.1:1 --days 1 || echo rc=$?; done; "
        "test \"$sum\" = \"$(cksum <$0/ro/s.db)\"; test $(ls $0/ro | wc -l) = 1; rm -rf $0/ro";
    const char *as = geteuid() == 0 ? "setpriv --reuid=" NOBODY " --clear-groups" : "";
    const char *const argv[] = { "/bin/sh",       "-c",     script, world.dir, world.store_url,
                                 world.catalogue, TEESHEET, as,     NULL };
    struct outcome_of_run run = process_run(world.dir, argv, 30);
    if (run.exit_code != 0)
        fail_msg("%s%s", run.out, run.err);
    assert_int_equal(count_of(run.out, "rc=2\n"), 2);
    assert_int_equal(count_of(run.err, "\n"), 2);
    assert_non_null(strstr(run.err, "s.db is read-only"));
    assert_non_null(strstr(run.err, "new.db: its folder must exist and be writable"));
    outcome_of_run_free(&run);
}

/* The store is lost while the sweep runs: what was committed stays whole. */
static void full_disk(void **state)
{
    (void)state;
    char path[200], store[220];
    expand("@/tiny", path, sizeof(path));
    (void)snprintf(store, sizeof(store), "sqlite:%s/s.db", path);
    assert_int_equal(mkdir(path, 0700), 0);
    if (mount("none", path, "tmpfs", 0, "size=2m") != 0) {
        print_message("SKIPPED: no right to mount a small file system\n");
        (void)rmdir(path);
        skip();
    }
    const char *const options[] = { "--days", "10",         "--store", store, "--batch-size",
                                    "5",      "--progress", "off",     NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    struct world tiny = world;
    (void)snprintf(tiny.store_url, sizeof(tiny.store_url), "%s", store);
    world_check_integrity(&tiny);
    long long committed = world_number(&tiny, "select count(*) from tee_sheets");
    assert_int_equal(umount(path), 0);
    assert_int_equal(rmdir(path), 0);
    if (run.exit_code != 2)
        fail_msg("exit code %d:\n%s", run.exit_code, run.err);
    assert_int_equal(count_of(run.err, "error: "), 1);
    assert_non_null(strstr(run.err, "disk full"));
    assert_int_equal(committed, 5 * count_of(run.err, "completed successfully"));
    outcome_of_run_free(&run);
}

/* ---- PostgreSQL over TCP ---- */

static struct pg_server over_tcp;
static char port[16];

/* The URL's parts that are not the harness's own: user, database. */
static struct outcome_of_run sweep_into(const char *user, const char *database,
                                        const char *password)
{
    char url[300];
    (void)snprintf(url, sizeof(url), "postgresql://%s@db.test:%s/%s?hostaddr=127.0.0.1", user,
                   port, database);
    if (password)
        (void)setenv("PGPASSWORD", password, 1);
    const char *const options[] = { "--days", "1", "--store", url, NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    (void)unsetenv("PGPASSWORD");
    return run;
}

static void check_login(const char *user, const char *database, const char *password,
                        const char *says)
{
    const struct refusal refusal = { user, { NULL }, NULL, 2, { says, "db.test" } };
    struct outcome_of_run run = sweep_into(user, database, password);
    check_said(&refusal, &run);
    outcome_of_run_free(&run);
}

static void find_port(void)
{
    char url[300];
    assert_int_equal(pg_server_run(&over_tcp, "url", "tls", url, sizeof(url)), 0);
    const char *at = strstr(url, "db.test:");
    assert_non_null(at);
    (void)snprintf(port, sizeof(port), "%d", (int)strtol(at + strlen("db.test:"), NULL, 10));
}

static void wrong_logins(void **state)
{
    (void)state;
    if (!pg_server_begin(&over_tcp, "TS_NO_SUCH_SERVER", "tls"))
        skip();
    find_port();
    check_login("teesheet", "teesheet", "secret-but-wrong", "wrong user or password");
    check_login("teesheet", "teesheet", NULL, "PGPASSWORD");
    check_login("nobody", "teesheet", "secret-but-wrong", "wrong user or password");
    check_login("teesheet", "nowhere", PASSWORD, "nowhere");
    char count[40];
    assert_int_equal(pg_server_run(&over_tcp, "psql",
                                   "select count(*) from pg_namespace where nspname = "
                                   "'teesheet'",
                                   count, sizeof(count)),
                     0);
    assert_string_equal(count, "0");
    struct outcome_of_run run = sweep_into("teesheet", "teesheet", PASSWORD);
    if (run.exit_code != 0 || strstr(run.err, PASSWORD) || strstr(run.out, PASSWORD))
        fail_msg("exit code %d:\n%s%s", run.exit_code, run.err, run.out);
    outcome_of_run_free(&run);
    pg_server_end(&over_tcp);
}

static int begin(void **state)
{
    (void)state;
    if (!world_begin(&world, kind, 5, NULL)) {
        print_message("SKIPPED: no PostgreSQL\n");
        exit(0);
    }
    static const char *const options[] = { "--days", "1", NULL };
    world_sweep_expect(&world, options, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest with_sqlite[] = {
        cmocka_unit_test(usage_errors),
        cmocka_unit_test(below_the_floors),
        cmocka_unit_test(bad_input_and_places),
        cmocka_unit_test(the_named_memory_works),
        cmocka_unit_test(summary_to_a_full_device),
        cmocka_unit_test(newer_schema),
        cmocka_unit_test(locked_by_another),
        cmocka_unit_test(read_only_file_and_folder),
        cmocka_unit_test(full_disk),
    };
    const struct CMUnitTest with_postgres[] = {
        cmocka_unit_test(bad_input_and_places),
        cmocka_unit_test(the_named_memory_works),
        cmocka_unit_test(wrong_logins),
    };
    return kind == WORLD_POSTGRES ? cmocka_run_group_tests(with_postgres, begin, end)
                                  : cmocka_run_group_tests(with_sqlite, begin, end);
}
