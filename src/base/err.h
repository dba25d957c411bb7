/*
 * err.h: how a function says that the world failed.
 *
 * Three kinds of trouble, three ways (see CONTRIBUTING.md): a bug is an assert, an expected bad
 * answer is data (enum outcome), and a failure of the world (disk, database, memory,
 * configuration) is a ts_err. Details for people go into an optional `struct error *reterr`,
 * always last.
 */
#ifndef TS_BASE_ERR_H
#define TS_BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"

typedef enum ts_err {
#define TS_ERR(name, retryable, text) TS_ERR_##name,
#include "base/err.def"
#undef TS_ERR
} ts_err;

/* Details of a failure: set on failure only, never allocates. Plain value, caller's storage. */
struct error {
    ts_err code;
    char text[300]; /* one line, without the program's name; says what to do where we know */
};

/* The name ("CONNECTION"), the general text, and whether trying again later can help. */
const char *ts_err_name(ts_err err);
const char *ts_err_text(ts_err err);
bool ts_err_retryable(ts_err err);

/* Fills *reterr (NULL is allowed), cutting what does not fit, and returns `code`, so that a
 * failing function can end with `return error_set(reterr, TS_ERR_IO, "…", …);`. */
ts_err error_set(struct error *reterr, ts_err code, const char *format, ...) TS_PRINTF(3, 4);

/* Puts `context: ` before the text that is there. Returns reterr's code. Not for NULL. */
ts_err error_prefix(struct error *reterr, const char *format, ...) TS_PRINTF(2, 3);

#endif
