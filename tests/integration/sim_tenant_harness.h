/*
 * sim_tenant_harness.h: asks simulated engines whose tenants have hosts or headers, and
 * compares what a test's own collector, written from the engine's facts page, found with the
 * truth.
 */
#ifndef TS_INTEGRATION_SIM_TENANT_HARNESS_H
#define TS_INTEGRATION_SIM_TENANT_HARNESS_H

#include <jansson.h>

#include "engine.h"
#include "tenant.h"

#define HARNESS_HEADERS_MAX 6
#define HARNESS_FOUND_MAX   1024

struct harness_request {
    const char *host;
    const char *url;  /* "path?name=value&…", undecoded */
    const char *body; /* not NULL: a POST */
    const char *headers[HARNESS_HEADERS_MAX][2];
    uint64_t number;
    struct sim_memory *memory;
    bool throttled_empty, no_table;
};

struct found {
    int minute, holes, hole, price, cart; /* cents; -1: unknown */
    unsigned party;
    char routing[64], basis[16], rate[64], ref[48];
};

struct found_list {
    int count;
    struct found items[HARNESS_FOUND_MAX];
};

extern char harness_body[]; /* of the last reply, NUL-terminated */

struct fleet *harness_fleet(const struct sim_engine *engine, uint32_t rows);
int64_t harness_instant(const char *text);
int32_t harness_date(const char *text);

struct sim_reply harness_ask(const struct sim_world *world, const struct sim_engine *engine,
                             const struct harness_request *request);
json_t *harness_ask_json(const struct sim_world *world, const struct sim_engine *engine,
                         const struct harness_request *request);

/* A row's attributes as the catalogue has them. */
json_t *harness_attributes(const struct sim_row *row);

/* Adds, or merges with an equal key: sizes united, lowest price wins, the first ref stays. */
void harness_add(struct found_list *list, const struct found *found);

/* Rates that are not for every adult. */
bool harness_is_reduced(const char *rate);

/* Fails unless outcome and tee times are the truth; adds what was compared to *compared. */
void harness_assert_truth(const struct sim_world *world, const struct sim_row *row,
                          int32_t date, const char *outcome, const struct found_list *list,
                          unsigned *compared);

/* Fails unless every key of `theirs`, an object, is in `ours`, and their types agree; `path`
 * is for the message. Arrays: the first elements. */
void harness_assert_has_fields(json_t *ours, json_t *theirs, const char *path);

/* Fails unless each of `size` bytes' counters, all unsigned, is above 0. */
void harness_assert_all_occurred(const void *counters, size_t size);

/* A recording; NULL: the recordings are not here. */
json_t *harness_recording(const char *path);

#endif
