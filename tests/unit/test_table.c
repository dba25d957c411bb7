/* test_table.c exercises view/table and view/text:
 *   widths of UTF-8 text, cutting at whole characters, control characters and invalid bytes;
 *   columns for people: alignment, wide characters, empty, hidden columns;
 *   more rows than are held: the rest streams in the same columns;
 *   JSON: types, null, text that is longer than a piece; CSV: quoting, headings without rows;
 *   an output that fails; a terminal's width (a pty).
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "view/table.h"
#include "view/text.h"

static const struct view_column columns[] = {
    { .name = "course", .title = "course" },
    { .name = "price", .title = "price", .align = VIEW_RIGHT, .is_number = true },
    { .name = "link" },
    { .name = "note", .title = "note" },
};

static struct view_table *open_table(enum view_format format, FILE *out)
{
    struct view_table *table = NULL;
    assert_int_equal(view_table_new(columns, TS_COUNT_OF(columns), format, out, &table, NULL),
                     TS_ERR_OK);
    return table;
}

static void add(struct view_table *table, const char *course, const char *price,
                const char *link, const char *note)
{
    const struct str cells[] = { str_of(course), str_of(price), str_of(link), str_of(note) };
    view_table_row(table, cells);
}

static void close_table(struct view_table *table)
{
    struct error error;
    assert_int_equal(view_table_finish(table, &error), TS_ERR_OK);
    view_table_free(table);
}

static void fill_two(struct view_table *table)
{
    add(table,
        "Montr\xC3\xA9"
        "al, \"Vieux\"",
        "52.5", "https://x", "a\tb\x1b[2J");
    add(table, "\xE6\x9D\xB1\xE4\xBA\xAC", NULL, NULL, "last");
}

static char *written(enum view_format format, void (*fill)(struct view_table *table))
{
    char *text = NULL;
    size_t len;
    FILE *out = tmpfile();
    assert_non_null(out);
    struct view_table *table = open_table(format, out);
    if (fill)
        fill(table);
    close_table(table);
    len = (size_t)ftell(out);
    text = malloc(len + 1);
    rewind(out);
    assert_int_equal(fread(text, 1, len, out), len);
    text[len] = '\0';
    (void)fclose(out);
    return text;
}

static void test_text(void **state)
{
    (void)state;
    assert_int_equal(text_width(STR("abc")), 3);
    assert_int_equal(text_width(STR("\xC3\xA9t\xC3\xA9")), 3);
    assert_int_equal(text_width(STR("e\xCC\x81")), 1);
    assert_int_equal(text_width(STR("\xE6\x9D\xB1")), 2);
    assert_int_equal(text_width(STR("\xF0\x9F\x98\x80")), 2);
    assert_int_equal(text_width(STR("\xFF\xC3")), 2);
    assert_int_equal(text_width(STR("\xED\xA0\x80")), 3);
    assert_int_equal(text_width(STR("\xEF\xBF\xBD")), 1);
    assert_int_equal(text_cut(STR("\xC3\xA9t\xC3\xA9"), 2).len, 3);
    assert_int_equal(text_cut(STR("a\xE6\x9D\xB1"), 2).len, 1);
    assert_int_equal(text_cut(STR("abc"), 9).len, 3);

    char storage[32];
    struct buf out = buf_over(storage, sizeof(storage));
    text_put_clean(&out, STR("a\n\x1b\x7f\xC2\x9B\xE2\x80\xAE"
                             "b\xC3("));
    assert_string_equal(storage, "ab?(");
    char small[5];
    out = buf_over(small, sizeof(small));
    text_put_clean(&out, STR("abc\xC3\xA9"));
    assert_string_equal(small, "abc");
    assert_false(out.overflow);
}

static void test_locale(void **state)
{
    (void)state;
    setenv("LC_ALL", "", 1);
    setenv("LC_CTYPE", "C", 1);
    setenv("LANG", "en_CA.UTF-8", 1);
    assert_false(text_is_utf8());
    setenv("LC_ALL", "de_DE.utf8", 1);
    assert_true(text_is_utf8());
    unsetenv("LC_ALL");
    unsetenv("LC_CTYPE");
    assert_true(text_is_utf8());
    unsetenv("LANG");
    assert_false(text_is_utf8());
}

static void test_people(void **state)
{
    (void)state;
    char *text = written(VIEW_TABLE, fill_two);
    assert_string_equal(text, "course             price  note\n"
                              "Montr\xC3\xA9"
                              "al, \"Vieux\"   52.5  ab[2J\n"
                              "\xE6\x9D\xB1\xE4\xBA\xAC                      last\n");
    free(text);
    text = written(VIEW_TABLE, NULL);
    assert_string_equal(text, "");
    free(text);
}

#define MANY 20000

static void fill_many(struct view_table *table)
{
    for (int i = 0; i < MANY; i++) {
        char course[40];
        (void)snprintf(course, sizeof(course), "course number %05d", i);
        add(table, course, "1", NULL, i == MANY - 1 ? "end" : "n");
    }
}

static void test_many_rows(void **state)
{
    (void)state;
    char *text = written(VIEW_TABLE, fill_many);
    int lines = 0;
    for (const char *line = text; *line; line = strchr(line, '\n') + 1, lines++) {
        char expected[60];
        if (lines > 0)
            (void)snprintf(expected, sizeof(expected), "course number %05d      1  %s\n",
                           lines - 1, lines == MANY ? "end" : "n");
        else
            (void)snprintf(expected, sizeof(expected), "course               price  note\n");
        assert_memory_equal(line, expected, strlen(expected));
    }
    assert_int_equal(lines, MANY + 1);
    free(text);
}

static void test_json(void **state)
{
    (void)state;
    char *text = written(VIEW_JSON, fill_two);
    json_t *list = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(list), 2);
    json_t *first = json_array_get(list, 0);
    assert_int_equal(json_object_size(first), 4);
    assert_true(json_real_value(json_object_get(first, "price")) == 52.5);
    assert_string_equal(json_string_value(json_object_get(first, "note")), "a\tb\x1b[2J");
    assert_true(json_is_null(json_object_get(json_array_get(list, 1), "link")));
    json_decref(list);
    free(text);
    text = written(VIEW_JSON, NULL);
    assert_string_equal(text, "[]\n");
    free(text);
}

static char long_text[5000];

static void fill_odd(struct view_table *table)
{
    memset(long_text, 1, sizeof(long_text) - 1);
    for (size_t i = 1; i + 2 < sizeof(long_text); i += 2)
        memcpy(long_text + i, "\xC3\xA9", 2);
    add(table, long_text, "free", "", NULL);
}

static void test_json_odd(void **state)
{
    (void)state;
    char *text = written(VIEW_JSON, fill_odd);
    json_t *list = json_loads(text, 0, NULL);
    assert_non_null(list);
    json_t *row = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(row, "course")), long_text);
    assert_string_equal(json_string_value(json_object_get(row, "price")), "free");
    assert_string_equal(json_string_value(json_object_get(row, "link")), "");
    json_decref(list);
    free(text);
}

static void test_csv(void **state)
{
    (void)state;
    char *text = written(VIEW_CSV, fill_two);
    assert_string_equal(text, "course,price,link,note\n"
                              "\"Montr\xC3\xA9"
                              "al, \"\"Vieux\"\"\",52.5,https://x,a\tb\x1b[2J\n"
                              "\xE6\x9D\xB1\xE4\xBA\xAC,,,last\n");
    free(text);
    text = written(VIEW_CSV, NULL);
    assert_string_equal(text, "course,price,link,note\n");
    free(text);
}

static void test_failing_output(void **state)
{
    (void)state;
    FILE *out = fopen("/dev/full", "we");
    assert_non_null(out);
    struct view_table *table = open_table(VIEW_CSV, out);
    fill_two(table);
    struct error error = { 0 };
    assert_int_equal(view_table_finish(table, &error), TS_ERR_IO);
    assert_string_equal(error.text, "cannot write the result: No space left on device");
    view_table_free(table);
    (void)fclose(out);
}

static void test_terminal(void **state)
{
    (void)state;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *out = fopen(ptsname(master), "we");
    assert_non_null(out);
    const struct winsize size = { .ws_col = 30, .ws_row = 10 };
    assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
    setenv("LC_ALL", "C.UTF-8", 1);
    struct view_table *table = open_table(VIEW_TABLE, out);
    unsetenv("LC_ALL");
    add(table, "A course with a very long name", "52.50", NULL, "a note, longish too");
    close_table(table);
    static const char expected[] = "course      price  note\r\n"
                                   "A course \xE2\x80\xA6  52.50  a note, lo\xE2\x80\xA6\r\n";
    char text[sizeof(expected)] = { 0 };
    for (size_t len = 0; len < sizeof(text) - 1;) { /* a terminal gives it line by line */
        ssize_t got = read(master, text + len, sizeof(text) - 1 - len);
        assert_true(got > 0);
        len += (size_t)got;
    }
    assert_string_equal(text, expected);
    (void)fclose(out);
    (void)close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),     cmocka_unit_test(test_locale),
        cmocka_unit_test(test_people),   cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_json),     cmocka_unit_test(test_json_odd),
        cmocka_unit_test(test_csv),      cmocka_unit_test(test_failing_output),
        cmocka_unit_test(test_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
