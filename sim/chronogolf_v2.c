/* chronogolf_v2.c: V2: pages of 24 starts of one or several courses, in the shape of the
 * recordings. */
#include "chronogolf.h"

#define PAGE_SLOTS 24

struct v2_question {
    const struct sim_club *club;
    uint32_t courses_count;
    const struct sim_course *courses[SIM_CLUB_COURSES_MAX];
    int32_t date;
    int64_t page;
};

/* The slots that V2 lists, by start over all courses asked. */
struct v2_list {
    struct sim_sheet sheets[SIM_CLUB_COURSES_MAX];
    uint32_t next[SIM_CLUB_COURSES_MAX];
    uint32_t count;
    struct {
        const struct sim_sheet *sheet;
        const struct sim_slot *slot;
    } items[SIM_CLUB_COURSES_MAX * SIM_SLOTS_MAX];
};

/* The sheet with the earliest start that is not in the list yet, or -1. */
static int earliest(const struct v2_list *list, uint32_t sheets_count)
{
    int best = -1;
    uint16_t best_minute = UINT16_MAX;
    for (uint32_t i = 0; i < sheets_count; i++) {
        if (list->next[i] == list->sheets[i].count)
            continue;
        uint16_t minute = list->sheets[i].slots[list->next[i]].minute;
        if (minute < best_minute) {
            best = (int)i;
            best_minute = minute;
        }
    }
    return best;
}

static void list_slots(const struct sim_world *world, const struct v2_question *question,
                       struct v2_list *list)
{
    list->count = 0;
    for (uint32_t i = 0; i < question->courses_count; i++) {
        list->next[i] = 0;
        sheet_build(world, question->courses[i], question->date, &list->sheets[i]);
    }
    for (int i; (i = earliest(list, question->courses_count)) >= 0;) {
        const struct sim_slot *slot = &list->sheets[i].slots[list->next[i]++];
        if (!chronogolf_v2_lists(slot))
            continue;
        list->items[list->count].sheet = &list->sheets[i];
        list->items[list->count++].slot = slot;
    }
}

static void put_v2_course(struct writer *w, const struct sim_course *course)
{
    KEY(w, "course");
    put_open(w, '{');
    KEY(w, "id");
    put_u64(w, (uint64_t)course->id);
    KEY(w, "bookable_holes");
    put_open(w, '[');
    for (uint32_t i = course->holes_count; i > 0; i--) { /* the smaller first */
        put_separator(w);
        put_u64(w, course->holes[i - 1]);
    }
    put_close(w, ']');
    KEY(w, "holes"); /* unreliable, as in the recordings */
    put_u64(w, course->hash & 2 ? 18 : 9);
    KEY(w, "name");
    put_string(w, course->name);
    KEY(w, "uuid");
    put_string(w, course->uuid);
    put_close(w, '}');
}

static void put_v2_price(struct writer *w, const struct sim_sheet *sheet,
                         const struct sim_slot *slot)
{
    const struct sim_club *club = sheet->course->club;
    uint8_t holes = chronogolf_priced_holes(sheet->course, slot);
    KEY(w, "default_price");
    if (holes == 0) {
        PUT(w, "null");
        return;
    }
    int32_t cents = sheet_green_fee(sheet, slot, holes);
    put_open(w, '{');
    KEY(w, "green_fee");
    put_money(w, cents);
    KEY(w, "half_cart");
    put_money_or_null(w, club->cart_cents);
    KEY(w, "one_person_cart");
    PUT(w, "null");
    KEY(w, "player_type_id");
    put_u64(w, (uint64_t)club->affiliation_id);
    KEY(w, "subtotal");
    put_money(w, sheet_subtotal(club, cents));
    KEY(w, "bookable_holes");
    put_u64(w, holes);
    KEY(w, "affiliation_type");
    put_string(w, club->rate_name);
    put_close(w, '}');
}

static void put_v2_times(struct writer *w, const struct sim_slot *slot,
                         const struct chronogolf_date *date, int64_t midnight)
{
    char text[32];
    struct buf instant = buf_over(text, sizeof(text));
    instant_format(midnight + slot->minute * (int64_t)60, &instant);
    KEY(w, "starts_at");
    put_string(w, text);
    KEY(w, "start_time");
    chronogolf_put_clock(w, slot->minute, false);
    KEY(w, "date");
    put_string(w, date->text);
    KEY(w, "event_id");
    PUT(w, "null");
}

