/*
 * store_contract_read.c: exercises what is built on named statements: import and deactivation
 * of courses, tallies, runs, the ledger scan, status, pruning, reopening the store,
 * and that tables and views have the same columns everywhere.
 */
#include "batch/batch.h"
#include "store/courses.h"
#include "store/ledger.h"
#include "store/runs.h"
#include "store/status.h"
#include "support/store_contract_parts.h"

#define COURSES "SELECT id, name, CASE WHEN active THEN 1 ELSE 0 END FROM courses ORDER BY id"

static void import(struct bench *bench, const char *first, const char *second)
{
    struct courses_import courses;
    assert_int_equal(courses_import_begin(bench->store, &courses, NULL), TS_ERR_OK);
    bench_put_course(&courses, 7, first, 52.1, true);
    if (second)
        bench_put_course(&courses, 8, second, 0, true);
    assert_int_equal(courses_import_end(&courses, NULL), TS_ERR_OK);
    assert_int_equal(courses.put, second ? 2 : 1);
}

static void courses_that_left_become_inactive(void **state)
{
    struct bench *bench = *state;
    import(bench, "Holiday Park", "Moon Lake");
    bench_expect(bench, COURSES, "7|Holiday Park|1\n8|Moon Lake|1");
    import(bench, "Holiday Park Golf", NULL);
    bench_expect(bench, COURSES, "7|Holiday Park Golf|1\n8|Moon Lake|0");
    import(bench, "Holiday Park", "Moon Lake");
    bench_expect(bench, COURSES, "7|Holiday Park|1\n8|Moon Lake|1");
}

static void an_abandoned_import_changes_nothing(void **state)
{
    struct bench *bench = *state;
    import(bench, "Holiday Park", "Moon Lake");
    struct courses_import courses;
    assert_int_equal(courses_import_begin(bench->store, &courses, NULL), TS_ERR_OK);
    bench_put_course(&courses, 9, "Third", 52.1, true);
    courses_import_abandon(&courses);
    bench_expect(bench, COURSES, "7|Holiday Park|1\n8|Moon Lake|1");
}

static bool check_course(void *ctx, const struct store_course *course)
{
    int *seen = ctx;
    bool first = (*seen)++ == 0;
    assert_int_equal(course->id, first ? 7 : 8);
    assert_true(str_equal(course->name, first ? STR("Holiday Park") : STR("Moon Lake")));
    assert_true(str_equal(course->region, STR("Sask")));
    assert_true(str_equal(course->region_id, STR("sk")));
    assert_true(str_equal(course->engine, STR("chronogolf")));
    assert_true(str_contains_nocase(course->engine_attributes, STR("club_id")));
    assert_true(str_equal(course->booking_url, STR("https://book.example/")));
    assert_int_equal(course->has_place, first);
    if (first)
        assert_true(course->latitude > 52.09999 && course->latitude < 52.10001);
    assert_int_equal(course->holes, 18);
    assert_int_equal(course->window_days, 7);
    assert_int_equal(course->opens_minute, 360);
    assert_true(course->active);
    assert_int_equal(course->seen, first);
    assert_int_equal(course->unknown_sweeps, first ? 0 : 1);
    return true;
}

