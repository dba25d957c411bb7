/* sqlite_error.c: SQLite's result codes as our errors, with what to do; waiting for locks. */
#include <errno.h>
#include <poll.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "store/sqlite/sqlite.h"

#define WAIT_STEP_MS 20

static ts_err busy(const struct sqlite_store *store, struct error *reterr)
{
    if (store->stopped)
        return error_set(reterr, TS_ERR_STOPPED, "%s: gave up waiting for another writer",
                         store->path);
    return error_set(reterr, TS_ERR_BUSY,
                     "%s is locked by another writer; waited %lld ms. Is another sweep or a "
                     "database tool writing to it?",
                     store->path, (long long)(store->patience_us / 1000));
}

static ts_err denied(const struct sqlite_store *store, int result, struct error *reterr)
{
    if ((result & 0xff) == SQLITE_CANTOPEN)
        return error_set(reterr, TS_ERR_PERMISSION,
                         "cannot open %s: its folder must exist and be writable by this user; "
                         "or choose another place with --store sqlite:PATH",
                         store->path);
    return error_set(reterr, TS_ERR_PERMISSION,
                     "%s is read-only: make the file and its folder writable for this user, or "
                     "choose another place with --store sqlite:PATH",
                     store->path);
}

static ts_err full(const struct sqlite_store *store, struct error *reterr)
{
    return error_set(reterr, TS_ERR_DISK_FULL,
                     "disk full: no room for %s; free space there or move the store",
                     store->path);
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

static ts_err io_failed(const struct sqlite_store *store, const char *text,
                        struct error *reterr)
{
    if (no_room(last_errno(store, SQLITE_FCNTL_FILE_POINTER)) ||
        no_room(last_errno(store, SQLITE_FCNTL_JOURNAL_POINTER)))
        return full(store, reterr);
    return error_set(reterr, TS_ERR_IO, "%s: %s", store->path, text);
}

ts_err sqlite_failure(struct sqlite_store *store, int result, struct error *reterr)
{
    const char *text = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(result);
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return busy(store, reterr);
    case SQLITE_FULL:
        return full(store, reterr);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return denied(store, result, reterr);
    case SQLITE_NOTADB:
        return error_set(reterr, TS_ERR_SCHEMA,
                         "%s is not a SQLite database; it was left as it is", store->path);
    case SQLITE_CORRUPT:
        return error_set(reterr, TS_ERR_IO,
                         "%s is damaged (%s): restore a copy, or move it away to start anew",
                         store->path, text);
    case SQLITE_NOMEM:
        return error_set(reterr, TS_ERR_NOMEM, "%s: SQLite's memory limit was reached",
                         store->path);
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return error_set(reterr, TS_ERR_DATA, "%s: %s", store->path, text);
    case SQLITE_IOERR:
        return io_failed(store, text, reterr);
    default:
        return error_set(reterr, TS_ERR_INTERNAL, "%s: %s", store->path, text);
    }
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
