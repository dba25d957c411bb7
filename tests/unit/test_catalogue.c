/*
 * catalogue, rows:
 * - each kind of problem of a row, with its line, column and reason; a row's problems together
 * - files that are refused: no header, open quotes, broken JSON lines, missing files
 * - derived ids: literal values that must never change, integers as texts, lists in any order,
 *   what is not identity; given ids; the first of two rows wins
 * - CSV and JSON Lines give the same rows
 * - active, requires_login, disabled_in_source, engines that are unsupported
 */
#include <stdio.h>
#include <stdlib.h>

#include "support/unit.h"
#include "unit/catalogue_harness.h"

/* One row after the header gives exactly one problem. */
static void assert_problem(const char *row, const char *column, const char *reason)
{
    char text[2048];
    (void)snprintf(text, sizeof(text), HEADER "%s\n", row);
    struct catalogue *catalogue = load(".csv", text);
    if (seen.problems_count != 1 || strcmp(seen.problems[0].column, column) != 0 ||
        !strstr(seen.problems[0].reason, reason) || seen.problems[0].line != 2)
        fail_msg("%s: %u problems, line %u, %s: %s", row, seen.problems_count,
                 seen.problems[0].line, seen.problems[0].column, seen.problems[0].reason);
    assert_int_equal(catalogue->rows[ROW_MISCONFIGURED], 1);
    assert_int_equal(catalogue->problems, 1);
    assert_int_equal(catalogue->courses_count, 0);
    catalogue_free(catalogue);
}

static void columns_with_faults_are_named(void **state)
{
    (void)state;
    assert_problem("0" BEFORE_ENGINE "chronogolf," V1 ",,,,,,", "id", "positive whole number");
    assert_problem("-4" BEFORE_ENGINE "chronogolf," V1 ",,,,,,", "id", "\"-4\"");
    assert_problem("9223372036854775808" BEFORE_ENGINE "chronogolf," V1 ",,,,,,", "id",
                   "leave it empty");
    assert_problem(",Elm,,,US,,,,chronogolf," V1 ",,,,,,", "timezone", "missing");
    assert_problem(",Elm,,,US,Mars/Olympus,,,chronogolf," V1 ",,,,,,", "timezone",
                   "unknown time zone \"Mars/Olympus\"");
    assert_problem(",Elm,,,US,../../etc/passwd,,,chronogolf," V1 ",,,,,,", "timezone",
                   "unknown time zone");
    assert_problem(",Elm,,,US,America/Denver,91,10,chronogolf," V1 ",,,,,,", "lat",
                   "give -90 to 90");
    assert_problem(",Elm,,,US,America/Denver,40,-180.5,chronogolf," V1 ",,,,,,", "lon",
                   "give -180 to 180");
    assert_problem(",Elm,,,US,America/Denver,40,,chronogolf," V1 ",,,,,,", "lon", "missing");
    assert_problem(",Elm,,,US,America/Denver,4o,10,chronogolf," V1 ",,,,,,", "lat", "degrees");
    assert_problem(BEFORE_ENGINE "," V1 ",,,,,,", "engine", "missing");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",x,,,,,", "holes", "digits");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",100,,,,,", "holes", "give 1 to 99");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,91,,,,", "booking_window_days",
                   "91 is out of range: give 0 to 90");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,-1,,,,", "booking_window_days", "digits");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,7.5,,,,", "booking_window_days", "7.5");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,24:00,,,", "booking_opens_at", "HH:MM");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,6am,,,", "booking_opens_at", "\"6am\"");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,06:00:30,,,", "booking_opens_at",
                   "HH:MM");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,:00,,,", "booking_opens_at", "HH:MM");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,,usd,,", "currency", "capital letters");
    assert_problem(",Elm,,,USA,America/Denver,,,chronogolf," V1 ",,,,,,", "country", "as US");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,,,,maybe", "active", "neither");
    assert_problem(",\xff\xfe,,,US,America/Denver,,,chronogolf," V1 ",,,,,,", "name", "UTF-8");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,,,", "row", "15 fields");
    assert_problem(BEFORE_ENGINE "chronogolf," V1 ",,,,,,,", "row", "17 fields");
}

/* The same for the attributes, given as JSON. */
static void assert_attribute(const char *attributes, const char *column, const char *reason)
{
    char row[1024];
    struct buf out = buf_over(row, sizeof(row));
    buf_puts(&out, BEFORE_ENGINE "chronogolf,\"");
    for (const char *c = attributes; *c; c++)
        buf_printf(&out, *c == '"' ? "\"\"" : "%c", *c);
    buf_puts(&out, "\",,,,,,");
    assert_problem(row, column, reason);
}

