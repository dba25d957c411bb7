/*
 * verdict.h: what a finished sweep was worth: its verdict and exit code (domain/exits.h). Pure.
 */
#ifndef TS_HOST_VERDICT_H
#define TS_HOST_VERDICT_H

#include "domain/sweep.h"

enum fail_on {
    FAIL_ON_NEW,   /* courses observed before and unknown now, regions and engines gone blind,
                      nothing found where something was */
    FAIL_ON_ANY,   /* every unknown outcome */
    FAIL_ON_BLIND, /* only a sweep that observed nothing */
};

/* Sets verdict and exit_code of the report from its counts. `store_lost`: the pipeline said so.
 * `found_before`: the store held open tee times of these courses before the sweep. */
void verdict_reach(struct sweep_report *report, enum fail_on fail_on, bool store_lost,
                   bool found_before);

#endif
