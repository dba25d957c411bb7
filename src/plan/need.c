/* need.c: levels of need, two to a byte, and positions by them. */
#include "plan/need.h"

static uint32_t get(const struct plan *plan, uint32_t tenant, uint32_t day)
{
    size_t at = (size_t)tenant * plan->days + day;
    return plan->needs ? (uint32_t)plan->needs[at / 2] >> (at % 2 * 4) & 0xf : 0;
}

static void set(struct plan *plan, uint32_t tenant, uint32_t day, uint32_t level)
{
    size_t at = (size_t)tenant * plan->days + day;
    uint32_t shift = at % 2 * 4;
    plan->needs[at / 2] = (uint8_t)((plan->needs[at / 2] & ~(0xfu << shift)) | level << shift);
}

uint32_t need_level(int64_t age_s, int64_t limit_s)
{
    uint32_t level = 0;
    for (int64_t times = age_s / limit_s; times > 0 && level < NEED_NEVER - 1; times /= 2)
        level++;
    return level;
}

void need_looked(struct plan *plan, uint32_t course_index, uint32_t day, int64_t age_s,
                 int64_t limit_s)
{
    uint32_t tenant = plan->tenant_of[course_index];
    uint32_t level = need_level(age_s, limit_s);
    day_set(plan->courses[course_index].again, day);
    if (level > get(plan, tenant, day))
        set(plan, tenant, day, level);
}

/* What one of the courses needs, all get: they are asked together. */
static bool was_passed_over(const struct plan *plan, const struct tenant *tenant, uint32_t day)
{
    for (uint32_t i = 0; i < tenant->count; i++) {
        const struct plan_course *course = &plan->courses[plan->order[tenant->first + i]];
        if (day_is_set(course->pending, day) && !day_is_set(course->again, day))
            return true;
    }
    return false;
}

void need_settle(struct plan *plan, struct host *host)
{
    if (!plan->needs) {
        host->levels = 1;
        return;
    }
    for (uint32_t t = host->first; t < host->first + host->count; t++) {
        const struct tenant *tenant = &plan->tenants[t];
        for (uint32_t day = 0; day < plan->days; day++) {
            if (was_passed_over(plan, tenant, day))
                set(plan, t, day, NEED_NEVER);
            host->levels |= (uint16_t)(1u << get(plan, t, day));
        }
        for (uint32_t i = 0; i < tenant->count; i++)
            days_clear(plan->courses[plan->order[tenant->first + i]].again);
    }
}

uint32_t need_position(const struct plan *plan, uint32_t tenant, uint32_t day)
{
    const struct host *host = &plan->hosts[plan->tenants[tenant].host];
    uint32_t level = get(plan, tenant, day);
    return ((NEED_NEVER - level) * plan->days + day) * host->count + tenant - host->first;
}

bool need_seek(const struct plan *plan, const struct host *host, uint32_t *at,
               struct need_place *ret_place)
{
    uint32_t span = plan->days * host->count;
    while (*at < NEED_LEVELS * span) {
        uint32_t level = NEED_NEVER - *at / span, place = *at % span;
        struct need_place here = { host->first + place % host->count, place / host->count };
        if (!(host->levels >> level & 1)) {
            *at += span - place;
        } else if (get(plan, here.tenant, here.day) != level) {
            ++*at;
        } else {
            *ret_place = here;
            return true;
        }
    }
    return false;
}
