/*
 * golfback.h: GolfBack, simulated: one POST per course and date.
 *
 * Variants of clubs, and the rules by which the model becomes what GolfBack sells. The rules
 * are shared by golfback.c (answers) and golfback_truth.c (what must be stored).
 */
#ifndef SIM_GOLFBACK_H
#define SIM_GOLFBACK_H

#include "engine.h"
#include "random.h"
#include "sheet.h"

enum golfback_variant {
    GOLFBACK_18,       /* one course, 18 holes */
    GOLFBACK_BOTH,     /* one course, 18 and 9 holes */
    GOLFBACK_SIBLINGS, /* two courses, a row each; some clubs' answers hold both */
};

enum golfback_chance {
    GOLFBACK_CHANCE_LEAK = 70,
    GOLFBACK_CHANCE_COUNT,
    GOLFBACK_CHANCE_SHOWN,
    GOLFBACK_CHANCE_JUNIOR,
    GOLFBACK_CHANCE_DEAL,
    GOLFBACK_CHANCE_FEE,
};

#define GOLFBACK_RATES_MAX 4

struct golfback_rate {
    const char *name;
    int32_t base_cents, cents;
    bool has_cart, is_deal, is_reduced;
};

struct golfback_rates {
    uint32_t count; /* 0: this count is not sold */
    struct golfback_rate items[GOLFBACK_RATES_MAX];
};

extern const struct sim_engine sim_golfback;

/* Full starts are shown, too, at some hours, as not available. */
static inline bool golfback_lists(const struct sim_slot *slot)
{
    return !slot->blocked && (slot->booked < SIM_PARTY_MAX ||
                              random_percent(slot->hash, GOLFBACK_CHANCE_SHOWN, 30));
}

static inline bool golfback_is_available(const struct sim_slot *slot)
{
    return !slot->frozen && slot->booked < SIM_PARTY_MAX;
}

static inline unsigned golfback_players_min(const struct sim_club *club,
                                            const struct sim_slot *slot)
{
    return club->singles_join_only && slot->booked == 0 ? 2 : 1;
}

/* The rates of a start for a hole count, the primary one first. */
void golfback_rates(const struct sim_sheet *sheet, const struct sim_slot *slot, uint8_t holes,
                    struct golfback_rates *ret_rates);

void golfback_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                    struct sim_truths *ret_truths);

#endif
