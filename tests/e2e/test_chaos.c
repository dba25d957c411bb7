/*
 * test_chaos.c exercises sweeps of a fleet of all eight engines while everything around them
 * goes wrong at once, once per kind of store: hosts that throttle, fail, reset, truncate, lie,
 * drown the client or are dead; bookings that change; the collector killed (-9), paused and
 * run again with --max-age; PostgreSQL restarted or its sessions ended; the collector's clock
 * ahead or behind; midnights and the nights in which the clock changes. After every sweep,
 * however it ended: no stored tee time that never was (phantom) or is other than stored
 * (altered), none of an observed tee sheet missing (lost), none gone from a tee sheet that was
 * not observed, every tee sheet is there that was said to be committed, the database is sound,
 * the memory is within its limit, and in sweeps with a pace no host saw more at once or faster
 * than allowed, or was asked before its Retry-After was over. In the end the hosts recover, and
 * one sweep brings everything up to date. TS_SEED draws everything but the exact moments (17),
 * TS_CHAOS_SECONDS sets how long (60).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "e2e/sanitized.h"
#include "e2e/seen.h"
#include "e2e/witness.h"
#include "support/unit.h"

#define COURSES            40
#define SECONDS_BY_DEFAULT 60
#define SEED_BY_DEFAULT    17
#define OPTIONS_MAX        32
#define GAP_MS             250
#define PARALLEL           2
#define RUN_MS             (5 * GAP_MS)
#define RETRY_AFTER_MS     1000
/* Requests may reach the simulator closer together than they left: the machine is busy. */
#define GAP_SLACK_MS         150
#define RETRY_AFTER_SLACK_MS 300 /* and a 429 may be read late */
#define SWEEP_WAIT_S         120
#define ROUND_MAX_S          120
#define ROWS_PER_START       2 /* hole counts */
#define HOUR_S               3600
#define JUMP_S               1500 /* of the collector's clock */
#define JUMP_ROUNDS          5    /* of which one is ahead and one behind */

static enum world_store kind;

enum action { LEFT_ALONE, KILLED, PAUSED, STORE_RESTARTED, ACTIONS };

struct mood {
    const char *name;
    bool spoils_rows; /* a damaged row is counted as unreadable, and the others are stored */
    bool paced; /* sweeps keep the pace that is checked: no faults that end a transfer early */
    const char *options[16];
};

static const struct mood moods[] = {
    { "mixed",
      false,
      false,
      { "--throttle", "3", "--retry-after", "0", "--server-error", "3", "--reset", "2",
        "--truncate", "3", "--html", "3", "--empty", "3" } },
    { "polite", false, true, { "--latency", "150", "--jitter", "150" } },
    /* More than two gaps: the limit of requests at once counts. */
    { "patient", false, true, { "--latency", "600", "--jitter", "300" } },
    { "slow",
      false,
      false,
      { "--latency", "80", "--jitter", "400", "--gzip", "--drip", "15" } },
    { "throttling",
      false,
      false,
      { "--throttle", "20", "--retry-after", "0", "--limit-rate", "60" } },
    { "failing", false, false, { "--server-error", "20", "--reset", "10", "--jitter", "20" } },
    { "paced", false, true, { "--throttle", "6", "--server-error", "6", "--latency", "60" } },
    { "lying",
      false,
      false,
      { "--html", "8", "--throttled-empty", "15", "--no-table", "15", "--empty", "5",
        "--wrong-shape", "8" } },
    { "broken",
      true,
      false,
      { "--truncate", "10", "--malformed", "8", "--nul", "4", "--bad-utf8", "4", "--bad-number",
        "4" } },
    { "drowning",
      false,
      false,
      { "--huge", "4", "--huge-body", "64M", "--endless=3", "--gzip", "--jitter", "30" } },
    { "dead", false, false, { "--reset", "100" } },
    { "challenging", false, false, { "--challenge", "4", "--jitter", "50" } },
    { "calm", false, false, { "--jitter", "10" } },
};

