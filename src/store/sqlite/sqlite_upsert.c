/* sqlite_upsert.c: one batch, one transaction: the ledger first, then what changed. */
#include <sqlite3.h>

#include "base/buf.h"
#include "base/day.h"
#include "store/sqlite/sqlite_write.h"

/* What the ledger holds of a tee sheet. */
struct ledger {
    bool found, observed, has_digest;
    int64_t checked_at, observed_at;
    uint64_t digest, held_digest; /* held 0: none */
};

static ts_err ledger_get(struct sheet_write *write, struct ledger *ret_ledger)
{
    struct bind bind = bind_sheet(write, SQLITE_LEDGER_GET_SQL);
    int result = bind.result == SQLITE_OK ? sqlite3_step(bind.statement) : bind.result;
    *ret_ledger = (struct ledger){ .found = result == SQLITE_ROW };
    if (result == SQLITE_ROW) {
        ret_ledger->checked_at = sqlite3_column_int64(bind.statement, 0);
        ret_ledger->observed = sqlite3_column_type(bind.statement, 1) != SQLITE_NULL;
        ret_ledger->observed_at = sqlite3_column_int64(bind.statement, 1);
        ret_ledger->has_digest = sqlite3_column_type(bind.statement, 2) != SQLITE_NULL;
        ret_ledger->digest = (uint64_t)sqlite3_column_int64(bind.statement, 2);
        ret_ledger->held_digest = (uint64_t)sqlite3_column_int64(bind.statement, 3);
    }
    ts_err err = result == SQLITE_ROW || result == SQLITE_DONE
                     ? TS_ERR_OK
                     : sqlite_failure(write->store, result, write->reterr);
    (void)sqlite3_reset(bind.statement);
    return err;
}

static ts_err ledger_look(struct sheet_write *write)
{
    const struct tee_sheet *sheet = write->sheet;
    struct bind bind = bind_sheet(write, SQLITE_LEDGER_LOOK_SQL);
    bind_str(&bind, str_of(outcome_name(sheet->outcome)));
    bind_str(&bind, str_of(sheet->detail));
    bind_i64(&bind, sheet->http_status);
    bind_i64(&bind, sheet->attempts);
    bind_i64(&bind, sheet->checked_at);
    return bind_done(&bind, write->store, write->reterr);
}

static ts_err ledger_observe(struct sheet_write *write, int64_t run_id)
{
    const struct tee_sheet *sheet = write->sheet;
    struct bind bind = bind_sheet(write, SQLITE_LEDGER_OBSERVE_SQL);
    bind_str(&bind, str_of(outcome_name(sheet->outcome)));
    bind_i64(&bind, sheet->checked_at);
    bind_i64(&bind, sheet->tee_times_count);
    bind_i64(&bind, (int64_t)sheet->digest);
    if (run_id)
        bind_i64(&bind, run_id);
    else
        bind_null(&bind);
    return bind_done(&bind, write->store, write->reterr);
}

/* Does this observation need a second look? Then that is noted in ledger and receipt. */
static ts_err hold(struct sheet_write *write, const struct ledger *ledger, bool *ret_held)
{
    const struct tee_sheet *sheet = write->sheet;
    uint32_t open_before;
    uint32_t would_close;
    ts_err err = tee_times_compare(write, &open_before, &would_close);
    if (err)
        return err;
    *ret_held = store_guard_holds(sheet, open_before, would_close, ledger->observed_at,
                                  ledger->held_digest);
    if (!*ret_held)
        return TS_ERR_OK;
    struct bind bind = bind_sheet(write, SQLITE_LEDGER_HOLD_SQL);
    bind_i64(&bind, (int64_t)sheet->digest);
    struct store_receipt *receipt = write->receipt;
    receipt->held[receipt->held_count++] = (struct store_held){
        .course_index = sheet->course_index,
        .play_date = sheet->play_date,
        .open_before = open_before,
        .would_close = would_close,
    };
    return bind_done(&bind, write->store, write->reterr);
}

static ts_err observe(struct sheet_write *write, const struct ledger *ledger, int64_t run_id)
{
    const struct tee_sheet *sheet = write->sheet;
    if (ledger->has_digest && ledger->digest == sheet->digest) {
        write->receipt->unchanged += sheet->tee_times_count;
        return ledger_observe(write, run_id);
    }
    bool held = false;
    ts_err err = ledger->observed ? hold(write, ledger, &held) : TS_ERR_OK;
    if (err || held)
        return err;
    write->receipt->tee_sheets_changed++;
    err = ledger_observe(write, run_id);
    return err ? err : tee_times_apply(write);
}

static ts_err put_sheet(struct sheet_write *write, int64_t run_id)
{
    const struct tee_sheet *sheet = write->sheet;
    struct ledger ledger;
    ts_err err = ledger_get(write, &ledger);
    if (!err)
        err = ledger_look(write);
    if (err)
        return err;
    bool observed = outcome_is_observed(sheet->outcome);
    bool late = ledger.found && sheet->checked_at < ledger.checked_at;
    bool outdated = observed && ledger.observed && sheet->checked_at < ledger.observed_at;
    if (late || outdated)
        write->receipt->tee_sheets_stale++;
    if (!observed || outdated)
        return TS_ERR_OK;
    return observe(write, &ledger, run_id);
}

static ts_err put_sheets(struct sqlite_store *store, const struct batch *batch, int64_t run_id,
                         struct store_receipt *receipt, struct error *reterr)
{
    struct sheet_write write = { .store = store, .receipt = receipt, .reterr = reterr };
    ts_err err = TS_ERR_OK;
    for (uint32_t i = 0; !err && i < batch->sheets_count; i++) {
        write.sheet = &batch->sheets[i];
        struct buf date = buf_over(write.date_text, sizeof(write.date_text));
        day_format(write.sheet->play_date, &date);
        write.play_date = buf_view(&date);
        err = put_sheet(&write, run_id);
    }
    return err;
}

ts_err sqlite_upsert(struct store *base, const struct batch *batch, int64_t run_id,
                     struct store_receipt *ret_receipt, struct error *reterr)
{
    struct store_receipt receipt = { .tee_sheets = batch->sheets_count,
                                     .held = ret_receipt->held };
    ts_err err = sqlite_begin(base, reterr);
    if (err)
        return err;
    err = put_sheets((struct sqlite_store *)base, batch, run_id, &receipt, reterr);
    if (!err)
        err = sqlite_commit(base, reterr);
    if (err) {
        sqlite_rollback(base);
        return err;
    }
    *ret_receipt = receipt;
    return TS_ERR_OK;
}
