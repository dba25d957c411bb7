/*
 * teeitup.h: what the parts of the TeeItUp adapter share: facts and requests (teeitup.c), the
 * lookup of a tenant's facilities (teeitup_map.c), a day's list (teeitup_list.c) and its rows
 * (teeitup_row.c). Private to the adapter.
 */
#ifndef TS_ENGINE_TEEITUP_H
#define TS_ENGINE_TEEITUP_H

#include "engine/adapter.h"
#include "engine/check.h"

/* The attribute table's order. */
enum { TEEITUP_ALIAS, TEEITUP_FACILITY_IDS, TEEITUP_ATTRIBUTES };

#define TEEITUP_FACILITIES_MAX 64
#define TEEITUP_HEX_LEN        24

struct teeitup_facility {
    int32_t id;
    uint16_t name_at;
    char hex[TEEITUP_HEX_LEN + 1]; /* courseId: all that a list says of a facility */
};

/* The tenant state: its facilities without simulators. */
struct teeitup_map {
    uint32_t count; /* 0: not looked up */
    uint32_t names_len;
    struct teeitup_facility facilities[TEEITUP_FACILITIES_MAX];
    char names[ENGINE_TENANT_BYTES_MAX - 8 -
               TEEITUP_FACILITIES_MAX * sizeof(struct teeitup_facility)];
};

struct teeitup_block {
    char hex[ENGINE_TEXT_MAX + 1], message[ENGINE_TEXT_MAX + 1];
    int64_t total;    /* slots that the block announces; -1: none said */
    struct str slots; /* the raw list */
};

struct teeitup_slot {
    int64_t instant;
    char hex[ENGINE_TEXT_MAX + 1];
    uint8_t start_hole;
    uint8_t players_min, players_max; /* max: seats still free */
    struct str rates;                 /* the raw list */
};

struct teeitup_rate {
    int64_t id;
    char name[ENGINE_TEXT_MAX + 1];
    uint8_t holes, parties;
    bool has_parties, is_simulator;
    int64_t walking, cart; /* cents; 0: none */
    int64_t promotion_walking, promotion_cart;
};

/* A row's facility ids; none: all of the tenant. */
struct str teeitup_ids(const struct course *course);
int32_t teeitup_id(struct str text); /* 0: no id */

/* Whether a list's blocks must be told apart: not where one facility alone is asked for. */
bool teeitup_needs_map(const struct engine_task *task);

/* Whether a row, or any of the task's, stands for this facility. */
bool teeitup_wants(const struct course *course, int32_t facility_id);
bool teeitup_any_wants(const struct engine_task *task, int32_t facility_id);

/* Whether all of the list's ids are the tenant's. */
bool teeitup_map_has(const struct teeitup_map *map, struct str ids);

/* The request for the tenant's facilities. */
ts_err teeitup_lookup(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request);

/* Reads the next value. False: it cannot be read, for ret_fault. */
bool teeitup_read_block(struct json *json, struct teeitup_block *ret_block,
                        struct engine_fault *ret_fault);
bool teeitup_read_slot(struct json *json, struct teeitup_slot *ret_slot,
                       struct engine_fault *ret_fault);
bool teeitup_read_rate(struct json *json, struct teeitup_rate *ret_rate,
                       struct engine_fault *ret_fault);

/* Price, cart fee and basis of a tee time. */
void teeitup_set_price(struct tee_time *tee_time, const struct teeitup_rate *rate);

/* A reply of status 200 that is one JSON document: the lookup's, the list's. */
enum engine_verdict teeitup_map_parse(struct engine_task *task, const struct http_reply *reply,
                                      struct engine_result *result);
enum engine_verdict teeitup_list_parse(struct engine_task *task, const struct http_reply *reply,
                                       struct engine_result *result);

#endif
