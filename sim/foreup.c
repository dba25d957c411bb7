/* foreup.c: ForeUp's clubs, the request, and rows in the shape of the recordings. */
#include "foreup.h"

#define PATH STR("/index.php/api/booking/times")

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    (void)mix;
    static const uint32_t all[] = { FOREUP_BOTH, FOREUP_18, FOREUP_SIDES, FOREUP_SHARED,
                                    FOREUP_18 };
    return all[index % TS_COUNT_OF(all)];
}

static void set_course(struct sim_course *course, uint8_t holes, uint8_t other_holes,
                       uint16_t last_minute)
{
    course->holes[0] = holes;
    course->holes[1] = other_holes;
    course->holes_count = other_holes ? 2 : 1;
    if (course->last_minute > last_minute)
        course->last_minute = last_minute;
}

static void shape(struct sim_club *club)
{
    static const uint32_t counts[] = { 1, 1, 3, 2 };
    bool is_18 = club->variant == FOREUP_18;
    club->courses_count = counts[club->variant];
    club->row_per_course = club->variant == FOREUP_SHARED;
    for (uint32_t i = 0; i < club->courses_count; i++)
        set_course(&club->courses[i], 18, is_18 ? 0 : 9, /* several at once: shorter days */
                   club->courses_count > 1 ? 960 : 1200);
}

/* Numbers, or strings as in most of the real catalogue. */
static void attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    const char *quote = club->hash & 1 ? "\"" : "";
    buf_printf(out, "{\"schedule_id\": %s%lld%s, \"facility_id\": %s%lld%s", quote,
               (long long)club->courses[row->first_course].id, quote, quote,
               (long long)club->id, quote);
    if (foreup_has_class(club))
        buf_printf(out, ", \"booking_class\": %s%lld%s", quote, (long long)club->affiliation_id,
                   quote);
    buf_puts(out, "}");
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://foreupsoftware.com/index.php/booking/%lld/%lld",
               (long long)row->club->id, (long long)row->club->courses[row->first_course].id);
}

static const char *side_name(const struct sim_course *course, uint8_t hole)
{
    if (course->club->variant == FOREUP_SIDES)
        return course->name;
    if (foreup_is_unnamed(course->club))
        return " ";
    return hole == 10 ? "Back" : "Front";
}

/* --- rows --- */

/* One row and how its club writes it. */
struct row {
    const struct sim_sheet *sheet;
    const struct sim_slot *slot;
    const struct sim_course *schedule; /* a side's rows belong to the first course's sheet */
    uint8_t holes_sold;                /* bit 0: 9, bit 1: 18 */
    bool is_old;                       /* the typing of 2023: strings for numbers */
};

static void put_quoted_u64(struct writer *w, uint64_t value, bool quoted)
{
    if (quoted)
        PUT(w, "\"");
    put_u64(w, value);
    if (quoted)
        PUT(w, "\"");
}

/* Dollars: 46, 35.5, or in some rows "35.50". */
static void put_dollars(struct writer *w, const struct row *row, int32_t cents)
{
    if (row->is_old && random_percent(row->slot->hash, FOREUP_CHANCE_TYPE, 30)) {
        PUT(w, "\"");
        put_u64(w, (uint64_t)(cents / 100));
        PUT(w, ".");
        put_2_digits(w, (unsigned)(cents % 100));
        PUT(w, "\"");
    } else if (cents % 100) {
        put_money(w, cents);
    } else {
        put_u64(w, (uint64_t)(cents / 100));
    }
}

static void put_fee(struct writer *w, const struct row *row, uint8_t holes)
{
    const struct sim_club *club = row->schedule->club;
    if (foreup_spots(row->sheet->course, row->slot, holes) == 0) {
        PUT(w, "0");
        return;
    }
    switch (foreup_fee(club, row->slot, holes)) {
    case FOREUP_FEE_KNOWN:
        put_dollars(w, row, foreup_cents(row->sheet, row->slot, holes));
        break;
    case FOREUP_FEE_ZERO:
        PUT(w, "0");
        break;
    case FOREUP_FEE_UNKNOWN:
        put_text(w, row->slot->hash & 1 ? "false" : "null");
        break;
    }
}

static void put_cart(struct writer *w, const struct row *row, uint8_t holes)
{
    bool sold = foreup_spots(row->sheet->course, row->slot, holes) > 0;
    put_dollars(w, row, sold ? foreup_cart_cents(row->schedule->club, holes) : 0);
}

