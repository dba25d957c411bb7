/*
 * adapter.h: what the engines' adapters share: reading a reply's objects by a table of fields,
 * and adding tee times to the sheets of a task. Private to engine/.
 */
#ifndef TS_ENGINE_ADAPTER_H
#define TS_ENGINE_ADAPTER_H

#include "base/json.h"
#include "engine/engine.h"

#define ENGINE(name) extern const struct engine engine_##name;
#include "engine/engines.def"
#undef ENGINE

/* Texts of replies are cut to this, at the border of a character. */
#define ENGINE_TEXT_MAX 96

enum engine_field_type {
    FIELD_I64,    /* int64_t: a positive integer */
    FIELD_SMALL,  /* uint8_t: an integer 0..255 */
    FIELD_BOOL,   /* bool */
    FIELD_MINUTE, /* uint16_t: "6:30" or "06:30" */
    FIELD_DATE,   /* int32_t: "2026-12-05" */
    FIELD_CENTS,  /* int32_t: a number of whole currency units */
    FIELD_TEXT,   /* char[ENGINE_TEXT_MAX + 1]: without control characters, trimmed, cut */
    FIELD_OTHER,  /* read by the field's own function, which consumes the value */
};

enum engine_field_need {
    FIELD_REQUIRED,   /* must be there and readable */
    FIELD_MAY_LACK,   /* may be missing, must be readable if there */
    FIELD_IF_READABLE /* else `into` keeps what it held */
};

struct engine_field {
    const char *name;
    enum engine_field_need need;
    enum engine_field_type type;
    size_t offset; /* in the struct that is read into */
    bool (*read)(struct json *json, void *into);
};

/* What is wrong with an object: the first field at fault (static) and its place. */
struct engine_fault {
    const char *field;
    size_t offset; /* of the reader */
};

/* Reads the next value, an object, into a struct by a table of at most 32 fields; other members
 * are ignored. False: it is no object, or a field breaks its need; the object is consumed and
 * the rest is read nonetheless. */
bool engine_read_object(struct json *json, const struct engine_field *fields, uint32_t count,
                        void *into, struct engine_fault *ret_fault);

/* The request for the JSON at the URL that is all of scratch. TS_ERR_FULL: it did not fit. */
TS_MUST_USE ts_err engine_get_json(const struct buf *scratch, uint32_t reply_cap_bytes,
                                   struct http_request *ret_request);

/* Counts a tee time that could not be read; the first one is named. */
void engine_skip_row(struct engine_result *result, const char *field, size_t offset);

/* Appends a tee time with copies of its texts (equal ones of the sheet are shared). False: the
 * task's arena is full. */
TS_MUST_USE bool engine_add_tee_time(struct engine_task *task, uint32_t sheet,
                                     const struct tee_time *tee_time);

/* The sheet's tee time of this identity and engine_ref, or NULL. */
struct tee_time *engine_find_tee_time(struct tee_sheet *sheet, const struct tee_time *wanted);

/* ENGINE_DONE with an outcome for all sheets that have none. */
enum engine_verdict engine_done(struct engine_result *result, enum outcome outcome,
                                const char *detail);
enum engine_verdict engine_done_too_large(struct engine_result *result);

/* Whether the reply holds one whole JSON document. If not, *ret_verdict says what to answer:
 * TRUNCATED for one that ends early or is empty, DONE unreadable with the place for others. */
bool engine_is_json(struct engine_task *task, const struct http_reply *reply,
                    struct engine_result *result, enum engine_verdict *ret_verdict);

/* "HTTP 422: words of the body", for `detail`; static text when the arena is full. */
const char *engine_refusal(struct engine_task *task, const struct http_reply *reply);

/* A comma-separated attribute: how many items, and one of them ({NULL, 0} beyond the end). */
uint32_t engine_list_count(struct str list);
struct str engine_list_at(struct str list, uint32_t index);

#endif
