/*
 * test_endurance.c exercises sweep after sweep under faults, once per kind of store: what a
 * sweep needs (memory, open files) and what it leaves (tables, files, the write-ahead log)
 * stays as it was after the first ones, however many follow.
 * TS_ENDURANCE_SECONDS sets how long (60), 7200 for an evening.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "e2e/seen.h"
#include "support/unit.h"

#define COURSES            24
#define SECONDS_BY_DEFAULT 60
#define START              "2026-12-04T13:00:00Z" /* no midnight of the fleet's for 10 hours */
#define WARM_UP            3                      /* sweeps that may still grow */
#define STEP_S             2                      /* of the clock, at the least */
#define LOOK_US            2000
#define RSS_SLACK          (4 << 20)
#define FD_SLACK           8
#define WAL_SLACK          (2 << 20)
#define DB_SLACK           (1 << 20)
#define DB_BYTES_PER_SWEEP 4096 /* a row of runs, with its indexes */
#define REPORT_US          (600 * CLOCK_SECOND_US)

static enum world_store kind;

/* The most, or the last, of each kind. */
struct levels {
    long long rss, fds, wal, store, sheets, times, events;
};

struct marathon {
    struct world world;
    unsigned sweeps;
    int64_t instant;
    long long unknown; /* tee sheets, in the last sweep */
    struct levels now, warm, most;
    struct seen seen;
};

static unsigned from_environment(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void raise_to(long long *most, long long value)
{
    if (value > *most)
        *most = value;
}

static long long count_fds(const struct process *sweep)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)sweep->pid);
    DIR *dir = opendir(path);
    long long count = 0;
    while (dir && readdir(dir))
        count++;
    if (dir)
        (void)closedir(dir);
    return count;
}

static long long file_bytes(const struct world *world, const char *suffix)
{
    char path[500];
    struct stat status;
    (void)snprintf(path, sizeof(path), "%s%s", world->store_url + strlen("sqlite:"), suffix);
    return stat(path, &status) == 0 ? (long long)status.st_size : 0;
}

/* What can be seen only while it runs. */
static void watch(struct marathon *marathon, const struct process *sweep)
{
    while (process_is_running(sweep)) {
        raise_to(&marathon->now.fds, count_fds(sweep));
        if (kind == WORLD_SQLITE)
            raise_to(&marathon->now.wal, file_bytes(&marathon->world, "-wal"));
        (void)usleep(LOOK_US);
    }
}

static void measure_store(struct marathon *marathon)
{
    const struct world *world = &marathon->world;
    struct levels *now = &marathon->now;
    now->sheets = world_number(world, "select count(*) from tee_sheets");
    now->times = world_number(world, "select count(*) from tee_times");
    now->events = world_number(world, "select count(*) from tee_time_events");
    if (kind == WORLD_SQLITE)
        now->store = file_bytes(world, "");
    else
        now->store =
            world_number(world, "select sum(pg_total_relation_size(c.oid)) from "
                                "pg_class c join pg_namespace n on n.oid = relnamespace "
                                "where nspname = 'teesheet' and relkind in ('r', 'm')");
}

static void sweep_once(struct marathon *marathon)
{
    char now[32];
    struct buf buf = buf_over(now, sizeof(now));
    instant_format(marathon->instant, &buf);
    const char *const options[] = { "--days",    "3",  "--batch-size", "8",    "--retries", "6",
                                    "--timeout", "5s", "--summary",    "json", "--now",     now,
                                    NULL };
    int64_t start = clock_monotonic_us();
    marathon->now = (struct levels){ 0 };
    struct process sweep = world_start_sweep(&marathon->world, options);
    watch(marathon, &sweep);
    struct outcome_of_run run = process_wait(&sweep, 120);
    if (run.exit_code != 0 && run.exit_code != 3)
        fail_msg("exit code %d; it said:\n%s\n%s", run.exit_code, run.err, run.out);
    marathon->now.rss = world_summary_number(run.out, "peak_rss_bytes");
    marathon->unknown =
        world_summary_number(run.out, "unknown") + world_summary_number(run.out, "held");
    outcome_of_run_free(&run);
    measure_store(marathon);
    marathon->instant += STEP_S + (clock_monotonic_us() - start) / CLOCK_SECOND_US;
    marathon->sweeps++;
}

