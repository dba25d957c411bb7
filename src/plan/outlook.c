/* outlook.c: how the plan stands. */
#include "plan/outlook.h"

#include "plan/state.h"

int64_t plan_host_rest_us(const struct host *host)
{
    return (int64_t)host->requests_left * pace_gap_us(&host->pace);
}

struct plan_totals plan_totals(const struct plan *plan)
{
    return plan->totals;
}

uint32_t plan_hosts(const struct plan *plan)
{
    return plan->hosts_count;
}

struct plan_host plan_host(const struct plan *plan, uint32_t host_index)
{
    const struct host *host = &plan->hosts[host_index];
    struct plan_host outlook = {
        .name = host->name,
        .engine = host->engine,
        .pace = { .gap_us = pace_gap_us(&host->pace), .parallel = host->pace.parallel },
        .learnt_gap_us = pace_learnt_gap_us(&host->pace),
        .planned_requests = host->planned_requests,
        .requests = host->requests,
        .tee_sheets_left = host->pending,
        .throttled = host->replies[PLAN_REPLY_REFUSED],
        .expected_us = plan_host_rest_us(host),
        .busy_us = host->last_at - host->first_at,
        .stopped = host->stopped,
        .why = host->why,
    };
    for (int i = 0; i < PLAN_REPLIES; i++)
        outlook.replies[i] = host->replies[i];
    return outlook;
}

void plan_count_reply(struct plan *plan, const struct plan_task *task, enum plan_reply reply)
{
    plan->hosts[task->host].replies[reply]++;
}

int64_t plan_eta_us(const struct plan *plan, int64_t now_us)
{
    int64_t longest = 0;
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        const struct host *host = &plan->hosts[i];
        int64_t rest = plan_host_rest_us(host);
        if (host->pending && host->hold_until > now_us)
            rest += host->hold_until - now_us;
        if (rest > longest && !host->stopped)
            longest = rest;
    }
    return longest;
}

size_t plan_bytes(const struct plan *plan)
{
    return plan->bytes;
}

uint32_t plan_skipped_of(const struct plan *plan, uint32_t course_index)
{
    return plan->counts[course_index].skipped;
}
