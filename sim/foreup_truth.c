/* foreup_truth.c: what a perfect collector stores of ForeUp, from the model alone. */
#include "foreup.h"

static uint8_t party_of(const struct sim_club *club, const struct sim_slot *slot,
                        unsigned spots)
{
    uint8_t party = 0;
    for (unsigned size = foreup_group_min(club, slot); size <= spots; size++)
        party = (uint8_t)(party | 1u << (size - 1));
    return party;
}

static const char *basis_of(const struct sim_club *club)
{
    return club->cart == SIM_CART_INCLUDED ? "cart" : "walking";
}

/* Front and Back say where a round starts; other names are the routing. */
static uint8_t start_hole_of(const struct sim_club *club, const struct sim_slot *slot)
{
    if (club->variant == FOREUP_SIDES || foreup_is_unnamed(club))
        return 0;
    return slot->hole;
}

static bool is_not_offered(const struct sim_course *course, const struct sim_slot *slot,
                           uint8_t holes)
{
    uint8_t other = holes == 9 ? 18 : 9;
    return foreup_fee(course->club, slot, holes) == FOREUP_FEE_ZERO &&
           foreup_spots(course, slot, other) > 0 &&
           foreup_fee(course->club, slot, other) == FOREUP_FEE_KNOWN;
}

static void add_slot(const struct sim_sheet *sheet, const struct sim_slot *slot, uint8_t holes,
                     struct sim_truths *truths)
{
    const struct sim_course *course = sheet->course;
    const struct sim_club *club = course->club;
    uint8_t party = party_of(club, slot, foreup_spots(course, slot, holes));
    if (party == 0 || is_not_offered(course, slot, holes))
        return;
    struct sim_truth *truth =
        sim_truth_add(truths, slot->minute, holes, start_hole_of(club, slot));
    truth->party_sizes = party;
    struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
    if (club->variant == FOREUP_SIDES)
        buf_puts(&routing, course->name);
    int32_t cart = foreup_cart_cents(club, holes);
    if (cart > 0)
        truth->cart_cents = cart;
    if (foreup_fee(club, slot, holes) != FOREUP_FEE_KNOWN)
        return;
    truth->price_cents = foreup_cents(sheet, slot, holes);
    truth->price_basis = basis_of(club);
}

static void add_course(const struct sim_world *world, const struct sim_course *course,
                       int32_t date, struct sim_truths *truths)
{
    struct sim_sheet sheet;
    sheet_build(world, course, date, &sheet);
    for (uint32_t i = 0; i < sheet.count; i++) {
        if (!foreup_lists(course->club, &sheet.slots[i]))
            continue;
        for (uint32_t h = 0; h < course->holes_count; h++)
            add_slot(&sheet, &sheet.slots[i], course->holes[h], truths);
    }
}

void foreup_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                  struct sim_truths *ret_truths)
{
    ret_truths->count = 0;
    if (sheet_released(world, row->club, date)) {
        for (uint32_t i = 0; i < row->courses_count; i++)
            add_course(world, &row->club->courses[row->first_course + i], date, ret_truths);
    }
    sim_truth_merge(ret_truths);
    ret_truths->outcome = ret_truths->count ? "open" : "none_open";
}
