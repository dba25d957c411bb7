/*
 * membersports.h: MemberSports, simulated: one POST per club, sheet type and date.
 *
 * Variants of clubs, and the rules by which the model becomes what MemberSports sells. The
 * rules are shared by membersports.c (answers) and membersports_truth.c (what must be stored).
 */
#ifndef SIM_MEMBERSPORTS_H
#define SIM_MEMBERSPORTS_H

#include "engine.h"
#include "random.h"
#include "sheet.h"

enum membersports_variant {
    MEMBERSPORTS_SINGLE, /* one course, sold under several names */
    MEMBERSPORTS_ALL,    /* two courses in one row, course id 0 */
    MEMBERSPORTS_SHARED, /* three courses, a row each: one request serves all */
};

enum membersports_chance {
    MEMBERSPORTS_CHANCE_CONFIG = 80,
    MEMBERSPORTS_CHANCE_SINGLES,
    MEMBERSPORTS_CHANCE_FULL,
    MEMBERSPORTS_CHANCE_NINE,
    MEMBERSPORTS_CHANCE_PRICE,
    MEMBERSPORTS_CHANCE_PREMIUM,
};

/* What one start is sold as. */
struct membersports_item {
    const char *name;
    uint8_t holes, course_holes;
    bool is_back_nine;
    int32_t cents; /* 0 or SIM_UNKNOWN_CENTS: as a price of 0 or null */
};

#define MEMBERSPORTS_ITEMS_MAX 2

struct membersports_items {
    uint32_t count;
    struct membersports_item items[MEMBERSPORTS_ITEMS_MAX];
};

extern const struct sim_engine sim_membersports;

/* The type of the sheet that a course is on; most clubs have only type 0. */
static inline unsigned membersports_config(const struct sim_course *course)
{
    const struct sim_club *club = course->club;
    if (!random_percent(club->hash, MEMBERSPORTS_CHANCE_CONFIG, 30))
        return 0;
    return course == &club->courses[1] && club->variant == MEMBERSPORTS_SHARED ? 2 : 1;
}

static inline unsigned membersports_players_min(const struct sim_club *club)
{
    return club->singles_join_only ? 2 : 1;
}

static inline bool membersports_allows_singles(const struct sim_club *club)
{
    return !club->singles_join_only ||
           random_percent(club->hash, MEMBERSPORTS_CHANCE_SINGLES, 50);
}

/* Some full starts are shown, too; none is a start for nobody. */
static inline bool membersports_lists(const struct sim_slot *slot)
{
    return slot->booked < SIM_PARTY_MAX ||
           random_percent(slot->hash, MEMBERSPORTS_CHANCE_FULL, 40);
}

void membersports_items(const struct sim_sheet *sheet, const struct sim_slot *slot,
                        struct membersports_items *ret_items);

void membersports_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                        struct sim_truths *ret_truths);

#endif
