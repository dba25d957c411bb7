/* queue.c: which conversation may start now, and what becomes of it. */
#include <assert.h>

#include "plan/leased.h"
#include "plan/need.h"
#include "plan/stop.h"

#define BACKOFF_BASE_US ((int64_t)500000)
#define BACKOFF_MAX_US  ((int64_t)30000000)

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(struct plan *plan)
{
    uint64_t z = plan->seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Full jitter: anywhere between now and a bound that doubles ("Exponential Backoff And Jitter",
 * M. Brooker, AWS 2015). */
static int64_t backoff_us(struct plan *plan, uint32_t attempt)
{
    int64_t bound = BACKOFF_MAX_US;
    if (attempt < 7)
        bound = BACKOFF_BASE_US << (attempt - 1);
    if (bound > BACKOFF_MAX_US)
        bound = BACKOFF_MAX_US;
    return (int64_t)(next_random(plan) % (uint64_t)(bound + 1));
}

static int64_t host_free_at(const struct host *host)
{
    if (host->leaving)
        return INT64_MAX;
    return host->next_at > host->hold_until ? host->next_at : host->hold_until;
}

static bool keeps_state(const struct host *host)
{
    return host->engine->tenant_state_bytes > 0;
}

/* Another task of this tenant is fetching what this one needs. */
static bool must_wait(const struct plan *plan, const struct host *host, uint32_t tenant,
                      int64_t now_us)
{
    return keeps_state(host) && tenants_must_wait(plan->tenant_states, tenant, now_us);
}

/* The retry that may start first; NULL: none may. */
static struct retry *soonest_retry(const struct plan *plan, const struct host *host,
                                   int64_t now_us)
{
    struct retry *soonest = NULL;
    for (uint32_t i = 0; i < host->retries_count; i++) {
        struct retry *retry = &host->retries[i];
        if ((!soonest || retry->not_before < soonest->not_before) &&
            !must_wait(plan, host, retry->tenant, now_us))
            soonest = retry;
    }
    return soonest;
}

static void occupy(struct plan *plan, struct host *host, struct plan_task *task, int64_t now_us)
{
    host->running++;
    breaker_started(&host->breaker, now_us);
    task->host = (uint32_t)(host - plan->hosts);
    if (keeps_state(host))
        task->tenant_state = tenants_lend(plan->tenant_states, task->tenant, now_us);
}

static void start_retry(struct plan *plan, struct host *host, struct retry *slot,
                        int64_t now_us, struct plan_task *ret_task)
{
    struct retry retry = *slot;
    *slot = host->retries[--host->retries_count];
    const struct tenant *tenant = &plan->tenants[retry.tenant];
    *ret_task = (struct plan_task){ .tenant = retry.tenant,
                                    .play_date = plan->base + retry.day,
                                    .attempt = retry.attempt,
                                    .second_look = retry.second_look };
    for (uint32_t i = 0; i < tenant->count; i++) {
        if (retry.courses >> i & 1)
            ret_task->courses[ret_task->courses_count++] = plan->order[tenant->first + i];
    }
    occupy(plan, host, ret_task, now_us);
}

/* Takes the tenant's pending courses of the day, second looks apart from first ones. */
static bool take_pending(struct plan *plan, struct host *host, uint32_t tenant_index,
                         uint32_t day, struct plan_task *ret_task)
{
    const struct tenant *tenant = &plan->tenants[tenant_index];
    struct plan_task task = { .tenant = tenant_index,
                              .play_date = plan->base + (int32_t)day,
                              .attempt = 1 };
    uint32_t expected = plan_expected(plan, tenant_index, day);
    if (tenant->blocked || !expected)
        return false;
    for (uint32_t i = 0; i < tenant->count; i++) {
        uint32_t index = plan->order[tenant->first + i];
        struct plan_course *course = &plan->courses[index];
        if (!day_is_set(course->pending, day))
            continue;
        bool again = day_is_set(course->again, day);
        if (task.courses_count && again != task.second_look)
            continue;
        task.second_look = again;
        task.courses[task.courses_count++] = index;
        day_clear(course->pending, day);
        day_clear(course->again, day);
        host->pending--;
    }
    if (!task.second_look)
        host->requests_left -= expected < host->requests_left ? expected : host->requests_left;
    *ret_task = task;
    return true;
}

/* Moves the host's cursor over what is done. It stays before a tenant that has to wait, over
 * which this call passes. */
static bool start_pending(struct plan *plan, struct host *host, int64_t now_us,
                          struct plan_task *ret_task)
{
    bool passed = false;
    struct need_place place;
    for (uint32_t at = host->cursor; need_seek(plan, host, &at, &place); at++) {
        bool waits = must_wait(plan, host, place.tenant, now_us);
        passed |= waits;
        if (!passed)
            host->cursor = at;
        if (!waits && take_pending(plan, host, place.tenant, place.day, ret_task)) {
            occupy(plan, host, ret_task, now_us);
            return true;
        }
    }
    return false;
}

static bool may_start_fresh(const struct plan *plan, const struct host *host)
{
    return !plan->stopped && host->pending > 0 &&
           host->running + host->retries_count < host->retries_max;
}

/* When this host may start its next conversation. */
static int64_t host_starts_at(const struct host *host, bool fresh, int64_t retry_at)
{
    int64_t free_at = host_free_at(host);
    if (fresh || retry_at < free_at)
        return free_at;
    return retry_at;
}

/* Whether its state permits another conversation; else lowers *wait_at to when it will. */
static bool host_may_start(const struct host *host, int64_t now_us, int64_t *wait_at)
{
    int64_t until;
    if (host->stopped || !host->leased || host->running >= host->pace.parallel)
        return false;
    if (breaker_lets(&host->breaker, now_us, host->running, &until))
        return true;
    if (until > 0 && until < *wait_at)
        *wait_at = until;
    return false;
}

/* Starts a conversation on this host if it may; else lowers *wait_at to when it may. */
static bool start_on_host(struct plan *plan, struct host *host, int64_t now_us,
                          struct plan_task *ret_task, int64_t *wait_at)
{
    bool fresh = may_start_fresh(plan, host);
    if ((!fresh && host->retries_count == 0) || !host_may_start(host, now_us, wait_at))
        return false;
    struct retry *retry = soonest_retry(plan, host, now_us);
    int64_t retry_at = retry ? retry->not_before : INT64_MAX;
    int64_t at = host_starts_at(host, fresh, retry_at);
    if (at > now_us) {
        *wait_at = at < *wait_at ? at : *wait_at;
        return false;
    }
    if (retry_at > now_us)
        return start_pending(plan, host, now_us, ret_task);
    start_retry(plan, host, retry, now_us, ret_task);
    return true;
}

bool plan_next(struct plan *plan, int64_t now_us, struct plan_task *ret_task,
               int64_t *ret_wait_us)
{
    int64_t wait_at = INT64_MAX;
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        uint32_t index = plan->next_host;
        plan->next_host = index + 1 < plan->hosts_count ? index + 1 : 0;
        if (start_on_host(plan, &plan->hosts[index], now_us, ret_task, &wait_at))
            return true;
    }
    *ret_wait_us = wait_at == INT64_MAX ? -1 : wait_at - now_us;
    return false;
}

