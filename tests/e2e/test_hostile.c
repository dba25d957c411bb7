/*
 * test_hostile.c exercises the real program against replies that are broken, hostile or absent.
 * First a clean sweep, then one per kind of reply, each at 100 %:
 *   100 MB long, endless, a decompression bomb, truncated, empty, HTML, a NUL byte, invalid
 * UTF-8, a number out of range, a syntax error in the middle, 429 with Retry-After, 5xx,
 * resets, a challenge: each gives its documented outcome and exit code, closes no tee time,
 * leaves what was observed before as it was, and takes no more memory than the clean sweep;
 * after a challenge nothing more is asked.
 *   Several kinds at once with retries: what is observed is the truth, and nothing is lost.
 */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "e2e/sanitized.h"
#include "e2e/world.h"
#include "support/unit.h"

#define COURSES       20
#define CONCURRENCY   10                       /* by default */
#define SHEETS        40                       /* two days of them */
#define TEN_DAYS      "2026-12-04..2026-12-13" /* of the first, clean sweep */
#define DATES         "2026-12-04..2026-12-05"
#define RSS_ALLOWANCE ((long long)2 << 20)

/* All replies of a sweep are of one kind. */
struct hostile {
    const char *name;
    const char *sim_options[4];
    const char *outcome; /* of every tee sheet that is not skipped */
    int exit_code;
};

/* A host that goes on failing, or sends a challenge, is not asked any further: `skipped`. */
static const struct hostile whole_replies[] = {
    { "100 MB long", { "--huge=100", "--huge-body=100000000" }, "too_large", 5 },
    { "endless", { "--endless=100" }, "too_large", 5 },
    { "a gzip bomb", { "--gzip", "--huge=100", "--huge-body=20000000" }, "too_large", 5 },
    { "truncated", { "--truncate=100" }, "unreadable", 5 },
    { "empty, 200", { "--empty=100" }, "unreadable", 5 },
    { "HTML, 200", { "--html=100" }, "unreadable", 5 },
    { "a syntax error", { "--malformed=100" }, "unreadable", 5 },
    { "with a NUL byte", { "--nul=100" }, "unreadable", 5 },
    { "429 with Retry-After", { "--throttle=100", "--retry-after=1" }, "throttled", 5 },
    { "500, 502, 503", { "--server-error=100" }, "unreachable", 5 },
    { "resets", { "--reset=100" }, "unreachable", 5 },
    { "a challenge", { "--challenge=100" }, "blocked", 5 },
};

/* What every kind of reply must leave as it is: tee times, and what was truly observed last. */
static const char what_stands[] =
    "select (select count(*) || ' ' || sum(closed_at is null) || ' ' || sum(start_minute) || "
    "' ' || sum(party_sizes) || ' ' || sum(price_cents) || ' ' || sum(times_opened) from "
    "tee_times) || ' ' || (select count(*) from tee_time_events) || ' ' || (select "
    "sum(digest % 1000003) || ' ' || sum(observed_at) || ' ' || group_concat(distinct run_id) "
    "from tee_sheets)";

static void begin_clean(struct world *world)
{
    if (!world_begin(world, WORLD_SQLITE, COURSES, NULL))
        skip();
}

/* A sweep `minute` minutes after the first one, with its summary as JSON. */
static struct outcome_of_run sweep_at(const struct world *world, unsigned minute,
                                      const char *const *further)
{
    char now[40];
    const char *options[20] = { "--now",      now,   "--timeout", "10s",
                                "--progress", "off", "--summary", "json" };
    (void)snprintf(now, sizeof(now), "2026-12-04T09:%02u:00Z", minute);
    for (size_t i = 8; *further; further++)
        options[i++] = *further;
    return world_sweep(world, options);
}

static const char *const ten_days[] = { "--days", "10", NULL };
static const char *const two_days[] = { "--days", "2", "--retries", "0", NULL };
static const char *const stubborn[] = { "--days", "2", "--retries", "8", NULL };

