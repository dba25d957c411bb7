/*
 * store_options.h: --store and --schema, as every command that has a store offers them. Private
 * to cmd/.
 */
#ifndef TS_CMD_STORE_OPTIONS_H
#define TS_CMD_STORE_OPTIONS_H

#include "base/opt.h"
#include "store/store.h"

#define STORE_URL_BYTES 4096

/* A member of the command's options struct. */
struct store_options {
    const char *url; /* NULL: the default */
    const char *schema;
};

/* Lines of an option table: `at` is the member's offset, `place` says what the store is for,
 * `heading` may be NULL. */
#define STORE_OPTION_URL(at, place, heading)                                                   \
    {                                                                                          \
        .name = "store", .key = 's', .env_also = "DATABASE_URL", .value_name = "URL",          \
        .type = OPT_TEXT, .offset = (at) + offsetof(struct store_options, url),                \
        .secret = true, .group = (heading),                                                    \
        .help = place " (default: sqlite in the user's data folder)"                           \
    }
#define STORE_OPTION_SCHEMA(at, heading)                                                       \
    {                                                                                          \
        .name = "schema", .value_name = "NAME", .type = OPT_TEXT,                              \
        .offset = (at) + offsetof(struct store_options, schema), .group = (heading),           \
        .default_text = "teesheet", .help = "PostgreSQL schema that holds the tables"          \
    }

/* `place` for commands that write. */
#define STORE_OPTION_TARGET                                                                    \
    "where it goes: sqlite:FILE, postgresql://HOST/DATABASE, or none to discard"

/* What store_open takes, all else zero. `storage` holds the default URL for as long as the
 * configuration is used. */
TS_MUST_USE ts_err store_options_read(const struct store_options *options,
                                      char storage[STORE_URL_BYTES],
                                      struct store_config *ret_config, struct error *reterr);

#endif
