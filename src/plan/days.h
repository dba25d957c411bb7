/*
 * days.h: a bit for each day of a course. Private to src/plan/.
 */
#ifndef TS_PLAN_DAYS_H
#define TS_PLAN_DAYS_H

#include <string.h>

#include "plan/plan.h"

#define DAYS_WORDS (PLAN_DAYS_MAX / 32)

static inline bool day_is_set(const uint32_t *bits, uint32_t day)
{
    return bits[day / 32] >> (day % 32) & 1;
}

static inline void day_set(uint32_t *bits, uint32_t day)
{
    bits[day / 32] |= (uint32_t)1 << (day % 32);
}

static inline void day_clear(uint32_t *bits, uint32_t day)
{
    bits[day / 32] &= ~((uint32_t)1 << (day % 32));
}

static inline void days_clear(uint32_t *bits)
{
    memset(bits, 0, DAYS_WORDS * sizeof(*bits));
}

#endif
