/*
 * store_postgres.h: what the files of store/postgres share: the store, its statements, its
 * parts.
 */
#ifndef TS_STORE_POSTGRES_STORE_POSTGRES_H
#define TS_STORE_POSTGRES_STORE_POSTGRES_H

#include "base/buf.h"
#include "store/postgres/connection.h"
#include "store/store.h"

/* The buffer in which statements' parameters and COPY rows are built; what does not fit goes in
 * several messages of the same transaction. libpq keeps a copy of one such message. */
#define PG_BUFFER_BYTES ((size_t)128 * 1024)
#define PG_SCHEMA_MAX   63
#define PG_PARAMS_MAX   24
#define PG_COLUMNS_MAX  32
/* Tee sheets of a batch that are provided for at the start. */
#define PG_SHEETS_USUAL 1000

/* statements.def, then private.def: the order of store_postgres_sql. */
enum pg_statement {
    PG_BEFORE_FIRST = STORE_STATEMENT_COUNT - 1,
#define STATEMENT(NAME, name, params) PG_##NAME,
#include "store/postgres/private.def"
#undef STATEMENT
    PG_STATEMENT_COUNT
};

/* What is done with a tee sheet's tee times. */
enum pg_path {
    PG_PATH_NONE,
    PG_PATH_NEW,     /* none stored: COPY */
    PG_PATH_CHANGED, /* compared with those that are */
};

/* What the store holds of one tee sheet of the batch, and what is to be done. */
struct pg_slot {
    bool looked, observed; /* was there a look, an observation before? */
    bool has_rows;         /* tee times are stored */
    int64_t checked_at, observed_at;
    uint64_t digest, held_digest;
    uint32_t open_before, would_close;
    unsigned writes; /* of the ledger: see upsert_ledger.sql */
    enum pg_path path;
};

struct pg_store {
    struct store store; /* first */
    struct pg_connection connection;
    char schema[PG_SCHEMA_MAX + 1];
    char *sql_text; /* owned: the statements with the schema's name in place */
    const char *sql[PG_STATEMENT_COUNT];
    char *buffer; /* owned: PG_BUFFER_BYTES */
    struct buf out;
    struct pg_slot *slots; /* owned: slots_max */
    uint32_t slots_max;
    char limits[3][24]; /* parameters of LIMITS */
};

/* schema.c */

/* Puts "schema" for each {schema}; out NULL: only counts. Returns the bytes, NUL included. */
size_t pg_schema_expand(const char *sql, const char *schema, char *out);
TS_MUST_USE ts_err pg_schema_check_name(const char *schema, struct error *reterr);
TS_MUST_USE ts_err pg_schema_migrate(struct pg_store *store, struct error *reterr);
/* For those who may not migrate: TS_ERR_NOT_FOUND or TS_ERR_SCHEMA unless it fits. */
TS_MUST_USE ts_err pg_schema_check(struct pg_store *store, struct error *reterr);

/* transaction.c */
TS_MUST_USE ts_err pg_begin(struct pg_store *store, struct error *reterr);
TS_MUST_USE ts_err pg_commit(struct pg_store *store, struct error *reterr);
void pg_rollback(struct pg_store *store);

/* upsert.c */
TS_MUST_USE ts_err pg_upsert(struct pg_store *store, const struct batch *batch, int64_t run_id,
                             struct store_receipt *ret_receipt, struct error *reterr);

#endif
