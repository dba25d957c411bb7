/*
 * chronogolf.h: Chronogolf, simulated: V1 (club, course, holes, one affiliation id per player)
 * and V2 (course uuids, pages of 24).
 *
 * Variants of clubs, and the rules by which the model becomes what Chronogolf sells. The rules
 * are shared by chronogolf.c (answers) and chronogolf_truth.c (what must be stored).
 */
#ifndef SIM_CHRONOGOLF_H
#define SIM_CHRONOGOLF_H

#include "engine.h"
#include "random.h"
#include "sheet.h"

enum chronogolf_variant {
    CHRONOGOLF_V1_SINGLE, /* one course, one hole count */
    CHRONOGOLF_V1_MULTI,  /* one course with "12,6", or two courses with "18,9", in one row */
    CHRONOGOLF_V2_SINGLE, /* one course */
    CHRONOGOLF_V2_LOOPS,  /* three nines of a club in one row: the course name is the routing */
    CHRONOGOLF_V2_SHARED, /* two courses, a row each: one request serves both */
};

extern const struct sim_engine sim_chronogolf;

static inline bool chronogolf_is_v1(const struct sim_club *club)
{
    return club->variant <= CHRONOGOLF_V1_MULTI;
}

/* V1: a single may not open an empty tee time. */
static inline bool chronogolf_refuses_single(const struct sim_club *club,
                                             const struct sim_slot *slot, unsigned size)
{
    return size == 1 && club->singles_join_only && slot->booked == 0;
}

/* V1: the rate may not play now: a block, or a short round outside early and late hours. */
static inline bool chronogolf_refuses_rate(const struct sim_course *course,
                                           const struct sim_slot *slot, uint8_t holes)
{
    if (slot->blocked)
        return true;
    if (holes == course->holes[0])
        return false;
    if (holes == 6)
        return course->hash & 1; /* some clubs never sell it to the public */
    return slot->minute >= 480 && slot->minute < 900;
}

/* V2: what the default price is for; 0: this slot has no price. */
static inline uint8_t chronogolf_priced_holes(const struct sim_course *course,
                                              const struct sim_slot *slot)
{
    if (random_percent(slot->hash, 50, 1))
        return 0;
    bool late = slot->minute >= 900;
    return late && course->holes_count > 1 ? course->holes[1] : course->holes[0];
}

/* V2 lists a slot that has room and is open to the public; a frozen one, too. */
static inline bool chronogolf_v2_lists(const struct sim_slot *slot)
{
    return !slot->blocked && slot->booked < SIM_PARTY_MAX;
}

/* Pieces of both bodies. The date is formatted once and repeated. */
struct chronogolf_date {
    char text[16];
};

struct chronogolf_date chronogolf_date(int32_t date);
void chronogolf_put_uuid(struct writer *w, const struct sim_slot *slot);
void chronogolf_put_clock(struct writer *w, unsigned minute, bool padded);

/* reply->club is the club in the path, or NULL. */
void chronogolf_answer_v1(const struct sim_world *world, const struct sim_request *request,
                          struct sim_reply *reply);
void chronogolf_answer_v2(const struct sim_world *world, const struct sim_request *request,
                          struct sim_reply *reply);

void chronogolf_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                      struct sim_truths *ret_truths);

#endif
