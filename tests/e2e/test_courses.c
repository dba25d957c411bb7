/*
 * `teesheet courses`, the program itself on hand-made files and a SQLite store:
 * - check: each problem as FILE:LINE: column: reason on stdout, counts, exit 0 and 2; files
 * that cannot be read
 * - import, list with its filters and formats, export; what was exported gives the same export
 * - add: a booking link as CSV that can be imported, into a store beside others, or why not
 * - --strict imports nothing; wrong usage
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "support/unit.h"

#define OUTPUT_BYTES 16384
#define ARGS_MAX     12

static char folder[] = "/tmp/test_courses.XXXXXX";
static char out[OUTPUT_BYTES], err[OUTPUT_BYTES];

static const char header[] =
    "name,club,city,region,region_id,country,timezone,lat,lon,engine,engine_attributes,holes,"
    "booking_window_days,booking_opens_at,currency,booking_url,active\n";
#define ELM                                                                                    \
    "\"Elm, \"\"Old\"\"\",Elm Club,Elmville,North,n-1,US,America/Denver,39.5,-105.123456,"     \
    "chronogolf,\"{\"\"club_id\"\": 10, \"\"course_id\"\": [20, 21], "                         \
    "\"\"affiliation_type_id\"\": \"\"30\"\"}\",18,7,6:30,,https://elm.example,\n"
#define ASH                                                                                    \
    "Ash,,,South,,CA,America/Toronto,,,chronogolf,"                                            \
    "\"{\"\"course_uuids\"\": [\"\"11111111-aaaa-4bbb-8ccc-000000000001\"\"]}\",,,,,,no\n"
#define BAD "Oak,,,South,,US,Nowhere,,,chronogolf,{},,99,,,,\n"

static void read_back(const char *name, char *text)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, OUTPUT_BYTES - 1, file);
    text[len] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void write_file(const char *name, const char *start, const char *rest)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fprintf(file, "%s%s", start, rest);
    assert_int_equal(fclose(file), 0);
}

/* Runs `teesheet courses ARGS…` in the folder; its output is in out and err. */
static int courses(const char *args)
{
    char words[512];
    char *argv[ARGS_MAX + 1] = { (char *)(uintptr_t) "teesheet",
                                 (char *)(uintptr_t) "courses" };
    int argc = 2;
    (void)snprintf(words, sizeof(words), "%s", args);
    for (char *at = words; *at && argc < ARGS_MAX;) {
        argv[argc++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int fd_out = -1, fd_err = -1;
        if (chdir(folder) == 0) {
            fd_out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
            fd_err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        }
        if (fd_out >= 0 && fd_err >= 0 && dup2(fd_out, 1) == 1 && dup2(fd_err, 2) == 2)
            (void)execv(TS_BINARY_DIR "/teesheet", argv);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    read_back("out", out);
    read_back("err", err);
    return WEXITSTATUS(status);
}

static void assert_says(const char *text, const char *expected)
{
    if (!strstr(text, expected))
        fail_msg("\"%s\" is not in: %s", expected, text);
}

static void check_names_problems(void **state)
{
    (void)state;
    write_file("good.csv", header, ELM ASH);
    assert_int_equal(courses("check good.csv"), 0);
    assert_string_equal(out, "2 rows: 1 ok, 1 inactive; 0 problems\n");
    assert_string_equal(err, "");
    write_file("bad.csv", header, ELM BAD ELM);
    assert_int_equal(courses("check bad.csv"), 2);
    assert_says(out, "bad.csv:3: booking_window_days: 99 is out of range: give 0 to 90\n");
    assert_says(out, "bad.csv:3: timezone: unknown time zone \"Nowhere\"");
    assert_says(out, "bad.csv:3: club_id: club_id, course_id, affiliation_type_id missing");
    assert_says(out, "bad.csv:4: id: ");
    assert_says(out, "\n3 rows: 1 ok, 1 misconfigured, 1 duplicate; 4 problems\n");
    write_file("bad.jsonl", "{\"engine\":", "");
    assert_int_equal(courses("check bad.jsonl"), 2);
    assert_string_equal(out, "");
    assert_says(err, "teesheet: courses: catalogue bad.jsonl: line 1, byte 10");
    assert_int_equal(courses("check lacking.csv"), 2);
    assert_says(err, "catalogue lacking.csv: No such file or directory");
}

static void exports_can_be_imported(void **state)
{
    (void)state;
    static char first[OUTPUT_BYTES];
    write_file("good.csv", header, ELM ASH);
    assert_int_equal(courses("import good.csv --store sqlite:first.db"), 0);
    assert_says(out, "2 rows: 1 ok, 1 inactive; 0 problems\nimported into ");
    assert_int_equal(courses("export --store sqlite:first.db"), 0);
    assert_says(out, "id,name,club,city,region,region_id,country,timezone,lat,lon,engine,"
                     "engine_attributes,holes,booking_window_days,booking_opens_at,currency,"
                     "booking_url,active\n");
    assert_says(out, ",\"Elm, \"\"Old\"\"\",Elm Club,Elmville,North,n-1,US,America/Denver,39.5,"
                     "-105.123456,chronogolf,\"{\"\"club_id\"\": 10, \"\"course_id\"\": [20, "
                     "21], \"\"affiliation_type_id\"\": \"\"30\"\"}\",18,7,06:30,USD,"
                     "https://elm.example,true\n");
    assert_says(out, ",,,,CAD,,false\n");
    memcpy(first, out, sizeof(first));
    write_file("again.csv", out, "");
    assert_int_equal(courses("check again.csv"), 0);
    assert_int_equal(courses("import again.csv --store sqlite:second.db"), 0);
    assert_int_equal(courses("export --store sqlite:second.db"), 0);
    assert_string_equal(out, first);
}

/* A file that was cut short is noticed. */
static void those_that_left_are_counted(void **state)
{
    (void)state;
    write_file("all.csv", header, ELM ASH);
    write_file("fewer.csv", header, ASH);
    assert_int_equal(courses("import all.csv --store sqlite:left.db"), 0);
    assert_null(strstr(err, "any more"));
    assert_int_equal(courses("import fewer.csv --store sqlite:left.db"), 0);
    assert_says(err, "courses that the catalogue does not have any more: 1, inactive from now");
    assert_int_equal(courses("import fewer.csv --store sqlite:left.db"), 0);
    assert_null(strstr(err, "any more"));
}

static void lists_are_filtered(void **state)
{
    (void)state;
    write_file("good.csv", header, ELM ASH);
    assert_int_equal(courses("import good.csv --store sqlite:list.db"), 0);
    assert_int_equal(courses("list --store sqlite:list.db"), 0);
    assert_says(out, "Elm, \"Old\"");
    assert_says(out, "Ash");
    assert_int_equal(courses("list --store sqlite:list.db --region N-1 --format csv"), 0);
    assert_says(out, "Elmville");
    assert_null(strstr(out, "Ash"));
    assert_int_equal(courses("list --store sqlite:list.db --region south --format json"), 0);
    assert_says(out, "\"name\":\"Ash\"");
    assert_null(strstr(out, "Elm"));
    assert_int_equal(courses("list --store sqlite:list.db --region West"), 1);
    assert_string_equal(out, "");
    assert_says(err, "unknown region \"West\"; known: ");
    assert_int_equal(courses("list --store sqlite:list.db --engine nobody"), 1);
    assert_says(err, "unknown engine \"nobody\"; known: ");
    assert_int_equal(courses("list --store sqlite:lacking.db"), 2);
    assert_says(err, "lacking.db");
}

static void strict_imports_nothing(void **state)
{
    (void)state;
    write_file("bad.csv", header, ELM BAD);
    assert_int_equal(courses("import bad.csv --strict --store sqlite:strict.db"), 2);
    assert_says(err, "--strict");
    assert_int_equal(courses("export --store sqlite:strict.db"), 0);
    assert_null(strstr(out, "Elm"));
    assert_int_equal(courses("import bad.csv --store sqlite:strict.db"), 0);
    assert_says(err, "bad.csv:3: ");
    assert_int_equal(courses("export --store sqlite:strict.db"), 0);
    assert_says(out, "Elm");
    assert_null(strstr(out, "Oak"));
}

static void wrong_usage_says_what_is_right(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",         "chekc good.csv",   "check", "check a.csv b.csv", "list x",
        "export x", "list --format xml"
    };
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        assert_int_equal(courses(wrong[i]), 1);
        assert_string_equal(out, "");
        assert_says(err, "teesheet: courses: ");
    }
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static void links_become_rows(void **state)
{
    (void)state;
    assert_int_equal(courses("add oak.book.teeitup.com/?course=55 --timezone America/Denver "
                             "--name Oak --country US"),
                     0);
    assert_string_equal(err, "");
    assert_says(out, ",Oak,,,,,US,America/Denver,,,teeitup,\"{\"\"alias\"\": \"\"oak\"\", "
                     "\"\"facility_ids\"\": [55]}\",,,,USD,"
                     "https://oak.book.teeitup.com/?course=55,true\n");
    write_file("oak.csv", out, "");
    assert_int_equal(courses("import oak.csv --store sqlite:add.db"), 0);
    assert_says(out, "1 row: 1 ok; 0 problems\n");
    assert_int_equal(courses("add https://ash.quick18.com --timezone America/Denver "
                             "--store sqlite:add.db"),
                     0);
    assert_says(out, "(quick18) added to ");
    assert_int_equal(courses("add oak.book.teeitup.com/?course=55 --timezone America/Boise "
                             "--store sqlite:add.db"),
                     2);
    assert_says(err, "the store has it already");
    assert_int_equal(courses("list --format csv --store sqlite:add.db"), 0);
    assert_says(out, "https://oak.book.teeitup.com/?course=55,true\n");
    assert_says(out, "https://ash.quick18.com,true\n");
    assert_says(out, "Oak,,,,,US,America/Denver");
}

static void links_without_ids_say_so(void **state)
{
    (void)state;
    assert_int_equal(courses("add https://oak.cps.golf/onlineresweb"), 0);
    assert_says(out, "cps,\"{\"\"subdomain\"\": \"\"oak\"\"}\"");
    assert_says(err, "note: the link does not tell courseIds");
    assert_says(err, "note: timezone: missing");
    assert_int_equal(courses("add https://www.chronogolf.com/club/oak"), 2);
    assert_string_equal(out, "");
    assert_says(err, "teesheet: courses: the chronogolf link lacks course_uuids");
    assert_int_equal(courses("add https://oak.example/ --store sqlite:none.db"), 2);
    assert_says(err, "no booking link of a known engine");
    assert_int_equal(courses("add oak.quick18.com --store sqlite:none.db"), 2);
    assert_says(err, "timezone: missing");
    assert_int_equal(courses("list --format csv --store sqlite:none.db"), 0);
    assert_null(strstr(out, "quick18"));
    assert_int_equal(courses("add"), 1);
    assert_says(err, "add takes one link");
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 4, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_names_problems),
        cmocka_unit_test(exports_can_be_imported),
        cmocka_unit_test(those_that_left_are_counted),
        cmocka_unit_test(lists_are_filtered),
        cmocka_unit_test(strict_imports_nothing),
        cmocka_unit_test(links_become_rows),
        cmocka_unit_test(links_without_ids_say_so),
        cmocka_unit_test(wrong_usage_says_what_is_right),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
