/*
 * sim_collector.h: a collector for tests, written from the engine's facts page and jansson, not
 * from src/engine: what it reads from the simulator's replies must be the simulator's truth.
 */
#ifndef TS_INTEGRATION_SIM_COLLECTOR_H
#define TS_INTEGRATION_SIM_COLLECTOR_H

#include <jansson.h>

#include "engine.h"

/* The body of the last reply, NUL-terminated. */
extern char sim_body[];

/* Asks the simulated Chronogolf for "path?name=value&…", undecoded. */
struct sim_reply sim_ask(const struct sim_world *world, const char *url);
json_t *sim_ask_json(const struct sim_world *world, const char *url,
                     struct sim_reply *ret_reply);

void sim_v1_url(struct buf *url, const struct sim_course *course, int32_t date, unsigned holes,
                unsigned size);
void sim_v2_url(struct buf *url, const struct sim_row *row, int32_t date, int page);

/* Collects the row's tee sheet; fails unless it is the truth, outcome included. */
void sim_assert_collects_truth(const struct sim_world *world, const struct sim_row *row,
                               int32_t date);

#endif
