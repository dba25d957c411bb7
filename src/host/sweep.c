/*
 * sweep.c: a sweep's frame: what is opened before the pipeline runs and closed after it.
 * sweep_run at the end reads as the order of events.
 */
#include "host/sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "domain/exits.h"
#include "host/announce.h"
#include "host/dry_run.h"
#include "host/import.h"
#include "host/ping.h"
#include "host/pipeline.h"
#include "host/tally.h"
#include "store/courses.h"
#include "store/ledger.h"
#include "store/runs.h"
#include "view/summary.h"

#define LEASE_TTL_S           120
#define LEDGER_DAYS_BACK      30    /* how far a course's past observations are looked for */
#define REPLY_LEAST_BYTES     16384 /* a sweep of nothing */
#define LOOP_FDS_EXTRA        16
#define CONNECT_TIMEOUT_US    ((int64_t)10 * CLOCK_SECOND_US)
#define IDLE_TIMEOUT_US       ((int64_t)15 * CLOCK_SECOND_US)
#define UNKNOWN_COURSES_SHOWN 10

struct sweep {
    const struct sweep_config *config;
    struct sweep_report report;
    struct error error; /* why it cannot go on */
    struct loop *loop;
    struct fetch *fetch;
    struct store *store;
    struct catalogue *catalogue;
    struct plan *plan;
    struct budget budget;
    struct writer *writer;
    struct pipeline *pipeline;
    struct progress *progress;
    FILE *set_aside, *summary;
    uint8_t *course_flags;
    int stop_fd;
    bool found_before; /* the store holds open tee times of these courses */
    bool lease_held;
    bool store_lost;
    char lease_name[160], lease_holder[128];
    struct lease lease;
};

/* ---- Before: what the pipeline needs ---- */

static ts_err open_loop(struct sweep *sweep)
{
    uint32_t transfers = sweep->config->concurrency;
    sweep->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (sweep->stop_fd < 0)
        return error_set(&sweep->error, TS_ERR_IO, "eventfd: %s", strerror(errno));
    return loop_new(&sweep->loop, transfers * FETCH_FDS_PER_TRANSFER + LOOP_FDS_EXTRA,
                    &sweep->error);
}

static ts_err open_fetch(struct sweep *sweep)
{
    struct fetch_config config = { .loop = sweep->loop,
                                   .transfers_max = sweep->config->concurrency,
                                   .timeout_us = sweep->config->timeout_us,
                                   .idle_timeout_us = IDLE_TIMEOUT_US,
                                   .connect_timeout_us = CONNECT_TIMEOUT_US,
                                   .user_agent = sweep->config->user_agent };
    ts_err err = fetch_global_init(&sweep->error);
    return err ? err : fetch_new(&config, &sweep->fetch, &sweep->error);
}

static ts_err open_store(struct sweep *sweep)
{
    struct store_config config = sweep->config->store;
    config.stop_fd = sweep->stop_fd;
    ts_err err =
        store_open(&config, sweep->config->store_from_argv, &sweep->store, &sweep->error);
    if (!err)
        (void)snprintf(sweep->report.store, sizeof(sweep->report.store), "%s",
                       store_name(sweep->store));
    return err;
}

static ts_err open_set_aside(struct sweep *sweep)
{
    const char *path = sweep->config->set_aside_path;
    if (!path)
        return TS_ERR_OK;
    sweep->set_aside = fopen(path, "ae");
    if (!sweep->set_aside)
        return error_set(&sweep->error, TS_ERR_IO, "--set-aside %s: %s", path, strerror(errno));
    return TS_ERR_OK;
}

/* A summary that cannot be written should be known before the sweep, not after it. */
static ts_err open_summary(struct sweep *sweep)
{
    const char *path = sweep->config->summary_path;
    sweep->summary = path ? fopen(path, "we") : stdout;
    if (!sweep->summary)
        return error_set(&sweep->error, TS_ERR_IO, "--summary-file %s: %s", path,
                         strerror(errno));
    return TS_ERR_OK;
}

