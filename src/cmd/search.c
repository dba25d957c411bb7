/* search.c: `teesheet search`, open tee times by what a player asks for. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/say.h"
#include "cmd/search_query.h"
#include "cmd/search_rows.h"
#include "cmd/search_why.h"
#include "domain/exits.h"

#define NOTE_BYTES 2000

struct search_run {
    struct store *store;
    struct search_query query;
    struct search_shape shape; /* of the whole result, without --limit */
    struct search_rows rows;
    uint64_t shown;
    uint64_t limit; /* 0: none */
};

/* The row's course if its date is asked for there. */
static const struct known_course *course_of(const struct search_run *run,
                                            const struct search_row *row)
{
    const struct known_course *course = known_find(&run->query.known, row->course_id);
    if (!course)
        return NULL; /* imported since we looked */
    struct date_range dates = search_query_dates(&run->query, course);
    return row->play_date >= dates.from && row->play_date <= dates.to ? course : NULL;
}

static bool note_row(void *ctx, const struct search_row *row)
{
    struct search_run *run = ctx;
    const struct known_course *course = course_of(run, row);
    if (course)
        search_shape_note(&run->shape, row, course);
    return true;
}

static bool show_row(void *ctx, const struct search_row *row)
{
    struct search_run *run = ctx;
    const struct known_course *course = course_of(run, row);
    if (!course)
        return true;
    search_rows_put(&run->rows, row, course);
    run->shown++;
    return run->limit == 0 || run->shown < run->limit;
}

/* A table's columns depend on the whole result: it is read before. */
static ts_err survey(struct search_run *run, struct error *reterr)
{
    uint64_t unused;
    run->shape = (struct search_shape){ 0 };
    return search(run->store, &run->query.filter, note_row, run, &unused, reterr);
}

static ts_err show(struct search_run *run, enum view_format format, struct error *reterr)
{
    struct search_filter filter = run->query.filter;
    filter.limit = run->query.same_dates ? (uint32_t)run->limit : 0;
    uint64_t unused;
    ts_err err = search_rows_init(&run->rows, format, &run->shape, filter.now, reterr);
    if (!err)
        err = search(run->store, &filter, show_row, run, &unused, reterr);
    if (!err)
        err = rows_finish(&run->rows.rows, reterr);
    rows_done(&run->rows.rows);
    return err;
}

/* "10 of 243 open tee times; the oldest look was 3 min ago". */
static void note_counts(const struct search_run *run)
{
    char storage[NOTE_BYTES];
    struct buf note = buf_over(storage, sizeof(storage));
    buf_put_count(&note, run->shown);
    if (run->shown < run->shape.count) {
        buf_puts(&note, " of ");
        buf_put_count(&note, run->shape.count);
    }
    buf_puts(&note, run->shape.count == 1 ? " open tee time" : " open tee times");
    buf_puts(&note, "; the oldest look was ");
    say_age(&note, run->query.filter.now - run->shape.oldest_look);
    (void)fprintf(stderr, "%s ago\n", storage);
}

/* How many there are without the filters that are neither dates nor courses. */
static ts_err note_why(struct search_run *run, struct error *reterr)
{
    char storage[NOTE_BYTES];
    struct buf note = buf_over(storage, sizeof(storage));
    struct search_filter *filter = &run->query.filter;
    filter->after = filter->before = -1;
    filter->players = filter->holes = 0;
    filter->max_price_cents = -1;
    filter->opened_since = 0;
    ts_err err = survey(run, reterr);
    if (!err)
        err = search_why_put(run->store, &run->query, run->shape.count, &note, reterr);
    if (!err)
        (void)fputs(storage, stderr);
    return err;
}

static ts_err note(struct search_run *run, const struct search_options *options,
                   struct error *reterr)
{
    if (options->quiet)
        return TS_ERR_OK;
    if (run->shown == 0)
        return note_why(run, reterr);
    if (options->reader.format == VIEW_TABLE)
        note_counts(run);
    return TS_ERR_OK;
}

static ts_err run_with_store(struct search_run *run, const struct search_options *options,
                             struct error *reterr)
{
    enum view_format format = (enum view_format)options->reader.format;
    run->limit = (uint64_t)options->limit;
    ts_err err = search_query_init(&run->query, run->store, options, reterr);
    if (!err && format == VIEW_TABLE)
        err = survey(run, reterr);
    if (!err)
        err = show(run, format, reterr);
    if (!err)
        err = note(run, options, reterr);
    search_query_done(&run->query);
    return err;
}

static int run_search(int argc, char **argv)
{
    static struct search_options options;
    static struct search_run run;
    bool from_argv[OPT_MAX];
    struct error error;
    opt_parse(&search_command, argc, argv, &options, NULL, from_argv);
    ts_err err = reader_open(&options.reader, from_argv[0], &run.store, &error);
    if (!err) {
        err = run_with_store(&run, &options, &error);
        store_close(run.store);
    }
    return cmd_exit("search", err, &error, run.shown > 0 ? EXIT_GOOD : EXIT_USAGE);
}

const struct command cmd_search = { &search_command, run_search };