static void attributes_with_faults_are_named(void **state)
{
    (void)state;
    assert_attribute("{", "engine_attributes", "no JSON at byte");
    assert_attribute("{\"club_id\": 1, }", "engine_attributes", "no JSON at byte 15");
    assert_attribute("[1]", "engine_attributes", "must be a JSON object");
    assert_attribute("{}", "club_id", "missing");
    assert_attribute("{\"club_id\": 1, \"course_id\": 2}", "affiliation_type_id", "missing");
    assert_attribute("{\"club_id\": 1, \"course_id\": 2, \"affiliation_type_id\": \"x\"}",
                     "affiliation_type_id", "\"x\" is not a whole number");
    assert_attribute("{\"club_id\": 1.5, \"course_id\": 2, \"affiliation_type_id\": 3}",
                     "club_id", "\"1.5\" is not a whole number");
    assert_attribute("{\"club_id\": [1], \"course_id\": 2, \"affiliation_type_id\": 3}",
                     "club_id", "must be one text or number");
    assert_attribute("{\"club_id\": true, \"course_id\": 2, \"affiliation_type_id\": 3}",
                     "club_id", "must be one text or number");
    assert_attribute("{\"club_id\": 1, \"club_id\": 2}", "club_id", "given twice");
    assert_attribute("{\"course_uuids\": [\"nonsense\"]}", "course_uuids", "not a UUID");
    assert_attribute("{\"course_uuids\": [{}]}", "course_uuids", "list of texts");
    assert_attribute("{\"api\": \"v3\", \"course_uuids\": [\"" UUID_A "\"]}", "api", "v3");
    assert_attribute("{\"course_uuids\": [\"" UUID_A "\"], \"requires_login\": \"perhaps\"}",
                     "requires_login", "true or false");
    assert_attribute("{\"course_uuids\": [\"" UUID_A "\"], \"bookingUrl\": 7}", "bookingUrl",
                     "text");
    assert_attribute("{\"course_uuids\": [\"" UUID_A "\"], \"booking_opens_local\": \"7 am\"}",
                     "booking_opens_local", "HH:MM");
    assert_attribute("{\"course_uuids\": [\"" UUID_A "\"], \"club_slug\": \"a\\nb\"}",
                     "club_slug", "\"a?b\" holds a control character");
}

static void a_rows_problems_come_together(void **state)
{
    (void)state;
    struct catalogue *catalogue =
        load(".csv",
             HEADER BEFORE_ENGINE "chronogolf," V1 ",,,,,,\n"
                                  ",\"Elm\nPark\",,,US,Nowhere,,,chronogolf,{},,99,25:00,,,\n"
                                  "\n"
                                  ",Ash,,,US,America/Denver,,,chronogolf,{},,,,,,\n");
    assert_int_equal(catalogue->courses_count, 1);
    assert_int_equal(catalogue->rows[ROW_MISCONFIGURED], 2);
    assert_int_equal(seen.problems_count, 5);
    assert_string_equal(seen.problems[0].column, "booking_opens_at");
    assert_string_equal(seen.problems[1].column, "booking_window_days");
    assert_string_equal(seen.problems[2].column, "timezone");
    assert_string_equal(seen.problems[3].column, "club_id");
    assert_int_equal(seen.problems[3].line, 3);
    /* A line break inside quotes and an empty line count as lines. */
    assert_int_equal(seen.problems[4].line, 6);
    catalogue_free(catalogue);
}

static void files_that_cannot_be_parsed_are_refused(void **state)
{
    (void)state;
    assert_refused(".csv", "", 0, TS_ERR_CATALOGUE, "empty");
    assert_refused(".csv", HEADER "\n", strlen(HEADER) + 1, TS_ERR_CATALOGUE, "no course");
    assert_refused(".jsonl", "\n", 1, TS_ERR_CATALOGUE, "no course");
    static const char no_engine[] = "name,timezone,engine_attributes\n";
    assert_refused(".csv", no_engine, strlen(no_engine), TS_ERR_CATALOGUE,
                   "line 1: no column \"engine\"");
    static const char twice[] = "engine,timezone,engine_attributes,Engine\n";
    assert_refused(".csv", twice, strlen(twice), TS_ERR_CATALOGUE, "\"engine\" stands twice");
    static const char open_quote[] = HEADER "1,\"Elm\n2,Ash\n";
    assert_refused(".csv", open_quote, strlen(open_quote), TS_ERR_CATALOGUE, "line 2");
    static const char nul[] = HEADER "1,E\0m\n";
    assert_refused(".csv", nul, sizeof(nul) - 1, TS_ERR_CATALOGUE, "line 2");
    static const char cut[] = "{\"engine\": \"x\"}\n\n{\"engine\": \n";
    assert_refused(".jsonl", cut, strlen(cut), TS_ERR_CATALOGUE, "line 3, byte");
    static const char list[] = "[]\n";
    assert_refused(".ndjson", list, strlen(list), TS_ERR_CATALOGUE, "line 1: each line must");
    struct catalogue_config config = { .path = "/nonexistent/courses.csv" };
    struct catalogue *catalogue = NULL;
    assert_int_equal(catalogue_load(&config, &catalogue, &error), TS_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "/nonexistent/courses.csv"));
    config.path = "/tmp";
    assert_int_equal(catalogue_load(&config, &catalogue, &error), TS_ERR_IO);
}

