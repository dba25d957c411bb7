/*
 * table.h: rows of cells for people (columns), for programs (JSON) or spreadsheets (CSV).
 *
 * JSON and CSV stream. A table for people holds its first rows in a bounded arena to learn the
 * widths, then streams with those; on a terminal it is cut to the terminal's width, the widest
 * text column first, and leaves out columns where that is not enough. Control characters never
 * reach the screen. One thread at a time.
 */
#ifndef TS_VIEW_TABLE_H
#define TS_VIEW_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

#define VIEW_COLUMNS_MAX 64

enum view_format { VIEW_TABLE, VIEW_JSON, VIEW_CSV };
enum view_align { VIEW_LEFT, VIEW_RIGHT };

/* The choices of a --format option, in the order of enum view_format, NULL-terminated. */
extern const char *const view_formats[];

struct view_column {
    const char *name;  /* "start_time": JSON member, CSV heading */
    const char *title; /* "time": heading for people; NULL: not shown to people */
    enum view_align align;
    bool is_number; /* its cells are numbers as JSON writes them; never cut */
};

struct view_table;

/* `columns` (at most VIEW_COLUMNS_MAX) and `out` are borrowed until view_table_free. */
TS_MUST_USE ts_err view_table_new(const struct view_column *columns, uint32_t columns_count,
                                  enum view_format format, FILE *out,
                                  struct view_table **ret_table, struct error *reterr);
void view_table_free(struct view_table *table);

/* Columns that a narrow terminal can do without, the first named first; borrowed. */
void view_table_may_drop(struct view_table *table, const uint8_t *columns, uint32_t count);

/* One cell per column, used before the call returns. ptr NULL: nothing known, which is null in
 * JSON and empty elsewhere. */
void view_table_row(struct view_table *table, const struct str *cells);

/* Writes what is still held, and the end. TS_ERR_IO: `out` did not take all. */
TS_MUST_USE ts_err view_table_finish(struct view_table *table, struct error *reterr);

#endif
