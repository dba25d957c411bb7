/* write.c: an upsert's second half: COPY of what is new, then ledger, changes and COMMIT. */
#include <libpq-fe.h>
#include <string.h>

#include "store/postgres/columns.h"
#include "store/postgres/upsert.h"

typedef void sheet_column(struct encoder *array, const struct tee_sheet *sheet,
                          const struct pg_slot *slot);

static void course_id(struct encoder *array, const struct tee_sheet *sheet,
                      const struct pg_slot *slot)
{
    (void)slot;
    encode_i64(array, sheet->course_id);
}

static void play_date(struct encoder *array, const struct tee_sheet *sheet,
                      const struct pg_slot *slot)
{
    (void)slot;
    encode_date(array, sheet->play_date);
}

static void checked_at(struct encoder *array, const struct tee_sheet *sheet,
                       const struct pg_slot *slot)
{
    (void)slot;
    encode_instant(array, sheet->checked_at);
}

static void digest(struct encoder *array, const struct tee_sheet *sheet,
                   const struct pg_slot *slot)
{
    (void)slot;
    encode_i64(array, (int64_t)sheet->digest);
}

static void writes(struct encoder *array, const struct tee_sheet *sheet,
                   const struct pg_slot *slot)
{
    (void)sheet;
    encode_i64(array, slot->writes);
}

static void outcome(struct encoder *array, const struct tee_sheet *sheet,
                    const struct pg_slot *slot)
{
    (void)slot;
    encode_text(array, outcome_name(sheet->outcome));
}

static void detail(struct encoder *array, const struct tee_sheet *sheet,
                   const struct pg_slot *slot)
{
    (void)slot;
    encode_text(array, sheet->detail);
}

static void http_status(struct encoder *array, const struct tee_sheet *sheet,
                        const struct pg_slot *slot)
{
    (void)slot;
    encode_i64(array, sheet->http_status);
}

static void attempts(struct encoder *array, const struct tee_sheet *sheet,
                     const struct pg_slot *slot)
{
    (void)slot;
    encode_i64(array, sheet->attempts);
}

static void tee_time_count(struct encoder *array, const struct tee_sheet *sheet,
                           const struct pg_slot *slot)
{
    (void)slot;
    encode_i64(array, sheet->tee_times_count);
}

static void currency(struct encoder *array, const struct tee_sheet *sheet,
                     const struct pg_slot *slot)
{
    (void)slot;
    encode_text(array, sheet->currency);
}

/* Parameters 1 to 10 of UPSERT_LEDGER; 11 is the run. */
static sheet_column *const ledger_columns[] = {
    course_id, play_date, checked_at,  digest,   writes,
    outcome,   detail,    http_status, attempts, tee_time_count,
};

static void encode_ledger(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                          const char **params)
{
    struct buf *out = &upsert->store->out;
    size_t columns = TS_COUNT_OF(ledger_columns);
    for (size_t column = 0; column < columns; column++) {
        struct encoder array;
        params[column] = encode_array_begin(&array, out);
        for (uint32_t i = from; i < to; i++)
            ledger_columns[column](&array, &upsert->batch->sheets[i], &upsert->store->slots[i]);
        encode_array_end(&array);
    }
    params[columns] = upsert->run_id ? out->ptr + out->len : NULL;
    buf_put_i64(out, upsert->run_id);
    buf_putc(out, '\0');
}

/* Parameters 1 to 4 of UPSERT_CHANGED; then the tee sheet's ordinal per tee time, then the tee
 * times' columns. */
static sheet_column *const changed_columns[] = { course_id, play_date, checked_at, currency };

static void encode_ordinals(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                            struct encoder *array)
{
    int64_t ordinal = 0;
    for (uint32_t i = from; i < to; i++) {
        if (upsert->store->slots[i].path != PG_PATH_CHANGED)
            continue;
        ordinal++;
        for (uint32_t t = 0; t < upsert->batch->sheets[i].tee_times_count; t++)
            encode_i64(array, ordinal);
    }
}

static void encode_tee_times(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                             tee_time_column *column, struct encoder *array)
{
    for (uint32_t i = from; i < to; i++) {
        const struct tee_sheet *sheet = &upsert->batch->sheets[i];
        if (upsert->store->slots[i].path != PG_PATH_CHANGED)
            continue;
        for (uint32_t t = 0; t < sheet->tee_times_count; t++)
            column(array, sheet, &sheet->tee_times[t]);
    }
}

static void encode_changed(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                           const char **params)
{
    struct buf *out = &upsert->store->out;
    struct encoder array;
    size_t at = 0;
    for (; at < TS_COUNT_OF(changed_columns); at++) {
        params[at] = encode_array_begin(&array, out);
        for (uint32_t i = from; i < to; i++) {
            if (upsert->store->slots[i].path == PG_PATH_CHANGED)
                changed_columns[at](&array, &upsert->batch->sheets[i],
                                    &upsert->store->slots[i]);
        }
        encode_array_end(&array);
    }
    params[at++] = encode_array_begin(&array, out);
    encode_ordinals(upsert, from, to, &array);
    encode_array_end(&array);
    for (size_t column = 0; column < TEE_TIME_COLUMNS; column++) {
        params[at++] = encode_array_begin(&array, out);
        encode_tee_times(upsert, from, to, tee_time_columns[column], &array);
        encode_array_end(&array);
    }
}

