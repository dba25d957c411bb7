/*
 * test_kill.c exercises what a sweep leaves when it or its database is ended by force, once per
 * kind of store:
 *   `kill -9` at random moments, from the first instruction to the last commit: the database is
 * sound, what is stored is true and of whole batches, none that was said to be committed is
 * lost, and the next sweep with --max-age starts at once (the dead sweep's lease does not hold
 * it up), asks for what is missing only, and ends with the truth.
 *   PostgreSQL: sessions ended and the server stopped for ten seconds in mid-sweep: the sweep
 * tries again, loses nothing, and its memory stays flat. Stopped for good: nothing more is
 * asked meanwhile, and the sweep ends when its patience does.
 * TS_KILLS sets how many kills (10), TS_SEED their moments (17).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "e2e/seen.h"
#include "e2e/world.h"
#include "support/unit.h"

#define COURSES          24
#define DATES            "2026-12-04..2026-12-13"
#define SHEETS           (COURSES * 10)
#define BATCH            "16"
#define BATCH_SHEETS     16
#define BATCHES          (SHEETS / BATCH_SHEETS)
#define KILLS_BY_DEFAULT 10
#define SEED_BY_DEFAULT  17
#define STEP_S           15 /* of --now between sweeps: later looks are newer */
#define SHARES           100
#define FLAT_BYTES       (2 << 20)

static enum world_store kind;

/* Where kills hit, by what the sweep had said. */
enum stage { STAGE_START_UP, STAGE_FETCHING, STAGE_COMMITTING, STAGES };

static const char *const stages[STAGES] = { "during start-up", "between batches",
                                            "during a commit" };

struct campaign {
    struct world world;
    uint32_t random;
    long long observed; /* in the store, before the next sweep */
    unsigned sweeps;    /* of this store */
    unsigned rounds, kills, reruns, hits[STAGES];
    int64_t whole_us; /* an undisturbed sweep's time */
    char now[32];
};

static uint32_t below(struct campaign *campaign, uint32_t limit)
{
    campaign->random = campaign->random * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)campaign->random * limit) >> 32);
}