static void put_stamp(struct writer *w, int32_t date, unsigned minute)
{
    char storage[64];
    struct buf text = buf_over(storage, sizeof(storage));
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(&text, "{\"time\":\"%04d-%02d-%02d %02u:%02u\",", year, month, day, minute / 60,
               minute % 60);
    put_text(w, storage);
    buf_reset(&text); /* its months count from 0 */
    buf_printf(&text, "\"start_front\":%04d%02d%02d%02u%02u,", year, month - 1, day,
               minute / 60, minute % 60);
    put_text(w, storage);
}

static void put_place(struct writer *w, const struct row *row)
{
    const struct sim_club *club = row->schedule->club;
    char storage[640];
    struct buf text = buf_over(storage, sizeof(storage));
    long long side = (long long)row->sheet->course->id * 10 + row->slot->hole;
    buf_printf(&text, "\"course_id\":%lld,\"course_name\":\"%s\",\"schedule_id\":%lld,",
               (long long)club->id, club->name, (long long)row->schedule->id);
    buf_printf(&text, "\"teesheet_id\":%lld,\"schedule_name\":\"%s %s\",",
               (long long)row->schedule->id, club->name, row->schedule->name);
    buf_printf(&text,
               "\"require_credit_card\":false,\"teesheet_holes\":%d,"
               "\"teesheet_side_id\":%lld,\"teesheet_side_name\":\"%s\","
               "\"teesheet_side_order\":%d,",
               club->variant == FOREUP_SIDES ? 27 : 18, side,
               side_name(row->sheet->course, row->slot->hole), row->slot->hole == 10 ? 2 : 1);
    buf_printf(&text, "\"reround_teesheet_side_id\":%lld,\"reround_teesheet_side_name\":\"%s\"",
               side + 1, foreup_is_unnamed(club) ? " " : "Back");
    put_text(w, storage);
}

static void put_spots(struct writer *w, const struct row *row)
{
    const struct sim_club *club = row->schedule->club;
    PUT(w, ",\"available_spots\":");
    put_u64(w, (uint64_t)(SIM_PARTY_MAX - row->slot->booked));
    if (!foreup_is_plain(club)) {
        PUT(w, ",\"available_spots_9\":");
        put_u64(w, foreup_spots(row->sheet->course, row->slot, 9));
        PUT(w, ",\"available_spots_18\":");
        put_u64(w, foreup_spots(row->sheet->course, row->slot, 18));
    }
    PUT(w, ",\"maximum_players_per_booking\":");
    put_quoted_u64(w, SIM_PARTY_MAX, row->is_old);
    PUT(w, ",\"minimum_players\":");
    put_quoted_u64(w, 1, row->is_old);
    if (!row->is_old)
        PUT(w, ",\"display_capacity\":false");
    PUT(w, ",\"allowed_group_sizes\":[");
    unsigned min = foreup_group_min(club, row->slot);
    for (unsigned size = min; size <= SIM_PARTY_MAX; size++) {
        if (size > min)
            PUT(w, ",");
        put_quoted_u64(w, size, true);
    }
    PUT(w, "],\"holes\":");
    if (row->holes_sold == 3)
        PUT(w, "\"9/18\"");
    else
        put_quoted_u64(w, row->holes_sold == 1 ? 9 : 18, row->is_old);
}

static void put_special(struct writer *w, const struct row *row)
{
    if (foreup_is_special(row->slot))
        PUT(w, ",\"has_special\":true,\"special_id\":771,\"special_discount_percentage\":20");
    else
        PUT(w, ",\"has_special\":false,\"special_id\":false,\"special_discount_percentage\":0");
    PUT(w, ",\"group_id\":false,\"booking_class_id\":");
    if (row->is_old)
        put_u64(w, (uint64_t)row->schedule->club->affiliation_id);
    else
        PUT(w, "false");
    PUT(w, ",\"booking_fee_required\":false,\"booking_fee_price\":false,"
           "\"booking_fee_per_person\":false,\"foreup_trade_discount_rate\":0,"
           "\"trade_min_players\":0,");
    if (!row->is_old)
        PUT(w, "\"trade_cart_requirement\":\"both\",\"trade_hole_requirement\":\"all\",");
    PUT(w, "\"trade_available_players\":0,\"green_fee_tax_rate\":false,\"green_fee_tax\":0,"
           "\"green_fee_tax_9\":0,\"green_fee_tax_18\":0,\"guest_green_fee_tax_rate\":false,"
           "\"guest_green_fee_tax\":0,\"guest_green_fee_tax_9\":0,\"guest_green_fee_tax_18\":0,"
           "\"cart_fee_tax_rate\":false,\"cart_fee_tax\":0,\"cart_fee_tax_9\":0,"
           "\"cart_fee_tax_18\":0,\"guest_cart_fee_tax_rate\":false,\"guest_cart_fee_tax\":0,"
           "\"guest_cart_fee_tax_9\":0,\"guest_cart_fee_tax_18\":0,\"foreup_discount\":false,"
           "\"pay_online\":\"no\"");
}

