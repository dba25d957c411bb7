/* courses.c: imports and lists the catalogue's rows. */
#include "store/courses.h"

#include "base/clock.h"
#include "store/params.h"

struct list {
    store_course_fn *on_course;
    void *ctx;
};

ts_err courses_import_begin(struct store *store, struct courses_import *ret_import,
                            struct error *reterr)
{
    ts_err err = store_begin(store, reterr);
    if (err)
        return err;
    /* The real clock: two imports under one --now are still two. */
    *ret_import = (struct courses_import){ .store = store, .stamp = clock_real_us() };
    return TS_ERR_OK;
}

ts_err courses_put(struct courses_import *import, const struct store_course *course,
                   struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_i64(&params, course->id);
    params_str(&params, course->name);
    params_str(&params, course->club);
    params_str(&params, course->city);
    params_str(&params, course->region);
    params_str(&params, course->region_id);
    params_str(&params, course->country);
    params_str(&params, course->timezone);
    params_degrees_if(&params, course->has_place, course->latitude);
    params_degrees_if(&params, course->has_place, course->longitude);
    params_str(&params, course->engine);
    params_str(&params, course->engine_attributes.len ? course->engine_attributes : STR("{}"));
    params_i64(&params, course->holes);
    params_i64_if(&params, course->window_days >= 0, course->window_days);
    params_i64_if(&params, course->opens_minute >= 0, course->opens_minute);
    params_str(&params, course->currency);
    params_str(&params, course->booking_url);
    params_str(&params, course->active ? STR("1") : STR("0"));
    params_i64(&params, import->stamp);
    ts_err err = store_run(import->store, STORE_COURSE_PUT, params.values, params.count, NULL,
                           NULL, NULL, reterr);
    if (!err)
        import->put++;
    return err;
}

ts_err courses_keep(struct courses_import *import, int64_t id, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_i64(&params, id);
    params_i64(&params, import->stamp);
    return store_run(import->store, STORE_COURSE_KEEP, params.values, params.count, NULL, NULL,
                     NULL, reterr);
}

ts_err courses_import_end(struct courses_import *import, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_i64(&params, import->stamp);
    ts_err err = store_run(import->store, STORE_COURSES_DEACTIVATE, params.values, params.count,
                           NULL, NULL, &import->deactivated, reterr);
    if (!err)
        err = store_commit(import->store, reterr);
    if (err)
        store_rollback(import->store);
    return err;
}

ts_err courses_import_commit(struct courses_import *import, struct error *reterr)
{
    ts_err err = store_commit(import->store, reterr);
    if (err)
        store_rollback(import->store);
    return err;
}

void courses_import_abandon(struct courses_import *import)
{
    store_rollback(import->store);
}

static bool on_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct list *list = ctx;
    struct store_course course = {
        .id = column_i64(columns[0], 0),
        .name = columns[1],
        .club = columns[2],
        .city = columns[3],
        .region = columns[4],
        .region_id = columns[5],
        .country = columns[6],
        .timezone = columns[7],
        .engine = columns[10],
        .engine_attributes = columns[11],
        .holes = (int)column_i64(columns[12], 0),
        .window_days = (int)column_i64(columns[13], -1),
        .opens_minute = (int)column_i64(columns[14], -1),
        .currency = columns[15],
        .booking_url = columns[16],
        .active = column_flag(columns[17]),
        .unknown_sweeps = (uint32_t)column_i64(columns[18], 0),
        .seen = column_flag(columns[19]),
    };
    bool has_latitude;
    bool has_longitude;
    course.latitude = column_degrees(columns[8], &has_latitude);
    course.longitude = column_degrees(columns[9], &has_longitude);
    course.has_place = has_latitude && has_longitude;
    return list->on_course(list->ctx, &course);
}

ts_err courses_list(struct store *store, store_course_fn *on_course, void *ctx,
                    struct error *reterr)
{
    struct list list = { on_course, ctx };
    return store_run(store, STORE_COURSE_LIST, NULL, 0, on_columns, &list, NULL, reterr);
}

struct streaks {
    course_streak_fn *on_streak;
    void *ctx;
};

static bool on_streak_columns(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    const struct streaks *streaks = ctx;
    const struct course_streak streak = { .id = column_i64(columns[0], 0),
                                          .name = columns[1],
                                          .unknown_sweeps =
                                              (uint32_t)column_i64(columns[2], 0) };
    return streaks->on_streak(streaks->ctx, &streak);
}

ts_err courses_streaks(struct store *store, course_streak_fn *on_streak, void *ctx,
                       struct error *reterr)
{
    struct streaks streaks = { on_streak, ctx };
    return store_run(store, STORE_COURSE_STREAKS, NULL, 0, on_streak_columns, &streaks, NULL,
                     reterr);
}

ts_err courses_tally(struct store *store, int64_t started_at, struct error *reterr)
{
    struct params params;
    params_start(&params);
    params_i64(&params, started_at);
    return store_run(store, STORE_COURSES_TALLY, params.values, params.count, NULL, NULL, NULL,
                     reterr);
}
