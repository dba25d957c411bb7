/* plan.c: making the plan and counting it. */
#include "plan/plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "plan/leased.h"
#include "plan/need.h"
#include "plan/window.h"

static struct window dates_of(const struct plan *plan, const struct plan_config *config,
                              uint32_t index)
{
    const struct course *course = &plan->catalogue->courses[index];
    struct window window =
        window_of(course, plan->catalogue->zones[course->zone], config->now_wall);
    if (config->from_date > window.first)
        window.first = config->from_date;
    if (config->days && window.last - window.first >= (int32_t)config->days)
        window.last = window.first + (int32_t)config->days - 1;
    return window;
}

/* Day 0 is the first date of the course that is furthest behind. */
static void find_base(struct plan *plan, const struct plan_config *config)
{
    plan->base = INT32_MAX;
    for (uint32_t i = 0; i < plan->catalogue->courses_count; i++) {
        struct window window = dates_of(plan, config, i);
        if (window.first < plan->base)
            plan->base = window.first;
    }
}

static void fill_days(struct plan *plan, const struct plan_config *config)
{
    for (uint32_t i = 0; i < plan->catalogue->courses_count; i++) {
        struct window window = dates_of(plan, config, i);
        for (int32_t date = window.first; date <= window.last; date++) {
            uint32_t day = (uint32_t)(date - plan->base);
            assert(day < PLAN_DAYS_MAX);
            day_set(plan->courses[i].pending, day);
            if (day + 1 > plan->days)
                plan->days = day + 1;
        }
    }
}

static int compare_ids(const void *a, const void *b, void *ctx)
{
    const struct catalogue *catalogue = ctx;
    const uint32_t *left = a, *right = b;
    int64_t x = catalogue->courses[*left].id, y = catalogue->courses[*right].id;
    return x < y ? -1 : x > y;
}

static void index_ids(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->catalogue->courses_count; i++)
        plan->by_id[i] = i;
    struct catalogue catalogue = *plan->catalogue; /* qsort_r's context is not const */
    qsort_r(plan->by_id, catalogue.courses_count, sizeof(*plan->by_id), compare_ids,
            &catalogue);
}

