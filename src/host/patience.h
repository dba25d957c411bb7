/*
 * patience.h: backoff between attempts: waits that double, within --store-patience in all. For
 * failures that can pass.
 */
#ifndef TS_HOST_PATIENCE_H
#define TS_HOST_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct patience {
    int64_t give_up_at; /* monotonic µs */
    int64_t wait_us;    /* the next one */
    uint32_t failures;
};

void patience_begin(struct patience *patience, int64_t patience_us);

/* After a failed attempt. False: the next wait would end too late; else *ret_wait_us. */
bool patience_take(struct patience *patience, int64_t *ret_wait_us);

/* After a failed attempt, on the loop thread while no pipeline runs: logs why it waits, and
 * waits. False: no patience is left, `error` cannot pass, or stop_fd (-1: none) says stop. */
bool patience_wait(struct patience *patience, const struct error *error, int stop_fd);

/* After an attempt that worked: tells it if there were failures. */
void patience_end(const struct patience *patience);

#endif
