/*
 * need.h: how much a look at a tenant's date is needed, and the order that follows from it.
 *
 * Need is the age of the last look divided by the limit of --max-age. It is kept as a level:
 * each level stands for twice the age of the level below it. So a date that the last sweep
 * passed over is a level above an equal one that it looked at. A level takes 4 bits per
 * (tenant, day); without limits nothing is kept and all are of level 0. Private to src/plan/.
 */
#ifndef TS_PLAN_NEED_H
#define TS_PLAN_NEED_H

#include "plan/state.h"

#define NEED_NEVER  15u /* never looked at: most in need */
#define NEED_LEVELS 16u

/* 0: younger than the limit (which is over 0), 1: up to twice as old, … 14: 8,192 times or
 * more. */
uint32_t need_level(int64_t age_s, int64_t limit_s);

/* Before plan_start: a pending course was looked at so long ago. */
void need_looked(struct plan *plan, uint32_t course_index, uint32_t day, int64_t age_s,
                 int64_t limit_s);

/* In plan_start: the levels that the host has. */
void need_settle(struct plan *plan, struct host *host);

/* A host's positions run over (level, day, tenant), the most in need first; among equals the
 * nearest date first, tenants in turn. */
struct need_place {
    uint32_t tenant, day;
};

/* Where a tenant's day stands. */
uint32_t need_position(const struct plan *plan, uint32_t tenant, uint32_t day);

/* The first position at or after `at` that is some tenant's day. False: there is none. */
bool need_seek(const struct plan *plan, const struct host *host, uint32_t *at,
               struct need_place *ret_place);

#endif
