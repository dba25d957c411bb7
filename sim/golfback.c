/* golfback.c: GolfBack's clubs, the request, and replies in the shape of the facts page. */
#include "golfback.h"

#include "base/json.h"

#define PREFIX STR("/api/v1/courses/")

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    (void)mix;
    static const uint32_t all[] = { GOLFBACK_BOTH, GOLFBACK_SIBLINGS, GOLFBACK_18 };
    return all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    club->courses_count = club->variant == GOLFBACK_SIBLINGS ? 2 : 1;
    club->row_per_course = club->variant == GOLFBACK_SIBLINGS;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        struct sim_course *course = &club->courses[i];
        course->holes[0] = 18;
        course->holes[1] = 9;
        course->holes_count = club->variant == GOLFBACK_BOTH ? 2 : 1;
        if (course->last_minute > 1020)
            course->last_minute = 1020;
    }
}

static void attributes(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "{\"courseId\": \"%s\"}", row->club->courses[row->first_course].uuid);
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://golfback.com/#/course/%s",
               row->club->courses[row->first_course].uuid);
}

/* --- rows --- */

static void put_uuid(struct writer *w, uint64_t hash)
{
    char uuid[SIM_UUID_LEN];
    sim_uuid(hash, uuid);
    PUT(w, "\"");
    put_bytes(w, uuid, sizeof(uuid));
    PUT(w, "\"");
}

static void put_start(struct writer *w, const struct sim_sheet *sheet, uint16_t minute)
{
    char storage[96];
    struct buf text = buf_over(storage, sizeof(storage));
    PUT(w, ",\"dateTime\":\"");
    instant_format(zone_instant(sheet->course->club->zone, sheet->date, minute), &text);
    put_bytes(w, storage, text.len - 1); /* without the Z */
    PUT(w, "+00:00\",\"localDateTime\":\"");
    buf_reset(&text);
    day_format(sheet->date, &text);
    buf_printf(&text, "T%02u:%02u:00\"", minute / 60u, minute % 60u);
    put_text(w, storage);
}

static void put_primary_prices(struct writer *w, const struct sim_sheet *sheet,
                               const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    PUT(w, ",\"primaryPrices\":[");
    for (uint32_t h = 0; h < course->holes_count; h++) {
        struct golfback_rates rates;
        golfback_rates(sheet, slot, course->holes[h], &rates);
        put_text(w, h ? ",{\"holes\":" : "{\"holes\":");
        put_u64(w, course->holes[h]);
        PUT(w, ",\"basePrice\":");
        put_money_or_null(w, rates.count ? rates.items[0].base_cents : SIM_UNKNOWN_CENTS);
        PUT(w, ",\"price\":");
        put_money_or_null(w, rates.count ? rates.items[0].cents : SIM_UNKNOWN_CENTS);
        PUT(w, "}");
    }
    PUT(w, "]");
}

static void put_rate(struct writer *w, const struct sim_slot *slot, uint8_t holes,
                     const struct golfback_rate *rate, bool is_primary)
{
    put_separator(w);
    PUT(w, "{\"ratePlanId\":");
    put_uuid(w, random_mix(slot->hash, (uint64_t)rate->cents));
    PUT(w, ",\"name\":\"");
    put_text(w, rate->name);
    PUT(w, "\",\"description\":null,\"holes\":");
    put_u64(w, holes);
    PUT(w, ",\"hasCartIncluded\":");
    put_bool(w, rate->has_cart);
    PUT(w, ",\"isPrimary\":");
    put_bool(w, is_primary);
    PUT(w, ",\"isDeal\":");
    put_bool(w, rate->is_deal);
    PUT(w, ",\"isGimme\":false,\"basePrice\":");
    put_money(w, rate->base_cents);
    PUT(w, ",\"price\":");
    put_money(w, rate->cents);
    PUT(w, ",\"feeDisplay\":null,\"usePrimaryAfterSelection\":false}");
}

static void put_rates(struct writer *w, const struct sim_sheet *sheet,
                      const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    PUT(w, ",\"rates\":");
    put_open(w, '[');
    for (uint32_t h = 0; h < course->holes_count; h++) {
        struct golfback_rates rates;
        golfback_rates(sheet, slot, course->holes[h], &rates);
        for (uint32_t i = 0; i < rates.count; i++)
            put_rate(w, slot, course->holes[h], &rates.items[i], i == 0);
    }
    put_close(w, ']');
}

static void put_players(struct writer *w, const struct sim_club *club,
                        const struct sim_slot *slot)
{
    unsigned min = golfback_players_min(club, slot);
    unsigned max = (unsigned)(SIM_PARTY_MAX - slot->booked);
    PUT(w, ",\"playersMin\":");
    put_u64(w, min);
    PUT(w, ",\"playersMax\":");
    put_u64(w, max);
    PUT(w, ",\"playersDisplay\":\"");
    put_u64(w, min);
    PUT(w, " - ");
    put_u64(w, max);
    PUT(w, "\"");
}