int64_t plan_wait_us(const struct plan *plan, const struct plan_task *task, int64_t now_us)
{
    const struct host *host = &plan->hosts[task->host];
    int64_t free_at = host_free_at(host);
    if (host->refuses || plan->tenants[task->tenant].blocked)
        return -1;
    if (host->leaving)
        return pace_gap_us(&host->pace);
    return free_at > now_us ? free_at - now_us : 0;
}

void plan_sends(struct plan *plan, const struct plan_task *task)
{
    struct host *host = &plan->hosts[task->host];
    host->leaving = pace_gap_us(&host->pace) > 0;
}

void plan_sent(struct plan *plan, const struct plan_task *task, int64_t now_us)
{
    struct host *host = &plan->hosts[task->host];
    host->leaving = false;
    host->next_at = now_us + pace_gap_us(&host->pace);
    host->last_at = now_us;
    if (host->requests++ == 0)
        host->first_at = now_us;
}

static void release(struct plan *plan, const struct plan_task *task)
{
    struct host *host = &plan->hosts[task->host];
    assert(host->running > 0);
    host->running--;
    if (keeps_state(host))
        tenants_return(plan->tenant_states, task->tenant);
}

void plan_tenant_wrote(struct plan *plan, const struct plan_task *task, int64_t good_until_us)
{
    if (task->tenant_state)
        tenants_wrote(plan->tenant_states, task->tenant, good_until_us);
}

