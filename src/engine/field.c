/* field.c: values of every type that replies hold, and objects by tables of them. */
#include "engine/field.h"

#include <assert.h>

#include "base/day.h"
#include "domain/tee_time.h"

#define DECODE_BYTES 512 /* longer texts of a reply are unreadable */

static bool read_text(struct json *json, void *into)
{
    char decoded[DECODE_BYTES];
    struct str text;
    if (!json_string(json, decoded, sizeof(decoded), &text))
        return false;
    engine_clean_text(text, into);
    return true;
}

static bool read_i64(struct json *json, void *at)
{
    int64_t value;
    if (!json_i64(json, &value) || value < 1)
        return false;
    *(int64_t *)at = value;
    return true;
}

static bool read_small(struct json *json, void *at)
{
    int64_t value;
    if (!json_i64(json, &value) || value < 0 || value > UINT8_MAX)
        return false;
    *(uint8_t *)at = (uint8_t)value;
    return true;
}

static bool read_bool(struct json *json, void *at)
{
    return json_bool(json, at);
}

static bool read_minute(struct json *json, void *at)
{
    struct str text;
    return json_string_raw(json, &text) && str_to_minute(text, at);
}

static bool read_date(struct json *json, void *at)
{
    struct str text;
    return json_string_raw(json, &text) && day_parse(text, at);
}

static bool read_cents(struct json *json, void *at)
{
    struct str text;
    return json_number(json, &text) && str_to_cents(text, at);
}

/* Reads null or a boolean, of which true is not readable. False: it is of another type and
 * still to be read. */
static bool read_nothing(struct json *json, bool *ret_is_readable)
{
    bool value = false;
    enum json_type type = json_peek(json);
    if (type == JSON_NULL)
        *ret_is_readable = json_null(json);
    else if (type == JSON_BOOL)
        *ret_is_readable = json_bool(json, &value) && !value;
    return type == JSON_NULL || type == JSON_BOOL;
}

static bool read_loose_text(struct json *json, void *into)
{
    bool is_readable;
    return read_nothing(json, &is_readable) ? is_readable : read_text(json, into);
}

/* A number's text, empty for nothing. False: it is something else. */
static bool read_loose(struct json *json, struct str *ret_text)
{
    bool is_readable;
    *ret_text = (struct str){ NULL, 0 };
    if (read_nothing(json, &is_readable))
        return is_readable;
    if (json_peek(json) != JSON_STRING)
        return json_number(json, ret_text);
    if (!json_string_raw(json, ret_text))
        return false;
    *ret_text = str_trim(*ret_text);
    return true;
}

static bool read_loose_count(struct json *json, void *at)
{
    struct str text;
    int64_t value;
    if (!read_loose(json, &text))
        return false;
    if (text.len == 0)
        return true;
    if (!str_to_i64(text, 0, INT32_MAX, &value))
        return false;
    *(int32_t *)at = (int32_t)value;
    return true;
}

static bool read_loose_cents(struct json *json, void *at)
{
    struct str text;
    return read_loose(json, &text) && (text.len == 0 || str_to_cents(text, at));
}

static bool read_party(struct json *json, void *at)
{
    bool is_readable = true;
    uint8_t party = 0;
    if (read_nothing(json, &is_readable))
        return is_readable;
    if (!json_enter_array(json))
        return false;
    while (json_next(json)) {
        int32_t size = 0;
        is_readable = read_loose_count(json, &size) && size > 0 && is_readable;
        if (size <= TEE_TIME_PARTY_MAX)
            party |= tee_time_party((unsigned)size);
    }
    *(uint8_t *)at = party;
    return is_readable;
}

static bool read_when(struct json *json, void *at)
{
    struct engine_when *when = at;
    struct str text;
    int64_t second;
    if (!json_string_raw(json, &text) || text.len < 16 ||
        (text.ptr[10] != ' ' && text.ptr[10] != 'T'))
        return false;
    if (text.len > 16 &&
        (text.ptr[16] != ':' ||
         !str_to_i64((struct str){ text.ptr + 17, text.len - 17 }, 0, 60, &second)))
        return false;
    return day_parse((struct str){ text.ptr, 10 }, &when->date) &&
           str_to_minute((struct str){ text.ptr + 11, 5 }, &when->minute);
}

static bool read_list(struct json *json, void *at)
{
    struct engine_list *list = at;
    if (json_peek(json) != JSON_ARRAY)
        return json_null(json);
    list->offset = json_offset(json);
    return json_raw(json, &list->raw);
}

/* By the field's type, into its place. */
static bool (*const readers[])(struct json *json, void *at) = {
    [FIELD_I64] = read_i64,
    [FIELD_SMALL] = read_small,
    [FIELD_BOOL] = read_bool,
    [FIELD_MINUTE] = read_minute,
    [FIELD_DATE] = read_date,
    [FIELD_CENTS] = read_cents,
    [FIELD_TEXT] = read_text,
    [FIELD_LOOSE_COUNT] = read_loose_count,
    [FIELD_LOOSE_CENTS] = read_loose_cents,
    [FIELD_LOOSE_TEXT] = read_loose_text,
    [FIELD_PARTY] = read_party,
    [FIELD_WHEN] = read_when,
    [FIELD_LIST] = read_list,
};

static bool read_field(struct json *json, const struct engine_field *field, void *into)
{
    if (field->type == FIELD_OTHER)
        return field->read(json, into);
    return readers[field->type](json, (char *)into + field->offset);
}

static uint32_t field_find(const struct engine_field *fields, uint32_t count, struct str key)
{
    uint32_t i = 0;
    while (i < count && !str_equal(key, str_of(fields[i].name)))
        i++;
    return i;
}

static void fault_note(struct engine_fault *fault, const char *field, size_t offset)
{
    if (!fault->field)
        *fault = (struct engine_fault){ field, offset };
}

bool engine_read_object(struct json *json, const struct engine_field *fields, uint32_t count,
                        void *into, struct engine_fault *ret_fault)
{
    struct engine_fault fault = { NULL, 0 };
    struct str key;
    uint32_t seen = 0;
    size_t start = json_offset(json);
    assert(count <= 32);
    if (!json_enter_object(json)) {
        *ret_fault = (struct engine_fault){ "object", start };
        return false;
    }
    while (json_key(json, &key)) {
        uint32_t i = field_find(fields, count, key);
        size_t at = json_offset(json);
        if (i == count)
            continue;
        seen |= UINT32_C(1) << i;
        if (!read_field(json, &fields[i], into) && fields[i].need != FIELD_IF_READABLE)
            fault_note(&fault, fields[i].name, at);
    }
    for (uint32_t i = 0; i < count; i++)
        if (fields[i].need == FIELD_REQUIRED && !(seen & UINT32_C(1) << i))
            fault_note(&fault, fields[i].name, start);
    *ret_fault = fault;
    return !fault.field;
}
