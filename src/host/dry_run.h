/*
 * dry_run.h: `collect --dry-run`: what a sweep would do, touching nothing.
 */
#ifndef TS_HOST_DRY_RUN_H
#define TS_HOST_DRY_RUN_H

#include <stdio.h>

#include "domain/sweep.h"
#include "host/budget.h"
#include "plan/plan.h"

/* Tee sheets, requests, the hosts with their expected duration, and the memory plan. TS_ERR_IO:
 * `out` did not take it. */
TS_MUST_USE ts_err dry_run_print(const struct plan *plan, const struct budget *budget,
                                 const struct sweep_report *report, FILE *out,
                                 struct error *reterr);

#endif
