/* ids.c: an open-addressing set of course ids. */
#include "catalogue/ids.h"

#include <assert.h>

#include "base/hash.h"
#include "base/mem.h"

#define SLOTS_START 256

/* The slot that holds `id`, or the free one where it belongs. */
static struct id_slot *slot_of(const struct ids *ids, int64_t id)
{
    uint32_t mask = ids->slots_count - 1;
    uint32_t slot = (uint32_t)hash_u64(HASH_START, (uint64_t)id) & mask;
    while (ids->slots[slot].id != 0 && ids->slots[slot].id != id)
        slot = (slot + 1) & mask;
    return &ids->slots[slot];
}

/* Keeps the table at most half full. */
static ts_err slots_grow(struct ids *ids)
{
    if (ids->slots_count > 2 * ids->count + 2)
        return TS_ERR_OK;
    struct ids grown = {
        .slots_count = ids->slots_count ? ids->slots_count * 2 : SLOTS_START,
        .count = ids->count,
    };
    grown.slots = mem_alloc(grown.slots_count, sizeof(*grown.slots));
    if (!grown.slots)
        return TS_ERR_NOMEM;
    for (uint32_t i = 0; i < ids->slots_count; i++) {
        if (ids->slots[i].id != 0)
            *slot_of(&grown, ids->slots[i].id) = ids->slots[i];
    }
    mem_free(ids->slots);
    *ids = grown;
    return TS_ERR_OK;
}

ts_err ids_add(struct ids *ids, int64_t id, uint32_t line, uint32_t *ret_first_line,
               bool *ret_new)
{
    assert(id > 0);
    ts_err err = slots_grow(ids);
    if (err != TS_ERR_OK)
        return err;
    struct id_slot *slot = slot_of(ids, id);
    *ret_new = slot->id == 0;
    if (*ret_new) {
        *slot = (struct id_slot){ id, line };
        ids->count++;
    }
    *ret_first_line = slot->line;
    return TS_ERR_OK;
}

void ids_done(struct ids *ids)
{
    mem_free(ids->slots);
    *ids = (struct ids){ 0 };
}