int64_t plan_find_course(const struct plan *plan, int64_t course_id)
{
    uint32_t low = 0, high = plan->catalogue->courses_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int64_t id = plan->catalogue->courses[plan->by_id[middle]].id;
        if (id == course_id)
            return plan->by_id[middle];
        if (id < course_id)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static bool provide_needs(struct plan *plan)
{
    if (plan->ages.count == 0)
        return true;
    size_t bytes = ((size_t)plan->tenants_count * plan->days + 1) / 2;
    plan->needs = mem_alloc(bytes, 1);
    plan->bytes += bytes;
    return plan->needs != NULL;
}

ts_err plan_new(const struct plan_config *config, struct plan **ret_plan, struct error *reterr)
{
    uint32_t count = config->catalogue->courses_count;
    ts_err err = TS_ERR_NOMEM;
    struct plan *plan = mem_alloc(1, sizeof(*plan));
    if (!plan)
        goto fail;
    plan->catalogue = config->catalogue;
    plan->retries_allowed = config->retries;
    plan->seed = config->seed;
    plan->now_wall = config->now_wall;
    plan->ages = config->ages;
    plan->courses = mem_alloc(count, sizeof(*plan->courses));
    plan->order = mem_alloc(count, sizeof(*plan->order));
    plan->by_id = mem_alloc(count, sizeof(*plan->by_id));
    plan->tenant_of = mem_alloc(count, sizeof(*plan->tenant_of));
    plan->counts = mem_alloc(count, sizeof(*plan->counts));
    plan->tenants = mem_alloc(count, sizeof(*plan->tenants));
    if (!plan->courses || !plan->order || !plan->by_id || !plan->tenant_of || !plan->counts ||
        !plan->tenants)
        goto fail;
    plan->bytes = sizeof(*plan) + count * (sizeof(*plan->courses) + sizeof(*plan->tenants) +
                                           3 * sizeof(*plan->order) + sizeof(*plan->counts));
    find_base(plan, config);
    fill_days(plan, config);
    index_ids(plan);
    err = plan_group(plan, config, reterr);
    if (err)
        goto fail_said;
    err = TS_ERR_NOMEM;
    if (!provide_needs(plan))
        goto fail;
    *ret_plan = plan;
    return TS_ERR_OK;
fail:
    (void)error_set(reterr, err, "no memory for the plan of %u courses", count);
fail_said:
    plan_free(plan);
    return err;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (uint32_t i = 0; i < plan->hosts_count; i++)
        mem_free(plan->hosts[i].name);
    mem_free(plan->hosts);
    mem_free(plan->retries);
    mem_free(plan->needs);
    tenants_free(plan->tenant_states);
    mem_free(plan->tenants);
    mem_free(plan->counts);
    mem_free(plan->tenant_of);
    mem_free(plan->by_id);
    mem_free(plan->order);
    mem_free(plan->courses);
    mem_free(plan);
}

static int64_t age_limit(const struct plan *plan, uint32_t course_index, int32_t play_date)
{
    const struct course *course = &plan->catalogue->courses[course_index];
    int32_t today;
    uint16_t minute;
    zone_local(plan->catalogue->zones[course->zone], plan->now_wall, &today, &minute);
    return plan_ages_limit(&plan->ages, play_date - today);
}

static bool is_within(const struct plan *plan, int64_t limit, int64_t observed_at)
{
    return limit > 0 && observed_at > 0 && plan->now_wall - observed_at < limit;
}

bool plan_is_fresh(const struct plan *plan, uint32_t course_index, int32_t play_date,
                   int64_t observed_at)
{
    return is_within(plan, age_limit(plan, course_index, play_date), observed_at);
}

void plan_known(struct plan *plan, int64_t course_id, int32_t play_date, int64_t checked_at,
                int64_t observed_at)
{
    int64_t index = plan_find_course(plan, course_id);
    int32_t day = play_date - plan->base;
    if (!plan->needs || index < 0 || day < 0 || day >= (int32_t)plan->days ||
        !day_is_set(plan->courses[index].pending, (uint32_t)day))
        return;
    int64_t limit = age_limit(plan, (uint32_t)index, play_date);
    if (is_within(plan, limit, observed_at)) {
        day_clear(plan->courses[index].pending, (uint32_t)day);
        plan->totals.fresh++;
        return;
    }
    need_looked(plan, (uint32_t)index, (uint32_t)day, plan->now_wall - checked_at,
                limit > 0 ? limit : plan_ages_shortest(&plan->ages));
}

uint32_t plan_expected(const struct plan *plan, uint32_t tenant, uint32_t day)
{
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    const struct tenant *group = &plan->tenants[tenant];
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        uint32_t index = plan->order[group->first + i];
        if (day_is_set(plan->courses[index].pending, day))
            courses[count++] = &plan->catalogue->courses[index];
    }
    return count ? plan->hosts[group->host].engine->expected_requests(courses, count) : 0;
}

static uint64_t pending_of(const struct plan *plan, const struct host *host)
{
    uint64_t pending = 0;
    for (uint32_t t = host->first; t < host->first + host->count; t++) {
        for (uint32_t i = 0; i < plan->tenants[t].count; i++) {
            const struct plan_course *course =
                &plan->courses[plan->order[plan->tenants[t].first + i]];
            for (uint32_t word = 0; word < DAYS_WORDS; word++)
                pending += (uint64_t)__builtin_popcount(course->pending[word]);
        }
    }
    return pending;
}

void plan_learnt(struct plan *plan, struct str host_name, int64_t gap_us, uint32_t parallel)
{
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        struct host *host = &plan->hosts[i];
        if (str_equal(str_of(host->name), host_name))
            pace_init(&host->pace, host->pace.gap_floor_us, host->pace.parallel_most, gap_us,
                      parallel);
    }
}

void plan_start(struct plan *plan)
{
    struct plan_totals *totals = &plan->totals;
    totals->hosts = plan->hosts_count;
    for (uint32_t h = 0; h < plan->hosts_count; h++) {
        struct host *host = &plan->hosts[h];
        host->pending = pending_of(plan, host);
        need_settle(plan, host);
        for (uint32_t t = host->first; t < host->first + host->count; t++) {
            for (uint32_t day = 0; day < plan->days; day++)
                host->planned_requests += plan_expected(plan, t, day);
        }
        host->requests_left = host->planned_requests;
        totals->tee_sheets += host->pending;
        totals->requests += host->planned_requests;
        int64_t rest = plan_host_rest_us(host);
        if (h == 0 || rest > totals->slowest_us ||
            (rest == totals->slowest_us && host->planned_requests > totals->slowest_requests)) {
            totals->slowest_host = h;
            totals->slowest_us = rest;
            totals->slowest_requests = host->planned_requests;
        }
    }
}
