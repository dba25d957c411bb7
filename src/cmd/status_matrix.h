/*
 * status_matrix.h: the ledger as a table of courses × dates for people. Private to
 * cmd/status.c.
 */
#ifndef TS_CMD_STATUS_MATRIX_H
#define TS_CMD_STATUS_MATRIX_H

#include "cmd/known.h"
#include "cmd/rows.h"
#include "store/status.h"

#define MATRIX_DAYS_MAX 62
#define MATRIX_DAYS     14 /* unless the terminal is narrower */

struct matrix {
    struct rows rows;
    const struct known *known;
    int32_t from;
    uint32_t days;
    int64_t now;
    bool utf8;
    struct view_column columns[MATRIX_DAYS_MAX + 2];
    char titles[MATRIX_DAYS_MAX][16];
    /* the course at hand */
    const struct known_course *course;
    struct str cells[MATRIX_DAYS_MAX + 2];
    char storage[MATRIX_DAYS_MAX + 2][32];
};

/* How many dates fit beside the courses' names into `columns`; 0 columns: MATRIX_DAYS. */
uint32_t matrix_days(const struct known *known, uint32_t columns);

/* `matrix` with known, from, days and now set. The caller ends matrix->rows. */
TS_MUST_USE ts_err matrix_init(struct matrix *matrix, struct error *reterr);
/* By course and date. */
void matrix_put(struct matrix *matrix, const struct status_cell *cell);
TS_MUST_USE ts_err matrix_finish(struct matrix *matrix, struct error *reterr);

/* What the cells mean. */
const char *matrix_legend(void);

#endif