static unsigned from_environment(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static struct process start_sweep(struct campaign *campaign)
{
    int64_t now;
    assert_true(instant_parse(STR(WORLD_NOW), &now));
    struct buf buf = buf_over(campaign->now, sizeof(campaign->now));
    instant_format(now + (int64_t)campaign->sweeps++ * STEP_S, &buf);
    assert_false(buf.overflow);
    const char *const options[] = { "--days", "10",    "--batch-size", BATCH,       "--max-age",
                                    "1h",     "--now", campaign->now,  "--summary", "json",
                                    NULL };
    return world_start_sweep(&campaign->world, options);
}

/* What "plan: 1,000 tee sheets" says; -1: it did not get that far. */
static long long planned_of(const char *err)
{
    const char *at = strstr(err, "plan: ");
    if (!at)
        return -1;
    long long number = 0;
    for (at += strlen("plan: "); *at == ',' || (*at >= '0' && *at <= '9'); at++)
        number = *at == ',' ? number : number * 10 + (*at - '0');
    return number;
}

static enum stage stage_of(const char *err)
{
    if (!strstr(err, "memory plan:"))
        return STAGE_START_UP;
    return count_of(err, "Processing batch") > count_of(err, "completed successfully")
               ? STAGE_COMMITTING
               : STAGE_FETCHING;
}

/* A killed sweep's session may still be at its last transaction. */
static void wait_for_sessions(const struct world *world)
{
    for (int i = 0; i < 1000 && world->kind == WORLD_POSTGRES; i++) {
        if (world_number(world, "select count(*) from pg_stat_activity where usename = "
                                "'teesheet'") == 0)
            return;
        (void)usleep(10000);
    }
}

static long long count_observed(const struct world *world)
{
    return world_has_store(world)
               ? world_number(world, "select count(*) from tee_sheets where observed_at is not "
                                     "null")
               : 0;
}

/* Batches are there whole, those that were said to be committed at least. */
static void check_batches(const char *err, long long tee_sheets)
{
    long long said = (long long)count_of(err, "completed successfully");
    if (tee_sheets % BATCH_SHEETS != 0 || tee_sheets / BATCH_SHEETS < said)
        fail_msg("%lld tee sheets are there of batches of %d, %lld batches were said to be "
                 "committed",
                 tee_sheets, BATCH_SHEETS, said);
}

static void check_killed(struct campaign *campaign, const char *err)
{
    long long planned = planned_of(err);
    if (planned >= 0 && planned != SHEETS - campaign->observed)
        fail_msg("%lld tee sheets planned with %lld observed", planned, campaign->observed);
    campaign->hits[stage_of(err)]++;
    campaign->kills++;
    wait_for_sessions(&campaign->world);
    long long observed = count_observed(&campaign->world);
    check_batches(err, observed - campaign->observed);
    campaign->observed = observed;
    if (observed == 0)
        return;
    world_check_integrity(&campaign->world);
    world_check_subset(&campaign->world, DATES);
}

/* A sweep that ran to its end: asked for what was missing only, and completed the store. */
static void check_complete(struct campaign *campaign, const struct outcome_of_run *run)
{
    if (run->exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run->exit_code, run->err);
    assert_int_equal(world_summary_number(run->out, "planned"), SHEETS - campaign->observed);
    assert_int_equal(world_summary_number(run->out, "fresh"), campaign->observed);
    assert_null(strstr(run->err, "is running"));
    world_check_integrity(&campaign->world);
    world_check_truth(&campaign->world, DATES);
    campaign->reruns++;
    world_empty_store(&campaign->world);
    campaign->observed = 0;
    campaign->sweeps = 0;
}

/* In turn: while it starts, anywhere, and a little after a batch went to the store. */
static void wait_for_moment(struct campaign *campaign, const struct process *sweep)
{
    uint32_t share = below(campaign, SHARES);
    switch (campaign->rounds++ % STAGES) {
    case STAGE_START_UP:
        (void)usleep(share * 1000);
        break;
    case STAGE_FETCHING:
        (void)usleep((useconds_t)(campaign->whole_us / SHARES * share));
        break;
    default:
        (void)world_wait_for(sweep, "Processing batch", 1 + below(campaign, BATCHES / 2));
        (void)usleep(share * 300);
    }
}

static void kill_once(struct campaign *campaign)
{
    struct process sweep = start_sweep(campaign);
    wait_for_moment(campaign, &sweep);
    bool ended = !process_is_running(&sweep);
    if (!ended)
        assert_int_equal(kill(sweep.pid, SIGKILL), 0);
    struct outcome_of_run run = process_wait(&sweep, 120);
    if (run.exit_code == 128 + SIGKILL)
        check_killed(campaign, run.err);
    else
        check_complete(campaign, &run);
    outcome_of_run_free(&run);
}

static void run_to_the_end(struct campaign *campaign)
{
    int64_t start = clock_monotonic_us();
    struct process sweep = start_sweep(campaign);
    struct outcome_of_run run = process_wait(&sweep, 120);
    campaign->whole_us = clock_monotonic_us() - start;
    check_complete(campaign, &run);
    outcome_of_run_free(&run);
}

static void killed_at_random_moments(void **state)
{
    (void)state;
    struct campaign campaign = { .random = from_environment("TS_SEED", SEED_BY_DEFAULT) };
    unsigned kills = from_environment("TS_KILLS", KILLS_BY_DEFAULT);
    print_message("seed %u, %u kills\n", campaign.random, kills);
    if (!world_begin(&campaign.world, kind, COURSES, NULL))
        skip();
    run_to_the_end(&campaign);
    while (campaign.kills < kills)
        kill_once(&campaign);
    run_to_the_end(&campaign);
    print_message("%u kills:", campaign.kills);
    for (int stage = 0; stage < STAGES; stage++)
        print_message(" %u %s,", campaign.hits[stage], stages[stage]);
    print_message(" %u sweeps ran to the end\n", campaign.reruns);
    world_end(&campaign.world);
}

/* ---- PostgreSQL goes away ---- */

static long long undisturbed_peak(const struct world *world, const char *const *options)
{
    struct outcome_of_run run = world_sweep(world, options);
    assert_int_equal(run.exit_code, 0);
    long long peak = world_summary_number(run.out, "peak_rss_bytes");
    assert_true(peak > 0);
    outcome_of_run_free(&run);
    world_empty_store(world);
    return peak;
}

/* Disturbs a sweep by `disturb`, which returns how often; the outcome must be the same. */
static void disturbed(unsigned (*disturb)(const struct world *, const struct process *))
{
    static const char *const options[] = { "--days", "10", "--batch-size", BATCH, "--summary",
                                           "json",   NULL };
    struct world world;
    if (!world_begin(&world, kind, COURSES, NULL))
        skip();
    long long peak = undisturbed_peak(&world, options);
    int64_t start = clock_monotonic_us();
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "completed successfully", 1));
    unsigned times = disturb(&world, &sweep);
    struct outcome_of_run run = process_wait(&sweep, 120);
    long long disturbed_peak =
        run.exit_code == 0 ? world_summary_number(run.out, "peak_rss_bytes") : 0;
    print_message("disturbed %u times, told %zu times, %.1f s, peak RSS %.1f MiB (undisturbed "
                  "%.1f)\n",
                  times, count_of(run.err, "trying again"),
                  (double)(clock_monotonic_us() - start) / CLOCK_SECOND_US,
                  (double)disturbed_peak / (1 << 20), (double)peak / (1 << 20));
    if (run.exit_code != 0)
        fail_msg("exit code %d; it said:\n%s", run.exit_code, run.err);
    assert_true(count_of(run.err, "trying again") >= times);
    assert_true(disturbed_peak <= peak + FLAT_BYTES);
    assert_int_equal(world_summary_number(run.out, "batches"), BATCHES);
    outcome_of_run_free(&run);
    world_check_truth(&world, DATES);
    world_end(&world);
}

