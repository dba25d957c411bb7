/*
 * test_cmd_read.c exercises the reading subcommands, the program itself, on a store that
 * read_store.c filled (SQLite, and PostgreSQL where it is installed):
 * - search: each form of --date on both sides of a zone's midnight; each filter on both sides
 *   of its bound; --near, --within, orders, --limit; table, JSON, CSV; a found and an empty
 *   result with its reasons; faulty options
 * - status: cells, openings, ranges, JSON and CSV; both on narrow terminals; runs; store check
 * and migrate
 * - a store that is not there is not made
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "read_harness.h"
#include "read_store.h"
#include "store/store.h"
#include "support/pg_server.h"
#include "support/unit.h"

#define ALL "11 23:50;13 19:00;14 07:00;11 08:00;11 08:10;12 10:00;11 12:00;13 09:00;14 07:00;"

static int search_at(const char *now, const char *words)
{
    char line[500];
    (void)snprintf(line, sizeof(line), "search --now %s%s%s", now, *words ? " " : "", words);
    return read_run(line);
}

/* The found tee times as "COURSE HH:MM;…", from CSV. */
static void assert_finds_at(const char *now, const char *words, const char *expected)
{
    char line[400];
    char found[2000];
    struct buf out = buf_over(found, sizeof(found));
    (void)snprintf(line, sizeof(line), "--format csv%s%s", *words ? " " : "", words);
    int exit_code = search_at(now, line);
    struct str rest = str_of(read_said.out);
    struct str row, course, date, time;
    assert_true(str_split(&rest, '\n', &row));
    assert_true(str_has_prefix(row, STR("course_id,play_date,start_time,starts_at,")));
    while (str_split(&rest, '\n', &row)) {
        assert_true(str_split(&row, ',', &course) && str_split(&row, ',', &date) &&
                    str_split(&row, ',', &time));
        buf_printf(&out, "%.*s %.*s;", STR_ARGS(course), STR_ARGS(time));
    }
    if (strcmp(found, expected) != 0)
        fail_msg("%s at %s: found %s, expected %s; %s", words, now, found, expected,
                 read_said.err);
    assert_int_equal(exit_code, *expected ? 0 : 1);
}

static void assert_finds(const char *words, const char *expected)
{
    assert_finds_at(READ_NOW, words, expected);
}

/* --- search --- */

static void dates_are_each_courses_own(void **state)
{
    (void)state;
    static const char saturday[] = "13 19:00;14 07:00;11 08:00;11 08:10;12 10:00;11 12:00;";
    assert_finds("", ALL);
    assert_finds("--date today", "11 23:50;13 19:00;14 07:00;");
    assert_finds("--date +0", "11 23:50;13 19:00;14 07:00;");
    assert_finds("--date tomorrow", "11 08:00;11 08:10;12 10:00;11 12:00;13 09:00;14 07:00;");
    assert_finds("--date +1", "11 08:00;11 08:10;12 10:00;11 12:00;13 09:00;14 07:00;");
    assert_finds("--date sat", saturday);
    assert_finds("--date SATURDAY", saturday);
    assert_finds("--date 2026-12-05", saturday);
    assert_finds("--date weekend",
                 "13 19:00;14 07:00;11 08:00;11 08:10;12 10:00;11 12:00;13 09:00;14 07:00;");
    assert_finds("--date sun", "13 09:00;14 07:00;");
    assert_finds("--date 2026-12-06..", "13 09:00;14 07:00;");
    assert_finds("--date ..2026-12-04", "11 23:50;");
    /* In Regina Friday is today; elsewhere it is the next one. */
    assert_finds("--date fri..sat", "11 23:50;11 08:00;11 08:10;12 10:00;11 12:00;");
    assert_finds("--date 2026-12-04..sun", ALL);
    assert_finds("--date +1..+30", "11 08:00;11 08:10;12 10:00;11 12:00;13 09:00;14 07:00;");
    assert_finds("--date 2026-12-01", "");
    /* An hour later it is Saturday in Regina too, and Auckland's 19:00 has started. */
    assert_finds_at(READ_LATER, "--date today",
                    "14 07:00;11 08:00;11 08:10;12 10:00;11 12:00;");
    assert_finds_at(READ_LATER, "--date fri", "");
    assert_finds_at(READ_LATER, "--date tomorrow", "13 09:00;14 07:00;");
    /* On a Sunday a weekend is what is left of it: 2026-12-06 12:00 in Regina. */
    assert_finds_at("2026-12-05T11:30:00Z", "--date weekend --course Kauri", "13 09:00;");
}

