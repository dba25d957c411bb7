/* pg_batch.c: tee sheets, SQL and stores for tests on a real PostgreSQL. */
#include "support/pg_batch.h"

#include <stdio.h>

#include "base/day.h"
#include "support/unit.h"

#define BATCH_SHEETS 200
#define TEE_TIMES    144

void pg_batch_init(struct pg_batch *made)
{
    assert_int_equal(batch_new(&made->batch, BATCH_SHEETS, 8 * 1024 * 1024), TS_ERR_OK);
    assert_int_equal(zone_new(STR("America/Denver"), &made->zone, NULL), TS_ERR_OK);
    made->detail = made->rate_name = NULL;
    made->receipt = (struct store_receipt){ .held = made->held };
}

void pg_batch_done(struct pg_batch *made)
{
    batch_free(made->batch);
    zone_free(made->zone);
}

void pg_batch_put(struct pg_batch *made, int64_t course_id, int32_t play_date,
                  int64_t checked_at, unsigned count, int32_t price_cents)
{
    struct tee_time tee_times[TEE_TIMES];
    char refs[TEE_TIMES][16];
    assert_true(count <= TEE_TIMES);
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(refs[i], sizeof(refs[i]), "r%u", i);
        tee_times[i] = (struct tee_time){
            .start_minute = (uint16_t)(420 + 10 * (i % 100)),
            .holes = i >= 100 ? 9 : 18,
            .start_hole = 1,
            .party_sizes = 0x0e,
            .price_basis = PRICE_BASIS_WALKING,
            .price_cents = price_cents,
            .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
            .routing = i % 2 ? "" : "North \"9\", {a}\\b\tc\nd",
            .rate_name = made->rate_name ? made->rate_name : "Public, it's \xc3\xa9t\xc3\xa9",
            .engine_ref = refs[i],
            .url_template = "https://golf.example/book/{ref}",
        };
    }
    struct tee_sheet sheet = {
        .course_id = course_id,
        .play_date = play_date,
        .outcome = OUTCOME_OPEN,
        .http_status = 200,
        .attempts = 1,
        .detail = made->detail ? made->detail : "",
        .currency = "USD",
        .zone = made->zone,
        .checked_at = checked_at,
        .tee_times_count = count,
        .tee_times = tee_times,
    };
    (void)tee_sheet_seal(&sheet);
    assert_int_equal(batch_add(made->batch, &sheet, 1), TS_ERR_OK);
}

ts_err pg_batch_upsert(struct pg_batch *made, struct store *store, struct error *reterr)
{
    batch_sort(made->batch);
    ts_err err = store_upsert(store, made->batch, 0, &made->receipt, reterr);
    if (!err)
        batch_reset(made->batch);
    return err;
}

const char *pg_sql(const struct pg_server *server, const char *sql)
{
    static char result[8000];
    assert_int_equal(pg_server_run(server, "psql", sql, result, sizeof(result)), 0);
    return result;
}

struct store *pg_open_store(const struct pg_server *server, const char *kind,
                            const char *schema, int64_t deadline_us, int stop_fd)
{
    char url[300];
    assert_int_equal(pg_server_run(server, "url", kind, url, sizeof(url)), 0);
    struct store_config config = {
        .url = url, .schema = schema, .stop_fd = stop_fd, .deadline_us = deadline_us
    };
    struct store *store = NULL;
    struct error error = { .code = TS_ERR_OK };
    ts_err err = store_open(&config, false, &store, &error);
    if (err)
        print_error("%s\n", error.text);
    assert_int_equal(err, TS_ERR_OK);
    return store;
}
