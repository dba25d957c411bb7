/*
 * stats.h: what the simulator saw: requests, faults, and per host and club how many requests
 * were in flight at once, how close they followed each other (gap_min_ms; run_min_ms: five
 * gaps together), and how deep inside the time that a Retry-After asked for one came.
 *
 * Thread-safe. Constructor-owned. Also keeps the token buckets of --limit-rate, because they
 * are per host as well.
 */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "faults.h"

#define STATS_HOSTS_MAX 2048
#define STATS_NO_CLUB   UINT32_MAX

struct stats;

TS_MUST_USE ts_err stats_new(uint32_t clubs_count, struct stats **ret_stats,
                             struct error *reterr);
void stats_free(struct stats *stats); /* accepts NULL */

/* A request to `host` came; its number from 1 goes to *ret_number. Returns the host's index.
 * Hosts beyond STATS_HOSTS_MAX count as the last one. */
uint32_t stats_arrive(struct stats *stats, struct str host, uint64_t *ret_number);

/* The request is for this club. */
void stats_arrive_club(struct stats *stats, uint32_t club);

/* The host is done with the request; `club` may be STATS_NO_CLUB. */
void stats_leave(struct stats *stats, uint32_t host, uint32_t club);

/* It was answered so. */
void stats_answer(struct stats *stats, uint16_t status, enum fault fault, uint64_t bytes);

/* It was asked to leave the host alone for so long (Retry-After). */
void stats_hold(struct stats *stats, uint32_t host, int64_t seconds);

/* Takes a token from the host's bucket of `per_second` (burst: one second's, at least 1). */
bool stats_take_token(struct stats *stats, uint32_t host, double per_second);

/* All of it as JSON, in memory that the caller frees with mem_free(); NULL: no memory. */
char *stats_json(struct stats *stats, const struct fleet *fleet, size_t *ret_len);

#endif
