/* read_store.c: fills a store with a small, known world. */
#include "read_store.h"

#include "base/day.h"
#include "store/courses.h"
#include "store/runs.h"
#include "support/unit.h"

#define SHEETS_MAX   8
#define MINUTE       60
#define HOUR         3600
#define REVERSED_SGR "\033[7mPublic" /* an engine's text must not drive the terminal */

enum { REGINA, NEW_YORK, AUCKLAND, ZONES };

static const char *const zone_names[ZONES] = { "America/Regina", "America/New_York",
                                               "Pacific/Auckland" };

static struct {
    struct store *store;
    struct batch *batch;
    struct zone *zones[ZONES];
    int64_t now, run_id;
    int32_t friday;
} world;

static void put_course(struct courses_import *import, const struct store_course *given,
                       int zone)
{
    struct store_course course = *given;
    course.timezone = str_of(zone_names[zone]);
    course.club = course.name;
    course.engine = STR("chronogolf");
    course.engine_attributes = STR("{}");
    course.holes = 18;
    course.window_days = 7;
    course.opens_minute = 360;
    assert_int_equal(courses_put(import, &course, NULL), TS_ERR_OK);
}

static void put_courses(void)
{
    struct courses_import import;
    assert_int_equal(courses_import_begin(world.store, &import, NULL), TS_ERR_OK);
    struct store_course elm = { .id = 11,
                                .name = STR("Elm"),
                                .region = STR("North"),
                                .region_id = STR("n-1"),
                                .currency = STR("CAD"),
                                .has_place = true,
                                .latitude = 50.45,
                                .longitude = -104.62,
                                .active = true };
    struct store_course creek = elm;
    creek.id = 12;
    creek.name = STR("Elm-Creek");
    creek.latitude = 50.40;
    creek.longitude = -105.53;
    struct store_course kauri = { .id = 13,
                                  .name = STR("Kauri"),
                                  .region = STR("South"),
                                  .currency = STR("NZD"),
                                  .has_place = true,
                                  .latitude = -36.85,
                                  .longitude = 174.76,
                                  .active = true };
    struct store_course quay = {
        .id = 14, .name = STR("Quay"), .region = STR("East"), .active = true
    };
    struct store_course gone = { .id = 15, .name = STR("Gone"), .region = STR("Old") };
    put_course(&import, &elm, REGINA);
    put_course(&import, &creek, REGINA);
    put_course(&import, &kauri, AUCKLAND);
    put_course(&import, &quay, NEW_YORK);
    put_course(&import, &gone, REGINA);
    assert_int_equal(courses_import_end(&import, NULL), TS_ERR_OK);
}

static struct tee_time tee_time_at(int hour, int minute, int32_t cents)
{
    return (struct tee_time){ .start_minute = (uint16_t)(hour * 60 + minute),
                              .holes = 18,
                              .start_hole = 1,
                              .party_sizes = tee_time_party_range(2, 4),
                              .price_basis = PRICE_BASIS_WALKING,
                              .price_cents = cents,
                              .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
                              .routing = "",
                              .rate_name = REVERSED_SGR,
                              .engine_ref = "ref",
                              .url_template = "https://book.example/?t={time}" };
}

/* Looks at a course `days` after Friday the 4th, `ago` seconds before now, and commits. */
static void look(int64_t course, int zone, int days, int64_t ago, enum outcome outcome,
                 struct tee_time *tee_times, uint32_t count)
{
    struct store_held held[SHEETS_MAX];
    struct store_receipt receipt = { .held = held };
    struct tee_sheet sheet = { .course_id = course,
                               .play_date = world.friday + days,
                               .outcome = outcome,
                               .http_status = outcome == OUTCOME_BLOCKED ? 403 : 200,
                               .attempts = 1,
                               .detail = outcome == OUTCOME_BLOCKED ? "a challenge" : "",
                               .currency = zone == AUCKLAND ? "NZD" : "CAD",
                               .zone = world.zones[zone],
                               .checked_at = world.now - ago,
                               .tee_times_count = count,
                               .tee_times = tee_times };
    (void)tee_sheet_seal(&sheet);
    assert_int_equal(batch_add(world.batch, &sheet, 1), TS_ERR_OK);
    struct error error = { 0 };
    if (store_upsert(world.store, world.batch, world.run_id, &receipt, &error) != TS_ERR_OK)
        fail_msg("upsert: %s", error.text);
    assert_int_equal(receipt.tee_sheets, 1);
    (void)batch_reset(world.batch);
}

