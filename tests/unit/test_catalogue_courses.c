/*
 * catalogue, courses:
 * - a course's values: window, opening minute, currency, holes, attributes in canonical form
 * - rows added one by one (the store's) are checked like those of files
 * - filters by region, region id, engine and course; unknown ones list the known
 * - memory per course at 2,000 and 20,000 rows; the limits of attributes, regions and zones
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "support/unit.h"
#include "unit/catalogue_harness.h"

static struct catalogue *load_three(void)
{
    return load(
        ".csv", HEADER
        "5,Elm,North,,ca,America/Toronto,43.5,-79.5,chronogolf,\"{\"\"nb_holes\"\": "
        "\"\"18, 9\"\", \"\"club_id\"\": \"\"010\"\", \"\"course_id\"\": [21, \"\"20\"\", "
        "21], \"\"affiliation_type_id\"\": 30, \"\"extra\"\": {}}\",27,0,6:30,,,yes\n"
        "6,Ash,South,,GB,Europe/London,,,chronogolf,\"{\"\"course_uuids\"\": "
        "[\"\"11111111-AAAA-4BBB-8CCC-000000000001\"\"], \"\"club_slug\"\": "
        "\"\"caf\\u00e9\"\", \"\"booking_opens_local\"\": \"\"07:00\"\", \"\"bookingUrl\"\": "
        "\"\"https://ash.example\"\"}\",,90,,EUR,,\n"
        "7,Oak,North,,,Europe/London,,,chronogolf," V1 ",1,,23:59:00,,https://oak.example,1\n");
}

static void assert_attributes(const struct course *elm, const struct course *ash)
{
    const struct engine *engine = engines[elm->engine];
    assert_string_equal(engine->name, "chronogolf");
    unsigned courses = (unsigned)engine_attr_find(engine, STR("course_id"));
    unsigned club = (unsigned)engine_attr_find(engine, STR("club_id"));
    unsigned holes = (unsigned)engine_attr_find(engine, STR("nb_holes"));
    unsigned uuids = (unsigned)engine_attr_find(engine, STR("course_uuids"));
    unsigned slug = (unsigned)engine_attr_find(engine, STR("club_slug"));
    assert_true(str_equal(course_attribute(elm, courses), STR("21,20")));
    assert_true(str_equal(course_attribute(elm, club), STR("10")));
    assert_true(str_equal(course_attribute(elm, holes), STR("18,9")));
    assert_int_equal(course_attribute(elm, uuids).len, 0);
    assert_true(str_equal(course_attribute(ash, uuids), STR(UUID_A)));
    assert_true(str_equal(course_attribute(ash, slug), STR("caf\xc3\xa9")));
}

static void a_course_has_its_values(void **state)
{
    (void)state;
    struct catalogue *catalogue = load_three();
    assert_int_equal(seen.problems_count, 0);
    assert_int_equal(catalogue->courses_count, 3);
    const struct course *elm = &catalogue->courses[0];
    const struct course *ash = &catalogue->courses[1];
    const struct course *oak = &catalogue->courses[2];
    assert_int_equal(elm->window_days, 0);
    assert_int_equal(elm->opens_minute, 390);
    assert_int_equal(elm->holes, 27);
    assert_string_equal(elm->currency, "CAD");
    assert_string_equal(zone_name(catalogue->zones[elm->zone]), "America/Toronto");
    assert_attributes(elm, ash);
    assert_int_equal(ash->window_days, 90);
    assert_int_equal(ash->opens_minute, 420);
    assert_string_equal(ash->currency, "EUR");
    assert_non_null(strstr(seen.rows[1].text, "|https://ash.example|"));
    assert_int_equal(oak->window_days, COURSE_WINDOW_UNKNOWN);
    assert_int_equal(oak->opens_minute, 1439);
    assert_string_equal(oak->currency, "");
    assert_int_equal(oak->zone, ash->zone);
    assert_int_equal(catalogue->zones_count, 2);
    assert_string_equal(catalogue->regions[0], "");
    assert_string_equal(catalogue->regions[elm->region], "North");
    assert_int_equal(oak->region, elm->region);
    assert_int_equal(catalogue->regions_count, 3);
    catalogue_free(catalogue);
}

static void rows_of_the_store_are_checked_too(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof(seen));
    (void)snprintf(path, sizeof(path), "the store");
    struct catalogue_config config = {
        .path = path, .on_row = on_row, .on_problem = on_problem, .ctx = &seen
    };
    struct catalogue_builder *builder = NULL;
    assert_int_equal(catalogue_builder_new(&config, &builder), TS_ERR_OK);
    struct catalogue_row row = {
        .id = 9,
        .name = STR("Elm"),
        .country = STR("JP"),
        .timezone = STR("Asia/Tokyo"),
        .engine = STR("chronogolf"),
        .attributes_json = STR("{\"course_uuids\": \"" UUID_A "\"}"),
        .window_days = 14,
        .opens_minute = 0,
        .line = 1,
    };
    assert_int_equal(catalogue_builder_add(builder, &row, &error), TS_ERR_OK);
    row.id = 10;
    row.state = ROW_INACTIVE;
    assert_int_equal(catalogue_builder_add(builder, &row, &error), TS_ERR_OK);
    row.id = -1;
    row.state = ROW_OK;
    row.window_days = 91;
    row.opens_minute = 1440;
    row.holes = -2;
    row.has_place = true;
    row.latitude = -90.001;
    assert_int_equal(catalogue_builder_add(builder, &row, &error), TS_ERR_OK);
    struct catalogue *catalogue = NULL;
    assert_int_equal(catalogue_builder_end(builder, &catalogue, &error), TS_ERR_OK);
    catalogue_builder_free(builder);
    assert_int_equal(catalogue->courses_count, 1);
    assert_string_equal(catalogue->courses[0].currency, "JPY");
    assert_int_equal(catalogue->rows[ROW_INACTIVE], 1);
    assert_int_equal(catalogue->rows[ROW_MISCONFIGURED], 1);
    assert_int_equal(seen.problems_count, 5);
    assert_string_equal(seen.problems[0].column, "id");
    assert_string_equal(seen.problems[1].column, "holes");
    assert_string_equal(seen.problems[2].column, "booking_window_days");
    assert_string_equal(seen.problems[3].column, "booking_opens_at");
    assert_string_equal(seen.problems[4].column, "lat");
    catalogue_free(catalogue);
}

static const char filtered_text[] =
    HEADER "1,Elm,North,n-1,US,America/Denver,,,chronogolf," V1 ",,,,,,\n"
           "2,Ash,South,s-1,US,America/Denver,,,chronogolf," V1 ",,,,,,\n"
           "3,Oak,South,s-2,US,Nowhere,,,chronogolf," V1 ",,,,,,\n"
           "4,Fir,South,,US,Nowhere,,,dotgolf,,,,,,,\n"
           "5,Yew,South,,US,Nowhere,,,chronogolf," V1 ",,,,,,no\n"
           "1,Ivy,South,,US,America/Denver,,,chronogolf," V1 ",,,,,,\n";

static void assert_counts(struct catalogue_config config, uint32_t ok, uint32_t filtered,
                          uint32_t problems)
{
    struct catalogue *catalogue = NULL;
    config.on_row = on_row;
    config.on_problem = on_problem;
    if (load_bytes(".csv", filtered_text, strlen(filtered_text), config, &catalogue) !=
        TS_ERR_OK)
        fail_msg("refused: %s", error.text);
    assert_int_equal(catalogue->rows[ROW_OK], ok);
    assert_int_equal(catalogue->rows[ROW_FILTERED], filtered);
    assert_int_equal(catalogue->problems, problems);
    assert_int_equal(seen.problems_count, problems);
    catalogue_free(catalogue);
}

static void filters_choose(void **state)
{
    (void)state;
    struct str regions[] = { STR("nORTH"), STR("S-1") };
    struct str south[] = { STR("South") };
    struct str engine[] = { STR("chronogolf") };
    int64_t courses[] = { 2 };
    assert_counts((struct catalogue_config){ .regions = regions, .regions_count = 2 }, 2, 3, 0);
    /* The duplicate's first row is elsewhere: it stays a duplicate. */
    assert_counts((struct catalogue_config){ .regions = south, .regions_count = 1 }, 1, 1, 2);
    assert_counts((struct catalogue_config){ .engines = engine, .engines_count = 1 }, 2, 1, 2);
    assert_counts((struct catalogue_config){ .courses = courses, .courses_count = 1 }, 1, 4, 0);
    assert_counts(
        (struct catalogue_config){
            .courses = courses, .courses_count = 1, .regions = regions, .regions_count = 1 },
        0, 5, 0);
}

