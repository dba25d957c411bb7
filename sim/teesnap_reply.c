/* teesnap_reply.c: Teesnap's page of a club, and a day of a course with its bookings, in the
 * shape of the facts page. */
#include "teesnap.h"

static const char *round_type(uint8_t holes)
{
    return holes == 9 ? "NINE_HOLE" : "EIGHTEEN_HOLE";
}

/* --- the page --- */

static void put_page_course(struct writer *w, const struct sim_course *course)
{
    const struct sim_club *club = course->club;
    char storage[768];
    struct buf text = buf_over(storage, sizeof(storage));
    buf_printf(&text,
               "{\"id\":%lld,\"key\":\"%s\",\"name\":\"%s %s\",\"enabled\":true,"
               "\"customer_enabled\":true,\"deleted_at\":null,\"holes\":\"%s\",",
               (long long)course->id, course->uuid, club->name, course->name,
               course->holes[0] == 9 ? "nine" : "both_default_eighteen");
    buf_printf(&text,
               "\"min_players\":1,\"max_players\":%d,\"advance\":%u,"
               "\"start_availability_time\":\"%02u:%02u\",\"section_options\":\"%s\",",
               SIM_PARTY_MAX, club->window_days, club->opens_minute / 60u,
               club->opens_minute % 60u, course->double_tee ? "both" : "front_only");
    buf_printf(&text,
               "\"property\":{\"id\":%lld},\"infos\":[{\"id\":%u,\"name\":\"Welcome\"}]}",
               (long long)club->id, TEESNAP_FIRST_INFO_ID + (unsigned)club->index);
    put_text(w, storage);
}

