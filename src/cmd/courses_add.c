/* courses_add.c: a booking link becomes a catalogue row, without any request. */
#include "cmd/courses_add.h"

#include "catalogue/catalogue.h"
#include "cmd/courses_list.h"
#include "engine/engine.h"

#define URL_MAX          1000
#define ATTRIBUTES_BYTES 2048
#define REASON_BYTES     160

struct adding {
    const struct courses_add *add;
    const struct engine *engine;
    FILE *out, *notes;
    char attributes[ATTRIBUTES_BYTES], url[URL_MAX + 16];
    const char *lacks;          /* what the link lacks, or NULL */
    char faulty[REASON_BYTES];  /* the first fault in the engine's attributes */
    char unready[REASON_BYTES]; /* the first one elsewhere */
    int64_t id;
    bool is_present;
    ts_err err;
    struct error *reterr;
};

/* False: no engine knows the link. */
static bool recognise(struct adding *adding)
{
    struct str url = str_trim(str_of(adding->add->url));
    for (uint32_t i = 0; i < engines_count; i++) {
        struct buf json = buf_over(adding->attributes, sizeof(adding->attributes));
        if (!engines[i]->from_url || !engines[i]->from_url(url, &json, &adding->lacks))
            continue;
        adding->engine = engines[i];
        return !json.overflow;
    }
    return false;
}

/* The link as a browser takes it. */
static void put_link(struct adding *adding)
{
    struct str url = str_trim(str_of(adding->add->url));
    struct buf out = buf_over(adding->url, sizeof(adding->url));
    bool has_scheme =
        str_has_prefix(url, STR("http://")) || str_has_prefix(url, STR("https://"));
    if (!has_scheme && !str_contains_nocase(url, STR("://")))
        buf_puts(&out, "https://");
    buf_put(&out, url);
}

static void take_problem(void *ctx, const struct catalogue_problem *problem)
{
    struct adding *adding = ctx;
    bool is_engine = engine_attr_find(adding->engine, str_of(problem->column)) >= 0 ||
                     str_equal(str_of(problem->column), STR("id"));
    char *storage = is_engine ? adding->faulty : adding->unready;
    struct buf out = buf_over(storage, REASON_BYTES);
    if (!storage[0])
        buf_printf(&out, "%s: %s", problem->column, problem->reason);
}

static bool find_present(void *ctx, const struct store_course *course)
{
    struct adding *adding = ctx;
    adding->is_present = adding->is_present || course->id == adding->id;
    return !adding->is_present;
}

static ts_err put(struct adding *adding, const struct store_course *course)
{
    struct courses_import import;
    ts_err err = courses_import_begin(adding->add->store, &import, adding->reterr);
    if (err)
        return err;
    err = courses_put(&import, course, adding->reterr);
    if (!err)
        return courses_import_commit(&import, adding->reterr);
    courses_import_abandon(&import);
    return err;
}

static ts_err store(struct adding *adding, const struct store_course *course)
{
    if (adding->unready[0])
        return error_set(adding->reterr, TS_ERR_CATALOGUE, "%s", adding->unready);
    adding->id = course->id;
    ts_err err = courses_list(adding->add->store, find_present, adding, adding->reterr);
    if (err)
        return err;
    if (adding->is_present)
        return error_set(adding->reterr, TS_ERR_EXISTS,
                         "the store has it already, as course %lld: it was left as it is",
                         (long long)course->id);
    err = put(adding, course);
    if (!err)
        (void)fprintf(adding->out, "course %lld (%s) added to %s\n", (long long)course->id,
                      adding->engine->name, store_name(adding->add->store));
    return err;
}

static ts_err deliver(struct adding *adding, const struct store_course *course)
{
    if (adding->faulty[0])
        return error_set(adding->reterr, TS_ERR_CATALOGUE, "the %s link lacks %s",
                         adding->engine->name, adding->lacks ? adding->lacks : adding->faulty);
    ts_err err = adding->add->store
                     ? store(adding, course)
                     : courses_write_one(course, VIEW_CSV, adding->out, adding->reterr);
    if (!err && adding->lacks)
        (void)fprintf(adding->notes, "note: the link does not tell %s\n", adding->lacks);
    if (!err && adding->unready[0])
        (void)fprintf(adding->notes, "note: %s; without it the row cannot be imported\n",
                      adding->unready);
    return err;
}

static void take_row(void *ctx, const struct catalogue_row *row)
{
    struct adding *adding = ctx;
    struct store_course course = {
        .id = row->id,
        .name = row->name,
        .country = row->country,
        .timezone = row->timezone,
        .engine = row->engine,
        .engine_attributes = row->attributes_json,
        .currency = row->currency,
        .booking_url = row->booking_url,
        .window_days = -1,
        .opens_minute = -1,
        .active = true,
    };
    adding->err = deliver(adding, &course);
}

static ts_err check_and_take(struct adding *adding)
{
    struct catalogue_config config = { .on_row = take_row,
                                       .on_problem = take_problem,
                                       .ctx = adding };
    struct catalogue_row row = {
        .name = str_of(adding->add->name),
        .country = str_of(adding->add->country),
        .timezone = str_of(adding->add->timezone),
        .engine = str_of(adding->engine->name),
        .attributes_json = str_of(adding->attributes),
        .booking_url = str_of(adding->url),
        .window_days = -1,
        .opens_minute = -1,
        .state = ROW_OK,
    };
    struct catalogue_builder *builder;
    ts_err err = catalogue_builder_new(&config, &builder);
    if (err)
        return error_set(adding->reterr, err, "no memory for the row");
    err = catalogue_builder_add(builder, &row, adding->reterr);
    catalogue_builder_free(builder);
    return err ? err : adding->err;
}

ts_err courses_add(const struct courses_add *add, FILE *out, FILE *notes, struct error *reterr)
{
    struct adding adding = { .add = add, .out = out, .notes = notes, .reterr = reterr };
    if (str_of(add->url).len > URL_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "the link is longer than %d bytes", URL_MAX);
    if (!recognise(&adding))
        return error_set(
            reterr, TS_ERR_CATALOGUE,
            "no booking link of a known engine: `teesheet engines` lists the hosts; "
            "a club's own site links to one of them");
    put_link(&adding);
    return check_and_take(&adding);
}