static void assert_unknown(struct catalogue_config config, const char *text,
                           const char *expected)
{
    struct catalogue *catalogue = NULL;
    assert_int_equal(load_bytes(".csv", text, strlen(text), config, &catalogue), TS_ERR_USAGE);
    assert_null(catalogue);
    assert_true(str_has_prefix(str_of(error.text), str_of(expected)));
}

static void unknown_filters_list_the_known(void **state)
{
    (void)state;
    struct str region[] = { STR("South"), STR("West") };
    struct str engine[] = { STR("dotgolf") };
    int64_t course[] = { 2, 77 };
    assert_unknown((struct catalogue_config){ .regions = region, .regions_count = 2 },
                   filtered_text,
                   "unknown region \"West\"; known: North, South, n-1, s-1, s-2");
    assert_unknown((struct catalogue_config){ .courses = course, .courses_count = 2 },
                   filtered_text, "unknown course 77; known: 1, 2, 3, 4, 5");
    assert_unknown((struct catalogue_config){ .engines = engine, .engines_count = 1 },
                   filtered_text, "unknown engine \"dotgolf\"; known: chronogolf");
    assert_unknown((struct catalogue_config){ .courses = course, .courses_count = 1 },
                   HEADER ",Elm,,,,UTC,,,chronogolf,{},,,,,,\n",
                   "unknown course 2; known: none");
    char text[4096];
    struct buf out = buf_over(text, sizeof(text));
    buf_puts(&out, HEADER);
    for (int i = 1; i <= 12; i++)
        buf_printf(&out, "%d,E,R%d,,US,America/Denver,,,chronogolf," V1 ",,,,,,\n", i, i);
    assert_unknown((struct catalogue_config){ .regions = region, .regions_count = 1 }, text,
                   "unknown region \"South\"; known: R1, R2, R3, R4, R5, R6, R7, R8, R9, R10 "
                   "and 2 more");
    assert_unknown((struct catalogue_config){ .courses = course + 1, .courses_count = 1 }, text,
                   "unknown course 77; known: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more");
}

