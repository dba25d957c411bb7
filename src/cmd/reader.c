/* reader.c: opens a store for reading, and ends a command that did. */
#include "cmd/reader.h"

#include <stdio.h>

#include "base/clock.h"
#include "domain/exits.h"
#include "view/text.h"

#define URL_BYTES 4096

ts_err reader_open(const struct reader_options *options, bool store_from_argv,
                   struct store **ret_store, struct error *reterr)
{
    char url[URL_BYTES];
    struct store_config config = {
        .url = options->store, .schema = options->schema, .read_only = true, .stop_fd = -1
    };
    if (config.url && str_equal(str_of(config.url), STR("none")))
        return error_set(reterr, TS_ERR_USAGE,
                         "--store none keeps nothing that could be read: name a store");
    if (!config.url) {
        ts_err err = store_default_url(url, sizeof(url), reterr);
        if (err)
            return err;
        config.url = url;
    }
    return store_open(&config, store_from_argv, ret_store, reterr);
}

int64_t reader_now(const struct reader_options *options)
{
    return options->now ? options->now : clock_wall();
}

int reader_exit(const char *command, ts_err err, const struct error *error, int good)
{
    if (!err)
        return good;
    char storage[sizeof(error->text)];
    struct buf text = buf_over(storage, sizeof(storage));
    text_put_clean(&text, str_of(error->text)); /* it may quote names of the store */
    (void)fflush(stdout);
    (void)fprintf(stderr, "teesheet: %s: %s\n", command, storage);
    return err == TS_ERR_USAGE ? EXIT_USAGE : EXIT_NO_START;
}
