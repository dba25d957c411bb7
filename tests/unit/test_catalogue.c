/*
 * catalogue:
 * - each kind of problem of a row, with its line, column and reason; a row's problems together
 * - files that are refused: no header, unknown quotes, broken JSON lines, missing files
 * - derived ids: literal values that must never change, integers as texts, lists in any order,
 *   what is not identity; given ids; the first of two rows wins
 * - a course's values: window, opening minute, currency, holes, attributes in canonical form
 * - CSV and JSON Lines give the same rows; rows added one by one (the store's) as well
 * - active, requires_login, disabled_in_source, engines that are unsupported
 * - filters by region, region id, engine and course; unknown ones list the known
 * - memory per course at 2,000 and 20,000 rows
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "catalogue/catalogue.h"
#include "engine/engine.h"
#include "support/unit.h"

#define SEEN_MAX 64

#define UUID_A "11111111-aaaa-4bbb-8ccc-000000000001"
#define UUID_B "22222222-aaaa-4bbb-8ccc-000000000002"
#define V1     "\"{\"\"club_id\"\": 10, \"\"course_id\"\": 20, \"\"affiliation_type_id\"\": 30}\""
#define HEADER                                                                                 \
    "id,name,region,region_id,country,timezone,lat,lon,engine,engine_attributes,holes,"        \
    "booking_window_days,booking_opens_at,currency,booking_url,active\n"
#define BEFORE_ENGINE ",Elm,North,n-1,US,America/Denver,,,"

struct seen {
    struct {
        uint32_t line;
        char column[48];
        char reason[256];
    } problems[SEEN_MAX];
    uint32_t problems_count;
    struct {
        int64_t id;
        enum row_state state;
        char text[600]; /* all of the row's columns */
    } rows[SEEN_MAX];
    uint32_t rows_count;
};

static struct seen seen;
static struct error error;
static char path[64];

static void on_problem(void *ctx, const struct catalogue_problem *problem)
{
    assert_ptr_equal(ctx, &seen);
    assert_string_equal(problem->file, path);
    assert_in_range(seen.problems_count, 0, SEEN_MAX - 1);
    seen.problems[seen.problems_count].line = problem->line;
    (void)snprintf(seen.problems[seen.problems_count].column, 48, "%s", problem->column);
    (void)snprintf(seen.problems[seen.problems_count].reason, 256, "%s", problem->reason);
    seen.problems_count++;
}

static void on_row(void *ctx, const struct catalogue_row *row)
{
    assert_ptr_equal(ctx, &seen);
    assert_in_range(seen.rows_count, 0, SEEN_MAX - 1);
    seen.rows[seen.rows_count].id = row->id;
    seen.rows[seen.rows_count].state = row->state;
    (void)snprintf(
        seen.rows[seen.rows_count].text, 600,
        "%lld|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%g,%g|%d|%d|%d|%s",
        (long long)row->id, STR_ARGS(row->name), STR_ARGS(row->club), STR_ARGS(row->city),
        STR_ARGS(row->region), STR_ARGS(row->region_id), STR_ARGS(row->country),
        STR_ARGS(row->timezone), STR_ARGS(row->engine), STR_ARGS(row->attributes_json),
        STR_ARGS(row->currency), STR_ARGS(row->booking_url), row->latitude, row->longitude,
        row->holes, row->window_days, row->opens_minute, row_state_name(row->state));
    seen.rows_count++;
}

static ts_err load_bytes(const char *ending, const char *text, size_t len,
                         struct catalogue_config config, struct catalogue **ret_catalogue)
{
    (void)snprintf(path, sizeof(path), "/tmp/test_catalogue.%d%s", (int)getpid(), ending);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    memset(&seen, 0, sizeof(seen));
    memset(&error, 0, sizeof(error));
    config.path = path;
    config.ctx = &seen;
    ts_err err = catalogue_load(&config, ret_catalogue, &error);
    assert_int_equal(unlink(path), 0);
    return err;
}

/* Loads a text with both callbacks; must succeed. */
static struct catalogue *load(const char *ending, const char *text)
{
    struct catalogue *catalogue = NULL;
    struct catalogue_config config = { .on_row = on_row, .on_problem = on_problem };
    if (load_bytes(ending, text, strlen(text), config, &catalogue) != TS_ERR_OK)
        fail_msg("refused: %s", error.text);
    return catalogue;
}

static void assert_refused(const char *ending, const char *text, size_t len, ts_err expected,
                           const char *reason)
{
    struct catalogue *catalogue = NULL;
    struct catalogue_config config = { .on_row = NULL };
    assert_int_equal(load_bytes(ending, text, len, config, &catalogue), expected);
    assert_null(catalogue);
    if (!strstr(error.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

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

static void a_course_has_its_values(void **state)
{
    (void)state;
    struct catalogue *catalogue = load(
        ".csv", HEADER
        "5,Elm,North,,ca,America/Toronto,43.5,-79.5,chronogolf,\"{\"\"nb_holes\"\": "
        "\"\"18, 9\"\", \"\"club_id\"\": \"\"010\"\", \"\"course_id\"\": [21, \"\"20\"\", "
        "21], \"\"affiliation_type_id\"\": 30, \"\"extra\"\": {}}\",27,0,6:30,,,yes\n"
        "6,Ash,South,,GB,Europe/London,,,chronogolf,\"{\"\"course_uuids\"\": "
        "[\"\"11111111-AAAA-4BBB-8CCC-000000000001\"\"], \"\"club_slug\"\": "
        "\"\"caf\\u00e9\"\", \"\"booking_opens_local\"\": \"\"07:00\"\", \"\"bookingUrl\"\": "
        "\"\"https://ash.example\"\"}\",,90,,EUR,,\n"
        "7,Oak,North,,,Europe/London,,,chronogolf," V1 ",1,,23:59,,https://oak.example,1\n");
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
    static const int64_t known[] = { 1, 6, 7, 9 };
    catalogue_mark_seen(catalogue, known, TS_COUNT_OF(known));
    assert_false(elm->seen_before);
    assert_true(ash->seen_before && oak->seen_before);
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
    assert_string_equal(error.text, expected);
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
    assert_unknown((struct catalogue_config){ .courses = course, .courses_count = 1 }, HEADER,
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
        cmocka_unit_test(columns_with_faults_are_named),
        cmocka_unit_test(attributes_with_faults_are_named),
        cmocka_unit_test(a_rows_problems_come_together),
        cmocka_unit_test(files_that_cannot_be_parsed_are_refused),
        cmocka_unit_test(lines_have_a_limit),
        cmocka_unit_test(derived_ids_never_change),
        cmocka_unit_test(ids_hang_on_identity_alone),
        cmocka_unit_test(the_first_of_equal_ids_wins),
        cmocka_unit_test(a_course_has_its_values),
        cmocka_unit_test(json_lines_are_as_csv),
        cmocka_unit_test(rows_of_the_store_are_checked_too),
        cmocka_unit_test(inactive_rows_are_counted),
        cmocka_unit_test(filters_choose),
        cmocka_unit_test(unknown_filters_list_the_known),
        cmocka_unit_test(courses_take_little_memory),
        cmocka_unit_test(currencies_by_country),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
