/* names.c: interned texts: a pool of bytes and an open-addressing table over it. */
#include "catalogue/names.h"

#include <assert.h>

#include "base/hash.h"
#include "base/mem.h"

#define SLOTS_START 64

/* The slot that holds `name`, or the free one where it belongs. */
static uint32_t slot_of(const struct names *names, struct str name)
{
    uint32_t mask = names->slots_count - 1;
    uint32_t slot = (uint32_t)hash_bytes(HASH_START, name.ptr, name.len) & mask;
    while (names->slots[slot] &&
           !str_equal(str_of(names_get(names, names->slots[slot] - 1)), name))
        slot = (slot + 1) & mask;
    return slot;
}

/* Keeps the table at most half full. */
static ts_err slots_grow(struct names *names)
{
    if (names->slots_count > 2 * names->count + 2)
        return TS_ERR_OK;
    struct names grown = *names;
    grown.slots_count = names->slots_count ? names->slots_count * 2 : SLOTS_START;
    grown.slots = mem_alloc(grown.slots_count, sizeof(*grown.slots));
    if (!grown.slots)
        return TS_ERR_NOMEM;
    for (uint32_t i = 0; i < names->count; i++)
        grown.slots[slot_of(&grown, str_of(names_get(names, i)))] = i + 1;
    mem_free(names->slots);
    *names = grown;
    return TS_ERR_OK;
}

static ts_err pool_grow(struct names *names, size_t len)
{
    if (names->count == names->cap) {
        uint32_t cap = names->cap ? names->cap * 2 : SLOTS_START;
        uint32_t *at = mem_grow(names->at, cap, sizeof(*at));
        if (!at)
            return TS_ERR_NOMEM;
        names->at = at;
        names->cap = cap;
    }
    if (names->text_len + len > names->text_cap) {
        size_t cap = 2 * (names->text_len + len);
        char *text = mem_grow(names->text, cap, 1);
        if (!text)
            return TS_ERR_NOMEM;
        names->text = text;
        names->text_cap = cap;
    }
    return TS_ERR_OK;
}

ts_err names_add(struct names *names, struct str name, uint32_t *ret_index)
{
    ts_err err = slots_grow(names);
    if (err != TS_ERR_OK)
        return err;
    uint32_t slot = slot_of(names, name);
    if (names->slots[slot]) {
        *ret_index = names->slots[slot] - 1;
        return TS_ERR_OK;
    }
    err = pool_grow(names, name.len + 1);
    if (err != TS_ERR_OK)
        return err;
    char *text = names->text + names->text_len;
    if (name.len > 0)
        memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    names->at[names->count] = (uint32_t)names->text_len;
    names->text_len += name.len + 1;
    names->slots[slot] = ++names->count;
    *ret_index = names->count - 1;
    return TS_ERR_OK;
}

const char *names_get(const struct names *names, uint32_t index)
{
    assert(index < names->count);
    return names->text + names->at[index];
}

void names_done(struct names *names)
{
    mem_free(names->text);
    mem_free(names->at);
    mem_free(names->slots);
    *names = (struct names){ 0 };
}
