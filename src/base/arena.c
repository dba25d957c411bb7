/* arena.c: bump allocation in one block. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#if defined(ARENA_ASAN)
#include <sanitizer/asan_interface.h>
#define ARENA_GAP        16 /* bytes that stay poisoned behind each object */
#define TEXT_ALIGNMENT   8  /* of ASan's shadow: a closer object would open its gap */
#define HIDE(ptr, len)   __asan_poison_memory_region((ptr), (len))
#define REVEAL(ptr, len) __asan_unpoison_memory_region((ptr), (len))
#else
#define ARENA_GAP        0
#define TEXT_ALIGNMENT   1
#define HIDE(ptr, len)   ((void)(ptr), (void)(len))
#define REVEAL(ptr, len) ((void)(ptr), (void)(len))
#endif

_Static_assert(ARENA_GAP + alignof(max_align_t) <= ARENA_SLACK_BYTES, "slack covers an object");

ts_err arena_init(struct arena *arena, size_t size)
{
    assert(size > 0);
    *arena = (struct arena){ 0 };
    arena->start = mem_alloc(1, size);
    if (!arena->start)
        return TS_ERR_NOMEM;
    arena->size = size;
    HIDE(arena->start, size);
    return TS_ERR_OK;
}

void arena_done(struct arena *arena)
{
    REVEAL(arena->start, arena->size);
    mem_free(arena->start);
    *arena = (struct arena){ 0 };
}

static char *take(struct arena *arena, size_t bytes, size_t alignment)
{
    size_t from = (arena->used + alignment - 1) / alignment * alignment;
    if (from > arena->size || bytes > arena->size - from)
        return NULL;
    /* The gap of the last object may lie beyond the end: there is nothing behind it. */
    size_t room = arena->size - from, need = bytes + ARENA_GAP;
    arena->used = from + (need < room ? need : room);
    if (arena->used > arena->peak)
        arena->peak = arena->used;
    REVEAL(arena->start + from, bytes);
    return arena->start + from;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return take(arena, bytes, alignof(max_align_t));
}

const char *arena_strdup(struct arena *arena, struct str text)
{
    if (text.len == SIZE_MAX)
        return NULL;
    char *copy = take(arena, text.len + 1, TEXT_ALIGNMENT);
    if (!copy)
        return NULL;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

void arena_reset(struct arena *arena)
{
    arena_rewind(arena, 0);
}

size_t arena_mark(const struct arena *arena)
{
    return arena->used;
}

void arena_rewind(struct arena *arena, size_t mark)
{
    assert(mark <= arena->used);
#if !defined(__OPTIMIZE__)
    REVEAL(arena->start + mark, arena->used - mark);
    memset(arena->start + mark, 0xA5, arena->used - mark);
#endif
    HIDE(arena->start + mark, arena->size - mark);
    arena->used = mark;
}
