/* membersports.c: MemberSports' clubs, the request, and replies in the recording's shape. */
#include "membersports.h"

#include "base/json.h"

#define PATH_1    STR("/api/v1/golfclubs/onlineBookingTeeTimes")
#define PATH_1_0  STR("/api/v1.0/golfclubs/onlineBookingTeeTimes")
#define INFO_PATH STR("/api/v1.0/TeeSheets/clubInfo/")

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    (void)mix;
    static const uint32_t all[] = { MEMBERSPORTS_SINGLE, MEMBERSPORTS_SHARED,
                                    MEMBERSPORTS_ALL };
    return all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    static const uint32_t counts[] = { 1, 2, 3 };
    club->courses_count = counts[club->variant];
    club->row_per_course = club->variant == MEMBERSPORTS_SHARED;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        struct sim_course *course = &club->courses[i];
        course->holes[0] = i == 2 ? 9 : 18;
        course->holes_count = 1;
        uint16_t last = club->courses_count > 1 ? 900 : 1020;
        if (course->last_minute > last)
            course->last_minute = last;
    }
}

/* The real catalogue has group ids, too; a collector must not send them. */
static void attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    const struct sim_course *course = &club->courses[row->first_course];
    unsigned config = membersports_config(course);
    buf_printf(out, "{\"golf_club_id\": %lld, \"golf_course_id\": %lld, \"group_id\": %u",
               (long long)club->id,
               club->variant == MEMBERSPORTS_ALL ? 0 : (long long)course->id, club->index % 3);
    if (config > 0 || club->hash & 1)
        buf_printf(out, ", \"config_type\": %u", config);
    buf_puts(out, "}");
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    const struct sim_course *course = &row->club->courses[row->first_course];
    buf_printf(out, "https://app.membersports.com/tee-times/%lld/%lld/%u/0/0",
               (long long)row->club->id,
               row->club->variant == MEMBERSPORTS_ALL ? 0 : (long long)course->id,
               membersports_config(course));
}

/* --- the reply --- */

static void put_price(struct writer *w, const struct membersports_item *item,
                      const struct sim_slot *slot)
{
    PUT(w, ",\"premiumCharge\":");
    put_money(w, random_percent(slot->hash, MEMBERSPORTS_CHANCE_PREMIUM, 10) ? 500 : 0);
    PUT(w, ",\"price\":");
    put_money_or_null(w, item->cents);
}

static void put_rules(struct writer *w, const struct sim_club *club,
                      const struct sim_slot *slot)
{
    PUT(w, "{\"allowSinglesToBookOnline\":");
    put_bool(w, membersports_allows_singles(club));
    PUT(w, ",\"availableCount\":0,\"bookingNotAllowed\":");
    put_bool(w, slot->blocked);
    PUT(w, ",\"bookingNotAllowedReason\":");
    put_text(w, slot->blocked ? "\"Reserved for league play\"" : "null");
    PUT(w, ",\"cartRequirementTypeId\":");
    put_u64(w, club->cart == SIM_CART_INCLUDED);
    PUT(w, ",\"hide\":");
    put_bool(w, slot->frozen);
    PUT(w, ",\"holesRequirementTypeId\":0,\"minimumNumberOfPlayers\":");
    put_u64(w, membersports_players_min(club));
    PUT(w, ",\"playerCount\":");
    put_u64(w, slot->booked);
}

