/*
 * field.h: reading a reply's objects by a table of fields. Private to engine/.
 */
#ifndef TS_ENGINE_FIELD_H
#define TS_ENGINE_FIELD_H

#include <stddef.h>

#include "base/json.h"

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

/* Copies text without control characters, trimmed, cut to ENGINE_TEXT_MAX; `into` has room for
 * that and a NUL. */
void engine_clean_text(struct str text, char *into);

/* Rows of a field table for a struct of the adapter's. */
#define ENGINE_FIELD(name, need, type, noun, member)                                           \
    {                                                                                          \
        name, FIELD_##need, FIELD_##type, offsetof(struct noun, member), NULL                  \
    }
#define ENGINE_FIELD_READ(name, need, read)                                                    \
    {                                                                                          \
        name, FIELD_##need, FIELD_OTHER, 0, read                                               \
    }

#endif
