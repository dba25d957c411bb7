/*
 * dates.h: play dates as people say them: 2026-12-05, today, tomorrow, sat, weekend, +3, A..B.
 *
 * What is said is relative to a day that is given later, because the courses of one search may
 * have different todays. Private to cmd/.
 */
#ifndef TS_CMD_DATES_H
#define TS_CMD_DATES_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define DATES_FIRST INT32_MIN /* no bound */
#define DATES_LAST  INT32_MAX

enum date_kind { DATE_OPEN, DATE_ON, DATE_AHEAD, DATE_WEEKDAY, DATE_WEEKEND };

struct date_said {
    enum date_kind kind;
    int32_t number; /* DATE_ON: the date; DATE_AHEAD: days; DATE_WEEKDAY: 0 = Monday */
};

struct dates {
    struct date_said from, to;
    bool is_range; /* A..B; else `to` says nothing */
};

struct date_range {
    int32_t from, to; /* both included */
};

/* NULL text: all dates. TS_ERR_USAGE with what can be said. */
TS_MUST_USE ts_err dates_parse(const char *text, struct dates *ret_dates, struct error *reterr);

/* A weekday is the next one, today included; the end of a range is looked for from its start
 * on. "weekend" is Saturday and Sunday, what is left of it on a Sunday. */
struct date_range dates_resolve(const struct dates *dates, int32_t today);

#endif
