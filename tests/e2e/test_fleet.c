/*
 * test_fleet.c exercises a fleet of all eight engines for a week, once per kind of store: the
 * store equals the simulator's truth without faults and with them (2 % 429, 1 % 5xx, 0.5 %
 * cut short), none is unknown but what the catalogue has wrong; and, once, that each engine is
 * asked as seldom as it can be, as the simulator counts and the recording tells. With
 * TS_LARGE=1 the fleet has 2,000 courses; it prints what it measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "e2e/asked.h"
#include "e2e/seen.h"
#include "support/unit.h"

#define FIRST_DAY     "2026-12-04"
#define DAYS          7
#define COURSES       120
#define COURSES_LARGE 2000
#define SWEEP_SECONDS 1200
#define FEW_COURSES   96
#define FEW_DAYS      4
#define V2_PAGE_SLOTS 24

static enum world_store kind;

/* ---- The week ---- */

static void print_sweep(const struct world *world, const struct outcome_of_run *run)
{
    const char *elapsed = strstr(run->out, "\"elapsed_seconds\":");
    struct seen seen = { 0 };
    seen_add(world, &seen);
    print_message("%s courses: %lld tee sheets, %lld tee times, %.1f s, peak RSS %.1f MiB, "
                  "%lld retries\n",
                  world->courses, world_summary_number(run->out, "planned"),
                  world_summary_number(run->out, "tee_times"),
                  strtod(elapsed + strlen("\"elapsed_seconds\":"), NULL),
                  (double)world_summary_number(run->out, "peak_rss_bytes") / (1 << 20),
                  world_summary_number(run->out, "retries"));
    seen_print(&seen);
}

static void sweep_a_week(const char *const *sim_options)
{
    static const char *const options[] = { "--days",    "7",    "--retries", "12",
                                           "--summary", "json", NULL };
    struct world world;
    if (!world_begin_mixed(&world, kind, getenv("TS_LARGE") ? COURSES_LARGE : COURSES,
                           sim_options)) {
        skip();
        return;
    }
    struct process sweep = world_start_sweep(&world, options);
    struct outcome_of_run run = process_wait(&sweep, SWEEP_SECONDS);
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s\n%s", run.exit_code, run.err, run.out);
    print_sweep(&world, &run);
    assert_int_equal(world_summary_number(run.out, "unknown"),
                     world_summary_number(run.out, "misconfigured"));
    outcome_of_run_free(&run);
    world_check_truth_by_day(&world, FIRST_DAY, DAYS);
    assert_int_equal(world_number(&world, "select count(distinct engine) from courses c join "
                                          "tee_sheets s on s.course_id = c.id where "
                                          "s.tee_time_count > 0"),
                     8);
    world_end(&world);
}

static void a_week_equals_the_truth(void **state)
{
    (void)state;
    sweep_a_week(NULL);
}

static void a_week_with_faults_equals_the_truth(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "--throttle", "2",          "--retry-after", "0", "--server-error",
        "1",          "--truncate", "0.5",           NULL
    };
    sweep_a_week(faults);
}

/* ---- The fewest requests ---- */

static struct asked asked;

static long long count_of_engine(const char *engine, const char *part)
{
    return asked_count(&asked, engine, part);
}

/* A value of the store about the courses of an engine. */
static long long number_of(const struct world *world, const char *value, const char *engine)
{
    char sql[400];
    (void)snprintf(sql, sizeof(sql), "select %s from courses where engine = '%s'", value,
                   engine);
    return world_number(world, sql);
}

static long long attributes_of(const struct world *world, const char *engine, const char *name)
{
    char value[200];
    (void)snprintf(value, sizeof(value),
                   "count(distinct json_extract(engine_attributes, '$.%s'))", name);
    return number_of(world, value, engine);
}

/* The simulator saw what the recording holds. */
static void check_totals(const struct world *world)
{
    static const struct {
        const char *engine, *domains[2];
    } engines[] = {
        { "chronogolf", { "chronogolf.com" } },
        { "foreup", { "foreupsoftware.com" } },
        { "teeitup", { "kenna.io" } },
        { "cps", { ".cps.golf" } },
        { "quick18", { ".quick18.com", ".play18.example" } },
        { "teesnap", { ".teesnap.net" } },
        { "golfback", { "golfback.com" } },
        { "membersports", { "membersports.com" } },
    };
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
        long long count = count_of_engine(engines[i].engine, NULL), seen = 0;
        long long sheets = FEW_DAYS * number_of(world, "count(*)", engines[i].engine);
        for (size_t k = 0; k < 2 && engines[i].domains[k]; k++)
            seen += seen_of_domain(world, engines[i].domains[k]);
        print_message("%-12s %3lld tee sheets, %3lld requests (%.2f per tee sheet)\n",
                      engines[i].engine, sheets, count, (double)count / (double)sheets);
        assert_int_equal(count, seen);
    }
}

