/*
 * seen.h: what the simulator saw of the sweeps (GET /_sim/stats).
 */
#ifndef TS_TESTS_E2E_SEEN_H
#define TS_TESTS_E2E_SEEN_H

#include "e2e/world.h"

#define SEEN_FAULTS_MAX 32

struct seen {
    long long requests;
    size_t faults_count;
    struct {
        char name[24];
        long long count;
    } faults[SEEN_FAULTS_MAX];
    /* Of the worst host of each kind: */
    long long host_parallel;
    double host_gap_ms;       /* the smallest; -1: no host was asked twice */
    double host_run_ms;       /* five gaps together, the smallest; -1: none has so many */
    double host_intrusion_ms; /* how deep inside the time of a Retry-After it was asked */
};

/* Adds what the simulator saw since it started: sums, and the extremes of all hosts. */
void seen_add(const struct world *world, struct seen *seen);

/* The requests to hosts of a domain ("cps.golf"). */
long long seen_of_domain(const struct world *world, const char *domain);

/* All faults. */
long long seen_faults(const struct seen *seen);
void seen_print(const struct seen *seen);

#endif
