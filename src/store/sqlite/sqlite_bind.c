/* sqlite_bind.c: typed parameters, bound one after the other. */
#include <sqlite3.h>

#include "store/sqlite/sqlite_write.h"

static struct bind bind_start(struct sqlite_store *store, unsigned statement)
{
    struct bind bind = { .count = 0 };
    bind.statement = sqlite_take(store, statement, &bind.result);
    return bind;
}

static void note(struct bind *bind, int result)
{
    if (bind->result == SQLITE_OK)
        bind->result = result;
}

void bind_i64(struct bind *bind, int64_t value)
{
    if (bind->statement)
        note(bind, sqlite3_bind_int64(bind->statement, ++bind->count, value));
}

void bind_null(struct bind *bind)
{
    if (bind->statement)
        note(bind, sqlite3_bind_null(bind->statement, ++bind->count));
}

void bind_str(struct bind *bind, struct str text)
{
    if (bind->statement)
        note(bind, sqlite3_bind_text64(bind->statement, ++bind->count, text.ptr ? text.ptr : "",
                                       text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void bind_cents(struct bind *bind, int32_t cents)
{
    if (cents < 0)
        bind_null(bind);
    else
        bind_i64(bind, cents);
}

ts_err bind_done(struct bind *bind, struct sqlite_store *store, struct error *reterr)
{
    if (bind->result != SQLITE_OK)
        return sqlite_failure(store, bind->result, reterr);
    return sqlite_step_done(store, bind->statement, reterr);
}

struct bind bind_sheet(struct sheet_write *write, unsigned statement)
{
    struct bind bind = bind_start(write->store, statement);
    bind_i64(&bind, write->sheet->course_id);
    bind_str(&bind, write->play_date);
    return bind;
}
