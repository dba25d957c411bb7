/* sqlite_tee_times.c: the tee times of one tee sheet: opened, reopened, updated, closed. */
#include <sqlite3.h>
#include <stdlib.h>

#include "base/day.h"
#include "store/sqlite/sqlite_write.h"

/* What the store knows of a tee time that was seen. */
struct known {
    bool found, closed, party_differs, price_differs, rest_differs;
};

static void bind_identity(struct bind *bind, const struct tee_time *tee_time)
{
    bind_i64(bind, tee_time->start_minute);
    bind_i64(bind, tee_time->holes);
    bind_i64(bind, tee_time->start_hole);
    bind_str(bind, str_of(tee_time->routing));
}

/* ?1..?15, as tee_time_get.sql and its kin number them. */
static struct bind bind_tee_time(struct sheet_write *write, const struct tee_time *tee_time,
                                 unsigned statement)
{
    const struct tee_sheet *sheet = write->sheet;
    struct bind bind = bind_sheet(write, statement);
    bind_identity(&bind, tee_time);
    bind_i64(&bind, zone_instant(sheet->zone, sheet->play_date, tee_time->start_minute));
    bind_i64(&bind, tee_time->party_sizes);
    bind_cents(&bind, tee_time->price_cents);
    bind_str(&bind, str_of(sheet->currency));
    bind_str(&bind, str_of(price_basis_name(tee_time->price_basis)));
    bind_cents(&bind, tee_time->cart_fee_cents);
    bind_str(&bind, str_of(tee_time->rate_name));
    bind_str(&bind, str_of(tee_time->engine_ref));
    bind_str(&bind, str_of(write->url));
    return bind;
}

static ts_err add_event(struct sheet_write *write, const struct tee_time *tee_time,
                        struct str event)
{
    struct bind bind = bind_sheet(write, SQLITE_EVENT_INSERT_SQL);
    bind_identity(&bind, tee_time);
    bind_i64(&bind, write->sheet->checked_at);
    bind_str(&bind, event);
    ts_err err = bind_done(&bind, write->store, write->reterr);
    if (!err)
        write->receipt->events++;
    return err;
}

static ts_err look_up(struct sheet_write *write, const struct tee_time *tee_time,
                      struct known *ret_known)
{
    struct bind bind = bind_tee_time(write, tee_time, SQLITE_TEE_TIME_GET_SQL);
    int result = bind.result == SQLITE_OK ? sqlite3_step(bind.statement) : bind.result;
    *ret_known = (struct known){ .found = result == SQLITE_ROW };
    if (result == SQLITE_ROW) {
        ret_known->closed = sqlite3_column_int(bind.statement, 0) != 0;
        ret_known->party_differs = sqlite3_column_int(bind.statement, 1) != 0;
        ret_known->price_differs = sqlite3_column_int(bind.statement, 2) != 0;
        ret_known->rest_differs = sqlite3_column_int(bind.statement, 3) != 0;
    }
    ts_err err = result == SQLITE_ROW || result == SQLITE_DONE
                     ? TS_ERR_OK
                     : sqlite_failure(write->store, result, write->reterr);
    (void)sqlite3_reset(bind.statement);
    return err;
}

static ts_err write_tee_time(struct sheet_write *write, const struct tee_time *tee_time,
                             unsigned statement)
{
    struct bind bind = bind_tee_time(write, tee_time, statement);
    bind_i64(&bind, write->sheet->checked_at);
    return bind_done(&bind, write->store, write->reterr);
}

static ts_err update(struct sheet_write *write, const struct tee_time *tee_time,
                     const struct known *known)
{
    ts_err err = write_tee_time(write, tee_time, SQLITE_TEE_TIME_UPDATE_SQL);
    if (!err && known->party_differs)
        err = add_event(write, tee_time, STR("players"));
    if (!err && known->price_differs)
        err = add_event(write, tee_time, STR("price"));
    write->receipt->updated++;
    return err;
}