void teesnap_put_page(const struct sim_club *club, struct writer *w)
{
    char storage[256];
    struct buf text = buf_over(storage, sizeof(storage));
    PUT(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>");
    put_text(w, club->name);
    PUT(w, "</title></head>\n<body><div id=\"app\"></div>\n<script>\n");
    buf_printf(&text, "window.property = {\"id\":%lld,\"name\":\"%s\",\"time_zone\":\"%s\"};\n",
               (long long)club->id, club->name, club->place->zone);
    put_text(w, storage);
    PUT(w, "window.courses = [");
    for (uint32_t i = 0; i < club->courses_count; i++) {
        if (i > 0)
            PUT(w, ",");
        put_page_course(w, &club->courses[i]);
    }
    PUT(w, "];\n</script></body></html>\n");
}

/* --- bookings --- */

/* The parties of a start: the golfers of each of up to two bookings. */
static uint32_t parties_of(const struct sim_slot *slot, unsigned ret_golfers[2])
{
    if (slot->booked == 0)
        return 0;
    ret_golfers[0] = slot->booked;
    if (slot->booked < 2 || !random_percent(slot->hash, TEESNAP_CHANCE_PARTS, 40))
        return 1;
    ret_golfers[0] = 1;
    ret_golfers[1] = slot->booked - 1u;
    return 2;
}

static uint64_t booking_id(const struct sim_slot *slot, uint32_t party)
{
    return (uint64_t)slot->id * 2 + party;
}

static uint64_t golfer_id(const struct sim_slot *slot, uint32_t party, unsigned golfer)
{
    return booking_id(slot, party) * 4 + golfer;
}

static const char *section_name(const struct sim_slot *slot)
{
    return slot->hole == 10 ? "BACK_NINE" : "FRONT_NINE";
}

static void put_booking(struct writer *w, const struct sim_slot *slot, uint32_t party,
                        unsigned golfers)
{
    put_separator(w);
    PUT(w, "{\"bookingId\":");
    put_u64(w, booking_id(slot, party));
    PUT(w, ",\"golfers\":[");
    for (unsigned i = 0; i < golfers; i++) {
        if (i > 0)
            PUT(w, ",");
        put_u64(w, golfer_id(slot, party, i));
    }
    PUT(w, "],\"teeOffSection\":");
    put_string(w, section_name(slot));
    PUT(w, ",\"roundType\":");
    put_string(w, round_type(slot->hash & 1 ? 9 : 18));
    PUT(w, ",\"channel\":\"ONLINE\"}");
}

static void put_golfers(struct writer *w, const struct sim_slot *slot, uint32_t party,
                        unsigned golfers)
{
    for (unsigned i = 0; i < golfers; i++) {
        put_separator(w);
        PUT(w, "{\"id\":");
        put_u64(w, golfer_id(slot, party, i));
        PUT(w, ",\"roundType\":");
        put_string(w, round_type(slot->hash & 1 ? 9 : 18));
        PUT(w, ",\"checkedIn\":false}");
    }
}

/* One of the two lists over all bookings of the day. */
static void put_list(struct writer *w, const struct sim_sheet *sheet,
                     void (*put)(struct writer *w, const struct sim_slot *slot, uint32_t party,
                                 unsigned golfers))
{
    put_open(w, '[');
    for (uint32_t i = 0; i < sheet->count; i++) {
        unsigned golfers[2];
        uint32_t parties = parties_of(&sheet->slots[i], golfers);
        for (uint32_t p = 0; p < parties; p++)
            put(w, &sheet->slots[i], p, golfers[p]);
    }
    put_close(w, ']');
}

/* --- tee times --- */

static void put_decimal(struct writer *w, int32_t cents)
{
    PUT(w, "\"");
    put_u64(w, (uint64_t)(cents / 100));
    PUT(w, ".");
    put_2_digits(w, (unsigned)(cents % 100));
    PUT(w, "\"");
}

static void put_price(struct writer *w, uint8_t holes, int32_t rack_cents, int32_t cents,
                      int32_t cart_cents)
{
    put_separator(w);
    PUT(w, "{\"roundType\":");
    put_string(w, round_type(holes));
    PUT(w, ",\"rackRatePrice\":");
    put_decimal(w, rack_cents);
    PUT(w, ",\"price\":");
    put_decimal(w, cents);
    if (cart_cents > 0) {
        PUT(w, ",\"priceWithAddOn\":");
        put_decimal(w, cents + cart_cents);
    }
    PUT(w, ",\"taxInclusive\":false");
}

static void put_prices(struct writer *w, const struct sim_sheet *sheet,
                       const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    int32_t cart = teesnap_cart_cents(course->club);
    PUT(w, ",\"prices\":");
    put_open(w, '[');
    for (uint32_t h = 0; h < course->holes_count; h++) {
        uint8_t holes = course->holes[h];
        if (!teesnap_sells(slot, holes))
            continue;
        int32_t rack = sheet_green_fee(sheet, slot, holes);
        if (random_percent(slot->hash, TEESNAP_CHANCE_SENIOR, 20)) {
            put_price(w, holes, rack * 3 / 5, rack * 3 / 5, cart);
            PUT(w, ",\"rackRateName\":\"Senior\"}");
        }
        put_price(w, holes, rack, teesnap_cents(sheet, slot, holes), cart);
        if (random_percent(course->club->hash, TEESNAP_CHANCE_NAMED, 50)) {
            PUT(w, ",\"rackRateName\":");
            put_string(w, course->club->rate_name);
        }
        PUT(w, "}");
    }
    put_close(w, ']');
}

static void put_time(struct writer *w, int32_t date, unsigned minute)
{
    char storage[32];
    struct buf text = buf_over(storage, sizeof(storage));
    day_format(date, &text);
    buf_printf(&text, "T%02u:%02u:00", minute / 60, minute % 60);
    put_string(w, storage);
}

static void put_section(struct writer *w, const struct sim_sheet *sheet,
                        const struct sim_slot *slot)
{
    unsigned golfers[2];
    uint32_t parties = parties_of(slot, golfers);
    put_separator(w);
    PUT(w, "{\"teeOff\":");
    put_string(w, section_name(slot));
    if (parties > 0 || !random_percent(slot->hash, TEESNAP_CHANCE_NO_LIST, 30)) {
        PUT(w, ",\"bookings\":[");
        for (uint32_t p = 0; p < parties; p++) {
            if (p > 0)
                PUT(w, ",");
            put_u64(w, booking_id(slot, p));
        }
        PUT(w, "]");
    }
    PUT(w, ",\"isHeld\":");
    put_bool(w, slot->frozen);
    if (random_percent(slot->hash, TEESNAP_CHANCE_TURN, 30)) {
        PUT(w, ",\"turnTo\":{\"time\":");
        put_time(w, sheet->date, slot->minute + 130u);
        PUT(w, "}");
    }
    PUT(w, "}");
}

/* The slots of one minute, one per section. Returns how many they were. */
static uint32_t put_tee_time(struct writer *w, const struct sim_sheet *sheet, uint32_t index)
{
    const struct sim_slot *first = &sheet->slots[index];
    uint32_t count = 0;
    put_separator(w);
    PUT(w, "{\"teeTime\":");
    put_time(w, sheet->date, first->minute);
    put_prices(w, sheet, first);
    PUT(w, ",\"teeOffSections\":");
    put_open(w, '[');
    for (; index + count < sheet->count; count++) {
        const struct sim_slot *slot = &sheet->slots[index + count];
        if (slot->minute != first->minute)
            break;
        put_section(w, sheet, slot);
    }
    put_close(w, ']');
    PUT(w, ",\"rackRateName\":");
    put_string(w, sheet->course->club->rate_name);
    PUT(w, ",\"squeezeTime\":");
    put_bool(w, random_percent(first->hash, TEESNAP_CHANCE_SQUEEZE, 3));
    PUT(w, ",\"shotgun\":");
    put_bool(w, teesnap_is_shotgun(first));
    PUT(w, ",\"teeSheetPriceOverrideId\":null}");
    return count;
}

void teesnap_put_day(const struct sim_sheet *sheet, struct writer *w)
{
    PUT(w, "{\"teeTimes\":{\"bookings\":");
    put_list(w, sheet, put_booking);
    PUT(w, ",\"golfers\":");
    put_list(w, sheet, put_golfers);
    PUT(w, ",\"teeSheetPriceOverrides\":[],\"teeTimes\":");
    put_open(w, '[');
    for (uint32_t i = 0; i < sheet->count;) {
        if (sheet->slots[i].blocked)
            i++;
        else
            i += put_tee_time(w, sheet, i);
    }
    put_close(w, ']');
    PUT(w, "}}");
}
