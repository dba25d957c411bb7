/*
 * sweep.c: a sweep's frame: what is opened before the pipeline runs and closed after it.
 * sweep_run at the end reads as the order of events.
 */
#include "host/sweep.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "domain/exits.h"
#include "host/announce.h"
#include "host/dry_run.h"
#include "host/ping.h"
#include "host/sweep_state.h"
#include "host/tally.h"
#include "plan/outlook.h"

#define SHUTDOWN_STORE_PERCENT 95

/* ---- Signals ---- */

/* Whatever still waits for the store or a health check then: not beyond the time given. */
static void end_in_time(struct sweep *sweep)
{
    int64_t store_us = sweep->config->shutdown_us * SHUTDOWN_STORE_PERCENT / 100;
    const struct itimerspec timer = { .it_value = { store_us / CLOCK_SECOND_US,
                                                    store_us % CLOCK_SECOND_US * 1000 } };
    sweep->stop_by = clock_monotonic_us() + sweep->config->shutdown_us;
    (void)timerfd_settime(sweep->stop_fd, 0, &timer, NULL);
}

static void ending_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
}

static void on_signal(void *ctx, int signal_number)
{
    struct sweep *sweep = ctx;
    if (sweep->report.interrupted)
        _exit(EXIT_INTERRUPTED); /* a second one: at once; what is committed stays */
    log_event(LOG_WARNING, "sweep.interrupted", LOG_FIELDS(kv_i64("signal", signal_number)),
              "%s: finishing what is complete (again: at once)", strsignal(signal_number));
    end_in_time(sweep);
    pipeline_interrupt(sweep->pipeline);
}

static ts_err watch_signals(struct sweep *sweep)
{
    sigset_t signals;
    ending_signals(&signals);
    return loop_signals(sweep->loop, &signals, on_signal, sweep);
}

static void leave_at_once(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_INTERRUPTED);
}

/* Only the pipeline has something to drain: before and after it a signal ends the program, also
 * as a container's first process, which no signal ends by default. */
static void end_on_signals(void)
{
    const struct sigaction action = { .sa_handler = leave_at_once };
    sigset_t signals;
    ending_signals(&signals);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    /* The first process inherits the orphans of a health check: no zombies. */
    if (getpid() == 1)
        (void)signal(SIGCHLD, SIG_IGN);
}

/* ---- The run ---- */

static void add_to_trace(struct sweep *sweep, int64_t now)
{
    /* by the set of enum pause_reason */
    static const char *const pauses[] = {
        "",         "memory",          "writer",          "memory+writer",
        "shutdown", "memory+shutdown", "writer+shutdown", "memory+writer+shutdown"
    };
    const struct sweep_report *report = &sweep->report;
    const struct trace_sample sample = {
        .batch_bytes = report->batch_bytes,
        .rss_bytes = report->rss_bytes,
        .tee_sheets = report->done,
        .in_flight = report->in_flight,
        .pauses = str_of(pauses[pipeline_pauses(sweep->pipeline) % TS_COUNT_OF(pauses)]),
    };
    trace_add(sweep->trace, &sample, now);
}

/* What metrics add to the report: hosts and pauses while there are any. */
static struct metrics_source metrics_source(const struct sweep *sweep)
{
    return (struct metrics_source){
        .report = &sweep->report,
        .plan = sweep->plan,
        .pauses = sweep->pipeline ? pipeline_pauses(sweep->pipeline) : 0,
    };
}

static void on_change(void *ctx, const struct sweep_report *report)
{
    struct sweep *sweep = ctx;
    int64_t now = clock_monotonic_us();
    if (sweep->trace)
        add_to_trace(sweep, now);
    if (metrics_file_is_due(sweep->metrics_file, now)) {
        sweep->report.rss_peak_bytes = mem_peak_rss_bytes();
        struct metrics_source source = metrics_source(sweep);
        metrics_file_write(sweep->metrics_file, &source, now);
    }
    progress_update(sweep->progress, report, now);
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
                                    .lease = &sweep->lease,
                                    .share = sweep->share };
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
        .share = sweep->share,
        .observer = sweep->observer,
        .budget = &sweep->budget,
        .engine_urls = config->engine_urls,
        .engine_keys = config->engine_keys,
        .batch_size = config->batch_size,
        .batch_age_us = config->batch_age_us,
        .deadline_us = config->deadline_us ? now + config->deadline_us : INT64_MAX,
        .shutdown_us = config->shutdown_us,
        .seed = (uint64_t)clock_real_us(),
        .report = &sweep->report,
        .seen = sweep->seen,
        .on_change = on_change,
        .ctx = sweep,
    };
    return pipeline_new(&pipeline, &sweep->pipeline, &sweep->error);
}

static void ping(struct sweep *sweep, enum ping_kind kind)
{
    if (sweep->config->ping_url &&
        !ping_send(sweep->loop, sweep->fetch, sweep->config->ping_url, kind, &sweep->stop_by))
        log_event(LOG_WARNING, "ping.failed", LOG_NO_FIELDS,
                  "the --ping URL did not take our ping, ignoring");
}

