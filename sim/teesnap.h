/*
 * teesnap.h: Teesnap, simulated: one GET per course and date, a host per club, and the club's
 * page, which lists its courses.
 *
 * Variants of clubs, and the rules by which the model becomes what Teesnap sells. The rules are
 * shared by teesnap.c and teesnap_reply.c (answers) and teesnap_truth.c (what must be stored).
 */
#ifndef SIM_TEESNAP_H
#define SIM_TEESNAP_H

#include "engine.h"
#include "random.h"
#include "sheet.h"

enum teesnap_variant {
    TEESNAP_BOTH, /* one course, 18 and 9 holes */
    TEESNAP_NINE, /* one course, 9 holes */
    TEESNAP_TWO,  /* two courses, a row each */
    TEESNAP_WRONG /* the catalogue has an id that is not this club's; it answers all the same */
};

enum teesnap_chance {
    TEESNAP_CHANCE_NAMED = 90,
    TEESNAP_CHANCE_STATUS,
    TEESNAP_CHANCE_SHOTGUN,
    TEESNAP_CHANCE_SQUEEZE,
    TEESNAP_CHANCE_SENIOR,
    TEESNAP_CHANCE_PROMOTION,
    TEESNAP_CHANCE_PARTS,
    TEESNAP_CHANCE_NO_LIST,
    TEESNAP_CHANCE_TURN,
};

#define TEESNAP_FIRST_INFO_ID 900000

extern const struct sim_engine sim_teesnap;

static inline bool teesnap_is_shotgun(const struct sim_slot *slot)
{
    return random_percent(slot->hash, TEESNAP_CHANCE_SHOTGUN, 2);
}

/* An 18-hole round is not sold late. */
static inline bool teesnap_sells(const struct sim_slot *slot, uint8_t holes)
{
    return holes == 9 || slot->minute < 900;
}

/* With promotion. */
static inline int32_t teesnap_cents(const struct sim_sheet *sheet, const struct sim_slot *slot,
                                    uint8_t holes)
{
    int32_t cents = sheet_green_fee(sheet, slot, holes);
    return random_percent(slot->hash, TEESNAP_CHANCE_PROMOTION, 15) ? cents * 9 / 10 : cents;
}

/* What a cart adds; 0: none is offered. */
static inline int32_t teesnap_cart_cents(const struct sim_club *club)
{
    return club->cart == SIM_CART_NONE ? 0 : club->cart_cents;
}

/* Whether the club has no online sheet on this day. */
bool teesnap_is_date_refused(const struct sim_world *world, const struct sim_club *club,
                             int32_t date);

/* Bodies: the club's page, and a course's day. */
void teesnap_put_page(const struct sim_club *club, struct writer *w);
void teesnap_put_day(const struct sim_sheet *sheet, struct writer *w);

void teesnap_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths);

#endif
