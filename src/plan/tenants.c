/* tenants.c: a small cache, searched linearly: it has few slots, and requests are slower. */
#include "plan/tenants.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

struct slot {
    uint32_t tenant;
    uint32_t lent;         /* tasks that hold it */
    int64_t good_until_us; /* 0: not written */
    int64_t used_us;
    bool taken;
};

struct tenants {
    struct slot *slots;
    char *states;
    uint32_t count;
    size_t bytes; /* of one state */
};

ts_err tenants_new(struct tenants **ret_tenants, uint32_t slots, size_t slot_bytes)
{
    struct tenants *tenants = mem_alloc(1, sizeof(*tenants));
    if (!tenants)
        return TS_ERR_NOMEM;
    tenants->count = slots;
    tenants->bytes = (slot_bytes + 15) & ~(size_t)15;
    tenants->slots = mem_alloc(slots, sizeof(*tenants->slots));
    tenants->states = mem_alloc(slots, tenants->bytes);
    if (!tenants->slots || !tenants->states) {
        tenants_free(tenants);
        return TS_ERR_NOMEM;
    }
    *ret_tenants = tenants;
    return TS_ERR_OK;
}

void tenants_free(struct tenants *tenants)
{
    if (!tenants)
        return;
    mem_free(tenants->states);
    mem_free(tenants->slots);
    mem_free(tenants);
}

size_t tenants_bytes(const struct tenants *tenants)
{
    return sizeof(*tenants) + tenants->count * (sizeof(*tenants->slots) + tenants->bytes);
}

static struct slot *find(const struct tenants *tenants, uint32_t tenant)
{
    for (uint32_t i = 0; i < tenants->count; i++) {
        if (tenants->slots[i].taken && tenants->slots[i].tenant == tenant)
            return &tenants->slots[i];
    }
    return NULL;
}

static void *state_of(const struct tenants *tenants, const struct slot *slot)
{
    return tenants->states + (size_t)(slot - tenants->slots) * tenants->bytes;
}

static bool is_good(const struct slot *slot, int64_t now_us)
{
    return slot->good_until_us > now_us;
}

bool tenants_must_wait(const struct tenants *tenants, uint32_t tenant, int64_t now_us)
{
    const struct slot *slot = find(tenants, tenant);
    return slot && slot->lent > 0 && !is_good(slot, now_us);
}

/* A free slot, else the one that was not used for longest and is not lent. */
static struct slot *least_recent(struct tenants *tenants)
{
    struct slot *best = NULL;
    for (uint32_t i = 0; i < tenants->count; i++) {
        struct slot *slot = &tenants->slots[i];
        if (!slot->taken)
            return slot;
        if (slot->lent == 0 && (!best || slot->used_us < best->used_us))
            best = slot;
    }
    assert(best); /* there are as many slots as running tasks */
    return best;
}

void *tenants_lend(struct tenants *tenants, uint32_t tenant, int64_t now_us)
{
    struct slot *slot = find(tenants, tenant);
    bool is_new = !slot;
    if (is_new) {
        slot = least_recent(tenants);
        *slot = (struct slot){ .tenant = tenant, .taken = true };
    }
    if (is_new || (slot->lent == 0 && !is_good(slot, now_us))) {
        memset(state_of(tenants, slot), 0, tenants->bytes);
        slot->good_until_us = 0;
    }
    slot->lent++;
    slot->used_us = now_us;
    return state_of(tenants, slot);
}

void tenants_return(struct tenants *tenants, uint32_t tenant)
{
    struct slot *slot = find(tenants, tenant);
    assert(slot && slot->lent > 0);
    slot->lent--;
    if (slot->lent == 0 && slot->good_until_us == 0)
        slot->taken = false;
}

void tenants_wrote(struct tenants *tenants, uint32_t tenant, int64_t good_until_us)
{
    struct slot *slot = find(tenants, tenant);
    assert(slot && slot->lent > 0);
    slot->good_until_us = good_until_us;
}

void tenants_drop(struct tenants *tenants, uint32_t tenant)
{
    struct slot *slot = find(tenants, tenant);
    assert(slot && slot->lent > 0);
    memset(state_of(tenants, slot), 0, tenants->bytes);
    slot->good_until_us = 0;
}
