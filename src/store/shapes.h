/*
 * shapes.h: the shapes that engines' replies are known to have (host/shape_book.h).
 */
#ifndef TS_STORE_SHAPES_H
#define TS_STORE_SHAPES_H

#include "store/store.h"

/* Texts are views, valid during the callback. */
struct shape_row {
    struct str engine, kind; /* kind: the request, "GET /path" */
    uint64_t fingerprint;
    int64_t first_seen; /* Unix seconds */
    struct str paths;   /* JSON array of "PATH TYPES[ optional]" */
};

typedef bool shape_row_fn(void *ctx, const struct shape_row *row);

/* In the order in which they were first seen. */
TS_MUST_USE ts_err shapes_list(struct store *store, shape_row_fn *on_shape, void *ctx,
                               struct error *reterr);

/* A shape that is there keeps its first_seen and gets the new paths text. */
TS_MUST_USE ts_err shapes_put(struct store *store, const struct shape_row *row,
                              struct error *reterr);

#endif
