/* sweep_end.c: what a sweep tells the store about itself: at its start, and after its end. */
#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "host/parts.h"
#include "host/sweep_state.h"
#include "host/tally.h"
#include "plan/leased.h"
#include "plan/outlook.h"
#include "store/hosts.h"
#include "store/ledger.h"
#include "store/runs.h"

typedef ts_err work_fn(struct sweep *sweep, struct error *reterr);

/* Until it works, cannot work, or the patience is at its end. The work must bear repeating:
 * when the session was lost, it may have been done. */
static ts_err do_patiently(struct sweep *sweep, struct patience *patience, work_fn *work,
                           struct error *reterr)
{
    bool connected = true;
    for (;;) {
        ts_err err = connected ? TS_ERR_OK : store_reconnect(sweep->store, reterr);
        if (!err)
            err = work(sweep, reterr);
        if (!err && !connected)
            patience_end(patience);
        if (!err || !patience_wait(patience, reterr, sweep->stop_fd))
            return err;
        connected = err != TS_ERR_CONNECTION && err != TS_ERR_NO_SERVER;
    }
}

/* ---- The begin ---- */

static ts_err begin_run(struct sweep *sweep, struct error *reterr)
{
    char host[64] = "?";
    (void)gethostname(host, sizeof(host) - 1);
    struct run_start start = { .started_at = sweep->report.started_at,
                               .host = str_of(host),
                               .scope = str_of(sweep->config->scope),
                               .options = str_of(sweep->config->options_json) };
    return run_begin(sweep->store, &start, &sweep->report.run_id, reterr);
}

void sweep_begin_run(struct sweep *sweep)
{
    struct patience patience;
    struct error error;
    patience_begin(&patience, sweep->config->patience_us);
    if (do_patiently(sweep, &patience, begin_run, &error))
        log_event(LOG_WARNING, "run.begin", LOG_NO_FIELDS,
                  "cannot record this run, ignoring: %s", error.text);
}

/* ---- The end ---- */

static void name_new_unknown(const struct sweep *sweep)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < sweep->catalogue->courses_count; i++) {
        int64_t id = sweep->catalogue->courses[i].id;
        if (parts_newly_unknown(&sweep->seen[i]) && shown++ < SWEEP_NAMES_SHOWN)
            log_event(LOG_WARNING, "course.unknown", LOG_FIELDS(kv_i64("course_id", id)),
                      "course %" PRId64 " was observed before and could not be looked at now",
                      id);
    }
}

/* What was learnt of hosts that were asked at a pace (a lifted one teaches nothing), and how
 * long they want to be left alone. */
static ts_err keep_paces(struct sweep *sweep, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; i < plan_hosts(sweep->plan) && !err; i++) {
        struct plan_host host = plan_host(sweep->plan, i);
        struct host_pace pace = { .host = str_of(host.name),
                                  .gap_ms = host.learnt_gap_us / 1000,
                                  .parallel = host.pace.parallel,
                                  .hold_s = clock_seconds_until(plan_hold(sweep->plan, i)) };
        if (host.requests > 0 && (pace.gap_ms > 0 || pace.hold_s > 0))
            err = hosts_put(sweep->store, &pace, sweep->report.finished_at, reterr);
    }
    return err;
}

/* Of collectors that share a sweep the first to end does once for all what follows it: they end
 * together, when nothing is left. */
static ts_err take_follow_up(struct sweep *sweep, struct error *reterr)
{
    char name[sizeof(sweep->lease_name)];
    sweep->follows_up = !sweep->share;
    if (!sweep->share || sweep->report.interrupted)
        return TS_ERR_OK;
    (void)snprintf(name, sizeof(name), "end:%s", sweep->config->scope);
    const struct lease lease = { .name = name,
                                 .holder = sweep->lease_holder,
                                 .ttl_s = sweep->config->lease_s };
    struct lease_state state;
    ts_err err = lease_take(sweep->store, &lease, &state, reterr);
    if (!err)
        sweep->follows_up = state.ours;
    return err;
}

static ts_err end_sharing(struct sweep *sweep, struct error *reterr)
{
    ts_err err = share_leave(sweep->share, sweep->store, reterr);
    return err ? err : take_follow_up(sweep, reterr);
}

/* Counting courses does not bear repeating: a run that has its end was counted with it. */
static ts_err keep_end(struct sweep *sweep, struct error *reterr)
{
    bool had_end = false;
    ts_err err = TS_ERR_OK;
    if (sweep->report.run_id)
        err = run_finish(sweep->store, &sweep->report, &had_end, reterr);
    if (err || had_end)
        return err;
    if (sweep->follows_up)
        err = courses_tally(sweep->store, sweep->report.started_at, reterr);
    if (!err && !sweep->share) /* else they are kept with each host that is given back */
        err = keep_paces(sweep, reterr);
    return err ? err : observer_keep(sweep->observer, sweep->store, reterr);
}

