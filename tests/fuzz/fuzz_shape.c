/*
 * fuzz_shape.c: base/shape and base/redact on any body.
 *
 * A shape keeps to its bounds and does not depend on how often it is taken; a path's text
 * hashes to what the walk gave. A redacted copy is as long as the body, has its shape, and
 * nothing more to blank.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/shape.h"
#include "support/fuzz.h"

#define SEED       7
#define BODY_BYTES (256 * 1024)

static struct shape shape, again;

static void check_place(void *ctx, const struct shape_place *place)
{
    uint64_t parent;
    (*(unsigned *)ctx)++;
    assert(place->text.len >= 1 && place->text.len <= SHAPE_PATH_BYTES);
    assert(shape_hash(place->text, SEED, &parent) == place->hash && parent == place->parent);
}

static void append(void *ctx, struct str piece)
{
    buf_put(ctx, piece);
}

static struct str redacted(struct str body, char *copy)
{
    struct buf out = buf_over(copy, BODY_BYTES + 1);
    redact_body(body, append, &out);
    assert(!out.overflow && out.len == body.len);
    return (struct str){ copy, out.len };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char first[BODY_BYTES + 1], second[BODY_BYTES + 1];
    struct str body = { (const char *)data, size };
    unsigned places = 0;
    bool cut = false;
    if (size > BODY_BYTES)
        return 0;
    bool is_whole = shape_of(body, SEED, &shape);
    assert(shape_walk(body, SEED, check_place, &places, &cut) == is_whole);
    assert(shape.count <= SHAPE_PATHS_MAX && shape.count <= places);
    struct str copy = redacted(body, first);
    struct str twice = redacted(copy, second);
    if (!is_whole)
        return 0;
    assert(str_equal(copy, twice));
    assert(shape_of(copy, SEED, &again));
    assert(again.fingerprint == shape.fingerprint && again.count == shape.count);
    return 0;
}
