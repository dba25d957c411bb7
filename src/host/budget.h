/*
 * budget.h: one number, --memory, split into what the sweep is made of, before it starts.
 *
 *     limit >= base RSS + catalogue + 2 batch arenas + conversations × task arena
 *              + pool of reply bodies + connections
 *
 * Too small a number is refused with the number that would do: one reply at the largest cap,
 * one task and two batches must fit. Above that minimum first the body pool shrinks, then the
 * number of conversations. Pure arithmetic but for budget_default_limit.
 */
#ifndef TS_HOST_BUDGET_H
#define TS_HOST_BUDGET_H

#include "base/buf.h"
#include "base/err.h"

#define BUDGET_DEFAULT_BYTES    ((uint64_t)64 << 20)
#define BUDGET_TASK_ARENA_BYTES ((uint64_t)256 << 10)

struct budget_config {
    uint64_t limit_bytes;
    uint64_t base_bytes;      /* resident after start-up, before the catalogue */
    uint64_t catalogue_bytes; /* catalogue and plan */
    uint64_t largest_reply_bytes;
    uint32_t concurrency;
    uint32_t batch_size;
    bool tls; /* some request goes over TLS */
};

struct budget {
    uint64_t limit_bytes, base_bytes, catalogue_bytes;
    uint64_t batch_bytes; /* one of the two arenas */
    uint64_t task_bytes;  /* one task arena */
    uint64_t pool_bytes;  /* all reply bodies together */
    uint64_t connection_bytes;
    uint32_t conversations; /* <= concurrency */
};

/* TS_ERR_CONFIG: the limit is too small; the text says which would do. */
TS_MUST_USE ts_err budget_split(const struct budget_config *config, struct budget *ret_budget,
                                struct error *reterr);

uint64_t budget_total(const struct budget *budget);

/* "memory plan: 22.9 MiB of 64 MiB = base 13.9 MiB + catalogue 190 KiB + 2 batches × 800 KiB +
 * …" */
void budget_format(const struct budget *budget, struct buf *out);

/* 64 MiB, or 75 % of the cgroup's memory limit (v1 and v2) where that is less. */
uint64_t budget_default_limit(void);

#endif
