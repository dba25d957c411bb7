/* sheet.c: the model's rules, each a question to random.h. */
#include "sheet.h"

#include <assert.h>

#include "random.h"

/* The topics of chance; a sheet's hash is of course and date, a slot's of sheet and place. */
enum {
    CHANCE_DAY,
    CHANCE_DEMAND,
    CHANCE_HOLE_10,
    CHANCE_BLOCK_START,
    CHANCE_BLOCK,
    CHANCE_GAP,
    CHANCE_FROZEN,
    CHANCE_BOOKED,
    CHANCE_PLACES,
    CHANCE_HOUR,
    CHANCE_SLOT_CHANGES,
    CHANCE_CLUB_DAY
};

#define DOUBLE_TEE_UNTIL    510
#define BLOCK_MINUTES       60
#define CHURN_LOOKBACK      168 /* hours */
#define CHURN_SLOTS_PERCENT 12

static bool is_weekend(int32_t date)
{
    return day_weekday(date) >= 5;
}

static enum sim_day pick_day(uint64_t hash)
{
    uint32_t pick = random_below(hash, CHANCE_DAY, 100);
    if (pick < 3)
        return SIM_DAY_BLOCKED;
    if (pick < 6)
        return SIM_DAY_FULL;
    return pick < 9 ? SIM_DAY_EMPTY : SIM_DAY_OPEN;
}

enum sim_club_day sheet_club_day(const struct sim_club *club, int32_t date)
{
    uint32_t pick = random_below(random_mix(club->hash, (uint64_t)date), CHANCE_CLUB_DAY, 100);
    if (pick < 3)
        return SIM_CLUB_CLOSED;
    return pick < 6 ? SIM_CLUB_SOLD_OUT : SIM_CLUB_OPEN;
}

/* The last hour, up to the clock's, in which this sheet's bookings changed; 0: none lately. */
static int64_t last_change(const struct sim_world *world, uint64_t hash)
{
    if (world->churn_percent <= 0)
        return 0;
    int64_t hour = world->now / 3600;
    for (int64_t i = 0; i < CHURN_LOOKBACK; i++) {
        if (random_percent(random_mix(hash, (uint64_t)(hour - i)), CHANCE_HOUR,
                           world->churn_percent))
            return hour - i;
    }
    return 0;
}

static uint8_t pick_booked(uint64_t hash, uint32_t demand)
{
    if (!random_percent(hash, CHANCE_BOOKED, demand))
        return 0;
    static const uint8_t places[] = { 4, 4, 4, 4, 2, 2, 3, 1 };
    return places[random_below(hash, CHANCE_PLACES, TS_COUNT_OF(places))];
}

/* What holds for the whole day while its slots are made. */
struct day_plan {
    uint64_t hash;
    uint32_t demand;
    uint16_t block_start;
    int64_t change;
    bool hole_10;
    uint16_t from_minute; /* earlier starts are past */
};

static struct day_plan plan_day(const struct sim_world *world, const struct sim_sheet *sheet)
{
    const struct sim_course *course = sheet->course;
    struct day_plan plan = { .hash = random_mix(course->hash, (uint64_t)sheet->date) };
    plan.demand =
        30 + random_below(plan.hash, CHANCE_DEMAND, 45) + (is_weekend(sheet->date) ? 20 : 0);
    plan.block_start = UINT16_MAX;
    if (random_percent(plan.hash, CHANCE_BLOCK, 30))
        plan.block_start =
            (uint16_t)(480 + 15 * random_below(plan.hash, CHANCE_BLOCK_START, 24));
    plan.change = last_change(world, plan.hash);
    plan.hole_10 = course->double_tee && random_percent(plan.hash, CHANCE_HOLE_10, 50);
    int32_t today;
    zone_local(course->club->zone, world->now, &today, &plan.from_minute);
    if (sheet->date > today)
        plan.from_minute = 0;
    else if (sheet->date < today)
        plan.from_minute = UINT16_MAX;
    return plan;
}

