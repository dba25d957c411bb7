/*
 * parts.h: what each region and each engine of a sweep was worth, against what was planned of
 * it and what its courses answered before. Pure.
 */
#ifndef TS_HOST_PARTS_H
#define TS_HOST_PARTS_H

#include "domain/sweep.h"
#include "host/course_seen.h"
#include "plan/plan.h"

/* Regions told apart; the courses of further ones are those of region "other". */
#define PARTS_REGIONS_MAX 250

/* Fills the report's parts and courses_newly_unknown; `seen` is by catalogue index. */
void parts_judge(struct sweep_report *report, const struct catalogue *catalogue,
                 const struct plan *plan, const struct course_seen *seen);

/* Observed before, and nothing but unknown now. */
bool parts_newly_unknown(const struct course_seen *seen);

#endif
