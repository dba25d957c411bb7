/* memory.c: a table with one place per hash, without locks. */
#include "memory.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "random.h"

#define PLACES 65536

struct sim_memory {
    _Atomic uint64_t places[PLACES]; /* keys, hashed; 0: free */
};

ts_err memory_new(struct sim_memory **ret_memory, struct error *reterr)
{
    struct sim_memory *memory = mem_alloc(1, sizeof(*memory));
    if (!memory)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for what engines remember");
    *ret_memory = memory;
    return TS_ERR_OK;
}

void memory_free(struct sim_memory *memory)
{
    mem_free(memory);
}

static _Atomic uint64_t *place_of(struct sim_memory *memory, uint64_t key)
{
    return &memory->places[random_mix(key, 0) % PLACES];
}

/* 0 means free. */
static uint64_t stored(uint64_t key)
{
    return key | 1;
}

void memory_keep(struct sim_memory *memory, uint64_t key)
{
    atomic_store(place_of(memory, key), stored(key));
}

bool memory_has(struct sim_memory *memory, uint64_t key)
{
    return atomic_load(place_of(memory, key)) == stored(key);
}

void memory_drop(struct sim_memory *memory, uint64_t key)
{
    uint64_t expected = stored(key);
    (void)atomic_compare_exchange_strong(place_of(memory, key), &expected, 0);
}
