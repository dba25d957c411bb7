/* encode.c: text forms of values for array literals and COPY. */
#include "store/postgres/encode.h"

#include <string.h>

#include "base/day.h"

const char *encode_array_begin(struct encoder *encoder, struct buf *out)
{
    *encoder = (struct encoder){ .out = out, .form = ENCODE_ARRAY, .first = true };
    const char *start = out->ptr + out->len;
    buf_putc(out, '{');
    return start;
}

void encode_array_end(struct encoder *encoder)
{
    buf_putc(encoder->out, '}');
    buf_putc(encoder->out, '\0');
}

void encode_row_begin(struct encoder *encoder, struct buf *out)
{
    *encoder = (struct encoder){ .out = out, .form = ENCODE_COPY, .first = true };
}

void encode_row_end(struct encoder *encoder)
{
    buf_putc(encoder->out, '\n');
}

static void separate(struct encoder *encoder)
{
    if (!encoder->first)
        buf_putc(encoder->out, encoder->form == ENCODE_ARRAY ? ',' : '\t');
    encoder->first = false;
}

void encode_null(struct encoder *encoder)
{
    separate(encoder);
    buf_puts(encoder->out, encoder->form == ENCODE_ARRAY ? "NULL" : "\\N");
}

void encode_i64(struct encoder *encoder, int64_t value)
{
    separate(encoder);
    buf_put_i64(encoder->out, value);
}

static void put_copy_text(struct buf *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "\\\t\n\r");
        buf_put(out, (struct str){ text, plain });
        text += plain;
        if (!*text)
            return;
        buf_putc(out, '\\');
        buf_putc(out, *text == '\t' ? 't' : *text == '\n' ? 'n' : *text == '\r' ? 'r' : '\\');
        text++;
    }
}

static void put_array_text(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (;;) {
        size_t plain = strcspn(text, "\\\"");
        buf_put(out, (struct str){ text, plain });
        text += plain;
        if (!*text)
            break;
        buf_putc(out, '\\');
        buf_putc(out, *text++);
    }
    buf_putc(out, '"');
}

void encode_text(struct encoder *encoder, const char *text)
{
    separate(encoder);
    if (encoder->form == ENCODE_ARRAY)
        put_array_text(encoder->out, text);
    else
        put_copy_text(encoder->out, text);
}

void encode_date(struct encoder *encoder, int32_t date)
{
    separate(encoder);
    day_format(date, encoder->out);
}

void encode_instant(struct encoder *encoder, int64_t unix_seconds)
{
    separate(encoder);
    instant_format(unix_seconds, encoder->out);
}