static void look_for_one(int64_t course, int zone, int days, int64_t ago, struct tee_time time)
{
    look(course, zone, days, ago, OUTCOME_OPEN, &time, 1);
}

/* 12:00 opens 3 minutes ago, the others 2 hours ago. */
static void look_at_elm(void)
{
    struct tee_time friday[] = { tee_time_at(20, 0, 4000), tee_time_at(23, 50, 4000) };
    look(11, REGINA, 0, 5 * HOUR, OUTCOME_OPEN, friday, 2);
    struct tee_time saturday[] = { tee_time_at(8, 0, 4950), tee_time_at(8, 10, -1),
                                   tee_time_at(12, 0, 6000) };
    saturday[1].holes = 9;
    saturday[1].start_hole = 10;
    saturday[1].party_sizes = (uint8_t)(tee_time_party(1) | tee_time_party(3));
    saturday[2].party_sizes = tee_time_party_range(1, 4);
    saturday[2].price_basis = PRICE_BASIS_CART;
    look(11, REGINA, 1, 2 * HOUR, OUTCOME_OPEN, saturday, 2);
    look(11, REGINA, 1, 3 * MINUTE, OUTCOME_OPEN, saturday, 3);
    look(11, REGINA, 2, 12 * MINUTE, OUTCOME_NONE_OPEN, NULL, 0);
    look(11, REGINA, 3, 2 * HOUR, OUTCOME_BLOCKED, NULL, 0);
}

static void look_at_others(void)
{
    look_for_one(12, REGINA, 1, HOUR, tee_time_at(10, 0, 3500));
    look(12, REGINA, 9, HOUR, OUTCOME_NOT_RELEASED, NULL, 0);
    look_for_one(13, AUCKLAND, 1, HOUR, tee_time_at(19, 0, 7000));
    look_for_one(13, AUCKLAND, 2, HOUR, tee_time_at(9, 0, 8000));
    look_for_one(14, NEW_YORK, 1, HOUR, tee_time_at(7, 0, 2000));
    look_for_one(14, NEW_YORK, 2, 4 * HOUR, tee_time_at(7, 0, 2000));
    look(14, NEW_YORK, 2, HOUR, OUTCOME_NONE_OPEN, NULL, 0); /* empties a day: held */
    look_for_one(15, REGINA, 1, HOUR, tee_time_at(9, 0, 1000));
}

static void put_runs(void)
{
    static struct sweep_report report;
    struct run_start start = { .started_at = world.now - HOUR,
                               .host = STR("box"),
                               .scope = STR("region North"),
                               .options = STR("{\"days\":7}") };
    assert_int_equal(run_begin(world.store, &start, &world.run_id, NULL), TS_ERR_OK);
    report.run_id = world.run_id;
    report.finished_at = world.now - HOUR + 125;
    report.verdict = SWEEP_DEGRADED;
    report.planned = 1200;
    report.by_outcome[OUTCOME_OPEN] = 1100;
    report.by_outcome[OUTCOME_BLOCKED] = 100;
    report.tee_times = 34567;
    report.parts_count = 1;
    report.parts[0] = (struct sweep_part){ .name = "region North", .verdict = SWEEP_DEGRADED };
    report.requests = 1300;
    report.batches = 12;
    report.rss_peak_bytes = (uint64_t)15 << 20;
    report.memory_limit_bytes = (uint64_t)64 << 20;
    bool had_end;
    assert_int_equal(run_finish(world.store, &report, &had_end, NULL), TS_ERR_OK);
    int64_t unfinished;
    start.started_at = world.now - MINUTE;
    assert_int_equal(run_begin(world.store, &start, &unfinished, NULL), TS_ERR_OK);
}

void read_store_fill(const char *url, const char *schema)
{
    struct store_config config = { .url = url, .schema = schema, .stop_fd = -1 };
    struct error error = { 0 };
    if (store_open(&config, false, &world.store, &error) != TS_ERR_OK)
        fail_msg("%s", error.text);
    assert_true(instant_parse(STR(READ_NOW), &world.now));
    world.friday = day_from_civil(2026, 12, 4);
    for (int i = 0; i < ZONES; i++)
        assert_int_equal(zone_new(str_of(zone_names[i]), &world.zones[i], NULL), TS_ERR_OK);
    assert_int_equal(batch_new(&world.batch, SHEETS_MAX, 65536), TS_ERR_OK);
    put_courses();
    put_runs();
    look_at_elm();
    look_at_others();
    batch_free(world.batch);
    for (int i = 0; i < ZONES; i++)
        zone_free(world.zones[i]);
    store_close(world.store);
}
