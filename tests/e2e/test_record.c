/*
 * test_record.c exercises `collect --record`, `--samples` and `replay` as programs:
 *   a recorded sweep with faults, replayed into an empty store, gives the same store (SQLite:
 * row by row) and the simulator's truth (either kind); replayed once more it changes nothing;
 * nothing is allocated while recording; a look that an older parser failed at is filled in;
 * missing exchanges are left out and counted; a recording that cannot be made ends the program
 * before the sweep; a changed key raises the event once and keeps a sample; recordings of four
 * engines of ../shared, where they are, by hand-made indices.
 */
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "e2e/world.h"
#include "support/unit.h"

#define TEESHEET TS_BINARY_DIR "/teesheet"
#define SHARED   TS_SOURCE_DIR "/../shared/recordings"
#define DATES    "2026-12-04..2026-12-06"

static enum world_store kind;

static struct outcome_of_run replay(const struct world *world, const char *dir,
                                    const char *store)
{
    const char *const argv[] = { TEESHEET,    "replay",         dir, "--store", store,
                                 "--courses", world->catalogue, NULL };
    return process_run(world->dir, argv, 120);
}

static void replay_expect(const struct world *world, const char *dir, const char *store,
                          int exit_code, const char *text)
{
    struct outcome_of_run run = replay(world, dir, store);
    if (run.exit_code != exit_code || !strstr(run.out, text))
        fail_msg("exit code %d, not %d:\n%s\n%s", run.exit_code, exit_code, run.err, run.out);
    outcome_of_run_free(&run);
}

static void path_in(const struct world *world, const char *name, char path[200])
{
    (void)snprintf(path, 200, "%s/%s", world->dir, name);
}

/* Runs statements on the world's SQLite file; the last value of the last one. */
static long long run_sql(const struct world *world, const char *sql)
{
    char path[200];
    path_in(world, "teesheet.db", path);
    sqlite3 *db = NULL;
    long long value = 0;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    (void)sqlite3_busy_timeout(db, 5000);
    while (*sql) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, sql, -1, &statement, &sql) != SQLITE_OK)
            fail_msg("%s", sqlite3_errmsg(db));
        int result;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW)
            value = sqlite3_column_int64(statement, 0);
        assert_int_equal(result, SQLITE_DONE);
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(db);
    return value;
}

/* Rows that only one of the two stores has. */
static long long differences(const struct world *world, const char *other)
{
    static const struct {
        const char *table, *columns;
    } parts[] = {
        { "tee_times", "*" },
        { "tee_time_events", "*" },
        { "tee_sheets",
          "course_id, play_date, outcome, detail, http_status, attempts, checked_at, "
          "observed_outcome, observed_at, changed_at, tee_time_count, digest" },
    };
    long long sum = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *columns = parts[i].columns, *table = parts[i].table;
        char sql[2000];
        (void)snprintf(
            sql, sizeof(sql),
            "ATTACH '%s' AS other; SELECT (SELECT count(*) FROM (SELECT %s FROM main.%s "
            "EXCEPT SELECT %s FROM other.%s)) + (SELECT count(*) FROM (SELECT %s FROM "
            "other.%s EXCEPT SELECT %s FROM main.%s))",
            other, columns, table, columns, table, columns, table, columns, table);
        sum += run_sql(world, sql);
    }
    return sum;
}

