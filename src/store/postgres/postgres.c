/* postgres.c: the store on PostgreSQL: life cycle, named statements, table of operations. */
#include "store/postgres/postgres.h"

#include <assert.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/mem.h"
#include "store/postgres/failure.h"
#include "store/postgres/store_postgres.h"
#include "store/sql.h"

#define DEADLINE_DEFAULT_US ((int64_t)30 * 1000 * 1000)

static struct pg_store *pg_store_of(struct store *store)
{
    assert(store->ops == &store_postgres);
    return (struct pg_store *)(void *)store;
}

static const struct pg_store *pg_store_of_const(const struct store *store)
{
    assert(store->ops == &store_postgres);
    return (const struct pg_store *)(const void *)store;
}

/* All statements in one piece of memory, with the schema's name in them. */
static ts_err expand_statements(struct pg_store *store)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < PG_STATEMENT_COUNT; i++)
        bytes += pg_schema_expand(store_postgres_sql[i], store->schema, NULL);
    store->sql_text = mem_alloc(bytes, 1);
    if (!store->sql_text)
        return TS_ERR_NOMEM;
    char *at = store->sql_text;
    for (unsigned i = 0; i < PG_STATEMENT_COUNT; i++) {
        store->sql[i] = at;
        at += pg_schema_expand(store_postgres_sql[i], store->schema, at);
    }
    return TS_ERR_OK;
}

/* The server gives up a little before we do, so that the session survives. */
static void set_limits(struct pg_store *store)
{
    int64_t ms = store->connection.patience_us / 1000;
    const int64_t limits[] = { ms * 8 / 10, ms * 9 / 10, ms * 2 };
    for (size_t i = 0; i < TS_COUNT_OF(limits); i++) {
        struct buf text = buf_over(store->limits[i], sizeof(store->limits[i]));
        buf_put_i64(&text, limits[i] > 0 ? limits[i] : 1);
    }
}

static ts_err provide_memory(struct pg_store *store)
{
    store->buffer = mem_alloc(PG_BUFFER_BYTES, 1);
    store->slots = mem_alloc(PG_SHEETS_USUAL, sizeof(*store->slots));
    if (!store->buffer || !store->slots)
        return TS_ERR_NOMEM;
    store->slots_max = PG_SHEETS_USUAL;
    store->out = buf_over(store->buffer, PG_BUFFER_BYTES);
    return expand_statements(store);
}

static void pg_close(struct store *base)
{
    if (!base)
        return;
    struct pg_store *store = pg_store_of(base);
    pg_disconnect(&store->connection);
    mem_free(store->sql_text);
    mem_free(store->buffer);
    mem_free(store->slots);
    mem_free(store);
}

static ts_err configure(struct pg_store *store, const struct store_config *config,
                        struct error *reterr)
{
    const char *schema = config->schema ? config->schema : "teesheet";
    ts_err err = pg_schema_check_name(schema, reterr);
    if (err)
        return err;
    struct buf name = buf_over(store->schema, sizeof(store->schema));
    buf_puts(&name, schema);
    store->connection.stop_fd = config->stop_fd;
    store->connection.patience_us =
        config->deadline_us > 0 ? config->deadline_us : DEADLINE_DEFAULT_US;
    set_limits(store);
    err = pg_url_parse(&store->connection.url, config->url, reterr);
    struct buf label = buf_over(store->store.name, sizeof(store->store.name));
    buf_puts(&label, store->connection.url.name);
    return err;
}

static ts_err pg_open(const struct store_config *config, struct store **ret_store,
                      struct error *reterr)
{
    struct pg_store *store = mem_alloc(1, sizeof(*store));
    if (!store)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    store->store.ops = &store_postgres;
    ts_err err = configure(store, config, reterr);
    if (err)
        goto fail;
    err = provide_memory(store);
    if (err) {
        (void)error_set(reterr, err, "out of memory");
        goto fail;
    }
    err = pg_connect(&store->connection, reterr);
    if (!err && (config->read_only || config->no_migrate))
        err = pg_schema_check(store, reterr);
    if (err)
        goto fail;
    *ret_store = &store->store;
    return TS_ERR_OK;
fail:
    pg_close(&store->store);
    return err;
}

static ts_err pg_migrate_store(struct store *store, struct error *reterr)
{
    return pg_schema_migrate(pg_store_of(store), reterr);
}

