/*
 * memory.h: what a simulated engine remembers between requests: a set of keys, such as the
 * transactions that were registered.
 *
 * Thread-safe, of fixed size: a key may be forgotten when another takes its place, as with real
 * servers. Constructor-owned.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sim_memory;

TS_MUST_USE ts_err memory_new(struct sim_memory **ret_memory, struct error *reterr);
void memory_free(struct sim_memory *memory); /* accepts NULL */

void memory_keep(struct sim_memory *memory, uint64_t key);
bool memory_has(struct sim_memory *memory, uint64_t key);
void memory_drop(struct sim_memory *memory, uint64_t key);

#endif
