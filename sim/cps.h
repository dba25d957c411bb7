/*
 * cps.h: CPS Golf, simulated: a tenant is a subdomain of cps.golf; one list per date for all
 * its courses, behind a token and a registered transaction (v5) or a key (v4).
 *
 * The rules by which the model becomes what CPS sells, shared by cps.c and cps_list.c (answers)
 * and cps_truth.c (what must be stored).
 */
#ifndef SIM_CPS_H
#define SIM_CPS_H

#include "engine.h"
#include "random.h"
#include "sheet.h"
#include "tenant.h"

#define CPS_ITEMS_MAX 12

enum cps_variant {
    CPS_V5,        /* one or two courses in one row */
    CPS_V5_SHARED, /* two courses, a row each: one request serves both */
    CPS_V4,        /* an envelope as v5's */
    CPS_V4_OLD,    /* bare arrays and objects */
};

enum cps_chance {
    CPS_CHANCE_COUNT = 40,
    CPS_CHANCE_NO_IDS,
    CPS_CHANCE_WEBSITE,
    CPS_CHANCE_API,
    CPS_CHANCE_SEATS,
    CPS_CHANCE_LEAN,
    CPS_CHANCE_BLANK,
    CPS_CHANCE_FALSE_EMPTY,
    CPS_CHANCE_LISTED_FULL,
    CPS_CHANCE_SINGLE,
    CPS_CHANCE_UNPRICED,
    CPS_CHANCE_DISABLED,
    CPS_CHANCE_COUNTER,
    CPS_CHANCE_REDUCED,
    CPS_CHANCE_PACKAGE,
    CPS_CHANCE_FRACTION,
    CPS_CHANCE_NULL_NAME,
};

enum cps_kind {
    CPS_GREEN_FEE,
    CPS_GREEN_FEE_ONLINE,
    CPS_PACKAGE,
    CPS_FULL_CART,
    CPS_HALF_CART
};

struct cps_item {
    enum cps_kind kind;
    uint8_t holes;
    int32_t cents;
    const char *name; /* NULL: null */
    bool is_reduced;  /* not for every adult: sets no price */
};

extern const struct sim_engine sim_cps;

static inline bool cps_club_percent(const struct sim_club *club, enum cps_chance chance,
                                    double percent)
{
    return random_percent(club->hash, chance, percent);
}

static inline bool cps_is_v4(const struct sim_club *club)
{
    return club->variant == CPS_V4 || club->variant == CPS_V4_OLD;
}

/* The catalogue does not say which courses: all that are active. */
static inline bool cps_row_lacks_ids(const struct sim_club *club)
{
    return !club->row_per_course && cps_club_percent(club, CPS_CHANCE_NO_IDS, 45);
}

/* Replies without maxPlayer; seats must be counted. */
static inline bool cps_counts_seats(const struct sim_club *club)
{
    return cps_club_percent(club, CPS_CHANCE_SEATS, 20);
}

/* Replies without holesDisplay and seats. */
static inline bool cps_is_lean(const struct sim_club *club)
{
    return !cps_counts_seats(club) && cps_club_percent(club, CPS_CHANCE_LEAN, 30);
}

/* What may be booked is from 2 players on. */
static inline bool cps_refuses_single(const struct sim_club *club, const struct sim_slot *slot)
{
    return club->singles_join_only &&
           (slot->booked == 0 || random_percent(slot->hash, CPS_CHANCE_SINGLE, 10));
}

static inline uint8_t cps_party(const struct sim_club *club, const struct sim_slot *slot)
{
    return tenant_party(cps_refuses_single(club, slot) ? 2 : 1,
                        SIM_PARTY_MAX - (unsigned)slot->booked);
}

/* Early and late, 9 holes are sold from the sheet of 18 as well. */
static inline bool cps_sells_both(const struct sim_course *course, const struct sim_slot *slot)
{
    return course->holes_count > 1 && (slot->minute < 480 || slot->minute >= 840);
}

/* 9 holes have a price but are switched off. */
static inline bool cps_disables_9(const struct sim_slot *slot)
{
    return random_percent(slot->hash, CPS_CHANCE_DISABLED, 5);
}

/* The slot's price items, 0 where it has none. */
uint32_t cps_items(const struct sim_sheet *sheet, const struct sim_slot *slot,
                   struct cps_item items[CPS_ITEMS_MAX]);

/* Whether a slot of this day can be booked. */
bool cps_is_bookable(const struct sim_sheet *sheet, const struct sim_slot *slot);

/* The id that lists must be asked with. */
void cps_website_id(const struct sim_club *club, char ret_uuid[SIM_UUID_LEN]);

/* The list of a date, the access having been checked. */
void cps_answer_list(const struct sim_world *world, const struct sim_request *request,
                     struct sim_reply *reply);

void cps_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
               struct sim_truths *ret_truths);

#endif