/* Rows as real ones are: half by two uuids, half by numbers, ten zones, forty regions. */
static char *generate(uint32_t count)
{
    static const char *const zones[] = { "America/Denver",  "America/New_York", "UTC",
                                         "America/Chicago", "America/Phoenix",  "Asia/Tokyo",
                                         "Europe/London",   "Europe/Paris",     "Asia/Kolkata",
                                         "Australia/Sydney" };
    size_t cap = (size_t)count * 400 + 1000;
    char *text = malloc(cap);
    assert_non_null(text);
    struct buf out = buf_over(text, cap);
    buf_puts(&out, HEADER);
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&out, ",A course with a long name,Region %u,,US,%s,40.25,-105.5,chronogolf,",
                   i % 40, zones[i % 10]);
        if (i % 2 == 0)
            buf_printf(&out,
                       "\"{\"\"course_uuids\"\":[\"\"%08x-1111-4222-8333-444444444444\"\","
                       "\"\"%08x-5555-4666-8777-888888888888\"\"],\"\"club_slug\"\":"
                       "\"\"the-golf-club-number-%u\"\"}\"",
                       i, i, i);
        else
            buf_printf(&out,
                       "\"{\"\"club_id\"\":%u,\"\"course_id\"\":%u,"
                       "\"\"affiliation_type_id\"\":%u,\"\"club_slug\"\":"
                       "\"\"the-golf-club-number-%u\"\"}\"",
                       10000 + i, 20000 + i, i, i);
        buf_puts(&out, ",18,7,06:00,,https://booking.example/a/long/link,\n");
    }
    assert_false(out.overflow);
    return text;
}

static void courses_take_little_memory(void **state)
{
    (void)state;
    static const uint32_t counts[] = { 2000, 20000 };
    for (size_t i = 0; i < TS_COUNT_OF(counts); i++) {
        char *text = generate(counts[i]);
        struct catalogue *catalogue = NULL;
        struct catalogue_config config = { .on_row = NULL };
        if (load_bytes(".csv", text, strlen(text), config, &catalogue) != TS_ERR_OK)
            fail_msg("refused: %s", error.text);
        assert_int_equal(catalogue->courses_count, counts[i]);
        assert_in_range(catalogue->bytes / counts[i], sizeof(struct course), 200);
        print_message("%u courses: %zu bytes, %zu each\n", counts[i], catalogue->bytes,
                      catalogue->bytes / counts[i]);
        catalogue_free(catalogue);
        free(text);
    }
}

/* One row whose attributes take `extra` bytes beside one uuid and the seven NULs. */
static uint32_t problems_with_slug(size_t extra)
{
    static const char start[] =
        "{\"engine\":\"chronogolf\",\"timezone\":\"UTC\","
        "\"engine_attributes\":{\"course_uuids\":\"" UUID_A "\",\"club_slug\":\"";
    static char text[8192];
    size_t len = strlen(start);
    memcpy(text, start, len);
    memset(text + len, 's', extra);
    memcpy(text + len + extra, "\"}}\n", 5);
    catalogue_free(load(".jsonl", text));
    return seen.problems_count;
}

