/*
 * state.h: the plan's own structures; private to src/plan/.
 *
 * Courses are grouped into tenants, tenants into hosts, each a contiguous slice of the one
 * above. Days are offsets from `base`, a bit each: `pending` = due and neither running nor
 * done, `again` = the pending look is a second one (before plan_start: it was looked at
 * before).
 */
#ifndef TS_PLAN_STATE_H
#define TS_PLAN_STATE_H

#include "plan/breaker.h"
#include "plan/days.h"
#include "plan/outlook.h"
#include "plan/pace.h"
#include "plan/tenants.h"

struct plan_course {
    uint32_t pending[DAYS_WORDS];
    uint32_t again[DAYS_WORDS];
};

/* Tee sheets that are not the plan's any more. */
struct course_counts {
    uint8_t skipped, others_observed;
};

struct tenant {
    uint32_t first; /* slice of plan->order */
    uint32_t host;
    uint8_t count;
    uint8_t failures; /* tasks in a row that ended unreachable */
    bool blocked;
    bool fails; /* its last transfer failed */
};

/* A conversation that starts again, at not_before at the earliest. */
struct retry {
    int64_t not_before;
    uint32_t tenant;
    uint16_t courses; /* bit set over the tenant's slice */
    uint8_t day;
    uint8_t attempt;
    bool second_look;
};

struct host {
    char *name;
    const struct engine *engine;
    struct pace pace; /* tuned by what it answers */
    struct breaker breaker;
    uint32_t first, count; /* slice of plan->tenants */
    uint32_t cursor;       /* a position (need.h): nothing before it is pending */
    uint16_t levels;       /* bit set: the levels of need that its tenants' days have */
    uint32_t running;
    uint32_t retries_count, retries_max;
    struct retry *retries;
    bool leaving;       /* a request of it is to leave: no other one before */
    int64_t next_at;    /* the gap: no request before */
    int64_t hold_until; /* Retry-After */
    uint64_t pending;   /* tee sheets */
    uint64_t planned_requests, requests_left, requests;
    uint64_t replies[PLAN_REPLIES];
    int64_t first_at, last_at; /* of its requests */
    uint32_t refused_in_row;
    uint32_t blocked_in_row;
    uint32_t blocked_tenant; /* the last one */
    bool stopped;
    bool refuses;    /* stopped for itself, not with the whole plan */
    const char *why; /* it refuses; static */
    bool leased;     /* ours to ask; always, unless hosts are shared (plan/leased.h) */
};

struct plan {
    const struct catalogue *catalogue;
    struct plan_course *courses;  /* by catalogue index */
    uint32_t *order;              /* catalogue indices, by host and tenant */
    uint32_t *by_id;              /* catalogue indices, by course id */
    uint32_t *tenant_of;          /* by catalogue index */
    struct course_counts *counts; /* by catalogue index */
    struct tenant *tenants;
    uint32_t tenants_count;
    struct host *hosts;
    uint32_t hosts_count;
    struct retry *retries;         /* all hosts' slots */
    struct tenants *tenant_states; /* NULL: no engine of this plan keeps any */
    uint8_t *needs;                /* see need.h; NULL: there are no limits */
    struct plan_ages ages;
    int32_t base;  /* the date of day 0 */
    uint32_t days; /* days in use */
    uint32_t retries_allowed;
    uint32_t next_host; /* where plan_next looks first */
    uint64_t seed;
    int64_t now_wall;
    struct plan_totals totals;
    uint64_t skipped;
    bool stopped;
    size_t bytes;
};

/* Groups the courses: fills order, tenants, hosts (plan/group.c). */
TS_MUST_USE ts_err plan_group(struct plan *plan, const struct plan_config *config,
                              struct error *reterr);

/* The requests that one conversation of a tenant's pending courses on a day is expected to
 * take; 0: none is pending. */
uint32_t plan_expected(const struct plan *plan, uint32_t tenant, uint32_t day);

/* A tee sheet is pending (again), or skipped: its tenant or host is not asked any more. */
void plan_make_due(struct plan *plan, uint32_t course_index, uint32_t day, bool second_look);

/* How long the rest of a host's requests takes at its pace. */
int64_t plan_host_rest_us(const struct host *host);

#endif
