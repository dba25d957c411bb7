/* store_contract.c: the bench on which a store is tested, and the run of all parts. */
#include "support/store_contract.h"

#include <stdio.h>
#include <string.h>

#include "batch/batch.h"
#include "store/courses.h"
#include "support/store_contract_parts.h"

static const struct store_fixture *fixture_at_hand;

void bench_open(struct bench *bench)
{
    const struct store_config config = { .url = bench->fixture->url,
                                         .schema = bench->fixture->schema,
                                         .stop_fd = -1 };
    struct error error = { 0 };
    if (store_open(&config, false, &bench->store, &error) != TS_ERR_OK)
        fail_msg("open %s: %s", bench->fixture->url, error.text);
}

int bench_setup(void **state)
{
    static struct bench bench;
    bench = (struct bench){ .fixture = fixture_at_hand };
    if (!bench.fixture->reset(bench.fixture->ctx))
        return -1;
    bench.date = day_from_civil(2026, 6, 10);
    assert_true(instant_parse(STR("2026-06-09T18:00:00Z"), &bench.noon));
    assert_int_equal(zone_new(STR("America/Regina"), &bench.zone, NULL), TS_ERR_OK);
    assert_int_equal(batch_new(&bench.batch, HELD_MAX, (size_t)256 * 1024), TS_ERR_OK);
    bench_open(&bench);
    *state = &bench;
    return 0;
}

int bench_teardown(void **state)
{
    struct bench *bench = *state;
    store_close(bench->store);
    batch_free(bench->batch);
    zone_free(bench->zone);
    return 0;
}

static struct tee_time numbered(const struct look *look, unsigned number)
{
    bool odd = look->odd_party && look->odd == number;
    return (struct tee_time){
        .start_minute = (uint16_t)(480 + 10 * number),
        .holes = 18,
        .start_hole = 1,
        .party_sizes = odd ? look->odd_party : tee_time_party_range(2, 4),
        .price_basis = PRICE_BASIS_WALKING,
        .price_cents = odd ? look->odd_price : 5000,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .routing = "",
        .rate_name = "Public",
        .engine_ref = "ref",
        .url_template = "https://book.example/{ref}?t={time}",
    };
}

void bench_add(struct bench *bench, const struct look *look)
{
    struct tee_time tee_times[64];
    uint32_t count = 0;
    for (unsigned i = look->from; i < look->to; i++)
        tee_times[count++] = numbered(look, i);
    struct tee_sheet sheet = {
        .course_id = look->course,
        .course_index = (uint32_t)look->course,
        .play_date = look->date,
        .outcome = look->outcome,
        .http_status = 200,
        .attempts = 1,
        .second_look = look->second,
        .detail = "as seen",
        .currency = "CAD",
        .zone = bench->zone,
        .checked_at = look->at,
        .tee_times_count = count,
        .tee_times = tee_times,
    };
    (void)tee_sheet_seal(&sheet);
    assert_int_equal(batch_add(bench->batch, &sheet, 1), TS_ERR_OK);
}

void bench_commit(struct bench *bench, int64_t run_id)
{
    struct error error = { 0 };
    batch_sort(bench->batch);
    bench->receipt = (struct store_receipt){ .held = bench->held };
    if (store_upsert(bench->store, bench->batch, run_id, &bench->receipt, &error) != TS_ERR_OK)
        fail_msg("upsert: %s", error.text);
    (void)batch_reset(bench->batch);
}

void bench_look(struct bench *bench, const struct look *look)
{
    bench_add(bench, look);
    bench_commit(bench, 1);
    assert_int_equal(bench->receipt.tee_sheets, 1);
}

struct look look_at(const struct bench *bench, int64_t seconds, unsigned from, unsigned to)
{
    return (struct look){
        .course = 7,
        .date = bench->date,
        .outcome = from < to ? OUTCOME_OPEN : OUTCOME_NONE_OPEN,
        .at = bench->noon + seconds,
        .from = from,
        .to = to,
    };
}

/* Puts the dialect's form of an instant in the place of {column}. */
static void expand(const char *instant, const char *sql, char *out, size_t cap)
{
    struct buf text = buf_over(out, cap);
    const char *slot = strstr(instant, "%s");
    for (const char *at = sql; *at; at++) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (!end) {
            buf_putc(&text, *at);
            continue;
        }
        buf_put(&text, (struct str){ instant, (size_t)(slot - instant) });
        buf_put(&text, (struct str){ at + 1, (size_t)(end - at - 1) });
        buf_puts(&text, slot + 2);
        at = end;
    }
    assert_false(text.overflow);
}

void bench_expect(struct bench *bench, const char *sql, const char *expected)
{
    char expanded[2048];
    char result[8192];
    expand(bench->fixture->instant, sql, expanded, sizeof(expanded));
    bench->fixture->query(bench->fixture->ctx, expanded, result, sizeof(result));
    if (strcmp(result, expected) != 0)
        fail_msg("%s\n gave     %s\n expected %s", expanded, result, expected);
}

void bench_put_course(struct courses_import *import, int64_t id, const char *name,
                      double latitude, bool active)
{
    const struct store_course course = {
        .id = id,
        .name = str_of(name),
        .club = STR("Prairie Club"),
        .city = STR("Saskatoon"),
        .region = STR("Sask"),
        .region_id = STR("sk"),
        .country = STR("CA"),
        .timezone = STR("America/Regina"),
        .engine = STR("chronogolf"),
        .engine_attributes = STR("{\"club_id\": 1}"),
        .currency = STR("CAD"),
        .booking_url = STR("https://book.example/"),
        .has_place = latitude != 0,
        .latitude = latitude,
        .longitude = -106.6,
        .holes = 18,
        .window_days = 7,
        .opens_minute = 360,
        .active = active,
    };
    assert_int_equal(courses_put(import, &course, NULL), TS_ERR_OK);
}

int store_contract_run(const struct store_fixture *fixture)
{
    fixture_at_hand = fixture;
    int failed = 0;
    failed += _cmocka_run_group_tests("store: upsert", store_contract_upsert,
                                      store_contract_upsert_count, NULL, NULL);
    failed += _cmocka_run_group_tests("store: guard", store_contract_guard,
                                      store_contract_guard_count, NULL, NULL);
    failed += _cmocka_run_group_tests("store: readers", store_contract_read,
                                      store_contract_read_count, NULL, NULL);
    failed += _cmocka_run_group_tests("store: search", store_contract_search,
                                      store_contract_search_count, NULL, NULL);
    failed += _cmocka_run_group_tests("store: sharing", store_contract_share,
                                      store_contract_share_count, NULL, NULL);
    return failed;
}
