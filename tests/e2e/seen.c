/* seen.c: asks the simulator for its statistics, and reads them. */
#include "e2e/seen.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"

#define REPLY_BYTES (1 << 20)

static int connect_to(const struct world *world)
{
    const char *at = strstr(world->engine_url, "127.0.0.1:");
    assert_non_null(at);
    struct sockaddr_in address = { .sin_family = AF_INET };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)strtoul(at + strlen("127.0.0.1:"), NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static json_t *ask(const struct world *world)
{
    static const char request[] = "GET /_sim/stats HTTP/1.1\r\nHost: sim\r\n"
                                  "Connection: close\r\n\r\n";
    char *reply = calloc(1, REPLY_BYTES);
    assert_non_null(reply);
    int fd = connect_to(world);
    assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    size_t len = 0;
    for (ssize_t got = 1; got > 0 && len<REPLY_BYTES - 1; len += got> 0 ? (size_t)got : 0)
        got = read(fd, reply + len, REPLY_BYTES - 1 - len);
    (void)close(fd);
    const char *body = strstr(reply, "\r\n\r\n");
    json_t *stats = body ? json_loads(body, 0, NULL) : NULL;
    if (!stats)
        fail_msg("no statistics in: %s", reply);
    free(reply);
    return stats;
}

static void add_fault(struct seen *seen, const char *name, long long count)
{
    size_t at = 0;
    while (at < seen->faults_count && strcmp(seen->faults[at].name, name) != 0)
        at++;
    assert_true(at < SEEN_FAULTS_MAX);
    if (at == seen->faults_count) {
        seen->faults_count++;
        (void)snprintf(seen->faults[at].name, sizeof(seen->faults[at].name), "%s", name);
    }
    seen->faults[at].count += count;
}

/* -1 is none. */
static void take_smaller(const json_t *host, const char *name, double *smallest)
{
    const json_t *value = json_object_get(host, name);
    if (json_is_number(value) && (*smallest < 0 || json_number_value(value) < *smallest))
        *smallest = json_number_value(value);
}

static void add_host(struct seen *seen, const json_t *host)
{
    long long parallel = json_integer_value(json_object_get(host, "parallel_max"));
    double intrusion = json_number_value(json_object_get(host, "intrusion_ms"));
    if (parallel > seen->host_parallel)
        seen->host_parallel = parallel;
    if (intrusion > seen->host_intrusion_ms)
        seen->host_intrusion_ms = intrusion;
    take_smaller(host, "gap_min_ms", &seen->host_gap_ms);
    take_smaller(host, "run_min_ms", &seen->host_run_ms);
}

void seen_add(const struct world *world, struct seen *seen)
{
    json_t *stats = ask(world), *value;
    const char *name;
    if (seen->requests == 0)
        seen->host_gap_ms = seen->host_run_ms = -1;
    seen->requests += json_integer_value(json_object_get(stats, "requests"));
    json_object_foreach(json_object_get(stats, "by_fault"), name, value)
    {
        if (strcmp(name, "none") != 0)
            add_fault(seen, name, json_integer_value(value));
    }
    json_object_foreach(json_object_get(stats, "hosts"), name, value) add_host(seen, value);
    json_decref(stats);
}

long long seen_of_domain(const struct world *world, const char *domain)
{
    json_t *stats = ask(world), *host;
    const char *name;
    long long sum = 0;
    json_object_foreach(json_object_get(stats, "hosts"), name, host)
    {
        size_t len = strlen(name), tail = strlen(domain);
        if (len >= tail && strcmp(name + (len - tail), domain) == 0)
            sum += json_integer_value(json_object_get(host, "requests"));
    }
    json_decref(stats);
    return sum;
}

long long seen_faults(const struct seen *seen)
{
    long long sum = 0;
    for (size_t i = 0; i < seen->faults_count; i++)
        sum += seen->faults[i].count;
    return sum;
}

void seen_print(const struct seen *seen)
{
    print_message("%lld requests, %lld faults:", seen->requests, seen_faults(seen));
    for (size_t i = 0; i < seen->faults_count; i++)
        print_message("%s %lld %s", i ? "," : "", seen->faults[i].count, seen->faults[i].name);
    print_message("\n");
}
