/* teeitup.c: TeeItUp's facilities and tee sheets, in the shape of the recordings. */
#include "teeitup.h"

#include <assert.h>

#define HOST "phx-api-be-east-1b.kenna.io"

enum { CHANCE_COUNT = 40, CHANCE_BLANK };

struct question {
    const struct sim_club *club;
    int32_t date;
    uint32_t courses; /* bit n: the club's n-th; the one after the last is the simulator */
};

/* --- the fleet --- */

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    static const uint32_t all[] = { TEEITUP_ONE, TEEITUP_LOOKUP, TEEITUP_ONE, TEEITUP_SHARED,
                                    TEEITUP_SEVERAL };
    (void)mix;
    return all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    club->courses_count = 1;
    if (club->variant == TEEITUP_LOOKUP)
        club->courses_count = 1 + random_below(club->hash, CHANCE_COUNT, 2);
    if (club->variant == TEEITUP_SEVERAL || club->variant == TEEITUP_SHARED)
        club->courses_count = 2;
    club->row_per_course = club->variant == TEEITUP_SHARED;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        club->courses[i].holes[0] = 18;
        club->courses[i].holes[1] = 9;
        club->courses[i].holes_count = club->variant == TEEITUP_SEVERAL ? 1 : 2;
    }
}

static void attributes(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "{\"alias\": \"%s\"", row->club->slug);
    if (row->club->variant != TEEITUP_LOOKUP) {
        buf_puts(out, ", \"facility_ids\": [");
        for (uint32_t i = 0; i < row->courses_count; i++)
            buf_printf(out, "%s%lld", i ? ", " : "",
                       (long long)row->club->courses[row->first_course + i].id);
        buf_puts(out, "]");
    }
    buf_puts(out, "}");
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://%s.book.teeitup.com/", row->club->slug);
}

/* Some clubs have a simulator beside their courses. */
static bool has_simulator(const struct sim_club *club)
{
    return club->variant == TEEITUP_LOOKUP && club->hash & 2;
}

/* --- writing --- */

static void put_hex(struct writer *w, uint64_t hash)
{
    char uuid[SIM_UUID_LEN];
    sim_uuid(hash, uuid);
    PUT(w, "\"5");
    for (int i = 0, put = 1; put < TEEITUP_HEX_LEN; i++) {
        if (uuid[i] == '-')
            continue;
        put_bytes(w, &uuid[i], 1);
        put++;
    }
    PUT(w, "\"");
}

static void put_instant(struct writer *w, int64_t instant)
{
    char text[32];
    struct buf out = buf_over(text, sizeof(text));
    instant_format(instant, &out);
    PUT(w, "\"");
    put_bytes(w, text, 19);
    PUT(w, ".000Z\"");
}

static void put_id(struct writer *w, int64_t id)
{
    if (id < 0)
        PUT(w, "-");
    put_u64(w, (uint64_t)(id < 0 ? -id : id));
}

static void put_cents(struct writer *w, const char *key, size_t len, int32_t cents)
{
    if (cents < 0)
        return;
    put_key_bytes(w, key, len);
    put_u64(w, (uint64_t)cents);
}

#define CENTS(w, name, cents)                                                                  \
    put_cents((w), "\"" name "\":", sizeof("\"" name "\":") - 1, cents)

static void put_promotion(struct writer *w, const struct teeitup_rate *rate)
{
    if (rate->discount == 0)
        return;
    KEY(w, "promotion");
    put_open(w, '{');
    KEY(w, "discount");
    PUT(w, "0.");
    put_2_digits(w, rate->discount);
    CENTS(w, "greenFeeWalking", rate->promoted_walking);
    CENTS(w, "greenFeeCart", rate->promoted_cart);
    put_close(w, '}');
}

static void put_sizes(struct writer *w, uint8_t party)
{
    KEY(w, "allowedPlayers");
    put_open(w, '[');
    for (unsigned size = 1; size <= SIM_PARTY_MAX; size++) {
        if (!(party >> (size - 1) & 1))
            continue;
        put_separator(w);
        put_u64(w, size);
    }
    put_close(w, ']');
}