static void filters_have_bounds(void **state)
{
    (void)state;
    assert_finds("--after 12:00", "11 23:50;13 19:00;11 12:00;");
    assert_finds("--after 12:01", "11 23:50;13 19:00;");
    assert_finds("--before 08:00", "14 07:00;14 07:00;");
    assert_finds("--before 8:01 --date sat", "14 07:00;11 08:00;");
    assert_finds("--players 1", "11 08:10;11 12:00;");
    assert_finds("--players 4 --course 11 --date sat", "11 08:00;11 12:00;");
    assert_finds("--players 5", "");
    assert_finds("--holes 9", "11 08:10;");
    assert_finds("--max-price 35 --date sat", "14 07:00;12 10:00;");
    assert_finds("--max-price 34.99 --date sat", "14 07:00;");
    assert_finds("--max-price 49.50 --course 11 --date sat", "11 08:00;");
    assert_finds("--opened-within 3m", "11 12:00;");
    assert_finds("--opened-within 179s", "");
    assert_finds("--opened-within 2h --course 11", "11 08:00;11 08:10;11 12:00;");
    assert_finds("--region n-1 --date sun", "");
    assert_finds("--region south,EAST", "13 19:00;14 07:00;13 09:00;14 07:00;");
    assert_finds("--course Elm-Creek,kau --date sat", "13 19:00;12 10:00;");
    assert_finds("--course Gone", "");
}

static void places_and_orders(void **state)
{
    (void)state;
    assert_finds("--near 50.45,-104.62 --within 60km --date sat",
                 "11 08:00;11 08:10;11 12:00;");
    assert_finds("--near 50.45,-104.62 --within 70km --date sat",
                 "11 08:00;11 08:10;12 10:00;11 12:00;");
    assert_finds("--near Elm --within 39mi --date sat", "11 08:00;11 08:10;11 12:00;");
    assert_finds("--near Elm --within 41mi --date sat", "11 08:00;11 08:10;12 10:00;11 12:00;");
    assert_finds("--near 12 --sort distance --date sat",
                 "12 10:00;11 08:00;11 08:10;11 12:00;13 19:00;");
    assert_finds("--sort price --date sat",
                 "14 07:00;12 10:00;11 08:00;11 12:00;13 19:00;11 08:10;");
    assert_finds("--sort course --date sat",
                 "11 08:00;11 08:10;11 12:00;12 10:00;13 19:00;14 07:00;");
    assert_finds("--limit 2", "11 23:50;13 19:00;");
    assert_finds("--limit 2 --date today", "11 23:50;13 19:00;");
    assert_finds("--limit 2 --date 2026-12-05", "13 19:00;14 07:00;");
}

