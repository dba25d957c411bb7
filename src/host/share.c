/* share.c: the loop thread's side: which hosts to want, to ask, and to give back. */
#include "host/share.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "host/share_state.h"
#include "plan/outlook.h"

#define ASK_EVERY_US     CLOCK_SECOND_US
#define ASKS_PER_LEASE   12
#define TAKES_TO_FILL    4 /* as many as hosts_most: collectors that start together share */
#define SETTLE_US        (5 * CLOCK_SECOND_US)
#define LEASE_NAME_BYTES 512

int64_t share_ttl_us(const struct share *share)
{
    return share->config.ttl_s * CLOCK_SECOND_US;
}

void share_lease_name(const struct share *share, uint32_t host, struct buf *out)
{
    struct plan_host_name name = plan_host_name(share->config.plan, host);
    buf_printf(out, "host:%s:%s", name.engine, name.host);
}

/* ---- Heeding the writer ---- */

static void forget_held(struct share *share, uint32_t host)
{
    struct share_list *held = &share->held;
    uint32_t at = 0;
    while (held->hosts[at] != host)
        at++;
    held->hosts[at] = held->hosts[--held->count];
}

static int64_t gap_of(const struct share *share, uint32_t index)
{
    return plan_host(share->config.plan, index).learnt_gap_us / 1000;
}

static void heed_taken(struct share *share, uint32_t index)
{
    struct plan *plan = share->config.plan;
    struct share_host *host = &share->hosts[index];
    const char *name = plan_host_name(plan, index).host;
    if (host->gap_ms > 0)
        plan_learnt(plan, str_of(name), host->gap_ms * 1000, host->parallel);
    plan_set_hold(plan, index, host->hold_until);
    host->gap_ms = gap_of(share, index);
    uint64_t settled = plan_settle(plan, index, share->looked);
    host->state = SHARE_OURS;
    share->held.hosts[share->held.count++] = index;
    log_event(LOG_DEBUG, "host.taken",
              LOG_FIELDS(kv_str("host", name), kv_i64("by_others", (int64_t)settled)),
              "%s is ours to ask; %" PRIu64 " tee sheets were done by others", name, settled);
}

static void heed_lost(struct share *share, uint32_t index)
{
    const char *name = plan_host_name(share->config.plan, index).host;
    forget_held(share, index);
    plan_lease(share->config.plan, index, false);
    share->hosts[index].state = SHARE_ELSEWHERE;
    share->lost++;
    log_event(LOG_WARNING, "host.lost", LOG_FIELDS(kv_str("host", name)),
              "%s: its lease ran out before it was renewed, and another collector took it",
              name);
}

static void heed_barred(struct share *share, uint32_t index)
{
    struct plan *plan = share->config.plan;
    const char *name = plan_host_name(plan, index).host;
    uint64_t settled = plan_settle(plan, index, share->looked);
    uint64_t left = plan_host(plan, index).tee_sheets_left;
    plan_stop_host(plan, index);
    share->hosts[index].state = SHARE_CLOSED;
    log_event(LOG_INFO, "host.barred",
              LOG_FIELDS(kv_str("host", name), kv_i64("by_others", (int64_t)settled),
                         kv_i64("skipped", (int64_t)left)),
              "%s refused another collector: its %" PRIu64
              " tee sheets left are not asked from "
              "here either; %" PRIu64 " were done by others",
              name, left, settled);
}

static void heed_news(struct share *share)
{
    for (uint32_t i = 0; i < share->hosts_count && share->news; i++) {
        if (share->hosts[i].state == SHARE_TAKEN)
            heed_taken(share, i);
        else if (share->hosts[i].state == SHARE_LOST)
            heed_lost(share, i);
        else if (share->hosts[i].state == SHARE_BARRED)
            heed_barred(share, i);
    }
    share->news = false;
}

/* The plan asks what is certainly ours. */
static void tell_plan(struct share *share, int64_t boot_us)
{
    share->soonest = INT64_MAX;
    for (uint32_t i = 0; i < share->held.count; i++) {
        uint32_t index = share->held.hosts[i];
        int64_t until = share->hosts[index].sure_until;
        plan_lease(share->config.plan, index, boot_us < until);
        if (boot_us < until && until < share->soonest)
            share->soonest = until;
    }
}

/* ---- Telling it what to do ---- */

