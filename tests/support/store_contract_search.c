/*
 * store_contract_search.c: exercises search (each filter on both sides of its bound, orders,
 * limit, distance), and the shapes of replies.
 */
#include "store/courses.h"
#include "store/search.h"
#include "store/shapes.h"
#include "support/store_contract_parts.h"

#define FOUND_MAX 64

struct found {
    struct search_row rows[FOUND_MAX];
    char names[FOUND_MAX][40];
    unsigned count;
};

static bool keep(void *ctx, const struct search_row *row)
{
    struct found *found = ctx;
    struct buf name = buf_over(found->names[found->count], sizeof(found->names[0]));
    buf_put(&name, row->course_name);
    found->rows[found->count++] = *row;
    return true;
}

/*
 * Course 7 "Zulu" at 52.1 with 08:00..08:20, the second for a single player at 30.00; course 8
 * "Alpha" at 53.0 with 08:00; course 9 "Mike", without a place, on the next day; 10 inactive.
 */
static void seed(struct bench *bench)
{
    struct courses_import import;
    assert_int_equal(courses_import_begin(bench->store, &import, NULL), TS_ERR_OK);
    bench_put_course(&import, 7, "Zulu", 52.1, true);
    bench_put_course(&import, 8, "Alpha", 53.0, true);
    bench_put_course(&import, 9, "Mike", 0, true);
    bench_put_course(&import, 10, "Gone", 52.1, false);
    assert_int_equal(courses_import_end(&import, NULL), TS_ERR_OK);
    struct look look = look_at(bench, 0, 0, 3);
    look.odd = 1;
    look.odd_party = tee_time_party(1);
    look.odd_price = 3000;
    bench_add(bench, &look);
    look.course = 8;
    look.to = 1;
    bench_add(bench, &look);
    look.course = 10;
    bench_add(bench, &look);
    look.course = 9;
    look.date += 1;
    look.at += 600;
    bench_add(bench, &look);
    bench_commit(bench, 1);
}

static struct search_filter all(const struct bench *bench)
{
    return (struct search_filter){
        .now = bench->noon, .after = -1, .before = -1, .max_price_cents = -1
    };
}

static struct found search_for(struct bench *bench, const struct search_filter *filter)
{
    static struct found found;
    found.count = 0;
    uint64_t count = 0;
    struct error error = { 0 };
    if (search(bench->store, filter, keep, &found, &count, &error) != TS_ERR_OK)
        fail_msg("search: %s", error.text);
    assert_int_equal(count, found.count);
    return found;
}

static void everything_by_time(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    struct found found = search_for(bench, &filter);
    assert_int_equal(found.count, 5);
    assert_string_equal(found.names[0], "Alpha");
    assert_string_equal(found.names[1], "Zulu");
    assert_string_equal(found.names[4], "Mike");
    const struct search_row *row = &found.rows[2];
    assert_int_equal(row->course_id, 7);
    assert_int_equal(row->play_date, bench->date);
    assert_int_equal(row->start_minute, 490);
    assert_int_equal(row->starts_at, zone_instant(bench->zone, bench->date, 490));
    assert_int_equal(row->holes, 18);
    assert_int_equal(row->start_hole, 1);
    assert_int_equal(row->party_sizes, 1);
    assert_int_equal(row->price_cents, 3000);
    assert_int_equal(row->cart_fee_cents, TEE_TIME_PRICE_UNKNOWN);
    assert_int_equal(row->opened_at, bench->noon);
    assert_int_equal(row->observed_at, bench->noon);
    assert_true(row->has_place);
    assert_true(row->distance_km < 0);
    assert_false(found.rows[4].has_place);
}

static void dates_and_times_bound(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    filter.from = bench->date + 1;
    assert_int_equal(search_for(bench, &filter).count, 1);
    filter = all(bench);
    filter.to = bench->date;
    assert_int_equal(search_for(bench, &filter).count, 4);
    filter = all(bench);
    filter.after = 490;
    assert_int_equal(search_for(bench, &filter).count, 2);
    filter = all(bench);
    filter.before = 490;
    assert_int_equal(search_for(bench, &filter).count, 3);
    filter = all(bench);
    filter.now = zone_instant(bench->zone, bench->date, 480);
    assert_int_equal(search_for(bench, &filter).count, 3); /* what starts now has started */
}

static void players_holes_and_price(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    filter.players = 1;
    assert_int_equal(search_for(bench, &filter).count, 1);
    filter.players = 4;
    assert_int_equal(search_for(bench, &filter).count, 4);
    filter.players = 5;
    assert_int_equal(search_for(bench, &filter).count, 0);
    filter = all(bench);
    filter.holes = 18;
    assert_int_equal(search_for(bench, &filter).count, 5);
    filter.holes = 9;
    assert_int_equal(search_for(bench, &filter).count, 0);
    filter = all(bench);
    filter.max_price_cents = 3000;
    assert_int_equal(search_for(bench, &filter).count, 1);
    filter.max_price_cents = 2999;
    assert_int_equal(search_for(bench, &filter).count, 0);
}

