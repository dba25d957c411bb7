/* golfback_truth.c: what GolfBack sells, and what a perfect collector stores of it, from the
 * model alone. */
#include "golfback.h"

static bool sells(const struct sim_course *course, const struct sim_slot *slot, uint8_t holes)
{
    if (course->holes_count == 1)
        return true;
    uint32_t pick = random_below(slot->hash, GOLFBACK_CHANCE_COUNT, 6);
    return holes == 18 ? slot->minute < 930 && pick != 0 : slot->minute >= 930 || pick != 1;
}

void golfback_rates(const struct sim_sheet *sheet, const struct sim_slot *slot, uint8_t holes,
                    struct golfback_rates *ret_rates)
{
    ret_rates->count = 0;
    if (!sells(sheet->course, slot, holes))
        return;
    const struct sim_club *club = sheet->course->club;
    int32_t cents = sheet_green_fee(sheet, slot, holes);
    int32_t fee = random_percent(club->hash, GOLFBACK_CHANCE_FEE, 20) ? 250 : 0;
    struct golfback_rate *next = ret_rates->items;
    if (club->cart != SIM_CART_INCLUDED)
        *next++ = (struct golfback_rate){ .name = club->rate_name,
                                          .base_cents = cents,
                                          .cents = cents + fee };
    if (club->cart == SIM_CART_INCLUDED || club->cart == SIM_CART_OPTIONAL) {
        int32_t riding = cents + club->cart_cents;
        *next++ = (struct golfback_rate){
            .name = "Riding", .base_cents = riding, .cents = riding + fee, .has_cart = true
        };
    }
    if (random_percent(slot->hash, GOLFBACK_CHANCE_JUNIOR, 25))
        *next++ = (struct golfback_rate){
            .name = "Junior", .base_cents = 1000, .cents = 1000, .is_reduced = true
        };
    if (random_percent(slot->hash, GOLFBACK_CHANCE_DEAL, 10)) {
        int32_t deal = cents * 4 / 5;
        *next++ = (struct golfback_rate){
            .name = "Hot Deal", .base_cents = cents, .cents = deal, .is_deal = true
        };
    }
    ret_rates->count = (uint32_t)(next - ret_rates->items);
}

static void price_truth(struct sim_truth *truth, const struct golfback_rates *rates)
{
    for (uint32_t i = 0; i < rates->count; i++) {
        const struct golfback_rate *rate = &rates->items[i];
        if (rate->is_reduced || (truth->price_cents >= 0 && truth->price_cents <= rate->cents))
            continue;
        truth->price_cents = rate->cents;
        truth->price_basis = rate->has_cart ? "cart" : "walking";
        truth->rate_name = rate->name;
    }
}

static void add_slot(const struct sim_sheet *sheet, const struct sim_slot *slot,
                     struct sim_truths *truths)
{
    const struct sim_course *course = sheet->course;
    if (!golfback_lists(slot) || !golfback_is_available(slot))
        return;
    for (uint32_t h = 0; h < course->holes_count; h++) {
        struct golfback_rates rates;
        golfback_rates(sheet, slot, course->holes[h], &rates);
        if (rates.count == 0)
            continue;
        struct sim_truth *truth = sim_truth_add(truths, slot->minute, course->holes[h], 0);
        price_truth(truth, &rates);
        unsigned free = (unsigned)(SIM_PARTY_MAX - slot->booked);
        for (unsigned size = golfback_players_min(course->club, slot); size <= free; size++)
            truth->party_sizes = (uint8_t)(truth->party_sizes | 1u << (size - 1));
        sim_uuid(slot->hash, truth->ref);
    }
}

void golfback_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                    struct sim_truths *ret_truths)
{
    struct sim_sheet sheet;
    ret_truths->count = 0;
    if (sheet_released(world, row->club, date)) {
        sheet_build(world, &row->club->courses[row->first_course], date, &sheet);
        for (uint32_t i = 0; i < sheet.count; i++)
            add_slot(&sheet, &sheet.slots[i], ret_truths);
    }
    sim_truth_merge(ret_truths);
    ret_truths->outcome = ret_truths->count ? "open" : "none_open";
}
