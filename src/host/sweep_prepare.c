/* sweep_prepare.c: what a sweep opens, loads and works out before its first request. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "host/import.h"
#include "host/lease_holder.h"
#include "host/patience.h"
#include "host/sweep_state.h"
#include "host/tally.h"
#include "plan/leased.h"
#include "plan/outlook.h"
#include "store/hosts.h"
#include "store/ledger.h"
#include "store/postgres/postgres.h"

#define LEASE_TTL_S        120
#define SHARING_HOLDER     "collectors with --share" /* of a sweep's lease: all are one */
#define HOSTS_PER_TRANSFER 4 /* leased: most of a host's time is the gap between requests */
#define STORE_WAIT_US      ((int64_t)30 * CLOCK_SECOND_US) /* a store's usual longest wait */
#define LEDGER_DAYS_BACK   30 /* how far a course's past observations are looked for */
#define LOOP_FDS_EXTRA     16
#define REPLY_LEAST_BYTES  16384 /* a sweep of nothing */
#define CONNECT_TIMEOUT_US ((int64_t)10 * CLOCK_SECOND_US)
#define IDLE_TIMEOUT_US    ((int64_t)15 * CLOCK_SECOND_US)

static ts_err open_loop(struct sweep *sweep)
{
    uint32_t transfers = sweep->config->concurrency;
    sweep->stop_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (sweep->stop_fd < 0)
        return error_set(&sweep->error, TS_ERR_IO, "timerfd: %s", strerror(errno));
    return loop_new(&sweep->loop, transfers * FETCH_FDS_PER_TRANSFER + LOOP_FDS_EXTRA,
                    &sweep->error);
}

static int64_t at_most(int64_t wait_us, const struct sweep_config *config)
{
    int64_t most_us = share_longest_wait_us(config->lease_s);
    return config->share && most_us < wait_us ? most_us : wait_us;
}

static ts_err open_fetch(struct sweep *sweep)
{
    struct fetch_config config = { .loop = sweep->loop,
                                   .transfers_max = sweep->config->concurrency,
                                   .timeout_us =
                                       at_most(sweep->config->timeout_us, sweep->config),
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
    config.deadline_us = at_most(STORE_WAIT_US, sweep->config);
    /* No single wait is longer than all of them together may be. */
    if (sweep->config->patience_us > 0 && sweep->config->patience_us < config.deadline_us)
        config.deadline_us = sweep->config->patience_us;
    ts_err err =
        store_open(&config, sweep->config->store_from_argv, &sweep->store, &sweep->error);
    /* Nothing is stored yet: then nothing is fresh. */
    if (err == TS_ERR_NOT_FOUND && sweep->config->dry_run && sweep->config->courses_path)
        return TS_ERR_OK;
    if (err)
        return err;
    (void)snprintf(sweep->report.store, sizeof(sweep->report.store), "%s",
                   store_name(sweep->store));
    if (store_postgres_unverified(sweep->store))
        log_event(LOG_WARNING, "store.unverified", LOG_NO_FIELDS,
                  "the database's certificate is not verified: add sslmode=verify-full and "
                  "sslrootcert to its URL");
    return TS_ERR_OK;
}

/* Appends; a new file is this user's alone. NULL: errno says why. */
static FILE *append_private(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "a") : NULL;
    if (fd >= 0 && !file)
        (void)close(fd);
    return file;
}

static ts_err open_set_aside(struct sweep *sweep)
{
    const char *path = sweep->config->set_aside_path;
    if (!path || sweep->config->dry_run)
        return TS_ERR_OK;
    sweep->set_aside = append_private(path);
    if (!sweep->set_aside)
        return error_set(&sweep->error, TS_ERR_IO, "--set-aside %s: %s", path, strerror(errno));
    return TS_ERR_OK;
}

/* A summary that cannot be written should be known before the sweep, not after it. */
static ts_err open_summary(struct sweep *sweep)
{
    const char *path = sweep->config->dry_run ? NULL : sweep->config->summary_path;
    sweep->summary = path ? fopen(path, "we") : stdout;
    if (!sweep->summary)
        return error_set(&sweep->error, TS_ERR_IO, "--summary-file %s: %s", path,
                         strerror(errno));
    return TS_ERR_OK;
}

static ts_err open_trace(struct sweep *sweep)
{
    const char *path = sweep->config->trace_path;
    if (!path || sweep->config->dry_run)
        return TS_ERR_OK;
    ts_err err = trace_new(path, &sweep->trace, &sweep->error);
    return err ? error_prefix(&sweep->error, "--trace") : err;
}

/* Its folders too are tried before the sweep. */
static ts_err open_observer(struct sweep *sweep)
{
    const struct sweep_config *config = sweep->config;
    if (config->dry_run)
        return TS_ERR_OK;
    const struct observer_config observer = { .record_dir = config->record_dir,
                                              .samples_dir = config->samples_dir,
                                              .started_at = sweep->report.started_at,
                                              .report = &sweep->report };
    return observer_new(&observer, &sweep->observer, &sweep->error);
}

