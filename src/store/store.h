/*
 * store.h: where full batches go and readers look: one interface over SQLite and PostgreSQL.
 *
 * A store is used by one thread at a time; during a sweep that is the writer thread. Stores
 * return errors and never log. Backends implement `struct store_ops`: open, migrate, upsert,
 * and run of named statements, whose SQL lies in store/sqlite/NAME.sql and
 * store/postgres/NAME.sql. What is built on these (runs, leases, courses, search, status) is
 * shared code in store/NAME.c with its own header.
 */
#ifndef TS_STORE_STORE_H
#define TS_STORE_STORE_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "batch/batch.h"

#define STORE_SCHEMA_VERSION 4

struct store;

struct store_config {
    const char *url;     /* "sqlite:PATH", "postgresql://…" ("postgres://…"), "none" */
    const char *schema;  /* PostgreSQL schema; NULL: "teesheet" */
    bool read_only;      /* readers never create a store: TS_ERR_NOT_FOUND */
    bool no_migrate;     /* do not create or change tables: TS_ERR_SCHEMA if they do not fit */
    int stop_fd;         /* readable: give up waiting (TS_ERR_STOPPED); -1: none */
    int64_t deadline_us; /* longest wait for one answer of the database; 0: 30 s */
};

struct store_held {
    uint32_t course_index;
    int32_t play_date;
    uint32_t open_before, would_close;
};

/* What one upsert did. */
struct store_receipt {
    uint32_t tee_sheets;         /* committed */
    uint32_t tee_sheets_changed; /* whose tee times differed from the store's */
    uint32_t tee_sheets_stale;   /* older than what the store holds: not applied */
    uint32_t inserted, updated, closed, reopened, unchanged; /* tee times */
    uint32_t events;
    uint32_t held_count;     /* observations not applied: to be looked at once more */
    struct store_held *held; /* caller's array, of at least batch->sheets_max; set before */
};

enum store_statement {
#define STATEMENT(NAME, name, params) STORE_##NAME,
#include "store/statements.def"
#undef STATEMENT
    STORE_STATEMENT_COUNT
};

/* One row of a query as text; NULL columns are { NULL, 0 }. Views, valid during the callback.
 * Returning false ends it. */
typedef bool store_row_fn(void *ctx, const struct str *columns, unsigned count);

struct store_ops {
    ts_err (*open)(const struct store_config *config, struct store **ret_store,
                   struct error *reterr);
    /* Creates or upgrades the tables, transactional, under a lock. Refuses a schema newer than
     * the program (TS_ERR_SCHEMA). */
    ts_err (*migrate)(struct store *store, struct error *reterr);
    /* One transaction, all or nothing, idempotent. `batch` is sorted. run_id goes to the
     * ledger. */
    ts_err (*upsert)(struct store *store, const struct batch *batch, int64_t run_id,
                     struct store_receipt *ret_receipt, struct error *reterr);
    /* Runs a statement with text parameters (a NULL ptr is NULL). on_row may be NULL;
     * *ret_changed (may be NULL): rows changed. */
    ts_err (*run)(struct store *store, enum store_statement statement, const struct str *params,
                  unsigned params_count, store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                  struct error *reterr);
    /* A transaction around several runs. */
    ts_err (*begin)(struct store *store, struct error *reterr);
    ts_err (*commit)(struct store *store, struct error *reterr);
    void (*rollback)(struct store *store);
    /* After TS_ERR_CONNECTION: connects anew. TS_ERR_NO_SERVER: none answers. */
    ts_err (*reconnect)(struct store *store, struct error *reterr);
    void (*close)(struct store *store); /* accepts NULL */
};

/* First member of each backend's struct store. */
struct store {
    const struct store_ops *ops;
    char name[200]; /* for people: absolute path, or host/database without credentials */
};

extern const struct store_ops store_sqlite, store_postgres, store_none;

/* Opens by the URL's scheme, and migrates unless read_only or no_migrate. Errors say what to
 * do; credentials never show. TS_ERR_USAGE: unknown scheme, or a password on the command line
 * when `from_command_line`. */
TS_MUST_USE ts_err store_open(const struct store_config *config, bool from_command_line,
                              struct store **ret_store, struct error *reterr);
TS_MUST_USE ts_err store_upsert(struct store *store, const struct batch *batch, int64_t run_id,
                                struct store_receipt *ret_receipt, struct error *reterr);
TS_MUST_USE ts_err store_run(struct store *store, enum store_statement statement,
                             const struct str *params, unsigned params_count,
                             store_row_fn *on_row, void *ctx, uint64_t *ret_changed,
                             struct error *reterr);
TS_MUST_USE ts_err store_begin(struct store *store, struct error *reterr);
TS_MUST_USE ts_err store_commit(struct store *store, struct error *reterr);
void store_rollback(struct store *store);
TS_MUST_USE ts_err store_reconnect(struct store *store, struct error *reterr);
const char *store_name(const struct store *store);
void store_close(struct store *store); /* accepts NULL */

/* "sqlite:" + the user's data folder + "/teesheet/teesheet.db" ($XDG_DATA_HOME, else
 * ~/.local/share). */
TS_MUST_USE ts_err store_default_url(char *storage, size_t cap, struct error *reterr);

/* The guard, in one place for both backends: must this observation be held until a second look?
 * `open_before` counts stored open tee times that start after the look, `would_close` those of
 * them it lacks; last_observed_at 0: never; held_digest 0: none. */
bool store_guard_holds(const struct tee_sheet *sheet, uint32_t open_before,
                       uint32_t would_close, int64_t last_observed_at, uint64_t held_digest);
#endif
