/* sqlite_file.c: a SQLite file to test on. */
#include "support/sqlite_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/day.h"
#include "batch/batch.h"
#include "support/unit.h"

char sqlite_folder[64];
char sqlite_path[128];
char sqlite_url[160];

static void remove_file(const char *suffix)
{
    char name[160];
    (void)snprintf(name, sizeof(name), "%s%s", sqlite_path, suffix);
    (void)unlink(name);
}

bool sqlite_file_reset(void *ctx)
{
    (void)ctx;
    remove_file("");
    remove_file("-wal");
    remove_file("-shm");
    remove_file("-journal");
    return true;
}

/* Every test has a file of its own. */
int sqlite_file_fresh(void **state)
{
    (void)state;
    return sqlite_file_reset(NULL) ? 0 : -1;
}

void sqlite_file_query(void *ctx, const char *sql, char *result, size_t cap)
{
    (void)ctx;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct buf text = buf_over(result, cap);
    assert_int_equal(sqlite3_open_v2(sqlite_path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (text.len)
            buf_putc(&text, '\n');
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *column = sqlite3_column_text(statement, i);
            buf_puts(&text, i ? "|" : "");
            buf_puts(&text, column ? (const char *)column : "");
        }
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
}

void sqlite_file_expect(const char *sql, const char *expected)
{
    char result[1024];
    sqlite_file_query(NULL, sql, result, sizeof(result));
    assert_string_equal(result, expected);
}

/* SQL of somebody else's, on a connection of its own. */
sqlite3 *sqlite_file_other(const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(sqlite_path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return db;
}

struct store_config sqlite_file_config(void)
{
    return (struct store_config){ .url = sqlite_url, .stop_fd = -1, .deadline_us = 200000 };
}

struct store *sqlite_file_open(void)
{
    struct store_config config = sqlite_file_config();
    struct store *store = NULL;
    struct error error = { 0 };
    if (store_open(&config, false, &store, &error) != TS_ERR_OK)
        fail_msg("%s", error.text);
    return store;
}

void sqlite_file_refuses(const struct store_config *config, ts_err expected, const char *text)
{
    struct store *store = NULL;
    struct error error = { 0 };
    assert_int_equal(store_open(config, false, &store, &error), expected);
    assert_int_equal(error.code, expected);
    if (!strstr(error.text, text))
        fail_msg("'%s' lacks '%s'", error.text, text);
    assert_null(store);
}

static struct zone *zone;

/* `sheets` tee sheets with ten tee times each. */
struct batch *sqlite_file_batch(uint32_t sheets, int64_t at)
{
    struct batch *batch = NULL;
    assert_int_equal(batch_new(&batch, sheets, (size_t)sheets * 8192), TS_ERR_OK);
    if (!zone)
        assert_int_equal(zone_new(STR("America/Regina"), &zone, NULL), TS_ERR_OK);
    for (uint32_t i = 0; i < sheets; i++) {
        struct tee_time tee_times[10];
        for (uint16_t j = 0; j < 10; j++)
            tee_times[j] = (struct tee_time){ .start_minute = (uint16_t)(480 + 10 * j),
                                              .party_sizes = 15,
                                              .price_cents = (int32_t)at % 1000,
                                              .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
                                              .routing = "",
                                              .rate_name = "",
                                              .engine_ref = "",
                                              .url_template = "" };
        struct tee_sheet sheet = { .course_id = 1 + i,
                                   .play_date = 20600,
                                   .outcome = OUTCOME_OPEN,
                                   .detail = "",
                                   .currency = "CAD",
                                   .zone = zone,
                                   .checked_at = at,
                                   .tee_times_count = 10,
                                   .tee_times = tee_times };
        (void)tee_sheet_seal(&sheet);
        assert_int_equal(batch_add(batch, &sheet, 1), TS_ERR_OK);
    }
    batch_sort(batch);
    return batch;
}

ts_err sqlite_file_upsert(struct store *store, const struct batch *batch, struct error *reterr)
{
    struct store_held held[200];
    struct store_receipt receipt = { .held = held };
    return store_upsert(store, batch, 1, &receipt, reterr);
}

bool sqlite_file_start(void)
{
    (void)snprintf(sqlite_folder, sizeof(sqlite_folder), "/tmp/teesheet-sqlite-XXXXXX");
    if (!mkdtemp(sqlite_folder))
        return false;
    (void)snprintf(sqlite_path, sizeof(sqlite_path), "%s/teesheet.db", sqlite_folder);
    (void)snprintf(sqlite_url, sizeof(sqlite_url), "sqlite:%s", sqlite_path);
    return true;
}

void sqlite_file_end(void)
{
    (void)sqlite_file_reset(NULL);
    (void)rmdir(sqlite_folder);
    zone_free(zone);
    zone = NULL;
}
