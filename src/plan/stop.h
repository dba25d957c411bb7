/*
 * stop.h: hosts and tenants that are not asked any more, and their tee sheets. Private to
 * src/plan/.
 */
#ifndef TS_PLAN_STOP_H
#define TS_PLAN_STOP_H

#include "plan/state.h"

/* Whether a tenant is still asked, now or when its turn comes. */
bool plan_is_asked(const struct plan *plan, uint32_t tenant);

/* A tee sheet that is neither pending nor running is not asked any more. */
void plan_skip(struct plan *plan, uint32_t course_index);

/* A pending tee sheet is so no longer. */
void plan_take_off(struct plan *plan, uint32_t course_index, uint32_t day);

/* A task has ended so. */
void plan_judge_tenant(struct plan *plan, const struct plan_task *task, enum outcome outcome);

#endif
