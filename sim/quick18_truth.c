/* quick18_truth.c: what Quick18 sells by the model, and what of it must be stored. */
#include "quick18.h"

enum { CHANCE_OFFER = 40, CHANCE_DAY = 60, CHANCE_NO_OFFER = 80 };

#define ALL_DAY 0, 1440

static const struct quick18_column cart_columns[] = {
    { "18 Holes", 18, "walking", false, false, 0, 100, ALL_DAY, 100 },
    { "18 Holes with Cart", 18, "cart", true, false, 0, 100, ALL_DAY, 100 },
    { "9 Holes", 9, "walking", false, false, 0, 60, ALL_DAY, 90 },
    { "9 Holes with Cart", 9, "cart", true, false, 0, 60, ALL_DAY, 90 },
    { "$78 Special with Cart", 0, "cart", true, false, 0, 110, 600, 840, 20 },
};

static const struct quick18_column riding_columns[] = {
    { "9 Holes Riding", 9, "cart", true, false, 0, 60, ALL_DAY, 95 },
    { "18 Holes Riding", 18, "cart", true, false, 0, 100, 0, 900, 100 },
    { "Junior 18 Holes Riding", 18, "cart", true, true, 1, 50, 0, 900, 100 },
    { "Twilight Unlimited Golf", 0, "unknown", false, false, 0, 70, 840, 1440, 100 },
};

static const struct quick18_column loop_columns[] = {
    { "Walking", 0, "walking", false, false, 0, 100, ALL_DAY, 100 },
    { "Walking Senior", 0, "walking", false, true, 0, 70, ALL_DAY, 80 },
    { "Riding", 0, "cart", true, false, 0, 100, ALL_DAY, 100 },
};

static const struct quick18_column subcourse_columns[] = {
    { "18 Holes", 18, "walking", false, false, 0, 100, ALL_DAY, 100 },
    { "18 Holes Member", 18, "walking", false, true, 0, 40, ALL_DAY, 100 },
    { "Stay & Play 18 Holes with Cart", 18, "cart", true, false, 0, 100, 480, 900, 60 },
    { "9 Holes", 9, "unknown", false, false, 0, 60, 840, 1440, 100 },
};

const struct quick18_column *quick18_columns(const struct sim_club *club, uint32_t *ret_count)
{
    switch ((enum quick18_variant)club->variant) {
    case QUICK18_CART:
        break;
    case QUICK18_RIDING:
        *ret_count = TS_COUNT_OF(riding_columns);
        return riding_columns;
    case QUICK18_LOOPS:
        *ret_count = TS_COUNT_OF(loop_columns);
        return loop_columns;
    case QUICK18_SUBCOURSE:
        *ret_count = TS_COUNT_OF(subcourse_columns);
        return subcourse_columns;
    }
    *ret_count = TS_COUNT_OF(cart_columns);
    return cart_columns;
}

/* Holes sold in a column: the header's, else the sub-course's; 0: nothing says it. */
static uint8_t holes_of(const struct sim_course *course, const struct quick18_column *column)
{
    if (column->holes > 0 || course->club->variant != QUICK18_LOOPS)
        return column->holes;
    return course->holes[0];
}

static bool is_sold(const struct sim_sheet *sheet, const struct sim_slot *slot,
                    const struct quick18_column *column, uint32_t number)
{
    uint64_t day = random_mix(sheet->course->hash, (uint64_t)sheet->date);
    return slot->minute >= column->from && slot->minute < column->until &&
           random_percent(day, CHANCE_DAY + number, column->days_percent) &&
           !random_percent(slot->hash, CHANCE_OFFER + number, 3) &&
           !random_percent(slot->hash, CHANCE_NO_OFFER, 4); /* rows without any offer */
}

int32_t quick18_offer(const struct sim_sheet *sheet, const struct sim_slot *slot,
                      uint32_t column)
{
    uint32_t count;
    const struct quick18_column *columns = quick18_columns(sheet->course->club, &count);
    const struct quick18_column *asked = &columns[column];
    if (!is_sold(sheet, slot, asked, column) ||
        (asked->is_reduced && !is_sold(sheet, slot, &columns[asked->beside], asked->beside)))
        return SIM_UNKNOWN_CENTS;
    int32_t cents = sheet_green_fee(sheet, slot, 18) * asked->percent / 100;
    if (asked->has_cart)
        cents += sheet->course->club->cart_cents > 0 ? sheet->course->club->cart_cents : 1700;
    return cents;
}

void quick18_put_stamp(int32_t date, uint16_t minute, struct buf *out)
{
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(out, "%04d%02d%02d%02u%02u", year, month, day, minute / 60u, minute % 60u);
}

uint32_t quick18_rate(const struct sim_club *club, uint32_t column)
{
    return 11000 + club->index % 1000 * 10 + column;
}

static void slot_truth(const struct sim_row *row, const struct sim_sheet *sheet,
                       const struct sim_slot *slot, struct sim_truths *truths)
{
    const struct sim_club *club = row->club;
    uint32_t count;
    if (!quick18_lists(sheet, slot))
        return;
    const struct quick18_column *columns = quick18_columns(club, &count);
    for (uint32_t i = 0; i < count; i++) {
        int32_t cents = quick18_offer(sheet, slot, i);
        if (cents < 0 || columns[i].is_reduced)
            continue;
        struct sim_truth *truth =
            sim_truth_add(truths, slot->minute, holes_of(sheet->course, &columns[i]), 0);
        truth->party_sizes =
            tenant_party(quick18_size_min(club, slot), SIM_PARTY_MAX - (unsigned)slot->booked);
        truth->price_cents = cents;
        truth->price_basis = columns[i].basis;
        truth->rate_name = columns[i].header;
        struct buf ref = buf_over(truth->ref, sizeof(truth->ref));
        buf_printf(&ref, "%lld-", (long long)sheet->course->id);
        quick18_put_stamp(sheet->date, slot->minute, &ref);
        buf_printf(&ref, "-%u", quick18_rate(club, i));
        struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
        if (quick18_has_course_column(club))
            buf_puts(&routing, sheet->course->name);
    }
}

void quick18_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths)
{
    tenant_truth(world, row, date, slot_truth, ret_truths);
}
