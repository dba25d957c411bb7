/* leased.c: hosts that come and go, and what others did meanwhile. */
#include "plan/leased.h"

#include "plan/state.h"

struct plan_host_name plan_host_name(const struct plan *plan, uint32_t host)
{
    return (struct plan_host_name){ .engine = plan->hosts[host].engine->name,
                                    .host = plan->hosts[host].name };
}

struct plan_courses plan_host_courses(const struct plan *plan, uint32_t host_index)
{
    const struct host *host = &plan->hosts[host_index];
    const struct tenant *first = &plan->tenants[host->first];
    const struct tenant *last = first + host->count - 1;
    return (struct plan_courses){ .indices = plan->order + first->first,
                                  .count = last->first + last->count - first->first };
}

uint32_t plan_host_of(const struct plan *plan, uint32_t course_index)
{
    return plan->tenants[plan->tenant_of[course_index]].host;
}

void plan_days_add(const struct plan *plan, struct plan_days *days, int32_t play_date)
{
    int32_t day = play_date - plan->base;
    if (day >= 0 && day < (int32_t)plan->days)
        day_set(days->bits, (uint32_t)day);
}

void plan_share_hosts(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->hosts_count; i++)
        plan->hosts[i].leased = false;
}

void plan_lease(struct plan *plan, uint32_t host, bool leased)
{
    plan->hosts[host].leased = leased;
}

/* What waits for another try is due as if it had not been tried: others may have done it. */
static void give_up_retries(struct plan *plan, struct host *host)
{
    uint32_t count = host->retries_count;
    host->retries_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct retry *retry = &host->retries[i];
        const struct tenant *tenant = &plan->tenants[retry->tenant];
        for (uint32_t c = 0; c < tenant->count; c++) {
            if (retry->courses >> c & 1)
                plan_make_due(plan, plan->order[tenant->first + c], retry->day,
                              retry->second_look);
        }
    }
}

static uint64_t settle_course(struct plan *plan, uint32_t index,
                              const struct plan_looked *looked)
{
    struct plan_course *course = &plan->courses[index];
    uint64_t settled = 0;
    for (uint32_t word = 0; word < DAYS_WORDS; word++) {
        uint32_t bits = course->pending[word] & looked->done.bits[word];
        int observed = __builtin_popcount(bits & looked->observed.bits[word]);
        settled += (uint64_t)__builtin_popcount(bits);
        plan->counts[index].others_observed += (uint8_t)observed;
        plan->totals.others_observed += (uint64_t)observed;
        course->pending[word] &= ~bits;
        course->again[word] &= ~bits;
    }
    return settled;
}

static void count_requests(struct plan *plan, struct host *host)
{
    host->requests_left = 0;
    for (uint32_t t = host->first; t < host->first + host->count; t++) {
        for (uint32_t day = 0; day < plan->days; day++)
            host->requests_left += plan_expected(plan, t, day);
    }
}

uint64_t plan_settle(struct plan *plan, uint32_t host_index, const struct plan_looked *looked)
{
    struct host *host = &plan->hosts[host_index];
    struct plan_courses courses = plan_host_courses(plan, host_index);
    uint64_t settled = 0;
    give_up_retries(plan, host);
    for (uint32_t i = 0; i < courses.count; i++)
        settled += settle_course(plan, courses.indices[i], &looked[courses.indices[i]]);
    host->pending -= settled;
    plan->totals.tee_sheets -= settled;
    plan->totals.by_others += settled;
    count_requests(plan, host);
    return settled;
}

uint32_t plan_others_observed(const struct plan *plan, uint32_t course_index)
{
    return plan->counts[course_index].others_observed;
}

void plan_return(struct plan *plan, uint32_t course_index, int32_t play_date, bool second_look)
{
    plan->totals.done--;
    plan_make_due(plan, course_index, (uint32_t)(play_date - plan->base), second_look);
}

bool plan_host_has_work(const struct plan *plan, uint32_t host_index)
{
    const struct host *host = &plan->hosts[host_index];
    return !host->stopped && (host->pending > 0 || host->retries_count > 0);
}

bool plan_host_refuses(const struct plan *plan, uint32_t host)
{
    return plan->hosts[host].refuses;
}

bool plan_host_rests(const struct plan *plan, uint32_t host_index, int64_t now_us)
{
    const struct host *host = &plan->hosts[host_index];
    return host->running == 0 && !plan_host_has_work(plan, host_index) &&
           host->next_at <= now_us && host->hold_until <= now_us;
}

bool plan_rests(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        const struct host *host = &plan->hosts[i];
        if (host->running || (host->leased && (host->retries_count || host->pending)))
            return false;
    }
    return true;
}