static void put_golfnow(struct writer *w, const struct sim_course *course,
                        const struct teeitup_rate *rate)
{
    KEY(w, "golfnow");
    put_open(w, '{');
    KEY(w, "TTTeeTimeId");
    put_id(w, rate->id);
    KEY(w, "GolfCourseId");
    put_u64(w, (uint64_t)course->id + 150000);
    KEY(w, "GolfFacilityId");
    put_u64(w, (uint64_t)course->id);
    put_close(w, '}');
}

static void put_fees(struct writer *w, const struct sim_club *club,
                     const struct teeitup_rate *rate)
{
    CENTS(w, "dueOnlineWalking", rate->walking < 0 ? rate->walking : 0);
    CENTS(w, "greenFeeWalking", rate->walking);
    CENTS(w, "dueOnlineRiding", rate->cart < 0 ? rate->cart : 0);
    CENTS(w, "greenFeeCart", rate->cart);
    KEY(w, "transactionFees");
    put_u64(w, club->cart == SIM_CART_WITH_FEE ? 6 : 0);
    KEY(w, "showTransactionFees");
    put_bool(w, club->cart == SIM_CART_WITH_FEE);
}

static void put_rate(struct writer *w, const struct sim_course *course,
                     const struct sim_slot *slot, const struct teeitup_rate *rate)
{
    put_separator(w);
    put_open(w, '{');
    KEY(w, "_id");
    put_id(w, rate->id);
    KEY(w, "name");
    put_string(w, rate->name);
    KEY(w, "externalId");
    PUT(w, "\"");
    put_id(w, rate->id);
    PUT(w, "\"");
    if (teeitup_lists_sizes(slot))
        put_sizes(w, teeitup_party(course->club, slot));
    KEY(w, "holes");
    put_u64(w, rate->holes);
    KEY(w, "icons");
    PUT(w, "[]");
    KEY(w, "tags");
    PUT(w, "[]");
    put_golfnow(w, course, rate);
    KEY(w, "trade");
    put_bool(w, rate->is_deal);
    KEY(w, "acceptCreditCard");
    PUT(w, "false");
    KEY(w, "showAsHotDeal");
    put_bool(w, rate->is_deal);
    KEY(w, "isSimulator");
    put_bool(w, rate->is_simulator);
    put_fees(w, course->club, rate);
    put_promotion(w, rate);
    put_close(w, '}');
}

static void put_slot(struct writer *w, const struct sim_sheet *sheet,
                     const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    struct teeitup_rate rates[TEEITUP_RATES_MAX];
    uint32_t count = teeitup_rates(sheet, slot, rates);
    put_separator(w);
    put_open(w, '{');
    KEY(w, "courseId");
    put_hex(w, course->hash);
    KEY(w, "teetime");
    put_instant(w, zone_instant(course->club->zone, sheet->date, slot->minute));
    KEY(w, "backNine");
    put_bool(w, slot->hole == 10);
    KEY(w, "rates");
    put_open(w, '[');
    for (uint32_t i = 0; i < count; i++)
        put_rate(w, course, slot, &rates[i]);
    put_close(w, ']');
    KEY(w, "bookedPlayers");
    put_u64(w, slot->booked);
    KEY(w, "minPlayers");
    put_u64(w, teeitup_size_min(course->club, slot));
    KEY(w, "maxPlayers");
    put_u64(w, SIM_PARTY_MAX - (unsigned)slot->booked);
    KEY(w, "players");
    PUT(w, "[]");
    KEY(w, "source");
    PUT(w, "\"API-2.1\"");
    KEY(w, "fromCache");
    PUT(w, "false");
    KEY(w, "rollTimeOffer");
    PUT(w, "null");
    put_close(w, '}');
}

static void put_day_info(struct writer *w, const struct question *question)
{
    static const struct {
        const char *key;
        uint16_t minute;
    } times[] = { { "\"dawn\":", 303 },
                  { "\"sunrise\":", 336 },
                  { "\"sunset\":", 1226 },
                  { "\"dusk\":", 1261 } };
    KEY(w, "dayInfo");
    put_open(w, '{');
    for (size_t i = 0; i < TS_COUNT_OF(times); i++) {
        put_key_bytes(w, times[i].key, strlen(times[i].key));
        put_instant(w, zone_instant(question->club->zone, question->date, times[i].minute));
    }
    put_close(w, '}');
}

