/* store.c: picks a backend by the URL's scheme and hands calls on to it. */
#include "store/store.h"

#include <stdlib.h>

#include "base/buf.h"

static const struct {
    const char *prefix;
    const struct store_ops *ops;
} schemes[] = {
    { "sqlite:", &store_sqlite },
    { "postgresql:", &store_postgres },
    { "postgres:", &store_postgres },
};

static const struct store_ops *ops_of(struct str url)
{
    if (str_equal(url, STR("none")))
        return &store_none;
    for (size_t i = 0; i < TS_COUNT_OF(schemes); i++)
        if (str_has_prefix(url, str_of(schemes[i].prefix)))
            return schemes[i].ops;
    return NULL;
}

/* Everybody on the machine can read a command line. */
static bool holds_password(struct str url)
{
    struct str rest = url;
    struct str scheme;
    struct str authority;
    if (!str_split(&rest, ':', &scheme) || !str_has_prefix(rest, STR("//")))
        return false;
    rest = (struct str){ rest.ptr + 2, rest.len - 2 };
    if (str_contains_nocase(rest, STR("password=")))
        return true;
    const char *end = rest.len ? memchr(rest.ptr, '/', rest.len) : NULL;
    authority = (struct str){ rest.ptr, end ? (size_t)(end - rest.ptr) : rest.len };
    const char *at = authority.len ? memrchr(authority.ptr, '@', authority.len) : NULL;
    return at && memchr(authority.ptr, ':', (size_t)(at - authority.ptr)) != NULL;
}

ts_err store_open(const struct store_config *config, bool from_command_line,
                  struct store **ret_store, struct error *reterr)
{
    struct str url = str_of(config->url);
    const struct store_ops *ops = ops_of(url);
    if (!ops)
        return error_set(reterr, TS_ERR_USAGE,
                         "--store knows sqlite:PATH, postgresql://USER@HOST/DATABASE and none");
    if (from_command_line && ops == &store_postgres && holds_password(url))
        return error_set(reterr, TS_ERR_USAGE,
                         "--store must not hold a password, which others could read in the "
                         "process list: use the environment (DATABASE_URL, PGPASSWORD) or "
                         "~/.pgpass");
    struct store *store;
    ts_err err = ops->open(config, &store, reterr);
    if (err)
        return err;
    if (!config->read_only && !config->no_migrate)
        err = ops->migrate(store, reterr);
    if (err) {
        ops->close(store);
        return err;
    }
    *ret_store = store;
    return TS_ERR_OK;
}

ts_err store_upsert(struct store *store, const struct batch *batch, int64_t run_id,
                    struct store_receipt *ret_receipt, struct error *reterr)
{
    return store->ops->upsert(store, batch, run_id, ret_receipt, reterr);
}

ts_err store_run(struct store *store, enum store_statement statement, const struct str *params,
                 unsigned params_count, store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                 struct error *reterr)
{
    return store->ops->run(store, statement, params, params_count, on_row, ctx, ret_changed,
                           reterr);
}

ts_err store_begin(struct store *store, struct error *reterr)
{
    return store->ops->begin(store, reterr);
}

ts_err store_commit(struct store *store, struct error *reterr)
{
    return store->ops->commit(store, reterr);
}

void store_rollback(struct store *store)
{
    store->ops->rollback(store);
}

ts_err store_reconnect(struct store *store, struct error *reterr)
{
    return store->ops->reconnect(store, reterr);
}

const char *store_name(const struct store *store)
{
    return store->name;
}

void store_close(struct store *store)
{
    if (store)
        store->ops->close(store);
}

ts_err store_default_url(char *storage, size_t cap, struct error *reterr)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    struct buf url = buf_over(storage, cap);
    /* The XDG specification has relative paths ignored. */
    if (data && data[0] == '/')
        buf_printf(&url, "sqlite:%s/teesheet/teesheet.db", data);
    else if (home && home[0] == '/')
        buf_printf(&url, "sqlite:%s/.local/share/teesheet/teesheet.db", home);
    else
        return error_set(reterr, TS_ERR_CONFIG,
                         "neither XDG_DATA_HOME nor HOME is set: name a store, e.g. --store "
                         "sqlite:/var/lib/teesheet/teesheet.db");
    if (url.overflow)
        return error_set(reterr, TS_ERR_CONFIG, "the path of the data folder is too long");
    return TS_ERR_OK;
}