static void lines_have_a_limit(void **state)
{
    (void)state;
    static const char start[] = "{\"engine\":\"x\",\"name\":\"";
    char *line = malloc(65536 + 8);
    assert_non_null(line);
    memset(line, 'n', 65536 + 8);
    memcpy(line, start, strlen(start));
    memcpy(line + 65534, "\"}\n", 3);
    struct catalogue_config config = { .on_row = NULL };
    struct catalogue *catalogue = NULL;
    assert_int_equal(load_bytes(".jsonl", line, 65537, config, &catalogue), TS_ERR_OK);
    assert_int_equal(catalogue->rows[ROW_UNSUPPORTED], 1);
    catalogue_free(catalogue);
    memcpy(line + 65534, "n\"}\n", 4);
    assert_refused(".jsonl", line, 65538, TS_ERR_CATALOGUE, "line 1: longer than 65536 bytes");
    free(line);
}

/* The id of one Chronogolf row, as JSON Lines. */
static int64_t id_of(const char *attributes)
{
    char text[1024];
    (void)snprintf(
        text, sizeof(text),
        "{\"engine\":\"chronogolf\",\"timezone\":\"UTC\",\"engine_attributes\":%s}\n",
        attributes);
    struct catalogue *catalogue = load(".jsonl", text);
    catalogue_free(catalogue);
    return seen.rows[0].id;
}

/* Computed outside of this program (FNV-1a in Python, by the recipe in attributes.h). If one of
 * these fails, stored tee times lose their courses: never adapt the numbers. */
static void derived_ids_never_change(void **state)
{
    (void)state;
    assert_int_equal(id_of("{\"club_id\":10,\"course_id\":20,\"affiliation_type_id\":30}"),
                     7212046601675253693);
    assert_int_equal(
        id_of("{\"club_id\":10,\"course_id\":[21,20,100],\"affiliation_type_id\":30}"),
        5748113435464262417);
    assert_int_equal(id_of("{\"course_uuids\":[\"" UUID_A "\"]}"), 8987822130004917149);
    assert_int_equal(id_of("{\"course_uuids\":[\"" UUID_A "\",\"" UUID_B "\"]}"),
                     6187365083204101556);
}

static void ids_hang_on_identity_alone(void **state)
{
    (void)state;
    int64_t v1 = id_of("{\"club_id\":10,\"course_id\":[20,21],\"affiliation_type_id\":30}");
    static const char *const same_v1[] = {
        "{\"club_id\":\"10\",\"course_id\":\"20,21\",\"affiliation_type_id\":\"30\"}",
        "{\"affiliation_type_id\":30,\"course_id\":\" 21 , 20 \",\"club_id\":\"010\"}",
        "{\"club_id\":10,\"course_id\":[\"21\",20,20],\"affiliation_type_id\":30}",
        "{\"club_id\":10,\"course_id\":[20,21],\"affiliation_type_id\":30,\"api\":\"v1\","
        "\"nb_holes\":9,\"club_slug\":\"elm\",\"bookingUrl\":\"https://e.example\"}",
        "{\"club_id\":10,\"course_id\":[20,21],\"affiliation_type_id\":30,\"api\":\"v1\","
        "\"course_uuids\":[\"" UUID_A "\"]}",
    };
    for (size_t i = 0; i < TS_COUNT_OF(same_v1); i++)
        assert_int_equal(id_of(same_v1[i]), v1);
    assert_int_not_equal(
        id_of("{\"club_id\":10,\"course_id\":[20],\"affiliation_type_id\":30}"), v1);
    assert_int_not_equal(
        id_of("{\"club_id\":10,\"course_id\":[20,21],\"affiliation_type_id\":31}"), v1);
    int64_t v2 = id_of("{\"course_uuids\":[\"" UUID_A "\",\"" UUID_B "\"]}");
    static const char *const same_v2[] = {
        "{\"course_uuids\":[\"" UUID_B "\",\"" UUID_A "\"]}",
        "{\"course_uuids\":\"" UUID_B ", " UUID_A "\"}",
        "{\"course_uuids\":[\"11111111-AAAA-4BBB-8CCC-000000000001\",\"" UUID_B "\"],"
        "\"affiliation_type_id\":30,\"club_id\":10,\"course_id\":20}",
        "{\"course_uuids\":[\"" UUID_A "\",\"" UUID_B "\"],\"api\":\"v2\",\"club_slug\":\"e\"}",
    };
    for (size_t i = 0; i < TS_COUNT_OF(same_v2); i++)
        assert_int_equal(id_of(same_v2[i]), v2);
    assert_int_equal(id_of("{}"), 0);
}

