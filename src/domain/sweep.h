/*
 * sweep.h: what a sweep has done so far, and in the end: the one truth that the progress bar,
 * the summary, the runs table and the exit code read. A plain value; host/ writes it, others
 * get a copy.
 */
#ifndef TS_DOMAIN_SWEEP_H
#define TS_DOMAIN_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "domain/histogram.h"
#include "domain/outcome.h"

#define SWEEP_HOSTS_SHOWN 3
#define SWEEP_SILENT      3  /* sweeps in a row without an observation: the course is silent */
#define SWEEP_NAMES_SHOWN 10 /* of parts and of courses; the rest is counted */

enum sweep_verdict {
    SWEEP_RUNNING,
    SWEEP_COMPLETE, /* all planned tee sheets were observed */
    SWEEP_DEGRADED, /* some could not be observed */
    SWEEP_BLIND,    /* none could */
    SWEEP_EMPTY,    /* nothing was due */
    SWEEP_INTERRUPTED,
    SWEEP_FAILED, /* the store was lost */
};

struct sweep_host {
    char name[128];
    uint64_t requests, throttled;
    int64_t busy_us; /* from its first request to its last reply */
    int64_t gap_us;
};

/* A region or an engine of which not all was observed. */
struct sweep_part {
    char name[64]; /* "region SK" */
    enum sweep_verdict verdict;
    uint64_t planned, observed;
    uint32_t newly_unknown; /* courses */
    bool newly_blind;       /* blind, and courses of it were observed before */
};

struct sweep_courses {
    uint32_t count;
    struct {
        int64_t id;
        char name[64];
        uint32_t unknown_sweeps;
    } shown[SWEEP_NAMES_SHOWN];
};

struct sweep_report {
    enum sweep_verdict verdict;
    int exit_code;
    int64_t run_id;
    int64_t started_at, finished_at;    /* Unix seconds; finished 0 while running */
    int64_t started_us, memory_seen_us; /* monotonic; memory_seen: when rss_bytes was read */
    int64_t elapsed_us, eta_us;         /* eta -1: unknown */
    uint64_t planned, done;             /* tee sheets; second looks not counted twice */
    uint64_t fresh;                     /* not planned: observed recently (--max-age) */
    uint64_t by_others;                 /* not planned any more: another collector did them */
    uint64_t others_observed;           /* of them: not in vain */
    uint64_t host_leases_lost;          /* ran out before they were renewed */
    uint32_t hosts_leased;              /* to this collector now */
    uint64_t committed;                 /* tee sheets in committed batches */
    bool interrupted, deadline_reached;
    uint64_t by_outcome[OUTCOME_COUNT];
    uint64_t looks[OUTCOME_COUNT]; /* the same, but second looks count too; only grows */
    uint64_t held;                 /* observations not applied in the end */
    uint64_t tee_times;            /* open ones seen */
    uint64_t merged;               /* tee times merged because their identity was equal */
    uint64_t skipped_rows;         /* unreadable rows of replies */
    uint64_t shapes_changed;       /* replies whose shape was new (engine.shape_changed) */
    /* Tee times in the store, and what was noted of them. */
    uint64_t inserted, updated, closed, reopened, unchanged, events;
    uint64_t requests, retries, wire_bytes;
    uint64_t batches, batches_failed, set_aside;
    uint64_t batch_bytes;                          /* in the open batch now */
    struct histogram upsert_seconds, upsert_bytes; /* of committed batches */
    uint64_t rss_bytes, rss_peak_bytes, memory_limit_bytes;
    uint64_t allocations_start, allocations_end; /* mem_allocations() around the sweep */
    uint32_t in_flight;
    uint32_t courses, courses_misconfigured, courses_unsupported, courses_inactive,
        courses_duplicate;
    uint32_t courses_newly_unknown; /* observed before, unknown now */
    uint32_t parts_count, parts_newly_blind;
    struct sweep_part parts[SWEEP_NAMES_SHOWN]; /* the worst first */
    struct sweep_courses silent;      /* answered once, unknown SWEEP_SILENT sweeps in a row */
    struct sweep_courses closed_only; /* all that was ever observed of them is `closed` */
    struct sweep_host slowest[SWEEP_HOSTS_SHOWN];
    char store[200];
    char scope[100];
};

const char *sweep_verdict_name(enum sweep_verdict verdict);

/* Sums over by_outcome. */
uint64_t sweep_observed(const struct sweep_report *report);
uint64_t sweep_unknown(const struct sweep_report *report);

/* "region SK blind, engine cps degraded, 3 more"; nothing if there are none. */
void sweep_put_worst(const struct sweep_report *report, struct buf *out);

#endif