static void put_v2_row(struct writer *w, const struct sim_sheet *sheet,
                       const struct sim_slot *slot, const struct chronogolf_date *date,
                       int64_t midnight)
{
    unsigned size_min = chronogolf_refuses_single(sheet->course->club, slot, 1) ? 2 : 1;
    put_separator(w);
    put_open(w, '{');
    KEY(w, "id");
    put_u64(w, (uint64_t)slot->id);
    KEY(w, "uuid");
    chronogolf_put_uuid(w, slot);
    put_v2_course(w, sheet->course);
    KEY(w, "hole");
    put_u64(w, slot->hole);
    KEY(w, "has_cart");
    PUT(w, "false");
    KEY(w, "min_player_size");
    put_u64(w, size_min);
    KEY(w, "max_player_size");
    put_u64(w, SIM_PARTY_MAX - (unsigned)slot->booked);
    put_v2_times(w, slot, date, midnight);
    KEY(w, "has_deal");
    put_bool(w, slot->hash & 1);
    put_v2_price(w, sheet, slot);
    KEY(w, "departure");
    PUT(w, "null");
    KEY(w, "format");
    PUT(w, "\"normal\"");
    KEY(w, "frozen");
    put_bool(w, slot->frozen);
    put_close(w, '}');
}

static void put_v2_body(struct writer *w, const char *status, const struct v2_list *list,
                        uint32_t from, const struct v2_question *question)
{
    struct chronogolf_date date = chronogolf_date(question->date);
    /* Play never falls into the small hours in which clocks change. */
    int64_t midnight = zone_instant(question->club->zone, question->date, 720) - 720 * 60;
    put_open(w, '{');
    KEY(w, "status");
    put_string(w, status);
    KEY(w, "teetimes");
    put_open(w, '[');
    for (uint32_t i = from; list && i < list->count && i < from + PAGE_SLOTS; i++)
        put_v2_row(w, list->items[i].sheet, list->items[i].slot, &date, midnight);
    put_close(w, ']');
    put_close(w, '}');
}

static bool read_courses(const struct sim_world *world, struct str text,
                         struct v2_question *question)
{
    struct str uuid;
    while (str_split(&text, ',', &uuid)) {
        const struct sim_course *course = fleet_course_by_uuid(world->fleet, uuid);
        if (!course || question->courses_count == SIM_CLUB_COURSES_MAX ||
            (question->club && question->club != course->club))
            return false;
        for (uint32_t i = 0; i < question->courses_count; i++) {
            if (question->courses[i] == course)
                return false;
        }
        question->club = course->club;
        question->courses[question->courses_count++] = course;
    }
    return question->club && !chronogolf_is_v1(question->club);
}

static bool read_v2(const struct sim_world *world, const struct sim_request *request,
                    struct v2_question *question, struct sim_reply *reply)
{
    struct str date, courses, page;
    bool whole = !request->args_overflow && request->args_count == 3 &&
                 sim_request_arg(request, STR("start_date"), &date) &&
                 sim_request_arg(request, STR("course_ids"), &courses) &&
                 sim_request_arg(request, STR("page"), &page) &&
                 day_parse(date, &question->date) && str_to_i64(page, 1, 1000, &question->page);
    if (!whole) {
        sim_reply_refuse(reply, 400,
                         "start_date, course_ids and page are wanted, and nothing else");
        return false;
    }
    if (!read_courses(world, courses, question)) {
        sim_reply_refuse(reply, 404, "course_ids are not distinct courses of one club");
        return false;
    }
    reply->club = question->club;
    return true;
}

void chronogolf_answer_v2(const struct sim_world *world, const struct sim_request *request,
                          struct sim_reply *reply)
{
    struct v2_question question = { 0 };
    if (!read_v2(world, request, &question, reply))
        return;
    reply->total = 0;
    reply->per_page = PAGE_SLOTS;
    enum sim_club_day day = sheet_club_day(question.club, question.date);
    if (day == SIM_CLUB_CLOSED || !sheet_released(world, question.club, question.date) ||
        sheet_past(world, question.club, question.date)) {
        put_v2_body(&reply->body, "closed", NULL, 0, &question);
        return;
    }
    struct v2_list list;
    list_slots(world, &question, &list);
    uint32_t from = (uint32_t)(question.page - 1) * PAGE_SLOTS;
    if (day == SIM_CLUB_SOLD_OUT || (from > 0 && from >= list.count)) {
        reply->total = day == SIM_CLUB_SOLD_OUT ? 0 : list.count;
        put_v2_body(&reply->body, "sold_out", NULL, 0, &question);
        return;
    }
    reply->total = list.count;
    put_v2_body(&reply->body, "open", &list, from, &question);
}
