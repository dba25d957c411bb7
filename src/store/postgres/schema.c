/* schema.c: our schema in somebody's database: made, recognised, upgraded, never adopted. */
#include <libpq-fe.h>
#include <string.h>

#include "base/mem.h"
#include "store/postgres/store_postgres.h"
#include "store/sql.h"

size_t pg_schema_expand(const char *sql, const char *schema, char *out)
{
    static const char placeholder[] = "{schema}";
    size_t name = strlen(schema);
    size_t len = 0;
    while (*sql) {
        bool here = strncmp(sql, placeholder, sizeof(placeholder) - 1) == 0;
        if (out && here) {
            out[len] = '"';
            memcpy(out + len + 1, schema, name);
            out[len + 1 + name] = '"';
        } else if (out) {
            out[len] = *sql;
        }
        len += here ? name + 2 : 1;
        sql += here ? sizeof(placeholder) - 1 : 1;
    }
    if (out)
        out[len] = '\0';
    return len + 1;
}

ts_err pg_schema_check_name(const char *schema, struct error *reterr)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char others[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t len = strlen(schema);
    if (len == 0 || len > PG_SCHEMA_MAX || !strchr(letters, schema[0]) ||
        strspn(schema, others) != len || strncmp(schema, "pg_", 3) == 0)
        return error_set(reterr, TS_ERR_CONFIG,
                         "schema \"%.60s\": letters, digits and _ only, 1 to %d, not pg_…",
                         schema, PG_SCHEMA_MAX);
    return TS_ERR_OK;
}

struct schema_state {
    bool exists, occupied, ours;
    int64_t version; /* 0: no migration yet */
};

static ts_err read_version(struct pg_store *store, int64_t *ret_version, struct error *reterr)
{
    PGresult *result;
    ts_err err =
        pg_query(&store->connection, store->sql[PG_SCHEMA_VERSION], 0, NULL, &result, reterr);
    if (err)
        return err;
    if (PQgetisnull(result, 0, 0) ||
        !str_to_i64(str_of(PQgetvalue(result, 0, 0)), 0, INT32_MAX, ret_version))
        *ret_version = 0;
    PQclear(result);
    return TS_ERR_OK;
}

static ts_err read_state(struct pg_store *store, struct schema_state *ret_state,
                         struct error *reterr)
{
    PGresult *result;
    const char *params[] = { store->schema };
    ts_err err =
        pg_query(&store->connection, store->sql[PG_SCHEMA_STATE], 1, params, &result, reterr);
    if (err)
        return err;
    *ret_state = (struct schema_state){
        .exists = PQgetvalue(result, 0, 0)[0] == 't',
        .occupied = PQgetvalue(result, 0, 1)[0] == 't',
        .ours = PQgetvalue(result, 0, 2)[0] == 't',
    };
    PQclear(result);
    return ret_state->ours ? read_version(store, &ret_state->version, reterr) : TS_ERR_OK;
}

static ts_err refuse_unfit(const struct pg_store *store, const struct schema_state *state,
                           struct error *reterr)
{
    if (state->occupied && !state->ours)
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s: schema \"%s\" holds objects that teesheet did not create; they "
                         "are left alone: choose another with --schema",
                         store->connection.url.name, store->schema);
    if (state->version > STORE_SCHEMA_VERSION)
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s: schema \"%s\" has version %d, this program knows %d: use a newer "
                         "teesheet",
                         store->connection.url.name, store->schema, (int)state->version,
                         STORE_SCHEMA_VERSION);
    return TS_ERR_OK;
}

static ts_err create_schema(struct pg_store *store, struct error *reterr)
{
    ts_err err =
        pg_query(&store->connection, store->sql[PG_SCHEMA_CREATE], 0, NULL, NULL, reterr);
    if (!err)
        err = pg_query(&store->connection, store->sql[PG_SCHEMA_REVOKE], 0, NULL, NULL, reterr);
    return err;
}

static ts_err apply(struct pg_store *store, const struct store_migration *migration,
                    struct error *reterr)
{
    char *sql = mem_alloc(pg_schema_expand(migration->sql, store->schema, NULL), 1);
    if (!sql)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    (void)pg_schema_expand(migration->sql, store->schema, sql);
    ts_err err = pg_script(&store->connection, sql, reterr);
    mem_free(sql);
    if (err)
        return err;
    char number[24];
    struct buf text = buf_over(number, sizeof(number));
    buf_put_u64(&text, migration->number);
    const char *params[] = { number };
    return pg_query(&store->connection, store->sql[PG_SCHEMA_STAMP], 1, params, NULL, reterr);
}

static ts_err migrate_locked(struct pg_store *store, struct error *reterr)
{
    const char *params[] = { store->schema };
    struct schema_state state = { .version = 0 };
    ts_err err =
        pg_query(&store->connection, store->sql[PG_SCHEMA_LOCK], 1, params, NULL, reterr);
    if (!err)
        err = read_state(store, &state, reterr);
    if (!err)
        err = refuse_unfit(store, &state, reterr);
    if (!err && !state.exists)
        err = create_schema(store, reterr);
    for (uint32_t i = 0; i < store_postgres_migrations_count && !err; i++) {
        if (store_postgres_migrations[i].number > state.version)
            err = apply(store, &store_postgres_migrations[i], reterr);
    }
    return err;
}

ts_err pg_schema_migrate(struct pg_store *store, struct error *reterr)
{
    /* Nothing to do is the usual case, and needs no rights but to read. */
    struct schema_state state = { .version = 0 };
    ts_err err = read_state(store, &state, reterr);
    if (!err)
        err = refuse_unfit(store, &state, reterr);
    if (err || state.version == STORE_SCHEMA_VERSION)
        return err;
    err = pg_begin(store, reterr);
    if (err)
        return err;
    err = migrate_locked(store, reterr);
    if (!err)
        return pg_commit(store, reterr);
    pg_rollback(store);
    return err;
}

ts_err pg_schema_check(struct pg_store *store, struct error *reterr)
{
    struct schema_state state = { .version = 0 };
    ts_err err = read_state(store, &state, reterr);
    if (!err)
        err = refuse_unfit(store, &state, reterr);
    if (err)
        return err;
    if (!state.version)
        return error_set(reterr, TS_ERR_NOT_FOUND,
                         "%s: no store in schema \"%s\"; `teesheet collect` or `teesheet store "
                         "migrate` creates it",
                         store->connection.url.name, store->schema);
    if (state.version < STORE_SCHEMA_VERSION)
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s: schema \"%s\" has version %d, this program needs %d: run "
                         "`teesheet store migrate`",
                         store->connection.url.name, store->schema, (int)state.version,
                         STORE_SCHEMA_VERSION);
    return TS_ERR_OK;
}
