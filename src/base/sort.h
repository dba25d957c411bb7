/*
 * sort.h: a stable sort in place. Never allocates (glibc's qsort may), keeps no state.
 *
 * Nearly sorted input, which is what replies hold, costs about one comparison per item; the
 * worst case is O(n log² n).
 */
#ifndef TS_BASE_SORT_H
#define TS_BASE_SORT_H

#include <stddef.h>

/* < 0, 0, > 0 as a stands before, beside or after b. */
typedef int sort_compare_fn(const void *a, const void *b);

/* Items of `size` bytes; equal ones keep their order. */
void sort_stable(void *items, size_t count, size_t size, sort_compare_fn *compare);

#endif
