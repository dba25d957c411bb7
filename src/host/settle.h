/*
 * settle.h: what a committed batch means for the plan: held looks are looked at once more,
 * withheld ones are due again, and what is stored no longer keeps its host (share.h).
 */
#ifndef TS_HOST_SETTLE_H
#define TS_HOST_SETTLE_H

#include "domain/sweep.h"
#include "host/course_seen.h"
#include "host/share.h"
#include "host/writer.h"
#include "plan/plan.h"

/* `share` may be NULL; `seen` is by catalogue index. */
void settle(const struct writer_result *result, struct plan *plan, struct share *share,
            struct sweep_report *report, struct course_seen *seen);

#endif
