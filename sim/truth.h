/*
 * truth.h: what a perfect collector stores at the world's instant, as CSV.
 *
 * Comes from the engines' `truth`, that is from the model, never from replies.
 */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "engine.h"

#define TRUTH_DAYS_MAX 4096

struct truth_selection {
    uint32_t days_count;
    int32_t days[TRUTH_DAYS_MAX]; /* ascending, distinct */
    struct fleet_ids courses;
};

/* Adds "2026-12-01", "2026-12-01..2026-12-09", or several, comma-separated. TS_ERR_USAGE. */
TS_MUST_USE ts_err truth_add_days(struct truth_selection *selection, struct str text,
                                  struct error *reterr);

/* Adds catalogue ids, comma-separated. TS_ERR_USAGE. */
TS_MUST_USE ts_err truth_add_courses(struct truth_selection *selection, struct str text,
                                     struct error *reterr);

/* One line per tee time, sorted by the store's identity. TS_ERR_IO. */
TS_MUST_USE ts_err truth_write_tee_times(const struct sim_world *world,
                                         const struct truth_selection *selection, FILE *out,
                                         struct error *reterr);

/* One line per tee sheet: course_id,play_date,outcome,tee_time_count. TS_ERR_IO. */
TS_MUST_USE ts_err truth_write_tee_sheets(const struct sim_world *world,
                                          const struct truth_selection *selection, FILE *out,
                                          struct error *reterr);

#endif