/* A host that fails is probed for over a minute until it is given up. */
static const char *const brief[] = {
    "--days", "2", "--retries", "0", "--deadline", "4s", NULL
};

/* Those that the sweep of that minute looked at and left so. */
static long long sheets_with(const struct world *world, const char *outcome, unsigned minute)
{
    char sql[250];
    (void)snprintf(sql, sizeof(sql),
                   "select count(*) from tee_sheets where outcome = '%s' and checked_at >= "
                   "cast(strftime('%%s', '2026-12-04T09:%02u:00') as integer)",
                   outcome, minute);
    return world_number(world, sql);
}

/* In the store; the tee sheets whose outcome is `closed` stand before them in the summary. */
static long long closed_by(const struct outcome_of_run *run)
{
    const char *store_part = strstr(run->out, "\"inserted\":");
    assert_non_null(store_part);
    return world_summary_number(store_part, "closed");
}

static void check_memory(const char *name, const struct outcome_of_run *run, long long clean)
{
    long long peak = world_summary_number(run->out, "peak_rss_bytes");
    print_message("%-22s peak RSS %.1f MiB (clean %.1f)\n", name, (double)peak / (1 << 20),
                  (double)clean / (1 << 20));
    if (!TS_SANITIZED && peak > clean + RSS_ALLOWANCE)
        fail_msg("%s: peak RSS %lld, of the clean sweep %lld", name, peak, clean);
}

static void check_one(struct world *world, const struct hostile *hostile, unsigned minute,
                      long long clean_rss)
{
    char before[400], after[400];
    world_query(world, what_stands, before, sizeof(before));
    world_restart_sim(world, hostile->sim_options);
    struct outcome_of_run run = sweep_at(world, minute, brief);
    if (run.exit_code != hostile->exit_code)
        fail_msg("%s: exit code %d:\n%s", hostile->name, run.exit_code, run.err);
    check_memory(hostile->name, &run, clean_rss);
    long long as_expected = sheets_with(world, hostile->outcome, minute);
    long long skipped = world_summary_number(run.out, "skipped");
    if (as_expected < 1 || as_expected + skipped != SHEETS)
        fail_msg("%s: %lld %s, %lld skipped of %d:\n%s", hostile->name, as_expected,
                 hostile->outcome, skipped, SHEETS, run.out);
    long long requests = world_summary_number(run.out, "requests");
    if (strcmp(hostile->outcome, "blocked") == 0 && requests > CONCURRENCY)
        fail_msg("%s: %lld requests", hostile->name, requests);
    world_query(world, what_stands, after, sizeof(after));
    if (strcmp(before, after) != 0)
        fail_msg("%s: the store was %s, is %s", hostile->name, before, after);
    outcome_of_run_free(&run);
}

static void whole_replies_change_nothing(void **state)
{
    (void)state;
    struct world world;
    begin_clean(&world);
    struct outcome_of_run run = sweep_at(&world, 0, ten_days);
    assert_int_equal(run.exit_code, 0);
    long long clean_rss = world_summary_number(run.out, "peak_rss_bytes");
    outcome_of_run_free(&run);
    world_check_truth(&world, TEN_DAYS);
    for (unsigned i = 0; i < TS_COUNT_OF(whole_replies); i++)
        check_one(&world, &whole_replies[i], i + 1, clean_rss);
    world_check_truth(&world, TEN_DAYS);

    /* The world heals: nothing remains of all that. */
    world_restart_sim(&world, NULL);
    run = sweep_at(&world, 29, two_days);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(world_summary_number(run.out, "events"), 0);
    outcome_of_run_free(&run);
    world_check_integrity(&world);
    world_end(&world);
}

/* Faults inside one row. Where the row's broken part is read, the row is left out, counted, and
 * its tee time is not taken for gone; where it is not read, nothing happens. A reply without a
 * single readable row is unreadable. */
struct spoilt_row {
    const char *name;
    const char *sim_options[2];
    bool skips_rows;
};

static const struct spoilt_row spoilt_rows[] = {
    { "invalid UTF-8", { "--bad-utf8=100" }, false },
    { "a number out of range", { "--bad-number=100" }, true },
};