/* The row of counts of UPSERT_CHANGED. */
static ts_err take_counts(struct pg_upsert *upsert, const struct pg_result *result, int row,
                          struct error *reterr)
{
    struct store_receipt *receipt = upsert->receipt;
    uint32_t *const counts[] = { &receipt->inserted,  &receipt->reopened, &receipt->updated,
                                 &receipt->unchanged, &receipt->closed,   &receipt->events };
    for (size_t i = 0; i < TS_COUNT_OF(counts); i++) {
        int64_t count;
        if (!pg_column_i64(result, row, (int)i, &count) || count < 0)
            return error_set(reterr, TS_ERR_INTERNAL, "the database answers without counts");
        *counts[i] += (uint32_t)count;
    }
    return TS_ERR_OK;
}

typedef void copy_row(struct buf *out, const struct tee_sheet *sheet,
                      const struct tee_time *tee_time);

/* One row into the buffer; a full buffer is sent first. */
static ts_err copy_one(struct pg_store *store, const struct tee_sheet *sheet, uint32_t tee_time,
                       copy_row *put_row, struct error *reterr)
{
    struct buf *out = &store->out;
    size_t before = out->len;
    put_row(out, sheet, &sheet->tee_times[tee_time]);
    if (!out->overflow)
        return TS_ERR_OK;
    ts_err err = pg_copy_put(&store->connection, (struct str){ out->ptr, before }, reterr);
    if (err)
        return err;
    buf_reset(out);
    put_row(out, sheet, &sheet->tee_times[tee_time]);
    if (out->overflow)
        return error_set(reterr, TS_ERR_DATA, "a tee time of course %lld is too large",
                         (long long)sheet->course_id);
    return TS_ERR_OK;
}

static ts_err copy_rows(struct pg_upsert *upsert, copy_row *put_row, struct error *reterr)
{
    struct pg_store *store = upsert->store;
    buf_reset(&store->out);
    for (uint32_t i = 0; i < upsert->batch->sheets_count; i++) {
        const struct tee_sheet *sheet = &upsert->batch->sheets[i];
        if (store->slots[i].path != PG_PATH_NEW)
            continue;
        for (uint32_t t = 0; t < sheet->tee_times_count; t++) {
            ts_err err = copy_one(store, sheet, t, put_row, reterr);
            if (err)
                return err;
        }
    }
    return pg_copy_put(&store->connection, buf_view(&store->out), reterr);
}

static ts_err copy(struct pg_upsert *upsert, enum pg_statement statement, copy_row *put_row,
                   struct error *reterr)
{
    struct pg_connection *connection = &upsert->store->connection;
    ts_err err = pg_copy_begin(connection, upsert->store->sql[statement], reterr);
    if (err)
        return err;
    err = copy_rows(upsert, put_row, reterr);
    if (connection->handle) {
        ts_err end = pg_copy_end(connection, err ? NULL : reterr);
        err = err ? err : end;
    }
    return err;
}

/* New tee sheets, which have nothing to be compared with. */
static ts_err copy_new(struct pg_upsert *upsert, uint32_t rows, struct error *reterr)
{
    if (rows == 0)
        return TS_ERR_OK;
    ts_err err = copy(upsert, PG_COPY_TEE_TIMES, tee_time_row, reterr);
    if (!err)
        err = copy(upsert, PG_COPY_EVENTS, tee_time_opened_row, reterr);
    upsert->receipt->inserted += rows;
    upsert->receipt->events += rows;
    return err;
}

static ts_err send_rest(struct pg_upsert *upsert, bool some_changed, unsigned *ret_ledger,
                        unsigned *ret_changed, struct error *reterr)
{
    struct pg_store *store = upsert->store;
    ts_err err = pg_upsert_send(upsert, PG_UPSERT_LEDGER, encode_ledger, ret_ledger, reterr);
    if (!err && some_changed)
        err = pg_upsert_send(upsert, PG_UPSERT_CHANGED, encode_changed, ret_changed, reterr);
    if (!err)
        err = pg_send(&store->connection, "COMMIT", 0, NULL, reterr);
    return err;
}

static ts_err write_rest(struct pg_upsert *upsert, bool some_changed, struct error *reterr)
{
    unsigned ledger = 0;
    unsigned changed = 0;
    ts_err err = pg_pipeline_enter(&upsert->store->connection, reterr);
    if (err)
        return err;
    err = send_rest(upsert, some_changed, &ledger, &changed, reterr);
    err = pg_upsert_sync(upsert, err, reterr);
    if (!err)
        err = pg_upsert_read(upsert, ledger, NULL, reterr);
    if (!err)
        err = pg_upsert_read(upsert, changed, take_counts, reterr);
    if (!err)
        err = pg_upsert_read(upsert, 1, NULL, reterr);
    return pg_upsert_leave(upsert, err, reterr);
}

ts_err pg_upsert_write(struct pg_upsert *upsert, struct error *reterr)
{
    uint32_t new_rows = 0;
    bool some_changed = false;
    for (uint32_t i = 0; i < upsert->batch->sheets_count; i++) {
        if (upsert->store->slots[i].path == PG_PATH_NEW)
            new_rows += upsert->batch->sheets[i].tee_times_count;
        some_changed = some_changed || upsert->store->slots[i].path == PG_PATH_CHANGED;
    }
    ts_err err = copy_new(upsert, new_rows, reterr);
    return err ? err : write_rest(upsert, some_changed, reterr);
}
