/* reader.c: opens a store for reading. */
#include "cmd/reader.h"

#include "base/clock.h"

ts_err reader_open(const struct reader_options *options, bool store_from_argv,
                   struct store **ret_store, struct error *reterr)
{
    char url[STORE_URL_BYTES];
    struct store_config config;
    ts_err err = store_options_read(&options->store, url, &config, reterr);
    if (err)
        return err;
    if (str_equal(str_of(config.url), STR("none")))
        return error_set(reterr, TS_ERR_USAGE,
                         "--store none keeps nothing that could be read: name a store");
    config.read_only = true;
    return store_open(&config, store_from_argv, ret_store, reterr);
}

int64_t reader_now(const struct reader_options *options)
{
    return options->now ? options->now : clock_wall();
}