static ts_err keep_end_at_once(struct sweep *sweep, struct error *reterr)
{
    ts_err err = store_begin(sweep->store, reterr);
    if (err)
        return err;
    err = keep_end(sweep, reterr);
    if (!err)
        err = store_commit(sweep->store, reterr);
    if (err)
        store_rollback(sweep->store);
    return err;
}

static ts_err prune(struct sweep *sweep, struct error *reterr)
{
    struct prune_counts counts = { 0 };
    int32_t before = (int32_t)(clock_wall() / 86400 - sweep->config->keep_days);
    ts_err err = TS_ERR_OK;
    for (bool more = true; more && !err;)
        err = prune_bite(sweep->store, before, &counts, &more, reterr);
    return err;
}

static bool is_silent(const struct course_seen *seen, const struct course_streak *streak)
{
    return parts_newly_unknown(seen) && streak->unknown_sweeps >= SWEEP_SILENT;
}

static bool is_closed_only(const struct course_seen *seen)
{
    return seen->flags & COURSE_EVER_CLOSED && !(seen->flags & COURSE_EVER_ANSWERED);
}

static void note(struct sweep_courses *courses, const struct course_streak *streak)
{
    uint32_t at = courses->count++;
    if (at >= SWEEP_NAMES_SHOWN)
        return;
    struct buf name = buf_over(courses->shown[at].name, sizeof(courses->shown[at].name));
    buf_put(&name, streak->name);
    courses->shown[at].id = streak->id;
    courses->shown[at].unknown_sweeps = streak->unknown_sweeps;
}

static bool on_streak(void *ctx, const struct course_streak *streak)
{
    struct sweep *sweep = ctx;
    int64_t index = plan_find_course(sweep->plan, streak->id);
    if (index < 0)
        return true;
    if (is_silent(&sweep->seen[index], streak))
        note(&sweep->report.silent, streak);
    if (is_closed_only(&sweep->seen[index]))
        note(&sweep->report.closed_only, streak);
    return true;
}

static ts_err name_courses(struct sweep *sweep, struct error *reterr)
{
    sweep->report.silent.count = 0;
    sweep->report.closed_only.count = 0;
    return courses_streaks(sweep->store, on_streak, sweep, reterr);
}

static void keep_all(struct sweep *sweep)
{
    struct error error;
    if (do_patiently(sweep, &sweep->patience, end_sharing, &error) ||
        do_patiently(sweep, &sweep->patience, keep_end_at_once, &error)) {
        log_event(LOG_WARNING, "run.finish", LOG_NO_FIELDS,
                  "cannot record the end of this run, ignoring: %s", error.text);
        return;
    }
    if (do_patiently(sweep, &sweep->patience, name_courses, &error))
        log_event(LOG_WARNING, "run.courses", LOG_NO_FIELDS,
                  "cannot name courses that answer no more, ignoring: %s", error.text);
    if (sweep->follows_up && !sweep->report.interrupted &&
        do_patiently(sweep, &sweep->patience, prune, &error))
        log_event(LOG_WARNING, "store.prune", LOG_NO_FIELDS,
                  "cannot prune old tee times, ignoring: %s", error.text);
}

void sweep_record(struct sweep *sweep)
{
    patience_begin(&sweep->patience, sweep->config->patience_us);
    tally_others(sweep->seen, sweep->plan, sweep->catalogue->courses_count);
    name_new_unknown(sweep);
    parts_judge(&sweep->report, sweep->catalogue, sweep->plan, sweep->seen);
    verdict_reach(&sweep->report, sweep->config->fail_on, sweep->store_lost,
                  sweep->found_before);
    if (!sweep->store_lost)
        keep_all(sweep);
}

/* ---- The lease ---- */

static ts_err release_lease(struct sweep *sweep, struct error *reterr)
{
    return lease_release(sweep->store, &sweep->lease, reterr);
}

void sweep_release_lease(struct sweep *sweep)
{
    struct error error;
    if (sweep->store && sweep->lease_held && !sweep->store_lost &&
        do_patiently(sweep, &sweep->patience, release_lease, &error))
        log_event(LOG_WARNING, "sweep.lease", LOG_NO_FIELDS,
                  "cannot give the lease back (it expires by itself), ignoring: %s",
                  error.text);
}
