/* cps_truth.c: what CPS sells by the model, and what of it must be stored. */
#include "cps.h"

struct item_list {
    const struct sim_sheet *sheet;
    const struct sim_slot *slot;
    struct cps_item *items;
    uint32_t count;
};

static struct cps_item *add_item(struct item_list *list, enum cps_kind kind, uint8_t holes,
                                 int32_t cents)
{
    struct cps_item *item = &list->items[list->count++];
    *item = (struct cps_item){ .kind = kind, .holes = holes, .cents = cents };
    item->name = list->slot->minute >= 900 ? "Twilight M-Th" : "Public";
    if (random_percent(list->slot->hash, CPS_CHANCE_NULL_NAME, 10))
        item->name = NULL;
    return item;
}

static void add_carts(struct item_list *list, uint8_t holes, int32_t green_fee)
{
    const struct sim_club *club = list->sheet->course->club;
    if (club->cart != SIM_CART_OPTIONAL)
        return;
    bool is_half = holes == 18 && club->hash & 8;
    add_item(list, is_half ? CPS_HALF_CART : CPS_FULL_CART, holes, club->cart_cents)->name =
        "Rental";
    if (random_percent(list->slot->hash, CPS_CHANCE_PACKAGE, 30))
        add_item(list, CPS_PACKAGE, holes, green_fee + club->cart_cents + 100)->name =
            "Package";
}

static void add_items(struct item_list *list, uint8_t holes)
{
    const struct sim_club *club = list->sheet->course->club;
    uint64_t hash = list->slot->hash;
    int32_t cents = sheet_green_fee(list->sheet, list->slot, holes);
    if (club->cart == SIM_CART_INCLUDED) {
        (void)add_item(list, CPS_PACKAGE, holes, cents + club->cart_cents);
    } else {
        bool has_counter_price = random_percent(hash, CPS_CHANCE_COUNTER, 25);
        if (has_counter_price)
            add_item(list, CPS_GREEN_FEE, holes, cents + 200)->name = "Counter";
        (void)add_item(list, has_counter_price ? CPS_GREEN_FEE_ONLINE : CPS_GREEN_FEE, holes,
                       cents);
    }
    if (random_percent(hash, CPS_CHANCE_REDUCED, 15)) {
        enum cps_kind kind = club->cart == SIM_CART_INCLUDED ? CPS_PACKAGE : CPS_GREEN_FEE;
        struct cps_item *item = add_item(list, kind, holes, cents * 3 / 5);
        item->name = hash & 16 ? "Senior M-Th" : "Student Rate";
        item->is_reduced = true;
    }
    add_carts(list, holes, cents);
}

uint32_t cps_items(const struct sim_sheet *sheet, const struct sim_slot *slot,
                   struct cps_item items[CPS_ITEMS_MAX])
{
    struct item_list list = { .sheet = sheet, .slot = slot, .items = items };
    if (random_percent(slot->hash, CPS_CHANCE_UNPRICED, 2))
        return 0;
    if (cps_sells_both(sheet->course, slot))
        add_items(&list, 9);
    add_items(&list, 18);
    return list.count;
}

bool cps_is_bookable(const struct sim_sheet *sheet, const struct sim_slot *slot)
{
    return sheet->day == SIM_DAY_OPEN && !slot->blocked &&
           cps_party(sheet->course->club, slot) != 0;
}

void cps_website_id(const struct sim_club *club, char ret_uuid[SIM_UUID_LEN])
{
    sim_uuid(random_mix(club->hash, 77), ret_uuid);
}

static struct sim_truth *add_truth(const struct sim_row *row, const struct sim_sheet *sheet,
                                   const struct sim_slot *slot, uint8_t holes,
                                   struct sim_truths *truths)
{
    struct sim_truth *truth = sim_truth_add(truths, slot->minute, holes, slot->hole);
    truth->party_sizes = cps_party(sheet->course->club, slot);
    struct buf ref = buf_over(truth->ref, sizeof(truth->ref));
    buf_put_i64(&ref, slot->id);
    struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
    if (row->courses_count > 1 || cps_row_lacks_ids(row->club))
        buf_puts(&routing, sheet->course->name);
    return truth;
}

/* A slot without price: the hole counts are what other fields say. Lean replies have no text
 * that says "9 or 18"; there the usual count remains. */
static void unpriced_truth(const struct sim_row *row, const struct sim_sheet *sheet,
                           const struct sim_slot *slot, struct sim_truths *truths)
{
    (void)add_truth(row, sheet, slot, 18, truths);
    if (cps_sells_both(sheet->course, slot) && !cps_disables_9(slot) && !cps_is_lean(row->club))
        (void)add_truth(row, sheet, slot, 9, truths);
}

static int32_t cart_of(const struct cps_item *items, uint32_t count, uint8_t holes)
{
    for (uint32_t i = 0; i < count; i++) {
        bool is_cart = items[i].kind == CPS_FULL_CART || items[i].kind == CPS_HALF_CART;
        if (is_cart && items[i].holes == holes)
            return items[i].cents;
    }
    return SIM_UNKNOWN_CENTS;
}

static void slot_truth(const struct sim_row *row, const struct sim_sheet *sheet,
                       const struct sim_slot *slot, struct sim_truths *truths)
{
    struct cps_item items[CPS_ITEMS_MAX];
    if (!cps_is_bookable(sheet, slot))
        return;
    uint32_t count = cps_items(sheet, slot, items);
    if (count == 0)
        unpriced_truth(row, sheet, slot, truths);
    for (uint32_t i = 0; i < count; i++) {
        const struct cps_item *item = &items[i];
        bool is_price = item->kind <= CPS_PACKAGE && !item->is_reduced;
        if (!is_price || (item->holes == 9 && cps_disables_9(slot)))
            continue;
        struct sim_truth *truth = add_truth(row, sheet, slot, item->holes, truths);
        truth->price_cents = item->cents;
        truth->price_basis = item->kind == CPS_PACKAGE ? "cart" : "walking";
        truth->cart_cents = cart_of(items, count, item->holes);
        truth->rate_name = item->name ? item->name : "";
    }
}

void cps_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
               struct sim_truths *ret_truths)
{
    tenant_truth(world, row, date, slot_truth, ret_truths);
    if (tenant_day_is_ahead(world, row->club, date))
        ret_truths->outcome = "not_released";
}
