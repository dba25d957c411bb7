/*
 * reader.h: what the commands that read a store share: their options, opening it, their end.
 * Private to cmd/.
 */
#ifndef TS_CMD_READER_H
#define TS_CMD_READER_H

#include "base/opt.h"
#include "store/store.h"
#include "view/table.h"

/* Stands first in the options struct of such a command. */
struct reader_options {
    const char *store, *schema;
    int64_t now;
    int format; /* enum view_format */
};

/* Lines of an option table. READER_OPT_STORE stands first in it. */
#define READER_OPT_STORE                                                                       \
    {                                                                                          \
        .name = "store", .key = 's', .env_also = "DATABASE_URL", .value_name = "URL",          \
        .type = OPT_TEXT, .offset = offsetof(struct reader_options, store), .secret = true,    \
        .group = "Store",                                                                      \
        .help = "where it is: sqlite:FILE or postgresql://HOST/DATABASE (default: sqlite in "  \
                "the user's data folder)"                                                      \
    }
#define READER_OPT_SCHEMA                                                                      \
    {                                                                                          \
        .name = "schema", .value_name = "NAME", .type = OPT_TEXT,                              \
        .offset = offsetof(struct reader_options, schema), .default_text = "teesheet",         \
        .help = "PostgreSQL schema that holds the tables"                                      \
    }
#define READER_OPT_NOW                                                                         \
    {                                                                                          \
        .name = "now", .value_name = "INSTANT", .type = OPT_INSTANT,                           \
        .offset = offsetof(struct reader_options, now),                                        \
        .help = "what is past, today and old is seen from this instant, e.g. "                 \
                "2026-12-05T06:00:00Z (for tests and replays)"                                 \
    }
#define READER_OPT_FORMAT                                                                      \
    {                                                                                          \
        .name = "format", .value_name = "FORMAT", .type = OPT_CHOICE,                          \
        .offset = offsetof(struct reader_options, format), .choices = view_formats,            \
        .default_text = "table", .help = "columns for people, one JSON array, or CSV"          \
    }

/* Opens for reading; `store_from_argv`: --store came from the command line. */
TS_MUST_USE ts_err reader_open(const struct reader_options *options, bool store_from_argv,
                               struct store **ret_store, struct error *reterr);

/* What --now says, else the clock's. */
int64_t reader_now(const struct reader_options *options);

/* Says what went wrong, if anything did, and returns the exit code; `good` without an error. */
int reader_exit(const char *command, ts_err err, const struct error *error, int good);

#endif