static ts_err know_shapes(struct sweep *sweep)
{
    return sweep->observer ? observer_load(sweep->observer, sweep->store, &sweep->error)
                           : TS_ERR_OK;
}

static ts_err open_metrics(struct sweep *sweep)
{
    const char *path = sweep->config->metrics_path;
    if (!path || sweep->config->dry_run)
        return TS_ERR_OK;
    ts_err err = metrics_file_new(path, &sweep->metrics_file, &sweep->error);
    return err ? error_prefix(&sweep->error, "--metrics-file") : err;
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
        .left_open = &sweep->import,
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
    sweep->seen = mem_alloc(sweep->catalogue->courses_count, sizeof(*sweep->seen));
    return sweep->seen ? TS_ERR_OK
                       : error_set(&sweep->error, TS_ERR_NOMEM, "no memory for courses");
}

static bool know_ledger_row(void *ctx, const struct ledger_row *row)
{
    struct sweep *sweep = ctx;
    int64_t index = plan_find_course(sweep->plan, row->course_id);
    if (index < 0)
        return true;
    plan_known(sweep->plan, row->course_id, row->play_date, row->checked_at, row->observed_at);
    if (row->observed_at == 0)
        return true;
    sweep->seen[index].flags |= COURSE_SEEN_BEFORE | tally_answer(row->observed_outcome);
    sweep->found_before |= row->tee_time_count > 0;
    return true;
}

static bool know_pace(void *ctx, const struct host_pace *pace)
{
    struct sweep *sweep = ctx;
    int64_t hold_until = clock_monotonic_us() + pace->hold_s * CLOCK_SECOND_US;
    if (pace->gap_ms > 0)
        plan_learnt(sweep->plan, pace->host, pace->gap_ms * 1000, pace->parallel);
    for (uint32_t i = 0; i < plan_hosts(sweep->plan) && pace->hold_s > 0; i++)
        if (str_equal(pace->host, str_of(plan_host_name(sweep->plan, i).host)))
            plan_set_hold(sweep->plan, i, hold_until);
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
                                .seed = (uint64_t)clock_real_us(),
                                .ages = config->ages };
    ts_err err = plan_new(&plan, &sweep->plan, &sweep->error);
    if (err)
        return err;
    int32_t back = (int32_t)(now / 86400) - LEDGER_DAYS_BACK;
    if (sweep->store)
        err = ledger_scan(sweep->store, back, 0, know_ledger_row, sweep, &sweep->error);
    if (err)
        return err;
    if (sweep->store)
        err = hosts_list(sweep->store, know_pace, sweep, &sweep->error);
    if (err)
        return err;
    plan_start(sweep->plan);
    sweep->report.planned = plan_totals(sweep->plan).tee_sheets;
    sweep->report.fresh = plan_totals(sweep->plan).fresh;
    return TS_ERR_OK;
}

