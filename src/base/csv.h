/*
 * csv.h: rows of a CSV file (RFC 4180, with a header row), read in pieces, and fields written;
 * the only user of libcsv.
 *
 * Constructor-owned; a row's fields are views, valid during the callback only. UTF-8 with or
 * without BOM; LF, CRLF or CR. Blank lines are passed over, blanks around unquoted fields cut.
 */
#ifndef TS_BASE_CSV_H
#define TS_BASE_CSV_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

#define CSV_FIELDS_MAX    64
#define CSV_ROW_BYTES_MAX 65536

struct csv_row {
    uint32_t line; /* of the row's first byte, from 1; the header is line 1 */
    size_t count;
    const struct str *fields;
};

/* Called per row, the header included. Returning false ends the reading; that is no error. */
typedef bool csv_row_fn(void *ctx, const struct csv_row *row);

/* Reads all of `file`. TS_ERR_CATALOGUE with the line: unterminated quote, a field count over
 * CSV_FIELDS_MAX, a row over CSV_ROW_BYTES_MAX, a NUL byte; TS_ERR_IO: reading failed. */
TS_MUST_USE ts_err csv_read(FILE *file, csv_row_fn *on_row, void *ctx, struct error *reterr);

/* Writes one field, quoted where it would be read as another text without. */
void csv_put_field(FILE *out, struct str text);

#endif
