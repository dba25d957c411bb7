/*
 * look.c: the first round trip of an upsert: what the store holds of the batch's tee sheets.
 *
 * Why overlapping sweeps cannot deadlock: a transaction first inserts the ledger rows that are
 * missing, in the order of (course, date), then locks all its rows in that order, and touches
 * tee times only with their ledger row locked. While it inserts it waits for rows that others
 * inserted, and since all insert in one order these waits form no circle. Once it has inserted,
 * each row of its batch is its own or committed; so while it locks it waits for others' locks
 * only, taken in the same order, whose holders do not insert any more. The keys go in before
 * anything is locked even where the batch needs several messages.
 *
 * Lock and guard are two statements because a statement sees the tables as they were when it
 * began: one that waited for a lock would compare with tee times that are out of date.
 */
#include <libpq-fe.h>

#include "store/postgres/columns.h"
#include "store/postgres/upsert.h"

#define LOOK_PARAM_FIRST 2

/* The five parameters of UPSERT_GUARD, of which the others take the first two or three. */
static void encode_look(struct pg_upsert *upsert, uint32_t from, uint32_t to,
                        const char **params)
{
    const struct tee_sheet *sheets = upsert->batch->sheets;
    struct buf *out = &upsert->store->out;
    struct encoder array;
    params[0] = encode_array_begin(&array, out);
    for (uint32_t i = from; i < to; i++)
        encode_i64(&array, sheets[i].course_id);
    encode_array_end(&array);
    params[1] = encode_array_begin(&array, out);
    for (uint32_t i = from; i < to; i++)
        encode_date(&array, sheets[i].play_date);
    encode_array_end(&array);
    params[LOOK_PARAM_FIRST] = out->ptr + out->len;
    buf_put_u64(out, from);
    buf_putc(out, '\0');
    params[3] = encode_array_begin(&array, out);
    for (uint32_t i = from; i < to; i++)
        encode_instant(&array, sheets[i].checked_at);
    encode_array_end(&array);
    params[4] = encode_array_begin(&array, out);
    for (uint32_t i = from; i < to; i++) {
        if (outcome_is_observed(sheets[i].outcome))
            encode_i64(&array, (int64_t)sheets[i].digest);
        else
            encode_null(&array);
    }
    encode_array_end(&array);
}

static ts_err unknown_rows(struct error *reterr)
{
    return error_set(reterr, TS_ERR_INTERNAL, "the database answers with unknown rows");
}

/* The slot that a row's first column names; NULL if there is none. */
static struct pg_slot *find_slot(struct pg_upsert *upsert, const struct pg_result *result,
                                 int row)
{
    int64_t index;
    if (!pg_column_i64(result, row, 0, &index) || index < 0 ||
        index >= upsert->batch->sheets_count)
        return NULL;
    return &upsert->store->slots[index];
}

/* A row of UPSERT_LOCK. */
static ts_err take_locked(struct pg_upsert *upsert, const struct pg_result *result, int row,
                          struct error *reterr)
{
    struct pg_slot *slot = find_slot(upsert, result, row);
    if (!slot)
        return unknown_rows(reterr);
    slot->looked = pg_column_i64(result, row, 1, &slot->checked_at);
    slot->observed = pg_column_i64(result, row, 2, &slot->observed_at);
    int64_t digest;
    if (pg_column_i64(result, row, 3, &digest))
        slot->digest = (uint64_t)digest;
    if (pg_column_i64(result, row, 4, &digest))
        slot->held_digest = (uint64_t)digest;
    return TS_ERR_OK;
}

/* "390 18 1 5 North" off the front of what UPSERT_GUARD ran together; the routing is counted,
 * because it may hold anything. */