static void the_first_of_equal_ids_wins(void **state)
{
    (void)state;
    struct catalogue *catalogue =
        load(".csv", HEADER "7,Elm,,,US,America/Denver,,,chronogolf," V1 ",18,,,,,\n"
                            "7,Ash,,,US,America/Denver,,,chronogolf," V1 ",9,,,,,\n"
                            ",Oak,,,US,America/Denver,,,chronogolf," V1 ",,,,,,\n"
                            ",Fir,,,US,Nowhere,,,chronogolf," V1 ",,,,,,\n"
                            "8,Yew,,,US,Nowhere,,,chronogolf," V1 ",,,,,,\n"
                            "8,Ivy,,,US,America/Denver,,,chronogolf," V1 ",,,,,,\n");
    assert_int_equal(catalogue->courses_count, 2);
    assert_int_equal(catalogue->courses[0].id, 7);
    assert_int_equal(catalogue->courses[0].holes, 18);
    assert_int_equal(catalogue->rows[ROW_DUPLICATE], 3);
    assert_int_equal(catalogue->rows[ROW_MISCONFIGURED], 1);
    assert_int_equal(seen.problems_count, 4);
    assert_int_equal(seen.problems[0].line, 3);
    assert_string_equal(seen.problems[0].column, "id");
    assert_string_equal(seen.problems[0].reason,
                        "7 is the course of line 2 already, which counts: remove this row");
    /* A duplicate's other faults do not matter. */
    assert_int_equal(seen.problems[1].line, 5);
    assert_string_equal(seen.problems[1].column, "id");
    assert_int_equal(seen.problems[3].line, 7);
    catalogue_free(catalogue);
}

static const char both_csv[] =
    "\xef\xbb\xbf"
    "ID,name,club,city,region,region_id,country,timezone,lat,lon,engine,"
    "engine_attributes,holes,booking_window_days,booking_opens_at,currency,booking_url,active,"
    "source\r\n"
    "5,\"Elm, \"\"Old\"\"\",Club,City,North,n-1,US,America/Denver,39.5,-105.25,chronogolf,"
    "\"{\"\"club_id\"\":1,\"\"course_id\"\":2,\"\"affiliation_type_id\"\":3}\",18,7,06:00,USD,"
    "https://e.example,true,x\r\n"
    ",Ash,,,,,,Nowhere,,,chronogolf,\"{\"\"club_id\"\":1}\",,,,,,,\r\n"
    ",Oak,,,,,,UTC,,,dotgolf,,,,,,,,\r\n"
    ",Fir,,,,,,UTC,,,chronogolf,\"{\"\"course_uuids\"\":[\"\"" UUID_A "\"\"]}\",,,,,,no,";

static const char both_jsonl[] =
    "\xef\xbb\xbf"
    "{\"id\":5,\"name\":\"Elm, \\\"Old\\\"\",\"club\":\"Club\",\"city\":\"City\","
    "\"region\":\"North\",\"region_id\":\"n-1\",\"country\":\"US\",\"timezone\":"
    "\"America/Denver\",\"lat\":39.5,\"lon\":-105.25,\"engine\":\"chronogolf\","
    "\"engine_attributes\":{\"club_id\":1,\"course_id\":2,\"affiliation_type_id\":3},"
    "\"holes\":18,\"booking_window_days\":7,\"booking_opens_at\":\"06:00\",\"currency\":"
    "\"USD\","
    "\"booking_url\":\"https://e.example\",\"active\":true,\"source\":[1]}\r\n"
    "{\"name\":\"Ash\",\"timezone\":\"Nowhere\",\"engine\":\"chronogolf\",\"lat\":null,"
    "\"engine_attributes\":\"{\\\"club_id\\\":1}\"}\n"
    "{\"name\":\"Oak\",\"timezone\":\"UTC\",\"engine\":\"dotgolf\"}\n"
    "{\"active\":false,\"name\":\"Fir\",\"timezone\":\"UTC\",\"engine\":\"chronogolf\","
    "\"engine_attributes\":{\"course_uuids\":[\"" UUID_A "\"]}}";

