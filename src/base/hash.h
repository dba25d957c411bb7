/*
 * hash.h: 64-bit FNV-1a (Fowler, Noll, Vo), for digests and derived ids. Not for security.
 *
 * The value of a given input never changes between versions: stored digests and ids depend on
 * it.
 */
#ifndef TS_BASE_HASH_H
#define TS_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START ((uint64_t)0xcbf29ce484222325)

static inline uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * (uint64_t)0x100000001b3;
    return hash;
}

static inline uint64_t hash_u64(uint64_t hash, uint64_t value)
{
    for (int i = 0; i < 8; i++, value >>= 8)
        hash = (hash ^ (value & 0xff)) * (uint64_t)0x100000001b3;
    return hash;
}

#endif
