/* chronogolf_row.c: the rows of Chronogolf's replies, read strictly, and what they offer. */
#include "engine/chronogolf.h"

#define PRICE_FIELD(name)                                                                      \
    {                                                                                          \
#name, FIELD_IF_READABLE, FIELD_CENTS, offsetof(struct chronogolf_price, name), NULL   \
    }

static bool read_price_object(struct json *json, struct chronogolf_price *price)
{
    static const struct engine_field fields[] = {
        PRICE_FIELD(green_fee),
        PRICE_FIELD(half_cart),
        PRICE_FIELD(subtotal),
        { "bookable_holes", FIELD_IF_READABLE, FIELD_SMALL,
          offsetof(struct chronogolf_price, holes), NULL },
        { "affiliation_type", FIELD_IF_READABLE, FIELD_TEXT,
          offsetof(struct chronogolf_price, rate), NULL },
    };
    struct engine_fault fault;
    return engine_read_object(json, fields, TS_COUNT_OF(fields), price, &fault);
}

static bool read_restrictions(struct json *json, void *into)
{
    struct chronogolf_row *row = into;
    if (!json_enter_array(json))
        return false;
    row->restricted = false;
    while (json_next(json))
        row->restricted = true;
    return true;
}

/* One element per player, all alike: the first one counts. */
static bool read_green_fees(struct json *json, void *into)
{
    struct chronogolf_row *row = into;
    if (!json_enter_array(json))
        return false;
    for (bool is_first = true; json_next(json); is_first = false)
        if (is_first)
            (void)read_price_object(json, &row->price);
    return true;
}

static const struct engine_field v1_fields[] = {
    { "id", FIELD_REQUIRED, FIELD_I64, offsetof(struct chronogolf_row, id), NULL },
    { "start_time", FIELD_REQUIRED, FIELD_MINUTE, offsetof(struct chronogolf_row, minute),
      NULL },
    { "date", FIELD_REQUIRED, FIELD_DATE, offsetof(struct chronogolf_row, date), NULL },
    { "hole", FIELD_IF_READABLE, FIELD_SMALL, offsetof(struct chronogolf_row, hole), NULL },
    { "restrictions", FIELD_REQUIRED, FIELD_OTHER, 0, read_restrictions },
    { "out_of_capacity", FIELD_REQUIRED, FIELD_BOOL,
      offsetof(struct chronogolf_row, out_of_capacity), NULL },
    { "frozen", FIELD_MAY_LACK, FIELD_BOOL, offsetof(struct chronogolf_row, frozen), NULL },
    { "green_fees", FIELD_IF_READABLE, FIELD_OTHER, 0, read_green_fees },
};

static bool read_bookable_holes(struct json *json, void *into)
{
    struct chronogolf_row *row = into;
    int64_t holes;
    if (!json_enter_array(json))
        return false;
    while (json_next(json))
        if (json_i64(json, &holes) && holes >= 1 && holes <= UINT8_MAX &&
            row->holes_count < CHRONOGOLF_HOLE_KINDS_MAX)
            row->holes[row->holes_count++] = (uint8_t)holes;
    return true;
}

static bool read_course(struct json *json, void *into)
{
    static const struct engine_field fields[] = {
        { "uuid", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct chronogolf_row, uuid), NULL },
        { "name", FIELD_IF_READABLE, FIELD_TEXT, offsetof(struct chronogolf_row, course_name),
          NULL },
        { "bookable_holes", FIELD_IF_READABLE, FIELD_OTHER, 0, read_bookable_holes },
    };
    struct engine_fault fault;
    return engine_read_object(json, fields, TS_COUNT_OF(fields), into, &fault);
}

static bool read_price(struct json *json, void *into)
{
    struct chronogolf_row *row = into;
    return read_price_object(json, &row->price);
}

