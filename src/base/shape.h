/*
 * shape.h: what a JSON body is made of, apart from its values: the set of its key paths with
 * the types met there, elements of an array merged.
 *
 *     [{"id": 7, "fee": null}, {"id": 8}]  →  $ array, $[] object, $[].id number, $[].fee null
 *
 * A path's text: `$`, then `.KEY` per member and `[]` per array. Keys that are data (they have
 * a digit and nothing but hexadecimal digits, '-', ':', '.', 'T', 'Z') are one key, `*`; bytes
 * beyond letters, digits, '_', '-', '$', '@' become '?'. Nothing is allocated; memory is
 * bounded: what is beyond SHAPE_PATHS_MAX paths or SHAPE_PATH_BYTES of text is left out
 * (`cut`). Not for HTML: its columns differ per tenant, and its parsers prove the table
 * themselves.
 */
#ifndef TS_BASE_SHAPE_H
#define TS_BASE_SHAPE_H

#include "base/json.h"

#define SHAPE_PATHS_MAX  512
#define SHAPE_SLOTS      1024 /* a power of 2, more than SHAPE_PATHS_MAX */
#define SHAPE_PATH_BYTES 256

/* A set of enum json_type as bits. */
#define SHAPE_TYPE(type) (1u << (type))

/* One place in the body. `hash` is that of the text; a path's parent is the path without its
 * last key or `[]`. */
struct shape_place {
    struct str text;       /* valid during the callback */
    uint64_t hash, parent; /* parent 0: the root */
    enum json_type type;
    bool filled; /* a container with something in it */
};

typedef void shape_place_fn(void *ctx, const struct shape_place *place);

/* Goes through a body in its order, each place of each element. `seed` starts the hashes.
 * False: the body is not one whole JSON document; *ret_cut: places were left out. */
bool shape_walk(struct str body, uint64_t seed, shape_place_fn *on_place, void *ctx,
                bool *ret_cut);

struct shape_path {
    uint64_t hash, parent;   /* hash 0: the slot is free */
    uint32_t times, objects; /* met; met as an object with members */
    uint8_t types, filled;   /* sets: met as; met as a container of this type with items */
};

struct shape {
    struct shape_path slots[SHAPE_SLOTS];
    uint32_t count;
    bool cut;
    uint64_t fingerprint; /* of the set (path, types), whatever the order; never 0 */
};

/* False: not one whole JSON document. */
bool shape_of(struct str body, uint64_t seed, struct shape *ret_shape);

/* The path, new (zeros) if the shape lacked it; NULL: no place is left (`cut` is set). */
struct shape_path *shape_add(struct shape *shape, uint64_t hash, uint64_t parent);

/* NULL: the shape has no such path. */
const struct shape_path *shape_find(const struct shape *shape, uint64_t hash);

/* The hash of a path's text and of its parent's (0 for "$"), as the walk gives them. */
uint64_t shape_hash(struct str path, uint64_t seed, uint64_t *ret_parent);

/* "number|null"; "" for none. Its reverse; unknown names are ignored. */
void shape_put_types(struct buf *out, unsigned types);
unsigned shape_read_types(struct str names);

#endif
