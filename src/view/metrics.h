/*
 * metrics.h: a sweep as Prometheus text (exposition format 0.0.4), for node-exporter's textfile
 * collector. Pure: text into a stream, and back what outlives a sweep.
 *
 * Every sample carries the sweep's scope: node-exporter joins the files of several jobs, and
 * two equal series would make it refuse all of them.
 */
#ifndef TS_VIEW_METRICS_H
#define TS_VIEW_METRICS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "domain/sweep.h"

/* The classes of teesheet_requests_total: what became of a request. */
enum metrics_class {
    METRICS_ANSWERED,
    METRICS_REFUSED,
    METRICS_FAILED,
    METRICS_BLOCKED,
    METRICS_CLASSES
};

struct metrics_host {
    const char *engine, *name;
    uint64_t requests, by_class[METRICS_CLASSES];
    int64_t gap_us;
    uint32_t parallel;
};

struct metrics_pause {
    const char *reason;
    bool stands;
};

/* What is told of the last finished sweep while the next one runs. */
struct metrics_last {
    int64_t finished_at; /* Unix seconds; 0: none is known */
    int64_t observed_at; /* when a sweep last observed a tee sheet; 0: none is known */
    int exit_code;
    enum sweep_verdict verdict;
    double observed_ratio; /* of what was due; 1 if nothing was */
};

struct metrics {
    const struct sweep_report *report;
    struct metrics_last last;
    const struct metrics_pause *pauses;
    uint32_t pauses_count;
    uint32_t hosts_count;
    /* One of hosts_count; those without requests are left out. */
    struct metrics_host (*host)(void *ctx, uint32_t host);
    void *ctx;
};

/* TS_ERR_IO: `out` did not take all of it. */
TS_MUST_USE ts_err metrics_write(const struct metrics *metrics, FILE *out,
                                 struct error *reterr);

/* From what metrics_write wrote; lines that are none of its are passed over. */
void metrics_read_last(FILE *in, struct metrics_last *ret_last);

#endif