static ts_err open_share(struct sweep *sweep)
{
    if (!sweep->config->share || sweep->config->dry_run)
        return TS_ERR_OK;
    const struct share_config config = {
        .plan = sweep->plan,
        .catalogue = sweep->catalogue,
        .holder = sweep->lease_holder,
        .ttl_s = sweep->config->lease_s,
        .since = sweep->report.started_at,
        .hosts_most = sweep->config->concurrency * HOSTS_PER_TRANSFER < SHARE_HOSTS_MAX
                          ? sweep->config->concurrency * HOSTS_PER_TRANSFER
                          : SHARE_HOSTS_MAX,
    };
    return share_new(&config, &sweep->share, &sweep->error);
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

static ts_err split_memory(struct sweep *sweep)
{
    struct budget_config config = {
        .limit_bytes =
            sweep->config->memory_bytes ? sweep->config->memory_bytes : budget_default_limit(),
        .base_bytes = sweep->base_bytes + observer_bytes(),
        .catalogue_bytes =
            sweep->catalogue->bytes + plan_bytes(sweep->plan) + share_bytes(sweep->share),
        .largest_reply_bytes = largest_reply(sweep->catalogue),
        .concurrency = sweep->config->concurrency,
        .batch_size = sweep->config->batch_size,
        .tls = goes_over_tls(sweep),
    };
    sweep->report.memory_limit_bytes = config.limit_bytes;
    return budget_split(&config, &sweep->budget, &sweep->error);
}

/* ---- The lease: one sweep per store and scope, or any number of sharing ones ---- */

static ts_err try_lease(struct sweep *sweep, struct lease_state *ret_state)
{
    return lease_take(sweep->store, &sweep->lease, ret_state, &sweep->error);
}

/* The holder was killed. Only its own lease is given back: of two that find it dead at the same
 * time, one gets it. */
static ts_err take_from_dead(struct sweep *sweep, const char *dead,
                             struct lease_state *ret_state)
{
    log_event(LOG_INFO, "sweep.abandoned", LOG_FIELDS(kv_str("holder", dead)),
              "the last sweep of this scope (%s) did not end: %s; going on in its place",
              sweep->config->scope, dead);
    struct lease abandoned = { .name = sweep->lease_name, .holder = dead };
    ts_err err = lease_release(sweep->store, &abandoned, &sweep->error);
    return err ? err : try_lease(sweep, ret_state);
}

static ts_err take_lease(struct sweep *sweep, bool *ret_ours)
{
    bool share = sweep->config->share;
    (void)snprintf(sweep->lease_name, sizeof(sweep->lease_name), "sweep:%s",
                   sweep->config->scope);
    if (!sweep->lease_holder[0]) /* an attempt that failed later may have left it to us */
        lease_holder_name(sweep->lease_holder);
    sweep->lease = (struct lease){ .name = sweep->lease_name,
                                   .holder = share ? SHARING_HOLDER : sweep->lease_holder,
                                   .ttl_s = share ? sweep->config->lease_s : LEASE_TTL_S };
    struct lease_state state = { .ours = true };
    ts_err err = try_lease(sweep, &state);
    if (!err && !state.ours && lease_holder_is_gone(state.holder, sweep->lease_holder)) {
        const struct lease_state dead = state;
        err = take_from_dead(sweep, dead.holder, &state);
    }
    if (err)
        return err;
    sweep->lease_held = state.ours && !share; /* one that others hold too expires */
    *ret_ours = state.ours;
    if (!state.ours)
        log_event(LOG_INFO, "sweep.running", LOG_FIELDS(kv_str("holder", state.holder)),
                  "a sweep of the same scope (%s) is running: %s; nothing to do",
                  sweep->config->scope, state.holder);
    return TS_ERR_OK;
}

/* Only now that nothing speaks against the sweep the catalogue's rows are committed. */
static ts_err keep_courses(struct sweep *sweep)
{
    if (!sweep->import.store)
        return TS_ERR_OK;
    ts_err err = import_commit(&sweep->import, &sweep->error);
    sweep->import.store = NULL;
    return err;
}

static ts_err open_progress(struct sweep *sweep)
{
    return progress_new(STDERR_FILENO, sweep->config->progress, &sweep->progress,
                        &sweep->error);
}

typedef ts_err step_fn(struct sweep *sweep);

static ts_err take_steps(struct sweep *sweep, step_fn *const *steps, size_t count)
{
    ts_err err = TS_ERR_OK;
    for (size_t i = 0; i < count && !err; i++)
        err = steps[i](sweep);
    return err;
}

/* All that the store is asked before the first request. */
static ts_err consult_store(struct sweep *sweep, bool *ret_go_on)
{
    static step_fn *const planning[] = { load_catalogue, know_shapes,  make_plan,
                                         open_share,     split_memory, keep_courses };
    ts_err err = open_store(sweep);
    if (!err && !sweep->config->dry_run)
        err = take_lease(sweep, ret_go_on);
    if (err || !*ret_go_on)
        return err;
    if (sweep->base_bytes == 0)
        sweep->base_bytes = sweep->report.rss_bytes = mem_rss_bytes();
    return take_steps(sweep, planning, TS_COUNT_OF(planning));
}

void sweep_abandon_import(struct sweep *sweep)
{
    if (sweep->import.store)
        courses_import_abandon(&sweep->import);
    sweep->import.store = NULL;
}

void sweep_forget(struct sweep *sweep)
{
    sweep_abandon_import(sweep);
    share_free(sweep->share);
    plan_free(sweep->plan);
    catalogue_free(sweep->catalogue);
    mem_free(sweep->seen);
    store_close(sweep->store);
    sweep->share = NULL;
    sweep->plan = NULL;
    sweep->catalogue = NULL;
    sweep->seen = NULL;
    sweep->store = NULL;
    sweep->found_before = false;
}

/* As a whole: what one attempt had read another session need not find again. A server that
 * never answered is a wrong address rather than a restart. */
static ts_err consult_patiently(struct sweep *sweep, bool *ret_go_on)
{
    struct patience patience;
    bool answered = false;
    patience_begin(&patience, sweep->config->patience_us);
    for (;;) {
        ts_err err = consult_store(sweep, ret_go_on);
        answered |= err != TS_ERR_NO_SERVER;
        if (!err)
            patience_end(&patience);
        if (!err || !answered || !patience_wait(&patience, &sweep->error, sweep->stop_fd))
            return err;
        sweep_forget(sweep);
    }
}

ts_err sweep_prepare(struct sweep *sweep, bool *ret_go_on)
{
    static step_fn *const opening[] = { open_loop,  open_fetch,    open_set_aside, open_summary,
                                        open_trace, open_observer, open_metrics };
    ts_err err = take_steps(sweep, opening, TS_COUNT_OF(opening));
    if (!err)
        err = consult_patiently(sweep, ret_go_on);
    if (err || !*ret_go_on)
        return err;
    return open_progress(sweep);
}
