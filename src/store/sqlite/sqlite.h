/*
 * sqlite.h: one connection to a SQLite file, its prepared statements, and how their failures
 * are told. Private to store/sqlite. One thread at a time.
 */
#ifndef TS_STORE_SQLITE_SQLITE_H
#define TS_STORE_SQLITE_SQLITE_H

#include "store/sql.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

enum sqlite_statement {
    SQLITE_SHARED_LAST = STORE_STATEMENT_COUNT - 1,
#define STATEMENT(NAME, name, params) SQLITE_##NAME##_SQL,
#include "store/sqlite/private.def"
#undef STATEMENT
    SQLITE_STATEMENT_COUNT
};

struct sqlite_store {
    struct store base;
    struct sqlite3 *db;
    struct sqlite3_stmt *statements[SQLITE_STATEMENT_COUNT]; /* prepared on first use */
    char path[4096];
    int stop_fd;           /* -1: none */
    int64_t patience_us;   /* longest wait for another writer */
    int64_t busy_since_us; /* of the wait that runs */
    bool stopped;          /* a wait was given up because of stop_fd */
};

/* The error of the connection's last call as ours, with path and what to do. */
ts_err sqlite_failure(struct sqlite_store *store, int result, struct error *reterr);

/* Waits for another writer's lock: SQLite's busy handler, ctx is the store. */
int sqlite_wait(void *ctx, int count);

/* The statement ready to be bound, or NULL (then sqlite_failure tells why; *ret_result). */
struct sqlite3_stmt *sqlite_take(struct sqlite_store *store, unsigned statement,
                                 int *ret_result);

/* Runs a bound statement that returns no rows, and resets it. */
TS_MUST_USE ts_err sqlite_step_done(struct sqlite_store *store, struct sqlite3_stmt *statement,
                                    struct error *reterr);

/* Finalizes all statements. */
void sqlite_statements_done(struct sqlite_store *store);

/* An integer PRAGMA ("PRAGMA user_version"). */
TS_MUST_USE ts_err sqlite_pragma(struct sqlite_store *store, const char *sql,
                                 int64_t *ret_value, struct error *reterr);

/* store_ops of the backend. */
ts_err sqlite_migrate(struct store *base, struct error *reterr);
ts_err sqlite_upsert(struct store *base, const struct batch *batch, int64_t run_id,
                     struct store_receipt *ret_receipt, struct error *reterr);
ts_err sqlite_run(struct store *base, enum store_statement statement, const struct str *params,
                  unsigned params_count, store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                  struct error *reterr);
ts_err sqlite_begin(struct store *base, struct error *reterr);
ts_err sqlite_commit(struct store *base, struct error *reterr);
void sqlite_rollback(struct store *base);

/* The schema the file has, against ours. TS_ERR_SCHEMA unless it fits (readers, no_migrate). */
TS_MUST_USE ts_err sqlite_check_schema(struct sqlite_store *store, struct error *reterr);

/* TS_ERR_SCHEMA if the file holds tables that are not ours. */
TS_MUST_USE ts_err sqlite_check_owner(struct sqlite_store *store, struct error *reterr);

#endif