static void json_lines_are_as_csv(void **state)
{
    (void)state;
    struct catalogue *catalogue = load(".csv", both_csv);
    struct seen csv = seen;
    catalogue_free(catalogue);
    catalogue = load(".JSONL", both_jsonl);
    assert_int_equal(seen.rows_count, 4);
    assert_int_equal(csv.rows_count, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(seen.rows[i].text, csv.rows[i].text);
    assert_int_equal(seen.problems_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(seen.problems[i].column, csv.problems[i].column);
        assert_string_equal(seen.problems[i].reason, csv.problems[i].reason);
    }
    assert_string_equal(seen.rows[0].text,
                        "5|Elm, \"Old\"|Club|City|North|n-1|US|America/Denver|chronogolf|"
                        "{\"club_id\":1,\"course_id\":2,\"affiliation_type_id\":3}|USD|"
                        "https://e.example|39.5,-105.25|18|7|360|ok");
    assert_int_equal(catalogue->rows[ROW_OK], 1);
    assert_int_equal(catalogue->rows[ROW_MISCONFIGURED], 1);
    assert_int_equal(catalogue->rows[ROW_UNSUPPORTED], 1);
    assert_int_equal(catalogue->rows[ROW_INACTIVE], 1);
    catalogue_free(catalogue);
    /* What CSV cannot say. */
    catalogue = load(".jsonl", "{\"engine\":\"chronogolf\",\"timezone\":\"UTC\",\"name\":[1],"
                               "\"engine_attributes\":{\"course_uuids\":\"" UUID_A "\"}}\n");
    assert_int_equal(seen.problems_count, 1);
    assert_string_equal(seen.problems[0].column, "name");
    catalogue_free(catalogue);
}

static void inactive_rows_are_counted(void **state)
{
    (void)state;
    static const char *const inactive[] = { "false", "No", "0", "off", "F", "n" };
    static const char *const active[] = { "", "true", "YES", "1", "on", "t", "y" };
    char text[512];
    for (size_t i = 0; i < TS_COUNT_OF(inactive) + TS_COUNT_OF(active); i++) {
        bool is_active = i >= TS_COUNT_OF(inactive);
        (void)snprintf(text, sizeof(text), HEADER BEFORE_ENGINE "chronogolf," V1 ",,,,,,%s\n",
                       is_active ? active[i - TS_COUNT_OF(inactive)] : inactive[i]);
        struct catalogue *catalogue = load(".csv", text);
        assert_int_equal(catalogue->rows[ROW_OK], is_active);
        assert_int_equal(catalogue->rows[ROW_INACTIVE], !is_active);
        assert_int_equal(seen.problems_count, 0);
        assert_true(seen.rows[0].id > 0);
        catalogue_free(catalogue);
    }
    (void)id_of("{\"course_uuids\":\"" UUID_A "\",\"requires_login\":true}");
    assert_int_equal(seen.rows[0].state, ROW_INACTIVE);
    (void)id_of("{\"course_uuids\":\"" UUID_A "\",\"disabled_in_source\":\"true\"}");
    assert_int_equal(seen.rows[0].state, ROW_INACTIVE);
    (void)id_of("{\"course_uuids\":\"" UUID_A "\",\"disabled_in_source\":0}");
    assert_int_equal(seen.rows[0].state, ROW_OK);
    /* A faulty one that is inactive is no problem to anybody. */
    (void)id_of("{\"club_id\":\"x\",\"disabled_in_source\":true}");
    assert_int_equal(seen.rows[0].state, ROW_INACTIVE);
    assert_int_equal(seen.problems_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_with_faults_are_named),
        cmocka_unit_test(attributes_with_faults_are_named),
        cmocka_unit_test(a_rows_problems_come_together),
        cmocka_unit_test(files_that_cannot_be_parsed_are_refused),
        cmocka_unit_test(lines_have_a_limit),
        cmocka_unit_test(derived_ids_never_change),
        cmocka_unit_test(ids_hang_on_identity_alone),
        cmocka_unit_test(the_first_of_equal_ids_wins),
        cmocka_unit_test(json_lines_are_as_csv),
        cmocka_unit_test(inactive_rows_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
