/* courses_add.c: a booking link becomes catalogue rows. */
#include "cmd/courses_add.h"

#include "catalogue/catalogue.h"
#include "cmd/courses_look.h"
#include "cmd/courses_sink.h"
#include "host/resolve.h"

#define URL_MAX          1000
#define ATTRIBUTES_BYTES 2048
#define REASON_BYTES     160

/* Columns that some row lacks; a set. */
enum { LACKS_NAME = 1, LACKS_ZONE = 2, LACKS_CURRENCY = 4, LACKS_WINDOW = 8, LACKS_HOLES = 16 };

struct adding {
    const struct courses_add *add;
    const struct engine *engine;
    struct courses_sink sink;
    struct resolver *resolver;           /* NULL: no host is asked */
    const struct resolution *resolution; /* NULL: nothing was looked up */
    char attributes[ATTRIBUTES_BYTES], url[URL_MAX + 16];
    const char *lacks;          /* what the link lacks, or NULL */
    char faulty[REASON_BYTES];  /* the first fault in the engine's attributes */
    char unready[REASON_BYTES]; /* the first one elsewhere */
    unsigned columns_lacking;
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

/* ---- A row, checked and delivered ---- */

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

static const char *hint(const struct adding *adding)
{
    return adding->engine->resolver && !adding->add->resolve
               ? "; --resolve asks the engine for it"
               : "";
}

static ts_err deliver(struct adding *adding, const struct store_course *course)
{
    const char *what = adding->lacks && !adding->resolution ? adding->lacks : adding->faulty;
    if (adding->faulty[0])
        return error_set(adding->reterr, TS_ERR_CATALOGUE, "the %s link lacks %s%s",
                         adding->engine->name, what, hint(adding));
    if (adding->sink.store && adding->unready[0])
        return error_set(adding->reterr, TS_ERR_CATALOGUE, "%s", adding->unready);
    return courses_sink_put(&adding->sink, course, adding->reterr);
}

static void note_lacking(struct adding *adding, const struct store_course *course)
{
    adding->columns_lacking |= (course->name.len == 0 ? LACKS_NAME : 0u) |
                               (course->timezone.len == 0 ? LACKS_ZONE : 0u) |
                               (course->currency.len == 0 ? LACKS_CURRENCY : 0u) |
                               (course->window_days < 0 ? LACKS_WINDOW : 0u) |
                               (course->holes == 0 ? LACKS_HOLES : 0u);
}

static void take_row(void *ctx, const struct catalogue_row *row)
{
    struct adding *adding = ctx;
    struct store_course course = {
        .id = row->id,
        .name = row->name,
        .club = row->club,
        .city = row->city,
        .country = row->country,
        .timezone = row->timezone,
        .engine = row->engine,
        .engine_attributes = row->attributes_json,
        .currency = row->currency,
        .booking_url = row->booking_url,
        .holes = row->holes,
        .window_days = row->window_days,
        .opens_minute = row->opens_minute,
        .active = true,
    };
    note_lacking(adding, &course);
    adding->err = deliver(adding, &course);
}

/* ---- Rows ---- */

static struct catalogue_row row_of_link(const struct adding *adding)
{
    return (struct catalogue_row){
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
}

/* What the command line says goes before what the engine says; a name only where one course
 * can be meant. */
static struct catalogue_row row_of_course(const struct adding *adding,
                                          const struct resolve_course *course)
{
    struct catalogue_row row = row_of_link(adding);
    if (row.name.len == 0 || adding->resolution->courses_count > 1)
        row.name = str_of(course->name);
    if (row.timezone.len == 0)
        row.timezone = str_of(course->timezone);
    row.club = str_of(course->club);
    row.city = str_of(course->city);
    row.attributes_json = str_of(course->attributes_json);
    if (course->url[0])
        row.booking_url = str_of(course->url);
    row.holes = course->holes;
    row.window_days = course->window_days;
    row.opens_minute = course->opens_minute;
    return row;
}

static ts_err add_row(struct adding *adding, struct catalogue_builder *builder,
                      const struct catalogue_row *row)
{
    adding->faulty[0] = '\0';
    ts_err err = catalogue_builder_add(builder, row, adding->reterr);
    return err ? err : adding->err;
}

/* Those that the link names first. */
static ts_err add_courses(struct adding *adding, struct catalogue_builder *builder)
{
    const struct resolution *resolution = adding->resolution;
    ts_err err = TS_ERR_OK;
    for (int is_named = 1; is_named >= 0; is_named--) {
        for (uint32_t i = 0; i < resolution->courses_count && !err; i++) {
            const struct resolve_course *course = &resolution->courses[i];
            struct catalogue_row row = row_of_course(adding, course);
            if (course->is_named == is_named)
                err = add_row(adding, builder, &row);
        }
    }
    return err;
}

static ts_err add_rows(struct adding *adding, struct catalogue_builder *builder)
{
    struct catalogue_row row = row_of_link(adding);
    ts_err err =
        adding->resolution ? add_courses(adding, builder) : add_row(adding, builder, &row);
    return courses_sink_end(&adding->sink, err, adding->reterr);
}

/* ---- Words ---- */

static void write_lacking(const struct adding *adding)
{
    static const char *const columns[] = { "name", "timezone", "country and currency",
                                           "booking_window_days", "holes" };
    char text[REASON_BYTES];
    struct buf out = buf_over(text, sizeof(text));
    for (size_t i = 0; i < TS_COUNT_OF(columns); i++)
        if (adding->columns_lacking >> i & 1)
            buf_printf(&out, "%s%s", out.len > 0 ? ", " : "", columns[i]);
    if (out.len > 0)
        (void)fprintf(adding->sink.notes, "note: not learnt: %s\n", text);
}

static void write_notes(const struct adding *adding)
{
    FILE *notes = adding->sink.notes;
    if (adding->resolution && adding->resolution->detail[0])
        (void)fprintf(notes, "note: %s\n", adding->resolution->detail);
    if (adding->resolver)
        write_lacking(adding);
    if (adding->lacks && !adding->resolution)
        (void)fprintf(notes, "note: the link does not tell %s%s\n", adding->lacks,
                      hint(adding));
    if (adding->unready[0])
        (void)fprintf(notes, "note: %s; without it the row cannot be imported\n",
                      adding->unready);
}

/* ---- Asking ---- */

static ts_err look_up(struct adding *adding)
{
    const struct asking *asking = adding->add->resolve;
    uint32_t engine = (uint32_t)engine_find(str_of(adding->engine->name));
    struct resolver_config config = { .engine = engine,
                                      .attributes_json = str_of(adding->attributes),
                                      .origin = asking->engine_urls[engine],
                                      .key = asking->engine_keys[engine],
                                      .user_agent = asking->user_agent };
    ts_err err = resolver_new(&config, &adding->resolver, adding->reterr);
    if (err || !adding->engine->resolver)
        return err;
    err = resolver_ask(adding->resolver, &adding->resolution, adding->reterr);
    if (err == TS_ERR_NOT_FOUND && adding->lacks)
        err = error_set(adding->reterr, TS_ERR_CATALOGUE, "the %s link lacks %s",
                        adding->engine->name, adding->lacks);
    return err;
}

static ts_err look(struct adding *adding, struct catalogue_builder *builder)
{
    struct catalogue *catalogue;
    ts_err err = catalogue_builder_end(builder, &catalogue, adding->reterr);
    if (err)
        return err;
    if (catalogue->courses_count > 0)
        courses_look(adding->resolver, catalogue, adding->sink.notes);
    else
        (void)fprintf(adding->sink.notes,
                      "note: no date was looked at: the row is not whole\n");
    catalogue_free(catalogue);
    return TS_ERR_OK;
}

static ts_err add_and_look(struct adding *adding)
{
    struct catalogue_config config = { .on_row = take_row,
                                       .on_problem = take_problem,
                                       .ctx = adding };
    struct catalogue_builder *builder;
    ts_err err = catalogue_builder_new(&config, &builder);
    if (err)
        return error_set(adding->reterr, err, "no memory for the rows");
    err = add_rows(adding, builder);
    if (!err)
        write_notes(adding);
    if (!err && adding->resolver)
        err = look(adding, builder);
    catalogue_builder_free(builder);
    return err;
}

ts_err courses_add(const struct courses_add *add, FILE *out, FILE *notes, struct error *reterr)
{
    struct adding adding = { .add = add,
                             .sink = { .store = add->store, .out = out, .notes = notes },
                             .reterr = reterr };
    ts_err err = TS_ERR_OK;
    if (str_of(add->url).len > URL_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "the link is longer than %d bytes", URL_MAX);
    if (!recognise(&adding))
        return error_set(
            reterr, TS_ERR_CATALOGUE,
            "no booking link of a known engine: `teesheet engines` lists the hosts; "
            "a club's own site links to one of them");
    put_link(&adding);
    if (add->resolve)
        err = look_up(&adding);
    if (!err)
        err = add_and_look(&adding);
    resolver_free(adding.resolver);
    return err;
}