/* Fills the slot of a start; `number` tells the day's starts apart. */
static struct sim_slot make_slot(const struct sim_sheet *sheet, const struct day_plan *plan,
                                 uint16_t minute, uint32_t number, uint8_t hole)
{
    struct sim_slot slot = { .minute = minute, .hole = hole };
    slot.hash = random_mix(plan->hash, 1000 + number);
    uint64_t booking = slot.hash;
    uint64_t change = random_mix(slot.hash, (uint64_t)plan->change);
    if (plan->change && random_percent(change, CHANCE_SLOT_CHANGES, CHURN_SLOTS_PERCENT))
        booking = change;
    slot.booked = pick_booked(booking, plan->demand);
    slot.frozen = random_percent(slot.hash, CHANCE_FROZEN, 1.5);
    slot.blocked = minute >= plan->block_start && minute < plan->block_start + BLOCK_MINUTES;
    if (sheet->day == SIM_DAY_BLOCKED)
        slot.blocked = true;
    if (sheet->day == SIM_DAY_FULL)
        slot.booked = SIM_PARTY_MAX;
    slot.id = 500000000 + (((int64_t)sheet->date & 2047) * 8192 + sheet->course->index) * 256 +
              number;
    return slot;
}

void sheet_build(const struct sim_world *world, const struct sim_course *course, int32_t date,
                 struct sim_sheet *ret_sheet)
{
    ret_sheet->course = course;
    ret_sheet->date = date;
    ret_sheet->count = 0;
    struct day_plan plan = plan_day(world, ret_sheet);
    ret_sheet->day = pick_day(plan.hash);
    if (ret_sheet->day == SIM_DAY_EMPTY)
        return;
    uint32_t number = 0;
    uint16_t minute = course->first_minute;
    for (uint32_t turn = 0; minute <= course->last_minute; turn++) {
        bool exists = minute >= plan.from_minute &&
                      !random_percent(random_mix(plan.hash, minute), CHANCE_GAP, 3);
        for (uint8_t hole = 1; hole <= 10; hole = (uint8_t)(hole + 9), number++) {
            bool starts_here = hole == 1 || (plan.hole_10 && minute < DOUBLE_TEE_UNTIL);
            if (!exists || !starts_here)
                continue;
            assert(ret_sheet->count < SIM_SLOTS_MAX);
            ret_sheet->slots[ret_sheet->count++] =
                make_slot(ret_sheet, &plan, minute, number, hole);
        }
        minute = (uint16_t)(minute + course->intervals[turn % 2]);
    }
    assert(number <= 256);
}

bool sheet_released(const struct sim_world *world, const struct sim_club *club, int32_t date)
{
    return world->now >= zone_instant(club->zone, date - club->window_days, club->opens_minute);
}

bool sheet_past(const struct sim_world *world, const struct sim_club *club, int32_t date)
{
    int32_t today;
    uint16_t minute;
    zone_local(club->zone, world->now, &today, &minute);
    return date < today;
}

int32_t sheet_green_fee(const struct sim_sheet *sheet, const struct sim_slot *slot,
                        uint8_t holes)
{
    int32_t cents = sheet->course->base_cents;
    if (is_weekend(sheet->date))
        cents = cents * 6 / 5;
    if (slot->minute < 450)
        cents = cents * 9 / 10;
    else if (slot->minute >= 1050)
        cents = cents / 2;
    else if (slot->minute >= 900)
        cents = cents * 7 / 10;
    if (holes <= 9)
        cents = cents * 3 / 5;
    return cents;
}

int32_t sheet_subtotal(const struct sim_club *club, int32_t green_fee)
{
    switch (club->cart) {
    case SIM_CART_INCLUDED:
        return green_fee + club->cart_cents;
    case SIM_CART_WITH_FEE: /* a booking fee: neither walking nor with a cart */
        return green_fee + 350;
    case SIM_CART_OPTIONAL:
    case SIM_CART_NONE:
        break;
    }
    return green_fee;
}