static void put_item(struct writer *w, const struct sim_sheet *sheet,
                     const struct sim_slot *slot, const struct membersports_item *item)
{
    const struct sim_course *course = sheet->course;
    put_separator(w);
    put_rules(w, course->club, slot);
    PUT(w, ",\"configurationTypeId\":");
    put_u64(w, membersports_config(course));
    PUT(w, ",\"golfClubId\":");
    put_u64(w, (uint64_t)course->club->id);
    PUT(w, ",\"golfCourseId\":");
    put_u64(w, (uint64_t)course->id);
    PUT(w, ",\"golfCourseNumberOfHoles\":");
    put_u64(w, item->course_holes);
    PUT(w, ",\"golfTaxRate\":0.0,\"isBackNine\":");
    put_bool(w, item->is_back_nine);
    PUT(w, ",\"name\":");
    put_string(w, item->name);
    put_price(w, item, slot);
    PUT(w, ",\"rotationNumber\":1,\"teeSheetId\":");
    put_u64(w, 60000 + course->index);
    PUT(w, ",\"teeTime\":");
    put_u64(w, slot->minute);
    PUT(w, ",\"teeTimeId\":");
    put_u64(w, (uint64_t)slot->id);
    PUT(w, "}");
}

/* Some courses' sheets of one day, and how far each was written. */
struct day {
    uint32_t count;
    uint32_t next[SIM_CLUB_COURSES_MAX + 1];
    struct sim_sheet sheets[SIM_CLUB_COURSES_MAX + 1];
};

static bool has_start(const struct day *day, unsigned minute)
{
    for (uint32_t i = 0; i < day->count; i++) {
        const struct sim_sheet *sheet = &day->sheets[i];
        if (day->next[i] < sheet->count && sheet->slots[day->next[i]].minute == minute)
            return true;
    }
    return false;
}

static void put_starts(struct writer *w, struct day *day, uint32_t index, unsigned minute)
{
    const struct sim_sheet *sheet = &day->sheets[index];
    for (; day->next[index] < sheet->count; day->next[index]++) {
        const struct sim_slot *slot = &sheet->slots[day->next[index]];
        struct membersports_items items;
        if (slot->minute != minute)
            return;
        if (!membersports_lists(slot))
            continue;
        membersports_items(sheet, slot, &items);
        for (uint32_t i = 0; i < items.count; i++)
            put_item(w, sheet, slot, &items.items[i]);
    }
}

/* By minute; a minute can have no items. */
static void put_day(struct writer *w, struct day *day)
{
    put_open(w, '[');
    for (unsigned minute = 0; minute < 1440; minute++) {
        if (!has_start(day, minute))
            continue;
        put_separator(w);
        PUT(w, "{\"teeTime\":");
        put_u64(w, minute);
        PUT(w, ",\"items\":");
        put_open(w, '[');
        for (uint32_t i = 0; i < day->count; i++)
            put_starts(w, day, i, minute);
        put_close(w, ']');
        PUT(w, "}");
    }
    put_close(w, ']');
}

/* --- the request --- */

struct question {
    int32_t date;
    int64_t config, group, club_id, course_id, group_sheet, member;
    uint8_t seen; /* bit per member of the body */
};

static bool read_member(struct json *json, struct str key, struct question *question)
{
    const struct {
        struct str name;
        int64_t *value;
    } numbers[] = {
        { STR("configurationTypeId"), &question->config },
        { STR("golfClubGroupId"), &question->group },
        { STR("golfClubId"), &question->club_id },
        { STR("golfCourseId"), &question->course_id },
        { STR("groupSheetTypeId"), &question->group_sheet },
        { STR("memberProfileId"), &question->member },
    };
    for (size_t i = 0; i < TS_COUNT_OF(numbers); i++) {
        if (!str_equal(key, numbers[i].name))
            continue;
        question->seen = (uint8_t)(question->seen | 1u << i);
        return json_i64(json, numbers[i].value);
    }
    struct str date;
    question->seen |= 1u << 6;
    return str_equal(key, STR("date")) && json_string_raw(json, &date) &&
           day_parse(date, &question->date);
}

/* All members but memberProfileId must be there, and no others. */
static bool read_question(struct str body, struct question *question)
{
    struct json json = json_over(body);
    struct str key;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key)) {
        if (!read_member(&json, key, question))
            return false;
    }
    return json_finish(&json) == JSON_OK && (question->seen | 1u << 5) == 0x7f;
}

static const struct sim_club *find_club(const struct fleet *fleet, int64_t id)
{
    const struct sim_club *club = fleet_club(fleet, id);
    return club && club->engine == &sim_membersports ? club : NULL;
}