static void courses_are_listed_as_they_were_put(void **state)
{
    struct bench *bench = *state;
    import(bench, "Holiday Park", "Moon Lake");
    struct look look = look_at(bench, 0, 0, 1);
    bench_look(bench, &look);
    look.course = 8;
    look.outcome = OUTCOME_BLOCKED;
    bench_look(bench, &look);
    assert_int_equal(courses_tally(bench->store, bench->noon, NULL), TS_ERR_OK);
    int seen = 0;
    assert_int_equal(courses_list(bench->store, check_course, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen, 2);
}

static void unknown_sweeps_are_counted_in_a_row(void **state)
{
    struct bench *bench = *state;
    import(bench, "Holiday Park", "Moon Lake");
    struct look look = look_at(bench, 0, 0, 1);
    look.outcome = OUTCOME_THROTTLED;
    for (int sweep = 0; sweep < 2; sweep++, look.at += 3600) {
        bench_look(bench, &look);
        assert_int_equal(courses_tally(bench->store, look.at, NULL), TS_ERR_OK);
    }
    bench_expect(bench, "SELECT id, unknown_sweeps FROM courses ORDER BY id", "7|2\n8|0");
    look.outcome = OUTCOME_OPEN;
    bench_look(bench, &look);
    assert_int_equal(courses_tally(bench->store, look.at, NULL), TS_ERR_OK);
    bench_expect(bench, "SELECT id, unknown_sweeps FROM courses ORDER BY id", "7|0\n8|0");
    /* Nothing looked at since: nothing counted. */
    assert_int_equal(courses_tally(bench->store, look.at + 1, NULL), TS_ERR_OK);
    bench_expect(bench, "SELECT id, unknown_sweeps FROM courses ORDER BY id", "7|0\n8|0");
}

static bool check_run(void *ctx, const struct run_row *row)
{
    int *seen = ctx;
    if ((*seen)++ == 0) {
        assert_int_equal(row->started_at, 2000);
        assert_int_equal(row->finished_at, 0);
        assert_int_equal(row->verdict.len, 0);
        assert_int_equal(row->planned, 0);
        return true;
    }
    assert_int_equal(row->started_at, 1000);
    assert_int_equal(row->finished_at, 1060);
    assert_true(str_equal(row->host, STR("box")));
    assert_true(str_equal(row->scope, STR("all")));
    assert_true(str_contains_nocase(row->options, STR("batch")));
    assert_true(str_equal(row->verdict, str_of(sweep_verdict_name(SWEEP_DEGRADED))));
    assert_int_equal(row->planned, 10);
    assert_int_equal(row->observed, 8);
    assert_int_equal(row->open, 5);
    assert_int_equal(row->tee_times, 250);
    assert_int_equal(row->requests, 40);
    assert_int_equal(row->retries, 3);
    assert_int_equal(row->bytes, 5000000000);
    assert_int_equal(row->batches, 2);
    assert_int_equal(row->failed_batches, 1);
    assert_int_equal(row->peak_rss_bytes, 16000000);
    assert_int_equal(row->memory_limit_bytes, 64000000);
    assert_true(str_contains_nocase(row->by_outcome, STR("\"sold_out\"")));
    assert_false(str_contains_nocase(row->by_outcome, STR("\"closed\"")));
    assert_true(str_equal(row->worst, STR("region SK blind, engine cps degraded, region MB "
                                          "degraded, 2 more")));
    return true;
}

static void runs_are_kept(void **state)
{
    struct bench *bench = *state;
    struct run_start start = { 1000, STR("box"), STR("all"), STR("{\"batch\": 100}") };
    int64_t id = 0;
    assert_int_equal(run_begin(bench->store, &start, &id, NULL), TS_ERR_OK);
    assert_true(id > 0);
    struct sweep_report report = { .run_id = id,
                                   .verdict = SWEEP_DEGRADED,
                                   .finished_at = 1060,
                                   .planned = 10,
                                   .tee_times = 250,
                                   .requests = 40,
                                   .retries = 3,
                                   .wire_bytes = 5000000000,
                                   .batches = 2,
                                   .batches_failed = 1,
                                   .rss_peak_bytes = 16000000,
                                   .memory_limit_bytes = 64000000 };
    report.parts_count = 5;
    report.parts[0] = (struct sweep_part){ .name = "region SK", .verdict = SWEEP_BLIND };
    report.parts[1] = (struct sweep_part){ .name = "engine cps", .verdict = SWEEP_DEGRADED };
    report.parts[2] = (struct sweep_part){ .name = "region MB", .verdict = SWEEP_DEGRADED };
    report.by_outcome[OUTCOME_OPEN] = 5;
    report.by_outcome[OUTCOME_SOLD_OUT] = 3;
    report.by_outcome[OUTCOME_BLOCKED] = 2;
    bool had_end = true;
    assert_int_equal(run_finish(bench->store, &report, &had_end, NULL), TS_ERR_OK);
    assert_false(had_end);
    assert_int_equal(run_finish(bench->store, &report, &had_end, NULL), TS_ERR_OK);
    assert_true(had_end);
    start.started_at = 2000;
    int64_t second = 0;
    assert_int_equal(run_begin(bench->store, &start, &second, NULL), TS_ERR_OK);
    assert_true(second > id);
    int seen = 0;
    assert_int_equal(run_list(bench->store, 10, check_run, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen, 2);
    seen = 0;
    assert_int_equal(run_list(bench->store, 1, check_run, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen, 1);
}

struct ledger_seen {
    struct ledger_row rows[8];
    unsigned count;
    unsigned stop_after;
};

static bool keep_ledger_row(void *ctx, const struct ledger_row *row)
{
    struct ledger_seen *seen = ctx;
    seen->rows[seen->count++] = *row;
    return seen->count != seen->stop_after;
}

static void the_ledger_is_scanned(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 2);
    bench_add(bench, &look);
    look.date += 1;
    look.outcome = OUTCOME_UNREADABLE;
    bench_add(bench, &look);
    look.date += 1;
    look.outcome = OUTCOME_OPEN;
    bench_add(bench, &look);
    bench_commit(bench, 1);
    look.outcome = OUTCOME_THROTTLED;
    look.at += 5;
    bench_look(bench, &look);
    struct ledger_seen seen = { .count = 0 };
    assert_int_equal(ledger_scan(bench->store, 0, 0, keep_ledger_row, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.rows[0].play_date, bench->date);
    assert_int_equal(seen.rows[0].outcome, OUTCOME_OPEN);
    assert_int_equal(seen.rows[0].tee_time_count, 2);
    assert_int_equal(seen.rows[1].observed_at, 0);
    assert_int_equal(seen.rows[1].observed_outcome, OUTCOME_NONE);
    assert_int_equal(seen.rows[2].outcome, OUTCOME_THROTTLED);
    assert_int_equal(seen.rows[2].checked_at, bench->noon + 5);
    assert_int_equal(seen.rows[2].observed_outcome, OUTCOME_OPEN);
    assert_int_equal(seen.rows[2].observed_at, bench->noon);
    seen.count = 0;
    assert_int_equal(ledger_scan(bench->store, bench->date + 1, bench->date + 1,
                                 keep_ledger_row, &seen, NULL),
                     TS_ERR_OK);
    assert_int_equal(seen.count, 1);
    seen = (struct ledger_seen){ .stop_after = 2 };
    assert_int_equal(ledger_scan(bench->store, 0, 0, keep_ledger_row, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 2);
}

struct cells {
    struct status_cell cells[8];
    unsigned count;
};

static bool keep_cell(void *ctx, const struct status_cell *cell)
{
    struct cells *cells = ctx;
    cells->cells[cells->count++] = *cell;
    return true;
}

static void status_shows_the_ledger(void **state)
{
    struct bench *bench = *state;
    import(bench, "Holiday Park", "Moon Lake");
    struct look look = look_at(bench, 0, 0, 10);
    bench_look(bench, &look);
    look = look_at(bench, 60, 0, 1);
    bench_look(bench, &look);
    struct cells seen = { .count = 0 };
    struct status_filter filter = { .from = bench->date, .to = bench->date + 3 };
    assert_int_equal(status_scan(bench->store, &filter, keep_cell, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.cells[0].course_id, 7);
    assert_int_equal(seen.cells[0].play_date, bench->date);
    assert_int_equal(seen.cells[0].outcome, OUTCOME_OPEN);
    assert_int_equal(seen.cells[0].http_status, 200);
    assert_int_equal(seen.cells[0].attempts, 1);
    assert_int_equal(seen.cells[0].checked_at, bench->noon + 60);
    assert_int_equal(seen.cells[0].observed_at, bench->noon);
    assert_int_equal(seen.cells[0].changed_at, bench->noon);
    assert_int_equal(seen.cells[0].tee_time_count, 10);
    assert_int_equal(seen.cells[0].window_days, 7);
    assert_int_equal(seen.cells[0].opens_minute, 360);
    assert_true(seen.cells[0].held);
    assert_int_equal(seen.cells[1].course_id, 8);
    assert_int_equal(seen.cells[1].play_date, 0);
    assert_false(seen.cells[1].held);
    /* A named course shows even if it is inactive. */
    import(bench, "Holiday Park", NULL);
    seen.count = 0;
    assert_int_equal(status_scan(bench->store, &filter, keep_cell, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 1);
    const int64_t named[] = { 8 };
    filter.courses = named;
    filter.courses_count = 1;
    seen.count = 0;
    assert_int_equal(status_scan(bench->store, &filter, keep_cell, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.cells[0].course_id, 8);
}

static void old_days_are_pruned_in_bites(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < PRUNE_BITE + 3; i++) {
        struct look look = look_at(bench, 0, 0, 2);
        look.course = 1000 + i;
        look.date -= 100;
        bench_add(bench, &look);
        if (bench->batch->sheets_count == bench->batch->sheets_max)
            bench_commit(bench, 1);
    }
    struct look kept = look_at(bench, 0, 0, 2);
    kept.date -= 90;
    bench_add(bench, &kept);
    bench_commit(bench, 1);
    struct prune_counts counts = { 0 };
    bool more = false;
    int32_t before = bench->date - 90;
    assert_int_equal(prune_bite(bench->store, before, &counts, &more, NULL), TS_ERR_OK);
    assert_true(more);
    assert_int_equal(counts.tee_sheets, PRUNE_BITE);
    assert_int_equal(counts.tee_times, 2 * PRUNE_BITE);
    assert_int_equal(prune_bite(bench->store, before, &counts, &more, NULL), TS_ERR_OK);
    assert_false(more);
    assert_int_equal(counts.tee_sheets, PRUNE_BITE + 3);
    assert_int_equal(counts.events, 2 * (PRUNE_BITE + 3));
    bench_expect(bench,
                 "SELECT (SELECT count(*) FROM tee_sheets), (SELECT count(*) FROM tee_times),"
                 " (SELECT count(*) FROM tee_time_events)",
                 "1|2|2");
}

static void old_runs_are_pruned_in_bites(void **state)
{
    struct bench *bench = *state;
    struct run_start start = { .host = STR("h"), .scope = STR("all"), .options = STR("{}") };
    int64_t midnight = (int64_t)bench->date * 86400, id;
    for (int i = 0; i < PRUNE_BITE + 3; i++) {
        start.started_at = midnight - 1 - i;
        assert_int_equal(run_begin(bench->store, &start, &id, NULL), TS_ERR_OK);
    }
    start.started_at = midnight;
    assert_int_equal(run_begin(bench->store, &start, &id, NULL), TS_ERR_OK);
    struct prune_counts counts = { 0 };
    bool more = true;
    for (uint64_t runs = PRUNE_BITE; more; runs += 3) {
        assert_int_equal(prune_bite(bench->store, bench->date, &counts, &more, NULL),
                         TS_ERR_OK);
        assert_int_equal(counts.runs, runs);
    }
    bench_expect(bench, "SELECT count(*) FROM runs", "1");
}

static void a_store_opens_again_as_it_was(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    store_close(bench->store);
    bench->store = NULL;
    bench_open(bench);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.unchanged, 3);
    assert_int_equal(store_reconnect(bench->store, NULL), TS_ERR_OK);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.unchanged, 3);
}

static void a_reader_finds_what_was_written(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    const struct store_config config = { .url = bench->fixture->url,
                                         .schema = bench->fixture->schema,
                                         .read_only = true,
                                         .stop_fd = -1 };
    struct store *reader = NULL;
    struct error error = { 0 };
    assert_int_equal(store_open(&config, false, &reader, &error), TS_ERR_OK);
    struct ledger_seen seen = { .count = 0 };
    assert_int_equal(ledger_scan(reader, 0, 0, keep_ledger_row, &seen, NULL), TS_ERR_OK);
    assert_int_equal(seen.count, 1);
    store_close(reader);
}

static void a_reader_never_creates_a_store(void **state)
{
    struct bench *bench = *state;
    store_close(bench->store);
    bench->store = NULL;
    assert_true(bench->fixture->reset(bench->fixture->ctx));
    const struct store_config config = { .url = bench->fixture->url,
                                         .schema = bench->fixture->schema,
                                         .read_only = true,
                                         .stop_fd = -1 };
    struct store *reader = NULL;
    struct error error = { 0 };
    for (int i = 0; i < 2; i++)
        assert_int_equal(store_open(&config, false, &reader, &error), TS_ERR_NOT_FOUND);
    assert_true(error.text[0] != '\0');
}

static void columns_of(struct bench *bench, const char *table, const char *expected)
{
    char sql[400];
    struct buf text = buf_over(sql, sizeof(sql));
    const char *slot = strstr(bench->fixture->columns, "%s");
    buf_put(&text,
            (struct str){ bench->fixture->columns, (size_t)(slot - bench->fixture->columns) });
    buf_puts(&text, table);
    buf_puts(&text, slot + 2);
    bench_expect(bench, sql, expected);
}

static void all_stores_have_the_same_columns(void **state)
{
    struct bench *bench = *state;
    columns_of(bench, "courses",
               "id\nname\nclub\ncity\nregion\nregion_id\ncountry\ntimezone\nlatitude\n"
               "longitude\nengine\nengine_attributes\nholes\nbooking_window_days\n"
               "booking_opens_at\ncurrency\nbooking_url\nactive\nunknown_sweeps\nimport_stamp");
    columns_of(bench, "tee_sheets",
               "course_id\nplay_date\noutcome\ndetail\nhttp_status\nattempts\nchecked_at\n"
               "observed_outcome\nobserved_at\nchanged_at\ntee_time_count\ndigest\nrun_id\n"
               "held_digest");
    columns_of(bench, "tee_times",
               "course_id\nplay_date\nstart_minute\nholes\nstart_hole\nrouting\nstarts_at\n"
               "party_sizes\nprice_cents\ncurrency\nprice_basis\ncart_fee_cents\nrate_name\n"
               "engine_ref\nbooking_url\nopened_at\nchanged_at\nclosed_at\ntimes_opened");
    columns_of(bench, "tee_time_events",
               "at\ncourse_id\nplay_date\nstart_minute\nholes\nstart_hole\nrouting\nevent\n"
               "party_sizes\nprice_cents");
    columns_of(bench, "runs",
               "id\nstarted_at\nfinished_at\nhost\nscope\noptions\nverdict\nplanned\nobserved\n"
               "open\ntee_times\nrequests\nretries\nbytes\nbatches\nfailed_batches\n"
               "peak_rss_bytes\nmemory_limit_bytes\nby_outcome\nworst");
    columns_of(bench, "leases", "name\nholder\nuntil");
    columns_of(bench, "hosts", "host\ngap_ms\nparallel\nlearnt_at\nhold_until");
    columns_of(bench, "shapes", "engine\nkind\nfingerprint\nfirst_seen\npaths");
    columns_of(bench, "course_dates",
               "course_id\ndate\ntee_times_data\ntee_times_count\nupdated_at");
    static const char list[] =
        "course_id\ncourse_name\nclub\ncity\nregion\ntimezone\nplay_date\nstart_time\n"
        "starts_at\nholes\nstart_hole\nrouting\nparty_sizes\nplayers_max\nprice_cents\n"
        "currency\nprice_basis\ncart_fee_cents\nrate_name\nengine_ref\nbooking_url\n"
        "opened_at\nchanged_at\ntimes_opened\nobserved_at";
    columns_of(bench, "tee_time_list", list);
    columns_of(bench, "open_tee_times", list);
}

#define T(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

const struct CMUnitTest store_contract_read[] = {
    T(courses_that_left_become_inactive),
    T(an_abandoned_import_changes_nothing),
    T(courses_are_listed_as_they_were_put),
    T(unknown_sweeps_are_counted_in_a_row),
    T(runs_are_kept),
    T(the_ledger_is_scanned),
    T(status_shows_the_ledger),
    T(old_days_are_pruned_in_bites),
    T(old_runs_are_pruned_in_bites),
    T(a_store_opens_again_as_it_was),
    T(a_reader_finds_what_was_written),
    T(a_reader_never_creates_a_store),
    T(all_stores_have_the_same_columns),
};
const size_t store_contract_read_count = TS_COUNT_OF(store_contract_read);
