/* teesnap_row.c: the rows of Teesnap's replies, read strictly, and what a round costs. */
#include "base/day.h"
#include "engine/teesnap.h"

static bool read_list(struct json *json, struct str *ret_raw)
{
    return json_peek(json) == JSON_ARRAY && json_raw(json, ret_raw);
}

static bool read_bookings(struct json *json, void *into)
{
    return read_list(json, &((struct teesnap_sheet *)into)->bookings);
}

static bool read_tees(struct json *json, void *into)
{
    return read_list(json, &((struct teesnap_sheet *)into)->tees);
}

static bool read_prices(struct json *json, void *into)
{
    return read_list(json, &((struct teesnap_tee *)into)->prices);
}

static bool read_sections(struct json *json, void *into)
{
    return read_list(json, &((struct teesnap_tee *)into)->sections);
}

static bool read_section_bookings(struct json *json, void *into)
{
    return read_list(json, &((struct teesnap_section *)into)->bookings);
}

static bool read_sheet_object(struct json *json, void *into)
{
    static const struct engine_field fields[] = {
        { "bookings", FIELD_REQUIRED, FIELD_OTHER, 0, read_bookings },
        { "teeTimes", FIELD_REQUIRED, FIELD_OTHER, 0, read_tees },
    };
    struct engine_fault fault;
    return engine_read_object(json, fields, TS_COUNT_OF(fields), into, &fault);
}

static bool read_golfers(struct json *json, void *into)
{
    struct teesnap_booking *booking = into;
    if (!json_enter_array(json))
        return false;
    for (booking->golfers = 0; json_next(json);)
        if (booking->golfers < UINT8_MAX)
            booking->golfers++;
    return true;
}

/* "2026-12-05T09:30:00", the course's wall clock; with a zone it would be something else. */
static bool read_start(struct json *json, void *into)
{
    struct teesnap_tee *tee = into;
    struct str raw, date, clock;
    if (!json_string_raw(json, &raw) || raw.len != 19 || raw.ptr[10] != 'T' ||
        raw.ptr[16] != ':')
        return false;
    date = (struct str){ raw.ptr, 10 };
    clock = (struct str){ raw.ptr + 11, 5 };
    return day_parse(date, &tee->date) && str_to_minute(clock, &tee->minute);
}

static bool read_round(struct json *json, void *into)
{
    struct str raw;
    if (!json_string_raw(json, &raw))
        return false;
    bool is_nine = str_equal(raw, STR("NINE_HOLE"));
    ((struct teesnap_price *)into)->holes = is_nine ? 9 : 18;
    return is_nine || str_equal(raw, STR("EIGHTEEN_HOLE"));
}

static bool read_tee_off(struct json *json, void *into)
{
    struct str raw;
    if (!json_string_raw(json, &raw))
        return false;
    bool is_back = str_equal(raw, STR("BACK_NINE"));
    ((struct teesnap_section *)into)->start_hole = is_back ? 10 : 1;
    return is_back || str_equal(raw, STR("FRONT_NINE"));
}

/* "52.50"; nothing is offered for "0.00". */
static bool read_cents(struct json *json, int32_t *ret_cents)
{
    struct str text;
    int32_t cents;
    bool is_text = json_peek(json) == JSON_STRING;
    if (!(is_text ? json_string_raw(json, &text) : json_number(json, &text)) ||
        !str_to_cents(text, &cents))
        return false;
    *ret_cents = cents > 0 ? cents : TEE_TIME_PRICE_UNKNOWN;
    return true;
}

static bool read_walking(struct json *json, void *into)
{
    return read_cents(json, &((struct teesnap_price *)into)->walking);
}

static bool read_cart(struct json *json, void *into)
{
    return read_cents(json, &((struct teesnap_price *)into)->cart);
}

static const struct engine_field booking_fields[] = {
    { "bookingId", FIELD_REQUIRED, FIELD_I64, offsetof(struct teesnap_booking, id), NULL },
    { "golfers", FIELD_REQUIRED, FIELD_OTHER, 0, read_golfers },
};

