/*
 * upsert.h: one batch on its way into the tables: what its steps share. Private to the upsert.
 *
 *     look:  keys | lock | guard   one round trip: what the store holds, locked
 *     decide                       per tee sheet, no I/O
 *     write: COPY… | ledger, changed tee times, COMMIT
 */
#ifndef TS_STORE_POSTGRES_UPSERT_H
#define TS_STORE_POSTGRES_UPSERT_H

#include "store/postgres/store_postgres.h"

struct pg_upsert {
    struct pg_store *store;
    const struct batch *batch;
    int64_t run_id;
    struct store_receipt *receipt; /* counted up on the way */
};

/* Puts the parameters for the tee sheets from..to-1 into the store's buffer. */
typedef void pg_encode(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                       const char **params);

/* Queues a statement for the whole batch, with as many tee sheets a message as fit. */
TS_MUST_USE ts_err pg_upsert_send(struct pg_upsert *upsert, enum pg_statement statement,
                                  pg_encode *encode, unsigned *ret_messages,
                                  struct error *reterr);

/* Ends what was queued, and later the pipeline, after a failure (`err`) too: the first failure
 * is returned. A lost session has nothing to end. */
TS_MUST_USE ts_err pg_upsert_sync(struct pg_upsert *upsert, ts_err err, struct error *reterr);
TS_MUST_USE ts_err pg_upsert_leave(struct pg_upsert *upsert, ts_err err, struct error *reterr);

/* Reads the results of that many messages; on_row may be NULL. */
typedef ts_err pg_row(struct pg_upsert *upsert, const struct pg_result *result, int row,
                      struct error *reterr);
TS_MUST_USE ts_err pg_upsert_read(struct pg_upsert *upsert, unsigned messages, pg_row *on_row,
                                  struct error *reterr);

/* A column of a result as a number; false if it is NULL. */
bool pg_column_i64(const struct pg_result *result, int row, int column, int64_t *ret_value);

/* look.c: begins the transaction, locks the ledger rows and fills the slots. */
TS_MUST_USE ts_err pg_upsert_look(struct pg_upsert *upsert, struct error *reterr);

/* write.c: writes what the slots say and commits. */
TS_MUST_USE ts_err pg_upsert_write(struct pg_upsert *upsert, struct error *reterr);

#endif