static ts_err load_catalogue(struct sweep *sweep)
{
    const struct sweep_config *config = sweep->config;
    struct import_config import = {
        .catalogue = { .path = config->courses_path,
                       .regions = config->regions,
                       .engines = config->engine_names,
                       .courses = config->course_ids,
                       .regions_count = config->regions_count,
                       .engines_count = config->engine_names_count,
                       .courses_count = config->course_ids_count },
        .store = config->dry_run && config->courses_path ? NULL : sweep->store,
        .strict = config->strict,
    };
    ts_err err = import_catalogue(&import, &sweep->catalogue, &sweep->error);
    if (err)
        return err;
    const uint32_t *rows = sweep->catalogue->rows;
    sweep->report.courses = sweep->catalogue->courses_count;
    sweep->report.courses_misconfigured = rows[ROW_MISCONFIGURED];
    sweep->report.courses_unsupported = rows[ROW_UNSUPPORTED];
    sweep->report.courses_inactive = rows[ROW_INACTIVE];
    sweep->report.courses_duplicate = rows[ROW_DUPLICATE];
    sweep->course_flags = mem_alloc(sweep->catalogue->courses_count, 1);
    return sweep->course_flags
               ? TS_ERR_OK
               : error_set(&sweep->error, TS_ERR_NOMEM, "no memory for courses");
}

static bool know_ledger_row(void *ctx, const struct ledger_row *row)
{
    struct sweep *sweep = ctx;
    int64_t index = plan_find_course(sweep->plan, row->course_id);
    if (index < 0 || row->observed_at == 0)
        return true;
    sweep->course_flags[index] |= COURSE_SEEN_BEFORE;
    sweep->found_before |= row->tee_time_count > 0;
    plan_observed(sweep->plan, row->course_id, row->play_date, row->observed_at,
                  &sweep->config->ages);
    return true;
}

static ts_err make_plan(struct sweep *sweep)
{
    const struct sweep_config *config = sweep->config;
    int64_t now = clock_wall();
    struct plan_config plan = { .catalogue = sweep->catalogue,
                                .now_wall = now,
                                .from_date = config->from_date,
                                .days = config->days,
                                .pace = config->pace,
                                .conversations_max = config->concurrency,
                                .retries = config->retries,
                                .seed = (uint64_t)clock_real_us() };
    ts_err err = plan_new(&plan, &sweep->plan, &sweep->error);
    if (err)
        return err;
    int32_t back = (int32_t)(now / 86400) - LEDGER_DAYS_BACK;
    if (sweep->store)
        err = ledger_scan(sweep->store, back, 0, know_ledger_row, sweep, &sweep->error);
    if (err)
        return err;
    plan_start(sweep->plan);
    sweep->report.planned = plan_totals(sweep->plan).tee_sheets;
    sweep->report.fresh = plan_totals(sweep->plan).fresh;
    return TS_ERR_OK;
}

static uint32_t largest_reply(const struct catalogue *catalogue)
{
    uint32_t largest = 0;
    for (uint32_t i = 0; i < catalogue->courses_count; i++) {
        uint32_t cap = engines[catalogue->courses[i].engine]->reply_cap_bytes;
        largest = cap > largest ? cap : largest;
    }
    return largest ? largest : REPLY_LEAST_BYTES;
}

static bool goes_over_tls(const struct sweep *sweep)
{
    for (uint32_t i = 0; i < sweep->catalogue->courses_count; i++) {
        const char *url = sweep->config->engine_urls[sweep->catalogue->courses[i].engine];
        if (!url || !str_has_prefix(str_of(url), STR("http://")))
            return true;
    }
    return false;
}