/* A host that asked for fewer requests asked all of us: the next holder must know also if we
 * are killed. */
static bool note_slower(struct share *share, uint32_t index)
{
    struct share_host *host = &share->hosts[index];
    int64_t gap_ms = gap_of(share, index), hold = plan_hold(share->config.plan, index);
    if (host->news || (gap_ms <= host->gap_ms && hold <= host->hold_until))
        return false;
    host->gap_ms = gap_ms;
    host->parallel = plan_host(share->config.plan, index).pace.parallel;
    host->hold_until = hold;
    host->news = true;
    return true;
}

static bool note_all_slower(struct share *share)
{
    bool any = false;
    for (uint32_t i = 0; i < share->held.count; i++)
        any |= note_slower(share, share->held.hosts[i]);
    return any;
}

static void give_back(struct share *share, uint32_t index)
{
    struct share_host *host = &share->hosts[index];
    struct plan_host outlook = plan_host(share->config.plan, index);
    host->gap_ms = outlook.requests > 0 ? outlook.learnt_gap_us / 1000 : 0;
    host->parallel = outlook.pace.parallel;
    host->hold_until = plan_hold(share->config.plan, index);
    host->state = plan_host_refuses(share->config.plan, index) ? SHARE_REFUSED : SHARE_RETURNED;
    plan_lease(share->config.plan, index, false);
    forget_held(share, index);
    log_event(LOG_DEBUG, "host.given_back", LOG_FIELDS(kv_str("host", outlook.name)),
              "%s: nothing is left, given back", outlook.name);
}

static bool give_back_resting(struct share *share, int64_t now_us)
{
    bool any = false;
    for (uint32_t i = share->held.count; i-- > 0;) {
        uint32_t index = share->held.hosts[i];
        if (share->hosts[index].owed > 0 || share->hosts[index].news ||
            !plan_host_rests(share->config.plan, index, now_us))
            continue;
        give_back(share, index);
        any = true;
    }
    return any;
}

static bool is_wanted(const struct share *share, uint32_t index, int64_t boot_us)
{
    const struct share_host *host = &share->hosts[index];
    return host->state == SHARE_ELSEWHERE && host->try_at <= boot_us &&
           plan_host_has_work(share->config.plan, index);
}

static bool want_more(struct share *share, int64_t boot_us)
{
    uint32_t wanted = 0, room = share->config.hosts_most - share->held.count;
    uint32_t at_once = (share->config.hosts_most + TAKES_TO_FILL - 1) / TAKES_TO_FILL;
    for (uint32_t i = 0; i < share->hosts_count && room > 0 && wanted < SHARE_HOSTS_MAX; i++) {
        if (is_wanted(share, share->order[i], boot_us)) {
            share->hosts[share->order[i]].state = SHARE_WANTED;
            wanted++;
        }
    }
    share->most = room < at_once ? room : at_once;
    return wanted > 0;
}

/* Wanted ones that the writer has not come to yet are asked for with the new ones. */
static bool ask_for_more(struct share *share, int64_t now_us, int64_t boot_us)
{
    int64_t every = share_ttl_us(share) / ASKS_PER_LEASE;
    if (now_us < share->ask_at)
        return false;
    share->ask_at = now_us + (every < ASK_EVERY_US ? every : ASK_EVERY_US);
    for (uint32_t i = 0; i < share->hosts_count; i++) {
        if (share->hosts[i].state == SHARE_WANTED || share->hosts[i].state == SHARE_RETURNED ||
            share->hosts[i].state == SHARE_REFUSED)
            return true;
    }
    return want_more(share, boot_us);
}

bool share_turn(struct share *share, int64_t now_us)
{
    if (!share)
        return false;
    int64_t boot_us = clock_boot_us();
    pthread_mutex_lock(&share->mutex);
    bool changes = share->news || boot_us >= share->soonest;
    heed_news(share);
    if (changes)
        tell_plan(share, boot_us);
    bool slower = note_all_slower(share);
    bool given = give_back_resting(share, now_us);
    bool asked = ask_for_more(share, now_us, boot_us);
    pthread_mutex_unlock(&share->mutex);
    return slower || given || asked;
}

void share_owes(struct share *share, uint32_t course_index, uint32_t tee_sheets)
{
    if (share)
        share->hosts[plan_host_of(share->config.plan, course_index)].owed += tee_sheets;
}