static const struct engine_field v2_fields[] = {
    { "id", FIELD_REQUIRED, FIELD_I64, offsetof(struct chronogolf_row, id), NULL },
    { "course", FIELD_REQUIRED, FIELD_OTHER, 0, read_course },
    { "hole", FIELD_IF_READABLE, FIELD_SMALL, offsetof(struct chronogolf_row, hole), NULL },
    { "min_player_size", FIELD_REQUIRED, FIELD_SMALL,
      offsetof(struct chronogolf_row, players_min), NULL },
    { "max_player_size", FIELD_REQUIRED, FIELD_SMALL,
      offsetof(struct chronogolf_row, players_max), NULL },
    { "start_time", FIELD_REQUIRED, FIELD_MINUTE, offsetof(struct chronogolf_row, minute),
      NULL },
    { "date", FIELD_REQUIRED, FIELD_DATE, offsetof(struct chronogolf_row, date), NULL },
    { "default_price", FIELD_IF_READABLE, FIELD_OTHER, 0, read_price },
    { "frozen", FIELD_MAY_LACK, FIELD_BOOL, offsetof(struct chronogolf_row, frozen), NULL },
};

static bool read_row(struct json *json, const struct engine_field *fields, uint32_t count,
                     int32_t date, struct chronogolf_row *row, struct engine_fault *ret_fault)
{
    const struct chronogolf_price no_price = { .green_fee = TEE_TIME_PRICE_UNKNOWN,
                                               .half_cart = TEE_TIME_PRICE_UNKNOWN,
                                               .subtotal = TEE_TIME_PRICE_UNKNOWN };
    size_t start = json_offset(json);
    *row = (struct chronogolf_row){ .price = no_price };
    if (!engine_read_object(json, fields, count, row, ret_fault))
        return false;
    *ret_fault = (struct engine_fault){ row->date == date ? NULL : "date", start };
    return !ret_fault->field;
}

bool chronogolf_v1_read_row(struct json *json, int32_t date, struct chronogolf_row *ret_row,
                            struct engine_fault *ret_fault)
{
    return read_row(json, v1_fields, TS_COUNT_OF(v1_fields), date, ret_row, ret_fault);
}

bool chronogolf_v2_read_row(struct json *json, int32_t date, struct chronogolf_row *ret_row,
                            struct engine_fault *ret_fault)
{
    if (!read_row(json, v2_fields, TS_COUNT_OF(v2_fields), date, ret_row, ret_fault))
        return false;
    if (ret_row->holes_count == 0)
        ret_row->holes[ret_row->holes_count++] = ret_row->price.holes;
    if (ret_row->players_max > 0 && ret_row->players_min > ret_row->players_max)
        ret_fault->field = "max_player_size";
    return !ret_fault->field;
}

void chronogolf_set_price(struct tee_time *tee_time, const struct chronogolf_price *price)
{
    tee_time->price_cents = price->green_fee;
    tee_time->cart_fee_cents = price->half_cart;
    tee_time->price_basis = PRICE_BASIS_UNKNOWN;
    if (price->green_fee < 0 || price->subtotal < 0)
        return;
    if (price->subtotal == price->green_fee)
        tee_time->price_basis = PRICE_BASIS_WALKING;
    else if (price->half_cart > 0 && price->subtotal == price->green_fee + price->half_cart)
        tee_time->price_basis = PRICE_BASIS_CART;
}

/* The price is for one of the hole counts. */
bool chronogolf_v2_add(struct engine_task *task, uint32_t course,
                       const struct chronogolf_row *row)
{
    char ref_storage[24], template_storage[400];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf template = buf_over(template_storage, sizeof(template_storage));
    struct str uuids = course_attribute(task->courses[course], CHRONOGOLF_COURSE_UUIDS);
    buf_put_i64(&ref, row->id);
    uint8_t party_sizes = tee_time_party_range(row->players_min, row->players_max);
    chronogolf_v2_link(task, course, &template);
    for (uint8_t i = 0; party_sizes && i < row->holes_count; i++) {
        struct tee_time tee_time = {
            .start_minute = row->minute,
            .holes = row->holes[i],
            .start_hole = row->hole,
            .party_sizes = party_sizes,
            .price_cents = TEE_TIME_PRICE_UNKNOWN,
            .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
            .routing = engine_list_count(uuids) > 1 ? row->course_name : "",
            .rate_name = row->price.rate,
            .engine_ref = ref.ptr,
            .url_template = template.ptr,
        };
        bool is_public = !tee_time_rate_is_reduced(str_of(row->price.rate));
        if (is_public && row->holes[i] == row->price.holes)
            chronogolf_set_price(&tee_time, &row->price);
        if (!engine_add_tee_time(task, course, &tee_time))
            return false;
    }
    return true;
}
