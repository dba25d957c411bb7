/*
 * pipeline.h: the flow of one sweep: plan → fetch → engine → batch → writer, on one loop
 * thread.
 *
 * The pipeline owns its conversations, the pool of reply bodies and the two batches; all are
 * bought in pipeline_new, after which it allocates nothing. The parts that it moves data
 * between are the caller's and outlive it.
 */
#ifndef TS_HOST_PIPELINE_H
#define TS_HOST_PIPELINE_H

#include "base/loop.h"
#include "domain/sweep.h"
#include "fetch/fetch.h"
#include "host/budget.h"
#include "host/course_seen.h"
#include "host/observe.h"
#include "host/share.h"
#include "host/writer.h"
#include "plan/plan.h"

struct pipeline;

/* Why no new work starts; a set. */
enum pause_reason {
    PAUSE_MEMORY = 1,   /* the pool of reply bodies has no room for the next one */
    PAUSE_WRITER = 2,   /* both batches are full or being written */
    PAUSE_SHUTDOWN = 4, /* asked to stop */
};

struct pipeline_config {
    struct loop *loop;
    const struct catalogue *catalogue;
    struct plan *plan;
    struct fetch *fetch;
    struct writer *writer;
    struct share *share;       /* NULL: hosts are not shared */
    struct observer *observer; /* NULL: none */
    const struct budget *budget;
    /* Per engine, in the order of engines[]. A NULL entry: the real host; no key is known. */
    const char *const *engine_urls, *const *engine_keys;
    uint32_t batch_size;
    int64_t batch_age_us;
    int64_t deadline_us; /* monotonic; INT64_MAX: none */
    int64_t shutdown_us; /* how long a drain may take */
    uint64_t seed;
    struct sweep_report *report; /* kept up to date */
    struct course_seen *seen;    /* per catalogue index */
    /* After each turn: for the progress display. */
    void (*on_change)(void *ctx, const struct sweep_report *report);
    void *ctx;
};

TS_MUST_USE ts_err pipeline_new(const struct pipeline_config *config,
                                struct pipeline **ret_pipeline, struct error *reterr);
void pipeline_free(struct pipeline *pipeline);

/* Runs the sweep to its end. Not OK only if the store was lost for good. */
TS_MUST_USE ts_err pipeline_run(struct pipeline *pipeline, struct error *reterr);

/* Drains: starts nothing new, lets transfers end for part of shutdown_us, commits what is
 * complete. From a signal callback of the loop. */
void pipeline_interrupt(struct pipeline *pipeline);

/* Pause reasons in force (a set), for metrics. */
unsigned pipeline_pauses(const struct pipeline *pipeline);

#endif