static ts_err split_memory(struct sweep *sweep, uint64_t base_bytes)
{
    struct budget_config config = {
        .limit_bytes =
            sweep->config->memory_bytes ? sweep->config->memory_bytes : budget_default_limit(),
        .base_bytes = base_bytes,
        .catalogue_bytes = sweep->catalogue->bytes + plan_bytes(sweep->plan),
        .largest_reply_bytes = largest_reply(sweep->catalogue),
        .concurrency = sweep->config->concurrency,
        .batch_size = sweep->config->batch_size,
        .tls = goes_over_tls(sweep),
    };
    sweep->report.memory_limit_bytes = config.limit_bytes;
    return budget_split(&config, &sweep->budget, &sweep->error);
}

/* ---- The lease: one sweep per store and scope ---- */

static ts_err take_lease(struct sweep *sweep, bool *ret_ours)
{
    char host[64] = "?";
    (void)gethostname(host, sizeof(host) - 1);
    (void)snprintf(sweep->lease_name, sizeof(sweep->lease_name), "sweep:%s",
                   sweep->config->scope);
    (void)snprintf(sweep->lease_holder, sizeof(sweep->lease_holder), "%s:%ld:%" PRId64, host,
                   (long)getpid(), clock_real_us());
    sweep->lease = (struct lease){ .name = sweep->lease_name,
                                   .holder = sweep->lease_holder,
                                   .ttl_s = LEASE_TTL_S };
    struct lease_state state = { .ours = true };
    ts_err err = lease_take(sweep->store, &sweep->lease, clock_real_us() / CLOCK_SECOND_US,
                            &state, &sweep->error);
    if (err)
        return err;
    sweep->lease_held = state.ours;
    *ret_ours = state.ours;
    if (!state.ours)
        log_event(LOG_INFO, "sweep.running", LOG_FIELDS(kv_str("holder", state.holder)),
                  "a sweep of the same scope (%s) is running: %s; nothing to do",
                  sweep->config->scope, state.holder);
    return TS_ERR_OK;
}

/* ---- The run ---- */

static void on_signal(void *ctx, int signal_number)
{
    struct sweep *sweep = ctx;
    if (sweep->report.interrupted)
        _exit(EXIT_INTERRUPTED); /* a second one: at once; what is committed stays */
    log_event(LOG_WARNING, "sweep.interrupted", LOG_FIELDS(kv_i64("signal", signal_number)),
              "%s: finishing what is complete (again: at once)", strsignal(signal_number));
    pipeline_interrupt(sweep->pipeline);
}

static void on_change(void *ctx, const struct sweep_report *report)
{
    struct sweep *sweep = ctx;
    progress_update(sweep->progress, report, clock_monotonic_us());
}

static ts_err build_pipeline(struct sweep *sweep)
{
    const struct sweep_config *config = sweep->config;
    struct writer_config writer = { .store = sweep->store,
                                    .loop = sweep->loop,
                                    .run_id = sweep->report.run_id,
                                    .patience_us = config->patience_us,
                                    .sheets_max = config->batch_size,
                                    .stop_fd = sweep->stop_fd,
                                    .set_aside = sweep->set_aside,
                                    .lease = &sweep->lease };
    ts_err err = writer_new(&writer, &sweep->writer, &sweep->error);
    if (err)
        return err;
    int64_t now = clock_monotonic_us();
    struct pipeline_config pipeline = {
        .loop = sweep->loop,
        .catalogue = sweep->catalogue,
        .plan = sweep->plan,
        .fetch = sweep->fetch,
        .writer = sweep->writer,
        .budget = &sweep->budget,
        .engine_urls = config->engine_urls,
        .batch_size = config->batch_size,
        .batch_age_us = config->batch_age_us,
        .deadline_us = config->deadline_us ? now + config->deadline_us : INT64_MAX,
        .shutdown_us = config->shutdown_us,
        .seed = (uint64_t)clock_real_us(),
        .report = &sweep->report,
        .course_flags = sweep->course_flags,
        .on_change = on_change,
        .ctx = sweep,
    };
    return pipeline_new(&pipeline, &sweep->pipeline, &sweep->error);
}

static ts_err watch_signals(struct sweep *sweep)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    return loop_signals(sweep->loop, &signals, on_signal, sweep);
}

