/*
 * test_restart.c: PostgreSQL goes away and comes back, or refuses for a while, around a sweep.
 *
 * Exercises: a restart, and killed sessions, while the sweep starts up and while it ends, alone
 * and as one of several (--share): it goes on within --store-patience, once; deadlock,
 * serialization failure, statement timeout, too many connections and a read-only transaction in
 * a batch: retried; a pooler that is killed under a batch: retried through the next one; a
 * primary that comes back as a standby under a batch: retried until it is promoted; a read-only
 * standby at the start: retried, told, and in the end exit code 2; a newer schema, a
 * right that is missing, at the start or in a batch: refused at once, and what is stored stays;
 * tee sheets that the database refuses: set aside, in whole, or said where they could not be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "e2e/world.h"
#include "support/unit.h"

#define DAYS   "--days", "2"
#define SCRIPT TS_SOURCE_DIR "/tests/support/pg_server.sh"

static struct world world;

static void run_sql(const char *sql)
{
    char said[400] = "";
    if (pg_server_run(&world.postgres, "psql", sql, said, sizeof(said)) != 0)
        fail_msg("%s: %s", sql, said);
}

/* In the database of the program: the harness's own commands go to another one. */
static void run_sql_there(const char *sql)
{
    char ignored[400];
    world_query(&world, sql, ignored, sizeof(ignored));
}

/* ---- A session that holds a lock until the server or its sessions end ---- */

static struct process hold(const char *lock)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql), "begin; %s; select pg_sleep(60)", lock);
    const char *const argv[] = { "/bin/bash", SCRIPT,     "psql", world.postgres.dir,
                                 sql,         "teesheet", NULL };
    struct process holder = process_start(world.dir, argv);
    for (int i = 0; i < 600; i++) {
        if (world_number(&world, "select count(*) from pg_stat_activity where query like "
                                 "'begin; lock%' and wait_event = 'PgSleep'") == 1)
            return holder;
        (void)usleep(20000);
    }
    fail_msg("the lock was not taken");
    return holder;
}

static void wait_until_it_waits(const struct process *sweep)
{
    for (int i = 0; i < 600 && process_is_running(sweep); i++) {
        if (world_number(&world,
                         "select count(*) from pg_stat_activity where wait_event_type = "
                         "'Lock' and usename = 'teesheet'") > 0)
            return;
        (void)usleep(20000);
    }
    char *err = read_whole_file(sweep->err);
    fail_msg("the sweep did not wait for the lock:\n%s", err);
}

static void let_go(const struct process *holder)
{
    run_sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where query like "
            "'begin; lock%' and pid <> pg_backend_pid()");
    struct outcome_of_run run = process_wait(holder, 30);
    outcome_of_run_free(&run);
}

static void strike(const char *how)
{
    char said[200];
    assert_int_equal(pg_server_run(&world.postgres, how, NULL, said, sizeof(said)), 0);
}

/* What strikes a sweep, and which one. */
struct strike {
    const char *how;
    bool shares;
};

static struct process start_sweep(const struct strike *struck)
{
    static const char *const alone[] = { DAYS, NULL };
    static const char *const sharing[] = { DAYS,        "--share", "--lease", "6s",
                                           "--max-age", "1h",      NULL };
    if (struck->shares)
        run_sql_there("update tee_sheets set observed_at = observed_at - interval '2 hours'");
    return world_start_sweep(&world, struck->shares ? sharing : alone);
}

static void check_recovered(const struct process *sweep, int64_t runs)
{
    struct outcome_of_run run = process_wait(sweep, 120);
    if (run.exit_code != 0 || !strstr(run.err, "trying again in"))
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_non_null(strstr(run.err, "store: back after"));
    assert_null(strstr(run.err, "did not end")); /* it is no dead sweep's heir */
    outcome_of_run_free(&run);
    world_check_truth(&world, "2026-12-04..2026-12-05");
    assert_int_equal(world_number(&world, "select count(*) from runs where verdict = "
                                          "'complete'"),
                     runs);
    /* Those of a scope are common to all that share it, and expire. */
    assert_int_equal(world_number(&world, "select count(*) from leases where holder not like "
                                          "'%--share' and name not like 'end:%'"),
                     0);
}

static bool begin(const char *const *sim_options)
{
    static const char *const days[] = { DAYS, NULL };
    if (!world_begin(&world, WORLD_POSTGRES, 5, sim_options))
        return false;
    world_sweep_expect(&world, days, 0);
    return true;
}

