/*
 * foreup.h: ForeUp, simulated: one GET per tee sheet ("schedule") and date.
 *
 * Variants of clubs, and the rules by which the model becomes what ForeUp sells. The rules are
 * shared by foreup.c (answers) and foreup_truth.c (what must be stored).
 */
#ifndef SIM_FOREUP_H
#define SIM_FOREUP_H

#include "engine.h"
#include "random.h"
#include "sheet.h"

enum foreup_variant {
    FOREUP_18,     /* one schedule, 18 holes only */
    FOREUP_BOTH,   /* one schedule, 9 and 18 holes */
    FOREUP_SIDES,  /* one schedule with three nines: rows of equal time on different sides */
    FOREUP_SHARED, /* two schedules of a facility, a row each */
};

enum foreup_chance {
    FOREUP_CHANCE_OLD = 60,
    FOREUP_CHANCE_PLAIN,
    FOREUP_CHANCE_FALSE,
    FOREUP_CHANCE_CLASS,
    FOREUP_CHANCE_LEAK,
    FOREUP_CHANCE_UNNAMED,
    FOREUP_CHANCE_PAIRS,
    FOREUP_CHANCE_COUNT,
    FOREUP_CHANCE_FEE, /* and the next one */
    FOREUP_CHANCE_FEE_18,
    FOREUP_CHANCE_TYPE,
    FOREUP_CHANCE_SPECIAL,
};

enum foreup_fee { FOREUP_FEE_KNOWN, FOREUP_FEE_ZERO, FOREUP_FEE_UNKNOWN };

extern const struct sim_engine sim_foreup;

static inline bool foreup_club_percent(const struct sim_club *club, enum foreup_chance chance,
                                       double percent)
{
    return random_percent(club->hash, chance, percent);
}

/* The public needs its class's id; it is the only one that is open to all. */
static inline bool foreup_has_class(const struct sim_club *club)
{
    return foreup_club_percent(club, FOREUP_CHANCE_CLASS, 40);
}

/* Rows without fields per hole count, as some answers have; only where one count is sold. */
static inline bool foreup_is_plain(const struct sim_club *club)
{
    return club->variant == FOREUP_18 && foreup_club_percent(club, FOREUP_CHANCE_PLAIN, 20);
}

/* Both sides are called " ". */
static inline bool foreup_is_unnamed(const struct sim_club *club)
{
    return foreup_club_percent(club, FOREUP_CHANCE_UNNAMED, 25);
}

static inline bool foreup_lists(const struct sim_club *club, const struct sim_slot *slot)
{
    return !slot->blocked && !slot->frozen && slot->booked < SIM_PARTY_MAX &&
           (club->variant != FOREUP_SIDES || slot->hole == 1);
}

/* The places open for a hole count; 0: it is not sold. A round of 18 ends before dark, and some
 * starts are kept for one count. */
static inline unsigned foreup_spots(const struct sim_course *course,
                                    const struct sim_slot *slot, uint8_t holes)
{
    unsigned free = (unsigned)(SIM_PARTY_MAX - slot->booked);
    if (course->holes_count == 1)
        return holes == course->holes[0] ? free : 0;
    uint32_t pick = random_below(slot->hash, FOREUP_CHANCE_COUNT, 8);
    if (holes == 18)
        return slot->minute < 900 && pick != 0 ? free : 0;
    return slot->minute >= 900 || pick != 1 ? free : 0;
}

/* What the fee field of a sold count holds. A zero beside the other count's fee means that this
 * one is not offered after all, a zero alone that the price is unknown. */
static inline enum foreup_fee foreup_fee(const struct sim_club *club,
                                         const struct sim_slot *slot, uint8_t holes)
{
    uint32_t topic = holes == 18 ? FOREUP_CHANCE_FEE_18 : FOREUP_CHANCE_FEE;
    uint32_t pick = random_below(slot->hash, topic, 100);
    if (pick < 2)
        return FOREUP_FEE_UNKNOWN;
    return pick < 5 && !foreup_is_plain(club) ? FOREUP_FEE_ZERO : FOREUP_FEE_KNOWN;
}

/* Specials take a fifth off. */
static inline bool foreup_is_special(const struct sim_slot *slot)
{
    return random_percent(slot->hash, FOREUP_CHANCE_SPECIAL, 4);
}

static inline int32_t foreup_cents(const struct sim_sheet *sheet, const struct sim_slot *slot,
                                   uint8_t holes)
{
    int32_t cents = sheet_green_fee(sheet, slot, holes);
    return foreup_is_special(slot) ? cents * 4 / 5 : cents;
}

/* The smallest of the group sizes allowed; the largest is 4, whatever is booked. */
static inline unsigned foreup_group_min(const struct sim_club *club,
                                        const struct sim_slot *slot)
{
    if (foreup_club_percent(club, FOREUP_CHANCE_PAIRS, 15))
        return 2;
    return club->singles_join_only && slot->booked == 0 ? 2 : 1;
}

/* What a cart costs on top; 0: none, or it is in the price. */
static inline int32_t foreup_cart_cents(const struct sim_club *club, uint8_t holes)
{
    if (club->cart != SIM_CART_OPTIONAL && club->cart != SIM_CART_WITH_FEE)
        return 0;
    return holes == 9 ? club->cart_cents / 2 : club->cart_cents;
}

void foreup_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                  struct sim_truths *ret_truths);

/* A facility's booking page, /index.php/booking/FACILITY[/SCHEDULE]. */
bool foreup_is_page(struct str path);
void foreup_answer_page(const struct sim_world *world, struct str path,
                        struct sim_reply *reply);

#endif
