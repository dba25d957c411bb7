/*
 * arena.h: memory that is taken piece by piece and given back as a whole.
 *
 *        start            used            peak            end
 *          | objects         | free (poisoned under ASan)   |
 *
 * "Full" is an ordinary answer (NULL), not a failure. In ASan builds the free part is poisoned
 * and objects stand apart, so that an overflow inside the arena or a use after reset is caught;
 * in debug builds a reset fills with 0xA5. One thread at a time.
 */
#ifndef TS_BASE_ARENA_H
#define TS_BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* What an object takes beyond its own size, at the most (alignment; the gap under ASan). */
#define ARENA_SLACK_BYTES 32

struct arena {
    char *start; /* owned; from mem_alloc */
    size_t size;
    size_t used;
    size_t peak; /* highest `used` ever */
};

/* size > 0. On TS_ERR_NOMEM *arena is left empty (arena_done is allowed). */
TS_MUST_USE ts_err arena_init(struct arena *arena, size_t size);
void arena_done(struct arena *arena);

/* `count` × `size` bytes, aligned for any object, not zeroed; NULL when full. Valid until reset
 * or a rewind to before it. */
void *arena_alloc(struct arena *arena, size_t count, size_t size) TS_MUST_USE;

/* A NUL-terminated copy of text (embedded NULs are the caller's affair); NULL when full. */
const char *arena_strdup(struct arena *arena, struct str text) TS_MUST_USE;

/* Empty again, memory kept. */
void arena_reset(struct arena *arena);

/* A position to return to: all that was taken since arena_mark is given back. */
size_t arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, size_t mark);

#endif
