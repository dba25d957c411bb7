/*
 * breaker.h: a host that keeps failing is left alone for a while, then tried with one probe,
 * then given up.
 *
 *     CLOSED ──failures──▶ OPEN ──its time──▶ HALF_OPEN ──answer──▶ CLOSED
 *                           ▲                     │
 *                           └──── failure ────────┘  (each time for longer)
 *
 * Failures are transfers without a usable answer (connection, timeout, 5xx), not refusals. On a
 * host shared by tenants, one bad tenant does not open it: failures must come from several.
 * Pure; private to src/plan/.
 */
#ifndef TS_PLAN_BREAKER_H
#define TS_PLAN_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_FAILURES 5 /* in a row */
#define BREAKER_TENANTS  3 /* that they come from, where a host has so many */
#define BREAKER_PROBES   4 /* failed ones, after which the host is given up */
#define BREAKER_FIRST_US ((int64_t)5000000)

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

struct breaker {
    enum breaker_state state;
    uint32_t failures; /* in a row */
    uint32_t tenants;  /* changes of tenant among them */
    uint32_t last_tenant;
    uint32_t probes; /* failed ones in a row */
    int64_t open_until_us;
};

/* May a conversation start now? HALF_OPEN lets one through when nothing runs. *ret_wait_until:
 * when it may at the earliest; 0: when the probe has ended. */
bool breaker_lets(const struct breaker *breaker, int64_t now_us, uint32_t running,
                  int64_t *ret_wait_until);

/* A conversation starts. */
void breaker_started(struct breaker *breaker, int64_t now_us);

/* The host answered. */
void breaker_answered(struct breaker *breaker);

/* It failed. True: the host is given up. */
bool breaker_failed(struct breaker *breaker, uint32_t tenant, uint32_t tenants_of_host,
                    int64_t now_us);

#endif
