/* stats.c: counters under one mutex. */
#include "stats.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"

#define HOST_NAME_MAX_LEN 127
#define STATUS_MAX        600
#define RUN               5 /* gaps that are timed together: one late request spoils no rate */

/* What is counted of a host or a club. */
struct flow {
    uint64_t requests;
    uint32_t in_flight, parallel_max;
    int64_t last_us, gap_min_us; /* gap_min_us -1: fewer than two requests */
    int64_t run_us[RUN];         /* when the last ones came, in turn */
    int64_t run_min_us;
};

struct host {
    char name[HOST_NAME_MAX_LEN + 1];
    struct flow flow;
    double tokens;
    int64_t tokens_at_us;
    int64_t hold_from_us, hold_until_us; /* what a Retry-After asked for */
    int64_t intrusion_us; /* how deep inside a hold a request came, at the most */
};

struct stats {
    pthread_mutex_t lock;
    struct flow all;
    uint64_t bytes;
    uint64_t by_fault[FAULT_COUNT];
    uint64_t by_status[STATUS_MAX];
    uint32_t hosts_count, clubs_count;
    struct host hosts[STATS_HOSTS_MAX];
    struct flow *clubs;
};

static void enter_run(struct flow *flow, int64_t now)
{
    uint64_t before = flow->requests - 1;
    int64_t *first = &flow->run_us[before % RUN];
    if (before == RUN || (before > RUN && now - *first < flow->run_min_us))
        flow->run_min_us = now - *first;
    *first = now;
}

static void enter(struct flow *flow)
{
    int64_t now = clock_monotonic_us();
    if (flow->requests > 0 && (flow->gap_min_us < 0 || now - flow->last_us < flow->gap_min_us))
        flow->gap_min_us = now - flow->last_us;
    if (flow->requests++ == 0)
        flow->gap_min_us = -1;
    flow->last_us = now;
    enter_run(flow, now);
    if (++flow->in_flight > flow->parallel_max)
        flow->parallel_max = flow->in_flight;
}

ts_err stats_new(uint32_t clubs_count, struct stats **ret_stats, struct error *reterr)
{
    struct stats *stats = mem_alloc(1, sizeof(*stats));
    struct flow *clubs = mem_alloc(clubs_count, sizeof(*clubs));
    if (!stats || !clubs) {
        mem_free(stats);
        mem_free(clubs);
        return error_set(reterr, TS_ERR_NOMEM, "no memory for statistics");
    }
    (void)pthread_mutex_init(&stats->lock, NULL);
    stats->clubs = clubs;
    stats->clubs_count = clubs_count;
    *ret_stats = stats;
    return TS_ERR_OK;
}

void stats_free(struct stats *stats)
{
    if (!stats)
        return;
    (void)pthread_mutex_destroy(&stats->lock);
    mem_free(stats->clubs);
    mem_free(stats);
}

static uint32_t find_host(struct stats *stats, struct str name)
{
    for (uint32_t i = 0; i < stats->hosts_count; i++) {
        if (str_equal(name, str_of(stats->hosts[i].name)))
            return i;
    }
    if (stats->hosts_count == STATS_HOSTS_MAX)
        return STATS_HOSTS_MAX - 1;
    struct host *host = &stats->hosts[stats->hosts_count];
    memcpy(host->name, name.ptr, name.len < HOST_NAME_MAX_LEN ? name.len : HOST_NAME_MAX_LEN);
    return stats->hosts_count++;
}

/* A request that was under way when the hold began is near its beginning, one of a clock that
 * is not quite ours near its end. */
static void intrude(struct host *host)
{
    int64_t now = clock_monotonic_us();
    int64_t since = now - host->hold_from_us, left = host->hold_until_us - now;
    int64_t depth = since < left ? since : left;
    if (depth > host->intrusion_us)
        host->intrusion_us = depth;
}

uint32_t stats_arrive(struct stats *stats, struct str host, uint64_t *ret_number)
{
    (void)pthread_mutex_lock(&stats->lock);
    uint32_t index = find_host(stats, host);
    enter(&stats->all);
    enter(&stats->hosts[index].flow);
    intrude(&stats->hosts[index]);
    *ret_number = stats->all.requests;
    (void)pthread_mutex_unlock(&stats->lock);
    return index;
}

void stats_arrive_club(struct stats *stats, uint32_t club)
{
    (void)pthread_mutex_lock(&stats->lock);
    enter(&stats->clubs[club]);
    (void)pthread_mutex_unlock(&stats->lock);
}

void stats_leave(struct stats *stats, uint32_t host, uint32_t club)
{
    (void)pthread_mutex_lock(&stats->lock);
    stats->all.in_flight--;
    stats->hosts[host].flow.in_flight--;
    if (club != STATS_NO_CLUB)
        stats->clubs[club].in_flight--;
    (void)pthread_mutex_unlock(&stats->lock);
}

