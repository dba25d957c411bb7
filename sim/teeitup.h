/*
 * teeitup.h: TeeItUp, simulated: a tenant is an alias with facilities; one GET per date for all
 * of them, on one host for the whole fleet.
 *
 * The rules by which the model becomes what TeeItUp sells, shared by teeitup.c (answers) and
 * teeitup_truth.c (what must be stored).
 */
#ifndef SIM_TEEITUP_H
#define SIM_TEEITUP_H

#include "engine.h"
#include "random.h"
#include "sheet.h"
#include "tenant.h"

#define TEEITUP_RATES_MAX 7
#define TEEITUP_HEX_LEN   24

enum teeitup_variant {
    TEEITUP_ONE,     /* one facility, which the row names */
    TEEITUP_LOOKUP,  /* a row without facility ids: all of the alias */
    TEEITUP_SEVERAL, /* a row with two facilities */
    TEEITUP_SHARED,  /* two facilities, a row each: one request serves both */
};

/* What is sold of a slot under one name; cents, SIM_UNKNOWN_CENTS where there is none. */
struct teeitup_rate {
    int64_t id;
    const char *name;
    uint8_t holes;
    bool is_reduced; /* not for every adult: sets no price */
    bool is_simulator;
    bool is_deal;
    int32_t walking, cart;
    int32_t promoted_walking, promoted_cart;
    unsigned discount; /* percent of the promotion; 0: none */
};

extern const struct sim_engine sim_teeitup;

/* The rates of a slot; 0 for one that is kept from the public. */
uint32_t teeitup_rates(const struct sim_sheet *sheet, const struct sim_slot *slot,
                       struct teeitup_rate rates[TEEITUP_RATES_MAX]);

/* The sizes that can be booked; and whether rates list them (else min and max say it). */
uint8_t teeitup_party(const struct sim_club *club, const struct sim_slot *slot);
bool teeitup_lists_sizes(const struct sim_slot *slot);

static inline unsigned teeitup_size_min(const struct sim_club *club,
                                        const struct sim_slot *slot)
{
    return club->singles_join_only && slot->booked == 0 ? 2 : 1;
}

/* A slot with room is listed, one kept from the public without rates; days without any sale
 * list nothing. */
static inline bool teeitup_lists(const struct sim_sheet *sheet, const struct sim_slot *slot)
{
    return sheet->day == SIM_DAY_OPEN && slot->booked < SIM_PARTY_MAX;
}

/* The facility's name, of club and course. */
void teeitup_put_name(const struct sim_course *course, struct buf *out);

void teeitup_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths);

#endif
