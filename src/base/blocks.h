/*
 * blocks.h: a pool of memory lent out in runs of blocks, each for a time.
 *
 *        |free|lent  lent  lent|lent|free  free …|      unit: BLOCKS_UNIT_BYTES
 *
 * Bought whole at the start and never grown; untouched blocks cost no resident memory. A lender
 * that asks for more than is free in one run waits, which is an ordinary answer. One thread.
 */
#ifndef TS_BASE_BLOCKS_H
#define TS_BASE_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define BLOCKS_UNIT_BYTES ((size_t)16384)

struct blocks;

/* `bytes` is rounded up to whole units. */
TS_MUST_USE ts_err blocks_new(struct blocks **ret_blocks, size_t bytes);
void blocks_free(struct blocks *blocks);

/* A run of at least `bytes`, first fit, contents undefined; NULL: none is free now. */
char *blocks_lend(struct blocks *blocks, size_t bytes) TS_MUST_USE;

/* Gives back what blocks_lend returned; NULL is ignored. */
void blocks_return(struct blocks *blocks, char *ptr);

size_t blocks_lent_bytes(const struct blocks *blocks);

#endif