/* The next club of the fleet, which shares a group with this one. */
static const struct sim_club *group_mate(const struct fleet *fleet, const struct sim_club *club)
{
    for (uint32_t i = club->index + 1; i < fleet->clubs_count; i++) {
        if (fleet->clubs[i].engine == club->engine)
            return &fleet->clubs[i];
    }
    return NULL;
}

static void add_sheet(const struct sim_world *world, const struct sim_course *course,
                      int32_t date, struct day *day)
{
    if (sheet_released(world, course->club, date))
        sheet_build(world, course, date, &day->sheets[day->count++]);
}

static void put_answer(const struct sim_world *world, const struct question *question,
                       struct sim_reply *reply)
{
    const struct sim_club *club = reply->club;
    struct day day = { .count = 0 };
    for (uint32_t i = 0; i < club->courses_count; i++) {
        const struct sim_course *course = &club->courses[i];
        bool is_asked = question->course_id == 0 || question->course_id == course->id;
        if (is_asked && membersports_config(course) == question->config)
            add_sheet(world, course, question->date, &day);
    }
    const struct sim_club *mate = question->group ? group_mate(world->fleet, club) : NULL;
    if (mate)
        add_sheet(world, &mate->courses[0], question->date, &day);
    put_day(&reply->body, &day);
}

static void refuse_json(struct sim_reply *reply, uint16_t status, const char *text)
{
    sim_reply_refuse(reply, status, text);
    reply->is_text = false;
}

static void answer_times(const struct sim_world *world, const struct sim_request *request,
                         struct sim_reply *reply)
{
    struct question question = { .seen = 0 };
    if (!str_equal(sim_request_header(request, "x-api-key"), str_of(world->key))) {
        refuse_json(reply, 403, "{\"message\":\"Forbidden\"}");
        return;
    }
    if (!request->is_post) {
        refuse_json(reply, 405, "{\"message\":\"Method Not Allowed\"}");
        return;
    }
    if (!sim_request_is_json(request) || request->args_count > 0 ||
        !read_question(request->body, &question)) {
        refuse_json(reply, 400, "{\"message\":\"Bad Request\"}");
        return;
    }
    reply->club = find_club(world->fleet, question.club_id);
    if (reply->club)
        put_answer(world, &question, reply);
    else
        refuse_json(reply, 403, "{\"message\":\"Forbidden\"}");
}

static void answer_info(const struct sim_world *world, const struct sim_request *request,
                        struct sim_reply *reply)
{
    struct str id_text = { request->path.ptr + INFO_PATH.len,
                           request->path.len - INFO_PATH.len };
    int64_t id = 0;
    char storage[256];
    struct buf text = buf_over(storage, sizeof(storage));
    if (str_to_i64(id_text, 1, INT64_MAX, &id))
        reply->club = find_club(world->fleet, id);
    if (!reply->club) {
        refuse_json(reply, 403, "{\"message\":\"Forbidden\"}");
        return;
    }
    const struct sim_place *place = reply->club->place;
    buf_printf(&text, "{\"name\":\"%s\",\"city\":\"%s\",\"state\":\"%s\",", reply->club->name,
               place->city, place->region);
    buf_printf(&text, "\"latitude\":%.4f,\"longitude\":%.4f,\"tzName\":\"%s\"}", place->lat,
               place->lon, place->zone);
    put_text(&reply->body, storage);
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    if (str_has_prefix(request->path, INFO_PATH))
        answer_info(world, request, reply);
    else
        answer_times(world, request, reply);
}

static bool owns(const struct sim_request *request)
{
    return str_equal_nocase(request->path, PATH_1) ||
           str_equal_nocase(request->path, PATH_1_0) ||
           str_has_prefix(request->path, INFO_PATH);
}

const struct sim_engine sim_membersports = {
    .name = "membersports",
    .host = "api.membersports.com",
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = membersports_truth,
};
