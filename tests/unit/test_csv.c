/*
 * test_csv.c: base/csv.
 *
 * Plain and quoted fields, line ends, byte order mark, blank lines; the line number of each
 * row, also behind quoted line breaks; the limits of fields and of a row's bytes at -1, 0 and
 * +1; each error with its line; an early end; a file that cannot be read; a blank at each block
 * border; written fields read back.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "support/unit.h"

/* What the callback saw: "1:a|b\n" per row. */
struct seen {
    struct buf text;
    unsigned rows, stop_after;
    size_t last_count, last_bytes;
};

static char storage[4096];
static struct error error;

static bool on_row(void *ctx, const struct csv_row *row)
{
    struct seen *seen = ctx;
    buf_printf(&seen->text, "%u:", (unsigned)row->line);
    seen->last_bytes = 0;
    for (size_t i = 0; i < row->count; i++) {
        buf_printf(&seen->text, "%s%.*s", i ? "|" : "", STR_ARGS(row->fields[i]));
        seen->last_bytes += row->fields[i].len;
    }
    buf_putc(&seen->text, '\n');
    seen->last_count = row->count;
    return ++seen->rows != seen->stop_after;
}

static ts_err read_text(struct str text, struct seen *seen)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    rewind(file);
    unsigned stop_after = seen->stop_after;
    *seen =
        (struct seen){ .text = buf_over(storage, sizeof(storage)), .stop_after = stop_after };
    error = (struct error){ 0 };
    ts_err err = csv_read(file, on_row, seen, &error);
    assert_int_equal(fclose(file), 0);
    return err;
}

static void assert_rows(struct str text, const char *wanted)
{
    struct seen seen = { 0 };
    assert_int_equal(read_text(text, &seen), TS_ERR_OK);
    assert_string_equal(seen.text.ptr, wanted);
}

static void assert_refused(struct str text, const char *reason)
{
    struct seen seen = { 0 };
    assert_int_equal(read_text(text, &seen), TS_ERR_CATALOGUE);
    assert_int_equal(error.code, TS_ERR_CATALOGUE);
    assert_string_equal(error.text, reason);
}

static void test_rows(void **state)
{
    (void)state;
    assert_rows(STR(""), "");
    assert_rows(STR("\n\n"), "");
    assert_rows(STR("a,b\n1,2\n"), "1:a|b\n2:1|2\n");
    assert_rows(STR("a,b\r\n1,2"), "1:a|b\n2:1|2\n");
    assert_rows(STR("\xef\xbb\xbf"
                    "a\n"),
                "1:a\n");
    assert_rows(STR("\xef\xbb\xbf"), "");
    assert_rows(STR("a,,\n,\n"), "1:a||\n2:|\n");
    assert_rows(STR("\"a,\"\"b\"\"\",\"\"\n"), "1:a,\"b\"|\n");
    assert_rows(STR(" a b ,\" c \"\n"), "1:a b| c \n");
    assert_rows(STR("\xc3\x89t\xc3\xa9\n"), "1:\xc3\x89t\xc3\xa9\n");
}

static void test_lines(void **state)
{
    (void)state;
    assert_rows(STR("h\n\n  \n\"x\ny\nz\",1\n\r\nlast"), "1:h\n4:x\ny\nz|1\n8:last\n");
    assert_rows(STR("\n\nh\r\n\"a\r\nb\"\r\nc\r\n"), "3:h\n4:a\r\nb\n6:c\n");
    assert_rows(STR("a\rb\r\rc"), "1:a\n2:b\n4:c\n");
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused(STR("a\n\"b\n\nc"), "line 2: the quote is not closed");
    assert_refused(STR("a\nb\"c\n"), "line 2: a quote where none may stand");
    assert_refused(STR("a\n\n\"b\"c\n"), "line 3: a quote where none may stand");
    assert_refused(STR("a\nb\0c\n"), "line 2: a NUL byte");
    assert_refused(STR("a\n\"x\ny\0\"\n"), "line 3: a NUL byte");
    assert_refused(STR("\0"), "line 1: a NUL byte");
}

