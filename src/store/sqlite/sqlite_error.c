/* sqlite_error.c: SQLite's result codes as our errors, with what to do; waiting for locks. */
#include <errno.h>
#include <poll.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "store/sqlite/sqlite.h"

#define WAIT_STEP_MS 20

/* How one kind of failure is told; text is SQLite's own. */
typedef ts_err tell_fn(const struct sqlite_store *store, const char *text,
                       struct error *reterr);

static ts_err tell_busy(const struct sqlite_store *store, const char *text,
                        struct error *reterr)
{
    (void)text;
    if (store->stopped)
        return error_set(reterr, TS_ERR_STOPPED, "%s: gave up waiting for another writer",
                         store->path);
    return error_set(reterr, TS_ERR_BUSY,
                     "%s is locked by another writer; waited %lld ms. Is another sweep or a "
                     "database tool writing to it?",
                     store->path, (long long)(store->patience_us / 1000));
}

static ts_err tell_closed(const struct sqlite_store *store, const char *text,
                          struct error *reterr)
{
    (void)text;
    return error_set(reterr, TS_ERR_PERMISSION,
                     "cannot open %s: its folder must exist and be writable by this user; or "
                     "choose another place with --store sqlite:PATH",
                     store->path);
}

static ts_err tell_read_only(const struct sqlite_store *store, const char *text,
                             struct error *reterr)
{
    (void)text;
    return error_set(reterr, TS_ERR_PERMISSION,
                     "%s is read-only: make the file and its folder writable for this user, or "
                     "choose another place with --store sqlite:PATH",
                     store->path);
}

static ts_err tell_full(const struct sqlite_store *store, const char *text,
                        struct error *reterr)
{
    (void)text;
    return error_set(reterr, TS_ERR_DISK_FULL,
                     "disk full: no room for %s; free space there or move the store",
                     store->path);
}

static ts_err tell_no_database(const struct sqlite_store *store, const char *text,
                               struct error *reterr)
{
    (void)text;
    return error_set(reterr, TS_ERR_SCHEMA, "%s is not a SQLite database; it was left as it is",
                     store->path);
}

static ts_err tell_damaged(const struct sqlite_store *store, const char *text,
                           struct error *reterr)
{
    return error_set(reterr, TS_ERR_IO,
                     "%s is damaged (%s): restore a copy, or move it away to start anew",
                     store->path, text);
}

static ts_err tell_memory(const struct sqlite_store *store, const char *text,
                          struct error *reterr)
{
    (void)text;
    return error_set(reterr, TS_ERR_NOMEM, "%s: SQLite's memory limit was reached",
                     store->path);
}

static ts_err tell_data(const struct sqlite_store *store, const char *text,
                        struct error *reterr)
{
    return error_set(reterr, TS_ERR_DATA, "%s: %s", store->path, text);
}

/* Why the last write to the file (or to its log) failed, as errno. */
static int last_errno(const struct sqlite_store *store, int which)
{
    sqlite3_file *file = NULL;
    int reason = 0;
    if (store->db && sqlite3_file_control(store->db, "main", which, &file) == SQLITE_OK &&
        file && file->pMethods)
        (void)file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
    return reason;
}

/* SQLite calls only ENOSPC full; a quota or a limit of the file's size is the same to us. */
static bool no_room(int reason)
{
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

static ts_err tell_io(const struct sqlite_store *store, const char *text, struct error *reterr)
{
    if (no_room(last_errno(store, SQLITE_FCNTL_FILE_POINTER)) ||
        no_room(last_errno(store, SQLITE_FCNTL_JOURNAL_POINTER)))
        return tell_full(store, text, reterr);
    return error_set(reterr, TS_ERR_IO, "%s: %s", store->path, text);
}

static const struct {
    int code;
    tell_fn *tell;
} kinds[] = {
    { SQLITE_BUSY, tell_busy },          { SQLITE_LOCKED, tell_busy },
    { SQLITE_FULL, tell_full },          { SQLITE_CANTOPEN, tell_closed },
    { SQLITE_READONLY, tell_read_only }, { SQLITE_PERM, tell_read_only },
    { SQLITE_NOTADB, tell_no_database }, { SQLITE_CORRUPT, tell_damaged },
    { SQLITE_NOMEM, tell_memory },       { SQLITE_IOERR, tell_io },
    { SQLITE_CONSTRAINT, tell_data },    { SQLITE_MISMATCH, tell_data },
    { SQLITE_TOOBIG, tell_data },
};

ts_err sqlite_failure(struct sqlite_store *store, int result, struct error *reterr)
{
    const char *text = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(result);
    for (size_t i = 0; i < TS_COUNT_OF(kinds); i++)
        if (kinds[i].code == (result & 0xff)) /* extended codes hold the kind in a byte */
            return kinds[i].tell(store, text, reterr);
    return error_set(reterr, TS_ERR_INTERNAL, "%s: %s", store->path, text);
}

int sqlite_wait(void *ctx, int count)
{
    struct sqlite_store *store = ctx;
    int64_t now = clock_monotonic_us();
    if (count == 0)
        store->busy_since_us = now;
    if (now - store->busy_since_us >= store->patience_us)
        return 0;
    struct pollfd stop = { .fd = store->stop_fd, .events = POLLIN };
    if (poll(&stop, 1, WAIT_STEP_MS) > 0) {
        store->stopped = true;
        return 0;
    }
    return 1;
}
