/* html_memory.c: malloc for libxml2, counted. */
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
    uint64_t live, peak;
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

static void *counted_malloc(size_t size)
{
    return count_in(malloc(size));
}

/* While it moves, both places are taken. */
static void *counted_realloc(void *ptr, size_t size)
{
    size_t before = ptr ? malloc_usable_size(ptr) : 0;
    void *grown = realloc(ptr, size);
    count_in(grown);
    if (grown)
        heap.live -= before;
    return grown;
}

static char *counted_strdup(const char *text)
{
    return count_in(strdup(text));
}

static void counted_free(void *ptr)
{
    count_out(ptr);
    free(ptr);
}

void html_memory_install(void)
{
    (void)xmlMemSetup(counted_free, counted_malloc, counted_realloc, counted_strdup);
}

uint64_t html_memory_bytes(void)
{
    return heap.live;
}

uint64_t html_memory_peak_bytes(void)
{
    return heap.peak;
}
