/*
 * chronogolf.h: what the two read APIs of Chronogolf share. Private to the adapter.
 *
 * V1 answers per course, hole count and party size (chronogolf_v1.c); V2 per list of course
 * uuids, paged (chronogolf_v2.c).
 */
#ifndef TS_ENGINE_CHRONOGOLF_H
#define TS_ENGINE_CHRONOGOLF_H

#include "engine/adapter.h"
#include "engine/check.h"

/* The attribute table's order. */
enum {
    CHRONOGOLF_COURSE_UUIDS,
    CHRONOGOLF_CLUB_ID,
    CHRONOGOLF_COURSE_ID,
    CHRONOGOLF_AFFILIATION,
    CHRONOGOLF_API,
    CHRONOGOLF_NB_HOLES,
    CHRONOGOLF_CLUB_SLUG,
    CHRONOGOLF_ATTRIBUTES
};

#define CHRONOGOLF_SITE           "https://www.chronogolf.com"
#define CHRONOGOLF_HOLE_KINDS_MAX 8

/* An answer of four players to V1 reaches 171 KB with 137 rows; three times that. */
#define CHRONOGOLF_V1_CAP_BYTES (512u * 1024)
/* A V2 page of 24 slots has about 21 KB; ten times that, for longer names and new fields. */
#define CHRONOGOLF_V2_CAP_BYTES (256u * 1024)

/* A price object of either API; TEE_TIME_PRICE_UNKNOWN where it says nothing. */
struct chronogolf_price {
    int32_t green_fee, half_cart, subtotal;
    uint8_t holes; /* V2: the hole count that it is for; 0: none said */
    char rate[ENGINE_TEXT_MAX + 1];
};

/* A row of either API: a start and who may book it. */
struct chronogolf_row {
    int64_t id;
    uint16_t minute;
    int32_t date;
    uint8_t hole;
    bool frozen;
    struct chronogolf_price price;
    /* V1, for the party size asked */
    bool restricted, out_of_capacity;
    /* V2 */
    uint8_t players_min, players_max;
    uint8_t holes[CHRONOGOLF_HOLE_KINDS_MAX], holes_count; /* sold; at least one, 0: unknown */
    char uuid[ENGINE_TEXT_MAX + 1], course_name[ENGINE_TEXT_MAX + 1];
};

/* Whether a V2 row stands for the course of this uuid. */
bool chronogolf_has_uuid(const struct course *course, struct str wanted);

/* Reads the next value, a row of this date. False: it cannot be read, for ret_fault; what could
 * is in *ret_row. */
bool chronogolf_v1_read_row(struct json *json, int32_t date, struct chronogolf_row *ret_row,
                            struct engine_fault *ret_fault);
bool chronogolf_v2_read_row(struct json *json, int32_t date, struct chronogolf_row *ret_row,
                            struct engine_fault *ret_fault);

/* Price, cart fee and basis of a tee time. The green fee is kept apart from the cart; the basis
 * tells from the subtotal what a player pays. */
void chronogolf_set_price(struct tee_time *tee_time, const struct chronogolf_price *price);

/* Adds a V2 row to a course's sheet: a tee time per hole count, none where no party may book.
 * False: the arena is full. */
TS_MUST_USE bool chronogolf_v2_add(struct engine_task *task, uint32_t course,
                                   const struct chronogolf_row *row);

/* Templates of booking links: nothing without club_slug; the club's page where the player type
 * is not given. */
void chronogolf_v1_link(const struct engine_task *task, struct str course_id, struct buf *out);
void chronogolf_v2_link(const struct engine_task *task, uint32_t index, struct buf *out);

ts_err chronogolf_v1_request(const struct engine_task *task, struct buf *scratch,
                             struct http_request *ret_request);
enum engine_verdict chronogolf_v1_parse(struct engine_task *task,
                                        const struct http_reply *reply,
                                        struct engine_result *result);
uint32_t chronogolf_v1_requests(const struct course *course);

ts_err chronogolf_v2_request(const struct engine_task *task, struct buf *scratch,
                             struct http_request *ret_request);
enum engine_verdict chronogolf_v2_parse(struct engine_task *task,
                                        const struct http_reply *reply,
                                        struct engine_result *result);

#endif
