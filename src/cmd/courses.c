/* courses.c: `teesheet courses`: a catalogue is checked, imported, listed and exported. */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/courses_add.h"
#include "cmd/courses_list.h"
#include "cmd/store_options.h"
#include "domain/exits.h"
#include "host/import.h"

#define TEXT_BYTES 400

struct courses_request {
    struct store_options store;
    const char *name, *timezone, *country;
    struct opt_list regions, engines, engine_urls;
    const char *user_agent;
    int64_t now;
    int format;
    bool strict, resolve;
    struct opt_list arguments; /* the action and its file or link */
    char file[4096];
    bool store_from_argv;
};

#define AT(member) .offset = offsetof(struct courses_request, member)

/* Place of --store below. */
#define STORE_OPTION 0

static const struct opt courses_opts[] = {
    STORE_OPTION_URL(offsetof(struct courses_request, store),
                     "where the catalogue is kept: sqlite:FILE or postgresql://HOST/DATABASE",
                     NULL),
    STORE_OPTION_SCHEMA(offsetof(struct courses_request, store), NULL),
    { .name = "strict",
      .type = OPT_FLAG,
      AT(strict),
      .help = "import: refuse a file with a faulty row" },
    { .name = "region",
      .env_also = "REGION_ID",
      .value_name = "R[,R...]",
      .type = OPT_LIST,
      AT(regions),
      .help = "list: only these regions (the catalogue's region or region_id)" },
    { .name = "engine",
      .value_name = "E[,E...]",
      .type = OPT_LIST,
      AT(engines),
      .help = "list: only courses of these booking engines" },
    { .name = "format",
      .value_name = "FORMAT",
      .type = OPT_CHOICE,
      AT(format),
      .choices = view_formats,
      .default_text = "table",
      .help = "list: table, json or csv" },
    { .name = "name",
      .value_name = "NAME",
      .type = OPT_TEXT,
      AT(name),
      .help = "add: what the course is called" },
    { .name = "timezone",
      .value_name = "ZONE",
      .type = OPT_TEXT,
      AT(timezone),
      .help = "add: where it lies, as America/Denver; no link tells that" },
    { .name = "country",
      .value_name = "CC",
      .type = OPT_TEXT,
      AT(country),
      .help = "add: two letters as US, for the currency" },
    { .name = "resolve",
      .type = OPT_FLAG,
      AT(resolve),
      .help = "add: ask the engine for what the link lacks, with at most three look-ups, then "
              "look at a weekday and a day of a weekend" },
    { .name = "user-agent",
      .value_name = "TEXT",
      .type = OPT_TEXT,
      AT(user_agent),
      .help = "add --resolve: added to the User-Agent: how you can be reached" },
    { .name = "engine-url",
      .value_name = "ENGINE=URL",
      .type = OPT_LIST,
      AT(engine_urls),
      .help =
          "add --resolve: send the engine's requests to another origin; {host} in it stands "
          "for the original host" },
    { .name = "now",
      .value_name = "INSTANT",
      .type = OPT_INSTANT,
      AT(now),
      .help = "add --resolve: let the program's clock start at this instant (for tests)" },
};

static const char *const examples[] = {
    "teesheet courses check courses.csv",
    "Names every fault of a catalogue with its line and column.",
    "teesheet courses export > courses.csv",
    "Writes the store's catalogue in the form that check, import and collect read.",
    "teesheet courses add 'https://oak.book.teeitup.com/?course=123' --timezone America/Denver",
    "Prints the catalogue row of a booking link; with --store it goes into that store.",
    "teesheet courses add https://oak.book.teeitup.com/ --country US --resolve",
    "Asks the engine for the club's courses, prints a row for each, and says what it saw of "
    "two dates.",
    NULL,
};