static void tables_are_for_people(void **state)
{
    (void)state;
    assert_int_equal(search_at(READ_NOW, "--course 11 --date sat"), 0);
    assert_string_equal(
        read_said.out,
        "date        time   course  holes  start  players           price  rate          "
        "looked\n"
        "Sat 05 Dec  08:00  Elm        18         2-4      CAD 49.50 walk  [7mPublic  3 min "
        "ago\n"
        "Sat 05 Dec  08:10  Elm         9     10  1,3                      [7mPublic  3 min "
        "ago\n"
        "Sat 05 Dec  12:00  Elm        18         1-4      CAD 60.00 cart  [7mPublic  3 min "
        "ago\n");
    assert_string_equal(read_said.err, "3 open tee times; the oldest look was 3 min ago\n");
    /* Zones, and nothing that was the same everywhere. */
    assert_int_equal(search_at(READ_NOW, "--date today --limit 2 --near Elm"), 0);
    read_expect(read_said.out, "Fri 04 Dec  23:50 CST   Elm ");
    read_expect(read_said.out, "Sat 05 Dec  19:00 NZDT  Kauri ");
    read_expect(read_said.out, " km ");
    assert_null(strstr(read_said.out, "start"));
    assert_string_equal(read_said.err, "2 open tee times; the oldest look was 5 h ago\n");
    assert_int_equal(search_at(READ_NOW, "--limit 1 --quiet"), 0);
    assert_string_equal(read_said.err, "");
    assert_int_equal(search_at(READ_NOW, "--limit 1"), 0);
    read_expect(read_said.err, "1 of 9 open tee times; ");
}

static void json_has_all(void **state)
{
    (void)state;
    assert_int_equal(search_at(READ_NOW, "--course 11 --date sat --near Elm --format json"), 0);
    json_t *list = json_loads(read_said.out, 0, NULL);
    assert_int_equal(json_array_size(list), 3);
    json_t *expected = json_loads(
        "{\"course_id\":11,\"play_date\":\"2026-12-05\",\"start_time\":\"08:10\","
        "\"starts_at\":\"2026-12-05T14:10:00Z\",\"course_name\":\"Elm\",\"club\":\"Elm\","
        "\"city\":\"\",\"region\":\"North\",\"timezone\":\"America/Regina\","
        "\"latitude\":50.45,\"longitude\":-104.62,\"holes\":9,\"start_hole\":10,"
        "\"routing\":\"\",\"party_sizes\":[1,3],\"players_max\":3,\"price_cents\":null,"
        "\"currency\":\"CAD\",\"price_basis\":\"walking\",\"cart_fee_cents\":null,"
        "\"distance_km\":0.0,\"rate_name\":\"\\u001b[7mPublic\","
        "\"booking_url\":\"https://book.example/?t=08:10\","
        "\"opened_at\":\"2026-12-05T03:30:00Z\",\"observed_at\":\"2026-12-05T05:27:00Z\"}",
        0, NULL);
    assert_non_null(expected);
    if (!json_equal(json_array_get(list, 1), expected))
        fail_msg("not as expected: %s", read_said.out);
    json_decref(list);
    json_decref(expected);
    assert_int_equal(search_at(READ_NOW, "--players 8 --format json --quiet"), 1);
    assert_string_equal(read_said.out, "[]\n");
    assert_string_equal(read_said.err, "");
}

static void empty_results_have_reasons(void **state)
{
    (void)state;
    assert_int_equal(search_at(READ_NOW, "--course 11 --date 2026-12-06..2026-12-13"), 1);
    assert_string_equal(read_said.out, "");
    /* 11 December opened at 06:00 this morning, 12 and 13 December did not. */
    assert_string_equal(read_said.err,
                        "no tee times match; of 8 tee sheets in range: 1 none open (looked 12 "
                        "min ago), 1 blocked (looked 2 h ago), 2 open from Sat 06:00 local on, "
                        "4 never looked at\n");
    assert_int_equal(search_at(READ_NOW, "--date 2026-12-13 --course 12"), 1);
    assert_string_equal(read_said.err,
                        "no tee times match; of 1 tee sheet in range: 1 opens Sun "
                        "06:00 local\n");
    assert_int_equal(search_at(READ_NOW, "--date 2027-03-01 --course 12"), 1);
    read_expect(read_said.err, "1 opens Mon 22 Feb 06:00 local\n");
    assert_int_equal(search_at(READ_NOW, "--date sat --players 4 --max-price 5"), 1);
    assert_string_equal(read_said.err,
                        "no tee times match; of 4 tee sheets in range: 4 open (looked "
                        "3 min to 1 h ago)\n6 open without --players, --max-price\n");
    assert_int_equal(search_at(READ_NOW, "--date 2026-12-01"), 1);
    read_expect(read_said.err, "no tee times match; these dates are past");
    assert_int_equal(search_at(READ_NOW, "--course Gone"), 1);
    read_expect(read_said.err, "no tee times match; no active course");
}

