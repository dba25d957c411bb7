/*
 * plan.h: which tee sheets are due, in what order, and when each host may be asked.
 *
 * Pure bookkeeping: no I/O, no clock (now is a parameter, monotonic µs), no allocation after
 * plan_new. Tee sheets are never materialised: they are enumerated from (tenant, day) cursors,
 * and what is done is two bitmaps per course. Hosts are interleaved; within one the most in
 * need goes first (need.h), among equals and without limits the nearest date. Loop thread only.
 */
#ifndef TS_PLAN_PLAN_H
#define TS_PLAN_PLAN_H

#include "base/err.h"
#include "catalogue/catalogue.h"
#include "engine/engine.h"
#include "plan/age.h"

#define PLAN_DAYS_MAX 96 /* bits per course: windows to 90 days, todays 2 days apart */

struct plan;

struct plan_pace {
    int64_t gap_us;
    uint32_t parallel;
};

struct plan_config {
    const struct catalogue *catalogue;
    int64_t now_wall;  /* Unix seconds: fixes "today" and the windows of this sweep */
    int32_t from_date; /* 0: each course's today */
    uint32_t days;     /* at most this many dates per course; 0: the whole window */
    const struct plan_pace *pace; /* per engine, in engines[] order */
    uint32_t conversations_max;   /* how many the caller holds at once */
    uint32_t retries;             /* further conversations after a retryable failure */
    uint64_t seed;                /* jitter */
    struct plan_ages ages;        /* none: nothing is fresh */
};

/* One conversation to hold: valid until plan_done or plan_again. */
struct plan_task {
    uint32_t host, tenant;
    int32_t play_date;
    uint32_t courses_count;
    uint32_t courses[ENGINE_TASK_COURSES_MAX]; /* indices into the catalogue */
    uint32_t attempt;                          /* 1 at first */
    bool second_look;
    void *tenant_state; /* the engine's, see engine_task.tenant; NULL if it keeps none */
};

TS_MUST_USE ts_err plan_new(const struct plan_config *config, struct plan **ret_plan,
                            struct error *reterr);
void plan_free(struct plan *plan);

/* Before the sweep, from the ledger: this tee sheet was last looked at at checked_at, and truly
 * observed at observed_at (0: never). Marks it done if a tier says fresh. */
void plan_known(struct plan *plan, int64_t course_id, int32_t play_date, int64_t checked_at,
                int64_t observed_at);

void plan_start(struct plan *plan); /* after the last plan_known: order, counts, bounds */

/* The next conversation that may start now. False: nothing may; *ret_wait_us then says for how
 * long (-1: until something that runs has ended). The conversation occupies its host until
 * plan_done, plan_again, plan_yield or plan_abandon. */
bool plan_next(struct plan *plan, int64_t now_us, struct plan_task *ret_task,
               int64_t *ret_wait_us);

/* The engine has written the tenant's state, which is good until then / has found it wrong. */
void plan_tenant_wrote(struct plan *plan, const struct plan_task *task, int64_t good_until_us);
void plan_tenant_drop(struct plan *plan, const struct plan_task *task);

/* How long, at least, until its next request may go; -1: its host or tenant has refused. */
int64_t plan_wait_us(const struct plan *plan, const struct plan_task *task, int64_t now_us);

/* A request waits to leave: no other of its host may go; it has left: the host's gap starts. */
void plan_sends(struct plan *plan, const struct plan_task *task);
void plan_sent(struct plan *plan, const struct plan_task *task, int64_t now_us);

/* The conversation has ended for good; its tee sheets are done. A course whose outcome is a
 * proven not_released gets no later dates asked if its window is unknown. */
void plan_done(struct plan *plan, const struct plan_task *task, const struct tee_sheet *sheets);

/* The conversation failed in a way that can pass: it starts again later (full jitter), at the
 * head of its host's queue. False: no retries are left, and the caller finishes it. */
bool plan_again(struct plan *plan, const struct plan_task *task, int64_t now_us);

/* The conversation gives its place back without a failure: its next step cannot start soon.
 * False: its host is not asked any more, and the caller finishes it. */
bool plan_yield(struct plan *plan, const struct plan_task *task, int64_t now_us);
void plan_abandon(struct plan *plan, const struct plan_task *task); /* for good: skipped */

/* A held tee sheet is asked once more. False: its host or tenant is not asked any more. */
TS_MUST_USE bool plan_look_again(struct plan *plan, uint32_t course_index, int32_t play_date);

/* Until when nothing goes to a host (Retry-After; monotonic, 0: never held). */
int64_t plan_hold(const struct plan *plan, uint32_t host);
void plan_set_hold(struct plan *plan, uint32_t host, int64_t until_us);

/* A challenge stops the host, a plain 403 the tenant (three tenants in a row stop the host).
 * Their remaining tee sheets come out of plan_take_skipped. */
void plan_block(struct plan *plan, const struct plan_task *task, bool challenge);

/* What a transfer that took so long says of its host: it answered; it refused (429, 503):
 * slower, and nothing but that for long stops it; it failed (no connection, timeout, 5xx):
 * slower for a while, and after several its breaker opens. */
void plan_answered(struct plan *plan, const struct plan_task *task, int64_t latency_us);
void plan_refused(struct plan *plan, const struct plan_task *task, int64_t now_us,
                  int64_t took_us);
void plan_failed(struct plan *plan, const struct plan_task *task, int64_t now_us,
                 int64_t took_us);

/* Before plan_start: what an earlier sweep learnt of a host; an unknown name is ignored. */
void plan_learnt(struct plan *plan, struct str host, int64_t gap_us, uint32_t parallel);

void plan_stop(struct plan *plan); /* nothing new starts (deadline, shutdown): skipped */

/* How many tee sheets will not be asked any more, since the last call. */
uint64_t plan_take_skipped(struct plan *plan);

bool plan_finished(const struct plan *plan); /* nothing runs, waits or is left */

#endif
