/* sqlite_schema.c: whose file it is, which schema it has, and its migrations. */
#include <sqlite3.h>
#include <stdio.h>

#include "store/sqlite/sqlite.h"

/* "TeeS": marks a file as ours in its header (PRAGMA application_id). */
#define APPLICATION_ID 0x54656553

ts_err sqlite_pragma(struct sqlite_store *store, const char *sql, int64_t *ret_value,
                     struct error *reterr)
{
    sqlite3_stmt *statement = NULL;
    store->stopped = false;
    int result = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    ts_err err = TS_ERR_OK;
    if (result == SQLITE_ROW)
        *ret_value = sqlite3_column_int64(statement, 0);
    else if (result != SQLITE_DONE)
        err = sqlite_failure(store, result, reterr);
    (void)sqlite3_finalize(statement);
    return err;
}

static ts_err execute(struct sqlite_store *store, const char *sql, struct error *reterr)
{
    int result = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? TS_ERR_OK : sqlite_failure(store, result, reterr);
}

ts_err sqlite_check_owner(struct sqlite_store *store, struct error *reterr)
{
    int64_t application = 0;
    int64_t tables = 0;
    /* In this order: whoever made tables of ours meanwhile has marked the file with them. */
    ts_err err = sqlite_pragma(store, "SELECT count(*) FROM sqlite_schema", &tables, reterr);
    if (err)
        return err;
    err = sqlite_pragma(store, "PRAGMA application_id", &application, reterr);
    if (err)
        return err;
    if (tables > 0 && application != APPLICATION_ID)
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s is a SQLite database of something else; it was left as it is",
                         store->path);
    return TS_ERR_OK;
}

/* A newer schema than ours is refused in any case. */
static ts_err version_of(struct sqlite_store *store, int64_t *ret_version, struct error *reterr)
{
    int64_t version = 0;
    ts_err err = sqlite_pragma(store, "PRAGMA user_version", &version, reterr);
    if (err)
        return err;
    if (version > STORE_SCHEMA_VERSION)
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s has schema %lld, newer than this program's %d: use a newer "
                         "teesheet, or another store",
                         store->path, (long long)version, STORE_SCHEMA_VERSION);
    *ret_version = version;
    return TS_ERR_OK;
}

ts_err sqlite_check_schema(struct sqlite_store *store, struct error *reterr)
{
    int64_t version = 0;
    ts_err err = version_of(store, &version, reterr);
    if (err || version == STORE_SCHEMA_VERSION)
        return err;
    return error_set(reterr, TS_ERR_SCHEMA,
                     "%s has schema %lld, this program needs %d: run `teesheet store migrate "
                     "--store sqlite:%s`",
                     store->path, (long long)version, STORE_SCHEMA_VERSION, store->path);
}

static ts_err apply(struct sqlite_store *store, const struct store_migration *migration,
                    struct error *reterr)
{
    ts_err err = execute(store, migration->sql, reterr);
    if (err) {
        if (reterr)
            (void)error_prefix(reterr, "migration %u (%s)", migration->number, migration->name);
        return err;
    }
    char stamp[96]; /* a PRAGMA takes no parameters; both values are our own numbers */
    (void)snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %u; PRAGMA application_id = %d",
                   migration->number, APPLICATION_ID);
    return execute(store, stamp, reterr);
}

static ts_err apply_missing(struct sqlite_store *store, struct error *reterr)
{
    /* Read anew under the lock: another process may just have migrated. */
    int64_t version = 0;
    ts_err err = version_of(store, &version, reterr);
    for (uint32_t i = 0; !err && i < store_sqlite_migrations_count; i++)
        if (store_sqlite_migrations[i].number > version)
            err = apply(store, &store_sqlite_migrations[i], reterr);
    return err;
}

ts_err sqlite_migrate(struct store *base, struct error *reterr)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    int64_t version = 0;
    ts_err err = version_of(store, &version, reterr);
    if (err || version == STORE_SCHEMA_VERSION)
        return err;
    err = sqlite_begin(base, reterr);
    if (err)
        return err;
    err = apply_missing(store, reterr);
    if (!err)
        err = sqlite_commit(base, reterr);
    if (err)
        sqlite_rollback(base);
    return err;
}
