/*
 * jansson_peer.h: jansson under names that do not meet those of base/json.
 */
#ifndef TS_UNIT_JANSSON_PEER_H
#define TS_UNIT_JANSSON_PEER_H

#include "base/str.h"

struct json_t; /* jansson's value */

enum peer_type {
    PEER_OBJECT,
    PEER_ARRAY,
    PEER_STRING,
    PEER_INTEGER,
    PEER_REAL,
    PEER_TRUE,
    PEER_FALSE,
    PEER_NULL
};

/* NULL: refused, for the reason that peer_reason then gives. Owner: the caller, peer_free. */
struct json_t *peer_load(struct str text);
void peer_free(struct json_t *value); /* accepts NULL */
const char *peer_reason(void);

enum peer_type peer_type(const struct json_t *value);
int64_t peer_integer(const struct json_t *value);
double peer_real(const struct json_t *value);
struct str peer_string(const struct json_t *value);
size_t peer_count(const struct json_t *value); /* of items or members */
const struct json_t *peer_item(const struct json_t *array, size_t index);
const struct json_t *peer_member(const struct json_t *object, struct str name);

#endif
