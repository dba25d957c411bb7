/*
 * shape_book.h: what is known of the shapes of engines' replies, and what a reply adds to it.
 *
 * Known is, per kind (an engine's request: method and path), the union of the paths of all
 * shapes so far, each with its types, and whether it is *required*: there in every object that
 * could hold it, in all of them. A reply has changed when
 *   - a path came whose container is known and was seen filled before (below a path that came
 *     nothing more is told; what an always empty list holds at last is learnt silently), or a
 *     known path has another type (null is no type of its own here), or
 *   - a required path went although its object is there, filled.
 * Whatever it was, it is known from then on: nothing is told twice. A kind that the store did
 * not know is learnt during the whole sweep without telling. Fixed memory, bought in
 * shape_book_new; when it is full nothing new is learnt or told. Loop thread.
 */
#ifndef TS_HOST_SHAPE_BOOK_H
#define TS_HOST_SHAPE_BOOK_H

#include "base/err.h"
#include "base/shape.h"

struct shape_book;

TS_MUST_USE ts_err shape_book_new(struct shape_book **ret_book);
void shape_book_free(struct shape_book *book);

/* Before the sweep, for each shape of the store: `seed` names the kind, `paths` is what
 * shape_book_put_paths wrote. */
void shape_book_know(struct shape_book *book, uint64_t seed, struct str paths);

enum shape_news {
    SHAPE_KNOWN,   /* nothing new, or no JSON */
    SHAPE_LEARNT,  /* something new that is no change: to be stored */
    SHAPE_CHANGED, /* to be stored and told; `came` and `went` say what, comma-separated */
};

/* Reads a body. *ret_fingerprint is its shape's unless KNOWN. */
enum shape_news shape_book_learn(struct shape_book *book, uint64_t seed, struct str body,
                                 struct buf *came, struct buf *went, uint64_t *ret_fingerprint);

/* The paths of the body learnt last, sorted: a JSON array of "PATH TYPES" or "PATH TYPES
 * optional". */
void shape_book_put_paths(const struct shape_book *book, struct buf *out);

#endif
