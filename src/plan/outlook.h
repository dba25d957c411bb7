/*
 * outlook.h: what a plan amounts to: sums, hosts, and how long it will take. The side of plan.h
 * that decides nothing; loop thread only.
 */
#ifndef TS_PLAN_OUTLOOK_H
#define TS_PLAN_OUTLOOK_H

#include "plan/plan.h"

struct plan_totals {
    uint64_t tee_sheets; /* planned at the start */
    uint64_t fresh;      /* of the windows, but observed recently enough */
    uint64_t by_others;  /* no longer planned: another collector looked at them meanwhile */
    uint64_t others_observed; /* of by_others */
    uint64_t done;     /* finished, whatever the outcome; second looks do not count twice */
    uint64_t requests; /* expected */
    uint32_t hosts;
    uint32_t slowest_host;
    uint64_t slowest_requests;
    int64_t slowest_us; /* how long the slowest host takes at its pace */
};

/* What became of a request; each that ended counts in one of them. */
enum plan_reply {
    PLAN_REPLY_ANSWERED,
    PLAN_REPLY_REFUSED, /* for fewer requests: 429, 503 */
    PLAN_REPLY_FAILED,  /* no usable answer: connection, timeout, 5xx */
    PLAN_REPLY_BLOCKED, /* 403 or a challenge */
    PLAN_REPLIES
};

struct plan_host {
    const char *name;
    const struct engine *engine;
    struct plan_pace pace;
    int64_t learnt_gap_us; /* to begin the next sweep with */
    uint64_t planned_requests, requests, tee_sheets_left, throttled;
    uint64_t replies[PLAN_REPLIES];
    int64_t expected_us; /* the rest of its queue at its pace */
    int64_t busy_us;     /* from its first request to its last one */
    bool stopped;        /* nothing more is asked */
    const char *why;     /* stopped for itself: in words, static; else NULL */
};

struct plan_totals plan_totals(const struct plan *plan);
uint32_t plan_hosts(const struct plan *plan);

/* The name is borrowed from the plan. */
struct plan_host plan_host(const struct plan *plan, uint32_t host);

/* For those who watch; decides nothing. */
void plan_count_reply(struct plan *plan, const struct plan_task *task, enum plan_reply reply);

/* Index of a course in the catalogue by its id, or -1. */
int64_t plan_find_course(const struct plan *plan, int64_t course_id);

/* How many tee sheets of a course were skipped so far. */
uint32_t plan_skipped_of(const struct plan *plan, uint32_t course_index);

/* How long the rest takes at the pace of the slowest host. */
int64_t plan_eta_us(const struct plan *plan, int64_t now_us);

/* What the plan holds in memory. */
size_t plan_bytes(const struct plan *plan);

#endif
