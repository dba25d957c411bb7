/* json.c: the pull reader. A position, a depth, and one bit of expectation. */
#include "base/json.h"

#include "base/json_scan.h"

/* Keeps the first error, and the position at which it was found. */
static bool check(struct json *json, enum json_error error)
{
    json->error = error;
    return error == JSON_OK;
}

/* The next byte that is no white space; '\0' and an error at the end of the input. A NUL byte
 * in the input is none of the characters that anyone looks for. */
static char next_char(struct json *json)
{
    json->at = json_scan_space(json->at, json->end);
    if (json->at == json->end) {
        (void)check(json, JSON_TRUNCATED);
        return '\0';
    }
    return *json->at;
}

struct json json_over(struct str body)
{
    /* RFC 8259, 8.1: a byte order mark may be ignored; ASP.NET sends it. */
    const struct str mark = STR("\xef\xbb\xbf");
    struct json json = { .start = body.ptr ? body.ptr : "", .value_pending = true };
    json.end = json.start + body.len;
    json.at = json.start + (str_has_prefix(body, mark) ? mark.len : 0);
    return json;
}

static enum json_type type_of(char c)
{
    switch (c) {
    case 'n':
        return JSON_NULL;
    case 't':
    case 'f':
        return JSON_BOOL;
    case '"':
        return JSON_STRING;
    case '[':
        return JSON_ARRAY;
    case '{':
        return JSON_OBJECT;
    default:
        return c == '-' || (c >= '0' && c <= '9') ? JSON_NUMBER : JSON_NONE;
    }
}

enum json_type json_peek(struct json *json)
{
    if (json->error || !json->value_pending)
        return JSON_NONE;
    char c = next_char(json);
    if (json->error)
        return JSON_NONE;
    enum json_type type = type_of(c);
    if (type == JSON_NONE)
        (void)check(json, JSON_SYNTAX);
    return type;
}

static enum json_error scan_value(struct json *json, enum json_type type)
{
    switch (type) {
    case JSON_NULL:
        return json_scan_literal(&json->at, json->end, STR("null"));
    case JSON_BOOL:
        return json_scan_literal(&json->at, json->end,
                                 *json->at == 't' ? STR("true") : STR("false"));
    case JSON_NUMBER:
        return json_scan_number(&json->at, json->end);
    case JSON_STRING:
        json->at++;
        return json_scan_string(&json->at, json->end);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return json_scan_container(&json->at, json->end, JSON_DEPTH_MAX - json->depth);
    case JSON_NONE:
        break;
    }
    return json->error;
}

/* Moves behind the next value, whose type json_peek has told. */
static bool read_value(struct json *json, enum json_type type, struct str *ret_raw)
{
    if (type == JSON_NONE)
        return false;
    const char *from = json->at;
    json->value_pending = false;
    if (!check(json, scan_value(json, type)))
        return false;
    *ret_raw = (struct str){ from, (size_t)(json->at - from) };
    return true;
}

/* The next value if it has this type; another one is skipped. */
static bool read_typed(struct json *json, enum json_type wanted, struct str *ret_raw)
{
    struct str raw = { NULL, 0 };
    enum json_type type = json_peek(json);
    if (!read_value(json, type, &raw) || type != wanted)
        return false;
    *ret_raw = raw;
    return true;
}

static bool enter(struct json *json, enum json_type wanted)
{
    if (json_peek(json) != wanted) {
        (void)json_skip(json);
        return false;
    }
    if (json->depth == JSON_DEPTH_MAX)
        return check(json, JSON_TOO_DEEP);
    json->at++;
    json->is_object[json->depth] = wanted == JSON_OBJECT;
    json->first[json->depth] = true;
    json->depth++;
    json->value_pending = false;
    return true;
}

bool json_enter_array(struct json *json)
{
    return enter(json, JSON_ARRAY);
}

bool json_enter_object(struct json *json)
{
    return enter(json, JSON_OBJECT);
}