/* A fee's three fields, for the players' own or a guest's. */
static void put_three(struct writer *w, const struct row *row, const char *name,
                      void (*put)(struct writer *w, const struct row *row, uint8_t holes))
{
    static const char *const endings[] = { "\":", "_9\":", "_18\":" };
    uint8_t main_holes = row->holes_sold == 1 ? 9 : 18;
    uint8_t holes[] = { main_holes, 9, 18 };
    size_t count = foreup_is_plain(row->schedule->club) ? 1 : TS_COUNT_OF(holes);
    for (size_t i = 0; i < count; i++) {
        PUT(w, ",\"");
        put_text(w, name);
        put_text(w, endings[i]);
        put(w, row, holes[i]);
    }
}

static void put_end(struct writer *w, const struct row *row)
{
    static const char *const rate_types[] = { [SIM_CART_OPTIONAL] = "both",
                                              [SIM_CART_INCLUDED] = "riding",
                                              [SIM_CART_NONE] = "walking",
                                              [SIM_CART_WITH_FEE] = "riding" };
    const struct sim_club *club = row->schedule->club;
    PUT(w, ",\"rate_type\":");
    put_string(w, rate_types[club->cart]);
    if (!row->is_old)
        PUT(w, ",\"is_designated_trade\":false");
    PUT(w, ",\"special_was_price\":");
    if (foreup_is_special(row->slot))
        put_dollars(w, row,
                    sheet_green_fee(row->sheet, row->slot, row->holes_sold == 1 ? 9 : 18));
    else
        PUT(w, "null");
    if (!row->is_old && club->cart != SIM_CART_NONE) {
        PUT(w, ",\"cart_fee_18_hole\":"); /* the list price, whatever the rate says */
        put_dollars(w, row, club->cart_cents);
        PUT(w, ",\"cart_fee_9_hole\":");
        put_dollars(w, row, club->cart_cents / 2);
    }
    PUT(w, "}");
}

static void put_row(struct writer *w, const struct row *row)
{
    put_separator(w);
    put_stamp(w, row->sheet->date, row->slot->minute);
    put_place(w, row);
    put_spots(w, row);
    put_special(w, row);
    put_three(w, row, "green_fee", put_fee);
    put_three(w, row, "guest_green_fee", put_fee);
    put_three(w, row, "cart_fee", put_cart);
    put_three(w, row, "guest_cart_fee", put_cart);
    put_end(w, row);
}

/* --- the request --- */

struct question {
    const struct sim_course *schedule;
    int32_t date;
    int64_t holes, players; /* filters; 0: all */
};

static void put_course(const struct sim_world *world, const struct question *question,
                       const struct sim_course *course, struct writer *w)
{
    struct sim_sheet sheet;
    const struct sim_club *club = course->club;
    sheet_build(world, course, question->date, &sheet);
    for (uint32_t i = 0; i < sheet.count; i++) {
        const struct sim_slot *slot = &sheet.slots[i];
        unsigned sold_9 = foreup_spots(course, slot, 9) > 0;
        unsigned sold_18 = foreup_spots(course, slot, 18) > 0;
        if (!foreup_lists(club, slot) || SIM_PARTY_MAX - slot->booked < question->players ||
            (question->holes == 9 && !sold_9) || (question->holes == 18 && !sold_18))
            continue;
        struct row row = { .sheet = &sheet, .slot = slot };
        row.schedule = club->variant == FOREUP_SIDES ? &club->courses[0] : course;
        row.holes_sold = (uint8_t)(sold_9 | sold_18 << 1);
        row.is_old = foreup_club_percent(club, FOREUP_CHANCE_OLD, 30);
        put_row(w, &row);
    }
}

/* Some facilities' answers hold the other schedules' rows, too, after those asked for. */
static void put_siblings(const struct sim_world *world, const struct question *question,
                         struct writer *w)
{
    const struct sim_club *club = question->schedule->club;
    bool is_side = club->variant == FOREUP_SIDES;
    if (!is_side && (w->first || !foreup_club_percent(club, FOREUP_CHANCE_LEAK, 50)))
        return;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        if (&club->courses[i] != question->schedule)
            put_course(world, question, &club->courses[i], w);
    }
}

static void put_sheets(const struct sim_world *world, const struct question *question,
                       struct writer *w)
{
    const struct sim_club *club = question->schedule->club;
    put_open(w, '[');
    if (sheet_released(world, club, question->date)) {
        put_course(world, question, question->schedule, w);
        put_siblings(world, question, w);
    }
    bool is_empty = w->first;
    put_close(w, ']');
    if (is_empty && foreup_club_percent(club, FOREUP_CHANCE_FALSE, 50)) {
        w->at = w->start;
        PUT(w, "false");
    }
}