static void faulty_options_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *words, *expected;
    } cases[] = {
        { "--date soon", "--date: \"soon\" is not a date: give 2026-12-05, today" },
        { "--date ..", "is not a date" },
        { "--date +", "is not a date" },
        { "--date 2026-12-06..2026-12-05", "ends before it begins" },
        { "--after 25:00", "--after: \"25:00\" is not a time of day" },
        { "--max-price much", "--max-price: \"much\" is not an amount" },
        { "--near 91,0", "--near: \"91,0\" is no place on Earth" },
        { "--near Oak", "--near: unknown course \"Oak\"; known: 11 (Elm), 12 (Elm-Creek), 13" },
        { "--near el", "more than one course \"el\"; give the id: 11 (Elm), 12 (Elm-Creek)\n" },
        { "--near Quay", "--near: the catalogue has no place of 14 (Quay)" },
        { "--within 5km", "--within needs a place" },
        { "--near Elm --within 5", "--within: \"5\" is not a distance" },
        { "--near Elm --within -5km", "is not a distance" },
        { "--sort distance", "--sort distance needs a place" },
        { "--region West", "unknown region \"West\"; known: North, South, East, Old\n" },
        { "--course 99", "--course: unknown course \"99\"" },
        { "--players 9", "9" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        assert_int_equal(search_at(READ_NOW, cases[i].words), 1);
        assert_string_equal(read_said.out, "");
        read_expect(read_said.err, cases[i].expected);
        assert_int_equal(count_of(read_said.err, "\n"), 1);
    }
}

/* --- status, runs, store --- */

static void status_is_a_matrix(void **state)
{
    (void)state;
    assert_int_equal(read_run("status --now " READ_NOW " --days 10"), 0);
    assert_string_equal(
        read_said.out,
        "course     Fri 04  Sat 05  Sun 06  Mon 07   Tue 08  Wed 09  Thu 10  Fri 11  Sat 12  "
        "Sun 13  next date\n"
        "Elm        2 5h    3 3m    - 12m   !blk 2h  ?       ?       ?       ?       .       "
        ".       opens Sat 06:00\n"
        "Elm-Creek  ?       1 1h    ?       ?        ?       ?       ?       ?       .       "
        "nr 1h   opens Sat 06:00\n"
        "Kauri              1 1h    1 1h    ?        ?       ?       ?       ?       ?       "
        ".       opens Sun 06:00\n"
        "Quay               1 1h    - 1h*   ?        ?       ?       ?       ?       .       "
        ".       opens Sat 06:00\n");
    read_expect(read_said.err, "12 3m: 12 open, looked 3 minutes ago");
    assert_int_equal(
        read_run("status --now " READ_NOW " --course gone --from 2026-12-05 --days 1"), 0);
    assert_string_equal(read_said.out, "course  Sat 05  next date\nGone    1 1h    inactive\n");
    assert_int_equal(read_run("status --region West"), 1);
    read_expect(read_said.err, "teesheet: status: unknown region \"West\"; known: North");
}