static void begin_run(struct sweep *sweep)
{
    char host[64] = "?";
    (void)gethostname(host, sizeof(host) - 1);
    struct run_start start = { .started_at = sweep->report.started_at,
                               .host = str_of(host),
                               .scope = str_of(sweep->config->scope),
                               .options = str_of(sweep->config->options_json) };
    if (run_begin(sweep->store, &start, &sweep->report.run_id, &sweep->error))
        log_event(LOG_WARNING, "run.begin", LOG_NO_FIELDS,
                  "cannot record this run, ignoring: %s", sweep->error.text);
}

static void ping(struct sweep *sweep, enum ping_kind kind)
{
    if (sweep->config->ping_url &&
        !ping_send(sweep->loop, sweep->fetch, sweep->config->ping_url, kind))
        log_event(LOG_WARNING, "ping.failed", LOG_NO_FIELDS,
                  "the --ping URL did not take our ping, ignoring");
}

static ts_err run_pipeline(struct sweep *sweep)
{
    ts_err err = watch_signals(sweep);
    if (err)
        return error_set(&sweep->error, err, "cannot watch signals");
    begin_run(sweep);
    err = build_pipeline(sweep);
    if (err)
        return err;
    ping(sweep, PING_START);
    sweep->report.started_us = clock_monotonic_us();
    sweep->report.allocations_start = mem_allocations();
    err = pipeline_run(sweep->pipeline, &sweep->error);
    sweep->report.allocations_end = mem_allocations();
    sweep->store_lost = err != TS_ERR_OK;
    if (sweep->store_lost)
        log_event(LOG_ERROR, "store.lost", LOG_NO_FIELDS, "the store is lost: %s",
                  sweep->error.text);
    progress_finish(sweep->progress, &sweep->report, clock_monotonic_us());
    return TS_ERR_OK;
}

/* ---- After: what it was worth ---- */

static void name_new_unknown(struct sweep *sweep)
{
    for (uint32_t i = 0; i < sweep->catalogue->courses_count; i++) {
        uint8_t flags = sweep->course_flags[i];
        if (!(flags & COURSE_SEEN_BEFORE) || !(flags & COURSE_SAW_UNKNOWN) ||
            flags & COURSE_SAW_OBSERVED)
            continue;
        int64_t id = sweep->catalogue->courses[i].id;
        if (sweep->report.courses_newly_unknown++ < UNKNOWN_COURSES_SHOWN)
            log_event(LOG_WARNING, "course.unknown", LOG_FIELDS(kv_i64("course_id", id)),
                      "course %" PRId64 " was observed before and could not be looked at now",
                      id);
    }
}

static void prune(struct sweep *sweep)
{
    struct prune_counts counts = { 0 };
    int32_t before = (int32_t)(clock_wall() / 86400 - sweep->config->keep_days);
    bool more = true;
    while (more) {
        if (prune_bite(sweep->store, before, &counts, &more, &sweep->error)) {
            log_event(LOG_WARNING, "store.prune", LOG_NO_FIELDS,
                      "cannot prune old tee times, ignoring: %s", sweep->error.text);
            return;
        }
    }
}

static void close_run(struct sweep *sweep)
{
    if (sweep->store_lost)
        return;
    struct error error;
    ts_err err = courses_tally(sweep->store, sweep->report.started_at, &error);
    if (!err && !sweep->report.interrupted)
        prune(sweep);
    if (!err && sweep->report.run_id)
        err = run_finish(sweep->store, &sweep->report, &error);
    if (err)
        log_event(LOG_WARNING, "run.finish", LOG_NO_FIELDS,
                  "cannot record the end of this run, ignoring: %s", error.text);
}