static void a_replayed_sweep_is_the_sweep(void **state)
{
    (void)state;
    struct world world;
    static const char *const sim[] = { "--throttle",    "5", "--truncate", "2",
                                       "--retry-after", "0", NULL };
    if (!world_begin(&world, kind, 20, sim)) {
        skip();
        return;
    }
    char dir[200], other[200], url[220];
    path_in(&world, "exchanges", dir);
    path_in(&world, "other.db", other);
    (void)snprintf(url, sizeof(url), "sqlite:%s", other);
    const char *const options[] = { "--days", "3",         "--record", dir, "--retries",
                                    "20",     "--summary", "json",     NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(world_summary_number(run.out, "allocations_start"),
                     world_summary_number(run.out, "allocations_end"));
    assert_int_equal(world_summary_number(run.out, "shapes_changed"), 0);
    outcome_of_run_free(&run);
    if (kind == WORLD_SQLITE) {
        replay_expect(&world, dir, url, 0, " inserted, 0 updated, 0 closed");
        assert_int_equal(differences(&world, other), 0);
        assert_true(world_number(&world, "select count(*) from tee_times") > 500);
    }
    world_empty_store(&world);
    replay_expect(&world, dir, world.store_url, 0, " inserted, 0 updated, 0 closed");
    world_check_truth(&world, DATES);
    replay_expect(&world, dir, world.store_url, 0, ": 0 inserted, 0 updated, 0 closed");
    world_end(&world);
}

static void what_could_not_be_read_is_filled_in(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 4, NULL)) {
        skip();
        return;
    }
    char dir[200], command[1000];
    path_in(&world, "exchanges", dir);
    const char *const options[] = { "--days", "3", "--record", dir, NULL };
    world_sweep_expect(&world, options, 0);
    long long before = world_number(&world, "select count(*) from tee_times");
    (void)run_sql(&world,
                  "DELETE FROM tee_times; DELETE FROM tee_time_events; UPDATE tee_sheets "
                  "SET outcome = 'unreadable', observed_outcome = NULL, observed_at = NULL, "
                  "changed_at = NULL, tee_time_count = NULL, digest = NULL");
    replay_expect(&world, dir, world.store_url, 0, " inserted, 0 updated, 0 closed");
    assert_int_equal(world_number(&world, "select count(*) from tee_times"), before);
    world_check_truth(&world, DATES);
    /* The recording's second half is lost. */
    (void)snprintf(
        command, sizeof(command),
        "f=$(echo %s/*) && head -c $(($(stat -c %%s $f) / 2)) $f > %s/x && mv %s/x $f", dir,
        dir, dir);
    const char *const shell[] = { "/bin/sh", "-c", command, NULL };
    struct outcome_of_run run = process_run(world.dir, shell, 20);
    assert_int_equal(run.exit_code, 0);
    outcome_of_run_free(&run);
    world_empty_store(&world);
    replay_expect(&world, dir, world.store_url, 3, "1 files that are cut short");
    world_check_subset(&world, DATES);
    world_end(&world);
}

static void a_folder_that_cannot_be_made(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 2, NULL)) {
        skip();
        return;
    }
    static const char *const options[] = { "--record", "/nonexistent/deeper", NULL };
    struct outcome_of_run run = world_sweep(&world, options);
    assert_int_equal(run.exit_code, 2);
    assert_non_null(strstr(run.err, "cannot write into /nonexistent/deeper: No such"));
    outcome_of_run_free(&run);
    run = replay(&world, world.dir, world.store_url);
    assert_int_equal(run.exit_code, 2);
    assert_non_null(strstr(run.err, "holds no *.exchanges file"));
    outcome_of_run_free(&run);
    assert_false(world_has_store(&world));
    world_end(&world);
}

static unsigned files_in(const char *dir)
{
    unsigned count = 0;
    DIR *entries = opendir(dir);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        count += entry->d_name[0] != '.';
    (void)closedir(entries);
    return count;
}

static size_t events_of(const struct world *world, const char *samples)
{
    const char *const options[] = { "--days", "3", "--samples", samples, NULL };
    struct outcome_of_run run = world_sweep(world, options);
    assert_int_equal(run.exit_code, 0);
    size_t count = 0;
    for (const char *at = run.err; (at = strstr(at, "in a new shape")); at++) {
        assert_non_null(strstr(at, "; came: $.teetimes[].hole number; went: $.teetimes[].tee"));
        count++;
    }
    outcome_of_run_free(&run);
    return count;
}

