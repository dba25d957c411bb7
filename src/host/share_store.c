/* share_store.c: the side of the thread that owns the store: leases taken, renewed and given
 * back, and what others did on a host that becomes ours.
 *
 * No statement runs under the mutex. A lease is counted from before the statement that gave it.
 */
#include "base/clock.h"
#include "base/json.h"
#include "host/share_state.h"
#include "plan/outlook.h"
#include "store/host_leases.h"
#include "store/hosts.h"
#include "store/ledger.h"

#define RENEWALS_PER_LEASE 6
#define SURE_NUMERATOR     2 /* for two thirds of a lease its host is certainly ours */
#define SURE_DENOMINATOR   3
#define STOPPED_LEASES     2   /* so many leases long: every collector sees it meanwhile */
#define NAME_BYTES_MAX     600 /* of one lease name as JSON */
#define DAYS_BACK          2   /* no course's today is that far behind */

int64_t share_heartbeat_us(const struct share *share)
{
    return share_ttl_us(share) / RENEWALS_PER_LEASE;
}

static int64_t sure_from(const struct share *share, int64_t boot_us)
{
    return boot_us + share_ttl_us(share) * SURE_NUMERATOR / SURE_DENOMINATOR;
}

/* ---- Lists of hosts ---- */

/* The hosts in one of these states (a set), those that take longest first. */
static void list_hosts(struct share *share, unsigned states)
{
    struct share_list *list = &share->list;
    list->count = 0;
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < share->hosts_count && list->count < SHARE_HOSTS_MAX; i++) {
        struct share_host *host = &share->hosts[share->order[i]];
        if (!(states >> host->state & 1))
            continue;
        host->answered = SHARE_SILENT;
        list->hosts[list->count++] = share->order[i];
    }
    pthread_mutex_unlock(&share->mutex);
}

/* As many names as fit, as JSON; returns the place of the first that did not. */
static uint32_t put_names(struct share *share, uint32_t from, struct str *ret_names)
{
    const struct share_list *list = &share->list;
    struct buf names = buf_over(share->names, sizeof(share->names));
    uint32_t at = from;
    buf_putc(&names, '[');
    for (; at < list->count && names.len + NAME_BYTES_MAX < sizeof(share->names); at++) {
        char text[NAME_BYTES_MAX / 2];
        struct buf name = buf_over(text, sizeof(text));
        share_lease_name(share, list->hosts[at], &name);
        if (at > from)
            buf_putc(&names, ',');
        json_put_string(&names, buf_view(&name));
    }
    buf_putc(&names, ']');
    *ret_names = buf_view(&names);
    return at;
}

static int64_t find_host(const struct share *share, struct str name)
{
    uint32_t low = 0, high = share->hosts_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        char text[NAME_BYTES_MAX / 2];
        struct buf other = buf_over(text, sizeof(text));
        share_lease_name(share, share->by_name[middle], &other);
        int order = str_compare(buf_view(&other), name);
        if (order == 0)
            return share->by_name[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static void on_lease(void *ctx, struct str name, bool stopped)
{
    struct share *share = ctx;
    int64_t index = find_host(share, name);
    if (index < 0)
        return;
    share->hosts[index].answered = stopped ? SHARE_STOPPED : SHARE_GRANTED;
    share->granted += !stopped;
}

/* One statement about the listed hosts, in parts if their names are long. */
typedef ts_err statement_fn(struct share *share, struct store *store,
                            const struct host_leases *leases, struct error *reterr);

static ts_err for_listed(struct share *share, struct store *store, int64_t ttl_s,
                         statement_fn *statement, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    for (uint32_t at = 0; at < share->list.count && !err;) {
        struct host_leases leases = { .holder = share->config.holder, .ttl_s = ttl_s };
        at = put_names(share, at, &leases.names);
        err = statement(share, store, &leases, reterr);
    }
    return err;
}

/* ---- Giving back ---- */

static ts_err release(struct share *share, struct store *store,
                      const struct host_leases *leases, struct error *reterr)
{
    (void)share;
    return host_leases_release(store, leases, reterr);
}

static ts_err stop(struct share *share, struct store *store, const struct host_leases *leases,
                   struct error *reterr)
{
    (void)share;
    return host_leases_stop(store, leases, reterr);
}

/* Whoever takes a host goes on at the pace that was learnt of it. */
static ts_err put_paces(struct share *share, struct store *store, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; i < share->list.count && !err; i++) {
        const struct share_host *host = &share->hosts[share->list.hosts[i]];
        struct plan_host_name name = plan_host_name(share->config.plan, share->list.hosts[i]);
        const struct host_pace pace = { .host = str_of(name.host),
                                        .gap_ms = host->gap_ms,
                                        .parallel = host->parallel,
                                        .hold_s = clock_seconds_until(host->hold_until) };
        if (pace.gap_ms > 0 || pace.hold_s > 0)
            err = hosts_put(store, &pace, clock_wall(), reterr);
    }
    return err;
}

static ts_err give_back_state(struct share *share, struct store *store, enum share_state state,
                              struct error *reterr)
{
    bool refused = state == SHARE_REFUSED;
    int64_t ttl_s = share->config.ttl_s * STOPPED_LEASES;
    list_hosts(share, 1u << state);
    ts_err err = put_paces(share, store, reterr);
    if (!err)
        err = for_listed(share, store, ttl_s, refused ? stop : release, reterr);
    if (err)
        return err;
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < share->list.count; i++)
        share->hosts[share->list.hosts[i]].state = refused ? SHARE_CLOSED : SHARE_ELSEWHERE;
    pthread_mutex_unlock(&share->mutex);
    return TS_ERR_OK;
}