/* Moves over the comma, or the end of the container, which is left (false). */
static bool next_item(struct json *json, char closing)
{
    bool *first = &json->first[json->depth - 1];
    char c = next_char(json);
    if (json->error)
        return false;
    if (c == closing) {
        json->at++;
        json->depth--;
        return false;
    }
    if (!*first && c != ',')
        return check(json, JSON_SYNTAX);
    json->at += !*first;
    *first = false;
    return true;
}

/* Whether the container entered last is of this kind and read up to its next item. */
static bool stands_in(struct json *json, bool is_object)
{
    if (json->error || !json->depth || json->is_object[json->depth - 1] != is_object)
        return false;
    return !json->value_pending || json_skip(json);
}

static bool expect(struct json *json, char wanted)
{
    if (next_char(json) != wanted)
        return check(json, json->error ? json->error : JSON_SYNTAX);
    json->at++;
    return true;
}

bool json_next(struct json *json)
{
    if (!stands_in(json, false) || !next_item(json, ']'))
        return false;
    json->value_pending = true;
    return json_peek(json) != JSON_NONE;
}

bool json_key(struct json *json, struct str *ret_key)
{
    if (!stands_in(json, true) || !next_item(json, '}') || !expect(json, '"'))
        return false;
    const char *key = json->at;
    if (!check(json, json_scan_string(&json->at, json->end)))
        return false;
    size_t len = (size_t)(json->at - key) - 1;
    if (!expect(json, ':'))
        return false;
    json->value_pending = true;
    if (json_peek(json) == JSON_NONE)
        return false;
    *ret_key = (struct str){ key, len };
    return true;
}

bool json_skip(struct json *json)
{
    struct str raw;
    return json_raw(json, &raw);
}

bool json_raw(struct json *json, struct str *ret_raw)
{
    return read_value(json, json_peek(json), ret_raw);
}

bool json_bool(struct json *json, bool *ret_value)
{
    struct str raw;
    if (!read_typed(json, JSON_BOOL, &raw))
        return false;
    *ret_value = *raw.ptr == 't';
    return true;
}

bool json_null(struct json *json)
{
    struct str raw;
    return read_typed(json, JSON_NULL, &raw);
}

bool json_i64(struct json *json, int64_t *ret_value)
{
    struct str raw;
    return read_typed(json, JSON_NUMBER, &raw) &&
           str_to_i64(raw, INT64_MIN, INT64_MAX, ret_value);
}

bool json_number(struct json *json, struct str *ret_text)
{
    return read_typed(json, JSON_NUMBER, ret_text);
}

bool json_string_raw(struct json *json, struct str *ret_raw)
{
    struct str raw;
    if (!read_typed(json, JSON_STRING, &raw))
        return false;
    *ret_raw = (struct str){ raw.ptr + 1, raw.len - 2 };
    return true;
}

/* Reads the entered containers to their ends. */
static void leave_all(struct json *json)
{
    struct str key;
    while (json->depth && !json->error) {
        bool is_object = json->is_object[json->depth - 1];
        while (is_object ? json_key(json, &key) : json_next(json))
            continue;
    }
}

enum json_error json_finish(struct json *json)
{
    leave_all(json);
    if (json->value_pending)
        (void)json_skip(json);
    if (json->error)
        return json->error;
    json->at = json_scan_space(json->at, json->end);
    (void)check(json, json->at == json->end ? JSON_OK : JSON_TRAILING);
    return json->error;
}

size_t json_offset(const struct json *json)
{
    return (size_t)(json->at - json->start);
}

const char *json_error_text(enum json_error error)
{
    static const char *const texts[] = {
        [JSON_OK] = "valid JSON",
        [JSON_TRUNCATED] = "the JSON ends too early",
        [JSON_SYNTAX] = "not valid JSON",
        [JSON_TOO_DEEP] = "JSON nested too deeply",
        [JSON_TRAILING] = "bytes after the JSON document",
    };
    return texts[error];
}
