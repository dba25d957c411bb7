/*
 * leased.h: the plan's side of hosts that several collectors share: a host is asked only while
 * it is leased, and what others have done meanwhile leaves the plan.
 *
 * Without plan_share_hosts every host is leased. The loop thread's, but for the first group of
 * functions: those read what never changes after plan_start.
 */
#ifndef TS_PLAN_LEASED_H
#define TS_PLAN_LEASED_H

#include "plan/plan.h"

/* A bit per day of the plan. */
struct plan_days {
    uint32_t bits[PLAN_DAYS_MAX / 32];
};

/* What others did of a course. */
struct plan_looked {
    struct plan_days done;
    struct plan_days observed; /* of those done; the others were looked at in vain */
};

/* Catalogue indices of a host's courses; borrowed from the plan. */
struct plan_courses {
    const uint32_t *indices;
    uint32_t count;
};

/* What a host is called, for everybody the same; borrowed from the plan. */
struct plan_host_name {
    const char *engine, *host;
};

/* ---- Any thread ---- */

struct plan_host_name plan_host_name(const struct plan *plan, uint32_t host);
struct plan_courses plan_host_courses(const struct plan *plan, uint32_t host);
uint32_t plan_host_of(const struct plan *plan, uint32_t course_index);

/* Whether an observation of that age needs no new one, by --max-age. */
bool plan_is_fresh(const struct plan *plan, uint32_t course_index, int32_t play_date,
                   int64_t observed_at);

/* Sets the date's bit; dates that the plan does not know are ignored. */
void plan_days_add(const struct plan *plan, struct plan_days *days, int32_t play_date);

/* ---- Loop thread ---- */

/* From here on only leased hosts are asked; at first none is. */
void plan_share_hosts(struct plan *plan);
void plan_lease(struct plan *plan, uint32_t host, bool leased);

/* Takes what others did off the plan: `looked` has an entry per course of the catalogue.
 * Returns how many tee sheets that were. */
uint64_t plan_settle(struct plan *plan, uint32_t host, const struct plan_looked *looked);

/* How many tee sheets of a course left the plan as observed by others. */
uint32_t plan_others_observed(const struct plan *plan, uint32_t course_index);

/* A tee sheet that was looked at, and whose look was not kept, is due again. */
void plan_return(struct plan *plan, uint32_t course_index, int32_t play_date, bool second_look);

/* Another collector found that this host is not to be asked. */
void plan_stop_host(struct plan *plan, uint32_t host);

bool plan_host_has_work(const struct plan *plan, uint32_t host);

/* Challenged, blocked or given up: stopped for itself, not with the whole plan. */
bool plan_host_refuses(const struct plan *plan, uint32_t host);

/* Nothing of it runs or is left, and its gap and holds are over: whoever asks it next keeps the
 * pace. */
bool plan_host_rests(const struct plan *plan, uint32_t host, int64_t now_us);

/* Nothing runs, waits or is left on the hosts that are leased. */
bool plan_rests(const struct plan *plan);

#endif