static void status_has_all_for_programs(void **state)
{
    (void)state;
    assert_int_equal(
        read_run("status --now " READ_NOW " --region North --from 2026-12-06 --format csv"), 0);
    assert_string_equal(
        read_said.out,
        "course_id,course_name,timezone,play_date,outcome,detail,http_status,attempts,checked_"
        "at,"
        "observed_outcome,observed_at,changed_at,tee_time_count,held\n"
        "11,Elm,America/Regina,2026-12-06,none_open,,200,1,2026-12-05T05:18:00Z,none_open,"
        "2026-12-05T05:18:00Z,2026-12-05T05:18:00Z,0,false\n"
        "11,Elm,America/Regina,2026-12-07,blocked,a challenge,403,1,2026-12-05T03:30:00Z,,,,,"
        "false\n"
        "12,Elm-Creek,America/Regina,2026-12-13,not_released,,200,1,2026-12-05T04:30:00Z,"
        "not_released,2026-12-05T04:30:00Z,2026-12-05T04:30:00Z,0,false\n");
    assert_int_equal(read_run("status --now " READ_NOW " --course 14 --days 3 --format json"),
                     0);
    json_t *list = json_loads(read_said.out, 0, NULL);
    assert_int_equal(json_array_size(list), 2);
    const json_t *held = json_array_get(list, 1);
    assert_true(json_is_true(json_object_get(held, "held")));
    assert_int_equal(json_integer_value(json_object_get(held, "tee_time_count")), 1);
    assert_string_equal(json_string_value(json_object_get(held, "outcome")), "none_open");
    json_decref(list);
}

/* Up to `end` no line is longer than the terminal. */
static void check_widths(const char *words, unsigned short columns, const char *end,
                         char *screen, size_t cap)
{
    read_on_terminal(words, columns, screen, cap);
    struct str rest = { screen, (size_t)(strstr(screen, end) - screen) };
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        if (str_trim(line).len > columns)
            fail_msg("%s on %u columns: %.*s", words, columns, STR_ARGS(line));
    }
}

static void terminals_are_not_overrun(void **state)
{
    (void)state;
    static const unsigned short columns[] = { 50, 64, 80, 120 };
    static const char search[] = "search --date 2026-12-05 --now " READ_NOW;
    char screen[8000];
    for (size_t i = 0; i < TS_COUNT_OF(columns); i++)
        check_widths("status --now " READ_NOW, columns[i], "12 3m:", screen, sizeof(screen));
    read_expect(screen, "Fri 04  Sat 05 ");
    for (size_t i = 2; i < TS_COUNT_OF(columns); i++) {
        check_widths("runs", columns[i], "\n 1 ", screen, sizeof(screen));
        read_expect(screen, " 2  2026-12-05 05:29 ");
        check_widths("search --near 50,-104 --now " READ_NOW, columns[i], "open tee times",
                     screen, sizeof(screen));
        check_widths(search, columns[i], "open tee times", screen, sizeof(screen));
        read_expect(screen, "Sat 05 Dec  08:10 CST   Elm ");
        assert_int_equal(strstr(screen, "rate") != NULL, columns[i] == 120);
    }
}

static void runs_are_listed(void **state)
{
    (void)state;
    assert_int_equal(read_run("runs"), 0);
    assert_string_equal(
        read_said.out,
        "id  started                took  scope         verdict      observed  tee times  "
        "requests  batches        peak RSS  worst\n"
        " 2  2026-12-05 05:29             region North  no end                            "
        "                                   \n"
        " 1  2026-12-05 04:30  2 min 5 s  region North  degraded  1,100/1,200     34,567  "
        "   1,300       12  15.0 of 64 MiB  region North degraded\n");
    assert_int_equal(read_run("runs --format json --limit 1"), 0);
    json_t *list = json_loads(read_said.out, 0, NULL);
    assert_int_equal(json_array_size(list), 1);
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "finished_at")));
    json_decref(list);
    assert_int_equal(read_run("runs --format json"), 0);
    list = json_loads(read_said.out, 0, NULL);
    const json_t *first = json_array_get(list, 1);
    assert_int_equal(json_integer_value(json_object_get(first, "duration_s")), 125);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(first, "by_outcome"), "blocked")),
        100);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(first, "options"), "days")), 7);
    json_decref(list);
}

