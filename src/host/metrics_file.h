/*
 * metrics_file.h: the file of `collect --metrics-file`: always whole, because a new one takes
 * the old one's place. Loop thread only.
 */
#ifndef TS_HOST_METRICS_FILE_H
#define TS_HOST_METRICS_FILE_H

#include "domain/sweep.h"
#include "plan/plan.h"

struct metrics_file;

struct metrics_source {
    const struct sweep_report *report;
    const struct plan *plan; /* NULL: none was made */
    unsigned pauses;         /* set of enum pause_reason */
};

/* Tries whether the file can be written, without touching it, and reads what it says of the
 * last sweep. `path` is the caller's. */
TS_MUST_USE ts_err metrics_file_new(const char *path, struct metrics_file **ret_file,
                                    struct error *reterr);
void metrics_file_free(struct metrics_file *file); /* accepts NULL */

/* Every 10 s, and at first. Accepts NULL: never. */
bool metrics_file_is_due(const struct metrics_file *file, int64_t now_us);

/* A failure is logged once; the next turn tries again. */
void metrics_file_write(struct metrics_file *file, const struct metrics_source *source,
                        int64_t now_us);

#endif
