/*
 * test_security.c exercises what the real program gives away:
 *   a database password, an application key and an engine's tokens stand in no log line
 * (--debug, JSON), no summary, no trace, no command line and no table, of a sweep that
 * succeeds, of one under faults and of one that cannot start; a redirect to another host is not
 * followed; the files that hold the operator's data are readable for nobody else, whatever the
 * umask.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "e2e/world.h"
#include "support/fake_engine.h"
#include "support/unit.h"

#define TEESHEET TS_BINARY_DIR "/teesheet"
#define COURSES  48
#define SECONDS  240
#define PASSWORD "sesame-17"
#define KEY      "key-that-nobody-sees"
#define TOKEN    "sim." /* how the simulated CPS's tokens begin, with their year-long number */

static enum world_store kind;

static const char *const secrets[] = { PASSWORD, KEY, "Bearer", TOKEN "17", TOKEN "18" };

static void check_text(const char *what, const char *text)
{
    for (size_t i = 0; i < TS_COUNT_OF(secrets); i++) {
        const char *at = strstr(text, secrets[i]);
        if (at)
            fail_msg("%s tells \"%s\": …%.80s", what, secrets[i], at);
    }
}

static void check_file(const struct world *world, const char *name)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", world->dir, name);
    char *text = read_whole_file(path);
    assert_true(strlen(text) > 0);
    check_text(name, text);
    free(text);
}

/* The words of the kernel's view of the process. */
static void check_command_line(const struct process *process)
{
    char path[64], text[8192];
    (void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)process->pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < len; i++)
        text[i] = text[i] ? text[i] : ' ';
    text[len] = '\0';
    assert_non_null(strstr(text, "--debug"));
    check_text("the command line", text);
}

/* No row of a table holds a secret in any column. */
static void check_table(const struct world *world, const char *table, const char *secret)
{
    char sql[300];
    (void)snprintf(sql, sizeof(sql),
                   "select count(*) from %s t where cast(t as text) like '%%%s%%'", table,
                   secret);
    if (world_number(world, sql) != 0)
        fail_msg("the table %s holds \"%s\"", table, secret);
}

static bool holds(const char *path, const char *secret)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    static char bytes[8 * 1024 * 1024];
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len < sizeof(bytes));
    return memmem(bytes, len, secret, strlen(secret)) != NULL;
}

static void check_sqlite(const struct world *world, const char *secret)
{
    static const char *const suffixes[] = { "", "-wal" };
    for (size_t i = 0; i < TS_COUNT_OF(suffixes); i++) {
        char path[200];
        (void)snprintf(path, sizeof(path), "%s/teesheet.db%s", world->dir, suffixes[i]);
        if (holds(path, secret))
            fail_msg("%s holds \"%s\"", path, secret);
    }
}

static void check_store(const struct world *world)
{
    static const char *const tables[] = { "runs",       "hosts",     "leases",
                                          "tee_sheets", "tee_times", "tee_time_events",
                                          "courses" };
    for (size_t i = 0; i < TS_COUNT_OF(secrets); i++) {
        if (world->kind == WORLD_SQLITE) {
            check_sqlite(world, secrets[i]);
            continue;
        }
        for (size_t j = 0; j < TS_COUNT_OF(tables); j++)
            check_table(world, tables[j], secrets[i]);
    }
}

/* One sweep that says all it can, with the store in DATABASE_URL; what it said is checked. */
static void sweep_and_check(const struct world *world, const char *database_url, int exit_code)
{
    char trace[200];
    (void)snprintf(trace, sizeof(trace), "%s/trace.csv", world->dir);
    const char *const argv[] = { TEESHEET,
                                 "collect",
                                 "--host-gap",
                                 "0",
                                 "--host-parallel",
                                 "64",
                                 "--days",
                                 "3",
                                 "--now",
                                 world->now,
                                 "--courses",
                                 world->catalogue,
                                 "--engine-url",
                                 world->engine_url,
                                 "--debug",
                                 "--log-format",
                                 "json",
                                 "--fail-on",
                                 "blind",
                                 "--summary",
                                 "json",
                                 "--retries",
                                 "8",
                                 "--store-patience",
                                 "1s",
                                 "--trace",
                                 trace,
                                 NULL };
    assert_int_equal(setenv("DATABASE_URL", database_url, 1), 0);
    struct process process = process_start(world->dir, argv);
    if (exit_code == 0) {
        assert_true(world_wait_for(&process, "sweep.plan", 1));
        check_command_line(&process);
    }
    struct outcome_of_run run = process_wait(&process, SECONDS);
    assert_int_equal(unsetenv("DATABASE_URL"), 0);
    check_text("stderr", run.err);
    check_text("stdout", run.out);
    if (run.exit_code != exit_code)
        fail_msg("exit code %d, not %d:\n%s\n%s", run.exit_code, exit_code, run.err, run.out);
    if (exit_code == 0)
        check_file(world, "trace.csv");
    outcome_of_run_free(&run);
}

