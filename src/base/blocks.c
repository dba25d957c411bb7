/* blocks.c: first-fit runs over an array of run lengths. */
#include "base/blocks.h"

#include <assert.h>

#include "base/mem.h"

struct blocks {
    char *memory;
    uint32_t *runs; /* per unit: the lent run that starts here; LENT_INSIDE; 0: free */
    uint32_t units;
    uint32_t lent;
};

#define LENT_INSIDE UINT32_MAX

static uint32_t units_for(size_t bytes)
{
    return (uint32_t)((bytes + BLOCKS_UNIT_BYTES - 1) / BLOCKS_UNIT_BYTES);
}

ts_err blocks_new(struct blocks **ret_blocks, size_t bytes)
{
    struct blocks *blocks = mem_alloc(1, sizeof(*blocks));
    if (!blocks)
        return TS_ERR_NOMEM;
    blocks->units = units_for(bytes);
    blocks->memory = mem_alloc(blocks->units, BLOCKS_UNIT_BYTES);
    blocks->runs = mem_alloc(blocks->units, sizeof(*blocks->runs));
    if (!blocks->memory || !blocks->runs) {
        blocks_free(blocks);
        return TS_ERR_NOMEM;
    }
    *ret_blocks = blocks;
    return TS_ERR_OK;
}

void blocks_free(struct blocks *blocks)
{
    if (!blocks)
        return;
    mem_free(blocks->runs);
    mem_free(blocks->memory);
    mem_free(blocks);
}

char *blocks_lend(struct blocks *blocks, size_t bytes)
{
    uint32_t want = units_for(bytes ? bytes : 1);
    uint32_t free_run = 0;
    for (uint32_t at = 0; at < blocks->units; at++) {
        free_run = blocks->runs[at] ? 0 : free_run + 1;
        if (free_run < want)
            continue;
        uint32_t start = at + 1 - want;
        blocks->runs[start] = want;
        for (uint32_t i = start + 1; i <= at; i++)
            blocks->runs[i] = LENT_INSIDE;
        blocks->lent += want;
        return blocks->memory + start * BLOCKS_UNIT_BYTES;
    }
    return NULL;
}

void blocks_return(struct blocks *blocks, char *ptr)
{
    if (!ptr)
        return;
    uint32_t start = (uint32_t)((size_t)(ptr - blocks->memory) / BLOCKS_UNIT_BYTES);
    uint32_t count = blocks->runs[start];
    assert(start < blocks->units && count && count != LENT_INSIDE);
    for (uint32_t i = start; i < start + count; i++)
        blocks->runs[i] = 0;
    blocks->lent -= count;
}

size_t blocks_lent_bytes(const struct blocks *blocks)
{
    return blocks->lent * BLOCKS_UNIT_BYTES;
}