static void check_one_per_tee_sheet(const struct world *world)
{
    static const char *const engines[] = { "foreup", "golfback" };
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
        assert_int_equal(count_of_engine(engines[i], NULL),
                         FEW_DAYS * number_of(world, "count(*)", engines[i]));
    assert_int_equal(count_of_engine("teesnap", "/teetimes-day?"),
                     FEW_DAYS * number_of(world, "count(*)", "teesnap"));
    assert_int_equal(count_of_engine("teesnap", NULL) -
                         count_of_engine("teesnap", "/teetimes-day?"),
                     attributes_of(world, "teesnap", "subdomain"));
}

/* Aliases whose lists cannot be told apart by their rows alone. */
static long long aliases_to_look_up(const struct world *world)
{
    return world_number(
        world, "select count(*) from (select 1 from courses where engine = 'teeitup' group by "
               "json_extract(engine_attributes, '$.alias') having count(*) > 1 or "
               "max(coalesce(json_extract(engine_attributes, '$.facility_ids'), ',') like "
               "'%,%'))");
}

static void check_one_per_tenant(const struct world *world)
{
    long long aliases = attributes_of(world, "teeitup", "alias");
    long long clubs = number_of(world,
                                "count(distinct json_extract(engine_attributes, "
                                "'$.golf_club_id') || '/' || coalesce(json_extract("
                                "engine_attributes, '$.config_type'), 0))",
                                "membersports");
    assert_int_equal(count_of_engine("teeitup", "/v2/tee-times?"), FEW_DAYS * aliases);
    assert_int_equal(count_of_engine("teeitup", "/facilities"), aliases_to_look_up(world));
    assert_int_equal(asked_most(&asked, "teeitup", "/facilities"), 1);
    assert_int_equal(count_of_engine("membersports", NULL), FEW_DAYS * clubs);
    assert_int_equal(count_of_engine("quick18", NULL),
                     FEW_DAYS * attributes_of(world, "quick18", "subdomain"));
}

/* A list without slots is asked for twice; all else once per tenant or date. */
static void check_cps(const struct world *world)
{
    long long tenants = attributes_of(world, "cps", "subdomain");
    assert_int_equal(asked_distinct(&asked, "cps", "/TeeTimes?"), FEW_DAYS * tenants);
    assert_in_range(asked_most(&asked, "cps", "/TeeTimes?"), 1, 2);
    assert_int_equal(asked_most(&asked, "cps", "/token/short"), 1);
    assert_int_equal(asked_most(&asked, "cps", "/Configuration"), 1);
    assert_int_equal(asked_most(&asked, "cps", "/OnlineCourses"), 1);
    assert_int_equal(asked_most(&asked, "cps", "/RegisterTransactionId"), FEW_DAYS);
}

/* floor(slots / 24) + 1 pages of each V2 list; V1 has its average. */
static void check_chronogolf(const struct world *world)
{
    long long v2 = count_of_engine("chronogolf", "/v2/"), pages = 0;
    long long v1_rows = number_of(world,
                                  "count(*) - sum(json_extract(engine_attributes, "
                                  "'$.course_uuids') is not null)",
                                  "chronogolf");
    for (size_t i = 0; i < asked.count; i++) {
        const char *url = asked.requests[i].url;
        const char *page =
            strcmp(asked.requests[i].engine, "chronogolf") == 0 ? strstr(url, "&page=1") : NULL;
        char list[ASKED_BYTES];
        if (!page || page[strlen("&page=1")])
            continue;
        (void)snprintf(list, sizeof(list), "%.*s&page=", (int)(page - url), url);
        assert_int_equal(count_of_engine("chronogolf", list),
                         asked.requests[i].total / V2_PAGE_SLOTS + 1);
        pages += asked.requests[i].total / V2_PAGE_SLOTS + 1;
    }
    assert_int_equal(v2, pages);
    assert_true(v2 > 0 && v1_rows > 0);
    print_message("chronogolf: %lld V2 pages; V1 %.2f requests per tee sheet\n", v2,
                  (double)(count_of_engine("chronogolf", NULL) - v2) /
                      (double)(v1_rows * FEW_DAYS));
}

static void the_fewest_requests(void **state)
{
    (void)state;
    struct world world;
    char dir[200];
    if (!world_begin_mixed(&world, WORLD_SQLITE, FEW_COURSES, NULL)) {
        skip();
        return;
    }
    (void)snprintf(dir, sizeof(dir), "%s/exchanges", world.dir);
    const char *const options[] = {
        "--days", "4", "--host-parallel", "1", "--record", dir, NULL
    };
    world_sweep_expect(&world, options, 0);
    asked_read(dir, &asked);
    check_totals(&world);
    check_one_per_tee_sheet(&world);
    check_one_per_tenant(&world);
    check_cps(&world);
    check_chronogolf(&world);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest both[] = {
        cmocka_unit_test(a_week_equals_the_truth),
        cmocka_unit_test(a_week_with_faults_equals_the_truth),
    };
    const struct CMUnitTest once[] = { cmocka_unit_test(the_fewest_requests) };
    int failed = cmocka_run_group_tests(both, NULL, NULL);
    if (kind == WORLD_SQLITE)
        failed += cmocka_run_group_tests(once, NULL, NULL);
    return failed;
}
