/*
 * mem.h: the heap, counted. The only place of the project that calls malloc.
 *
 * Our own code allocates in constructors (_new, _init) before a sweep starts and not after; the
 * counter lets a test prove it. Any thread may call. Memory is a constructor's: who called
 * mem_alloc frees with mem_free.
 */
#ifndef TS_BASE_MEM_H
#define TS_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Zeroed memory, or NULL. count × size is checked for overflow. */
void *mem_alloc(size_t count, size_t size) TS_MUST_USE;

/* Grows or makes (ptr NULL) an array; the old one stays valid on failure (NULL). The new part
 * is not zeroed. */
void *mem_grow(void *ptr, size_t count, size_t size) TS_MUST_USE;

/* A copy of a string, or NULL. */
char *mem_strdup(const char *text) TS_MUST_USE;

/* Accepts NULL. */
void mem_free(void *ptr);

/* How often mem_alloc, mem_grow and mem_strdup were called since the start. */
uint64_t mem_allocations(void);

/* Resident and peak resident bytes of this process (VmRSS, VmHWM of /proc/self/status); 0 if
 * unknown. */
size_t mem_rss_bytes(void);
size_t mem_peak_rss_bytes(void);

#endif