static void while_it_starts(void **state)
{
    const struct strike *struck = *state;
    if (!begin(NULL))
        skip();
    struct process holder = hold("lock table teesheet.courses in share mode");
    struct process sweep = start_sweep(struck);
    wait_until_it_waits(&sweep);
    strike(struck->how);
    let_go(&holder);
    check_recovered(&sweep, 2);
    world_end(&world);
}

/* No course is counted twice: those of a course that could not be looked at say so. */
static void while_it_ends(void **state)
{
    static const char *const slow[] = { "--latency", "100", NULL };
    const struct strike *struck = *state;
    if (!begin(slow))
        skip();
    run_sql_there("update courses set unknown_sweeps = 3");
    struct process sweep = start_sweep(struck);
    assert_true(world_wait_for(&sweep, "memory plan:", 1));
    struct process holder = hold("lock table teesheet.courses in share mode");
    wait_until_it_waits(&sweep);
    strike(struck->how);
    let_go(&holder);
    check_recovered(&sweep, 2);
    assert_int_equal(world_number(&world, "select sum(unknown_sweeps) from courses"), 0);
    world_end(&world);
}

/* ---- Refusals that pass ---- */

/* The next two batches are refused with that SQLSTATE (sequences are not rolled back). */
static void refuse_twice(const char *sqlstate)
{
    char sql[800];
    (void)snprintf(sql, sizeof(sql),
                   "drop sequence if exists refusals; create sequence refusals; "
                   "create or replace function refuse() returns trigger language plpgsql as $$ "
                   "begin if nextval('teesheet.refusals') <= 2 then raise exception 'injected' "
                   "using errcode = '%s'; end if; return null; end $$; "
                   "drop trigger if exists refuse on tee_sheets; "
                   "create trigger refuse before insert or update on tee_sheets for each "
                   "statement execute function refuse(); "
                   "grant usage on sequence refusals to teesheet; select 1",
                   sqlstate);
    run_sql_there(sql);
}

static void passing_refusals_are_retried(void **state)
{
    (void)state;
    static const char *const states[] = { "40P01", "40001", "57014", "53300", "25006" };
    static const char *const options[] = { DAYS, NULL };
    if (!begin(NULL))
        skip();
    for (size_t i = 0; i < TS_COUNT_OF(states); i++) {
        refuse_twice(states[i]);
        struct process sweep = world_start_sweep(&world, options);
        struct outcome_of_run run = process_wait(&sweep, 60);
        if (run.exit_code != 0 || count_of(run.err, "trying again in") != 2)
            fail_msg("%s: exit code %d; it said:\n%s", states[i], run.exit_code, run.err);
        assert_non_null(strstr(run.err, states[i]));
        outcome_of_run_free(&run);
    }
    world_check_truth(&world, "2026-12-04..2026-12-05");
    world_end(&world);
}

static void a_killed_pooler(void **state)
{
    (void)state;
    static const char *const options[] = { DAYS, NULL };
    if (!begin(NULL))
        skip();
    struct world behind_pooler = world;
    assert_int_equal(pg_server_run(&world.postgres, "url", "pooler", behind_pooler.store_url,
                                   sizeof(behind_pooler.store_url)),
                     0);
    run_sql_there("delete from tee_times; delete from tee_sheets; select 1");
    struct process holder = hold("lock table teesheet.tee_times in share mode");
    struct process sweep = world_start_sweep(&behind_pooler, options);
    wait_until_it_waits(&sweep);
    assert_int_equal(pg_server_run(&world.postgres, "kill-pooler", "1", NULL, 0), 0);
    let_go(&holder);
    check_recovered(&sweep, 2);
    world_end(&world);
}

static void a_demoted_primary(void **state)
{
    (void)state;
    static const char *const options[] = { DAYS, NULL };
    if (!begin(NULL))
        skip();
    run_sql_there("delete from tee_times; delete from tee_sheets; select 1");
    struct process holder = hold("lock table teesheet.tee_times in share mode");
    struct process sweep = world_start_sweep(&world, options);
    wait_until_it_waits(&sweep);
    strike("demote");
    let_go(&holder);
    bool told = world_wait_for(&sweep, "read-only standby", 1);
    strike("promote");
    check_recovered(&sweep, 2);
    assert_true(told);
    world_end(&world);
}

static void a_read_only_standby(void **state)
{
    (void)state;
    static const char *const soon[] = { DAYS, "--store-patience", "1s", NULL };
    static const char *const patient[] = { DAYS, NULL };
    if (!begin(NULL))
        skip();
    run_sql("alter database teesheet set default_transaction_read_only = on");
    struct outcome_of_run run = world_sweep(&world, soon);
    if (run.exit_code != 2 || !strstr(run.err, "read-only standby"))
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    outcome_of_run_free(&run);
    struct process sweep = world_start_sweep(&world, patient);
    assert_true(world_wait_for(&sweep, "trying again in", 1));
    run_sql("begin read write; alter database teesheet reset default_transaction_read_only; "
            "commit");
    check_recovered(&sweep, 2);
    world_end(&world);
}

