/*
 * reader.h: what the commands that read a store share: their options and opening it. Private to
 * cmd/.
 */
#ifndef TS_CMD_READER_H
#define TS_CMD_READER_H

#include "cmd/store_options.h"
#include "view/table.h"

/* Stands first in the options struct of such a command. */
struct reader_options {
    struct store_options store;
    int64_t now;
    int format; /* enum view_format */
};

/* Lines of an option table. READER_OPT_STORE stands first in it. */
#define READER_OPT_STORE                                                                       \
    STORE_OPTION_URL(offsetof(struct reader_options, store),                                   \
                     "where it is: sqlite:FILE or postgresql://HOST/DATABASE", "Store")
#define READER_OPT_SCHEMA STORE_OPTION_SCHEMA(offsetof(struct reader_options, store), NULL)
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

#endif
