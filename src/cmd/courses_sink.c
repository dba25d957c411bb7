/* courses_sink.c: one transaction, or one table, of added courses. */
#include "cmd/courses_sink.h"

#include "cmd/courses_list.h"

struct search {
    int64_t id;
    bool is_found;
};

static bool find(void *ctx, const struct store_course *course)
{
    struct search *search = ctx;
    search->is_found = search->is_found || course->id == search->id;
    return !search->is_found;
}

static ts_err store_course(struct courses_sink *sink, const struct store_course *course,
                           struct error *reterr)
{
    struct search search = { .id = course->id };
    ts_err err = courses_list(sink->store, find, &search, reterr);
    if (err)
        return err;
    if (search.is_found) {
        sink->present++;
        sink->present_id = course->id;
        return TS_ERR_OK;
    }
    if (!sink->is_importing)
        err = courses_import_begin(sink->store, &sink->import, reterr);
    if (err)
        return err;
    sink->is_importing = true;
    err = courses_put(&sink->import, course, reterr);
    if (!err)
        (void)fprintf(sink->out, "course %lld (%.*s) added to %s\n", (long long)course->id,
                      STR_ARGS(course->engine), store_name(sink->store));
    return err;
}

ts_err courses_sink_put(struct courses_sink *sink, const struct store_course *course,
                        struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    if (sink->store) {
        err = store_course(sink, course, reterr);
    } else {
        if (!sink->table)
            err = courses_table_new(VIEW_CSV, sink->out, &sink->table, reterr);
        if (!err)
            courses_table_add(sink->table, course);
    }
    if (!err)
        sink->put++;
    return err;
}

static ts_err end_import(struct courses_sink *sink, ts_err err, struct error *reterr)
{
    if (sink->is_importing && !err)
        err = courses_import_commit(&sink->import, reterr);
    else if (sink->is_importing)
        courses_import_abandon(&sink->import);
    if (err || sink->present == 0)
        return err;
    if (sink->present < sink->put) {
        (void)fprintf(sink->notes, "note: the store has %u of them already: left as they are\n",
                      sink->present);
        return TS_ERR_OK;
    }
    return error_set(reterr, TS_ERR_EXISTS,
                     "the store has %s already, as course %lld: it was left as it is",
                     sink->put == 1 ? "it" : "all of them", (long long)sink->present_id);
}

ts_err courses_sink_end(struct courses_sink *sink, ts_err err, struct error *reterr)
{
    if (sink->store)
        return end_import(sink, err, reterr);
    if (sink->table && !err)
        err = view_table_finish(sink->table, reterr);
    view_table_free(sink->table);
    return err;
}
