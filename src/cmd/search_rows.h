/*
 * search_rows.h: tee times as rows: for people in words, for programs in full. Private to cmd/.
 */
#ifndef TS_CMD_SEARCH_ROWS_H
#define TS_CMD_SEARCH_ROWS_H

#include "cmd/known.h"
#include "cmd/rows.h"
#include "store/search.h"

/* What a table for people needs to know of the whole result before its first line. */
struct search_shape {
    uint64_t count;
    int64_t oldest_look;     /* Unix seconds; 0: none */
    const struct zone *zone; /* of the first row */
    bool zones_differ, starts_differ, has_routings, has_bases, is_near;
};

void search_shape_note(struct search_shape *shape, const struct search_row *row,
                       const struct known_course *course);

struct search_rows {
    struct rows rows;
    struct view_column columns[VIEW_COLUMNS_MAX];
    const struct search_shape *shape;
    enum view_format format;
    int64_t now;
};

/* `shape` is borrowed; read for VIEW_TABLE only. The caller ends search->rows. */
TS_MUST_USE ts_err search_rows_init(struct search_rows *search, enum view_format format,
                                    const struct search_shape *shape, int64_t now,
                                    struct error *reterr);
void search_rows_put(struct search_rows *search, const struct search_row *row,
                     const struct known_course *course);
#endif