ts_err share_give_back(struct share *share, struct store *store, struct error *reterr)
{
    ts_err err = give_back_state(share, store, SHARE_RETURNED, reterr);
    return err ? err : give_back_state(share, store, SHARE_REFUSED, reterr);
}

/* What the loop noted of hosts that stay ours. */
static ts_err tell_news(struct share *share, struct store *store, struct error *reterr)
{
    struct share_list *list = &share->list;
    list->count = 0;
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < share->hosts_count && list->count < SHARE_HOSTS_MAX; i++)
        if (share->hosts[i].news)
            list->hosts[list->count++] = i;
    pthread_mutex_unlock(&share->mutex);
    ts_err err = put_paces(share, store, reterr);
    if (err)
        return err;
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < list->count; i++)
        share->hosts[list->hosts[i]].news = false;
    pthread_mutex_unlock(&share->mutex);
    return TS_ERR_OK;
}

/* ---- Renewing ---- */

static ts_err renew(struct share *share, struct store *store, const struct host_leases *leases,
                    struct error *reterr)
{
    return host_leases_renew(store, leases, on_lease, share, reterr);
}

/* One that the loop has not heard of yet need not be told as lost. */
static void heed_renewal(struct share *share, struct share_host *host, int64_t sure_until)
{
    if (host->answered == SHARE_GRANTED)
        host->sure_until = sure_until;
    else if (host->state == SHARE_OURS)
        host->state = SHARE_LOST;
    else if (host->state == SHARE_TAKEN)
        host->state = SHARE_ELSEWHERE;
    share->news = true;
}

static ts_err renew_held(struct share *share, struct store *store, struct error *reterr)
{
    int64_t boot_us = clock_boot_us();
    if (boot_us - share->renewed_at < share_heartbeat_us(share))
        return TS_ERR_OK;
    list_hosts(share, 1u << SHARE_TAKEN | 1u << SHARE_OURS);
    ts_err err = for_listed(share, store, share->config.ttl_s, renew, reterr);
    if (err)
        return err;
    share->renewed_at = boot_us;
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < share->list.count; i++)
        heed_renewal(share, &share->hosts[share->list.hosts[i]], sure_from(share, boot_us));
    pthread_mutex_unlock(&share->mutex);
    return TS_ERR_OK;
}

/* ---- Taking ---- */

static ts_err take(struct share *share, struct store *store, const struct host_leases *leases,
                   struct error *reterr)
{
    if (share->granted >= share->most)
        return TS_ERR_OK;
    return host_leases_take(store, leases, share->most - share->granted, on_lease, share,
                            reterr);
}

/* Observed recently enough or in this sweep, or looked at in vain by another collector. A held
 * observation is neither: it is due for its second look. */
static bool is_observed(const struct share *share, const struct ledger_row *row,
                        uint32_t course)
{
    return row->observed_at > 0 &&
           (row->observed_at >= share->config.since ||
            plan_is_fresh(share->config.plan, course, row->play_date, row->observed_at));
}

static bool was_in_vain(const struct share *share, const struct ledger_row *row)
{
    return outcome_is_unknown(row->outcome) && row->checked_at >= share->config.since;
}

static bool on_ledger_row(void *ctx, const struct ledger_row *row)
{
    struct share *share = ctx;
    const struct plan *plan = share->config.plan;
    int64_t course = plan_find_course(plan, row->course_id);
    if (course < 0)
        return true;
    bool observed = is_observed(share, row, (uint32_t)course);
    if (observed || was_in_vain(share, row))
        plan_days_add(plan, &share->looked[course].done, row->play_date);
    if (observed)
        plan_days_add(plan, &share->looked[course].observed, row->play_date);
    return true;
}

