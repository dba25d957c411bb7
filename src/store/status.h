/*
 * status.h: the ledger as a course × date matrix, cell by cell.
 */
#ifndef TS_STORE_STATUS_H
#define TS_STORE_STATUS_H

#include "domain/outcome.h"
#include "store/store.h"

struct status_filter {
    const int64_t *courses; /* named ones show even if inactive */
    const struct str *regions;
    uint32_t courses_count, regions_count;
    int32_t from, to; /* both included; 0: no bound */
};

/* One tee sheet, or a course without any (play_date 0). Text is valid during the callback. */
struct status_cell {
    int64_t course_id;
    struct str course_name, timezone;
    int window_days, opens_minute; /* -1: unknown */
    int32_t play_date;
    enum outcome outcome;
    struct str detail;
    uint16_t http_status;
    uint32_t attempts;
    int64_t checked_at;
    enum outcome observed_outcome;   /* OUTCOME_NONE: never observed */
    int64_t observed_at, changed_at; /* 0: never */
    uint32_t tee_time_count;
    bool held; /* the last observation waits for a second look */
};

typedef bool status_cell_fn(void *ctx, const struct status_cell *cell);

/* By course name, id and date. TS_ERR_USAGE: too many courses or regions. */
TS_MUST_USE ts_err status_scan(struct store *store, const struct status_filter *filter,
                               status_cell_fn *on_cell, void *ctx, struct error *reterr);

#endif