static const struct opt_command courses_command = {
    .name = "courses",
    .about = "check, import, list, export or add to a catalogue of courses",
    .text = "  check FILE    names each problem as FILE:LINE: COLUMN: REASON, then\n"
            "                counts rows\n"
            "  import FILE   puts the catalogue into the store; courses that it\n"
            "                lacks become inactive\n"
            "  list          shows the store's courses\n"
            "  export        writes all of them as CSV, to be imported again\n"
            "  add LINK      writes the CSV row of a course's booking link, or says\n"
            "                what the link lacks; asks no host. With --store given,\n"
            "                adds it there; other courses stay. With --resolve the\n"
            "                engine is asked, politely and once, for what the link\n"
            "                lacks (zone, booking window, names, the club's other\n"
            "                courses); a refusal is said and nothing more is asked\n\n"
            "FILE is CSV with a header row, or JSON Lines if its name ends in .jsonl or "
            ".ndjson; teesheet-catalogue(5) has its columns. A faulty row is left out and "
            "reported; the others are imported.\n",
    .arguments = "check|import|list|export|add [FILE|LINK]",
    .opts = courses_opts,
    .opts_count = TS_COUNT_OF(courses_opts),
    .examples = examples,
    .exits = "0 done, and a checked file has no problems\n1 wrong usage\n"
             "2 a checked file has problems, the link gives no row, the engine refuses, or the "
             "file or the store cannot be used\n",
};

/* "1,939 rows: 136 ok, 2 misconfigured, …; 3 problems". */
static void print_counts(const struct catalogue *catalogue)
{
    char storage[TEXT_BYTES];
    struct buf out = buf_over(storage, sizeof(storage));
    uint64_t rows = 0;
    for (int i = 0; i < ROW_STATE_COUNT; i++)
        rows += catalogue->rows[i];
    buf_put_count(&out, rows);
    buf_puts(&out, rows == 1 ? " row: " : " rows: ");
    buf_put_count(&out, catalogue->rows[ROW_OK]);
    buf_puts(&out, " ok");
    for (int i = ROW_OK + 1; i < ROW_STATE_COUNT; i++) {
        if (catalogue->rows[i] == 0)
            continue;
        buf_puts(&out, ", ");
        buf_put_count(&out, catalogue->rows[i]);
        buf_printf(&out, " %s", row_state_name((enum row_state)i));
    }
    buf_puts(&out, "; ");
    buf_put_count(&out, catalogue->problems);
    buf_puts(&out, catalogue->problems == 1 ? " problem" : " problems");
    (void)printf("%s\n", storage);
}

static void print_problem(void *ctx, const struct catalogue_problem *problem)
{
    (void)ctx;
    (void)printf("%s:%u: %s: %s\n", problem->file, problem->line, problem->column,
                 problem->reason);
}

static ts_err check(struct courses_request *request, int *ret_exit, struct error *reterr)
{
    struct catalogue_config config = { .path = request->file, .on_problem = print_problem };
    struct catalogue *catalogue;
    ts_err err = catalogue_load(&config, &catalogue, reterr);
    if (err)
        return err;
    print_counts(catalogue);
    *ret_exit = catalogue->problems > 0 ? EXIT_NO_START : EXIT_GOOD;
    catalogue_free(catalogue);
    return TS_ERR_OK;
}

static ts_err open_store(struct courses_request *request, bool read_only,
                         struct store **ret_store, struct error *reterr)
{
    char url[STORE_URL_BYTES];
    struct store_config config;
    ts_err err = store_options_read(&request->store, url, &config, reterr);
    config.read_only = read_only;
    return err ? err : store_open(&config, request->store_from_argv, ret_store, reterr);
}

static ts_err import(struct courses_request *request, int *ret_exit, struct error *reterr)
{
    struct store *store;
    struct catalogue *catalogue;
    ts_err err = open_store(request, false, &store, reterr);
    if (err)
        return err;
    struct import_config config = { .catalogue = { .path = request->file },
                                    .store = store,
                                    .strict = request->strict };
    err = import_catalogue(&config, &catalogue, reterr);
    if (!err) {
        print_counts(catalogue);
        (void)printf("imported into %s\n", store_name(store));
        catalogue_free(catalogue);
    }
    store_close(store);
    *ret_exit = EXIT_GOOD;
    return err;
}

