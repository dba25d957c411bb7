/*
 * courses.h: the catalogue as the store holds it.
 *
 * An import is one transaction: begin, put every row, end. Rows that were not put become
 * inactive at the end.
 */
#ifndef TS_STORE_COURSES_H
#define TS_STORE_COURSES_H

#include "store/store.h"

/* One row; text is borrowed (by put: until it returns; in a list: during the callback). */
struct store_course {
    int64_t id;
    struct str name, club, city, region, region_id, country, timezone, engine;
    struct str engine_attributes; /* JSON object */
    struct str currency, booking_url;
    bool has_place;
    double latitude, longitude;
    int holes;        /* 0: unknown */
    int window_days;  /* -1: unknown */
    int opens_minute; /* -1: unknown */
    bool active;
    uint32_t unknown_sweeps; /* list only: sweeps in a row that could not look */
    bool seen;               /* list only: the store holds an observation of it */
};

struct courses_import {
    struct store *store;
    int64_t stamp;
    uint64_t put, deactivated;
};

typedef bool store_course_fn(void *ctx, const struct store_course *course);

TS_MUST_USE ts_err courses_import_begin(struct store *store, struct courses_import *ret_import,
                                        struct error *reterr);
TS_MUST_USE ts_err courses_put(struct courses_import *import, const struct store_course *course,
                               struct error *reterr);
/* A row that cannot be put because it is faulty: what the store has of it stays as it is. */
TS_MUST_USE ts_err courses_keep(struct courses_import *import, int64_t id,
                                struct error *reterr);
/* Deactivates what was neither put nor kept, and commits. */
TS_MUST_USE ts_err courses_import_end(struct courses_import *import, struct error *reterr);
/* Commits what was put and leaves every other course as it is, instead of end. */
TS_MUST_USE ts_err courses_import_commit(struct courses_import *import, struct error *reterr);
/* After a failure, instead of end: nothing was changed. */
void courses_import_abandon(struct courses_import *import);

/* All courses, inactive ones too, by id. */
TS_MUST_USE ts_err courses_list(struct store *store, store_course_fn *on_course, void *ctx,
                                struct error *reterr);

struct course_streak {
    int64_t id;
    struct str name;
    uint32_t unknown_sweeps;
};

typedef bool course_streak_fn(void *ctx, const struct course_streak *streak);

/* Active courses, by id. */
TS_MUST_USE ts_err courses_streaks(struct store *store, course_streak_fn *on_streak, void *ctx,
                                   struct error *reterr);

/* At a sweep's end: counts, per course looked at since `started_at`, the sweeps in a row that
 * observed nothing of it. */
TS_MUST_USE ts_err courses_tally(struct store *store, int64_t started_at, struct error *reterr);

#endif