/* "Tee times will be available to book from Friday, July 10, 2026 at 8:00 PM" */
static void put_message(struct writer *w, const struct question *question)
{
    char text[128];
    struct buf out = buf_over(text, sizeof(text));
    int32_t opens = question->date - question->club->window_days;
    unsigned minute = question->club->opens_minute, hour = minute / 60;
    int year, month, day;
    day_to_civil(opens, &year, &month, &day);
    buf_printf(&out, "Tee times will be available to book from %s, %s %d, %d at %u:%02u %s",
               tenant_weekdays[day_weekday(opens)], tenant_months[month - 1], day, year,
               hour % 12 ? hour % 12 : 12, minute % 60, hour < 12 ? "AM" : "PM");
    assert(!out.overflow);
    KEY(w, "message");
    put_string(w, text);
}

/* Ends a block that has its tee times. */
static void end_block(struct writer *w, uint64_t id_hash, uint32_t count)
{
    KEY(w, "courseId");
    put_hex(w, id_hash);
    KEY(w, "totalAvailableTeetimes");
    put_u64(w, count);
    KEY(w, "fromCache");
    PUT(w, "false");
}

static void put_block(const struct sim_world *world, const struct question *question,
                      const struct sim_course *course, struct writer *w)
{
    struct sim_sheet sheet = { .count = 0 };
    uint32_t listed = 0;
    if (tenant_day_has_sheet(world, question->club, question->date))
        sheet_build(world, course, question->date, &sheet);
    put_separator(w);
    put_open(w, '{');
    put_day_info(w, question);
    KEY(w, "teetimes");
    put_open(w, '[');
    for (uint32_t i = 0; i < sheet.count; i++) {
        if (!teeitup_lists(&sheet, &sheet.slots[i]))
            continue;
        put_slot(w, &sheet, &sheet.slots[i]);
        listed++;
    }
    put_close(w, ']');
    end_block(w, course->hash, listed);
    if (!sheet_past(world, question->club, question->date) &&
        !sheet_released(world, question->club, question->date))
        put_message(w, question);
    put_close(w, '}');
}

static void put_simulator_block(const struct question *question, struct writer *w)
{
    put_separator(w);
    put_open(w, '{');
    put_day_info(w, question);
    KEY(w, "teetimes");
    PUT(w, "[]");
    end_block(w, question->club->hash, 0);
    put_close(w, '}');
}

/* --- requests --- */

static void put_facility(struct writer *w, const struct sim_club *club, int64_t id,
                         uint64_t id_hash, const char *name)
{
    put_separator(w);
    put_open(w, '{');
    KEY(w, "id");
    put_id(w, id);
    KEY(w, "courseId");
    put_hex(w, id_hash);
    KEY(w, "name");
    put_string(w, name);
    KEY(w, "timeZone");
    put_string(w, club->place->zone);
}

static int64_t simulator_id(const struct sim_club *club)
{
    return 900000 + (int64_t)club->index;
}

static void answer_facilities(const struct sim_club *club, struct sim_reply *reply)
{
    struct writer *w = &reply->body;
    put_open(w, '[');
    for (uint32_t i = club->courses_count; i > 0; i--) { /* in an order of its own */
        const struct sim_course *course = &club->courses[i - 1];
        char storage[96];
        struct buf name = buf_over(storage, sizeof(storage));
        teeitup_put_name(course, &name);
        if (random_percent(course->hash, CHANCE_BLANK, 20))
            buf_putc(&name, ' ');
        put_facility(w, club, course->id, course->hash, storage);
        put_close(w, '}');
    }
    if (has_simulator(club)) {
        put_facility(w, club, simulator_id(club), club->hash, "Indoor Simulator");
        KEY(w, "isSimulator");
        PUT(w, "true");
        put_close(w, '}');
    }
    put_close(w, ']');
}

