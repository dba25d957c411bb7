/* import.c: catalogue rows on their way into memory and into the store. */
#include "host/import.h"

#include <inttypes.h>

#include "base/log.h"
#include "store/courses.h"

#define PROBLEMS_SHOWN 10

struct import {
    const struct import_config *config;
    struct courses_import courses; /* courses.store NULL: nothing is stored */
    struct catalogue_builder *builder;
    uint32_t stored; /* courses that came from the store */
    uint32_t problems;
    ts_err err; /* of a callback */
    struct error error;
};

static void store_row(void *ctx, const struct catalogue_row *row)
{
    struct import *import = ctx;
    bool has_id = row->id > 0 && row->state != ROW_DUPLICATE;
    if (!import->courses.store || import->err || !has_id)
        return;
    if (row->state == ROW_MISCONFIGURED) { /* what the store has of it costs nothing */
        import->err = courses_keep(&import->courses, row->id, &import->error);
        return;
    }
    struct store_course course = {
        .id = row->id,
        .name = row->name,
        .club = row->club,
        .city = row->city,
        .region = row->region,
        .region_id = row->region_id,
        .country = row->country,
        .timezone = row->timezone,
        .engine = row->engine,
        .engine_attributes = row->attributes_json,
        .currency = row->currency,
        .booking_url = row->booking_url,
        .has_place = row->has_place,
        .latitude = row->latitude,
        .longitude = row->longitude,
        .holes = row->holes,
        .window_days = row->window_days,
        .opens_minute = row->opens_minute,
        .active = row->state != ROW_INACTIVE,
    };
    import->err = courses_put(&import->courses, &course, &import->error);
}

static void tell_problem(void *ctx, const struct catalogue_problem *problem)
{
    struct import *import = ctx;
    if (import->problems++ < PROBLEMS_SHOWN)
        log_event(LOG_WARNING, "catalogue.problem",
                  LOG_FIELDS(kv_str("file", problem->file), kv_i64("line", problem->line),
                             kv_str("column", problem->column)),
                  "%s:%u: %s: %s", problem->file, problem->line, problem->column,
                  problem->reason);
}

static bool add_stored(void *ctx, const struct store_course *course)
{
    struct import *import = ctx;
    struct catalogue_row row = {
        .id = course->id,
        .name = course->name,
        .club = course->club,
        .city = course->city,
        .region = course->region,
        .region_id = course->region_id,
        .country = course->country,
        .timezone = course->timezone,
        .engine = course->engine,
        .attributes_json = course->engine_attributes,
        .currency = course->currency,
        .booking_url = course->booking_url,
        .has_place = course->has_place,
        .latitude = course->latitude,
        .longitude = course->longitude,
        .holes = course->holes,
        .window_days = course->window_days,
        .opens_minute = course->opens_minute,
        .state = course->active ? ROW_OK : ROW_INACTIVE,
    };
    import->stored++;
    import->err = catalogue_builder_add(import->builder, &row, &import->error);
    return import->err == TS_ERR_OK;
}

static ts_err from_store(struct import *import, const struct catalogue_config *config,
                         struct catalogue **ret_catalogue, struct error *reterr)
{
    ts_err err = catalogue_builder_new(config, &import->builder);
    if (err)
        return error_set(reterr, err, "no memory for the catalogue");
    err = courses_list(import->config->store, add_stored, import, reterr);
    if (!err && import->err)
        err = error_set(reterr, import->err, "%s", import->error.text);
    if (!err && import->stored == 0)
        err = error_set(reterr, TS_ERR_CATALOGUE,
                        "%s has no courses yet: give --courses FILE, or `teesheet courses "
                        "import FILE` first",
                        store_name(import->config->store));
    if (!err)
        err = catalogue_builder_end(import->builder, ret_catalogue, reterr);
    catalogue_builder_free(import->builder);
    return err;
}

/* What speaks against the rows that were read: a failure to store them, or --strict. */
static ts_err judge(const struct import *import, const struct catalogue *catalogue,
                    struct error *reterr)
{
    const char *path = import->config->catalogue.path;
    if (import->err)
        return error_set(reterr, import->err, "%s", import->error.text);
    if (import->config->strict && catalogue->problems > 0)
        return error_set(reterr, TS_ERR_CATALOGUE,
                         "%s has %u problem%s and --strict is given: mend them, or see them all"
                         " with `teesheet courses check %s`",
                         path, catalogue->problems, catalogue->problems == 1 ? "" : "s", path);
    return TS_ERR_OK;
}

static ts_err load_and_judge(struct import *import, const struct catalogue_config *config,
                             struct catalogue **ret_catalogue, struct error *reterr)
{
    struct catalogue *catalogue = NULL;
    ts_err err = catalogue_load(config, &catalogue, reterr);
    if (!err)
        err = judge(import, catalogue, reterr);
    if (err)
        catalogue_free(catalogue);
    else
        *ret_catalogue = catalogue;
    return err;
}

ts_err import_commit(struct courses_import *courses, struct error *reterr)
{
    ts_err err = courses_import_end(courses, reterr);
    if (!err && courses->deactivated > 0)
        log_event(LOG_INFO, "catalogue.left",
                  LOG_FIELDS(kv_i64("courses", (int64_t)courses->deactivated)),
                  "courses that the catalogue does not have any more: %" PRIu64
                  ", inactive from now on",
                  courses->deactivated);
    return err;
}

static ts_err from_file(struct import *import, const struct catalogue_config *config,
                        struct catalogue **ret_catalogue, struct error *reterr)
{
    if (!import->config->store)
        return load_and_judge(import, config, ret_catalogue, reterr);
    ts_err err = courses_import_begin(import->config->store, &import->courses, reterr);
    if (err)
        return err;
    struct catalogue *catalogue = NULL;
    err = load_and_judge(import, config, &catalogue, reterr);
    if (err) {
        courses_import_abandon(&import->courses);
        return err;
    }
    if (import->config->left_open)
        *import->config->left_open = import->courses;
    else
        err = import_commit(&import->courses, reterr);
    if (err)
        catalogue_free(catalogue);
    else
        *ret_catalogue = catalogue;
    return err;
}

ts_err import_catalogue(const struct import_config *config, struct catalogue **ret_catalogue,
                        struct error *reterr)
{
    struct import import = { .config = config };
    struct catalogue_config catalogue = config->catalogue;
    catalogue.on_row = catalogue.path ? store_row : NULL;
    catalogue.on_problem = tell_problem;
    catalogue.ctx = &import;
    ts_err err = catalogue.path ? from_file(&import, &catalogue, ret_catalogue, reterr)
                                : from_store(&import, &catalogue, ret_catalogue, reterr);
    if (import.problems > PROBLEMS_SHOWN)
        log_event(LOG_WARNING, "catalogue.problems", LOG_NO_FIELDS,
                  "and %u more; `teesheet courses check %s` lists all",
                  import.problems - PROBLEMS_SHOWN, catalogue.path ? catalogue.path : "FILE");
    return err;
}
