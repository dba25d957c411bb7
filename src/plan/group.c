/* group.c: courses into tenants, tenants into hosts. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "plan/state.h"

struct group_key {
    uint64_t host, tenant; /* hashes: equal text, equal group */
    uint32_t course;
};

/* Tenant states together take at most this much, unless running tasks alone need more. */
#define TENANT_STATES_MAX_BYTES ((size_t)1 << 20)
#define HOST_NAME_MAX_BYTES     256
#define TENANT_KEY_MAX_BYTES    1024

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_keys(const void *a, const void *b)
{
    const struct group_key *left = a, *right = b;
    if (left->host != right->host)
        return compare_u64(left->host, right->host);
    if (left->tenant != right->tenant)
        return compare_u64(left->tenant, right->tenant);
    return compare_u64(left->course, right->course);
}

static struct buf host_name(const struct course *course, char *storage)
{
    struct buf name = buf_over(storage, HOST_NAME_MAX_BYTES);
    engines[course->engine]->host_of(course, &name);
    return name;
}

static struct group_key key_of(const struct plan *plan, uint32_t index)
{
    const struct course *course = &plan->catalogue->courses[index];
    char host_text[HOST_NAME_MAX_BYTES], tenant_text[TENANT_KEY_MAX_BYTES];
    struct buf host = host_name(course, host_text);
    struct buf tenant = buf_over(tenant_text, sizeof(tenant_text));
    struct group_key key = { .course = index };
    key.host = hash_bytes(hash_u64(HASH_START, course->engine), host.ptr, host.len);
    if (engines[course->engine]->tenant_key(course, &tenant) && !tenant.overflow)
        key.tenant = hash_bytes(key.host, tenant.ptr, tenant.len);
    else
        key.tenant = hash_u64(key.host, (uint64_t)course->id);
    return key;
}

static ts_err add_host(struct plan *plan, const struct plan_config *config, uint32_t index)
{
    const struct course *course = &plan->catalogue->courses[index];
    char text[HOST_NAME_MAX_BYTES];
    struct host *host = &plan->hosts[plan->hosts_count];
    (void)host_name(course, text);
    host->name = mem_strdup(text);
    if (!host->name)
        return TS_ERR_NOMEM;
    host->engine = engines[course->engine];
    host->leased = true;
    const struct plan_pace *pace = &config->pace[course->engine];
    pace_init(&host->pace, pace->gap_us, pace->parallel, 0, 0);
    host->first = plan->tenants_count;
    uint32_t most = pace->parallel;
    if (most > config->conversations_max)
        most = config->conversations_max;
    host->retries_max = most + 4;
    plan->hosts_count++;
    plan->bytes += strlen(text) + 1;
    return TS_ERR_OK;
}

static void add_tenant(struct plan *plan, uint32_t first)
{
    struct host *host = &plan->hosts[plan->hosts_count - 1];
    plan->tenants[plan->tenants_count++] =
        (struct tenant){ .first = first, .host = plan->hosts_count - 1 };
    host->count++;
}

static ts_err give_retry_slots(struct plan *plan)
{
    size_t total = 0;
    for (uint32_t i = 0; i < plan->hosts_count; i++)
        total += plan->hosts[i].retries_max;
    plan->retries = mem_alloc(total, sizeof(*plan->retries));
    if (!plan->retries)
        return TS_ERR_NOMEM;
    plan->bytes += total * sizeof(*plan->retries);
    struct retry *at = plan->retries;
    for (uint32_t i = 0; i < plan->hosts_count; i++) {
        plan->hosts[i].retries = at;
        at += plan->hosts[i].retries_max;
    }
    return TS_ERR_OK;
}

static ts_err give_tenant_states(struct plan *plan, const struct plan_config *config)
{
    size_t bytes = 0;
    uint32_t stateful = 0;
    for (uint32_t i = 0; i < plan->tenants_count; i++) {
        size_t own = plan->hosts[plan->tenants[i].host].engine->tenant_state_bytes;
        stateful += own > 0;
        bytes = own > bytes ? own : bytes;
    }
    if (stateful == 0)
        return TS_ERR_OK;
    uint32_t slots = (uint32_t)(TENANT_STATES_MAX_BYTES / bytes);
    if (slots > stateful)
        slots = stateful;
    if (slots < config->conversations_max)
        slots = config->conversations_max;
    ts_err err = tenants_new(&plan->tenant_states, slots, bytes);
    if (!err)
        plan->bytes += tenants_bytes(plan->tenant_states);
    return err;
}

static uint32_t count_hosts(const struct group_key *keys, uint32_t count)
{
    uint32_t hosts = 0;
    for (uint32_t i = 0; i < count; i++)
        hosts += i == 0 || keys[i].host != keys[i - 1].host;
    return hosts;
}

static ts_err walk(struct plan *plan, const struct plan_config *config,
                   const struct group_key *keys)
{
    for (uint32_t i = 0; i < plan->catalogue->courses_count; i++) {
        bool new_host = i == 0 || keys[i].host != keys[i - 1].host;
        if (new_host) {
            ts_err err = add_host(plan, config, keys[i].course);
            if (err)
                return err;
        }
        bool new_tenant =
            new_host || keys[i].tenant != keys[i - 1].tenant ||
            plan->tenants[plan->tenants_count - 1].count == ENGINE_TASK_COURSES_MAX;
        if (new_tenant)
            add_tenant(plan, i);
        plan->order[i] = keys[i].course;
        plan->tenant_of[keys[i].course] = plan->tenants_count - 1;
        plan->tenants[plan->tenants_count - 1].count++;
    }
    ts_err err = give_retry_slots(plan);
    return err ? err : give_tenant_states(plan, config);
}

ts_err plan_group(struct plan *plan, const struct plan_config *config, struct error *reterr)
{
    uint32_t count = plan->catalogue->courses_count;
    ts_err err = TS_ERR_NOMEM;
    struct group_key *keys = mem_alloc(count, sizeof(*keys));
    if (!keys)
        goto done;
    for (uint32_t i = 0; i < count; i++)
        keys[i] = key_of(plan, i);
    qsort(keys, count, sizeof(*keys), compare_keys);
    uint32_t hosts = count_hosts(keys, count);
    plan->hosts = mem_alloc(hosts, sizeof(*plan->hosts));
    if (!plan->hosts)
        goto done;
    plan->bytes += hosts * sizeof(*plan->hosts);
    err = walk(plan, config, keys);
done:
    mem_free(keys);
    if (err)
        return error_set(reterr, err, "no memory for the plan of %u courses", count);
    return TS_ERR_OK;
}