static void conclude(struct sweep *sweep)
{
    struct sweep_report *report = &sweep->report;
    writer_free(sweep->writer); /* the store is ours again */
    sweep->writer = NULL;
    report->finished_at = clock_wall();
    report->elapsed_us = clock_monotonic_us() - report->started_us;
    report->rss_bytes = mem_rss_bytes();
    report->rss_peak_bytes = mem_peak_rss_bytes();
    tally_hosts(report, sweep->plan);
    name_new_unknown(sweep);
    verdict_reach(report, sweep->config->fail_on, sweep->store_lost, sweep->found_before);
    close_run(sweep);
    ping(sweep, report->exit_code == EXIT_GOOD ? PING_SUCCESS : PING_FAIL);
    if (sweep->config->quiet && report->exit_code == EXIT_GOOD)
        return;
    ts_err err =
        summary_write(report, sweep->config->summary_format, sweep->summary, &sweep->error);
    if (err) {
        log_event(LOG_ERROR, "summary.failed", LOG_NO_FIELDS, "cannot write the summary: %s",
                  sweep->error.text);
        if (report->exit_code == EXIT_GOOD)
            report->exit_code = EXIT_NO_START;
    }
}

static void release_lease(struct sweep *sweep)
{
    struct error error;
    if (sweep->lease_held && !sweep->store_lost &&
        lease_release(sweep->store, &sweep->lease, &error))
        log_event(LOG_WARNING, "sweep.lease", LOG_NO_FIELDS,
                  "cannot give the lease back (it expires by itself), ignoring: %s",
                  error.text);
}

static void close_all(struct sweep *sweep)
{
    writer_free(sweep->writer);
    pipeline_free(sweep->pipeline);
    progress_free(sweep->progress);
    release_lease(sweep);
    plan_free(sweep->plan);
    catalogue_free(sweep->catalogue);
    mem_free(sweep->course_flags);
    if (sweep->set_aside)
        (void)fclose(sweep->set_aside);
    if (sweep->summary && sweep->summary != stdout)
        (void)fclose(sweep->summary);
    store_close(sweep->store);
    fetch_free(sweep->fetch);
    loop_free(sweep->loop);
    fetch_global_done();
    if (sweep->stop_fd >= 0)
        (void)close(sweep->stop_fd);
}

/* Opens, loads and plans. *ret_go_on false: another sweep of this scope is at it. */
static ts_err prepare(struct sweep *sweep, bool *ret_go_on)
{
    ts_err err = open_loop(sweep);
    if (!err)
        err = open_fetch(sweep);
    if (!err)
        err = open_set_aside(sweep);
    if (!err)
        err = open_summary(sweep);
    if (!err)
        err = open_store(sweep);
    if (!err && !sweep->config->dry_run)
        err = take_lease(sweep, ret_go_on);
    if (err || !*ret_go_on)
        return err;
    uint64_t base_bytes = mem_rss_bytes();
    err = load_catalogue(sweep);
    if (!err)
        err = make_plan(sweep);
    if (!err)
        err = split_memory(sweep, base_bytes);
    if (!err)
        err = progress_new(STDERR_FILENO, sweep->config->progress, &sweep->progress,
                           &sweep->error);
    return err;
}

int sweep_run(const struct sweep_config *config)
{
    struct sweep sweep = { .config = config, .stop_fd = -1 };
    bool go_on = true;
    sweep.report.started_at = clock_wall();
    sweep.report.eta_us = -1;
    (void)snprintf(sweep.report.scope, sizeof(sweep.report.scope), "%s", config->scope);
    ts_err err = prepare(&sweep, &go_on);
    if (!err && go_on && config->dry_run) {
        err = dry_run_print(sweep.plan, &sweep.budget, &sweep.report, stdout, &sweep.error);
    } else if (!err && go_on) {
        announce_plan(sweep.plan, &sweep.report);
        announce_budget(&sweep.budget);
        err = run_pipeline(&sweep);
        if (!err)
            conclude(&sweep);
    }
    if (err) {
        log_event(LOG_ERROR, "sweep.failed", LOG_FIELDS(kv_str("code", ts_err_name(err))), "%s",
                  sweep.error.text);
        sweep.report.exit_code = err == TS_ERR_USAGE ? EXIT_USAGE : EXIT_NO_START;
    }
    close_all(&sweep);
    return sweep.report.exit_code;
}