static ts_err read_ledger(struct share *share, struct store *store, uint32_t host,
                          struct error *reterr)
{
    struct plan_courses courses = plan_host_courses(share->config.plan, host);
    int32_t from = (int32_t)(share->config.since / 86400) - DAYS_BACK;
    int64_t ids[LEDGER_COURSES_MAX];
    uint32_t count = 0;
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; i < courses.count && !err; i++) {
        uint32_t course = courses.indices[i];
        share->looked[course] = (struct plan_looked){ 0 };
        ids[count++] = share->config.catalogue->courses[course].id;
        if (count < LEDGER_COURSES_MAX && i + 1 < courses.count)
            continue;
        err = ledger_of_courses(store, ids, count, from, on_ledger_row, share, reterr);
        count = 0;
    }
    return err;
}

static bool on_pace(void *ctx, const struct host_pace *pace)
{
    struct share *share = ctx;
    for (uint32_t i = 0; i < share->list.count; i++) {
        uint32_t index = share->list.hosts[i];
        struct plan_host_name name = plan_host_name(share->config.plan, index);
        if (share->hosts[index].answered != SHARE_GRANTED ||
            !str_equal(pace->host, str_of(name.host)))
            continue;
        share->hosts[index].gap_ms = pace->gap_ms;
        share->hosts[index].parallel = pace->parallel;
        if (pace->hold_s > 0)
            share->hosts[index].hold_until =
                clock_monotonic_us() + pace->hold_s * CLOCK_SECOND_US;
    }
    return true;
}

static ts_err read_what_others_did(struct share *share, struct store *store,
                                   struct error *reterr)
{
    bool any = false;
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; i < share->list.count && !err; i++) {
        uint32_t index = share->list.hosts[i];
        if (share->hosts[index].answered == SHARE_SILENT)
            continue;
        share->hosts[index].gap_ms = share->hosts[index].hold_until = 0;
        err = read_ledger(share, store, index, reterr);
        any = true;
    }
    return any && !err ? hosts_list(store, on_pace, share, reterr) : err;
}

static void heed_answer(struct share *share, struct share_host *host, int64_t boot_us)
{
    switch ((enum share_answer)host->answered) {
    case SHARE_GRANTED:
        host->state = SHARE_TAKEN;
        host->sure_until = sure_from(share, boot_us);
        share->news = true;
        break;
    case SHARE_STOPPED:
        host->state = SHARE_BARRED;
        share->news = true;
        break;
    case SHARE_SILENT:
        host->state = SHARE_ELSEWHERE;
        host->try_at = boot_us + share_heartbeat_us(share);
        break;
    }
}

static ts_err take_wanted(struct share *share, struct store *store, struct error *reterr)
{
    int64_t boot_us = clock_boot_us();
    list_hosts(share, 1u << SHARE_WANTED);
    share->granted = 0;
    ts_err err = for_listed(share, store, share->config.ttl_s, take, reterr);
    if (!err)
        err = read_what_others_did(share, store, reterr);
    if (err)
        return err; /* they stay wanted, and are ours already when they are asked for again */
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < share->list.count; i++)
        heed_answer(share, &share->hosts[share->list.hosts[i]], boot_us);
    pthread_mutex_unlock(&share->mutex);
    return TS_ERR_OK;
}

ts_err share_keep(struct share *share, struct store *store, struct error *reterr)
{
    if (!share)
        return TS_ERR_OK;
    ts_err err = share_give_back(share, store, reterr);
    if (!err)
        err = renew_held(share, store, reterr);
    if (!err)
        err = tell_news(share, store, reterr);
    return err ? err : take_wanted(share, store, reterr);
}

/* ---- Before an upsert ---- */

static bool is_ours(const struct share_host *host, int64_t boot_us)
{
    return (host->state == SHARE_OURS || host->state == SHARE_TAKEN) &&
           boot_us < host->sure_until;
}

uint32_t share_withhold(struct share *share, struct tee_sheet *sheets, uint32_t count)
{
    if (!share)
        return count;
    uint32_t stay = 0;
    int64_t boot_us = clock_boot_us();
    pthread_mutex_lock(&share->mutex);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t host = plan_host_of(share->config.plan, sheets[i].course_index);
        if (sheets[i].withheld || !is_ours(&share->hosts[host], boot_us)) {
            sheets[i].withheld = true;
            continue;
        }
        struct tee_sheet sheet = sheets[i];
        sheets[i] = sheets[stay];
        sheets[stay++] = sheet;
    }
    pthread_mutex_unlock(&share->mutex);
    return stay;
}
