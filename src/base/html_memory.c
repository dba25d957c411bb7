/* html_memory.c: malloc for libxml2, with a cap. */
#include "base/html_memory.h"

#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/html.h"

/* These call the C library and not base/mem: mem_allocations() proves that our own code
 * allocates nothing during a sweep, and libxml2 allocates for every page. The bytes are those
 * that the C library rounds to. */

static struct {
    uint64_t live, peak, refusals;
} heap;

static void *count_in(void *ptr)
{
    if (ptr)
        heap.live += malloc_usable_size(ptr);
    if (heap.live > heap.peak)
        heap.peak = heap.live;
    return ptr;
}

static void count_out(void *ptr)
{
    if (ptr)
        heap.live -= malloc_usable_size(ptr);
}

/* Whether `more` bytes still fit. */
static bool admits(size_t more)
{
    if (more <= HTML_MEMORY_MAX_BYTES && heap.live + more <= HTML_MEMORY_MAX_BYTES)
        return true;
    heap.refusals++;
    return false;
}

static void *capped_malloc(size_t size)
{
    return admits(size) ? count_in(malloc(size)) : NULL;
}

/* While it moves, both places are taken. */
static void *capped_realloc(void *ptr, size_t size)
{
    size_t before = ptr ? malloc_usable_size(ptr) : 0;
    if (!admits(size))
        return NULL;
    void *grown = realloc(ptr, size);
    if (grown)
        heap.live -= before;
    return count_in(grown);
}

static char *capped_strdup(const char *text)
{
    return admits(strlen(text) + 1) ? count_in(strdup(text)) : NULL;
}

static void capped_free(void *ptr)
{
    count_out(ptr);
    free(ptr);
}

void html_memory_install(void)
{
    (void)xmlMemSetup(capped_free, capped_malloc, capped_realloc, capped_strdup);
}

uint64_t html_memory_refusals(void)
{
    return heap.refusals;
}

uint64_t html_memory_bytes(void)
{
    return heap.live;
}

uint64_t html_memory_peak_bytes(void)
{
    return heap.peak;
}