static void attributes_have_a_limit(void **state)
{
    (void)state;
    size_t fits = 4096 - strlen(UUID_A) - engines[0]->attrs_count;
    assert_int_equal(problems_with_slug(fits - 1), 0);
    assert_int_equal(problems_with_slug(fits), 0);
    assert_int_equal(problems_with_slug(fits + 1), 1);
    assert_int_equal(problems_with_slug(5000), 1);
}

/* `count` rows of as many regions. */
static char *generate_regions(uint32_t count)
{
    size_t cap = (size_t)count * 120 + 200;
    char *text = malloc(cap);
    assert_non_null(text);
    struct buf out = buf_over(text, cap);
    buf_puts(&out, "id,region,timezone,engine,engine_attributes\n");
    for (uint32_t i = 1; i <= count; i++)
        buf_printf(&out, "%u,%u,UTC,chronogolf,\"{\"\"course_uuids\"\":\"\"" UUID_A "\"\"}\"\n",
                   i, i);
    assert_false(out.overflow);
    return text;
}

static void regions_have_a_limit(void **state)
{
    (void)state;
    char *text = generate_regions(65535);
    struct catalogue_config config = { .on_row = NULL };
    struct catalogue *catalogue = NULL;
    assert_int_equal(load_bytes(".csv", text, strlen(text), config, &catalogue), TS_ERR_OK);
    assert_int_equal(catalogue->regions_count, 65536);
    assert_string_equal(catalogue->regions[catalogue->courses[65534].region], "65535");
    catalogue_free(catalogue);
    free(text);
    text = generate_regions(65536);
    assert_refused(".csv", text, strlen(text), TS_ERR_CATALOGUE, "more than 65536 regions");
    free(text);
}

/* Fixed offsets are not enough: the zones of the system's own list. */
static void zones_have_a_limit(void **state)
{
    (void)state;
    FILE *tab = fopen("/usr/share/zoneinfo/zone.tab", "re");
    if (!tab) {
        print_message("skipped: no zone.tab in /usr/share/zoneinfo\n");
        skip();
    }
    static char text[65536];
    struct buf out = buf_over(text, sizeof(text));
    char line[512], zone[128];
    uint32_t zones = 0;
    buf_puts(&out, "id,timezone,engine,engine_attributes\n");
    while (zones < 258 && fgets(line, sizeof(line), tab)) {
        if (line[0] == '#' || sscanf(line, "%*s %*s %127s", zone) != 1)
            continue;
        buf_printf(&out, "%u,%s,chronogolf,\"{\"\"course_uuids\"\":\"\"" UUID_A "\"\"}\"\n",
                   ++zones, zone);
    }
    assert_int_equal(fclose(tab), 0);
    assert_int_equal(zones, 258);
    struct catalogue_config config = { .on_problem = on_problem };
    struct catalogue *catalogue = NULL;
    assert_int_equal(load_bytes(".csv", text, strlen(text), config, &catalogue), TS_ERR_OK);
    assert_int_equal(catalogue->courses_count, 256);
    assert_int_equal(catalogue->zones_count, 256);
    assert_int_equal(seen.problems_count, 2);
    assert_int_equal(seen.problems[0].line, 258);
    assert_string_equal(seen.problems[0].column, "timezone");
    catalogue_free(catalogue);
}

static void currencies_by_country(void **state)
{
    (void)state;
    assert_string_equal(catalogue_currency_of(STR("US")), "USD");
    assert_string_equal(catalogue_currency_of(STR("gb")), "GBP");
    assert_string_equal(catalogue_currency_of(STR("AD")), "EUR");
    assert_string_equal(catalogue_currency_of(STR("ZW")), "ZWG");
    assert_string_equal(catalogue_currency_of(STR("XX")), "");
    assert_string_equal(catalogue_currency_of(STR("USA")), "");
    assert_string_equal(catalogue_currency_of(STR("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_course_has_its_values),
        cmocka_unit_test(rows_of_the_store_are_checked_too),
        cmocka_unit_test(filters_choose),
        cmocka_unit_test(unknown_filters_list_the_known),
        cmocka_unit_test(courses_take_little_memory),
        cmocka_unit_test(attributes_have_a_limit),
        cmocka_unit_test(regions_have_a_limit),
        cmocka_unit_test(zones_have_a_limit),
        cmocka_unit_test(currencies_by_country),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
