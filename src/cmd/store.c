/* store.c: `teesheet store`: is the store sound, and is its schema this program's? */
#include "store/store.h"

#include <stdio.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/reader.h"
#include "domain/exits.h"

static const struct opt store_opts[] = {
    READER_OPT_STORE,
    READER_OPT_SCHEMA,
};

static const char *const examples[] = {
    "teesheet store check --store sqlite:teesheet.db",
    "Reads it through: exit 0 if it is sound.",
    "DATABASE_URL=postgresql://db.example.org/golf teesheet store migrate",
    "Creates or upgrades the tables, so that sweeps can run with --no-migrate.", NULL
};

static const struct opt_command store_command = {
    .name = "store",
    .about = "check a store, or create and upgrade its tables",
    .text = "  check      opens it read-only, tells its schema version and what it\n"
            "             holds, and looks for damage\n"
            "  migrate    creates the tables, or upgrades older ones, in one\n"
            "             transaction; `teesheet collect` does the same unless told\n"
            "             --no-migrate\n",
    .arguments = "check|migrate",
    .opts = store_opts,
    .opts_count = TS_COUNT_OF(store_opts),
    .examples = examples,
    .exits = "0 done, and a checked store is sound\n1 wrong usage\n"
             "2 the store cannot be opened, read or migrated, or it is damaged\n",
};

static bool on_count(void *ctx, const struct str *columns, unsigned count)
{
    (void)ctx;
    (void)count;
    (void)printf("%10.*s %.*s\n", STR_ARGS(columns[1]), STR_ARGS(columns[0]));
    return true;
}

static bool on_problem(void *ctx, const struct str *columns, unsigned count)
{
    (void)count;
    uint64_t *problems = ctx;
    (*problems)++;
    (void)printf("problem: %.*s\n", STR_ARGS(columns[0]));
    return true;
}

static ts_err check(const struct reader_options *options, bool from_argv, struct error *reterr)
{
    struct store *store;
    ts_err err = reader_open(options, from_argv, &store, reterr);
    if (err)
        return err;
    uint64_t problems = 0;
    (void)printf("%s, schema version %d\n", store_name(store), STORE_SCHEMA_VERSION);
    err = store_run(store, STORE_COUNTS, NULL, 0, on_count, NULL, NULL, reterr);
    if (!err)
        err = store_run(store, STORE_CHECK, NULL, 0, on_problem, &problems, NULL, reterr);
    if (!err && problems > 0)
        err = error_set(reterr, TS_ERR_DATA, "%llu problem%s: restore %s from a backup",
                        (unsigned long long)problems, problems == 1 ? "" : "s",
                        store_name(store));
    store_close(store);
    if (!err)
        (void)puts("no problems");
    return err;
}

static ts_err migrate(const struct reader_options *options, bool from_argv,
                      struct error *reterr)
{
    char url[STORE_URL_BYTES];
    struct store_config config;
    struct store *store;
    ts_err err = store_options_read(&options->store, url, &config, reterr);
    if (!err)
        err = store_open(&config, from_argv, &store, reterr);
    if (err)
        return err;
    (void)printf("%s, schema version %d\n", store_name(store), STORE_SCHEMA_VERSION);
    store_close(store);
    return TS_ERR_OK;
}

static int run_store(int argc, char **argv)
{
    struct reader_options options; /* its format and now are not offered */
    struct opt_list arguments = { .count = 0 };
    bool from_argv[TS_COUNT_OF(store_opts)];
    struct error error;
    opt_parse(&store_command, argc, argv, &options, &arguments, from_argv);
    struct str action = arguments.count == 1 ? arguments.items[0] : STR("");
    ts_err err;
    if (str_equal(action, STR("check")))
        err = check(&options, from_argv[0], &error);
    else if (str_equal(action, STR("migrate")))
        err = migrate(&options, from_argv[0], &error);
    else
        err = error_set(&error, TS_ERR_USAGE, "say check or migrate");
    if (!err && fflush(stdout) != 0)
        err = error_set(&error, TS_ERR_IO, "cannot write to stdout");
    return cmd_exit("store", err, &error, EXIT_GOOD);
}

const struct command cmd_store = { &store_command, run_store };