static unsigned end_sessions(const struct world *world, const struct process *sweep)
{
    unsigned times = 0;
    for (size_t batch = 2; batch < BATCHES - 2; batch += 3) {
        char said[400] = "";
        if (!world_wait_for(sweep, "completed successfully", batch))
            break;
        assert_int_equal(
            pg_server_run(&world->postgres, "kill-backend", NULL, said, sizeof(said)), 0);
        times += said[0] == '1';
    }
    assert_true(times >= 3);
    return times;
}

static unsigned stop_for_ten_seconds(const struct world *world, const struct process *sweep)
{
    assert_true(process_is_running(sweep));
    assert_int_equal(pg_server_run(&world->postgres, "restart", "10", NULL, 0), 0);
    assert_true(process_is_running(sweep));
    return 1;
}

static void sessions_are_ended(void **state)
{
    (void)state;
    disturbed(end_sessions);
}

static void server_is_stopped(void **state)
{
    (void)state;
    disturbed(stop_for_ten_seconds);
}

static void check_lost(const struct world *world, const struct outcome_of_run *run)
{
    if (run->exit_code != 2)
        fail_msg("exit code %d; it said:\n%s", run->exit_code, run->err);
    assert_int_equal(count_of(run->err, "error: "), 1);
    assert_non_null(strstr(run->out, "\"verdict\":\"failed\""));
    assert_int_equal(world_number(world, "select count(*) from tee_sheets"),
                     16 * (long long)count_of(run->err, "completed successfully"));
    world_check_subset(world, DATES);
}

static void server_stays_away(void **state)
{
    (void)state;
    static const char *const slow[] = { "--latency", "30", NULL };
    static const char *const options[] = {
        "--days", "10",        "--batch-size", BATCH, "--store-patience",
        "5s",     "--summary", "json",         NULL
    };
    struct world world;
    struct seen full = { 0 }, end = { 0 };
    if (!world_begin(&world, kind, COURSES, slow))
        skip();
    struct process sweep = world_start_sweep(&world, options);
    assert_true(world_wait_for(&sweep, "completed successfully", 1));
    assert_int_equal(pg_server_run(&world.postgres, "down", NULL, NULL, 0), 0);
    (void)usleep(2500000); /* both batches are full */
    seen_add(&world, &full);
    struct outcome_of_run run = process_wait(&sweep, 60);
    seen_add(&world, &end);
    assert_int_equal(pg_server_run(&world.postgres, "up", NULL, NULL, 0), 0);
    print_message("%lld requests, the last %lld while the store was away\n", end.requests,
                  end.requests - full.requests);
    assert_int_equal(end.requests, full.requests);
    check_lost(&world, &run);
    outcome_of_run_free(&run);
    world_end(&world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest everywhere[] = {
        cmocka_unit_test(killed_at_random_moments),
    };
    const struct CMUnitTest postgres[] = {
        cmocka_unit_test(killed_at_random_moments),
        cmocka_unit_test(sessions_are_ended),
        cmocka_unit_test(server_is_stopped),
        cmocka_unit_test(server_stays_away),
    };
    if (kind == WORLD_POSTGRES)
        return cmocka_run_group_tests_name("kill (postgres)", postgres, NULL, NULL);
    return cmocka_run_group_tests_name("kill (sqlite)", everywhere, NULL, NULL);
}
