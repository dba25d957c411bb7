/* teeitup_row.c: a list's blocks, slots and rates, read strictly, and what a rate costs. */
#include "base/day.h"
#include "engine/teeitup.h"

static bool read_list(struct json *json, struct str *ret_raw)
{
    return json_peek(json) == JSON_ARRAY && json_raw(json, ret_raw);
}

static bool read_slots(struct json *json, void *into)
{
    return read_list(json, &((struct teeitup_block *)into)->slots);
}

static bool read_total(struct json *json, void *into)
{
    return json_i64(json, &((struct teeitup_block *)into)->total);
}

static bool read_rates(struct json *json, void *into)
{
    return read_list(json, &((struct teeitup_slot *)into)->rates);
}

/* "2026-12-05T15:10:00.000Z": the fraction is dropped. */
static bool read_instant(struct json *json, void *into)
{
    char storage[32];
    struct buf text = buf_over(storage, sizeof(storage));
    struct str raw, whole;
    int64_t digits;
    if (!json_string_raw(json, &raw) || !str_split(&raw, '.', &whole))
        return false;
    buf_put(&text, whole);
    if (raw.len > 0) {
        struct str fraction = { raw.ptr, raw.len - 1 };
        if (raw.ptr[raw.len - 1] != 'Z' || !str_to_i64(fraction, 0, INT32_MAX, &digits))
            return false;
        buf_putc(&text, 'Z');
    }
    return instant_parse(buf_view(&text), &((struct teeitup_slot *)into)->instant);
}

static bool read_back_nine(struct json *json, void *into)
{
    bool is_back;
    if (!json_bool(json, &is_back))
        return false;
    ((struct teeitup_slot *)into)->start_hole = is_back ? 10 : 1;
    return true;
}

static bool read_id(struct json *json, void *into)
{
    return json_i64(json, &((struct teeitup_rate *)into)->id);
}

static bool read_parties(struct json *json, void *into)
{
    struct teeitup_rate *rate = into;
    int64_t size;
    bool is_readable = json_enter_array(json);
    if (!is_readable)
        return false;
    rate->has_parties = true;
    while (json_next(json)) {
        if (!json_i64(json, &size))
            is_readable = false;
        else if (size >= 1 && size <= TEE_TIME_PARTY_MAX)
            rate->parties |= tee_time_party((unsigned)size);
    }
    return is_readable;
}

#define RATE_FIELD(name, need, type, member, read)                                             \
    {                                                                                          \
        name, need, type, offsetof(struct teeitup_rate, member), read                          \
    }

static bool read_promotion(struct json *json, void *into)
{
    static const struct engine_field fields[] = {
        RATE_FIELD("greenFeeWalking", FIELD_IF_READABLE, FIELD_I64, promotion_walking, NULL),
        RATE_FIELD("greenFeeCart", FIELD_IF_READABLE, FIELD_I64, promotion_cart, NULL),
    };
    struct engine_fault fault;
    return engine_read_object(json, fields, TS_COUNT_OF(fields), into, &fault);
}

static const struct engine_field rate_fields[] = {
    RATE_FIELD("_id", FIELD_IF_READABLE, FIELD_OTHER, id, read_id),
    RATE_FIELD("name", FIELD_IF_READABLE, FIELD_TEXT, name, NULL),
    RATE_FIELD("holes", FIELD_REQUIRED, FIELD_SMALL, holes, NULL),
    RATE_FIELD("allowedPlayers", FIELD_MAY_LACK, FIELD_OTHER, parties, read_parties),
    RATE_FIELD("isSimulator", FIELD_MAY_LACK, FIELD_BOOL, is_simulator, NULL),
    RATE_FIELD("greenFeeWalking", FIELD_IF_READABLE, FIELD_I64, walking, NULL),
    RATE_FIELD("greenFeeCart", FIELD_IF_READABLE, FIELD_I64, cart, NULL),
    RATE_FIELD("promotion", FIELD_IF_READABLE, FIELD_OTHER, promotion_walking, read_promotion),
};

static const struct engine_field slot_fields[] = {
    { "teetime", FIELD_REQUIRED, FIELD_OTHER, 0, read_instant },
    { "courseId", FIELD_MAY_LACK, FIELD_TEXT, offsetof(struct teeitup_slot, hex), NULL },
    { "backNine", FIELD_IF_READABLE, FIELD_OTHER, 0, read_back_nine },
    { "minPlayers", FIELD_REQUIRED, FIELD_SMALL, offsetof(struct teeitup_slot, players_min),
      NULL },
    { "maxPlayers", FIELD_REQUIRED, FIELD_SMALL, offsetof(struct teeitup_slot, players_max),
      NULL },
    { "rates", FIELD_REQUIRED, FIELD_OTHER, 0, read_rates },
};

static const struct engine_field block_fields[] = {
    { "courseId", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct teeitup_block, hex), NULL },
    { "teetimes", FIELD_REQUIRED, FIELD_OTHER, 0, read_slots },
    { "totalAvailableTeetimes", FIELD_IF_READABLE, FIELD_OTHER, 0, read_total },
    { "message", FIELD_IF_READABLE, FIELD_TEXT, offsetof(struct teeitup_block, message), NULL },
};

static int32_t cents_of(int64_t promotion, int64_t rack)
{
    int64_t cents = promotion > 0 ? promotion : rack;
    return cents > 0 && cents <= INT32_MAX ? (int32_t)cents : TEE_TIME_PRICE_UNKNOWN;
}

/* A rate without a name may be a child's: its price says nothing. */
void teeitup_set_price(struct tee_time *tee_time, const struct teeitup_rate *rate)
{
    int32_t walking = cents_of(rate->promotion_walking, rate->walking);
    int32_t cart = cents_of(rate->promotion_cart, rate->cart);
    bool is_walking = walking != TEE_TIME_PRICE_UNKNOWN;
    tee_time->price_cents = tee_time->cart_fee_cents = TEE_TIME_PRICE_UNKNOWN;
    if (!rate->name[0] || (!is_walking && cart == TEE_TIME_PRICE_UNKNOWN))
        return;
    tee_time->price_cents = is_walking ? walking : cart;
    tee_time->price_basis = is_walking ? PRICE_BASIS_WALKING : PRICE_BASIS_CART;
    if (is_walking && cart >= walking &&
        (rate->promotion_walking > 0) == (rate->promotion_cart > 0))
        tee_time->cart_fee_cents = cart - walking;
}

bool teeitup_read_block(struct json *json, struct teeitup_block *ret_block,
                        struct engine_fault *ret_fault)
{
    size_t start = json_offset(json);
    *ret_block = (struct teeitup_block){ .total = -1 };
    if (!engine_read_object(json, block_fields, TS_COUNT_OF(block_fields), ret_block,
                            ret_fault))
        return false;
    if (strlen(ret_block->hex) == TEEITUP_HEX_LEN)
        return true;
    *ret_fault = (struct engine_fault){ "courseId", start };
    return false;
}

bool teeitup_read_slot(struct json *json, struct teeitup_slot *ret_slot,
                       struct engine_fault *ret_fault)
{
    *ret_slot = (struct teeitup_slot){ 0 };
    return engine_read_object(json, slot_fields, TS_COUNT_OF(slot_fields), ret_slot, ret_fault);
}

bool teeitup_read_rate(struct json *json, struct teeitup_rate *ret_rate,
                       struct engine_fault *ret_fault)
{
    *ret_rate = (struct teeitup_rate){ 0 };
    return engine_read_object(json, rate_fields, TS_COUNT_OF(rate_fields), ret_rate, ret_fault);
}
