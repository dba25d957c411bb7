/* cps_rate.c: the price items of a CPS Golf slot: the best rate per hole count, and carts. */
#include "engine/cps_slot.h"

enum item_kind { ITEM_OTHER, ITEM_GREEN_FEE, ITEM_PACKAGE, ITEM_CART };

struct item {
    char code[ENGINE_TEXT_MAX + 1], name[ENGINE_TEXT_MAX + 1];
    int32_t price, display_price, current_price;
};

static enum item_kind kind_of(struct str code, enum cps_hole_counts *ret_holes)
{
    static const struct {
        const char *prefix;
        enum item_kind kind;
    } kinds[] = { { "GreenFee", ITEM_GREEN_FEE },
                  { "Package", ITEM_PACKAGE },
                  { "FullCart", ITEM_CART },
                  { "HalfCart", ITEM_CART } };
    for (size_t i = 0; i < TS_COUNT_OF(kinds); i++) {
        struct str prefix = str_of(kinds[i].prefix);
        if (!str_has_prefix(code, prefix))
            continue;
        struct str rest = { code.ptr + prefix.len, code.len - prefix.len };
        bool is_18 = str_equal(rest, STR("18")) || str_equal(rest, STR("18Online"));
        bool is_9 = str_equal(rest, STR("9")) || str_equal(rest, STR("9Online"));
        *ret_holes = is_18 ? CPS_EIGHTEEN : CPS_NINE;
        return is_18 || is_9 ? kinds[i].kind : ITEM_OTHER;
    }
    return ITEM_OTHER;
}

static bool is_lower(int32_t cents, int32_t than)
{
    return cents != TEE_TIME_PRICE_UNKNOWN && (than == TEE_TIME_PRICE_UNKNOWN || cents < than);
}

static uint8_t basis_of(enum item_kind kind, struct str name)
{
    if (kind == ITEM_PACKAGE)
        return PRICE_BASIS_CART;
    bool names_cart =
        str_contains_nocase(name, STR("cart")) || str_contains_nocase(name, STR("riding"));
    return names_cart ? PRICE_BASIS_UNKNOWN : PRICE_BASIS_WALKING;
}

/* A public rate before a reduced one, then the lower price. */
static void take_rate(struct cps_rate *rate, enum item_kind kind, const struct item *item,
                      int32_t cents)
{
    bool is_reduced = tee_time_rate_is_reduced(str_of(item->name));
    bool is_better =
        is_reduced == rate->is_reduced ? is_lower(cents, rate->price_cents) : !is_reduced;
    if (rate->is_sold && !is_better)
        return;
    rate->is_sold = true;
    rate->is_reduced = is_reduced;
    rate->price_cents = cents;
    rate->basis = basis_of(kind, str_of(item->name));
    memcpy(rate->name, item->name, sizeof(rate->name));
}

static void take_item(struct cps_slot *slot, const struct item *item)
{
    enum cps_hole_counts holes = CPS_NINE;
    enum item_kind kind = kind_of(str_of(item->code), &holes);
    struct cps_rate *rate = &slot->rates[holes];
    int32_t cents = item->price;
    if (cents == TEE_TIME_PRICE_UNKNOWN)
        cents = item->display_price;
    if (cents == TEE_TIME_PRICE_UNKNOWN)
        cents = item->current_price;
    if (cents == 0) /* a rate without a price: not known to be free */
        cents = TEE_TIME_PRICE_UNKNOWN;
    if (kind == ITEM_CART && is_lower(cents, rate->cart_cents))
        rate->cart_cents = cents;
    else if (kind == ITEM_GREEN_FEE || kind == ITEM_PACKAGE)
        take_rate(rate, kind, item, cents);
}

/* An item whose kind cannot be read could be any of them: then the slot cannot be read. */
bool cps_read_items(struct json *json, void *into)
{
    static const struct engine_field fields[] = {
        { "shItemCode", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct item, code), NULL },
        { "itemDesc", FIELD_IF_READABLE, FIELD_TEXT, offsetof(struct item, name), NULL },
        { "price", FIELD_IF_READABLE, FIELD_CENTS, offsetof(struct item, price), NULL },
        { "displayPrice", FIELD_IF_READABLE, FIELD_CENTS, offsetof(struct item, display_price),
          NULL },
        { "currentPrice", FIELD_IF_READABLE, FIELD_CENTS, offsetof(struct item, current_price),
          NULL },
    };
    bool is_good = true;
    if (json_peek(json) == JSON_NULL)
        return json_null(json);
    if (!json_enter_array(json))
        return false;
    while (json_next(json)) {
        struct engine_fault fault;
        struct item item = { .price = TEE_TIME_PRICE_UNKNOWN,
                             .display_price = TEE_TIME_PRICE_UNKNOWN,
                             .current_price = TEE_TIME_PRICE_UNKNOWN };
        if (engine_read_object(json, fields, TS_COUNT_OF(fields), &item, &fault))
            take_item(into, &item);
        else
            is_good = false;
    }
    return is_good;
}
