/*
 * sim_asker.h: asks a simulated engine as a collector does, keeps what a test's own reading of
 * the replies finds, and compares that with the truth. Knows no engine.
 */
#ifndef TS_INTEGRATION_SIM_ASKER_H
#define TS_INTEGRATION_SIM_ASKER_H

#include <jansson.h>

#include "engine.h"

#define ASKER_BODY_CAP  (384 * 1024)
#define ASKER_FOUND_MAX 2048

struct asker_question {
    const struct sim_engine *engine;
    const char *host;       /* NULL: none */
    const char *path;       /* with "?name=value&…", undecoded */
    const char *body;       /* NULL: a GET */
    const char *headers[9]; /* name, value, …, NULL */
};

/* The last reply's body, NUL-terminated. */
extern char asker_body[ASKER_BODY_CAP];

/* Fails the test if the engine does not own the request. */
struct sim_reply asker_ask(const struct sim_world *world,
                           const struct asker_question *question);

/* The same, for a reply of status 200 in JSON; the caller's json_decref. */
json_t *asker_ask_json(const struct sim_world *world, const struct asker_question *question);

/* What was found, in the words of the truth. */
struct asker_found {
    const char *outcome;
    uint32_t count;
    struct sim_truth items[ASKER_FOUND_MAX];
};

/* A tee time without price, which the caller fills. */
struct sim_truth *asker_add(struct asker_found *found, unsigned minute, unsigned holes,
                            unsigned start_hole);

/* Adds party sizes min..max. */
void asker_party(struct sim_truth *item, unsigned min, unsigned max);

/* Dollars as JSON number or text, in cents; -1: anything else. */
int32_t asker_cents(const json_t *value);

/* Merges equal keys, and compares outcome and tee times with the engine's truth. */
void asker_assert_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                        struct asker_found *found);

/* A fleet of one engine; a date; an instant. */
struct fleet *asker_fleet(const struct sim_engine *engine, uint32_t rows);
int32_t asker_date(const char *text);
int64_t asker_instant(const char *text);

/* "2026-12-05" in a text that stays until the next four calls. */
const char *asker_iso(int32_t date);

/* Fails unless both objects have the same member names. */
void asker_assert_keys(json_t *row, json_t *recorded);

#endif