static const struct engine_field tee_fields[] = {
    { "teeTime", FIELD_REQUIRED, FIELD_OTHER, 0, read_start },
    { "prices", FIELD_REQUIRED, FIELD_OTHER, 0, read_prices },
    { "teeOffSections", FIELD_REQUIRED, FIELD_OTHER, 0, read_sections },
    { "shotgun", FIELD_MAY_LACK, FIELD_BOOL, offsetof(struct teesnap_tee, is_shotgun), NULL },
    { "rackRateName", FIELD_IF_READABLE, FIELD_TEXT, offsetof(struct teesnap_tee, rate), NULL },
};

static const struct engine_field price_fields[] = {
    { "roundType", FIELD_REQUIRED, FIELD_OTHER, 0, read_round },
    { "price", FIELD_IF_READABLE, FIELD_OTHER, 0, read_walking },
    { "priceWithAddOn", FIELD_IF_READABLE, FIELD_OTHER, 0, read_cart },
    { "taxInclusive", FIELD_MAY_LACK, FIELD_BOOL, offsetof(struct teesnap_price, is_with_tax),
      NULL },
    { "rackRateName", FIELD_IF_READABLE, FIELD_TEXT, offsetof(struct teesnap_price, rate),
      NULL },
};

static const struct engine_field section_fields[] = {
    { "teeOff", FIELD_REQUIRED, FIELD_OTHER, 0, read_tee_off },
    { "isHeld", FIELD_REQUIRED, FIELD_BOOL, offsetof(struct teesnap_section, is_held), NULL },
    { "bookings", FIELD_MAY_LACK, FIELD_OTHER, 0, read_section_bookings },
};

bool teesnap_read_booking(struct json *json, struct teesnap_booking *ret_booking,
                          struct engine_fault *ret_fault)
{
    *ret_booking = (struct teesnap_booking){ 0 };
    return engine_read_object(json, booking_fields, TS_COUNT_OF(booking_fields), ret_booking,
                              ret_fault);
}

bool teesnap_read_tee(struct json *json, struct teesnap_tee *ret_tee,
                      struct engine_fault *ret_fault)
{
    *ret_tee = (struct teesnap_tee){ 0 };
    return engine_read_object(json, tee_fields, TS_COUNT_OF(tee_fields), ret_tee, ret_fault);
}

bool teesnap_read_section(struct json *json, struct teesnap_section *ret_section,
                          struct engine_fault *ret_fault)
{
    *ret_section = (struct teesnap_section){ 0 };
    return engine_read_object(json, section_fields, TS_COUNT_OF(section_fields), ret_section,
                              ret_fault);
}

bool teesnap_read_price(struct json *json, struct teesnap_price *ret_price,
                        struct engine_fault *ret_fault)
{
    *ret_price = (struct teesnap_price){ .walking = TEE_TIME_PRICE_UNKNOWN,
                                         .cart = TEE_TIME_PRICE_UNKNOWN };
    return engine_read_object(json, price_fields, TS_COUNT_OF(price_fields), ret_price,
                              ret_fault);
}

bool teesnap_read_sheet(struct str body, struct teesnap_sheet *ret_sheet)
{
    static const struct engine_field fields[] = {
        { "teeTimes", FIELD_REQUIRED, FIELD_OTHER, 0, read_sheet_object },
    };
    struct json json = json_over(body);
    struct engine_fault fault;
    *ret_sheet = (struct teesnap_sheet){ .bookings = { NULL, 0 } };
    return engine_read_object(&json, fields, TS_COUNT_OF(fields), ret_sheet, &fault);
}

/* Prices are stored before tax: one that includes it is not known. */
void teesnap_set_price(struct tee_time *tee_time, const struct teesnap_price *price)
{
    bool is_walking = price->walking >= 0;
    tee_time->price_cents = tee_time->cart_fee_cents = TEE_TIME_PRICE_UNKNOWN;
    if (price->is_with_tax || (!is_walking && price->cart < 0))
        return;
    tee_time->price_cents = is_walking ? price->walking : price->cart;
    tee_time->price_basis = is_walking ? PRICE_BASIS_WALKING : PRICE_BASIS_CART;
    if (is_walking && price->cart >= price->walking)
        tee_time->cart_fee_cents = price->cart - price->walking;
}
