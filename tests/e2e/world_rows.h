/*
 * world_rows.h: the store's rows and the truth's as sorted texts, for tests that compare them
 * in their own way.
 */
#ifndef TS_TESTS_E2E_WORLD_ROWS_H
#define TS_TESTS_E2E_WORLD_ROWS_H

#include "e2e/world.h"

#define ROW_BYTES 512

/* Rows as text, fields apart by '|'. */
struct rows {
    char (*lines)[ROW_BYTES]; /* the caller frees */
    size_t count, cap;
};

void rows_sort(struct rows *rows);

/* Adds what the simulator says, by its option --truth=DATES or --truth-sheets=DATES, of the
 * courses (NULL: all), and sorts. */
void rows_add_truth(const struct world *world, const char *option, const char *dates,
                    const char *courses, struct rows *rows);

/* What a query brings, unsorted, in either dialect. */
struct rows rows_of_store(const struct world *world, const char *sqlite_sql,
                          const char *postgres_sql);

/* The tee times that are not closed, sorted, in the truth's form. */
struct rows rows_of_tee_times(const struct world *world);

#endif