void plan_tenant_drop(struct plan *plan, const struct plan_task *task)
{
    if (task->tenant_state)
        tenants_drop(plan->tenant_states, task->tenant);
}

/* Takes later dates of a course off the plan; they count as done without an outcome of their
 * own. A second look is owed to what was observed. */
static void drop_later_days(struct plan *plan, uint32_t course_index, uint32_t day)
{
    const struct plan_course *course = &plan->courses[course_index];
    for (uint32_t later = day + 1; later < plan->days; later++) {
        if (!day_is_set(course->pending, later) || day_is_set(course->again, later))
            continue;
        plan_take_off(plan, course_index, later);
        plan->totals.tee_sheets--;
    }
}

void plan_done(struct plan *plan, const struct plan_task *task, const struct tee_sheet *sheets)
{
    release(plan, task);
    plan_judge_tenant(plan, task, sheets[0].outcome);
    plan->totals.done += task->courses_count;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        const struct course *course = &plan->catalogue->courses[task->courses[i]];
        if (sheets[i].outcome == OUTCOME_NOT_RELEASED &&
            course->window_days == COURSE_WINDOW_UNKNOWN)
            drop_later_days(plan, task->courses[i], (uint32_t)(task->play_date - plan->base));
    }
}

static void put_retry(struct plan *plan, const struct plan_task *task, uint32_t attempt,
                      int64_t not_before)
{
    struct host *host = &plan->hosts[task->host];
    const struct tenant *tenant = &plan->tenants[task->tenant];
    struct retry retry = { .not_before = not_before,
                           .tenant = task->tenant,
                           .day = (uint8_t)(task->play_date - plan->base),
                           .attempt = (uint8_t)attempt,
                           .second_look = task->second_look };
    for (uint32_t i = 0, next = 0; i < tenant->count && next < task->courses_count; i++) {
        if (plan->order[tenant->first + i] == task->courses[next]) {
            retry.courses |= (uint16_t)(1u << i);
            next++;
        }
    }
    assert(host->retries_count < host->retries_max);
    host->retries[host->retries_count++] = retry;
}

bool plan_again(struct plan *plan, const struct plan_task *task, int64_t now_us)
{
    if (task->attempt > plan->retries_allowed || !plan_is_asked(plan, task->tenant))
        return false;
    release(plan, task);
    put_retry(plan, task, task->attempt + 1, now_us + backoff_us(plan, task->attempt));
    return true;
}

bool plan_yield(struct plan *plan, const struct plan_task *task, int64_t now_us)
{
    if (!plan_is_asked(plan, task->tenant))
        return false;
    release(plan, task);
    put_retry(plan, task, task->attempt, now_us);
    return true;
}

void plan_abandon(struct plan *plan, const struct plan_task *task)
{
    release(plan, task);
    for (uint32_t i = 0; i < task->courses_count; i++)
        plan_skip(plan, task->courses[i]);
}

/* False: its host or tenant is not asked any more. */
static bool make_due(struct plan *plan, uint32_t course_index, uint32_t day, bool second_look)
{
    uint32_t tenant = plan->tenant_of[course_index];
    struct host *host = &plan->hosts[plan->tenants[tenant].host];
    if (!plan_is_asked(plan, tenant))
        return false;
    assert(day < plan->days);
    day_set(plan->courses[course_index].pending, day);
    if (second_look)
        day_set(plan->courses[course_index].again, day);
    host->pending++;
    uint32_t at = need_position(plan, tenant, day);
    if (at < host->cursor)
        host->cursor = at;
    return true;
}

bool plan_look_again(struct plan *plan, uint32_t course_index, int32_t play_date)
{
    bool due = make_due(plan, course_index, (uint32_t)(play_date - plan->base), true);
    plan->totals.done -= due;
    return due;
}

void plan_make_due(struct plan *plan, uint32_t course_index, uint32_t day, bool second_look)
{
    if (!make_due(plan, course_index, day, second_look))
        plan_skip(plan, course_index);
}

int64_t plan_hold(const struct plan *plan, uint32_t host)
{
    return plan->hosts[host].hold_until;
}

void plan_set_hold(struct plan *plan, uint32_t host, int64_t until_us)
{
    if (until_us > plan->hosts[host].hold_until)
        plan->hosts[host].hold_until = until_us;
}

bool plan_finished(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        const struct host *host = &plan->hosts[i];
        if (host->running || host->retries_count || host->pending)
            return false;
    }
    return true;
}
