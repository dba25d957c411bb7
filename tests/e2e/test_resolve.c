/*
 * test_resolve.c exercises `teesheet courses add LINK --resolve`, the program itself:
 * - each engine of the simulated fleet: the row is whole, as far as the engine tells, and both
 *   dates show what the fleet's truth has
 * - siblings: a row for each, the named one first; into a store, once
 * - 429, challenges, damaged replies, resets: said, nothing written, nothing asked again
 * - a refusal at a date: the row stands, nothing more is asked; the User-Agent and the gap
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "e2e/world.h"
#include "support/fake_engine.h"
#include "support/unit.h"

#define TEESHEET TS_BINARY_DIR "/teesheet"
#define SIM      TS_BINARY_DIR "/teesheet-sim"
#define WINDOW   "10"
#define SATURDAY "2026-12-05"
#define MONDAY   "2026-12-07"

static const char *const sim_options[] = { "--window", WINDOW, NULL };
static const char *const resolving[] = { "chronogolf", "foreup",       "teeitup", "cps",
                                         "teesnap",    "membersports", "golfback" };

/* A catalogue row of the fleet: what the tests want of it. */
struct row {
    char id[16], timezone[40], url[200];
};

static void copy_field(const char *line, int index, char *into, size_t cap)
{
    for (; index > 0; index--)
        line = strchr(line, ',') + 1;
    (void)snprintf(into, cap, "%.*s", (int)strcspn(line, ","), line);
}

/* The first row of an engine. Fields before the attributes have no commas in them. */
static struct row row_of(const struct world *world, const char *engine)
{
    struct row row = { "", "", "" };
    char *text = read_whole_file(world->catalogue), mark[32];
    (void)snprintf(mark, sizeof(mark), ",%s,\"", engine);
    char *at = strstr(text, mark);
    assert_non_null(at);
    *strchr(at, '\n') = '\0';
    *strrchr(at, ',') = '\0'; /* active */
    (void)snprintf(row.url, sizeof(row.url), "%s", strrchr(at, ',') + 1);
    while (at > text && at[-1] != '\n')
        at--;
    copy_field(at, 0, row.id, sizeof(row.id));
    copy_field(at, 7, row.timezone, sizeof(row.timezone));
    free(text);
    return row;
}

static struct outcome_of_run resolve(const struct world *world, const char *url,
                                     const char *engine_url, const char *store)
{
    const char *const argv[] = { TEESHEET,
                                 "courses",
                                 "add",
                                 url,
                                 "--resolve",
                                 "--now",
                                 WORLD_NOW,
                                 "--country",
                                 "US",
                                 "--user-agent",
                                 "me@oak.example",
                                 "--engine-url",
                                 engine_url,
                                 store ? "--store" : NULL,
                                 store,
                                 NULL };
    return process_run(world->dir, argv, 120);
}

static void assert_says(const struct outcome_of_run *run, const char *text,
                        const char *expected)
{
    if (!strstr(text, expected))
        fail_msg("\"%s\" is not in: %s%s", expected, run->out, run->err);
}

/* "DATE …: open, N tee times" as the fleet's truth has it of the row. */
static void assert_date(const struct world *world, const struct outcome_of_run *run,
                        const char *id, const char *date)
{
    char truth[64], outcome[32], expected[64];
    unsigned count;
    (void)snprintf(truth, sizeof(truth), "--truth-sheets=%s", date);
    const char *const argv[] = { SIM,    "--courses", world->courses, "--kind",
                                 "all",  "--now",     WORLD_NOW,      "--window",
                                 WINDOW, truth,       "--course-ids", id,
                                 NULL };
    struct outcome_of_run sim = process_run(world->dir, argv, 30);
    const char *line = strstr(sim.out, date);
    assert_non_null(line);
    assert_int_equal(sscanf(line + strlen(date), ",%31[a-z_],%u", outcome, &count), 2);
    (void)snprintf(expected, sizeof(expected), count > 0 ? ": %s, %u tee times from " : ": %s",
                   outcome, count);
    const char *said = strstr(run->err, date);
    if (!said || !strstr(said, expected) || strstr(said, expected) > said + strcspn(said, "\n"))
        fail_msg("%s%s is not in: %s", date, expected, run->err);
    outcome_of_run_free(&sim);
}

