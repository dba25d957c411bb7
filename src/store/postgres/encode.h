/*
 * encode.h: values as PostgreSQL reads them in text: elements of array literals, fields of COPY
 * rows. One writer serves both, so that each column is written in one place.
 */
#ifndef TS_STORE_POSTGRES_ENCODE_H
#define TS_STORE_POSTGRES_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum encode_form { ENCODE_ARRAY, ENCODE_COPY };

struct encoder {
    struct buf *out;
    enum encode_form form;
    bool first; /* no value in this array or row yet */
};

/* An array literal: "{…}" and a NUL. Returns where it starts. */
const char *encode_array_begin(struct encoder *encoder, struct buf *out);
void encode_array_end(struct encoder *encoder);

/* A row of COPY text. */
void encode_row_begin(struct encoder *encoder, struct buf *out);
void encode_row_end(struct encoder *encoder);

/* The next element or field. */
void encode_null(struct encoder *encoder);
void encode_i64(struct encoder *encoder, int64_t value);
void encode_text(struct encoder *encoder, const char *text);
void encode_date(struct encoder *encoder, int32_t date);
void encode_instant(struct encoder *encoder, int64_t unix_seconds);

#endif