/* The store is made to believe that the engine called a key otherwise until now. */
static void a_changed_key_is_told_once(void **state)
{
    (void)state;
    struct world world;
    static const char *const sim[] = { "--kind", "v2", NULL };
    if (!world_begin(&world, WORLD_SQLITE, 4, sim)) {
        skip();
        return;
    }
    char samples[200];
    path_in(&world, "samples", samples);
    assert_int_equal(events_of(&world, samples), 0);
    assert_int_equal(files_in(samples), 0);
    assert_true(run_sql(&world,
                        "UPDATE shapes SET paths = replace(paths, '$.teetimes[].hole number', "
                        "'$.teetimes[].tee number'); SELECT changes()") > 0);
    assert_int_equal(events_of(&world, samples), 1);
    assert_int_equal(files_in(samples), 1);
    assert_int_equal(events_of(&world, samples), 0);
    world_end(&world);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

/* ---- Recordings from elsewhere, by hand-made indices ---- */

#define ROW_HEADER  "id,name,timezone,holes,engine,engine_attributes\n"
#define REPLIES_MAX 4

/* What was read off the recordings by hand: INDEX.md, and the tests of the adapters. */
struct elsewhere {
    const char *engine, *date;
    const char *row;                 /* of the catalogue: the course 5 */
    const char *bodies[REPLIES_MAX]; /* files of ../shared, or "own/TEXT": the body itself */
    long long tee_times;
    const char *first, *last; /* start, holes, party sizes (bits), price */
};

#define WEBSITE "11111111-2222-4333-8444-555555555555"

static const struct elsewhere elsewheres[] = {
    { "chronogolf",
      "2026-07-17",
      "5,Bridges,America/Regina,,chronogolf,\"{\"\"course_uuids\"\": "
      "[\"\"25664982-9496-4843-8b9d-581b981d698c\"\"]}\"\n",
      { "chronogolf/willows-v2-2026-07-17-page1.json",
        "chronogolf/willows-v2-2026-07-17-page2-sold-out.json" },
      16,
      "423 9 1 4955",
      "1150 18 15 " },
    { "chronogolf",
      "2026-07-11",
      "5,Greenbryre,America/Regina,12,chronogolf,\"{\"\"club_id\"\": 1743, "
      "\"\"course_id\"\": 2020, \"\"affiliation_type_id\"\": 7689}\"\n",
      { "chronogolf/greenbryre-v1-12h-1p-first15.json",
        "chronogolf/greenbryre-v1-12h-2p-first15.json",
        "chronogolf/greenbryre-v1-12h-3p-first15.json",
        "chronogolf/greenbryre-v1-12h-4p-first15.json" },
      14,
      "360 12 3 5270",
      "465 12 14 5270" },
    { "foreup",
      "2026-07-13",
      "5,Rockland Lake,America/New_York,,foreup,\"{\"\"schedule_id\"\": 2442, "
      "\"\"facility_id\"\": 19767}\"\n",
      { "foreup/rocklandlake.json" },
      42,
      "470 18 3 3500",
      "1050 18 15 3500" },
    { "teeitup",
      "2026-07-10",
      "5,Golf NYC,America/New_York,,teeitup,\"{\"\"alias\"\": \"\"golf-nyc\"\", "
      "\"\"facility_ids\"\": [4051]}\"\n",
      { "teeitup/teeitup_golfnyc_times.json" },
      58,
      "615 18 15 4900",
      "1137 18 15 3400" },
    { "cps",
      "2026-09-12",
      "5,Bergen,America/New_York,,cps,\"{\"\"subdomain\"\": \"\"bergen\"\", "
      "\"\"courseIds\"\": \"\"9\"\", \"\"websiteId\"\": \"\"" WEBSITE "\"\"}\"\n",
      { "own/{\"access_token\": \"t\", \"expires_in\": 600}",
        "cps/fossiltrace-register-transaction.json", "cps/bergen-v5-multicourse-trimmed.json" },
      2,
      "910 9 15 5500",
      "940 9 15 5500" },
};

/* The path of a body: its own text is put into a file. */
static void place_body(const struct world *world, const char *body, char path[300])
{
    bool is_own = strncmp(body, "own/", 4) == 0;
    (void)snprintf(path, 300, "%s/%s", is_own ? world->dir : SHARED, is_own ? "own" : body);
    if (is_own)
        write_text(path, body + 4);
}

static void write_index(const struct world *world, const struct elsewhere *elsewhere)
{
    char index[REPLIES_MAX * 600] = "", path[200];
    struct buf buf = buf_over(index, sizeof(index) - 1);
    for (size_t i = 0; i < REPLIES_MAX && elsewhere->bodies[i]; i++) {
        char body[300];
        place_body(world, elsewhere->bodies[i], body);
        buf_printf(&buf,
                   "{\"teesheet_exchange\":1,\"engine\":\"%s\",\"courses\":[5],"
                   "\"play_date\":\"%s\",\"received_at\":%u,\"body_file\":\"%s\"}\n",
                   elsewhere->engine, elsewhere->date, 1784200000u + (unsigned)i, body);
    }
    assert_false(buf.overflow);
    path_in(world, "index.exchanges", path);
    write_text(path, index);
}

static void check_edge(const struct world *world, const char *order, const char *expected)
{
    char sql[300], found[100];
    (void)snprintf(
        sql, sizeof(sql),
        "select start_minute || ' ' || holes || ' ' || party_sizes || ' ' || "
        "coalesce(price_cents, '') from tee_times order by start_minute %s, holes %s "
        "limit 1",
        order, order);
    world_query(world, sql, found, sizeof(found));
    if (strcmp(found, expected) != 0)
        fail_msg("found \"%s\", not \"%s\"", found, expected);
}

static void replay_elsewhere(struct world *world, const struct elsewhere *elsewhere)
{
    char catalogue[500];
    (void)snprintf(catalogue, sizeof(catalogue), ROW_HEADER "%s", elsewhere->row);
    print_message("    %s of %s\n", elsewhere->engine, elsewhere->date);
    write_text(world->catalogue, catalogue);
    write_index(world, elsewhere);
    world_empty_store(world);
    replay_expect(world, world->dir, world->store_url, 0, "1 tee sheets open");
    assert_int_equal(world_number(world, "select count(*) from tee_times"),
                     elsewhere->tee_times);
    check_edge(world, "asc", elsewhere->first);
    check_edge(world, "desc", elsewhere->last);
}

static void recordings_from_elsewhere(void **state)
{
    (void)state;
    if (access(SHARED "/foreup/rocklandlake.json", R_OK) != 0) {
        print_message("    skipped: no recordings in %s\n", SHARED);
        skip();
    }
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, 2, NULL)) {
        skip();
        return;
    }
    for (size_t i = 0; i < sizeof(elsewheres) / sizeof(elsewheres[0]); i++)
        replay_elsewhere(&world, &elsewheres[i]);
    world_end(&world);
}

int main(int argc, char **argv)
{
    assert_int_equal(argc, 2);
    kind = strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest both[] = { cmocka_unit_test(a_replayed_sweep_is_the_sweep) };
    const struct CMUnitTest once[] = {
        cmocka_unit_test(what_could_not_be_read_is_filled_in),
        cmocka_unit_test(a_folder_that_cannot_be_made),
        cmocka_unit_test(a_changed_key_is_told_once),
        cmocka_unit_test(recordings_from_elsewhere),
    };
    int failed = cmocka_run_group_tests(both, NULL, NULL);
    if (kind == WORLD_SQLITE)
        failed += cmocka_run_group_tests(once, NULL, NULL);
    return failed;
}
