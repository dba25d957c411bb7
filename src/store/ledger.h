/*
 * ledger.h: what is known of each tee sheet, for resuming, and what the store forgets.
 */
#ifndef TS_STORE_LEDGER_H
#define TS_STORE_LEDGER_H

#include "domain/outcome.h"
#include "store/store.h"

#define PRUNE_BITE         100 /* tee sheets, and runs, a transaction */
#define LEDGER_COURSES_MAX 256

struct ledger_row {
    int64_t course_id;
    int32_t play_date;
    enum outcome outcome; /* of the last look */
    int64_t checked_at;
    enum outcome observed_outcome; /* OUTCOME_NONE: never observed */
    int64_t observed_at;           /* 0: never observed */
    uint32_t tee_time_count;
};

typedef bool ledger_row_fn(void *ctx, const struct ledger_row *row);

/* Rows of play dates from..to (both included; 0: no bound), by course and date. */
TS_MUST_USE ts_err ledger_scan(struct store *store, int32_t from, int32_t to,
                               ledger_row_fn *on_row, void *ctx, struct error *reterr);

/* The rows of these courses (at most LEDGER_COURSES_MAX) from a play date on, in no order. */
TS_MUST_USE ts_err ledger_of_courses(struct store *store, const int64_t *ids, uint32_t count,
                                     int32_t from, ledger_row_fn *on_row, void *ctx,
                                     struct error *reterr);

struct prune_counts {
    uint64_t tee_times, events, tee_sheets, runs;
};

/* Deletes what is known of at most PRUNE_BITE tee sheets of days before `before`, and as many
 * runs that started before it, in one transaction, and adds to *counts. *ret_more: there may be
 * more. */
TS_MUST_USE ts_err prune_bite(struct store *store, int32_t before, struct prune_counts *counts,
                              bool *ret_more, struct error *reterr);

#endif
