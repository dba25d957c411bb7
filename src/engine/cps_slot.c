/* cps_slot.c: a slot of CPS Golf's list, and the tee times that it offers. */
#include "engine/cps_slot.h"

#include "base/day.h"

#define PLAYERS_UNKNOWN UINT8_MAX

/* The free seats' positions: [3,4] are two seats. */
static bool read_seats(struct json *json, void *into)
{
    struct cps_slot *slot = into;
    bool is_good = true;
    int64_t seat;
    if (!json_enter_array(json))
        return false;
    slot->has_seats = true;
    while (json_next(json)) {
        if (json_i64(json, &seat) && seat >= 1 && seat <= TEE_TIME_PARTY_MAX)
            slot->seats |= tee_time_party((unsigned)seat);
        else
            is_good = false;
    }
    return is_good;
}

/* "2026-12-05T06:40:00", course-local, cut at the minute. */
static bool read_start(struct json *json, void *into)
{
    struct cps_slot *slot = into;
    struct str raw;
    if (!json_string_raw(json, &raw) || raw.len != 19 || raw.ptr[10] != 'T' ||
        raw.ptr[16] != ':')
        return false;
    return day_parse((struct str){ raw.ptr, 10 }, &slot->date) &&
           str_to_minute((struct str){ raw.ptr + 11, 5 }, &slot->minute);
}

#define SLOT_FIELD(name, need, type, member)                                                   \
    {                                                                                          \
        name, need, type, offsetof(struct cps_slot, member), NULL                              \
    }

static const struct engine_field slot_fields[] = {
    { "startTime", FIELD_REQUIRED, FIELD_OTHER, 0, read_start },
    { "shItemPrices", FIELD_MAY_LACK, FIELD_OTHER, 0, cps_read_items },
    { "availableParticipantNo", FIELD_MAY_LACK, FIELD_OTHER, 0, read_seats },
    SLOT_FIELD("courseId", FIELD_REQUIRED, FIELD_I64, course_id),
    SLOT_FIELD("teeSheetId", FIELD_IF_READABLE, FIELD_I64, tee_sheet_id),
    SLOT_FIELD("startingTee", FIELD_MAY_LACK, FIELD_SMALL, starting_tee),
    SLOT_FIELD("holes", FIELD_MAY_LACK, FIELD_SMALL, holes),
    SLOT_FIELD("defaultHoles", FIELD_MAY_LACK, FIELD_SMALL, default_holes),
    SLOT_FIELD("holesDisplay", FIELD_MAY_LACK, FIELD_TEXT, holes_display),
    SLOT_FIELD("minPlayer", FIELD_MAY_LACK, FIELD_SMALL, players_min),
    SLOT_FIELD("maxPlayer", FIELD_MAY_LACK, FIELD_SMALL, players_max),
    SLOT_FIELD("is9HoleOnly", FIELD_MAY_LACK, FIELD_BOOL, is_9_only),
    SLOT_FIELD("is18HoleOnly", FIELD_MAY_LACK, FIELD_BOOL, is_18_only),
    SLOT_FIELD("isDisabled9Hole", FIELD_MAY_LACK, FIELD_BOOL, is_9_disabled),
    SLOT_FIELD("isDisabled18Hole", FIELD_MAY_LACK, FIELD_BOOL, is_18_disabled),
    SLOT_FIELD("isNotAllowSingleBooking", FIELD_MAY_LACK, FIELD_BOOL, is_single_barred),
    SLOT_FIELD("courseName", FIELD_IF_READABLE, FIELD_TEXT, course_name),
};

bool cps_read_slot(struct json *json, int32_t date, struct cps_slot *ret_slot,
                   struct engine_fault *ret_fault)
{
    static const struct cps_rate no_rate = { .price_cents = TEE_TIME_PRICE_UNKNOWN,
                                             .cart_cents = TEE_TIME_PRICE_UNKNOWN };
    size_t start = json_offset(json);
    *ret_slot = (struct cps_slot){ .players_min = 1,
                                   .players_max = PLAYERS_UNKNOWN,
                                   .rates = { no_rate, no_rate } };
    if (!engine_read_object(json, slot_fields, TS_COUNT_OF(slot_fields), ret_slot, ret_fault))
        return false;
    *ret_fault = (struct engine_fault){ NULL, start };
    if (ret_slot->date != date)
        ret_fault->field = "startTime";
    else if (ret_slot->players_max == PLAYERS_UNKNOWN && !ret_slot->has_seats)
        ret_fault->field = "maxPlayer";
    return !ret_fault->field;
}