/* Near midnight in one of the fleet's zones, and the nights in which clocks change. */
static const char *const moments[] = {
    "2026-10-31T21:00:00Z", "2026-11-01T03:59:57Z", /* midnight in New York */
    "2026-11-01T05:59:57Z",                         /* its clock goes back from 2:00 */
    "2026-11-01T08:59:57Z",                         /* that of Los Angeles */
    "2026-11-01T13:10:00Z", "2026-11-02T07:59:57Z", /* midnight in Los Angeles */
    "2026-12-04T04:59:57Z",                         /* midnight in New York */
    "2026-12-04T16:20:00Z",                         /* tee times pass */
    "2027-03-13T20:00:00Z", "2027-03-14T04:59:57Z", /* midnight in New York */
    "2027-03-14T06:59:57Z",                         /* its clock goes from 2:00 to 3:00 */
    "2027-03-14T09:59:57Z",                         /* that of Los Angeles */
    "2027-03-15T03:29:57Z",
};

struct campaign {
    struct world world;
    uint32_t random, seed;
    unsigned round, sweeps, kills, pauses, restarts, refused, resumed, paced, jumps;
    int64_t skew;       /* seconds the collector's clock is ahead */
    int64_t instant;    /* the simulator's clock when it started */
    int64_t started_us; /* that moment here */
    char now[32], sweep_now[32];
    const char *options[OPTIONS_MAX];
    const struct mood *mood;
    struct witness before;
    struct witness_tally tally;
    struct seen seen;
    long long peak, unread;
    long long skipped_rows; /* of the last sweep */
    long long committed;    /* tee sheets, as sweeps said */
    struct seen paced_seen;
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

static void write_instant(int64_t instant, char *text, size_t cap)
{
    struct buf buf = buf_over(text, cap);
    instant_format(instant, &buf);
    assert_false(buf.overflow);
}

/* ---- the world ---- */

static void choose_moment(struct campaign *campaign)
{
    if (campaign->round < TS_COUNT_OF(moments))
        assert_true(instant_parse(str_of(moments[campaign->round]), &campaign->instant));
    else
        campaign->instant += 600 + below(campaign, 8 * 3600);
    write_instant(campaign->instant, campaign->now, sizeof(campaign->now));
    campaign->world.now = campaign->now;
}

static void choose_mood(struct campaign *campaign)
{
    /* Bookings change on the hour; who asks an engine in several steps across that moment
     * sees some of both, and no truth to hold it against. */
    bool across = campaign->instant / HOUR_S != (campaign->instant + ROUND_MAX_S) / HOUR_S;
    campaign->options[0] = "--short-window";
    campaign->options[1] = "20";
    campaign->options[2] = "--churn";
    campaign->options[3] = across ? "0" : "20";
    size_t count = 4;
    for (size_t i = 0; i < TS_COUNT_OF(campaign->mood->options); i++) {
        if (campaign->mood->options[i])
            campaign->options[count++] = campaign->mood->options[i];
    }
    campaign->options[count] = NULL;
}

/* A clock that was set, and is right again in the next round. */
static void choose_skew(struct campaign *campaign)
{
    unsigned place = campaign->round % JUMP_ROUNDS;
    campaign->skew = place == 1 ? JUMP_S : place == 3 ? -JUMP_S : 0;
    campaign->jumps += campaign->skew != 0;
}

/* What sweeps have learnt of hosts would keep them further from what is allowed. */
static void forget_hosts(const struct world *world)
{
    char result[64];
    world_query(world, "delete from hosts", result, sizeof(result));
}

static void begin_round(struct campaign *campaign)
{
    campaign->mood = &moods[(campaign->round + campaign->seed) % TS_COUNT_OF(moods)];
    choose_moment(campaign);
    choose_skew(campaign);
    choose_mood(campaign);
    if (campaign->mood->paced && campaign->before.sheets.count > 0)
        forget_hosts(&campaign->world);
    if (campaign->round > 0)
        world_restart_sim(&campaign->world, campaign->options);
    campaign->started_us = clock_monotonic_us();
}

/* The simulator's clock, or a little later. */
static int64_t world_clock(const struct campaign *campaign)
{
    return campaign->instant + 1 +
           (clock_monotonic_us() - campaign->started_us) / CLOCK_SECOND_US;
}

/* ---- sweeps and what befalls them ---- */

static struct process start_sweep(struct campaign *campaign, int64_t from, bool resumed)
{
    const char *options[OPTIONS_MAX] = { "--days",       "3",
                                         "--batch-size", "8",
                                         "--deadline",   "2500ms",
                                         "--retries",    "2",
                                         "--timeout",    "1500ms",
                                         "--summary",    "json",
                                         "--now",        campaign->sweep_now,
                                         "--log-format", "text" };
    size_t count = 16;
    if (resumed) {
        options[count++] = "--max-age";
        options[count++] = "0-0=20m,1+=1h";
    }
    if (campaign->mood->paced) {
        options[count++] = "--host-gap";
        options[count++] = "250ms";
        options[count++] = "--host-parallel";
        options[count++] = "2";
        options[count++] = "--concurrency"; /* so that only hosts hold it up */
        options[count++] = "40";
    }
    assert_true(count < OPTIONS_MAX);
    write_instant(from + campaign->skew, campaign->sweep_now, sizeof(campaign->sweep_now));
    campaign->sweeps++;
    return world_start_sweep(&campaign->world, options);
}

/* Anywhere, or a little after a batch went to the store. */
static void wait_for_moment(struct campaign *campaign, const struct process *sweep,
                            enum action action)
{
    uint32_t ms = below(campaign, 900);
    if (action == KILLED && ms % 2 &&
        world_wait_for(sweep, "Processing batch", 1 + below(campaign, 4)))
        (void)usleep(ms * 20);
    else
        (void)usleep(20000 + ms * 1000);
}

static void disturb(struct campaign *campaign, const struct process *sweep, enum action action)
{
    wait_for_moment(campaign, sweep, action);
    if (!process_is_running(sweep))
        return;
    if (action == KILLED) {
        assert_int_equal(kill(sweep->pid, SIGKILL), 0);
    } else if (action == PAUSED) {
        assert_int_equal(kill(sweep->pid, SIGSTOP), 0);
        (void)usleep(100000 + below(campaign, 1500) * 1000);
        assert_int_equal(kill(sweep->pid, SIGCONT), 0);
        campaign->pauses++;
    } else if (action == STORE_RESTARTED && kind == WORLD_POSTGRES) {
        const char *command = campaign->restarts++ % 2 ? "kill-backend" : "restart";
        assert_int_equal(pg_server_run(&campaign->world.postgres, command,
                                       strcmp(command, "restart") == 0 ? "0" : NULL, NULL, 0),
                         0);
    }
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

static void check_run(struct campaign *campaign, const struct outcome_of_run *run,
                      enum action action)
{
    campaign->skipped_rows = 0;
    if (run->exit_code == 128 + SIGKILL) {
        campaign->kills++;
        wait_for_sessions(&campaign->world);
        return;
    }
    /* A store that goes away before the first request is "could not start". */
    if (run->exit_code == 2 && action == STORE_RESTARTED && !strstr(run->err, "plan:")) {
        campaign->refused++;
        return;
    }
    if (run->exit_code != 0 && run->exit_code != 3 && run->exit_code != 5)
        fail_msg("round %u (%s): exit code %d; it said:\n%s\n%s", campaign->round,
                 campaign->mood->name, run->exit_code, run->err, run->out);
    if (campaign->mood->spoils_rows)
        campaign->skipped_rows = world_summary_number(run->out, "skipped_rows");
    long long peak = world_summary_number(run->out, "peak_rss_bytes");
    if (peak > campaign->peak)
        campaign->peak = peak;
    if (!TS_SANITIZED && peak > world_summary_number(run->out, "memory_limit_bytes"))
        fail_msg("round %u (%s): peak RSS %lld in:\n%s", campaign->round, campaign->mood->name,
                 peak, run->out);
}

static void check_database(const struct world *world)
{
    if (world->kind != WORLD_SQLITE)
        return;
    char result[64];
    world_query(world, "pragma integrity_check", result, sizeof(result));
    assert_string_equal(result, "ok");
}

static void check_store(struct campaign *campaign, int64_t from)
{
    struct witness after = witness_take(&campaign->world);
    struct witness_clock clock = { from, world_clock(campaign), campaign->skew };
    struct witness_tally *tally = &campaign->tally;
    struct witness_tally so_far = *tally;
    if (after.sheets.count > 0) {
        witness_compare(&campaign->world, &campaign->before, &after, clock, tally);
        check_database(&campaign->world);
    }
    witness_free(&campaign->before);
    campaign->before = after;
    /* What the program says it could not read, it has not observed. */
    unsigned long long unread = tally->lost - so_far.lost + tally->altered - so_far.altered;
    if (unread <= (unsigned long long)campaign->skipped_rows * ROWS_PER_START) {
        campaign->unread += (long long)unread;
        tally->lost = so_far.lost;
        tally->altered = so_far.altered;
    }
    if (tally->lost || tally->altered || tally->phantom || tally->closed)
        fail_msg("round %u (%s, %s): lost = %llu, altered = %llu, phantom = %llu, closed "
                 "without a look = %llu",
                 campaign->round, campaign->mood->name, campaign->now, tally->lost,
                 tally->altered, tally->phantom, tally->closed);
}

/* True: it was killed. */
static bool sweep_once(struct campaign *campaign, enum action action, bool resumed)
{
    int64_t from = world_clock(campaign);
    struct process sweep = start_sweep(campaign, from, resumed);
    if (action != LEFT_ALONE)
        disturb(campaign, &sweep, action);
    struct outcome_of_run run = process_wait(&sweep, SWEEP_WAIT_S);
    bool killed = run.exit_code == 128 + SIGKILL;
    check_run(campaign, &run, action);
    campaign->committed +=
        witness_check_committed(&campaign->world, run.err, from + campaign->skew);
    check_store(campaign, from);
    outcome_of_run_free(&run);
    return killed;
}

/* ---- manners, as the simulator saw them ---- */

static void check_pace(struct campaign *campaign, const struct seen *seen)
{
    if (!campaign->mood->paced || seen->host_gap_ms < 0)
        return;
    campaign->paced++;
    seen_add(&campaign->world, &campaign->paced_seen);
    if (seen->host_parallel > PARALLEL || seen->host_gap_ms < GAP_MS - GAP_SLACK_MS ||
        (seen->host_run_ms >= 0 && seen->host_run_ms < RUN_MS - GAP_SLACK_MS) ||
        seen->host_intrusion_ms > RETRY_AFTER_SLACK_MS)
        fail_msg("round %u (%s): a host saw %lld requests at once, two %.1f ms apart, six "
                 "within %.1f ms, one %.1f ms inside the time of a Retry-After",
                 campaign->round, campaign->mood->name, seen->host_parallel, seen->host_gap_ms,
                 seen->host_run_ms, seen->host_intrusion_ms);
}

static void end_round(struct campaign *campaign)
{
    struct seen seen = { 0 };
    seen_add(&campaign->world, &seen);
    seen_add(&campaign->world, &campaign->seen);
    double seconds = (double)(clock_monotonic_us() - campaign->started_us) / CLOCK_SECOND_US;
    check_pace(campaign, &seen);
    print_message("%2u %s %s: %lld requests, %lld faults, %.1f s\n", campaign->round,
                  campaign->now, campaign->mood->name, seen.requests, seen_faults(&seen),
                  seconds);
    campaign->round++;
}

static void run_round(struct campaign *campaign)
{
    begin_round(campaign);
    /* Each mood meets another action when its turn comes again. */
    enum action action =
        (enum action)((campaign->round + campaign->round / TS_COUNT_OF(moods)) % ACTIONS);
    if (campaign->mood->spoils_rows) /* only a whole sweep says how many */
        action = LEFT_ALONE;
    bool killed = sweep_once(campaign, action, false);
    for (; killed; campaign->resumed++) {
        if (campaign->mood->paced) /* of which a killed process knows nothing any more */
            (void)usleep(RETRY_AFTER_MS * 1000);
        killed = sweep_once(campaign, below(campaign, 3) ? LEFT_ALONE : KILLED, true);
    }
    end_round(campaign);
}

/* The hosts recover: all is looked at, and all is there, but for tee sheets none of whose few
 * rows could be read, which the summary counts. */
static void recover(struct campaign *campaign)
{
    static const char *const options[] = { "--days", "3", "--summary", "json", NULL };
    campaign->mood = &moods[TS_COUNT_OF(moods) - 1];
    campaign->skew = 0;
    choose_moment(campaign);
    campaign->instant += HOUR_S; /* later than any stamp of a clock that was ahead */
    write_instant(campaign->instant, campaign->now, sizeof(campaign->now));
    choose_mood(campaign);
    world_restart_sim(&campaign->world, campaign->options);
    campaign->started_us = clock_monotonic_us();
    struct outcome_of_run run = world_sweep(&campaign->world, options);
    campaign->sweeps++;
    if (run.exit_code != 0 || world_summary_number(run.out, "unknown") >
                                  world_summary_number(run.out, "skipped_rows"))
        fail_msg("the last sweep (%s): exit code %d; it said:\n%s\n%s", campaign->now,
                 run.exit_code, run.out, run.err);
    outcome_of_run_free(&run);
    check_store(campaign, campaign->instant);
}

static void report(const struct campaign *campaign)
{
    const struct witness_tally *tally = &campaign->tally;
    print_message("%u sweeps in %u rounds, %u kills, %u pauses, %u restarts of the store (%u "
                  "before a plan), %u resumed, %u clock jumps\n",
                  campaign->sweeps, campaign->round, campaign->kills, campaign->pauses,
                  campaign->restarts, campaign->refused, campaign->resumed, campaign->jumps);
    seen_print(&campaign->seen);
    const struct seen *paced = &campaign->paced_seen;
    print_message("%u paced rounds: at most %lld at once (allowed %d), two %.1f ms apart at "
                  "least (%d), six within %.1f ms (%d), %.1f ms inside the time of a "
                  "Retry-After\n",
                  campaign->paced, paced->host_parallel, PARALLEL, paced->host_gap_ms, GAP_MS,
                  paced->host_run_ms, RUN_MS, paced->host_intrusion_ms);
    print_message(
        "peak RSS %.1f MiB, %lld tee sheets said to be committed, %llu observed, %llu "
        "left as they were\n",
        (double)campaign->peak / (1 << 20), campaign->committed, tally->observed,
        tally->untouched);
    print_message("%lld tee times lost or altered by rows that were reported as unreadable\n",
                  campaign->unread);
    print_message("lost = %llu, altered = %llu, phantom = %llu, closed without a look = %llu\n",
                  tally->lost, tally->altered, tally->phantom, tally->closed);
}

static void nothing_lost_under_fire(void **state)
{
    (void)state;
    static struct campaign campaign;
    campaign.random = campaign.seed = from_environment("TS_SEED", SEED_BY_DEFAULT);
    int64_t end =
        clock_monotonic_us() +
        (int64_t)from_environment("TS_CHAOS_SECONDS", SECONDS_BY_DEFAULT) * CLOCK_SECOND_US;
    print_message("TS_SEED=%u\n", campaign.seed);
    campaign.mood = &moods[campaign.seed % TS_COUNT_OF(moods)];
    choose_mood(&campaign);
    if (!world_begin_mixed(&campaign.world, kind, COURSES, campaign.options))
        skip();
    campaign.round = 0;
    choose_moment(&campaign);
    world_restart_sim(&campaign.world, campaign.options);
    while (clock_monotonic_us() < end ||
           campaign.round < TS_COUNT_OF(moods)) /* each mood once */
        run_round(&campaign);
    recover(&campaign);
    report(&campaign);
    assert_true(campaign.kills > 0 && seen_faults(&campaign.seen) > 0 && campaign.paced > 0);
    assert_true(campaign.tally.observed > 0 && campaign.tally.untouched > 0);
    assert_int_equal(campaign.paced_seen.host_parallel, PARALLEL); /* the limit was reached */
    witness_free(&campaign.before);
    world_end(&campaign.world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_lost_under_fire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
