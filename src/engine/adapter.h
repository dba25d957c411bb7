/*
 * adapter.h: what the engines' adapters share: reading a reply's objects by a table of fields,
 * and adding tee times to the sheets of a task. Private to engine/.
 */
#ifndef TS_ENGINE_ADAPTER_H
#define TS_ENGINE_ADAPTER_H

#include <stddef.h>

#include "base/json.h"
#include "engine/engine.h"

/* Rows of a field table for a struct of the adapter's. */
#define ENGINE_FIELD(name, need, type, noun, member)                                           \
    {                                                                                          \
        name, FIELD_##need, FIELD_##type, offsetof(struct noun, member), NULL                  \
    }
#define ENGINE_FIELD_READ(name, need, read)                                                    \
    {                                                                                          \
        name, FIELD_##need, FIELD_OTHER, 0, read                                               \
    }

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
    /* null, false and "" leave what `into` held; numbers may be written as text */
    FIELD_LOOSE_COUNT, /* int32_t: a whole number from 0 */
    FIELD_LOOSE_CENTS, /* int32_t */
    FIELD_LOOSE_TEXT,
    FIELD_PARTY, /* uint8_t: party sizes, from a list of numbers, which may be texts */
    FIELD_WHEN,  /* struct engine_when: "2026-12-05 06:30" or "2026-12-05T06:30:00", local */
    FIELD_LIST,  /* struct engine_list; null leaves what `into` held */
    FIELD_OTHER, /* read by the field's own function, which consumes the value */
};

struct engine_when {
    int32_t date;
    uint16_t minute;
};

/* A list inside an object, to be read after the object. */
struct engine_list {
    struct str raw;
    size_t offset; /* of the reader */
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

/* The request that posts a JSON body; the texts are in scratch or static. TS_ERR_FULL: they did
 * not fit. */
TS_MUST_USE ts_err engine_post_json(const struct buf *scratch, const char *url, struct str body,
                                    uint32_t reply_cap_bytes, struct http_request *ret_request);

/* Counts a tee time that could not be read; the first one is named. */
void engine_skip_row(struct engine_result *result, const char *field, size_t offset);

/* Appends a tee time with copies of its texts (equal ones of the sheet are shared). False: the
 * task's arena is full. */
TS_MUST_USE bool engine_add_tee_time(struct engine_task *task, uint32_t sheet,
                                     const struct tee_time *tee_time);

/* The sheet's tee time of this identity and engine_ref, or NULL. */
struct tee_time *engine_find_tee_time(struct tee_sheet *sheet, const struct tee_time *wanted);

/* How the rows of a reply went for one sheet. */
struct engine_rows {
    uint32_t own, skipped; /* read, and of the sheet but not readable */
    uint32_t others;       /* of courses that were not asked for */
};

/* The sheet's outcome, by its tee times and its rows: nothing open needs a row that could be
 * read, or a reply without rows. */
void engine_settle_sheet(struct tee_sheet *sheet, const struct engine_rows *rows);

/* For engines that answer for one course at a time. */
bool engine_no_tenant_key(const struct course *course, struct buf *key);
uint32_t engine_request_each(const struct course *const *courses, uint32_t count);

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

/* What a row's attribute that is one number must be: at least min, at most INT32_MAX. */
struct engine_number {
    unsigned attribute; /* index in the engine's table */
    bool is_required;
    int64_t min;
};

/* Checks attributes by such a table. TS_ERR_CATALOGUE with the first fault's name and reason.
 */
TS_MUST_USE ts_err engine_check_numbers(const struct course *course,
                                        const struct engine_attr *attrs,
                                        const struct engine_number *numbers, uint32_t count,
                                        struct error *reterr);

/* A checked attribute's number; 0 where it is not given. */
int64_t engine_attribute_number(const struct course *course, unsigned attribute);

bool engine_is_uuid(struct str text);

/* A comma-separated attribute: how many items, and one of them ({NULL, 0} beyond the end). */
uint32_t engine_list_count(struct str list);
struct str engine_list_at(struct str list, uint32_t index);

#endif
