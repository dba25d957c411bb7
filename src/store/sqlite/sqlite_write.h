/*
 * sqlite_write.h: the writing of one tee sheet inside an upsert's transaction. Private to
 * store/sqlite.
 */
#ifndef TS_STORE_SQLITE_SQLITE_WRITE_H
#define TS_STORE_SQLITE_SQLITE_WRITE_H

#include "store/sqlite/sqlite.h"

#define SHEET_DATE_BYTES 16
#define SHEET_URL_BYTES  2048

struct sheet_write {
    struct sqlite_store *store;
    const struct tee_sheet *sheet;
    struct str play_date; /* ISO, in date_text */
    char date_text[SHEET_DATE_BYTES];
    char url[SHEET_URL_BYTES]; /* the booking link of the tee time at hand */
    struct store_receipt *receipt;
    struct error *reterr;
};

/* Parameters of a prepared statement, bound by position; the first failure stays. */
struct bind {
    struct sqlite3_stmt *statement;
    int count;
    int result;
};

void bind_i64(struct bind *bind, int64_t value);
void bind_null(struct bind *bind);
void bind_str(struct bind *bind, struct str text);
/* NULL for negative values: unknown prices. */
void bind_cents(struct bind *bind, int32_t cents);
/* Steps a statement without rows; what bind met is told too. */
TS_MUST_USE ts_err bind_done(struct bind *bind, struct sqlite_store *store,
                             struct error *reterr);

/* course_id and play_date: ?1, ?2 of every statement here. */
struct bind bind_sheet(struct sheet_write *write, unsigned statement);

/* Counts the stored open tee times that start after the look, and those of them it lacks. */
TS_MUST_USE ts_err tee_times_compare(struct sheet_write *write, uint32_t *ret_open_before,
                                     uint32_t *ret_would_close);

/* Brings the stored tee times to what the sheet says: opens, reopens, updates, closes. */
TS_MUST_USE ts_err tee_times_apply(struct sheet_write *write);

#endif