static uint8_t party_of(const struct cps_slot *slot)
{
    unsigned min = slot->is_single_barred && slot->players_min < 2 ? 2 : slot->players_min;
    unsigned max = slot->players_max, seats = 0;
    for (unsigned seat = 1; seat <= TEE_TIME_PARTY_MAX; seat++)
        seats += (slot->seats & tee_time_party(seat)) != 0;
    if (slot->has_seats && seats < max)
        max = seats;
    return tee_time_party_range(min > 0 ? min : 1, max);
}

/* The hole counts sold: by the prices, else the text, else what the sheet says. */
static uint32_t holes_sold(const struct cps_slot *slot, uint8_t *holes)
{
    struct str display = str_of(slot->holes_display);
    bool nine = slot->rates[CPS_NINE].is_sold, eighteen = slot->rates[CPS_EIGHTEEN].is_sold;
    uint32_t count = 0;
    if (!nine && !eighteen) {
        nine = str_contains_nocase(display, STR("9"));
        eighteen = str_contains_nocase(display, STR("18"));
    }
    if (!nine && !eighteen) {
        nine = slot->is_9_only;
        eighteen = slot->is_18_only;
    }
    if (!nine && !eighteen)
        holes[count++] = slot->default_holes > 0 ? slot->default_holes : slot->holes;
    if (nine)
        holes[count++] = 9;
    if (eighteen)
        holes[count++] = 18;
    return count;
}

/* `date` links to the day's page; it has no link to one slot. */
static void put_link(const struct engine_task *task, uint32_t row, struct buf *out)
{
    buf_puts(out, "https://");
    task->engine->host_of(task->courses[row], out);
    buf_puts(out, "/onlineresweb/search-teetime?Date=");
    day_format(task->play_date, out);
}

/* What is known of the tee time for this hole count. */
static void set_rate(struct tee_time *tee_time, const struct cps_slot *slot)
{
    const struct cps_rate *rate = &slot->rates[tee_time->holes == 9 ? CPS_NINE : CPS_EIGHTEEN];
    if (tee_time->holes != 9 && tee_time->holes != 18)
        return;
    tee_time->rate_name = rate->name;
    tee_time->price_cents = rate->price_cents;
    if (rate->price_cents != TEE_TIME_PRICE_UNKNOWN)
        tee_time->price_basis = rate->basis;
    if (rate->basis != PRICE_BASIS_CART)
        tee_time->cart_fee_cents = rate->cart_cents;
}

bool cps_add_slot(struct engine_task *task, uint32_t row, const struct cps_slot *slot)
{
    char ref_storage[24], link_storage[160];
    uint8_t holes[CPS_HOLE_COUNTS];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf link = buf_over(link_storage, sizeof(link_storage));
    struct str ids = course_attribute(task->courses[row], CPS_COURSE_IDS);
    uint32_t count = holes_sold(slot, holes);
    struct tee_time tee_time = {
        .start_minute = slot->minute,
        .start_hole = slot->starting_tee,
        .party_sizes = party_of(slot),
        .routing = engine_list_count(ids) == 1 ? "" : slot->course_name,
        .rate_name = "",
        .price_cents = TEE_TIME_PRICE_UNKNOWN,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .engine_ref = ref.ptr,
        .url_template = link.ptr,
    };
    if (tee_time.party_sizes == 0)
        return true;
    if (slot->tee_sheet_id > 0)
        buf_put_i64(&ref, slot->tee_sheet_id);
    put_link(task, row, &link);
    for (uint32_t i = 0; i < count; i++) {
        bool is_disabled = holes[i] == 9    ? slot->is_9_disabled
                           : holes[i] == 18 ? slot->is_18_disabled
                                            : false;
        struct tee_time sold = tee_time;
        sold.holes = holes[i];
        set_rate(&sold, slot);
        if (!is_disabled && !engine_add_tee_time(task, row, &sold))
            return false;
    }
    return true;
}