static void put_slot(struct writer *w, const struct sim_sheet *sheet,
                     const struct sim_slot *slot)
{
    const struct sim_course *course = sheet->course;
    put_separator(w);
    PUT(w, "{\"id\":");
    put_uuid(w, slot->hash);
    PUT(w, ",\"courseId\":");
    put_string(w, course->uuid);
    PUT(w, ",\"courseName\":\"");
    put_text(w, course->club->name);
    PUT(w, " ");
    put_text(w, course->name);
    PUT(w, "\"");
    put_start(w, sheet, slot->minute);
    PUT(w, ",\"isAvailable\":");
    put_bool(w, golfback_is_available(slot));
    put_text(w, course->holes_count > 1 ? ",\"holes\":[18,9],\"has9Holes\":true"
                                        : ",\"holes\":[18],\"has9Holes\":false");
    put_players(w, course->club, slot);
    PUT(w, ",\"hasDeal\":");
    put_bool(w, random_percent(slot->hash, GOLFBACK_CHANCE_DEAL, 10));
    put_primary_prices(w, sheet, slot);
    put_rates(w, sheet, slot);
    PUT(w, ",\"lockExpiration\":null,\"location\":null}");
}

static void put_sheets(const struct sim_world *world, const struct sim_course *asked,
                       int32_t date, struct writer *w)
{
    const struct sim_club *club = asked->club;
    struct sim_sheet sheet;
    PUT(w, "{\"data\":");
    put_open(w, '[');
    for (uint32_t c = 0; sheet_released(world, club, date) && c < club->courses_count; c++) {
        const struct sim_course *course = &club->courses[c];
        if (course != asked && !random_percent(club->hash, GOLFBACK_CHANCE_LEAK, 50))
            continue;
        sheet_build(world, course, date, &sheet);
        for (uint32_t i = 0; i < sheet.count; i++) {
            if (golfback_lists(&sheet.slots[i]))
                put_slot(w, &sheet, &sheet.slots[i]);
        }
    }
    put_close(w, ']');
    PUT(w, "}");
}

static void put_course(const struct sim_course *course, struct writer *w)
{
    const struct sim_club *club = course->club;
    PUT(w, "{\"data\":{\"id\":");
    put_string(w, course->uuid);
    PUT(w, ",\"name\":\"");
    put_text(w, club->name);
    PUT(w, " ");
    put_text(w, course->name);
    PUT(w, "\",\"city\":");
    put_string(w, club->place->city);
    PUT(w, ",\"state\":");
    put_string(w, club->place->region);
    PUT(w, ",\"isMultiCourse\":");
    put_bool(w, club->courses_count > 1);
    PUT(w, ",\"multiCourseIds\":");
    put_open(w, '[');
    for (uint32_t c = 0; club->courses_count > 1 && c < club->courses_count; c++) {
        put_separator(w);
        put_string(w, club->courses[c].uuid);
    }
    put_close(w, ']');
    PUT(w, ",\"teeTimesDaysOut\":");
    put_u64(w, club->window_days);
    PUT(w, "}}");
}

/* --- the request --- */

/* `{}` or `{"sessionId":null}`. */
static bool is_body_right(struct str body)
{
    struct json json = json_over(body);
    struct str key;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key)) {
        if (!str_equal(key, STR("sessionId")) || !json_null(&json))
            return false;
    }
    return json_finish(&json) == JSON_OK;
}

static void answer_times(const struct sim_world *world, const struct sim_request *request,
                         const struct sim_course *course, struct str rest,
                         struct sim_reply *reply)
{
    struct str date_text;
    int32_t date = 0;
    if (!str_has_prefix(rest, STR("date/"))) {
        sim_reply_refuse(reply, 404, "no such resource");
        return;
    }
    rest = (struct str){ rest.ptr + 5, rest.len - 5 };
    if (!str_split(&rest, '/', &date_text) || !str_equal(rest, STR("teetimes"))) {
        sim_reply_refuse(reply, 404, "no such resource");
        return;
    }
    if (!request->is_post)
        sim_reply_refuse(reply, 405, "the tee times are asked for by POST");
    else if (!day_parse(date_text, &date) || request->args_count > 0 ||
             !sim_request_is_json(request) || !is_body_right(request->body))
        sim_reply_refuse(reply, 400, "the date or the body is not valid");
    else
        put_sheets(world, course, date, &reply->body);
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    struct str uuid;
    struct str rest = { request->path.ptr + PREFIX.len, request->path.len - PREFIX.len };
    bool is_course = str_split(&rest, '/', &uuid);
    const struct sim_course *course =
        is_course ? fleet_course_by_uuid(world->fleet, uuid) : NULL;
    if (!course || course->club->engine != &sim_golfback) {
        sim_reply_refuse(reply, 404, "no such course");
        return;
    }
    reply->club = course->club;
    if (rest.len > 0)
        answer_times(world, request, course, rest, reply);
    else if (request->is_post)
        sim_reply_refuse(reply, 405, "a course is asked for by GET");
    else
        put_course(course, &reply->body);
}

static bool owns(const struct sim_request *request)
{
    return str_has_prefix(request->path, PREFIX);
}

const struct sim_engine sim_golfback = {
    .name = "golfback",
    .host = "api.golfback.com",
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = golfback_truth,
};
