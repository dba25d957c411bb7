/*
 * fuzz_json.c: base/json on any input.
 *
 * Reading all of a document, skipping it and taking it raw agree; an accepted document that
 * loses its last byte is truncated, never accepted; a decoded string that is written and read
 * again is the same.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "support/fuzz.h"

#define TEXT_BYTES 4096

static void check_string(struct str text)
{
    static char written[6 * TEXT_BYTES + 3], again[TEXT_BYTES];
    struct buf buf = buf_over(written, sizeof(written));
    json_put_string(&buf, text);
    assert(!buf.overflow);
    struct json json = json_over(buf_view(&buf));
    struct str back = { NULL, 0 };
    assert(json_string(&json, again, sizeof(again), &back));
    assert(json_finish(&json) == JSON_OK && str_equal(text, back));
}

static void read_scalar(struct json *json, enum json_type type)
{
    static char storage[TEXT_BYTES];
    struct str text;
    int64_t number;
    bool flag;
    if (type == JSON_STRING && json_string(json, storage, sizeof(storage), &text))
        check_string(text);
    else if (type == JSON_NUMBER)
        (void)json_i64(json, &number);
    else if (type == JSON_BOOL)
        (void)json_bool(json, &flag);
    else if (type == JSON_NULL)
        (void)json_null(json);
}

/* The next value of the containers entered so far; false when all are left. */
static bool advance(struct json *json)
{
    struct str key;
    while (json->depth && !json->error) {
        bool is_object = json->is_object[json->depth - 1];
        if (is_object ? json_key(json, &key) : json_next(json))
            return true;
    }
    return false;
}

static enum json_error read_all(struct str text)
{
    struct json json = json_over(text);
    do {
        enum json_type type = json_peek(&json);
        if (type == JSON_ARRAY)
            (void)json_enter_array(&json);
        else if (type == JSON_OBJECT)
            (void)json_enter_object(&json);
        else
            read_scalar(&json, type);
    } while (advance(&json));
    enum json_error error = json_finish(&json);
    assert(json_offset(&json) <= text.len);
    return error;
}

static enum json_error skip_all(struct str text)
{
    struct json json = json_over(text);
    return json_finish(&json);
}

static void check_accepted(struct str text)
{
    struct json json = json_over(text);
    enum json_type type = json_peek(&json);
    struct str raw = { NULL, 0 };
    assert(skip_all(text) == JSON_OK);
    assert(json_raw(&json, &raw) && read_all(raw) == JSON_OK);
    if (type == JSON_ARRAY || type == JSON_OBJECT || type == JSON_STRING) {
        raw.len--;
        assert(read_all(raw) == JSON_TRUNCATED && skip_all(raw) == JSON_TRUNCATED);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    enum json_error error = read_all(text);
    if (error == JSON_OK)
        check_accepted(text);
    else if (error == JSON_TRUNCATED)
        assert(skip_all(text) == JSON_TRUNCATED);
    return 0;
}
