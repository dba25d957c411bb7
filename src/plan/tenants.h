/*
 * tenants.h: what engines know of their tenants between tasks (token, key, facility map): slots
 * of equal size, lent to the tasks that run, kept while they are good, the least recently used
 * one given away first.
 *
 * One task of a tenant fetches the state; the others wait until it is written
 * (tenants_must_wait). There are at least as many slots as tasks can run, so lending never
 * fails. Private to src/plan/.
 */
#ifndef TS_PLAN_TENANTS_H
#define TS_PLAN_TENANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct tenants;

TS_MUST_USE ts_err tenants_new(struct tenants **ret_tenants, uint32_t slots, size_t slot_bytes);
void tenants_free(struct tenants *tenants);
size_t tenants_bytes(const struct tenants *tenants);

/* A running task holds the tenant's state unwritten: another one must wait. */
bool tenants_must_wait(const struct tenants *tenants, uint32_t tenant, int64_t now_us);

/* Lends the tenant's state to one more task: as it was written, or zeroed if it is new or no
 * longer good. */
void *tenants_lend(struct tenants *tenants, uint32_t tenant, int64_t now_us);
void tenants_return(struct tenants *tenants, uint32_t tenant);

/* The state is good until then. */
void tenants_wrote(struct tenants *tenants, uint32_t tenant, int64_t good_until_us);

/* Zeroes it for all. */
void tenants_drop(struct tenants *tenants, uint32_t tenant);

#endif
