/* upsert.c: a batch as one transaction: look, decide, write. */
#include "store/postgres/upsert.h"

#include <assert.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/mem.h"

/* Bits of upsert_ledger.sql. */
#define WRITE_LOOK     1u
#define WRITE_OBSERVED 2u
#define WRITE_CHANGED  4u
#define WRITE_HELD     8u

bool pg_column_i64(const struct pg_result *result, int row, int column, int64_t *ret_value)
{
    return !PQgetisnull(result, row, column) &&
           str_to_i64(str_of(PQgetvalue(result, row, column)), INT64_MIN, INT64_MAX, ret_value);
}

static const char *statement_params(enum pg_statement statement, unsigned *ret_count)
{
    static const struct {
        const char *name;
        unsigned params;
    } statements[PG_STATEMENT_COUNT - STORE_STATEMENT_COUNT] = {
#define STATEMENT(NAME, name, params) { #name, params },
#include "store/postgres/private.def"
#undef STATEMENT
    };
    *ret_count = statements[statement - STORE_STATEMENT_COUNT].params;
    return statements[statement - STORE_STATEMENT_COUNT].name;
}

ts_err pg_upsert_send(struct pg_upsert *upsert, enum pg_statement statement, pg_encode *encode,
                      unsigned *ret_messages, struct error *reterr)
{
    struct pg_store *store = upsert->store;
    const char *params[PG_PARAMS_MAX];
    unsigned params_count;
    const char *name = statement_params(statement, &params_count);
    uint32_t total = upsert->batch->sheets_count;
    uint32_t step = total;
    unsigned messages = 0;
    for (uint32_t from = 0; from < total;) {
        uint32_t count = total - from < step ? total - from : step;
        buf_reset(&store->out);
        encode(upsert, from, from + count, params);
        if (store->out.overflow && count > 1) {
            step = count / 2;
            continue;
        }
        if (store->out.overflow)
            return error_set(reterr, TS_ERR_DATA, "tee sheet %lld/%d is too large for %s",
                             (long long)upsert->batch->sheets[from].course_id,
                             (int)upsert->batch->sheets[from].play_date, name);
        ts_err err =
            pg_send(&store->connection, store->sql[statement], params_count, params, reterr);
        /* libpq copied it; off with it before the next one comes on top. */
        if (!err && count < total)
            err = pg_flush(&store->connection, reterr);
        if (err)
            return err;
        messages++;
        from += count;
    }
    *ret_messages = messages;
    return TS_ERR_OK;
}

ts_err pg_upsert_sync(struct pg_upsert *upsert, ts_err err, struct error *reterr)
{
    if (!upsert->store->connection.handle)
        return err;
    ts_err sync = pg_pipeline_sync(&upsert->store->connection, err ? NULL : reterr);
    return err ? err : sync;
}

ts_err pg_upsert_leave(struct pg_upsert *upsert, ts_err err, struct error *reterr)
{
    if (!upsert->store->connection.handle)
        return err;
    ts_err leave = pg_pipeline_leave(&upsert->store->connection, err ? NULL : reterr);
    return err ? err : leave;
}

static ts_err read_rows(struct pg_upsert *upsert, const struct pg_result *result,
                        pg_row *on_row, struct error *reterr)
{
    ts_err err = pg_check(&upsert->store->connection, result, reterr);
    if (err || !on_row || PQresultStatus(result) != PGRES_TUPLES_OK)
        return err;
    int rows = PQntuples(result);
    for (int row = 0; row < rows && !err; row++)
        err = on_row(upsert, result, row, reterr);
    return err;
}

ts_err pg_upsert_read(struct pg_upsert *upsert, unsigned messages, pg_row *on_row,
                      struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    while (messages > 0 && !err) {
        PGresult *result;
        err = pg_next(&upsert->store->connection, &result, reterr);
        if (!err && result) {
            err = read_rows(upsert, result, on_row, reterr);
            PQclear(result);
        } else if (!err) {
            messages--;
        }
    }
    return err;
}

static void decide_observed(struct pg_upsert *upsert, const struct tee_sheet *sheet,
                            struct pg_slot *slot)
{
    struct store_receipt *receipt = upsert->receipt;
    if (slot->observed && slot->digest == sheet->digest) {
        slot->writes |= WRITE_OBSERVED;
        receipt->unchanged += sheet->tee_times_count;
        return;
    }
    int64_t observed_at = slot->observed ? slot->observed_at : 0;
    if (store_guard_holds(sheet, slot->open_before, slot->would_close, observed_at,
                          slot->held_digest)) {
        slot->writes |= WRITE_HELD;
        receipt->held[receipt->held_count++] =
            (struct store_held){ .course_index = sheet->course_index,
                                 .play_date = sheet->play_date,
                                 .open_before = slot->open_before,
                                 .would_close = slot->would_close };
        return;
    }
    slot->writes |= WRITE_OBSERVED | WRITE_CHANGED;
    slot->path = slot->has_rows ? PG_PATH_CHANGED : PG_PATH_NEW;
    receipt->tee_sheets_changed++;
}

/* For one tee sheet: an older look never overwrites a newer one. */
static void decide(struct pg_upsert *upsert, const struct tee_sheet *sheet,
                   struct pg_slot *slot)
{
    bool is_observed = outcome_is_observed(sheet->outcome);
    bool old_look = slot->looked && sheet->checked_at < slot->checked_at;
    bool old_observation =
        is_observed && slot->observed && sheet->checked_at < slot->observed_at;
    if (old_look || old_observation)
        upsert->receipt->tee_sheets_stale++;
    if (!old_look)
        slot->writes |= WRITE_LOOK;
    if (is_observed && !old_observation)
        decide_observed(upsert, sheet, slot);
}

/* Only the first batch can be larger than what the store provided for when it was opened. */
static ts_err provide_slots(struct pg_store *store, uint32_t count, struct error *reterr)
{
    if (count > store->slots_max) {
        struct pg_slot *slots = mem_grow(store->slots, count, sizeof(*slots));
        if (!slots)
            return error_set(reterr, TS_ERR_NOMEM, "out of memory");
        store->slots = slots;
        store->slots_max = count;
    }
    memset(store->slots, 0, count * sizeof(*store->slots));
    return TS_ERR_OK;
}

ts_err pg_upsert(struct pg_store *store, const struct batch *batch, int64_t run_id,
                 struct store_receipt *ret_receipt, struct error *reterr)
{
    struct store_receipt receipt = { .held = ret_receipt->held };
    struct pg_upsert upsert = {
        .store = store, .batch = batch, .run_id = run_id, .receipt = &receipt
    };
    ts_err err = provide_slots(store, batch->sheets_max, reterr);
    if (err)
        return err;
    assert(batch->sheets_count <= batch->sheets_max);
    err = pg_upsert_look(&upsert, reterr);
    if (!err) {
        for (uint32_t i = 0; i < batch->sheets_count; i++)
            decide(&upsert, &batch->sheets[i], &store->slots[i]);
        err = pg_upsert_write(&upsert, reterr);
    }
    if (err) {
        pg_rollback(store);
        return err;
    }
    receipt.tee_sheets = batch->sheets_count;
    *ret_receipt = receipt;
    return TS_ERR_OK;
}