void stats_answer(struct stats *stats, uint16_t status, enum fault fault, uint64_t bytes)
{
    (void)pthread_mutex_lock(&stats->lock);
    stats->bytes += bytes;
    stats->by_fault[fault]++;
    stats->by_status[status < STATUS_MAX ? status : 0]++;
    (void)pthread_mutex_unlock(&stats->lock);
}

void stats_hold(struct stats *stats, uint32_t host_index, int64_t seconds)
{
    (void)pthread_mutex_lock(&stats->lock);
    struct host *host = &stats->hosts[host_index];
    int64_t now = clock_monotonic_us();
    if (now >= host->hold_until_us)
        host->hold_from_us = now;
    host->hold_until_us = now + seconds * CLOCK_SECOND_US;
    (void)pthread_mutex_unlock(&stats->lock);
}

bool stats_take_token(struct stats *stats, uint32_t host_index, double per_second)
{
    double burst = per_second > 1 ? per_second : 1;
    (void)pthread_mutex_lock(&stats->lock);
    struct host *host = &stats->hosts[host_index];
    int64_t now = clock_monotonic_us();
    if (host->tokens_at_us == 0)
        host->tokens = burst;
    else
        host->tokens += per_second * (double)(now - host->tokens_at_us) / CLOCK_SECOND_US;
    if (host->tokens > burst)
        host->tokens = burst;
    host->tokens_at_us = now;
    bool taken = host->tokens >= 1;
    if (taken)
        host->tokens -= 1;
    (void)pthread_mutex_unlock(&stats->lock);
    return taken;
}

static void print_flow(FILE *out, const struct flow *flow)
{
    (void)fprintf(
        out, "\"requests\": %llu, \"in_flight\": %u, \"parallel_max\": %u, \"gap_min_ms\": ",
        (unsigned long long)flow->requests, flow->in_flight, flow->parallel_max);
    if (flow->requests < 2)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "%.3f", (double)flow->gap_min_us / 1000);
    (void)fputs(", \"run_min_ms\": ", out);
    if (flow->requests <= RUN)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "%.3f", (double)flow->run_min_us / 1000);
}

static void print_totals(FILE *out, const struct stats *stats)
{
    (void)fputs("{\n  ", out);
    print_flow(out, &stats->all);
    (void)fprintf(out, ",\n  \"bytes\": %llu,\n  \"by_status\": {",
                  (unsigned long long)stats->bytes);
    const char *comma = "";
    for (int status = 0; status < STATUS_MAX; status++) {
        if (stats->by_status[status] == 0)
            continue;
        (void)fprintf(out, "%s\"%d\": %llu", comma, status,
                      (unsigned long long)stats->by_status[status]);
        comma = ", ";
    }
    (void)fputs("},\n  \"by_fault\": {", out);
    for (int fault = 0; fault < FAULT_COUNT; fault++)
        (void)fprintf(out, "%s\"%s\": %llu", fault ? ", " : "", fault_name((enum fault)fault),
                      (unsigned long long)stats->by_fault[fault]);
    (void)fputs("},\n", out);
}

/* A host's name comes from outside: only harmless bytes are shown. */
static void print_host_name(FILE *out, const char *name)
{
    for (; *name; name++)
        (void)fputc(*name > ' ' && *name < 127 && *name != '"' && *name != '\\' ? *name : '?',
                    out);
}

static void print_all(FILE *out, const struct stats *stats, const struct fleet *fleet)
{
    print_totals(out, stats);
    (void)fputs("  \"hosts\": {", out);
    for (uint32_t i = 0; i < stats->hosts_count; i++) {
        (void)fprintf(out, "%s\n    \"", i ? "," : "");
        print_host_name(out, stats->hosts[i].name);
        (void)fputs("\": {", out);
        print_flow(out, &stats->hosts[i].flow);
        (void)fprintf(out, ", \"intrusion_ms\": %.3f}",
                      (double)stats->hosts[i].intrusion_us / 1000);
    }
    (void)fputs("\n  },\n  \"clubs\": {", out);
    const char *comma = "";
    for (uint32_t i = 0; i < stats->clubs_count; i++) {
        if (stats->clubs[i].requests == 0)
            continue;
        (void)fprintf(out, "%s\n    \"%lld\": {", comma, (long long)fleet->clubs[i].id);
        print_flow(out, &stats->clubs[i]);
        (void)fputs("}", out);
        comma = ",";
    }
    (void)fputs("\n  }\n}\n", out);
}

char *stats_json(struct stats *stats, const struct fleet *fleet, size_t *ret_len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_len);
    if (!out)
        return NULL;
    (void)pthread_mutex_lock(&stats->lock);
    print_all(out, stats, fleet);
    (void)pthread_mutex_unlock(&stats->lock);
    (void)fclose(out);
    return text;
}
