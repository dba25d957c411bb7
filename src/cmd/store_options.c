/* store_options.c: from --store and --schema to a store's configuration. */
#include "cmd/store_options.h"

ts_err store_options_read(const struct store_options *options, char storage[STORE_URL_BYTES],
                          struct store_config *ret_config, struct error *reterr)
{
    struct store_config config = { .url = options->url,
                                   .schema = options->schema,
                                   .stop_fd = -1 };
    if (!config.url) {
        ts_err err = store_default_url(storage, STORE_URL_BYTES, reterr);
        if (err)
            return err;
        config.url = storage;
    }
    *ret_config = config;
    return TS_ERR_OK;
}
