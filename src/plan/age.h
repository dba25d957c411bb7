/*
 * age.h: --max-age: how young an observation must be to be left alone, by days ahead.
 *
 *     "1h"                       one limit for every date
 *     "0-1=15m,2-7=1h,8+=6h"     by days ahead of the course's today
 *
 * A date that no tier covers is always due.
 */
#ifndef TS_PLAN_AGE_H
#define TS_PLAN_AGE_H

#include "base/err.h"
#include "base/str.h"

#define PLAN_AGE_TIERS_MAX 16

struct plan_age_tier {
    uint16_t from_days, to_days; /* both included */
    int64_t max_age_s;
};

struct plan_ages {
    uint32_t count;
    struct plan_age_tier tiers[PLAN_AGE_TIERS_MAX];
};

/* TS_ERR_USAGE: names the part that is wrong and the two forms. */
TS_MUST_USE ts_err plan_ages_parse(struct str text, struct plan_ages *ret_ages,
                                   struct error *reterr);

/* The limit in seconds for a date that many days ahead; 0: always due. The first fitting tier
 * counts. */
int64_t plan_ages_limit(const struct plan_ages *ages, int32_t days_ahead);

/* The shortest limit over 0, in seconds; 1 if there is none: what a date that is always due
 * counts as in the order. */
int64_t plan_ages_shortest(const struct plan_ages *ages);

#endif
