/*
 * sweep_state.h: what a sweep holds between its steps; private to sweep.c, sweep_prepare.c and
 * sweep_end.c.
 */
#ifndef TS_HOST_SWEEP_STATE_H
#define TS_HOST_SWEEP_STATE_H

#include <stdio.h>

#include "host/budget.h"
#include "host/lease_holder.h"
#include "host/metrics_file.h"
#include "host/observe.h"
#include "host/patience.h"
#include "host/pipeline.h"
#include "host/share.h"
#include "host/sweep.h"
#include "store/courses.h"
#include "store/leases.h"
#include "view/trace.h"

struct sweep {
    const struct sweep_config *config;
    struct sweep_report report;
    struct error error; /* why it cannot go on */
    struct loop *loop;
    struct fetch *fetch;
    struct store *store;
    struct catalogue *catalogue;
    struct courses_import import; /* open while its store is set: rows not committed yet */
    struct plan *plan;
    uint64_t base_bytes; /* resident before the catalogue was loaded */
    struct budget budget;
    struct share *share; /* NULL: hosts are not shared */
    struct writer *writer;
    struct observer *observer;
    struct pipeline *pipeline;
    struct progress *progress;
    struct trace *trace;               /* NULL: none is wanted */
    struct metrics_file *metrics_file; /* NULL: none is wanted */
    FILE *set_aside, *summary;
    struct course_seen *seen; /* per catalogue index */
    int stop_fd;              /* timerfd: ends what waits for the store */
    int64_t stop_by;   /* monotonic: when all must be over; INT64_MAX: not asked to end */
    bool found_before; /* the store holds open tee times of these courses */
    bool lease_held;
    bool follows_up; /* does once for all that share what comes after a sweep */
    bool store_lost;
    struct patience patience; /* of all that comes after the pipeline */
    char lease_name[160], lease_holder[LEASE_HOLDER_BYTES];
    struct lease lease;
};

/* Opens, loads, plans and splits the memory; sweep->error tells why not. *ret_go_on becomes
 * false when another sweep of this scope is at it. What was opened is closed by sweep.c in any
 * case. */
TS_MUST_USE ts_err sweep_prepare(struct sweep *sweep, bool *ret_go_on);

/* Rolls the catalogue's rows back if they are not committed: nothing else would be. */
void sweep_abandon_import(struct sweep *sweep);

/* Gives back what the store was asked for, and the store. */
void sweep_forget(struct sweep *sweep);

/* Notes in the store that this run has begun. */
void sweep_begin_run(struct sweep *sweep);

/* After the pipeline: the verdict, and in the store the run's end, what was learnt, and
 * pruning. Statements that fail in a passing way are tried again within --store-patience. */
void sweep_record(struct sweep *sweep);

/* The last use of the store. */
void sweep_release_lease(struct sweep *sweep);

#endif
