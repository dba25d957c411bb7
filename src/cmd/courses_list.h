/*
 * courses_list.h: the store's catalogue, written as a table, as JSON, or as the CSV that an
 * import reads. Private to cmd/.
 */
#ifndef TS_CMD_COURSES_LIST_H
#define TS_CMD_COURSES_LIST_H

#include "base/opt.h"
#include "store/courses.h"
#include "view/table.h"

struct courses_filter {
    const struct opt_list *regions, *engines; /* empty: all */
};

/* Writes the courses to `out`, by id. TS_ERR_USAGE: the filter names what the store lacks. */
TS_MUST_USE ts_err courses_write(struct store *store, const struct courses_filter *filter,
                                 enum view_format format, FILE *out, struct error *reterr);

/* The same table row by row: view_table_finish and view_table_free end it. */
TS_MUST_USE ts_err courses_table_new(enum view_format format, FILE *out,
                                     struct view_table **ret_table, struct error *reterr);
void courses_table_add(struct view_table *table, const struct store_course *course);

#endif