static void a_newer_schema(void **state)
{
    (void)state;
    static const char *const options[] = { DAYS, NULL };
    if (!begin(NULL))
        skip();
    run_sql_there("insert into teesheet_schema (version) values (99)");
    struct outcome_of_run run = world_sweep(&world, options);
    if (run.exit_code != 2 || !strstr(run.err, "newer") || strstr(run.err, "trying again"))
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    outcome_of_run_free(&run);
    world_end(&world);
}

/* Rights on one table are taken away, before a sweep or between its plan and its batches. */
static void a_missing_right(void **state)
{
    (void)state;
    static const char *const options[] = { DAYS, NULL };
    static const char *const tables[] = { "leases", "tee_times" };
    if (!begin(NULL))
        skip();
    for (size_t i = 0; i < TS_COUNT_OF(tables); i++) {
        char sql[200];
        run_sql_there("update tee_times set price_cents = 1; delete from tee_sheets; select 1");
        (void)snprintf(sql, sizeof(sql),
                       "revoke all on %s from teesheet; create table was as select * from "
                       "tee_times; select 1",
                       tables[i]);
        run_sql_there(sql);
        struct outcome_of_run run = world_sweep(&world, options);
        if (run.exit_code != 2 || !strstr(run.err, tables[i]) ||
            !strstr(run.err, "the role lacks rights") || strstr(run.err, "trying again"))
            fail_msg("%s: exit code %d; it said:\n%s", tables[i], run.exit_code, run.err);
        outcome_of_run_free(&run);
        assert_int_equal(world_number(&world, "select count(*) from (table was except table "
                                              "tee_times) gone"),
                         0);
        (void)snprintf(sql, sizeof(sql),
                       "grant all on %s to teesheet; drop table was; select 1", tables[i]);
        run_sql_there(sql);
    }
    world_sweep_expect(&world, options, 0);
    world_check_truth(&world, "2026-12-04..2026-12-05");
    world_end(&world);
}

static void refused_tee_sheets_are_set_aside(void **state)
{
    (void)state;
    char aside[160];
    if (!begin(NULL))
        skip();
    (void)snprintf(aside, sizeof(aside), "%s/aside", world.dir);
    const char *const options[] = { DAYS, "--set-aside", aside, NULL };
    static const char *const nowhere[] = { DAYS, "--set-aside", "/dev/full", NULL };
    run_sql_there("delete from tee_times; delete from tee_sheets; "
                  "create function refuse() returns trigger language plpgsql as $$ begin raise "
                  "exception 'injected' using errcode = '22023'; end $$; "
                  "create trigger refuse before insert on tee_sheets for each row when "
                  "(new.course_id = 1003) execute function refuse(); select 1");
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 3);
    assert_null(strstr(run.err, "--set-aside"));
    outcome_of_run_free(&run);
    char *lines = read_whole_file(aside);
    assert_int_equal(count_of(lines, "{\"course_id\":1003,"), 2);
    assert_int_equal(count_of(lines, "\n"), 2);
    free(lines);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets"), 8);
    run = world_sweep(&world, nowhere);
    assert_int_equal(run.exit_code, 3);
    if (!strstr(run.err, "--set-aside"))
        fail_msg("not said:\n%s", run.err);
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(void)
{
    static struct strike restart = { "restart", false }, kill = { "kill-backend", false };
    static struct strike restart_shared = { "restart", true },
                         kill_shared = { "kill-backend", true };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(while_it_starts, &restart),
        cmocka_unit_test_prestate(while_it_starts, &kill),
        cmocka_unit_test_prestate(while_it_starts, &restart_shared),
        cmocka_unit_test_prestate(while_it_starts, &kill_shared),
        cmocka_unit_test_prestate(while_it_ends, &restart),
        cmocka_unit_test_prestate(while_it_ends, &kill),
        cmocka_unit_test_prestate(while_it_ends, &restart_shared),
        cmocka_unit_test_prestate(while_it_ends, &kill_shared),
        cmocka_unit_test(passing_refusals_are_retried),
        cmocka_unit_test(a_killed_pooler),
        cmocka_unit_test(a_demoted_primary),
        cmocka_unit_test(a_read_only_standby),
        cmocka_unit_test(a_newer_schema),
        cmocka_unit_test(a_missing_right),
        cmocka_unit_test(refused_tee_sheets_are_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