/* Which field, and where, is said once. */
static void check_told(const struct outcome_of_run *run, bool is_told)
{
    static const char words[] = "a tee time could not be read (";
    const char *told = strstr(run->err, words);
    assert_int_equal(told != NULL, is_told);
    assert_true(!told || strstr(told, "/marketplace/"));
    assert_true(!told || !strstr(told + 1, words));
}

static void check_spoilt(struct world *world, const struct spoilt_row *spoilt, unsigned minute,
                         long long clean_rss)
{
    static const char open_ones[] = "select count(*) from tee_times where closed_at is null";
    long long open_before = world_number(world, open_ones);
    world_restart_sim(world, spoilt->sim_options);
    struct outcome_of_run run = sweep_at(world, minute, two_days);
    if (run.exit_code != 0 && run.exit_code != 3)
        fail_msg("%s: exit code %d:\n%s", spoilt->name, run.exit_code, run.err);
    check_memory(spoilt->name, &run, clean_rss);
    assert_int_equal(world_summary_number(run.out, "skipped_rows") > 0, spoilt->skips_rows);
    check_told(&run, spoilt->skips_rows);
    if (closed_by(&run) != 0 || world_number(world, open_ones) != open_before)
        fail_msg("%s: tee times were closed:\n%s", spoilt->name, run.out);
    assert_int_equal(world_number(world, "select count(*) from tee_sheets where outcome not in "
                                         "('open', 'none_open', 'closed', 'unreadable')"),
                     0);
    outcome_of_run_free(&run);
}

static void spoilt_rows_close_nothing(void **state)
{
    (void)state;
    struct world world;
    begin_clean(&world);
    struct outcome_of_run run = sweep_at(&world, 0, two_days);
    assert_int_equal(run.exit_code, 0);
    long long clean_rss = world_summary_number(run.out, "peak_rss_bytes");
    outcome_of_run_free(&run);
    for (unsigned i = 0; i < TS_COUNT_OF(spoilt_rows); i++)
        check_spoilt(&world, &spoilt_rows[i], i + 1, clean_rss);
    world_restart_sim(&world, NULL);
    run = sweep_at(&world, 20, two_days);
    assert_int_equal(run.exit_code, 0);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);
    world_end(&world);
}

static const char *const mixed[] = { "--throttle=2", "--retry-after=0", "--server-error=3",
                                     "--reset=2",    "--truncate=2",    "--empty=2",
                                     "--html=1",     "--huge=1",        "--huge-body=3000000",
                                     "--gzip",       "--nul=1",         NULL };

/* Into an empty store: what is there is true, and one more sweep completes it. */
static void mixed_faults_lose_nothing(void **state)
{
    (void)state;
    struct world world;
    if (!world_begin(&world, WORLD_SQLITE, COURSES, mixed))
        skip();
    struct outcome_of_run run = sweep_at(&world, 0, stubborn);
    long long observed =
        world_number(&world, "select count(*) from tee_sheets where observed_at is not null");
    print_message("mixed faults: %lld of %d observed, %lld retries, exit code %d\n", observed,
                  SHEETS, world_summary_number(run.out, "retries"), run.exit_code);
    assert_int_equal(run.exit_code, 0);
    assert_true(world_summary_number(run.out, "retries") > 0);
    assert_true(observed > SHEETS / 2);
    assert_int_equal(world_number(&world, "select count(*) from tee_sheets"), SHEETS);
    outcome_of_run_free(&run);
    world_check_subset(&world, DATES);

    /* On what is known: still nothing closes. */
    run = sweep_at(&world, 5, stubborn);
    assert_int_equal(closed_by(&run), 0);
    assert_int_equal(world_summary_number(run.out, "updated"), 0);
    outcome_of_run_free(&run);
    world_restart_sim(&world, NULL);
    run = sweep_at(&world, 10, two_days);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(closed_by(&run), 0);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_replies_change_nothing),
        cmocka_unit_test(spoilt_rows_close_nothing),
        cmocka_unit_test(mixed_faults_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
