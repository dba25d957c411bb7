/* stop.c: what replies say of hosts and tenants, and what is therefore not asked any more. */
#include "plan/stop.h"

#include "plan/leased.h"

#define BLOCKED_TENANTS_IN_ROW 3
#define TENANT_FAILURES        3
#define REFUSALS_IN_ROW        30 /* minutes at the slowest pace */

bool plan_is_asked(const struct plan *plan, uint32_t tenant_index)
{
    const struct tenant *tenant = &plan->tenants[tenant_index];
    return !plan->stopped && !plan->hosts[tenant->host].stopped && !tenant->blocked;
}

void plan_skip(struct plan *plan, uint32_t course_index)
{
    plan->skipped++;
    plan->counts[course_index].skipped++;
}

void plan_take_off(struct plan *plan, uint32_t course_index, uint32_t day)
{
    struct plan_course *course = &plan->courses[course_index];
    uint32_t tenant = plan->tenant_of[course_index];
    struct host *host = &plan->hosts[plan->tenants[tenant].host];
    bool counted = !day_is_set(course->again, day); /* in requests_left */
    uint32_t before = plan_expected(plan, tenant, day);
    day_clear(course->pending, day);
    day_clear(course->again, day);
    host->pending--;
    uint32_t after = plan_expected(plan, tenant, day);
    uint32_t saved = counted && after < before ? before - after : 0;
    host->requests_left -= saved < host->requests_left ? saved : host->requests_left;
}

static void skip_pending(struct plan *plan, uint32_t course_index)
{
    for (uint32_t day = 0; day < plan->days; day++) {
        if (!day_is_set(plan->courses[course_index].pending, day))
            continue;
        plan_take_off(plan, course_index, day);
        plan_skip(plan, course_index);
    }
}

static void skip_retries(struct plan *plan, struct host *host, uint32_t tenant_index)
{
    const struct tenant *tenant = &plan->tenants[tenant_index];
    for (uint32_t i = host->retries_count; i-- > 0;) {
        struct retry *retry = &host->retries[i];
        if (retry->tenant != tenant_index)
            continue;
        for (uint32_t at = 0; at < tenant->count; at++) {
            if (retry->courses >> at & 1)
                plan_skip(plan, plan->order[tenant->first + at]);
        }
        *retry = host->retries[--host->retries_count];
    }
}

static void skip_tenant(struct plan *plan, uint32_t tenant_index)
{
    const struct tenant *tenant = &plan->tenants[tenant_index];
    for (uint32_t i = 0; i < tenant->count; i++)
        skip_pending(plan, plan->order[tenant->first + i]);
    skip_retries(plan, &plan->hosts[tenant->host], tenant_index);
}

static void block_tenant(struct plan *plan, uint32_t tenant_index)
{
    plan->tenants[tenant_index].blocked = true;
    skip_tenant(plan, tenant_index);
}

/* Gives up a tenant whose tasks ended unreachable in a row on a host that answers others. */
void plan_judge_tenant(struct plan *plan, const struct plan_task *task, enum outcome outcome)
{
    struct tenant *tenant = &plan->tenants[task->tenant];
    if (outcome != OUTCOME_UNREACHABLE)
        return;
    if (++tenant->failures < TENANT_FAILURES || plan->hosts[task->host].count == 1)
        return;
    block_tenant(plan, task->tenant);
}

static void stop_host(struct plan *plan, struct host *host, const char *why)
{
    host->stopped = true;
    host->refuses |= !plan->stopped;
    if (!host->why)
        host->why = why;
    for (uint32_t t = host->first; t < host->first + host->count; t++)
        skip_tenant(plan, t);
}

void plan_stop_host(struct plan *plan, uint32_t host)
{
    stop_host(plan, &plan->hosts[host], "it refused another collector");
}

void plan_block(struct plan *plan, const struct plan_task *task, bool challenge)
{
    struct host *host = &plan->hosts[task->host];
    if (host->blocked_in_row == 0 || host->blocked_tenant != task->tenant)
        host->blocked_in_row++;
    host->blocked_tenant = task->tenant;
    if (challenge)
        stop_host(plan, host, "it asks for a challenge to be solved");
    else if (host->blocked_in_row >= BLOCKED_TENANTS_IN_ROW)
        stop_host(plan, host, "it refuses one tenant after the other (403)");
    else
        block_tenant(plan, task->tenant);
}

void plan_answered(struct plan *plan, const struct plan_task *task, int64_t latency_us)
{
    struct host *host = &plan->hosts[task->host];
    struct tenant *tenant = &plan->tenants[task->tenant];
    host->blocked_in_row = 0;
    host->refused_in_row = 0;
    tenant->failures = 0;
    tenant->fails = false;
    pace_accepted(&host->pace, latency_us);
    breaker_answered(&host->breaker);
}

void plan_refused(struct plan *plan, const struct plan_task *task, int64_t now_us,
                  int64_t took_us)
{
    struct host *host = &plan->hosts[task->host];
    pace_rejected(&host->pace, now_us - took_us, now_us);
    breaker_answered(&host->breaker); /* it lives */
    if (++host->refused_in_row >= REFUSALS_IN_ROW)
        stop_host(plan, host, "it refuses every request (429, 503)");
}

/* On a host that answers others, a tenant that fails once more is no news of the host; nor is
 * what an open breaker expects. */
static bool slows_host(const struct host *host, const struct tenant *tenant)
{
    bool alone = host->count > 1 && tenant->fails && host->breaker.tenants <= 1;
    return !alone && host->breaker.state == BREAKER_CLOSED;
}

void plan_failed(struct plan *plan, const struct plan_task *task, int64_t now_us,
                 int64_t took_us)
{
    struct host *host = &plan->hosts[task->host];
    struct tenant *tenant = &plan->tenants[task->tenant];
    if (slows_host(host, tenant))
        pace_failed(&host->pace, now_us - took_us, now_us);
    tenant->fails = true;
    if (breaker_failed(&host->breaker, task->tenant, host->count, now_us))
        stop_host(plan, host, "it does not answer");
}

void plan_stop(struct plan *plan)
{
    plan->stopped = true;
    for (uint32_t i = 0; i < plan->hosts_count; i++)
        stop_host(plan, &plan->hosts[i], NULL);
}

uint64_t plan_take_skipped(struct plan *plan)
{
    uint64_t skipped = plan->skipped;
    plan->skipped = 0;
    plan->totals.done += skipped;
    return skipped;
}
