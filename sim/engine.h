/*
 * engine.h: a simulated booking engine as a table: how its clubs look, what a catalogue row
 * says about them, how it answers requests, and what a perfect collector would store.
 *
 * `truth` works from the model (sheet.h) and never from `answer`, so that a fault in one shows
 * against the other. All functions are pure, but for what a request's memory holds; any thread.
 * Adding an engine: one file pair and one line in engine.c.
 */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "fleet.h"
#include "writer.h"

#define SIM_ARGS_MAX    24
#define SIM_TRUTHS_MAX  1024
#define SIM_ROUTING_MAX 64
#define SIM_REF_MAX     48

/* The fleet at an instant. */
struct sim_world {
    const struct fleet *fleet;
    double churn_percent; /* tee sheets that change per hour */
    int64_t now;          /* Unix seconds */
    const char *key;      /* what engines that ask for an application key want to see */
};

struct sim_arg {
    struct str name, value; /* decoded */
};

struct sim_memory;

struct sim_request {
    struct str host; /* of the host prefix, else of the Host header */
    struct str path; /* without a host prefix and the query */
    bool is_post;    /* else GET; others never reach an engine */
    struct str body;
    /* The value of a header, its name in any case; NULL: there is none. NULL: no headers. */
    const char *(*header)(const void *headers, const char *name);
    const void *headers;
    uint64_t number;           /* of the server's requests; 0: no server */
    struct sim_memory *memory; /* what engines remember of earlier requests; NULL: nothing */
    bool throttled_empty, no_table; /* faults that the engine itself carries out */
    uint32_t args_count;
    bool args_overflow;
    struct sim_arg args[SIM_ARGS_MAX];
};

struct sim_reply {
    uint16_t status;
    bool is_text;                /* plain text instead of JSON */
    const char *content_type;    /* instead of what is_text says; NULL: as that says */
    int64_t total, per_page;     /* headers of that name; -1: none */
    const struct sim_club *club; /* that was asked; NULL: unknown */
    bool is_spoilt;              /* a fault of the request was carried out */
    struct writer body;
};

/* One tee time as it must be stored; texts are borrowed from the fleet. */
struct sim_truth {
    uint16_t minute;
    uint8_t holes, start_hole;
    uint8_t party_sizes; /* bit n-1 */
    int32_t price_cents, cart_cents;
    const char *price_basis;
    char routing[SIM_ROUTING_MAX];
    const char *rate_name;
    char ref[SIM_REF_MAX]; /* the engine's own id, or "" */
};

struct sim_truths {
    const char *outcome; /* as teesheet names them */
    uint32_t count;
    struct sim_truth items[SIM_TRUTHS_MAX];
};

struct sim_engine {
    const char *name;
    const char *host; /* of all its clubs, or the domain of its tenants' hosts */
    /* Which variant the n-th club of a fleet is; the fleet's mix restricts it. */
    uint32_t (*variant)(uint32_t index, enum sim_mix mix);
    /* Fills what depends on the variant: courses, ids, hole counts, rows. */
    void (*shape)(struct sim_club *club);
    /* A row's engine_attributes, a JSON object. */
    void (*attributes)(const struct sim_row *row, struct buf *out);
    /* Optional: a row's booking link; without it https://HOST/club/SLUG. */
    void (*booking_url)(const struct sim_row *row, struct buf *out);
    /* Whether a request is for this engine, by its path or, where tenants have hosts, host. */
    bool (*owns)(const struct sim_request *request);
    void (*answer)(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply);
    void (*truth)(const struct sim_world *world, const struct sim_row *row, int32_t date,
                  struct sim_truths *ret_truths);
};

extern const struct sim_engine *const sim_engines[];
extern const uint32_t sim_engines_count;

/* The only value of an argument; false if it is missing or repeated. */
bool sim_request_arg(const struct sim_request *request, struct str name, struct str *ret_value);

/* A header's value, or an empty text. */
struct str sim_request_header(const struct sim_request *request, const char *name);

/* Whether a posted body says that it is JSON. */
bool sim_request_is_json(const struct sim_request *request);

/* An engine by its name; NULL: unknown. */
const struct sim_engine *sim_engine_by_name(struct str name);

/* A tee time without price and reference, in its place. */
struct sim_truth *sim_truth_add(struct sim_truths *truths, uint16_t minute, uint8_t holes,
                                uint8_t start_hole);

/* Where equal keys (start, holes, start hole, routing) were added, merges the later into the
 * first: party sizes united, the lowest price wins with all that belongs to it but the ref. */
void sim_truth_merge(struct sim_truths *truths);

/* Makes *reply an error: what was written is dropped for `text` as the body. */
void sim_reply_refuse(struct sim_reply *reply, uint16_t status, const char *text);

#endif