static void engines_tell_what_links_lack(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < TS_COUNT_OF(resolving); i++) {
        struct row row = row_of(world, resolving[i]);
        bool tells_zone = strcmp(resolving[i], "golfback") != 0;
        bool tells_window =
            strcmp(resolving[i], "teeitup") != 0 && strcmp(resolving[i], "membersports") != 0;
        struct outcome_of_run run = resolve(world, row.url, world->engine_url, NULL);
        if (run.exit_code != 0)
            fail_msg("%s: exit %d: %s", resolving[i], run.exit_code, run.err);
        assert_int_equal(count_of(run.out, "\n"), 2);
        assert_int_equal(count_of(run.out, row.timezone), tells_zone ? 1 : 0);
        assert_int_equal(count_of(run.out, "," WINDOW ","), tells_window ? 1 : 0);
        assert_int_equal(count_of(run.err, "booking_window_days"), tells_window ? 0 : 1);
        if (tells_zone) {
            assert_date(world, &run, row.id, SATURDAY);
            assert_date(world, &run, row.id, MONDAY);
        } else {
            assert_says(&run, run.err, "note: timezone: missing");
            assert_says(&run, run.err, "no date was looked at");
        }
        outcome_of_run_free(&run);
    }
}

/* An engine without look-ups, with the zone given: only the dates. */
static void dates_alone_are_looked_at(void **state)
{
    struct world *world = *state;
    struct row row = row_of(world, "quick18");
    const char *const argv[] = { TEESHEET,       "courses",         "add",
                                 row.url,        "--resolve",       "--now",
                                 WORLD_NOW,      "--timezone",      row.timezone,
                                 "--engine-url", world->engine_url, NULL };
    struct outcome_of_run run = process_run(world->dir, argv, 120);
    assert_int_equal(run.exit_code, 0);
    assert_says(&run, run.err, "not learnt: name, country and currency");
    assert_date(world, &run, row.id, SATURDAY);
    assert_date(world, &run, row.id, MONDAY);
    outcome_of_run_free(&run);
}

/* Each fault at each engine's first look-up. */
static void refusals_are_said(void **state)
{
    static const struct {
        const char *option, *says;
    } faults[] = {
        { "--throttle", "refused (HTTP 429)" }, { "--challenge", "a challenge" },
        { "--server-error", "HTTP 50" },        { "--reset", "no whole answer" },
        { "--truncate", "no whole answer" },    { "--html", "gave nothing" },
        { "--empty", "gave nothing" },
    };
    struct world *world = *state;
    for (size_t f = 0; f < TS_COUNT_OF(faults); f++) {
        const char *const options[] = { "--window", WINDOW, faults[f].option, "100", NULL };
        struct world twin = world_twin(world, WORLD_NOW, options);
        for (size_t i = 0; i < TS_COUNT_OF(resolving); i++) {
            struct row row = row_of(&twin, resolving[i]);
            struct outcome_of_run run = resolve(&twin, row.url, twin.engine_url, NULL);
            assert_int_equal(run.exit_code, 2);
            assert_string_equal(run.out, "");
            assert_says(&run, run.err, faults[f].says);
            outcome_of_run_free(&run);
        }
        world_end_twin(&twin);
    }
}

/* ---- One engine by hand ---- */

#define FACILITIES                                                                             \
    "[{\"id\":55,\"courseId\":\"0123456789abcdef01234567\",\"name\":\"North\",\"timeZone\":"   \
    "\"America/Denver\"},{\"id\":56,\"courseId\":\"0123456789abcdef01234568\",\"name\":"       \
    "\"South\",\"timeZone\":\"America/Denver\"}]"

static const char link[] = "https://oak.book.teeitup.com/?course=56";

