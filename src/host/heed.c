/* heed.c: replies as news of their host. */
#include "host/heed.h"

#include "base/clock.h"
#include "engine/engine.h"
#include "plan/outlook.h"

#define RETRY_AFTER_MAX_US ((int64_t)600 * CLOCK_SECOND_US)

static bool refused(const struct http_reply *reply)
{
    return reply->end == HTTP_END_REPLY && (reply->status == 429 || reply->status == 503);
}

/* Also a 4xx is an answer, but for 403, which says nothing of the host's health. */
static bool answered(const struct http_reply *reply)
{
    return reply->end == HTTP_END_TOO_LARGE ||
           (reply->end == HTTP_END_REPLY && reply->status < 500);
}

static void judge_host(struct plan *plan, const struct plan_task *task,
                       const struct http_reply *reply)
{
    if (reply->end == HTTP_END_CANCELLED || reply->status == 403)
        return;
    int64_t now = clock_monotonic_us();
    if (refused(reply))
        plan_refused(plan, task, now, reply->duration_us);
    else if (answered(reply))
        plan_answered(plan, task, reply->duration_us);
    else
        plan_failed(plan, task, now, reply->duration_us);
}

static void count_reply(struct plan *plan, const struct plan_task *task,
                        const struct http_reply *reply)
{
    if (reply->end == HTTP_END_CANCELLED)
        return;
    if (reply->status == 403 || engine_reply_is_challenge(reply))
        plan_count_reply(plan, task, PLAN_REPLY_BLOCKED);
    else if (refused(reply))
        plan_count_reply(plan, task, PLAN_REPLY_REFUSED);
    else
        plan_count_reply(plan, task, answered(reply) ? PLAN_REPLY_ANSWERED : PLAN_REPLY_FAILED);
}

static void hold_host(struct plan *plan, const struct plan_task *task,
                      const struct http_reply *reply)
{
    int64_t hold_us = reply->retry_after_us;
    if (hold_us < 0 || reply->status < 400)
        return;
    if (hold_us > RETRY_AFTER_MAX_US)
        hold_us = RETRY_AFTER_MAX_US;
    plan_set_hold(plan, task->host, clock_monotonic_us() + hold_us);
}

void heed_reply(struct plan *plan, const struct plan_task *task, const struct http_reply *reply,
                const struct conversation_note *note)
{
    if (note->tenant_dropped)
        plan_tenant_drop(plan, task);
    if (note->tenant_ttl_s > 0)
        plan_tenant_wrote(plan, task,
                          clock_monotonic_us() + note->tenant_ttl_s * CLOCK_SECOND_US);
    hold_host(plan, task, reply);
    count_reply(plan, task, reply);
    judge_host(plan, task, reply);
}