static ts_err pg_upsert_batch(struct store *store, const struct batch *batch, int64_t run_id,
                              struct store_receipt *ret_receipt, struct error *reterr)
{
    return pg_upsert(pg_store_of(store), batch, run_id, ret_receipt, reterr);
}

/* Parameters as C strings, in the store's buffer. */
static ts_err encode_params(struct pg_store *store, const struct str *params, unsigned count,
                            const char **ret_values, struct error *reterr)
{
    buf_reset(&store->out);
    for (unsigned i = 0; i < count; i++) {
        ret_values[i] = params[i].ptr ? store->out.ptr + store->out.len : NULL;
        buf_put(&store->out, params[i]);
        buf_putc(&store->out, '\0');
    }
    if (store->out.overflow)
        return error_set(reterr, TS_ERR_DATA, "a value is too long for the store");
    return TS_ERR_OK;
}

struct row_target {
    store_row_fn *on_row; /* NULL: nobody wants rows (any more) */
    void *ctx;
    uint64_t changed;
};

static void give_rows(const PGresult *result, struct row_target *target)
{
    struct str columns[PG_COLUMNS_MAX];
    int count = PQnfields(result);
    assert(count <= PG_COLUMNS_MAX);
    for (int row = 0; row < PQntuples(result) && target->on_row; row++) {
        for (int i = 0; i < count; i++) {
            columns[i] =
                (struct str){ PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i) };
            if (PQgetisnull(result, row, i))
                columns[i] = (struct str){ NULL, 0 };
        }
        if (!target->on_row(target->ctx, columns, (unsigned)count))
            target->on_row = NULL;
    }
}

/* All results of a statement in single-row mode, to the end whatever happens. */
static ts_err read_results(struct pg_store *store, struct row_target *target,
                           struct error *reterr)
{
    ts_err first = TS_ERR_OK;
    while (store->connection.handle) {
        PGresult *result;
        ts_err err = pg_next(&store->connection, &result, first ? NULL : reterr);
        if (err)
            return first ? first : err;
        if (!result)
            break;
        err = pg_check(&store->connection, result, first ? NULL : reterr);
        if (!err) {
            give_rows(result, target);
            int64_t changed;
            if (str_to_i64(str_of(PQcmdTuples(result)), 0, INT64_MAX, &changed))
                target->changed = (uint64_t)changed;
        }
        first = first ? first : err;
        PQclear(result);
    }
    return first;
}

static ts_err pg_run(struct store *base, enum store_statement statement,
                     const struct str *params, unsigned params_count, store_row_fn *on_row,
                     void *ctx, uint64_t *ret_changed, struct error *reterr)
{
    static const unsigned expected[STORE_STATEMENT_COUNT] = {
#define STATEMENT(NAME, name, params) params,
#include "store/statements.def"
#undef STATEMENT
    };
    assert(params_count == expected[statement]);
    struct pg_store *store = pg_store_of(base);
    const char *values[PG_PARAMS_MAX];
    assert(params_count <= PG_PARAMS_MAX);
    ts_err err = encode_params(store, params, params_count, values, reterr);
    if (!err)
        err = pg_send(&store->connection, store->sql[statement], params_count, values, reterr);
    if (err)
        return err;
    /* Row by row: a long answer does not pile up in libpq. */
    (void)PQsetSingleRowMode(store->connection.handle);
    struct row_target target = { .on_row = on_row, .ctx = ctx };
    err = read_results(store, &target, reterr);
    if (!err && ret_changed)
        *ret_changed = target.changed;
    return err;
}

static ts_err pg_begin_store(struct store *store, struct error *reterr)
{
    return pg_begin(pg_store_of(store), reterr);
}

static ts_err pg_commit_store(struct store *store, struct error *reterr)
{
    return pg_commit(pg_store_of(store), reterr);
}

static void pg_rollback_store(struct store *store)
{
    pg_rollback(pg_store_of(store));
}

static ts_err pg_reconnect(struct store *store, struct error *reterr)
{
    return pg_connect(&pg_store_of(store)->connection, reterr);
}

bool store_postgres_unverified(const struct store *store)
{
    return store->ops == &store_postgres && pg_store_of_const(store)->connection.url.unverified;
}

const struct store_ops store_postgres = {
    .open = pg_open,
    .migrate = pg_migrate_store,
    .upsert = pg_upsert_batch,
    .run = pg_run,
    .begin = pg_begin_store,
    .commit = pg_commit_store,
    .rollback = pg_rollback_store,
    .reconnect = pg_reconnect,
    .close = pg_close,
};
