/* derived_id.c: a course id from a row's identity attributes; attributes.h has the recipe, byte
 * by byte. */
#include "base/hash.h"
#include "catalogue/attributes.h"

/* The smallest item of a comma-separated list that is greater than `after` (ptr NULL: any). */
static bool next_item(struct str list, struct str after, struct str *ret_item)
{
    struct str item, best = { NULL, 0 };
    while (str_split(&list, ',', &item)) {
        if (after.ptr && str_compare(item, after) <= 0)
            continue;
        if (!best.ptr || str_compare(item, best) < 0)
            best = item;
    }
    *ret_item = best;
    return best.ptr != NULL;
}

static uint64_t hash_text(uint64_t hash, struct str text)
{
    return hash_bytes(hash, text.ptr, text.len);
}

static uint64_t hash_value(uint64_t hash, enum engine_attr_type type, struct str value)
{
    if (type == ATTR_INT || type == ATTR_TEXT)
        return hash_text(hash, value);
    struct str item = { NULL, 0 };
    for (bool first = true; next_item(value, item, &item); first = false) {
        if (!first)
            hash = hash_text(hash, STR(","));
        hash = hash_text(hash, item);
    }
    return hash;
}

/* Whether UUIDs alone are the row's identity. */
static bool hangs_on_uuids(const struct engine *engine, const struct course *course)
{
    int api = engine_attr_find(engine, STR("api"));
    if (api >= 0 && str_equal(course_attribute(course, (unsigned)api), STR("v1")))
        return false;
    for (unsigned i = 0; i < engine->attrs_count; i++) {
        if (engine->attrs[i].identity && engine->attrs[i].type == ATTR_UUID_LIST &&
            course_attribute(course, i).len > 0)
            return true;
    }
    return false;
}

/* The index of the attribute that follows `after` (NULL: the first) in the byte order of names;
 * -1 at the end. Independent of the order in the engine's table. */
static int next_attribute(const struct engine *engine, const char *after)
{
    int best = -1;
    for (unsigned i = 0; i < engine->attrs_count; i++) {
        const char *name = engine->attrs[i].name;
        if (after && strcmp(name, after) <= 0)
            continue;
        if (best < 0 || strcmp(name, engine->attrs[best].name) < 0)
            best = (int)i;
    }
    return best;
}

int64_t attributes_derive_id(const struct engine *engine, const char *packed)
{
    struct course course = { .attributes = packed };
    bool uuids = hangs_on_uuids(engine, &course);
    bool given = false;
    const char *name = NULL;
    uint64_t hash = hash_bytes(HASH_START, engine->name, strlen(engine->name) + 1);
    for (int i = next_attribute(engine, NULL); i >= 0; i = next_attribute(engine, name)) {
        const struct engine_attr *attr = &engine->attrs[i];
        struct str value = course_attribute(&course, (unsigned)i);
        name = attr->name;
        if (!attr->identity || value.len == 0 || (attr->type == ATTR_UUID_LIST) != uuids)
            continue;
        given = true;
        hash = hash_text(hash_text(hash, str_of(name)), STR("="));
        hash = hash_text(hash_value(hash, attr->type, value), (struct str){ "", 1 });
    }
    int64_t id = (int64_t)(hash & INT64_MAX);
    if (!given)
        return 0;
    return id ? id : 1;
}