static void regions_and_courses(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct str regions[] = { STR("elsewhere"), STR("SASK") };
    struct search_filter filter = all(bench);
    filter.regions = regions;
    filter.regions_count = 1;
    assert_int_equal(search_for(bench, &filter).count, 0);
    filter.regions_count = 2;
    assert_int_equal(search_for(bench, &filter).count, 5);
    regions[1] = STR("SK");
    assert_int_equal(search_for(bench, &filter).count, 5);
    const int64_t courses[] = { 8, 9, 10 };
    filter = all(bench);
    filter.courses = courses;
    filter.courses_count = 3;
    assert_int_equal(search_for(bench, &filter).count, 2); /* 10 is inactive */
}

static void opened_since(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    filter.opened_since = bench->noon + 600;
    assert_int_equal(search_for(bench, &filter).count, 1);
    filter.opened_since++;
    assert_int_equal(search_for(bench, &filter).count, 0);
    /* One that comes back counts as opened anew. */
    struct look look = look_at(bench, 1000, 1, 3);
    bench_look(bench, &look);
    look = look_at(bench, 2000, 0, 3);
    bench_look(bench, &look);
    filter.opened_since = bench->noon + 2000;
    assert_int_equal(search_for(bench, &filter).count, 1);
}

static void near_a_place(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    filter.near = true;
    filter.latitude = 52.2; /* 11.1 km north of Zulu, 89 km south of Alpha */
    filter.longitude = -106.6;
    filter.within_km = 20;
    struct found found = search_for(bench, &filter);
    assert_int_equal(found.count, 3);
    assert_true(found.rows[0].distance_km > 11.0 && found.rows[0].distance_km < 11.3);
    filter.within_km = 11;
    assert_int_equal(search_for(bench, &filter).count, 0);
    filter.within_km = 100;
    assert_int_equal(search_for(bench, &filter).count, 4);
    filter.sort = SEARCH_BY_DISTANCE;
    filter.limit = 2;
    found = search_for(bench, &filter);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.names[0], "Zulu");
    /* In the box, but outside the circle. */
    filter = all(bench);
    filter.near = true;
    filter.latitude = 52.19;
    filter.longitude = -106.75;
    filter.within_km = 11;
    assert_int_equal(search_for(bench, &filter).count, 0);
}

static void orders_and_limit(void **state)
{
    struct bench *bench = *state;
    seed(bench);
    struct search_filter filter = all(bench);
    filter.sort = SEARCH_BY_PRICE;
    struct found found = search_for(bench, &filter);
    assert_int_equal(found.rows[0].price_cents, 3000);
    filter.sort = SEARCH_BY_COURSE;
    found = search_for(bench, &filter);
    assert_string_equal(found.names[0], "Alpha");
    assert_string_equal(found.names[1], "Mike");
    assert_string_equal(found.names[2], "Zulu");
    filter.limit = 2;
    assert_int_equal(search_for(bench, &filter).count, 2);
    filter.sort = SEARCH_BY_DISTANCE; /* without a place: by time */
    assert_string_equal(search_for(bench, &filter).names[0], "Alpha");
}

static bool put_shape(void *ctx, const struct shape_row *row)
{
    buf_printf(ctx, "%.*s|%.*s|%016llx|%lld|%.*s\n", STR_ARGS(row->engine), STR_ARGS(row->kind),
               (unsigned long long)row->fingerprint, (long long)row->first_seen,
               STR_ARGS(row->paths));
    return true;
}

static void shapes_keep_when_they_were_first_seen(void **state)
{
    struct bench *bench = *state;
    char text[400];
    struct buf buf = buf_over(text, sizeof(text));
    struct shape_row row = { .engine = STR("chronogolf"),
                             .kind = STR("GET /a/*"),
                             .fingerprint = 0xfedcba9876543210,
                             .first_seen = 2000,
                             .paths = STR("[\"$ array\"]") };
    assert_int_equal(shapes_put(bench->store, &row, NULL), TS_ERR_OK);
    row.first_seen = 3000;
    row.paths = STR("[\"$ array\",\"$[] object\"]");
    assert_int_equal(shapes_put(bench->store, &row, NULL), TS_ERR_OK);
    row.fingerprint = 1;
    row.first_seen = 1000;
    assert_int_equal(shapes_put(bench->store, &row, NULL), TS_ERR_OK);
    assert_int_equal(shapes_list(bench->store, put_shape, &buf, NULL), TS_ERR_OK);
    assert_string_equal(
        text, "chronogolf|GET /a/*|0000000000000001|1000|[\"$ array\",\"$[] object\"]\n"
              "chronogolf|GET /a/*|fedcba9876543210|2000|[\"$ array\",\"$[] object\"]\n");
}

#define T(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

const struct CMUnitTest store_contract_search[] = {
    T(everything_by_time),
    T(dates_and_times_bound),
    T(players_holes_and_price),
    T(regions_and_courses),
    T(opened_since),
    T(near_a_place),
    T(orders_and_limit),
    T(shapes_keep_when_they_were_first_seen),
};
const size_t store_contract_search_count = TS_COUNT_OF(store_contract_search);