/* The world's URL with a password in it, which its trusting server does not ask for. */
static void put_password(const struct world *world, char *url, size_t cap)
{
    const char *at = strstr(world->store_url, "teesheet@");
    if (world->kind == WORLD_SQLITE || !at)
        (void)snprintf(url, cap, "%s", world->store_url);
    else
        (void)snprintf(url, cap, "%.*steesheet:" PASSWORD "%s", (int)(at - world->store_url),
                       world->store_url, at + strlen("teesheet"));
}

static void secrets_are_told_nowhere(void **state)
{
    (void)state;
    static const char *const calm[] = { "--key", KEY, NULL };
    static const char *const stormy[] = { "--key",       KEY,          "--server-error",
                                          "10",          "--truncate", "5",
                                          "--malformed", "5",          "--reset",
                                          "5",           NULL };
    struct world world;
    if (!world_begin_mixed(&world, kind, COURSES, calm)) {
        skip();
        return;
    }
    char url[460];
    put_password(&world, url, sizeof(url));
    assert_int_equal(setenv("TEESHEET_MEMBERSPORTS_KEY", KEY, 1), 0);
    sweep_and_check(&world, url, 0);
    /* The key and the tokens were needed. */
    assert_true(world_number(&world,
                             "select count(*) from tee_times t join courses c on c.id = "
                             "t.course_id where engine = 'membersports'") > 0);
    assert_true(world_number(&world,
                             "select count(*) from tee_times t join courses c on c.id = "
                             "t.course_id where engine = 'cps'") > 0);
    world_restart_sim(&world, stormy);
    sweep_and_check(&world, url, 0);
    check_store(&world);
    sweep_and_check(&world, "postgresql://golf:" PASSWORD "@127.0.0.1:1/golf", 2);
    (void)unsetenv("TEESHEET_MEMBERSPORTS_KEY");
    world_end(&world);
}

static void a_redirect_is_not_followed(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, kind, 2, NULL)) {
        skip();
        return;
    }
    const struct fake_step open_door = { .body = "[]" };
    struct fake_engine *other = fake_engine_new(&open_door, 1, FAKE_HTTP);
    char headers[100];
    (void)snprintf(headers, sizeof(headers), "Location: http://localhost:%u/login\r\n",
                   fake_engine_port(other));
    const struct fake_step away = { .status = 302, .headers = headers };
    struct fake_engine *engine = fake_engine_new(&away, 1, FAKE_HTTP);
    (void)snprintf(world.engine_url, sizeof(world.engine_url), "chronogolf=http://127.0.0.1:%u",
                   fake_engine_port(engine));
    static const char *const options[] = { "--days", "2", "--retries", "1", NULL };
    world_sweep_expect(&world, options, 5); /* blind */
    assert_true(fake_engine_requests(engine) > 0);
    assert_int_equal(fake_engine_connections(other), 0);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets"), 4);
    assert_int_equal(
        world_number(&world, "select count(*) from tee_sheets where outcome = 'unreadable'"),
        4);
    fake_engine_free(engine);
    fake_engine_free(other);
    world_end(&world);
}

static void files_are_the_operators_alone(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, kind, 2, NULL)) {
        skip();
        return;
    }
    static const char *const names[] = { "aside.jsonl", "trace.csv", "teesheet.db",
                                         "teesheet.db-wal", "teesheet.db-shm" };
    char aside[200], trace[200];
    (void)snprintf(aside, sizeof(aside), "%s/aside.jsonl", world.dir);
    (void)snprintf(trace, sizeof(trace), "%s/trace.csv", world.dir);
    const char *const options[] = {
        "--days", "1", "--set-aside", aside, "--trace", trace, NULL
    };
    mode_t before = umask(0);
    world_sweep_expect(&world, options, 0);
    (void)umask(before);
    size_t count = kind == WORLD_SQLITE ? TS_COUNT_OF(names) : 2;
    for (size_t i = 0; i < count; i++) {
        char path[200];
        struct stat status;
        (void)snprintf(path, sizeof(path), "%s/%s", world.dir, names[i]);
        assert_int_equal(stat(path, &status), 0);
        if ((status.st_mode & 0777) != 0600)
            fail_msg("%s has mode %o", names[i], (unsigned)status.st_mode & 0777);
    }
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_told_nowhere),
        cmocka_unit_test(a_redirect_is_not_followed),
        cmocka_unit_test(files_are_the_operators_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