static bool read_facilities(struct str ids, struct question *question)
{
    const struct sim_club *club = question->club;
    struct str id;
    while (str_split(&ids, ',', &id)) {
        const struct sim_course *course = tenant_course(club, id);
        int64_t number;
        if (course)
            question->courses |= 1u << (course - club->courses);
        else if (has_simulator(club) && str_to_i64(id, 1, INT64_MAX, &number) &&
                 number == simulator_id(club))
            question->courses |= 1u << club->courses_count;
        else
            return false;
    }
    return true;
}

static bool args_known(const struct sim_request *request)
{
    static const char *const known[] = { "date",    "facilityIds",   "returnPromotedRates",
                                         "dateMax", "promotionCode", "customerId" };
    for (uint32_t i = 0; i < request->args_count; i++) {
        size_t at = 0;
        while (at < TS_COUNT_OF(known) && !str_equal(request->args[i].name, str_of(known[at])))
            at++;
        if (at == TS_COUNT_OF(known))
            return false;
    }
    return !request->args_overflow;
}

static bool read_question(const struct sim_request *request, struct question *question,
                          struct sim_reply *reply)
{
    struct str date = tenant_arg(request, "date"), max = tenant_arg(request, "dateMax"), ids;
    const char *error = NULL;
    if (!args_known(request))
        error = "{\"message\":\"unknown parameter\"}";
    else if (!day_parse(date, &question->date) || (max.len > 0 && !str_equal(max, date)))
        error = "{\"message\":\"date is not valid\"}";
    else if (!sim_request_arg(request, STR("facilityIds"), &ids)) /* all of them, or none */
        question->courses =
            random_mix(question->club->hash, (uint64_t)question->date) & 1 ? 7 : 0;
    else if (!read_facilities(ids, question))
        error = "{\"message\":\"facilityIds are not of this alias\"}";
    if (error)
        tenant_refuse(reply, 400, error);
    return !error;
}

static void answer_tee_times(const struct sim_world *world, const struct sim_request *request,
                             struct sim_reply *reply)
{
    struct question question = { .club = reply->club };
    struct writer *w = &reply->body;
    if (!read_question(request, &question, reply))
        return;
    if (request->throttled_empty) {
        reply->is_spoilt = true;
        bool is_page = request->number & 1;
        reply->content_type = is_page ? "text/html; charset=utf-8" : NULL;
        put_text(w, is_page ? "<!DOCTYPE html><html><body>Please wait.</body></html>\n" : "[]");
        return;
    }
    put_open(w, '[');
    for (uint32_t i = 0; i < question.club->courses_count; i++) {
        if (question.courses >> i & 1)
            put_block(world, &question, &question.club->courses[i], w);
    }
    if (has_simulator(question.club) && question.courses >> question.club->courses_count & 1)
        put_simulator_block(&question, w);
    put_close(w, ']');
}

/* "/alias/ALIAS/facilities" */
static bool is_lookup(struct str path, struct str *ret_alias)
{
    struct str part;
    return str_split(&path, '/', &part) && part.len == 0 && str_split(&path, '/', &part) &&
           str_equal(part, STR("alias")) && str_split(&path, '/', ret_alias) &&
           str_equal(path, STR("facilities"));
}

static bool owns(const struct sim_request *request)
{
    return str_equal(request->host, STR(HOST)) ||
           str_has_prefix(request->path, STR("/alias/")) ||
           str_equal(request->path, STR("/v2/tee-times"));
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    struct str header = sim_request_header(request, "x-be-alias"), alias = header;
    bool lookup = is_lookup(request->path, &alias);
    reply->club = tenant_club(world->fleet, &sim_teeitup, alias);
    if (request->is_post || (!lookup && !str_equal(request->path, STR("/v2/tee-times"))))
        tenant_refuse(reply, 404, "{\"message\":\"Not Found\"}");
    else if (header.len == 0)
        tenant_refuse(reply, 400, "{\"message\":\"x-be-alias is required\"}");
    else if (!reply->club || !str_equal(header, alias))
        tenant_refuse(reply, 404, "{\"message\":\"alias is not known\"}");
    else if (lookup)
        answer_facilities(reply->club, reply);
    else
        answer_tee_times(world, request, reply);
}

const struct sim_engine sim_teeitup = {
    .name = "teeitup",
    .host = HOST,
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = teeitup_truth,
};
