/* sqlite.c: opens and closes a SQLite store. */
#include "store/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define HEAP_LIMIT_BYTES    ((sqlite3_int64)8 * 1024 * 1024)
#define PATIENCE_DEFAULT_US ((int64_t)30 * 1000000)

/* WAL lets others read during a sweep; FULL makes a commit survive a power cut as well. */
static const char settings[] = "PRAGMA cache_size = -512;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA journal_size_limit = 0;"
                               "PRAGMA foreign_keys = OFF;";

static ts_err path_of(const struct store_config *config, struct buf *path, struct error *reterr)
{
    struct str url = str_of(config->url);
    if (str_has_prefix(url, STR("sqlite:")))
        url = (struct str){ url.ptr + 7, url.len - 7 };
    if (str_has_prefix(url, STR("///")))
        url = (struct str){ url.ptr + 2, url.len - 2 };
    if (url.len == 0)
        return error_set(reterr, TS_ERR_USAGE, "--store sqlite: needs a path: sqlite:PATH");
    if (str_has_prefix(url, STR("~"))) /* it would be a folder of that name */
        return error_set(reterr, TS_ERR_USAGE,
                         "--store sqlite:%.*s: the shell leaves this ~ as it is: write $HOME, "
                         "or ./~ for such a name",
                         STR_ARGS(url));
    buf_put(path, url);
    if (path->overflow)
        return error_set(reterr, TS_ERR_USAGE, "the path of the store is too long");
    return TS_ERR_OK;
}

/* Makes the folders above the file, for this user only: whom the user trusts is not ours to
 * guess. */
static ts_err make_folders(char *path, struct error *reterr)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool failed = mkdir(path, 0700) != 0 && errno != EEXIST;
        int reason = errno;
        if (failed)
            (void)error_set(reterr, TS_ERR_PERMISSION,
                            "cannot make the folder %s: %s; choose another place with --store "
                            "sqlite:PATH",
                            path, strerror(reason));
        *slash = '/';
        if (failed && access(path, F_OK) != 0)
            return TS_ERR_PERMISSION;
    }
    return TS_ERR_OK;
}

/* SQLite would make the file readable for everyone; what it puts beside it has the file's mode.
 * A failure is SQLite's to tell. */
static void make_private_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
}

static ts_err prepare_place(struct sqlite_store *store, bool create, struct error *reterr)
{
    struct stat status;
    if (stat(store->path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return error_set(reterr, TS_ERR_USAGE, "%s is a folder; give the path of a file",
                             store->path);
        return TS_ERR_OK;
    }
    if (errno == EACCES)
        return error_set(reterr, TS_ERR_PERMISSION, "%s: permission denied", store->path);
    if (!create)
        return error_set(reterr, TS_ERR_NOT_FOUND,
                         "there is no store at %s yet: run `teesheet collect` first, or name "
                         "yours with --store",
                         store->path);
    ts_err err = make_folders(store->path, reterr);
    if (!err)
        make_private_file(store->path);
    return err;
}

static ts_err connect_file(struct sqlite_store *store, const struct store_config *config,
                           struct error *reterr)
{
    int flags = SQLITE_OPEN_NOMUTEX;
    if (config->read_only)
        flags |= SQLITE_OPEN_READONLY;
    else
        flags |= SQLITE_OPEN_READWRITE | (config->no_migrate ? 0 : SQLITE_OPEN_CREATE);
    int result = sqlite3_open_v2(store->path, &store->db, flags, NULL);
    if (result != SQLITE_OK)
        return sqlite_failure(store, result, reterr);
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_busy_handler(store->db, sqlite_wait, store);
    result = sqlite3_exec(store->db, settings, NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return sqlite_failure(store, result, reterr);
    if (!config->read_only && sqlite3_db_readonly(store->db, "main") == 1)
        return sqlite_failure(store, SQLITE_READONLY, reterr);
    return sqlite_check_owner(store, reterr);
}

static void name_store(struct sqlite_store *store)
{
    char absolute[PATH_MAX];
    struct buf name = buf_over(store->base.name, sizeof(store->base.name));
    buf_puts(&name, realpath(store->path, absolute) ? absolute : store->path);
}

static void sqlite_close(struct store *base)
{
    if (!base)
        return;
    struct sqlite_store *store = (struct sqlite_store *)base;
    sqlite_statements_done(store);
    (void)sqlite3_close(store->db);
    mem_free(store);
}

static ts_err set_up(struct sqlite_store *store, const struct store_config *config,
                     struct error *reterr)
{
    bool create = !config->read_only && !config->no_migrate;
    ts_err err = prepare_place(store, create, reterr);
    if (!err)
        err = connect_file(store, config, reterr);
    if (err)
        return err;
    if (config->read_only || config->no_migrate)
        err = sqlite_check_schema(store, reterr);
    if (err || config->read_only)
        return err;
    int64_t mode = 0;
    err = sqlite_pragma(store, "PRAGMA journal_mode = WAL", &mode, reterr);
    /* The two files beside it stay after the last close: without them a user who may not write
     * to the folder could not read. */
    int persist = 1;
    (void)sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    return err;
}

static ts_err sqlite_open(const struct store_config *config, struct store **ret_store,
                          struct error *reterr)
{
    (void)sqlite3_hard_heap_limit64(HEAP_LIMIT_BYTES);
    struct sqlite_store *store = mem_alloc(1, sizeof(*store));
    if (!store)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    store->base.ops = &store_sqlite;
    store->stop_fd = config->stop_fd;
    store->patience_us = config->deadline_us > 0 ? config->deadline_us : PATIENCE_DEFAULT_US;
    struct buf path = buf_over(store->path, sizeof(store->path));
    ts_err err = path_of(config, &path, reterr);
    if (err)
        goto fail;
    err = set_up(store, config, reterr);
    if (err)
        goto fail;
    name_store(store);
    *ret_store = &store->base;
    return TS_ERR_OK;
fail:
    sqlite_close(&store->base);
    return err;
}

/* A file is always there: nothing to do. */
static ts_err sqlite_reconnect(struct store *base, struct error *reterr)
{
    (void)base;
    (void)reterr;
    return TS_ERR_OK;
}

const struct store_ops store_sqlite = {
    .open = sqlite_open,
    .migrate = sqlite_migrate,
    .upsert = sqlite_upsert,
    .run = sqlite_run,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .reconnect = sqlite_reconnect,
    .close = sqlite_close,
};
