/*
 * sqlite_file.h: a SQLite file in a folder of its own, and batches to put into it.
 */
#ifndef TS_TESTS_SQLITE_FILE_H
#define TS_TESTS_SQLITE_FILE_H

#include "store/store.h"

struct sqlite3;

extern char sqlite_folder[64];
extern char sqlite_path[128];
extern char sqlite_url[160];

/* Makes the folder; false: it could not. Removes it with what it holds. */
bool sqlite_file_start(void);
void sqlite_file_end(void);

/* Removes the file and those beside it: of a store_fixture, and as a test's setup. */
bool sqlite_file_reset(void *ctx);
int sqlite_file_fresh(void **state);

/* Rows as a store_fixture has them, read by another connection. */
void sqlite_file_query(void *ctx, const char *sql, char *result, size_t cap);
void sqlite_file_expect(const char *sql, const char *expected);

/* A connection of somebody else's, after it has run sql. */
struct sqlite3 *sqlite_file_other(const char *sql);

/* The file's store with a patience of 200 ms. */
struct store_config sqlite_file_config(void);
struct store *sqlite_file_open(void);
void sqlite_file_refuses(const struct store_config *config, ts_err expected, const char *text);

/* `sheets` tee sheets with ten tee times each, whose price follows from `at`. */
struct batch *sqlite_file_batch(uint32_t sheets, int64_t at);
ts_err sqlite_file_upsert(struct store *store, const struct batch *batch, struct error *reterr);

#endif
