/*
 * fuzz_csv.c: base/csv on any input.
 *
 * Rows keep to their limits and come in the order of their lines; what was read is the same
 * after it has been written and read again.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/hash.h"
#include "support/fuzz.h"

struct reading {
    uint64_t hash;
    uint32_t line;
    FILE *copy; /* or NULL */
};

static bool on_row(void *ctx, const struct csv_row *row)
{
    struct reading *reading = ctx;
    size_t bytes = 0;
    assert(row->count >= 1 && row->count <= CSV_FIELDS_MAX && row->line > reading->line);
    reading->line = row->line;
    for (size_t i = 0; i < row->count; i++)
        bytes += row->fields[i].len;
    assert(bytes <= CSV_ROW_BYTES_MAX);
    /* A row of one empty field looks like a blank line when it is written without quotes. */
    if (row->count == 1 && !bytes)
        return true;
    for (size_t i = 0; i < row->count; i++) {
        reading->hash = hash_u64(reading->hash, row->fields[i].len);
        reading->hash = hash_bytes(reading->hash, row->fields[i].ptr, row->fields[i].len);
        if (reading->copy) {
            csv_put_field(reading->copy, row->fields[i]);
            (void)fputc(i + 1 < row->count ? ',' : '\n', reading->copy);
        }
    }
    return true;
}

static ts_err read_text(const char *text, size_t size, struct reading *reading)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, size, "r");
    if (!file)
        return TS_ERR_IO;
    struct error error = { 0 };
    ts_err err = csv_read(file, on_row, reading, &error);
    (void)fclose(file);
    assert(!err || (error.code == err && error.text[0]));
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *written = NULL;
    size_t written_len = 0;
    FILE *copy = open_memstream(&written, &written_len);
    assert(copy);
    (void)fputs("\xef\xbb\xbf", copy); /* else a first field that begins so would lose it */
    struct reading first = { HASH_START, 0, copy }, second = { HASH_START, 0, NULL };
    ts_err err = read_text((const char *)data, size, &first);
    (void)fclose(copy);
    if (!err) {
        err = read_text(written, written_len, &second);
        assert(err == TS_ERR_OK || err == TS_ERR_CATALOGUE); /* quotes make a row too long */
        assert(err || first.hash == second.hash);
    }
    free(written);
    return 0;
}
