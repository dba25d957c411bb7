/* chronogolf_truth.c: what a perfect collector stores of Chronogolf, from the model alone. */
#include "chronogolf.h"

static struct sim_truth *add_truth(struct sim_truths *truths, const struct sim_slot *slot,
                                   uint8_t holes)
{
    struct sim_truth *truth = sim_truth_add(truths, slot->minute, holes, slot->hole);
    struct buf ref = buf_over(truth->ref, sizeof(truth->ref));
    buf_put_i64(&ref, slot->id);
    return truth;
}

static void price_truth(struct sim_truth *truth, const struct sim_club *club, int32_t cents)
{
    truth->price_cents = cents;
    truth->cart_cents = club->cart_cents;
    switch (club->cart) {
    case SIM_CART_INCLUDED:
        truth->price_basis = "cart";
        break;
    case SIM_CART_OPTIONAL:
    case SIM_CART_NONE:
        truth->price_basis = "walking";
        break;
    case SIM_CART_WITH_FEE:
        break;
    }
}

static uint8_t v1_party(const struct sim_course *course, const struct sim_slot *slot,
                        uint8_t holes)
{
    uint8_t party = 0;
    if (slot->frozen || chronogolf_refuses_rate(course, slot, holes))
        return 0;
    for (unsigned size = 1; size <= SIM_PARTY_MAX - (unsigned)slot->booked; size++) {
        if (!chronogolf_refuses_single(course->club, slot, size))
            party = (uint8_t)(party | 1u << (size - 1));
    }
    return party;
}

static void v1_course(const struct sim_row *row, const struct sim_sheet *sheet, uint8_t holes,
                      struct sim_truths *truths)
{
    const struct sim_course *course = sheet->course;
    for (uint32_t i = 0; i < sheet->count; i++) {
        const struct sim_slot *slot = &sheet->slots[i];
        uint8_t party = v1_party(course, slot, holes);
        if (party == 0)
            continue;
        struct sim_truth *truth = add_truth(truths, slot, holes);
        truth->party_sizes = party;
        int32_t surcharge = party & 1 ? course->club->single_cents : 0;
        price_truth(truth, course->club, sheet_green_fee(sheet, slot, holes) + surcharge);
        struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
        if (row->courses_count > 1)
            buf_put_i64(&routing, course->id);
    }
}

static void v1_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                     struct sim_truths *truths)
{
    if (!sheet_released(world, row->club, date)) {
        truths->outcome = "not_released";
        return;
    }
    for (uint32_t i = 0; i < row->courses_count; i++) {
        const struct sim_course *course = &row->club->courses[row->first_course + i];
        struct sim_sheet sheet;
        sheet_build(world, course, date, &sheet);
        for (uint32_t h = 0; h < course->holes_count; h++)
            v1_course(row, &sheet, course->holes[h], truths);
    }
    truths->outcome = truths->count ? "open" : "none_open";
}

static void v2_slot(const struct sim_row *row, const struct sim_sheet *sheet,
                    const struct sim_slot *slot, struct sim_truths *truths)
{
    const struct sim_course *course = sheet->course;
    uint8_t priced = chronogolf_priced_holes(course, slot);
    uint8_t party = (uint8_t)((1u << (SIM_PARTY_MAX - (unsigned)slot->booked)) - 1);
    if (chronogolf_refuses_single(course->club, slot, 1))
        party &= (uint8_t)~1u;
    for (uint32_t h = 0; h < course->holes_count; h++) {
        struct sim_truth *truth = add_truth(truths, slot, course->holes[h]);
        truth->party_sizes = party;
        if (priced)
            truth->rate_name = course->club->rate_name;
        if (priced == truth->holes)
            price_truth(truth, course->club, sheet_green_fee(sheet, slot, priced));
        struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
        if (row->courses_count > 1)
            buf_puts(&routing, course->name);
    }
}

/* The outcome of a day on which the club shows no sheet; NULL: it shows one. */
static const char *v2_no_sheet(const struct sim_world *world, const struct sim_club *club,
                               int32_t date)
{
    if (!sheet_released(world, club, date) || sheet_past(world, club, date))
        return "closed";
    switch (sheet_club_day(club, date)) {
    case SIM_CLUB_CLOSED:
        return "closed";
    case SIM_CLUB_SOLD_OUT:
        return "sold_out";
    case SIM_CLUB_OPEN:
        break;
    }
    return NULL;
}

static void v2_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                     struct sim_truths *truths)
{
    truths->outcome = v2_no_sheet(world, row->club, date);
    if (truths->outcome)
        return;
    for (uint32_t i = 0; i < row->courses_count; i++) {
        struct sim_sheet sheet;
        sheet_build(world, &row->club->courses[row->first_course + i], date, &sheet);
        for (uint32_t k = 0; k < sheet.count; k++) {
            if (chronogolf_v2_lists(&sheet.slots[k]) && !sheet.slots[k].frozen)
                v2_slot(row, &sheet, &sheet.slots[k], truths);
        }
    }
    truths->outcome = truths->count ? "open" : "none_open";
}

void chronogolf_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                      struct sim_truths *ret_truths)
{
    ret_truths->count = 0;
    if (chronogolf_is_v1(row->club))
        v1_truth(world, row, date, ret_truths);
    else
        v2_truth(world, row, date, ret_truths);
}