static void keep_most(struct levels *most, const struct levels *now)
{
    raise_to(&most->rss, now->rss);
    raise_to(&most->fds, now->fds);
    raise_to(&most->wal, now->wal);
    raise_to(&most->store, now->store);
    raise_to(&most->sheets, now->sheets);
    raise_to(&most->times, now->times);
    raise_to(&most->events, now->events);
}

static void print_levels(const char *when, const struct levels *levels)
{
    print_message("%s: RSS %.1f MiB, %lld descriptors, WAL %lld KiB, store %lld KiB, %lld tee "
                  "sheets, %lld tee times, %lld events\n",
                  when, (double)levels->rss / (1 << 20), levels->fds, levels->wal >> 10,
                  levels->store >> 10, levels->sheets, levels->times, levels->events);
}

/* Of a long run something is known also if it is cut short. */
static void report_now_and_then(const struct marathon *marathon, int64_t *next_us)
{
    if (clock_monotonic_us() < *next_us)
        return;
    *next_us += REPORT_US;
    print_message("%u sweeps; ", marathon->sweeps);
    print_levels("the most so far", &marathon->most);
    (void)fflush(stdout);
}

static void check_flat(const struct marathon *marathon)
{
    const struct levels *warm = &marathon->warm, *most = &marathon->most;
    assert_true(marathon->sweeps > WARM_UP);
    assert_true(most->rss <= warm->rss + RSS_SLACK);
    assert_true(most->fds > 0 && most->fds <= warm->fds + FD_SLACK);
    assert_true(most->wal <= warm->wal + WAL_SLACK);
    assert_true(most->store <=
                warm->store + DB_SLACK + (long long)marathon->sweeps * DB_BYTES_PER_SWEEP);
    assert_int_equal(most->sheets, warm->sheets);
    assert_int_equal(most->times, warm->times);
    assert_int_equal(most->events, warm->events);
}

/* Undisturbed sweeps until one saw all there is: from then on nothing may grow. */
static void see_everything(struct marathon *marathon)
{
    for (unsigned i = 0; i < WARM_UP && marathon->unknown != 0; i++)
        sweep_once(marathon);
    assert_int_equal(marathon->unknown, 0);
    keep_most(&marathon->warm, &marathon->now);
    marathon->sweeps = 0;
}

static void nothing_grows(void **state)
{
    (void)state;
    static const char *const faults[] = { "--throttle",  "2",   "--retry-after",  "0",
                                          "--reset",     "3",   "--server-error", "3",
                                          "--truncate",  "3",   "--malformed",    "2",
                                          "--huge",      "0.5", "--html",         "2",
                                          "--huge-body", "32M", "--gzip",         NULL };
    static struct marathon marathon;
    if (!world_begin_mixed(&marathon.world, kind, COURSES, NULL))
        skip();
    marathon.world.now = START;
    assert_true(instant_parse(STR(START), &marathon.instant));
    int64_t end =
        clock_monotonic_us() +
        (int64_t)from_environment("TS_ENDURANCE_SECONDS", SECONDS_BY_DEFAULT) * CLOCK_SECOND_US;
    world_restart_sim(&marathon.world, NULL);
    marathon.unknown = 1;
    see_everything(&marathon);
    world_restart_sim(&marathon.world, faults);
    int64_t report_us = clock_monotonic_us() + REPORT_US;
    while (clock_monotonic_us() < end || marathon.sweeps <= WARM_UP + 1) {
        report_now_and_then(&marathon, &report_us);
        sweep_once(&marathon);
        keep_most(marathon.sweeps <= WARM_UP ? &marathon.warm : &marathon.most, &marathon.now);
    }
    seen_add(&marathon.world, &marathon.seen);
    print_message("%u sweeps, ", marathon.sweeps);
    seen_print(&marathon.seen);
    print_levels("first sweeps", &marathon.warm);
    print_levels("all others", &marathon.most);
    check_flat(&marathon);
    assert_true(seen_faults(&marathon.seen) > 0);
    world_end(&marathon.world);
}

int main(int argc, char **argv)
{
    kind = argc > 1 && strcmp(argv[1], "postgres") == 0 ? WORLD_POSTGRES : WORLD_SQLITE;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
