/* membersports_truth.c: what MemberSports sells, and what a perfect collector stores of it,
 * from the model alone. */
#include "membersports.h"

static const char *const names[SIM_CLUB_COURSES_MAX][3] = {
    { "Championship", "Championship Front Nine", "Championship 18 Back Nine" },
    { "Meadows", "Meadows Front Nine", "Meadows 18 Back Nine" },
    { "Executive 9", "Executive 9", "Executive 9" },
};

static int32_t price_of(const struct sim_sheet *sheet, const struct sim_slot *slot,
                        uint8_t holes)
{
    uint32_t pick = random_below(slot->hash, MEMBERSPORTS_CHANCE_PRICE, 100);
    if (pick == 0)
        return SIM_UNKNOWN_CENTS;
    return pick == 1 ? 0 : sheet_green_fee(sheet, slot, holes);
}

static struct membersports_item item_of(const struct sim_sheet *sheet,
                                        const struct sim_slot *slot, uint32_t kind)
{
    const struct sim_course *course = sheet->course;
    uint8_t holes = kind == 0 ? course->holes[0] : 9;
    return (struct membersports_item){
        .name = names[course - course->club->courses][kind],
        .holes = holes,
        .course_holes = course->holes[0],
        .is_back_nine = kind == 2,
        .cents = price_of(sheet, slot, holes),
    };
}

void membersports_items(const struct sim_sheet *sheet, const struct sim_slot *slot,
                        struct membersports_items *ret_items)
{
    bool has_nines = sheet->course->holes[0] == 18;
    ret_items->count = 0;
    if (slot->hole == 10 && !has_nines)
        return;
    if (slot->hole == 10) {
        ret_items->items[ret_items->count++] = item_of(sheet, slot, 2);
        return;
    }
    ret_items->items[ret_items->count++] = item_of(sheet, slot, 0);
    if (has_nines && random_percent(slot->hash, MEMBERSPORTS_CHANCE_NINE, 25))
        ret_items->items[ret_items->count++] = item_of(sheet, slot, 1);
}

static uint8_t party_of(const struct sim_club *club, unsigned free)
{
    uint8_t party = free > 0 && membersports_allows_singles(club) ? 1 : 0;
    for (unsigned size = membersports_players_min(club); size <= free; size++)
        party = (uint8_t)(party | 1u << (size - 1));
    return party;
}

static void add_slot(const struct sim_sheet *sheet, const struct sim_slot *slot,
                     struct sim_truths *truths)
{
    const struct sim_club *club = sheet->course->club;
    uint8_t party = party_of(club, (unsigned)(SIM_PARTY_MAX - slot->booked));
    struct membersports_items items;
    membersports_items(sheet, slot, &items);
    for (uint32_t i = 0; party && i < items.count; i++) {
        const struct membersports_item *item = &items.items[i];
        struct sim_truth *truth =
            sim_truth_add(truths, slot->minute, item->holes, item->is_back_nine ? 10 : 0);
        truth->party_sizes = party;
        if (item->cents > 0)
            truth->price_cents = item->cents;
        truth->rate_name = item->name;
        struct buf ref = buf_over(truth->ref, sizeof(truth->ref));
        buf_put_i64(&ref, slot->id);
        struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
        buf_puts(&routing, item->name); /* one course id can carry several names */
    }
}

void membersports_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                        struct sim_truths *ret_truths)
{
    ret_truths->count = 0;
    for (uint32_t c = 0; c < row->courses_count && sheet_released(world, row->club, date);
         c++) {
        struct sim_sheet sheet;
        sheet_build(world, &row->club->courses[row->first_course + c], date, &sheet);
        for (uint32_t i = 0; i < sheet.count; i++) {
            if (!sheet.slots[i].blocked && !sheet.slots[i].frozen)
                add_slot(&sheet, &sheet.slots[i], ret_truths);
        }
    }
    sim_truth_merge(ret_truths);
    ret_truths->outcome = ret_truths->count ? "open" : "none_open";
}
