/* teeitup_truth.c: the rates that the model's TeeItUp sells, and what of them is stored. */
#include "teeitup.h"

enum {
    CHANCE_PREPAID = 40,
    CHANCE_REDUCED,
    CHANCE_27,
    CHANCE_SIMULATOR,
    CHANCE_DEAL,
    CHANCE_PROMOTION, /* and the following, one per rate */
    CHANCE_PROMOTION_BOTH = CHANCE_PROMOTION + TEEITUP_RATES_MAX,
    CHANCE_RATE_ID = CHANCE_PROMOTION_BOTH + TEEITUP_RATES_MAX,
    CHANCE_SIZES = CHANCE_RATE_ID + TEEITUP_RATES_MAX,
    CHANCE_SIZE_GAP,
};

/* The rates of one slot while they are made. */
struct rate_list {
    const struct sim_club *club;
    const struct sim_slot *slot;
    uint32_t count;
    struct teeitup_rate *rates;
};

static int32_t percent_of(int32_t cents, unsigned percent)
{
    return cents < 0 ? SIM_UNKNOWN_CENTS : (int32_t)((int64_t)cents * percent / 100);
}

static void promote(struct rate_list *list, struct teeitup_rate *rate)
{
    uint64_t hash = list->slot->hash;
    rate->promoted_walking = rate->promoted_cart = SIM_UNKNOWN_CENTS;
    if (!random_percent(hash, CHANCE_PROMOTION + list->count, 20))
        return;
    rate->discount = 6 + random_below(hash, CHANCE_PROMOTION_BOTH + list->count, 2) * 8;
    rate->promoted_walking = percent_of(rate->walking, 100 - rate->discount);
    if (rate->walking < 0 || rate->discount == 14) /* else only the walking price is cut */
        rate->promoted_cart = percent_of(rate->cart, 100 - rate->discount);
}

static struct teeitup_rate *add_rate(struct rate_list *list, const char *name, uint8_t holes,
                                     int32_t cents)
{
    const struct sim_club *club = list->club;
    struct teeitup_rate *rate = &list->rates[list->count];
    *rate = (struct teeitup_rate){ .name = name, .holes = holes };
    rate->id = 1 + random_below(list->slot->hash, CHANCE_RATE_ID + list->count, 999999999);
    if (club->hash & 4) /* as of facilities whose sheet comes from elsewhere */
        rate->id = -rate->id;
    rate->walking = club->cart == SIM_CART_INCLUDED ? SIM_UNKNOWN_CENTS : cents;
    rate->cart = SIM_UNKNOWN_CENTS;
    if (club->cart == SIM_CART_INCLUDED || club->cart == SIM_CART_OPTIONAL)
        rate->cart = cents + club->cart_cents;
    promote(list, rate);
    list->count++;
    return rate;
}

static void add_odd_rates(struct rate_list *list, int32_t cents)
{
    uint64_t hash = list->slot->hash;
    if (random_percent(hash, CHANCE_REDUCED, 15))
        add_rate(list, hash & 8 ? "Junior / Senior" : "Military 18", 18, cents / 2)
            ->is_reduced = true;
    if (random_percent(hash, CHANCE_27, 2))
        (void)add_rate(list, "27 Holes", 27, cents / 4);
    if (random_percent(hash, CHANCE_SIMULATOR, 2))
        add_rate(list, "Simulator Bay", 18, cents / 4)->is_simulator = true;
}

uint32_t teeitup_rates(const struct sim_sheet *sheet, const struct sim_slot *slot,
                       struct teeitup_rate rates[TEEITUP_RATES_MAX])
{
    const struct sim_course *course = sheet->course;
    struct rate_list list = { .club = course->club, .slot = slot, .rates = rates };
    if (slot->blocked)
        return 0;
    int32_t cents = sheet_green_fee(sheet, slot, 18);
    const char *name = list.club->cart == SIM_CART_NONE ? "Walking" : "18 Holes";
    struct teeitup_rate *adult =
        add_rate(&list, slot->minute >= 900 ? "Twilight" : name, 18, cents);
    adult->is_deal = random_percent(slot->hash, CHANCE_DEAL, 8);
    if (random_percent(slot->hash, CHANCE_PREPAID, 20))
        (void)add_rate(&list, "Prepaid - 18 Holes", 18, percent_of(cents, 95));
    add_odd_rates(&list, cents);
    if (course->holes_count > 1 && (slot->minute < 480 || slot->minute >= 840))
        (void)add_rate(&list, "9 Holes", 9, sheet_green_fee(sheet, slot, 9));
    return list.count;
}

bool teeitup_lists_sizes(const struct sim_slot *slot)
{
    return random_percent(slot->hash, CHANCE_SIZES, 85);
}

uint8_t teeitup_party(const struct sim_club *club, const struct sim_slot *slot)
{
    unsigned max = SIM_PARTY_MAX - (unsigned)slot->booked;
    uint8_t party = tenant_party(teeitup_size_min(club, slot), max);
    bool has_gap = max == SIM_PARTY_MAX && teeitup_lists_sizes(slot) &&
                   random_percent(slot->hash, CHANCE_SIZE_GAP, 5);
    return has_gap ? (uint8_t)(party & ~4u) : party;
}

void teeitup_put_name(const struct sim_course *course, struct buf *out)
{
    buf_puts(out, course->club->name);
    if (course->club->courses_count > 1)
        buf_printf(out, " %s", course->name);
}

static int32_t either(int32_t first, int32_t second)
{
    return first >= 0 ? first : second;
}

/* The walking price where there is one; the cart's fee where both prices are of one kind. */
static void price_truth(struct sim_truth *truth, const struct teeitup_rate *rate)
{
    int32_t walking = either(rate->promoted_walking, rate->walking);
    int32_t cart = either(rate->promoted_cart, rate->cart);
    truth->rate_name = rate->name;
    truth->price_cents = either(walking, cart);
    truth->price_basis = walking >= 0 ? "walking" : "cart";
    bool same_kind = (rate->promoted_walking < 0) == (rate->promoted_cart < 0);
    if (walking >= 0 && cart >= 0 && same_kind)
        truth->cart_cents = cart - walking;
}

static void slot_truth(const struct sim_row *row, const struct sim_sheet *sheet,
                       const struct sim_slot *slot, struct sim_truths *truths)
{
    struct teeitup_rate rates[TEEITUP_RATES_MAX];
    if (!teeitup_lists(sheet, slot))
        return;
    uint32_t count = teeitup_rates(sheet, slot, rates);
    for (uint32_t i = 0; i < count; i++) {
        const struct teeitup_rate *rate = &rates[i];
        /* A reduced rate stands beside the adult's, which has the same sizes. */
        if (rate->is_reduced || rate->is_simulator || rate->holes == 27)
            continue;
        struct sim_truth *truth = sim_truth_add(truths, slot->minute, rate->holes, slot->hole);
        truth->party_sizes = teeitup_party(sheet->course->club, slot);
        price_truth(truth, rate);
        struct buf ref = buf_over(truth->ref, sizeof(truth->ref));
        buf_put_i64(&ref, rate->id);
        struct buf routing = buf_over(truth->routing, sizeof(truth->routing));
        if (row->courses_count > 1 || row->club->variant == TEEITUP_LOOKUP)
            teeitup_put_name(sheet->course, &routing);
    }
}

void teeitup_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                   struct sim_truths *ret_truths)
{
    tenant_truth(world, row, date, slot_truth, ret_truths);
    if (tenant_day_is_ahead(world, row->club, date))
        ret_truths->outcome = "not_released";
}
