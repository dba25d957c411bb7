/*
 * delay.h: calls back later, on a thread of its own.
 *
 * A bounded heap of (instant, item). Thread-safe. Constructor-owned.
 */
#ifndef SIM_DELAY_H
#define SIM_DELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct delay;
typedef void delay_fn(void *item);

/* TS_ERR_NOMEM. `on_due` runs on the delay's thread. */
TS_MUST_USE ts_err delay_new(uint32_t items_max, delay_fn *on_due, struct delay **ret_delay,
                             struct error *reterr);

/* Hands out what is still waiting at once, and ends the thread; takes nothing more. */
void delay_stop(struct delay *delay);

/* Stops if need be. Accepts NULL. */
void delay_free(struct delay *delay);

/* Takes `item` until clock_monotonic_us() reaches `due_us`; false: full or stopped. */
bool delay_add(struct delay *delay, int64_t due_us, void *item);

#endif
