/* foreup_row.c: a row of ForeUp's replies, and what it sells for which hole count. */
#include "engine/foreup.h"

#define NOT_GIVEN (-1)

/* 18, "18", "9/18", "9,18". */
static bool read_holes(struct json *json, void *into)
{
    struct foreup_row *row = into;
    struct str rest, part;
    bool is_text = json_peek(json) == JSON_STRING;
    if (!(is_text ? json_string_raw(json, &rest) : json_number(json, &rest)))
        return false;
    char separator = rest.len > 0 && memchr(rest.ptr, '/', rest.len) ? '/' : ',';
    while (str_split(&rest, separator, &part)) {
        row->nine.is_named = row->nine.is_named || str_equal(str_trim(part), STR("9"));
        row->eighteen.is_named = row->eighteen.is_named || str_equal(str_trim(part), STR("18"));
    }
    return true;
}

static const struct engine_field fields[] = {
    ENGINE_FIELD("schedule_id", REQUIRED, LOOSE_COUNT, foreup_row, schedule_id),
    ENGINE_FIELD("time", REQUIRED, WHEN, foreup_row, when),
    ENGINE_FIELD("teesheet_side_name", MAY_LACK, LOOSE_TEXT, foreup_row, side),
    ENGINE_FIELD("rate_type", IF_READABLE, LOOSE_TEXT, foreup_row, rate_type),
    ENGINE_FIELD_READ("holes", IF_READABLE, read_holes),
    ENGINE_FIELD("minimum_players", MAY_LACK, LOOSE_COUNT, foreup_row, players_min),
    ENGINE_FIELD("maximum_players_per_booking", MAY_LACK, LOOSE_COUNT, foreup_row, players_max),
    ENGINE_FIELD("allowed_group_sizes", MAY_LACK, PARTY, foreup_row, group_sizes),
    ENGINE_FIELD("available_spots", MAY_LACK, LOOSE_COUNT, foreup_row, any.spots),
    ENGINE_FIELD("available_spots_9", MAY_LACK, LOOSE_COUNT, foreup_row, nine.spots),
    ENGINE_FIELD("available_spots_18", MAY_LACK, LOOSE_COUNT, foreup_row, eighteen.spots),
    ENGINE_FIELD("green_fee", MAY_LACK, LOOSE_CENTS, foreup_row, any.green_fee),
    ENGINE_FIELD("green_fee_9", MAY_LACK, LOOSE_CENTS, foreup_row, nine.green_fee),
    ENGINE_FIELD("green_fee_18", MAY_LACK, LOOSE_CENTS, foreup_row, eighteen.green_fee),
    ENGINE_FIELD("cart_fee", MAY_LACK, LOOSE_CENTS, foreup_row, any.cart_fee),
    ENGINE_FIELD("cart_fee_9", MAY_LACK, LOOSE_CENTS, foreup_row, nine.cart_fee),
    ENGINE_FIELD("cart_fee_18", MAY_LACK, LOOSE_CENTS, foreup_row, eighteen.cart_fee),
};

/* Older replies have one count of spots, for the hole counts that `holes` names. */
static bool settle_spots(const struct foreup_row *row, struct foreup_offer *offer)
{
    bool has_names = row->nine.is_named || row->eighteen.is_named;
    if (offer->spots == NOT_GIVEN && has_names)
        offer->spots = offer->is_named ? row->any.spots : 0;
    return offer->spots != NOT_GIVEN;
}

/* A fee of 0 beside a real one marks the hole count as not sold. */
static void settle_sold(struct foreup_offer *offer, const struct foreup_offer *other)
{
    if (offer->green_fee == 0 && other->green_fee > 0)
        offer->spots = 0;
}

/* What is sold alone may have its fees without a hole count. */
static void settle_fees(const struct foreup_row *row, struct foreup_offer *offer,
                        const struct foreup_offer *other)
{
    if (offer->green_fee <= 0 && other->spots == 0)
        offer->green_fee = row->any.green_fee;
    if (offer->cart_fee == NOT_GIVEN && other->spots == 0)
        offer->cart_fee = row->any.cart_fee;
}

bool foreup_read_row(struct json *json, int32_t date, struct foreup_row *row,
                     struct engine_fault *ret_fault)
{
    const struct foreup_offer none = { NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, false };
    size_t start = json_offset(json);
    *row = (struct foreup_row){ .players_min = 1, .any = none, .nine = none, .eighteen = none };
    row->group_sizes = UINT8_MAX;
    if (!engine_read_object(json, fields, TS_COUNT_OF(fields), row, ret_fault))
        return false;
    if (row->when.date != date)
        *ret_fault = (struct engine_fault){ "time", start };
    else if (!settle_spots(row, &row->nine) || !settle_spots(row, &row->eighteen))
        *ret_fault = (struct engine_fault){ "available_spots", start };
    settle_sold(&row->nine, &row->eighteen);
    settle_sold(&row->eighteen, &row->nine);
    settle_fees(row, &row->nine, &row->eighteen);
    settle_fees(row, &row->eighteen, &row->nine);
    return !ret_fault->field;
}