/* A tee time that was not open in the store: new, or back again. */
static ts_err open_tee_time(struct sheet_write *write, const struct tee_time *tee_time,
                            bool reopen)
{
    ts_err err = write_tee_time(
        write, tee_time, reopen ? SQLITE_TEE_TIME_REOPEN_SQL : SQLITE_TEE_TIME_INSERT_SQL);
    if (err)
        return err;
    if (reopen)
        write->receipt->reopened++;
    else
        write->receipt->inserted++;
    return add_event(write, tee_time, reopen ? STR("reopened") : STR("opened"));
}

static void put_url(struct sheet_write *write, const struct tee_time *tee_time)
{
    struct buf url = buf_over(write->url, sizeof(write->url));
    tee_time_booking_url(tee_time, &url);
    if (url.overflow)
        buf_reset(&url); /* half a link leads nowhere */
}

static ts_err put_tee_time(struct sheet_write *write, const struct tee_time *tee_time)
{
    struct known known;
    put_url(write, tee_time);
    ts_err err = look_up(write, tee_time, &known);
    if (err)
        return err;
    if (!known.found || known.closed)
        return open_tee_time(write, tee_time, known.found);
    if (known.party_differs || known.price_differs || known.rest_differs)
        return update(write, tee_time, &known);
    write->receipt->unchanged++;
    return TS_ERR_OK;
}

static int compare_entries(const void *a, const void *b)
{
    return tee_time_compare(a, b);
}

static bool sheet_has(const struct tee_sheet *sheet, const struct tee_time *tee_time)
{
    return sheet->tee_times_count > 0 &&
           bsearch(tee_time, sheet->tee_times, sheet->tee_times_count, sizeof(*tee_time),
                   compare_entries) != NULL;
}

static ts_err close_tee_time(struct sheet_write *write, const struct tee_time *tee_time)
{
    struct bind bind = bind_sheet(write, SQLITE_TEE_TIME_CLOSE_SQL);
    bind_identity(&bind, tee_time);
    bind_i64(&bind, write->sheet->checked_at);
    ts_err err = bind_done(&bind, write->store, write->reterr);
    if (err)
        return err;
    write->receipt->closed++;
    return add_event(write, tee_time, STR("closed"));
}

/* Identity of a row of tee_times_open.sql; its routing is valid until the next step. */
static struct tee_time identity_of(struct sqlite3_stmt *row)
{
    return (struct tee_time){
        .start_minute = (uint16_t)sqlite3_column_int(row, 0),
        .holes = (uint8_t)sqlite3_column_int(row, 1),
        .start_hole = (uint8_t)sqlite3_column_int(row, 2),
        .routing = (const char *)sqlite3_column_text(row, 3),
    };
}

/* Walks the stored open tee times that start after the look; closes those that the sheet lacks
 * if `close`. A row closed under the cursor cannot come twice: its key stays. */
static ts_err walk_open(struct sheet_write *write, bool close, uint32_t *ret_open,
                        uint32_t *ret_missing)
{
    struct bind bind = bind_sheet(write, SQLITE_TEE_TIMES_OPEN_SQL);
    bind_i64(&bind, write->sheet->checked_at);
    ts_err err = TS_ERR_OK;
    uint32_t open = 0;
    uint32_t missing = 0;
    int result = bind.result == SQLITE_OK ? sqlite3_step(bind.statement) : bind.result;
    while (!err && result == SQLITE_ROW) {
        struct tee_time stored = identity_of(bind.statement);
        open++;
        if (!sheet_has(write->sheet, &stored)) {
            missing++;
            if (close)
                err = close_tee_time(write, &stored);
        }
        if (!err)
            result = sqlite3_step(bind.statement);
    }
    if (!err && result != SQLITE_DONE)
        err = sqlite_failure(write->store, result, write->reterr);
    (void)sqlite3_reset(bind.statement);
    *ret_open = open;
    *ret_missing = missing;
    return err;
}

ts_err tee_times_compare(struct sheet_write *write, uint32_t *ret_open_before,
                         uint32_t *ret_would_close)
{
    return walk_open(write, false, ret_open_before, ret_would_close);
}

ts_err tee_times_apply(struct sheet_write *write)
{
    uint32_t open;
    uint32_t missing;
    ts_err err = walk_open(write, true, &open, &missing);
    for (uint32_t i = 0; !err && i < write->sheet->tee_times_count; i++)
        err = put_tee_time(write, &write->sheet->tee_times[i]);
    return err;
}