static void siblings_go_into_the_store_once(void **state)
{
    static const struct fake_step steps[] = { { .path = "/alias/oak/fac", .body = FACILITIES },
                                              { .status = 404 } };
    struct world *world = *state;
    struct fake_engine *engine = fake_engine_new(steps, TS_COUNT_OF(steps), FAKE_HTTP);
    char url[80], store[160];
    (void)snprintf(url, sizeof(url), "teeitup=http://127.0.0.1:%u", fake_engine_port(engine));
    (void)snprintf(store, sizeof(store), "sqlite:%s/added.db", world->dir);
    struct outcome_of_run run = resolve(world, link, url, NULL);
    assert_int_equal(run.exit_code, 0);
    const char *south = strstr(run.out, ",South,"), *north = strstr(run.out, ",North,");
    assert_true(south && north && south < north); /* the one that the link names */
    assert_int_equal(count_of(run.err, "misconfigured"), 4);
    outcome_of_run_free(&run);
    run = resolve(world, link, url, store);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(count_of(run.out, "(teeitup) added to "), 2);
    outcome_of_run_free(&run);
    run = resolve(world, link, url, store);
    assert_int_equal(run.exit_code, 2);
    assert_says(&run, run.err, "the store has all of them already");
    outcome_of_run_free(&run);
    fake_engine_free(engine);
}

/* The look-up is answered, the first date is not: the row stands, the second is not asked. */
static void nothing_more_is_asked_after_a_refusal(void **state)
{
    static const struct fake_step steps[] = { { .path = "/alias/oak/fac", .body = FACILITIES },
                                              { .status = 429 } };
    struct world *world = *state;
    struct fake_engine *engine = fake_engine_new(steps, TS_COUNT_OF(steps), FAKE_HTTP);
    struct fake_request first, second;
    char url[80];
    (void)snprintf(url, sizeof(url), "teeitup=http://127.0.0.1:%u", fake_engine_port(engine));
    struct outcome_of_run run = resolve(world, link, url, NULL);
    assert_int_equal(run.exit_code, 0);
    assert_int_equal(count_of(run.out, "America/Denver"), 2);
    assert_says(&run, run.err, "throttled");
    assert_says(&run, run.err, "nothing more is asked of a host that refuses");
    assert_int_equal(fake_engine_requests(engine), 2);
    fake_engine_request(engine, 0, &first);
    fake_engine_request(engine, 1, &second);
    assert_non_null(strstr(first.headers, "User-Agent: teesheet/"));
    assert_non_null(strstr(first.headers, "; me@oak.example)"));
    assert_true(second.at_us - first.at_us >= 1200000); /* the engine's gap */
    outcome_of_run_free(&run);
    fake_engine_free(engine);
}

static void what_cannot_be_asked_is_said(void **state)
{
    struct world *world = *state;
    struct outcome_of_run run =
        resolve(world, "https://www.chronogolf.com/", world->engine_url, NULL);
    assert_int_equal(run.exit_code, 2);
    assert_says(&run, run.err, "the chronogolf link lacks course_uuids");
    outcome_of_run_free(&run);
    struct row row = row_of(world, "membersports");
    (void)unsetenv("TEESHEET_MEMBERSPORTS_KEY");
    run = resolve(world, row.url, world->engine_url, NULL);
    (void)setenv("TEESHEET_MEMBERSPORTS_KEY", "test-key", 1);
    assert_int_equal(run.exit_code, 2);
    assert_says(&run, run.err, "asked with a key only");
    outcome_of_run_free(&run);
    run = resolve(world, row.url, "nobody=http://127.0.0.1:1", NULL);
    assert_int_equal(run.exit_code, 1);
    assert_says(&run, run.err, "no engine \"nobody\"");
    outcome_of_run_free(&run);
}

static struct world the_world;

static int set_up(void **state)
{
    *state = &the_world;
    return world_begin_mixed(&the_world, WORLD_SQLITE, 40, sim_options) ? 0 : -1;
}

static int tear_down(void **state)
{
    world_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engines_tell_what_links_lack),
        cmocka_unit_test(dates_alone_are_looked_at),
        cmocka_unit_test(refusals_are_said),
        cmocka_unit_test(siblings_go_into_the_store_once),
        cmocka_unit_test(nothing_more_is_asked_after_a_refusal),
        cmocka_unit_test(what_cannot_be_asked_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
