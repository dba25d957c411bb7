/* shape.c: the key paths and value types of a JSON body. */
#include "base/shape.h"

#include <string.h>

#include "base/hash.h"

#define KEY_BYTES_MAX 64

static const char *const type_names[] = {
    [JSON_NULL] = "null",     [JSON_BOOL] = "bool",   [JSON_NUMBER] = "number",
    [JSON_STRING] = "string", [JSON_ARRAY] = "array", [JSON_OBJECT] = "object"
};

/* A container that the walk is in. */
struct level {
    uint64_t hash;
    size_t text_len;
};

struct walk {
    struct json json;
    uint64_t seed;
    shape_place_fn *on_place;
    void *ctx;
    bool cut;
    struct level levels[JSON_DEPTH_MAX];
    uint32_t depth;
    char text[SHAPE_PATH_BYTES];
};

static bool is_data(struct str key)
{
    bool digit = false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool is_digit = c >= '0' && c <= '9';
        digit |= is_digit;
        if (!is_digit && (c == '\0' || !strchr("abcdefABCDEF-:.TZ", c)))
            return false;
    }
    return digit;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || c == '$' || c == '@';
}

/* ".KEY", normalised. */
static void put_key(struct buf *out, struct str key)
{
    buf_putc(out, '.');
    if (is_data(key)) {
        buf_putc(out, '*');
        return;
    }
    for (size_t i = 0; i < key.len && i < KEY_BYTES_MAX; i++)
        buf_putc(out, is_plain(key.ptr[i]) ? key.ptr[i] : '?');
}

