/*
 * random.h: the simulator's only source of chance: hashes of what a thing is, never a state.
 *
 * So every answer is a pure function of the seed and the question. (splitmix64's finaliser.)
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t random_mix(uint64_t hash, uint64_t value)
{
    hash += value + 0x9e3779b97f4a7c15u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

/* A number in [0, count) for the question `topic` about what `hash` stands for. */
static inline uint32_t random_below(uint64_t hash, uint32_t topic, uint32_t count)
{
    return (uint32_t)((random_mix(hash, topic) >> 32) * count >> 32);
}

static inline bool random_percent(uint64_t hash, uint32_t topic, double percent)
{
    return random_below(hash, topic, 1000000) < percent * 10000;
}

#endif
