/*
 * pace.h: how fast one host may be asked, learnt from what it answers.
 *
 * Additive increase, multiplicative decrease (Chiu, Jain 1989) on the request rate, between the
 * engine's floor (its smallest gap) and a ceiling; far below the last rejected rate it climbs
 * fast, near it very slowly, beyond it fast again, as CUBIC does (RFC 9438). A failure makes it
 * fall too, but tells no limit: nothing slow is left of an outage. A host that gets slower is
 * not pushed further, unless it stays so. A gap of 0 (pace lifted) switches the tuning off.
 * Pure; private to src/plan/.
 */
#ifndef TS_PLAN_PACE_H
#define TS_PLAN_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
    int64_t gap_floor_us;   /* never faster; 0: no tuning */
    int64_t gap_ceiling_us; /* never slower */
    uint32_t parallel_most;
    double rate;          /* requests per second now */
    double learnt_rate;   /* the same without what failures took from it */
    double rejected_rate; /* the first one of the last row of rejections; 0: none yet */
    bool presumed;        /* rejected_rate: by an earlier sweep */
    int64_t fell_at_us;
    uint32_t accepted_in_row; /* between rejections */
    uint32_t parallel;
    double latency_us;       /* moving average */
    double latency_least_us; /* moving average at its best */
};

/* Starts at the learnt pace, presumed to be near the limit; learnt_gap_us 0: at the floor. */
void pace_init(struct pace *pace, int64_t gap_floor_us, uint32_t parallel_most,
               int64_t learnt_gap_us, uint32_t learnt_parallel);

/* The host answered, with whatever but a refusal. */
void pace_accepted(struct pace *pace, int64_t latency_us);

/* It refused a request sent then (429, 503). Of several under way at once one counts. */
void pace_rejected(struct pace *pace, int64_t sent_us, int64_t now_us);

/* It failed (no connection, timeout, 5xx). */
void pace_failed(struct pace *pace, int64_t sent_us, int64_t now_us);

int64_t pace_gap_us(const struct pace *pace);

/* For the next sweep. */
int64_t pace_learnt_gap_us(const struct pace *pace);

#endif
