/*
 * json.h: reading JSON without memory, and writing it.
 *
 * The reader is a pull reader over one complete body: it allocates nothing, holds a position, a
 * depth and the first error (sticky: after it every call answers "end" or false). It refuses
 * what RFC 8259 refuses in the parts it reads, and unbalanced or truncated input always
 * (json_finish). Strings are views of the raw text between the quotes; json_string decodes
 * them. The usual use:
 *
 *     struct json json = json_over(body);
 *     if (json_enter_array(&json))
 *         while (json_next(&json))                 // each element
 *             if (json_enter_object(&json))
 *                 while (json_key(&json, &key))    // each member
 *                     if (str_equal(key, STR("id")))
 *                         json_i64(&json, &id);
 *                     // a value that is not read is skipped
 *     if (json_finish(&json)) …
 *
 * Readers of one value return false when the value is of another type (the value is then
 * skipped, no error is set) and when the reader has failed. Duplicate keys: each is delivered,
 * in order. Any thread, one at a time.
 */
#ifndef TS_BASE_JSON_H
#define TS_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define JSON_DEPTH_MAX 64

enum json_type {
    JSON_NONE,
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

enum json_error {
    JSON_OK,
    JSON_TRUNCATED, /* the input ended inside the document: worth a retry */
    JSON_SYNTAX,    /* not JSON */
    JSON_TOO_DEEP,
    JSON_TRAILING, /* bytes after the document */
};

struct json {
    const char *start, *at, *end;
    enum json_error error;
    uint8_t depth;
    bool value_pending; /* a value stands at `at` that nobody has read yet */
    bool is_object[JSON_DEPTH_MAX];
    bool first[JSON_DEPTH_MAX];
};

struct json json_over(struct str body);

/* The type of the value that is next; JSON_NONE at the end of a container or after an error. */
enum json_type json_peek(struct json *json);

/* Enters the next value if it is a container of this type; else skips it, and a loop over its
 * items must not follow: it would go through those of the container around it. */
bool json_enter_array(struct json *json);
bool json_enter_object(struct json *json);

/* The next element of the array entered last / the next member's key (a raw view, escapes
 * undecoded) of the object entered last; false at its end, which leaves the container. A
 * previous value that nobody read is skipped; one that was entered must have been read to its
 * end. */
bool json_next(struct json *json);
bool json_key(struct json *json, struct str *ret_key);

/* Skips the next value. Of a container the strings and the matching of brackets are checked. */
bool json_skip(struct json *json);

/* The next value's raw text, containers whole, borrowed from the body. */
bool json_raw(struct json *json, struct str *ret_raw);

bool json_bool(struct json *json, bool *ret_value);
bool json_null(struct json *json);
bool json_i64(struct json *json, int64_t *ret_value);      /* integers; 1.0 is none */
bool json_number(struct json *json, struct str *ret_text); /* the number as written */
bool json_string_raw(struct json *json, struct str *ret_raw);

/* The next string decoded into storage (UTF-8, NUL-terminated, *ret_text is its view). False
 * too when it does not fit, holds U+0000, a lone surrogate, or invalid UTF-8: then it was
 * skipped. */
bool json_string(struct json *json, char *storage, size_t cap, struct str *ret_text);

/* JSON_OK if one whole document was read and nothing but white space follows; unread rest is
 * skipped and checked. */
enum json_error json_finish(struct json *json);

/* Byte offset of the reader (of the error, after one). */
size_t json_offset(const struct json *json);

const char *json_error_text(enum json_error error);

/* Appends text as a JSON string with quotes; invalid UTF-8 becomes U+FFFD. */
void json_put_string(struct buf *out, struct str text);

#endif
