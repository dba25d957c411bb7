/* teesnap_truth.c: what a perfect collector stores of Teesnap, from the model alone. */
#include "teesnap.h"

bool teesnap_is_date_refused(const struct sim_world *world, const struct sim_club *club,
                             int32_t date)
{
    return !sheet_released(world, club, date) || sheet_past(world, club, date) ||
           sheet_club_day(club, date) == SIM_CLUB_CLOSED;
}

/* The first slot of the minute: both of its sections have its prices. */
static const struct sim_slot *first_of(const struct sim_sheet *sheet, uint32_t index)
{
    const struct sim_slot *slot = &sheet->slots[index];
    while (slot > sheet->slots && slot[-1].minute == slot->minute)
        slot--;
    return slot;
}

static void add_slot(const struct sim_sheet *sheet, uint32_t index, struct sim_truths *truths)
{
    const struct sim_course *course = sheet->course;
    const struct sim_slot *slot = &sheet->slots[index], *first = first_of(sheet, index);
    if (slot->blocked || slot->frozen || slot->booked == SIM_PARTY_MAX ||
        teesnap_is_shotgun(first))
        return;
    for (uint32_t h = 0; h < course->holes_count; h++) {
        if (!teesnap_sells(slot, course->holes[h]))
            continue;
        struct sim_truth *truth =
            sim_truth_add(truths, slot->minute, course->holes[h], slot->hole);
        truth->party_sizes = (uint8_t)((1u << (SIM_PARTY_MAX - slot->booked)) - 1);
        truth->price_cents = teesnap_cents(sheet, first, course->holes[h]);
        truth->price_basis = "walking";
        truth->rate_name = course->club->rate_name;
        if (teesnap_cart_cents(course->club) > 0)
            truth->cart_cents = teesnap_cart_cents(course->club);
    }
}

/* All starts come, so that a day on which each is full, and none kept back, is proven. */
static bool is_sold_out(const struct sim_sheet *sheet)
{
    uint32_t full = 0;
    for (uint32_t i = 0; i < sheet->count; i++) {
        const struct sim_slot *slot = &sheet->slots[i];
        if (slot->blocked) /* not listed */
            continue;
        if (slot->booked < SIM_PARTY_MAX || slot->frozen ||
            teesnap_is_shotgun(first_of(sheet, i)))
            return false;
        full++;
    }
    return full > 0;
}

/* The outcome of a day without a sheet; NULL: there is one. */
static const char *no_sheet(const struct sim_world *world, const struct sim_club *club,
                            int32_t date)
{
    if (club->refuses_agents)
        return "blocked";
    if (club->variant == TEESNAP_WRONG)
        return "misconfigured";
    /* Shut or not yet released: the reply does not say which. */
    return teesnap_is_date_refused(world, club, date) ? "none_open" : NULL;
}

void teesnap_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths)
{
    struct sim_sheet sheet;
    ret_truths->count = 0;
    ret_truths->outcome = no_sheet(world, row->club, date);
    if (ret_truths->outcome)
        return;
    sheet_build(world, &row->club->courses[row->first_course], date, &sheet);
    for (uint32_t i = 0; i < sheet.count; i++)
        add_slot(&sheet, i, ret_truths);
    ret_truths->outcome = ret_truths->count     ? "open"
                          : is_sold_out(&sheet) ? "sold_out"
                                                : "none_open";
}
