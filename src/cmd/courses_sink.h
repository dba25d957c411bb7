/*
 * courses_sink.h: where added courses go: a CSV with its header, or a store beside its other
 * courses. Private to cmd/.
 */
#ifndef TS_CMD_COURSES_SINK_H
#define TS_CMD_COURSES_SINK_H

#include "store/courses.h"
#include "view/table.h"

struct courses_sink {
    struct store *store; /* NULL: CSV to `out` */
    FILE *out, *notes;
    struct view_table *table;
    struct courses_import import;
    bool is_importing;
    uint32_t put;
    uint32_t present; /* in the store before: left as they were */
    int64_t present_id;
};

/* The caller fills store, out and notes. */
TS_MUST_USE ts_err courses_sink_put(struct courses_sink *sink,
                                    const struct store_course *course, struct error *reterr);

/* Ends what was begun: all rows, or after an error `err` none (of the store). TS_ERR_EXISTS:
 * the store had all of them. */
TS_MUST_USE ts_err courses_sink_end(struct courses_sink *sink, ts_err err,
                                    struct error *reterr);

#endif