static void test_fields_limit(void **state)
{
    (void)state;
    char text[2 * CSV_FIELDS_MAX + 8];
    struct seen seen = { 0 };
    for (size_t count = CSV_FIELDS_MAX - 1; count <= CSV_FIELDS_MAX + 1; count++) {
        struct buf buf = buf_over(text, sizeof(text));
        for (size_t i = 0; i < count; i++)
            buf_puts(&buf, i ? ",x" : "\nx");
        bool fits = count <= CSV_FIELDS_MAX;
        assert_int_equal(read_text(buf_view(&buf), &seen), fits ? TS_ERR_OK : TS_ERR_CATALOGUE);
        if (fits)
            assert_int_equal(seen.last_count, count);
        else
            assert_string_equal(error.text, "line 2: too many fields");
    }
}

static void test_row_limit(void **state)
{
    (void)state;
    static char text[CSV_ROW_BYTES_MAX + 16];
    struct seen seen = { 0 };
    static const char *const ends[] = { "", "\n", "\r\n" };
    for (size_t end = 0; end < TS_COUNT_OF(ends); end++) {
        for (size_t len = CSV_ROW_BYTES_MAX - 1; len <= CSV_ROW_BYTES_MAX + 1; len++) {
            memset(text, 'x', len);
            text[10] = ',';
            memcpy(text + len, ends[end], strlen(ends[end]));
            bool fits = len <= CSV_ROW_BYTES_MAX;
            assert_int_equal(read_text((struct str){ text, len + strlen(ends[end]) }, &seen),
                             fits ? TS_ERR_OK : TS_ERR_CATALOGUE);
            if (fits)
                assert_int_equal(seen.last_bytes, len - 1);
            else
                assert_string_equal(error.text, "line 1: the row is too long");
        }
    }
    memset(text, '\n', sizeof(text));
    text[0] = '"';
    assert_refused((struct str){ text, sizeof(text) }, "line 1: the row is too long");
}

static void test_early_end(void **state)
{
    (void)state;
    struct seen seen = { .stop_after = 2 };
    assert_int_equal(read_text(STR("a\nb\nc\n\"never closed"), &seen), TS_ERR_OK);
    assert_string_equal(seen.text.ptr, "1:a\n2:b\n");
    assert_int_equal(read_text(STR("a\nb"), &seen), TS_ERR_OK);
    assert_string_equal(seen.text.ptr, "1:a\n2:b\n");
}

static void test_unreadable(void **state)
{
    (void)state;
    int fd = open("/", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "r");
    assert_non_null(file);
    struct seen seen = { .text = buf_over(storage, sizeof(storage)) };
    assert_int_equal(csv_read(file, on_row, &seen, &error), TS_ERR_IO);
    assert_int_equal(error.code, TS_ERR_IO);
    assert_string_equal(error.text, "Is a directory");
    assert_int_equal(csv_read(file, on_row, &seen, NULL), TS_ERR_IO);
    assert_int_equal(fclose(file), 0);
}

/* Rows whose CRLF and quotes lie around the border of the reader's block. */
static void test_block_border(void **state)
{
    (void)state;
    static char text[5000];
    for (size_t len = 4080; len < 4110; len++) {
        struct buf buf = buf_over(text, sizeof(text));
        buf_puts(&buf, "\"");
        while (buf.len < len)
            buf_putc(&buf, 'x');
        buf_puts(&buf, "\"\"\"\r\nb,\"c\"\r\n");
        struct seen seen = { 0 };
        assert_int_equal(read_text(buf_view(&buf), &seen), TS_ERR_OK);
        assert_int_equal(seen.rows, 2);
        assert_int_equal(seen.last_count, 2);
    }
}

static void test_put_field(void **state)
{
    (void)state;
    static const char *const fields[] = { "",     "plain",    "a,b", "say \"hi\"", "two\nlines",
                                          "a\rb", " blanks ", "\t",  "'single'",   "\"" };
    char text[256];
    FILE *out = fmemopen(text, sizeof(text), "w");
    assert_non_null(out);
    for (size_t i = 0; i < TS_COUNT_OF(fields); i++) {
        (void)fputs(i > 0 ? "," : "", out);
        csv_put_field(out, str_of(fields[i]));
    }
    assert_int_equal(fclose(out), 0);
    assert_true(strstr(text, ",plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",") != NULL);
    assert_rows(str_of(text),
                "1:|plain|a,b|say \"hi\"|two\nlines|a\rb| blanks |\t|'single'|\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_lines),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_fields_limit),
        cmocka_unit_test(test_row_limit),  cmocka_unit_test(test_early_end),
        cmocka_unit_test(test_unreadable), cmocka_unit_test(test_block_border),
        cmocka_unit_test(test_put_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