static bool cut_identity(struct str *rest, struct tee_time *ret_tee_time,
                         struct str *ret_routing)
{
    int64_t numbers[4];
    for (unsigned i = 0; i < 4; i++) {
        struct str number;
        if (!str_split(rest, ' ', &number) || !str_to_i64(number, 0, INT32_MAX, &numbers[i]))
            return false;
    }
    if ((size_t)numbers[3] > rest->len)
        return false;
    *ret_tee_time = (struct tee_time){ .start_minute = (uint16_t)numbers[0],
                                       .holes = (uint8_t)numbers[1],
                                       .start_hole = (uint8_t)numbers[2] };
    *ret_routing = (struct str){ rest->ptr, (size_t)numbers[3] };
    rest->ptr += numbers[3];
    rest->len -= (size_t)numbers[3];
    return true;
}

static int compare_identity(const struct tee_time *seen, const struct tee_time *stored,
                            struct str routing)
{
    if (seen->start_minute != stored->start_minute)
        return seen->start_minute < stored->start_minute ? -1 : 1;
    if (seen->holes != stored->holes)
        return seen->holes < stored->holes ? -1 : 1;
    if (seen->start_hole != stored->start_hole)
        return seen->start_hole < stored->start_hole ? -1 : 1;
    return str_compare(str_of(seen->routing), routing);
}

/* Both sides are sorted by identity: one walk. False: not what UPSERT_GUARD writes. */
static bool count_missing(const struct tee_sheet *sheet, struct str open, struct pg_slot *slot)
{
    uint32_t at = 0;
    while (open.len) {
        struct tee_time stored;
        struct str routing;
        if (!cut_identity(&open, &stored, &routing))
            return false;
        while (at < sheet->tee_times_count &&
               compare_identity(&sheet->tee_times[at], &stored, routing) < 0)
            at++;
        slot->open_before++;
        if (at == sheet->tee_times_count ||
            compare_identity(&sheet->tee_times[at], &stored, routing) != 0)
            slot->would_close++;
    }
    return true;
}

/* A row of UPSERT_GUARD. */
static ts_err take_guard(struct pg_upsert *upsert, const struct pg_result *result, int row,
                         struct error *reterr)
{
    struct pg_slot *slot = find_slot(upsert, result, row);
    if (!slot)
        return unknown_rows(reterr);
    slot->has_rows = PQgetvalue(result, row, 1)[0] == '1';
    struct str open = { PQgetvalue(result, row, 2), (size_t)PQgetlength(result, row, 2) };
    const struct tee_sheet *sheet = &upsert->batch->sheets[slot - upsert->store->slots];
    if (!count_missing(sheet, open, slot))
        return unknown_rows(reterr);
    return TS_ERR_OK;
}

struct sent {
    unsigned keys, lock, guard;
};

static ts_err send_all(struct pg_upsert *upsert, struct sent *sent, struct error *reterr)
{
    struct pg_store *store = upsert->store;
    const char *limits[] = { store->limits[0], store->limits[1], store->limits[2] };
    ts_err err = pg_send(&store->connection, store->sql[PG_BEGIN], 0, NULL, reterr);
    if (!err)
        err = pg_send(&store->connection, store->sql[PG_LIMITS], 3, limits, reterr);
    if (!err)
        err = pg_upsert_send(upsert, PG_UPSERT_KEYS, encode_look, &sent->keys, reterr);
    if (!err)
        err = pg_upsert_send(upsert, PG_UPSERT_LOCK, encode_look, &sent->lock, reterr);
    if (!err)
        err = pg_upsert_send(upsert, PG_UPSERT_GUARD, encode_look, &sent->guard, reterr);
    return err;
}

ts_err pg_upsert_look(struct pg_upsert *upsert, struct error *reterr)
{
    struct sent sent = { .keys = 0 };
    ts_err err = pg_pipeline_enter(&upsert->store->connection, reterr);
    if (err)
        return err;
    err = send_all(upsert, &sent, reterr);
    err = pg_upsert_sync(upsert, err, reterr);
    if (!err)
        err = pg_upsert_read(upsert, 2 + sent.keys, NULL, reterr);
    if (!err)
        err = pg_upsert_read(upsert, sent.lock, take_locked, reterr);
    if (!err)
        err = pg_upsert_read(upsert, sent.guard, take_guard, reterr);
    return pg_upsert_leave(upsert, err, reterr);
}