static void stores_are_checked(void **state)
{
    (void)state;
    assert_int_equal(read_run("store check"), 0);
    char version[40];
    (void)snprintf(version, sizeof(version), ", schema version %d\n", STORE_SCHEMA_VERSION);
    read_expect(read_said.out, version);
    read_expect(read_said.out, "\n         5 courses\n         4 active courses\n");
    read_expect(read_said.out, "\nno problems\n");
    assert_int_equal(read_run("store migrate"), 0);
    assert_int_equal(read_run("store"), 1);
    assert_int_equal(read_run("store check twice"), 1);
}

static void no_reader_makes_a_store(void **state)
{
    (void)state;
    static const char *const commands[] = { "search", "status", "runs", "store check" };
    for (size_t i = 0; i < TS_COUNT_OF(commands); i++) {
        char line[300];
        (void)snprintf(line, sizeof(line), "%s --store sqlite:%s/none.db", commands[i],
                       read_folder);
        assert_int_equal(read_run(line), 2);
        read_expect(read_said.err, "run `teesheet collect` first");
        assert_int_equal(count_of(read_said.err, "\n"), 1);
        (void)snprintf(line, sizeof(line), "%s/none.db", read_folder);
        assert_int_not_equal(access(line, F_OK), 0);
    }
    assert_int_equal(read_run("search --store none"), 1);
}

/* Rows that no program of ours leaves behind. */
static void damage_is_found(void **state)
{
    (void)state;
    char other[300], path[200];
    (void)snprintf(path, sizeof(path), "%s/damaged.db", read_folder);
    (void)snprintf(other, sizeof(other), "sqlite:%s", path);
    read_store_fill(other, NULL);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    static const char zeros[2048];
    assert_int_equal(fseek(file, 3 * 4096, SEEK_SET), 0);
    assert_int_equal(fwrite(zeros, 1, sizeof(zeros), file), sizeof(zeros));
    assert_int_equal(fclose(file), 0);
    char line[400];
    (void)snprintf(line, sizeof(line), "store check --store %s", other);
    assert_int_equal(read_run(line), 2);
}

#define ON_ANY_STORE                                                                           \
    cmocka_unit_test(dates_are_each_courses_own), cmocka_unit_test(filters_have_bounds),       \
        cmocka_unit_test(places_and_orders), cmocka_unit_test(tables_are_for_people),          \
        cmocka_unit_test(json_has_all), cmocka_unit_test(empty_results_have_reasons),          \
        cmocka_unit_test(faulty_options_say_what_to_do), cmocka_unit_test(status_is_a_matrix), \
        cmocka_unit_test(status_has_all_for_programs),                                         \
        cmocka_unit_test(terminals_are_not_overrun), cmocka_unit_test(runs_are_listed),        \
        cmocka_unit_test(stores_are_checked)

static int run_on_sqlite(void)
{
    const struct CMUnitTest tests[] = { ON_ANY_STORE, cmocka_unit_test(no_reader_makes_a_store),
                                        cmocka_unit_test(damage_is_found) };
    char url[100];
    (void)snprintf(url, sizeof(url), "sqlite:%s/read.db", read_folder);
    (void)snprintf(read_where, sizeof(read_where), "--store %s", url);
    read_store_fill(url, NULL);
    return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}

/* Says why, and skips, where PostgreSQL is not installed. */
static int run_on_postgres(void)
{
    const struct CMUnitTest tests[] = { ON_ANY_STORE };
    struct pg_server server;
    char url[400], schema[40];
    if (!pg_server_begin(&server, "TS_PG_DIR", NULL))
        return 0;
    int failed = pg_server_run(&server, "url", "socket", url, sizeof(url));
    if (failed == 0) {
        (void)snprintf(schema, sizeof(schema), "read_%d", (int)getpid());
        (void)snprintf(read_where, sizeof(read_where), "--store %s --schema %s", url, schema);
        read_store_fill(url, schema);
        failed = cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
    }
    pg_server_end(&server);
    return failed;
}

int main(void)
{
    if (!read_begin())
        return 1;
    int failed = run_on_sqlite() + run_on_postgres();
    return failed + read_end();
}
