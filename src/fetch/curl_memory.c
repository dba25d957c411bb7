/* curl_memory.c: malloc for libcurl, with its live bytes counted. */
#include "fetch/curl_memory.h"

#include <curl/curl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* These call the C library and not base/mem: mem_allocations() proves that our own code
 * allocates nothing during a sweep, and libcurl allocates for every request (43 times per
 * keep-alive request). Its share is bounded by the number of transfers and observed here as
 * bytes. */

static _Atomic uint64_t live_bytes;

static void *count_in(void *ptr)
{
    if (ptr)
        atomic_fetch_add_explicit(&live_bytes, malloc_usable_size(ptr), memory_order_relaxed);
    return ptr;
}

static void count_out(size_t bytes)
{
    atomic_fetch_sub_explicit(&live_bytes, bytes, memory_order_relaxed);
}

static void *counted_malloc(size_t size)
{
    return count_in(malloc(size));
}

static void *counted_calloc(size_t count, size_t size)
{
    return count_in(calloc(count, size));
}

static char *counted_strdup(const char *text)
{
    return count_in(strdup(text));
}

static void counted_free(void *ptr)
{
    if (ptr)
        count_out(malloc_usable_size(ptr));
    free(ptr);
}

static void *counted_realloc(void *ptr, size_t size)
{
    size_t before = ptr ? malloc_usable_size(ptr) : 0;
    void *grown = realloc(ptr, size);
    if (grown || size == 0)
        count_out(before);
    return count_in(grown);
}

ts_err curl_memory_global_init(struct error *reterr)
{
    CURLcode result = curl_global_init_mem(CURL_GLOBAL_DEFAULT, counted_malloc, counted_free,
                                           counted_realloc, counted_strdup, counted_calloc);
    if (result != CURLE_OK)
        return error_set(reterr, TS_ERR_INTERNAL, "libcurl does not start: %s",
                         curl_easy_strerror(result));
    return TS_ERR_OK;
}

uint64_t curl_memory_bytes(void)
{
    return atomic_load_explicit(&live_bytes, memory_order_relaxed);
}
