/*
 * cps_slot.h: a slot of a CPS list and its rates. Private to the adapter.
 */
#ifndef TS_ENGINE_CPS_SLOT_H
#define TS_ENGINE_CPS_SLOT_H

#include "engine/cps.h"

enum cps_hole_counts { CPS_NINE, CPS_EIGHTEEN, CPS_HOLE_COUNTS };

/* The best rate of a slot for one hole count, and what a cart costs beside it. */
struct cps_rate {
    bool is_sold, is_reduced;
    uint8_t basis; /* enum price_basis */
    int32_t price_cents, cart_cents;
    char name[ENGINE_TEXT_MAX + 1];
};

struct cps_slot {
    int64_t tee_sheet_id, course_id;
    int32_t date;
    uint16_t minute;
    uint8_t starting_tee, holes, default_holes; /* 0: not said */
    uint8_t players_min, players_max, seats;    /* bit set of the free ones */
    bool has_seats, is_9_only, is_18_only, is_9_disabled, is_18_disabled, is_single_barred;
    char course_name[ENGINE_TEXT_MAX + 1], holes_display[ENGINE_TEXT_MAX + 1];
    struct cps_rate rates[CPS_HOLE_COUNTS];
};

/* A field's read function: a slot's shItemPrices into its rates. */
bool cps_read_items(struct json *json, void *into);
/* Reads the next value, a slot of this date. False: it cannot be read, for ret_fault. */
bool cps_read_slot(struct json *json, int32_t date, struct cps_slot *ret_slot,
                   struct engine_fault *ret_fault);

/* Adds the slot to a row's sheet: a tee time per hole count sold, none when no seat is free.
 * False: the arena is full. */
TS_MUST_USE bool cps_add_slot(struct engine_task *task, uint32_t row,
                              const struct cps_slot *slot);

#endif
