/* jansson_peer.c: the one file of the differential test that includes jansson.h. */
#include "jansson_peer.h"

#include <jansson.h>

_Static_assert((int)PEER_OBJECT == JSON_OBJECT && (int)PEER_NULL == JSON_NULL, "same order");

static json_error_t reason;

struct json_t *peer_load(struct str text)
{
    return json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &reason);
}

void peer_free(struct json_t *value)
{
    json_decref(value);
}

const char *peer_reason(void)
{
    return reason.text;
}

enum peer_type peer_type(const struct json_t *value)
{
    return (enum peer_type)json_typeof(value);
}

int64_t peer_integer(const struct json_t *value)
{
    return json_integer_value(value);
}

double peer_real(const struct json_t *value)
{
    return json_real_value(value);
}

struct str peer_string(const struct json_t *value)
{
    return (struct str){ json_string_value(value), json_string_length(value) };
}

size_t peer_count(const struct json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

const struct json_t *peer_item(const struct json_t *array, size_t index)
{
    return json_array_get(array, index);
}

const struct json_t *peer_member(const struct json_t *object, struct str name)
{
    return json_object_getn(object, name.ptr, name.len);
}