void share_paid(struct share *share, uint32_t course_index)
{
    if (share)
        share->hosts[plan_host_of(share->config.plan, course_index)].owed--;
}

bool share_is_settled(const struct share *share, int64_t now_us)
{
    for (uint32_t i = 0; share && i < share->held.count; i++)
        if (plan_host_rests(share->config.plan, share->held.hosts[i], now_us + SETTLE_US))
            return false;
    return true;
}

bool share_may_send(struct share *share, uint32_t index)
{
    if (!share)
        return true;
    pthread_mutex_lock(&share->mutex);
    const struct share_host *host = &share->hosts[index];
    bool ours = host->state == SHARE_OURS && clock_boot_us() < host->sure_until;
    pthread_mutex_unlock(&share->mutex);
    return ours;
}

uint32_t share_hosts(const struct share *share)
{
    return share ? share->held.count : 0;
}

uint64_t share_hosts_lost(const struct share *share)
{
    return share ? share->lost : 0;
}

ts_err share_leave(struct share *share, struct store *store, struct error *reterr)
{
    if (!share)
        return TS_ERR_OK;
    (void)share_turn(share, clock_monotonic_us());
    return share_give_back(share, store, reterr);
}

/* ---- Life ---- */

/* The host that takes longest is taken first: it bounds the whole. */
static int compare_length(const void *a, const void *b, void *ctx)
{
    const uint32_t *left = a, *right = b;
    struct plan_host x = plan_host(ctx, *left), y = plan_host(ctx, *right);
    if (x.expected_us != y.expected_us)
        return x.expected_us > y.expected_us ? -1 : 1;
    return x.planned_requests > y.planned_requests ? -1
                                                   : x.planned_requests < y.planned_requests;
}

static int compare_names(const void *a, const void *b, void *ctx)
{
    const uint32_t *left = a, *right = b;
    char texts[2][LEASE_NAME_BYTES];
    struct buf x = buf_over(texts[0], sizeof(texts[0]));
    struct buf y = buf_over(texts[1], sizeof(texts[1]));
    share_lease_name(ctx, *left, &x);
    share_lease_name(ctx, *right, &y);
    return str_compare(buf_view(&x), buf_view(&y));
}

static void sort_hosts(struct share *share)
{
    for (uint32_t i = 0; i < share->hosts_count; i++)
        share->order[i] = share->by_name[i] = i;
    qsort_r(share->order, share->hosts_count, sizeof(*share->order), compare_length,
            share->config.plan);
    qsort_r(share->by_name, share->hosts_count, sizeof(*share->by_name), compare_names, share);
}

ts_err share_new(const struct share_config *config, struct share **ret_share,
                 struct error *reterr)
{
    uint32_t hosts = plan_hosts(config->plan), courses = config->catalogue->courses_count;
    struct share *share = mem_alloc(1, sizeof(*share));
    if (!share)
        goto fail;
    share->config = *config;
    share->hosts_count = hosts;
    (void)pthread_mutex_init(&share->mutex, NULL); /* cannot fail on Linux */
    share->hosts = mem_alloc(hosts, sizeof(*share->hosts));
    share->order = mem_alloc(hosts, sizeof(*share->order));
    share->by_name = mem_alloc(hosts, sizeof(*share->by_name));
    share->looked = mem_alloc(courses, sizeof(*share->looked));
    if (!share->hosts || !share->order || !share->by_name || !share->looked)
        goto fail;
    share->bytes = sizeof(*share) + courses * sizeof(*share->looked) +
                   hosts * (sizeof(*share->hosts) + 2 * sizeof(*share->order));
    share->soonest = INT64_MAX;
    sort_hosts(share);
    plan_share_hosts(config->plan);
    *ret_share = share;
    return TS_ERR_OK;
fail:
    share_free(share);
    return error_set(reterr, TS_ERR_NOMEM, "no memory for the leases of %u hosts", hosts);
}

void share_free(struct share *share)
{
    if (!share)
        return;
    (void)pthread_mutex_destroy(&share->mutex);
    mem_free(share->looked);
    mem_free(share->by_name);
    mem_free(share->order);
    mem_free(share->hosts);
    mem_free(share);
}

size_t share_bytes(const struct share *share)
{
    return share ? share->bytes : 0;
}
