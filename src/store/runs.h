/*
 * runs.h: past sweeps and their verdicts.
 */
#ifndef TS_STORE_RUNS_H
#define TS_STORE_RUNS_H

#include "domain/sweep.h"
#include "store/store.h"

struct run_start {
    int64_t started_at; /* Unix seconds */
    struct str host;    /* the machine */
    struct str scope;   /* "all", "region Saskatchewan" */
    struct str options; /* JSON object */
};

/* Views, valid during the callback. Counts are 0 while the run is not finished. */
struct run_row {
    int64_t id, started_at, finished_at; /* finished 0: not (yet) */
    struct str host, scope, options, verdict, by_outcome, worst;
    int64_t planned, observed, open, tee_times, requests, retries, bytes, batches,
        failed_batches, peak_rss_bytes, memory_limit_bytes;
};

typedef bool run_row_fn(void *ctx, const struct run_row *row);

/* *ret_id 0: the store keeps no runs (none). */
TS_MUST_USE ts_err run_begin(struct store *store, const struct run_start *start,
                             int64_t *ret_id, struct error *reterr);

/* Writes the final counts of report->run_id, unless they are there already (*ret_had_end). */
TS_MUST_USE ts_err run_finish(struct store *store, const struct sweep_report *report,
                              bool *ret_had_end, struct error *reterr);

/* The newest `limit` runs, newest first. */
TS_MUST_USE ts_err run_list(struct store *store, uint32_t limit, run_row_fn *on_row, void *ctx,
                            struct error *reterr);

#endif
