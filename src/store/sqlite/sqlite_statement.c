/* sqlite_statement.c: prepared statements: made on first use, bound, stepped, reset. */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>

#include "store/sqlite/sqlite.h"

#define COLUMNS_MAX 32

static const unsigned params_of[STORE_STATEMENT_COUNT] = {
#define STATEMENT(NAME, name, params) params,
#include "store/statements.def"
#undef STATEMENT
};

struct sqlite3_stmt *sqlite_take(struct sqlite_store *store, unsigned statement,
                                 int *ret_result)
{
    assert(statement < SQLITE_STATEMENT_COUNT);
    *ret_result = SQLITE_OK;
    if (store->statements[statement])
        return store->statements[statement];
    *ret_result =
        sqlite3_prepare_v3(store->db, store_sqlite_sql[statement], -1,
                           SQLITE_PREPARE_PERSISTENT, &store->statements[statement], NULL);
    return store->statements[statement];
}

void sqlite_statements_done(struct sqlite_store *store)
{
    for (unsigned i = 0; i < SQLITE_STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

ts_err sqlite_step_done(struct sqlite_store *store, struct sqlite3_stmt *statement,
                        struct error *reterr)
{
    store->stopped = false;
    int result = sqlite3_step(statement);
    ts_err err = result == SQLITE_DONE ? TS_ERR_OK : sqlite_failure(store, result, reterr);
    (void)sqlite3_reset(statement);
    return err;
}

/* The same as sqlite_step_done for a statement without parameters. */
static ts_err do_once(struct sqlite_store *store, unsigned statement, struct error *reterr)
{
    int result;
    struct sqlite3_stmt *ready = sqlite_take(store, statement, &result);
    if (!ready)
        return sqlite_failure(store, result, reterr);
    return sqlite_step_done(store, ready, reterr);
}

/* Binds $1…$n, which SQLite knows by name; one that a statement does not use is passed over. */
static int bind_text(struct sqlite3_stmt *statement, const struct str *params,
                     unsigned params_count)
{
    for (unsigned i = 0; i < params_count; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "$%u", i + 1);
        int index = sqlite3_bind_parameter_index(statement, name);
        if (index == 0)
            continue;
        int result = params[i].ptr
                         ? sqlite3_bind_text64(statement, index, params[i].ptr, params[i].len,
                                               SQLITE_STATIC, SQLITE_UTF8)
                         : sqlite3_bind_null(statement, index);
        if (result != SQLITE_OK)
            return result;
    }
    return SQLITE_OK;
}

/* SQLITE_ROW: go on; SQLITE_DONE: nobody wants more; SQLITE_NOMEM: a value could not be turned
 * into text, which must not pass for NULL. */
static int deliver(struct sqlite3_stmt *statement, store_row_fn *on_row, void *ctx)
{
    struct str columns[COLUMNS_MAX];
    int count = sqlite3_column_count(statement);
    assert(count <= COLUMNS_MAX);
    for (int i = 0; i < count; i++) {
        bool is_null = sqlite3_column_type(statement, i) == SQLITE_NULL;
        const unsigned char *text = sqlite3_column_text(statement, i);
        if (!text && !is_null)
            return SQLITE_NOMEM;
        columns[i].ptr = (const char *)text;
        columns[i].len = text ? (size_t)sqlite3_column_bytes(statement, i) : 0;
    }
    return on_row(ctx, columns, (unsigned)count) ? SQLITE_ROW : SQLITE_DONE;
}

ts_err sqlite_run(struct store *base, enum store_statement statement, const struct str *params,
                  unsigned params_count, store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                  struct error *reterr)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    assert(params_count == params_of[statement]);
    int result;
    struct sqlite3_stmt *ready = sqlite_take(store, statement, &result);
    if (!ready)
        return sqlite_failure(store, result, reterr);
    assert(!sqlite3_stmt_busy(ready)); /* a row callback must not run its own statement */
    store->stopped = false;
    sqlite3_int64 before = sqlite3_total_changes64(store->db);
    result = bind_text(ready, params, params_count);
    if (result == SQLITE_OK)
        result = sqlite3_step(ready);
    while (result == SQLITE_ROW) {
        result = on_row ? deliver(ready, on_row, ctx) : SQLITE_ROW;
        if (result == SQLITE_ROW)
            result = sqlite3_step(ready);
    }
    ts_err err = result == SQLITE_DONE ? TS_ERR_OK : sqlite_failure(store, result, reterr);
    (void)sqlite3_reset(ready);
    (void)sqlite3_clear_bindings(ready);
    if (err == TS_ERR_OK && ret_changed)
        *ret_changed = (uint64_t)(sqlite3_total_changes64(store->db) - before);
    return err;
}

ts_err sqlite_begin(struct store *base, struct error *reterr)
{
    return do_once((struct sqlite_store *)base, SQLITE_BEGIN_SQL, reterr);
}

ts_err sqlite_commit(struct store *base, struct error *reterr)
{
    return do_once((struct sqlite_store *)base, SQLITE_COMMIT_SQL, reterr);
}

void sqlite_rollback(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    /* Some failures (a full disk) have rolled back already. */
    if (!sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