static bool is_empty(const struct json *json, char close)
{
    const char *at = json->at + 1;
    while (at < json->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at >= json->end || *at == close;
}

/* Where the next value stands: `step` below the container around it. False: too long. */
static bool reach(struct walk *walk, struct str step, struct level *ret_level)
{
    struct level level = { .hash = walk->seed, .text_len = 0 };
    if (walk->depth > 0)
        level = walk->levels[walk->depth - 1];
    if (step.len >= sizeof(walk->text) - level.text_len) {
        walk->cut = true;
        return false;
    }
    memcpy(walk->text + level.text_len, step.ptr, step.len);
    level.text_len += step.len;
    level.hash = hash_bytes(level.hash, step.ptr, step.len);
    *ret_level = level;
    return true;
}

/* The value that is next stands at `step` below the level around it: told, and entered if it is
 * a container. */
static void take_value(struct walk *walk, struct str step)
{
    struct level level;
    enum json_type type = json_peek(&walk->json);
    if (type == JSON_NONE || !reach(walk, step, &level))
        return; /* the reader has its error, or skips it */
    bool object = type == JSON_OBJECT;
    bool container = object || type == JSON_ARRAY;
    const struct shape_place place = {
        .text = { walk->text, level.text_len },
        .hash = level.hash,
        .parent = walk->depth > 0 ? walk->levels[walk->depth - 1].hash : 0,
        .type = type,
        .filled = container && !is_empty(&walk->json, object ? '}' : ']'),
    };
    walk->on_place(walk->ctx, &place);
    if (!container)
        return;
    if (object ? json_enter_object(&walk->json) : json_enter_array(&walk->json))
        walk->levels[walk->depth++] = level; /* the reader enters no more than JSON_DEPTH_MAX */
}

/* One step within the innermost container. */
static void take_step(struct walk *walk)
{
    struct str key;
    if (!walk->json.is_object[walk->json.depth - 1]) {
        if (json_next(&walk->json))
            take_value(walk, STR("[]"));
        else
            walk->depth--;
    } else if (json_key(&walk->json, &key)) {
        char text[KEY_BYTES_MAX + 2];
        struct buf step = buf_over(text, sizeof(text));
        put_key(&step, key);
        take_value(walk, buf_view(&step));
    } else {
        walk->depth--;
    }
}

bool shape_walk(struct str body, uint64_t seed, shape_place_fn *on_place, void *ctx,
                bool *ret_cut)
{
    struct walk walk = {
        .json = json_over(body), .seed = seed, .on_place = on_place, .ctx = ctx
    };
    take_value(&walk, STR("$"));
    while (walk.depth > 0 && walk.json.error == JSON_OK)
        take_step(&walk);
    *ret_cut = walk.cut;
    return json_finish(&walk.json) == JSON_OK;
}

/* ---- The set ---- */

static struct shape_path *slot_of(struct shape *shape, uint64_t hash)
{
    uint64_t i = hash;
    while (shape->slots[i % SHAPE_SLOTS].hash != 0 &&
           shape->slots[i % SHAPE_SLOTS].hash != hash)
        i++;
    return &shape->slots[i % SHAPE_SLOTS];
}

struct shape_path *shape_add(struct shape *shape, uint64_t hash, uint64_t parent)
{
    struct shape_path *path = slot_of(shape, hash);
    if (path->hash != 0)
        return path;
    if (shape->count == SHAPE_PATHS_MAX) {
        shape->cut = true;
        return NULL;
    }
    shape->count++;
    *path = (struct shape_path){ .hash = hash, .parent = parent };
    return path;
}

static void add_place(void *ctx, const struct shape_place *place)
{
    struct shape_path *path = shape_add(ctx, place->hash, place->parent);
    if (!path)
        return;
    path->times++;
    path->types |= (uint8_t)SHAPE_TYPE(place->type);
    if (place->filled)
        path->filled |= (uint8_t)SHAPE_TYPE(place->type);
    path->objects += place->filled && place->type == JSON_OBJECT;
}

bool shape_of(struct str body, uint64_t seed, struct shape *ret_shape)
{
    bool cut = false;
    memset(ret_shape, 0, sizeof(*ret_shape));
    if (!shape_walk(body, seed, add_place, ret_shape, &cut))
        return false;
    ret_shape->cut |= cut;
    for (uint32_t i = 0; i < SHAPE_SLOTS; i++) {
        const struct shape_path *path = &ret_shape->slots[i];
        if (path->hash != 0) /* a sum: the order of a set does not matter */
            ret_shape->fingerprint += hash_u64(hash_u64(HASH_START, path->hash), path->types);
    }
    if (ret_shape->fingerprint == 0)
        ret_shape->fingerprint = 1;
    return true;
}

const struct shape_path *shape_find(const struct shape *shape, uint64_t hash)
{
    uint64_t i = hash;
    for (; shape->slots[i % SHAPE_SLOTS].hash != 0; i++) {
        if (shape->slots[i % SHAPE_SLOTS].hash == hash)
            return &shape->slots[i % SHAPE_SLOTS];
    }
    return NULL;
}

uint64_t shape_hash(struct str path, uint64_t seed, uint64_t *ret_parent)
{
    size_t parent_len = path.len;
    if (path.len >= 2 && path.ptr[path.len - 1] == ']') {
        parent_len -= 2;
    } else {
        while (parent_len > 0 && path.ptr[parent_len - 1] != '.')
            parent_len--;
        parent_len -= parent_len > 0;
    }
    *ret_parent = parent_len > 0 ? hash_bytes(seed, path.ptr, parent_len) : 0;
    return hash_bytes(seed, path.ptr, path.len);
}

void shape_put_types(struct buf *out, unsigned types)
{
    const char *separator = "";
    for (unsigned type = JSON_NULL; type <= JSON_OBJECT; type++) {
        if (!(types & SHAPE_TYPE(type)))
            continue;
        buf_puts(out, separator);
        buf_puts(out, type_names[type]);
        separator = "|";
    }
}

unsigned shape_read_types(struct str names)
{
    unsigned types = 0;
    struct str name;
    while (str_split(&names, '|', &name)) {
        for (unsigned type = JSON_NULL; type <= JSON_OBJECT; type++) {
            if (str_equal(name, str_of(type_names[type])))
                types |= SHAPE_TYPE(type);
        }
    }
    return types;
}