static ts_err write_courses(struct courses_request *request, bool all, enum view_format format,
                            struct error *reterr)
{
    static const struct opt_list none = { .count = 0 };
    struct courses_filter filter = {
        .regions = all ? &none : &request->regions,
        .engines = all ? &none : &request->engines,
    };
    struct store *store;
    ts_err err = open_store(request, true, &store, reterr);
    if (err)
        return err;
    err = courses_write(store, &filter, format, stdout, reterr);
    store_close(store);
    return err;
}

static ts_err list(struct courses_request *request, int *ret_exit, struct error *reterr)
{
    *ret_exit = EXIT_GOOD;
    return write_courses(request, false, (enum view_format)request->format, reterr);
}

static ts_err export(struct courses_request *request, int *ret_exit, struct error *reterr)
{
    *ret_exit = EXIT_GOOD;
    return write_courses(request, true, VIEW_CSV, reterr);
}

static ts_err add_row(struct courses_request *request, const struct asking *asking,
                      struct error *reterr)
{
    struct courses_add config = { .url = request->file,
                                  .name = request->name,
                                  .timezone = request->timezone,
                                  .country = request->country,
                                  .resolve = request->resolve ? asking : NULL };
    ts_err err = TS_ERR_OK;
    if (request->store_from_argv)
        err = open_store(request, false, &config.store, reterr);
    if (!err)
        err = courses_add(&config, stdout, stderr, reterr);
    store_close(config.store);
    return err;
}

static ts_err add(struct courses_request *request, int *ret_exit, struct error *reterr)
{
    struct asking asking = { .owned_count = 0 };
    if (request->now)
        clock_set_wall(request->now);
    ts_err err = TS_ERR_OK;
    if (request->resolve)
        err = asking_read(&asking, &request->engine_urls, request->user_agent, reterr);
    if (!err)
        err = add_row(request, &asking, reterr);
    asking_done(&asking);
    *ret_exit = EXIT_GOOD;
    return err;
}

static const struct action {
    const char *name;
    const char *takes; /* its argument; NULL: none */
    ts_err (*run)(struct courses_request *request, int *ret_exit, struct error *reterr);
} actions[] = {
    { "check", "one file", check }, { "import", "one file", import }, { "list", NULL, list },
    { "export", NULL, export },     { "add", "one link", add },
};

static ts_err find_action(struct courses_request *request, const struct action **ret_action,
                          struct error *reterr)
{
    const struct opt_list *arguments = &request->arguments;
    struct buf file = buf_over(request->file, sizeof(request->file));
    for (size_t i = 0; arguments->count > 0 && i < TS_COUNT_OF(actions); i++) {
        if (!str_equal(arguments->items[0], str_of(actions[i].name)))
            continue;
        if (arguments->count != (actions[i].takes ? 2u : 1u))
            return error_set(reterr, TS_ERR_USAGE, "%s takes %s", actions[i].name,
                             actions[i].takes ? actions[i].takes : "no further argument");
        if (actions[i].takes)
            buf_put(&file, arguments->items[1]);
        if (file.overflow)
            return error_set(reterr, TS_ERR_USAGE, "the %s is too long",
                             str_equal(arguments->items[0], STR("add")) ? "link"
                                                                        : "file's name");
        *ret_action = &actions[i];
        return TS_ERR_OK;
    }
    return error_set(
        reterr, TS_ERR_USAGE,
        "say check FILE, import FILE, list, export or add LINK; `teesheet help courses` "
        "explains them");
}

static int run_courses(int argc, char **argv)
{
    static struct courses_request request;
    bool from_argv[TS_COUNT_OF(courses_opts)];
    const struct action *action = NULL;
    struct error error;
    int exit_code = EXIT_GOOD;
    opt_parse(&courses_command, argc, argv, &request, &request.arguments, from_argv);
    request.store_from_argv = from_argv[STORE_OPTION];
    log_setup(LOG_TEXT, LOG_INFO);
    ts_err err = find_action(&request, &action, &error);
    if (!err)
        err = action->run(&request, &exit_code, &error);
    if (!err && fflush(stdout) != 0)
        err = error_set(&error, TS_ERR_IO, "cannot write to stdout");
    return cmd_exit("courses", err, &error, exit_code);
}

const struct command cmd_courses = { &courses_command, run_courses };
