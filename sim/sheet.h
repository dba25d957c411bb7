/*
 * sheet.h: the model: which starts a course has on a day, and how booked they are at an
 * instant.
 *
 * A pure function of seed, course, date and clock. Knows no engine: it says what is so, engines
 * say how they tell it.
 */
#ifndef SIM_SHEET_H
#define SIM_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "engine.h"
#include "fleet.h"

#define SIM_SLOTS_MAX 160
#define SIM_PARTY_MAX 4

enum sim_day {
    SIM_DAY_OPEN,
    SIM_DAY_BLOCKED, /* starts exist, none for the public */
    SIM_DAY_FULL,    /* starts exist, all booked */
    SIM_DAY_EMPTY,   /* no starts */
};

enum sim_club_day { SIM_CLUB_OPEN, SIM_CLUB_CLOSED, SIM_CLUB_SOLD_OUT };

struct sim_slot {
    uint16_t minute;
    uint8_t hole;
    uint8_t booked; /* 0..SIM_PARTY_MAX */
    bool frozen;
    bool blocked; /* not for the public rate */
    int64_t id;
    uint64_t hash; /* of course, date and slot; not of the clock */
};

struct sim_sheet {
    const struct sim_course *course;
    int32_t date;
    enum sim_day day;
    uint32_t count; /* starts still to come at the clock's instant, in order */
    struct sim_slot slots[SIM_SLOTS_MAX];
};

void sheet_build(const struct sim_world *world, const struct sim_course *course, int32_t date,
                 struct sim_sheet *ret_sheet);

/* Days on which a whole club is shut or sold out. */
enum sim_club_day sheet_club_day(const struct sim_club *club, int32_t date);

/* Whether the date lies within the club's booking window, and whether it is past. */
bool sheet_released(const struct sim_world *world, const struct sim_club *club, int32_t date);
bool sheet_past(const struct sim_world *world, const struct sim_club *club, int32_t date);

/* Green fee per player before tax, by time band, weekday and hole count. */
int32_t sheet_green_fee(const struct sim_sheet *sheet, const struct sim_slot *slot,
                        uint8_t holes);

/* What the player pays in all, cart as the club has it. */
int32_t sheet_subtotal(const struct sim_club *club, int32_t green_fee);

#endif
