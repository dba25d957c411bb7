/*
 * quick18.h: Quick18, simulated: a tenant is a host; one HTML page per date with a matrix of
 * starts and rates.
 *
 * The rules by which the model becomes what Quick18 sells, shared by quick18.c (answers) and
 * quick18_truth.c (what must be stored).
 */
#ifndef SIM_QUICK18_H
#define SIM_QUICK18_H

#include "engine.h"
#include "random.h"
#include "sheet.h"
#include "tenant.h"

enum quick18_variant {
    QUICK18_CART,      /* one course; each hole count on foot and with a cart, and a special */
    QUICK18_RIDING,    /* one course; carts included, a column of unknown holes */
    QUICK18_LOOPS,     /* two sub-courses in one row, whose names say the hole count */
    QUICK18_SUBCOURSE, /* two sub-courses, a row each, on another domain */
};

/* A column of prices. What its header means is written down here, not read from it. */
struct quick18_column {
    const char *header; /* as text; '&' is escaped in the page */
    uint8_t holes;      /* 0: of the sub-course, or unknown */
    const char *basis;
    bool has_cart;
    bool is_reduced; /* offered only where the column `beside` is */
    uint8_t beside;
    uint8_t percent;      /* of the green fee */
    uint16_t from, until; /* minutes of the day in which it is sold */
    uint8_t days_percent; /* of the days */
};

extern const struct sim_engine sim_quick18;

/* The tenant's columns. */
const struct quick18_column *quick18_columns(const struct sim_club *club, uint32_t *ret_count);

/* The price of a slot in a column, or SIM_UNKNOWN_CENTS: not offered. */
int32_t quick18_offer(const struct sim_sheet *sheet, const struct sim_slot *slot,
                      uint32_t column);

static inline bool quick18_has_course_column(const struct sim_club *club)
{
    return club->variant >= QUICK18_LOOPS;
}

static inline unsigned quick18_size_min(const struct sim_club *club,
                                        const struct sim_slot *slot)
{
    return club->singles_join_only && slot->booked == 0 ? 2 : 1;
}

static inline bool quick18_lists(const struct sim_sheet *sheet, const struct sim_slot *slot)
{
    return sheet->day == SIM_DAY_OPEN && !slot->blocked && slot->booked < SIM_PARTY_MAX;
}

/* The offer's parts: "202607140728", and the rate's number. */
void quick18_put_stamp(int32_t date, uint16_t minute, struct buf *out);
uint32_t quick18_rate(const struct sim_club *club, uint32_t column);

void quick18_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths);

#endif