static ts_err run_pipeline(struct sweep *sweep)
{
    ts_err err = watch_signals(sweep);
    if (err)
        return error_set(&sweep->error, err, "cannot watch signals");
    sweep_begin_run(sweep);
    err = build_pipeline(sweep);
    if (err)
        return err;
    ping(sweep, PING_START);
    sweep->report.started_us = clock_monotonic_us();
    if (sweep->trace)
        trace_begin(sweep->trace,
                    &(struct trace_head){ sweep->budget.limit_bytes, sweep->report.planned },
                    sweep->report.started_us);
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

/* A trace that broke off harms nothing but itself. */
static void check_trace(struct sweep *sweep)
{
    struct error error;
    if (sweep->trace && trace_check(sweep->trace, &error))
        log_event(LOG_WARNING, "trace.failed", LOG_NO_FIELDS,
                  "the trace broke off, ignoring: %s", error.text);
}

/* What it lacks stands nowhere else. */
static void check_set_aside(const struct sweep *sweep)
{
    if (sweep->set_aside && ferror(sweep->set_aside))
        log_event(LOG_ERROR, "set_aside.failed", LOG_NO_FIELDS,
                  "--set-aside %s could not be written: refused tee sheets are missing in it",
                  sweep->config->set_aside_path);
}

static void conclude(struct sweep *sweep)
{
    struct sweep_report *report = &sweep->report;
    end_on_signals();
    writer_free(sweep->writer); /* the store is ours again */
    sweep->writer = NULL;
    report->finished_at = clock_wall();
    report->elapsed_us = clock_monotonic_us() - report->started_us;
    report->rss_bytes = mem_rss_bytes();
    report->rss_peak_bytes = mem_peak_rss_bytes();
    tally_hosts(report, sweep->plan);
    check_trace(sweep);
    check_set_aside(sweep);
    sweep_record(sweep);
    ping(sweep, report->exit_code == EXIT_GOOD ? PING_SUCCESS : PING_FAIL);
    if (sweep->config->quiet && report->exit_code == EXIT_GOOD && !sweep->config->summary_path)
        return;
    ts_err err =
        summary_write(report, sweep->config->summary_format, sweep->summary, &sweep->error);
    if (err) {
        log_event(LOG_ERROR, "summary.failed", LOG_NO_FIELDS, "%s", sweep->error.text);
        if (report->exit_code == EXIT_GOOD)
            report->exit_code = EXIT_NO_START;
    }
}

/* Also of a sweep that could not be run: that is what they are watched for. */
static void finish_metrics(struct sweep *sweep)
{
    if (!sweep->metrics_file)
        return;
    if (sweep->report.finished_at == 0)
        sweep->report.finished_at = clock_wall();
    struct metrics_source source = metrics_source(sweep);
    source.pauses = 0;
    metrics_file_write(sweep->metrics_file, &source, clock_monotonic_us());
}

static void close_all(struct sweep *sweep)
{
    writer_free(sweep->writer);
    pipeline_free(sweep->pipeline);
    observer_free(sweep->observer);
    progress_free(sweep->progress);
    trace_free(sweep->trace);
    metrics_file_free(sweep->metrics_file);
    sweep_abandon_import(sweep);
    sweep_release_lease(sweep);
    sweep_forget(sweep);
    if (sweep->set_aside)
        (void)fclose(sweep->set_aside);
    if (sweep->summary && sweep->summary != stdout)
        (void)fclose(sweep->summary);
    fetch_free(sweep->fetch);
    loop_free(sweep->loop);
    fetch_global_done();
    if (sweep->stop_fd >= 0)
        (void)close(sweep->stop_fd);
}

/* It could not be run at all. */
static void give_up(struct sweep *sweep, ts_err err)
{
    log_event(LOG_ERROR, "sweep.failed", LOG_FIELDS(kv_str("code", ts_err_name(err))), "%s",
              sweep->error.text);
    sweep->report.exit_code = err == TS_ERR_USAGE ? EXIT_USAGE : EXIT_NO_START;
    sweep->report.verdict = SWEEP_FAILED;
    if (sweep->fetch && !sweep->config->dry_run)
        ping(sweep, PING_FAIL);
}

static void warn_of_missing_contact(const struct sweep *sweep)
{
    const struct catalogue *catalogue = sweep->catalogue;
    if (sweep->config->names_contact)
        return;
    for (uint32_t i = 0; i < catalogue->courses_count; i++) {
        if (sweep->config->engine_urls[catalogue->courses[i].engine])
            continue;
        log_event(LOG_WARNING, "sweep.no_contact", LOG_NO_FIELDS,
                  "this asks real booking engines without telling them who you are: add "
                  "--user-agent 'name@example.org'");
        return;
    }
}

int sweep_run(const struct sweep_config *config)
{
    struct sweep sweep = { .config = config, .stop_fd = -1, .stop_by = INT64_MAX };
    bool go_on = true;
    end_on_signals();
    sweep.report.started_at = clock_wall();
    sweep.report.eta_us = -1;
    (void)snprintf(sweep.report.scope, sizeof(sweep.report.scope), "%s", config->scope);
    ts_err err = sweep_prepare(&sweep, &go_on);
    if (!err && go_on && config->dry_run) {
        err = dry_run_print(sweep.plan, &sweep.budget, &sweep.report, stdout, &sweep.error);
    } else if (!err && go_on) {
        warn_of_missing_contact(&sweep);
        (void)malloc_trim(0); /* what start-up freed is not the sweep's */
        announce_plan(sweep.plan, &sweep.report);
        announce_budget(&sweep.budget);
        err = run_pipeline(&sweep);
        if (!err)
            conclude(&sweep);
    }
    if (err)
        give_up(&sweep, err);
    if (err || go_on)
        finish_metrics(&sweep); /* else they are those of the sweep that runs */
    close_all(&sweep);
    return sweep.report.exit_code;
}
