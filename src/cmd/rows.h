/*
 * rows.h: rows of a result in the format that was asked for: view/table.h, and in JSON cells
 * that are JSON themselves (lists, objects) beside numbers and texts. Private to cmd/.
 */
#ifndef TS_CMD_ROWS_H
#define TS_CMD_ROWS_H

#include "view/table.h"

struct rows {
    struct view_table *table; /* NULL: JSON */
    const struct view_column *columns;
    uint32_t columns_count;
    uint64_t json_columns; /* bit i: column i's cells are JSON as they are */
    uint64_t count;
};

struct rows_config {
    const struct view_column *columns; /* borrowed until rows_done */
    uint32_t columns_count;
    enum view_format format;
    uint64_t json_columns;
    const uint8_t *may_drop; /* view_table_may_drop */
    uint32_t may_drop_count;
};

/* Writes to stdout. */
TS_MUST_USE ts_err rows_init(struct rows *rows, const struct rows_config *config,
                             struct error *reterr);
void rows_put(struct rows *rows, const struct str *cells);
TS_MUST_USE ts_err rows_finish(struct rows *rows, struct error *reterr);
void rows_done(struct rows *rows);

#endif
