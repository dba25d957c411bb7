/* csv.c: libcsv fed byte by byte, so that the line of each row is known and limits hold. */
#include "base/csv.h"

#include <csv.h>
#include <errno.h>

#include "base/mem.h"

#define BLOCK_BYTES 4096

struct reader {
    struct csv_parser parser;
    csv_row_fn *on_row;
    void *ctx;
    struct error *reterr;
    uint32_t line;     /* of the next byte */
    uint32_t row_line; /* of the row's first byte */
    size_t row_bytes;  /* as they stand in the file, without the row's line end */
    bool between;      /* no byte of a row has come since the last one ended */
    bool stopped;      /* the callback has seen enough */
    bool at_start;     /* of the file, where a byte order mark may stand */
    char last;         /* byte fed: CRLF is one line end */
    ts_err err;
    size_t count;
    size_t text_len;
    struct str fields[CSV_FIELDS_MAX];
    char text[CSV_ROW_BYTES_MAX]; /* of the row's fields */
    char block[BLOCK_BYTES];
};

static ts_err refuse(struct reader *reader, const char *reason)
{
    reader->err = error_set(reader->reterr, TS_ERR_CATALOGUE, "line %u: %s",
                            (unsigned)reader->row_line, reason);
    return reader->err;
}

static void take_field(void *data, size_t len, void *ctx)
{
    struct reader *reader = ctx;
    if (reader->err || reader->stopped)
        return;
    if (reader->count == CSV_FIELDS_MAX) {
        (void)refuse(reader, "too many fields");
        return;
    }
    /* There is room: a row's fields are never longer than its bytes, which are counted. */
    char *copy = reader->text + reader->text_len;
    if (len)
        memcpy(copy, data, len);
    reader->text_len += len;
    reader->fields[reader->count++] = (struct str){ copy, len };
}

static void end_row(int terminator, void *ctx)
{
    (void)terminator;
    struct reader *reader = ctx;
    if (reader->err || reader->stopped)
        return;
    struct csv_row row = { reader->row_line, reader->count, reader->fields };
    reader->stopped = !reader->on_row(reader->ctx, &row);
    reader->count = 0;
    reader->text_len = 0;
    reader->between = true;
}

static void begin_row(struct reader *reader)
{
    reader->between = false;
    reader->row_line = reader->line;
    reader->row_bytes = 0;
}

static ts_err parser_error(struct reader *reader)
{
    if (csv_error(&reader->parser) == CSV_EPARSE)
        return refuse(reader, "a quote where none may stand");
    return reader->err = TS_ERR_NOMEM;
}

static ts_err feed(struct reader *reader, char c)
{
    if (reader->between && !strchr(" \t\r\n", c))
        begin_row(reader);
    if (c == '\0') {
        reader->row_line = reader->line;
        return refuse(reader, "a NUL byte");
    }
    if (csv_parse(&reader->parser, &c, 1, take_field, end_row, reader) != 1)
        return parser_error(reader);
    if (!reader->between && ++reader->row_bytes > CSV_ROW_BYTES_MAX)
        return refuse(reader, "the row is too long");
    reader->line += c == '\r' || (c == '\n' && reader->last != '\r');
    reader->last = c;
    return reader->err;
}

static ts_err feed_block(struct reader *reader, size_t len)
{
    const struct str mark = STR("\xef\xbb\xbf");
    size_t from = 0;
    if (reader->at_start && str_has_prefix((struct str){ reader->block, len }, mark))
        from = mark.len;
    reader->at_start = false;
    for (size_t i = from; i < len && !reader->stopped; i++) {
        ts_err err = feed(reader, reader->block[i]);
        if (err)
            return err;
    }
    return TS_ERR_OK;
}

static ts_err read_all(struct reader *reader, FILE *file)
{
    while (!reader->stopped) {
        size_t len = fread(reader->block, 1, BLOCK_BYTES, file);
        ts_err err = feed_block(reader, len);
        if (err)
            return err;
        if (ferror(file))
            return error_set(reader->reterr, TS_ERR_IO, "%s", strerror(errno));
        if (len < BLOCK_BYTES)
            break;
    }
    if (reader->stopped)
        return TS_ERR_OK;
    if (csv_fini(&reader->parser, take_field, end_row, reader) != 0)
        return refuse(reader, "the quote is not closed");
    return reader->err;
}

static void *grow(void *ptr, size_t size)
{
    return mem_grow(ptr, size, 1);
}

ts_err csv_read(FILE *file, csv_row_fn *on_row, void *ctx, struct error *reterr)
{
    struct reader *reader = mem_alloc(1, sizeof(*reader));
    if (!reader || csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        mem_free(reader);
        return error_set(reterr, TS_ERR_NOMEM, "%s", ts_err_text(TS_ERR_NOMEM));
    }
    csv_set_realloc_func(&reader->parser, grow);
    csv_set_free_func(&reader->parser, mem_free);
    reader->on_row = on_row;
    reader->ctx = ctx;
    reader->reterr = reterr;
    reader->line = 1;
    reader->row_line = 1;
    reader->between = true;
    reader->at_start = true;
    ts_err err = read_all(reader, file);
    if (err == TS_ERR_NOMEM)
        (void)error_set(reterr, err, "%s", ts_err_text(err));
    csv_free(&reader->parser);
    mem_free(reader);
    return err;
}

/* Blanks at the ends would be lost: readers trim them outside quotes. */
static bool needs_quotes(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr(",\"\r\n", text.ptr[i], 4))
            return true;
    return str_trim(text).len != text.len;
}

void csv_put_field(FILE *out, struct str text)
{
    if (!needs_quotes(text)) {
        (void)fwrite(text.len > 0 ? text.ptr : "", 1, text.len, out);
        return;
    }
    (void)fputc('"', out);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            (void)fputc('"', out);
        (void)fputc(text.ptr[i], out);
    }
    (void)fputc('"', out);
}
