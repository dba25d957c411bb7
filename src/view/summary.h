/*
 * summary.h: what a sweep did, at a glance for people or as one JSON object a line for
 * programs. Both say all of struct sweep_report.
 */
#ifndef TS_VIEW_SUMMARY_H
#define TS_VIEW_SUMMARY_H

#include <stdio.h>

#include "base/err.h"
#include "domain/sweep.h"

enum summary_format { SUMMARY_TEXT, SUMMARY_JSON };

/* The choices of --summary in the order of enum summary_format, NULL-terminated. */
extern const char *const summary_formats[];

/* TS_ERR_IO: `out` did not take all of it. */
TS_MUST_USE ts_err summary_write(const struct sweep_report *report, enum summary_format format,
                                 FILE *out, struct error *reterr);

#endif
