/*
 * pg_batch.h: tee sheets made up for tests of the PostgreSQL store, and raw SQL beside it.
 */
#ifndef TS_TESTS_SUPPORT_PG_BATCH_H
#define TS_TESTS_SUPPORT_PG_BATCH_H

#include "batch/batch.h"
#include "store/store.h"
#include "support/pg_server.h"

struct pg_batch {
    struct batch *batch;
    struct zone *zone;
    const char *detail;    /* of the next tee sheets; NULL: '' */
    const char *rate_name; /* of their tee times; NULL: a public one */
    struct store_held held[200];
    struct store_receipt receipt;
};

void pg_batch_init(struct pg_batch *made);
void pg_batch_done(struct pg_batch *made);

/* Adds a sealed tee sheet `open` with `count` tee times from 07:00 every 10 minutes. */
void pg_batch_put(struct pg_batch *made, int64_t course_id, int32_t play_date,
                  int64_t checked_at, unsigned count, int32_t price_cents);

/* Sorts, upserts, and empties the batch unless it failed. */
ts_err pg_batch_upsert(struct pg_batch *made, struct store *store, struct error *reterr);

/* Runs SQL as superuser in the database teesheet; asserts that it works. */
const char *pg_sql(const struct pg_server *server, const char *sql);

/* Opens (and migrates) the store at URL kind `kind` ("socket", "pooler") in a schema, with a
 * deadline; asserts that it works. */
struct store *pg_open_store(const struct pg_server *server, const char *kind,
                            const char *schema, int64_t deadline_us, int stop_fd);

#endif