/* "12-05-2026" */
static bool read_date(struct str text, int32_t *ret_date)
{
    char storage[16];
    struct buf iso = buf_over(storage, sizeof(storage));
    if (text.len != 10 || text.ptr[2] != '-' || text.ptr[5] != '-')
        return false;
    buf_printf(&iso, "%.4s-%.2s-%.2s", text.ptr + 6, text.ptr, text.ptr + 3);
    return day_parse(buf_view(&iso), ret_date);
}

/* "all" or "0", or a number up to `max`. */
static bool read_filter(struct str text, int64_t max, int64_t *ret_value)
{
    *ret_value = 0;
    return str_equal(text, STR("all")) || str_to_i64(text, 0, max, ret_value);
}

/* The arguments that each request must have. */
enum { ARG_TIME, ARG_DATE, ARG_HOLES, ARG_PLAYERS, ARG_SCHEDULE, ARG_COUNT };

static bool read_args(const struct sim_request *request, struct str ret_values[ARG_COUNT])
{
    static const char *const names[ARG_COUNT] = { "time", "date", "holes", "players",
                                                  "schedule_id" };
    for (size_t i = 0; i < ARG_COUNT; i++) {
        if (!sim_request_arg(request, str_of(names[i]), &ret_values[i]))
            return false;
    }
    return !request->args_overflow;
}

/* The nines of one schedule are no schedules themselves. */
static const struct sim_course *find_schedule(const struct fleet *fleet, struct str text)
{
    int64_t id;
    if (!str_to_i64(text, 1, INT64_MAX, &id))
        return NULL;
    const struct sim_course *course = fleet_course(fleet, id);
    if (!course || course->club->engine != &sim_foreup)
        return NULL;
    bool is_side = course->club->variant == FOREUP_SIDES && course != &course->club->courses[0];
    return is_side ? NULL : course;
}

static bool read_question(const struct sim_world *world, const struct sim_request *request,
                          struct question *question)
{
    struct str values[ARG_COUNT];
    if (!read_args(request, values) || !str_equal(values[ARG_TIME], STR("all")) ||
        !read_date(values[ARG_DATE], &question->date) ||
        !read_filter(values[ARG_HOLES], 18, &question->holes) ||
        !read_filter(values[ARG_PLAYERS], SIM_PARTY_MAX, &question->players))
        return false;
    question->schedule = find_schedule(world->fleet, values[ARG_SCHEDULE]);
    return question->schedule != NULL;
}

/* The public class is asked for by leaving the argument out or by one of its names. */
static bool may_use_class(const struct sim_request *request, const struct sim_club *club)
{
    static const char *const publics[] = { "", "false", "default", "0" };
    struct str value = STR("");
    int64_t id;
    (void)sim_request_arg(request, STR("booking_class"), &value);
    if (foreup_has_class(club))
        return str_to_i64(value, 1, INT64_MAX, &id) && id == club->affiliation_id;
    for (size_t i = 0; i < TS_COUNT_OF(publics); i++) {
        if (str_equal(value, str_of(publics[i])))
            return true;
    }
    return false;
}

static bool has_key(const struct sim_request *request)
{
    struct str value = STR("");
    (void)sim_request_arg(request, STR("api_key"), &value);
    return str_equal(value, STR("no_limits")) ||
           str_equal(sim_request_header(request, "api-key"), STR("no_limits"));
}

static void refuse_json(struct sim_reply *reply, uint16_t status, const char *text)
{
    sim_reply_refuse(reply, status, text);
    reply->is_text = false;
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    struct question question;
    if (request->is_post) {
        sim_reply_refuse(reply, 405, "GET only");
        return;
    }
    if (foreup_is_page(request->path)) {
        foreup_answer_page(world, request->path, reply);
        return;
    }
    if (!has_key(request)) {
        refuse_json(reply, 200, "{\"status\":false,\"error\":\"Invalid API Key.\"}");
        return;
    }
    if (!read_question(world, request, &question)) {
        refuse_json(reply, 200, "{\"status\":false,\"error\":\"An argument is not valid.\"}");
        return;
    }
    reply->club = question.schedule->club;
    if (!may_use_class(request, reply->club)) {
        refuse_json(reply, 401,
                    "{\"success\":false,\"msg\":\"You do not have permissions to use this "
                    "booking class\"}");
        return;
    }
    put_sheets(world, &question, &reply->body);
}

static bool owns(const struct sim_request *request)
{
    return str_equal(request->path, PATH) || foreup_is_page(request->path);
}

const struct sim_engine sim_foreup = {
    .name = "foreup",
    .host = "foreupsoftware.com",
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = foreup_truth,
};
