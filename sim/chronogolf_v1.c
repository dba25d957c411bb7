/* chronogolf_v1.c: V1: every start of the sheet, for one party size, in the shape of the
 * recordings. */
#include "chronogolf.h"

struct v1_question {
    const struct sim_club *club;
    const struct sim_course *course;
    int32_t date;
    uint8_t holes;
    unsigned size;
};

static void put_restrictions(struct writer *w, const struct v1_question *question,
                             const struct sim_slot *slot)
{
    KEY(w, "restrictions");
    put_open(w, '[');
    if (chronogolf_refuses_rate(question->course, slot, question->holes)) {
        for (unsigned i = 0; i < question->size; i++) {
            put_separator(w);
            PUT(w, "\"The following players don't have the right to play at that time: ");
            put_text(w, question->club->rate_name);
            PUT(w, "\"");
        }
    } else if (chronogolf_refuses_single(question->club, slot, question->size)) {
        put_separator(w);
        PUT(w, "\"Single players are not allowed to book online onto a fully empty tee time. "
               "This is a feature activated by the golf course. Please call the pro shop for "
               "more details or to request a booking.\"");
    }
    put_close(w, ']');
}

static void put_green_fee(struct writer *w, const struct sim_club *club, int64_t slot_id,
                          int32_t cents)
{
    put_separator(w);
    put_open(w, '{');
    KEY(w, "player_type_id");
    put_u64(w, (uint64_t)club->affiliation_id);
    KEY(w, "green_fee");
    put_money(w, cents);
    KEY(w, "half_cart");
    put_money_or_null(w, club->cart_cents);
    KEY(w, "one_person_cart");
    PUT(w, "null");
    KEY(w, "subtotal");
    put_money(w, sheet_subtotal(club, cents));
    KEY(w, "teetime_id");
    put_u64(w, (uint64_t)slot_id);
    KEY(w, "affiliation_type_id");
    put_u64(w, (uint64_t)club->affiliation_id);
    KEY(w, "price");
    put_money(w, cents);
    KEY(w, "one_person_cart_price");
    PUT(w, "null");
    KEY(w, "half_cart_price");
    put_money_or_null(w, club->cart_cents);
    put_close(w, '}');
}

static void put_v1_start(struct writer *w, const struct v1_question *question,
                         const struct sim_slot *slot, const struct chronogolf_date *date)
{
    KEY(w, "id");
    put_u64(w, (uint64_t)slot->id);
    KEY(w, "uuid");
    chronogolf_put_uuid(w, slot);
    KEY(w, "course_id");
    put_u64(w, (uint64_t)question->course->id);
    KEY(w, "start_time");
    chronogolf_put_clock(w, slot->minute, true);
    KEY(w, "date");
    put_string(w, date->text);
    KEY(w, "event_id");
    PUT(w, "null");
    KEY(w, "hole");
    put_u64(w, slot->hole);
    KEY(w, "round");
    PUT(w, "1");
    KEY(w, "format");
    PUT(w, "\"normal\"");
    KEY(w, "departure");
    PUT(w, "null");
}

static void put_v1_row(struct writer *w, const struct v1_question *question,
                       const struct sim_sheet *sheet, uint32_t index,
                       const struct chronogolf_date *date)
{
    const struct sim_slot *slot = &sheet->slots[index];
    bool restricted = chronogolf_refuses_rate(question->course, slot, question->holes) ||
                      chronogolf_refuses_single(question->club, slot, question->size);
    put_separator(w);
    put_open(w, '{');
    put_v1_start(w, question, slot, date);
    put_restrictions(w, question, slot);
    KEY(w, "out_of_capacity");
    put_bool(w, question->size + slot->booked > SIM_PARTY_MAX);
    KEY(w, "frozen");
    put_bool(w, slot->frozen);
    if (!restricted) {
        int32_t cents = sheet_green_fee(sheet, slot, question->holes);
        if (question->size == 1)
            cents += question->club->single_cents;
        KEY(w, "green_fees");
        put_open(w, '[');
        for (unsigned i = 0; i < question->size; i++)
            put_green_fee(w, question->club, slot->id, cents);
        put_close(w, ']');
    }
    put_close(w, '}');
}

static void put_v1_sheet(const struct sim_world *world, const struct v1_question *question,
                         struct writer *w)
{
    struct sim_sheet sheet;
    struct chronogolf_date date = chronogolf_date(question->date);
    sheet_build(world, question->course, question->date, &sheet);
    put_open(w, '[');
    for (uint32_t i = 0; i < sheet.count; i++)
        put_v1_row(w, question, &sheet, i, &date);
    put_close(w, ']');
}

/* Counts the players; false: an affiliation id is wrong, or there is none. */
static bool read_players(const struct sim_request *request, struct v1_question *question)
{
    for (uint32_t i = 0; i < request->args_count; i++) {
        int64_t id;
        if (!str_equal(request->args[i].name, STR("affiliation_type_ids[]")))
            continue;
        if (!str_to_i64(request->args[i].value, 1, INT64_MAX, &id) ||
            id != question->club->affiliation_id)
            return false;
        question->size++;
    }
    return question->size >= 1 && question->size <= SIM_PARTY_MAX;
}

static bool find_course(struct v1_question *question, int64_t course_id, int64_t holes)
{
    for (uint32_t i = 0; i < question->club->courses_count; i++) {
        const struct sim_course *course = &question->club->courses[i];
        if (course->id == course_id)
            question->course = course;
    }
    question->holes = (uint8_t)holes;
    return question->course &&
           (holes == question->course->holes[0] ||
            (question->course->holes_count > 1 && holes == question->course->holes[1]));
}

static bool read_v1_numbers(const struct sim_request *request, struct v1_question *question,
                            int64_t *ret_course_id, int64_t *ret_holes)
{
    struct str date, course, holes;
    return sim_request_arg(request, STR("date"), &date) &&
           sim_request_arg(request, STR("course_id"), &course) &&
           sim_request_arg(request, STR("nb_holes"), &holes) &&
           day_parse(date, &question->date) &&
           str_to_i64(course, 1, INT64_MAX, ret_course_id) &&
           str_to_i64(holes, 1, 36, ret_holes);
}

/* Reads the query; false: *reply refuses it. Stricter than the real service, because it checks
 * the collector. */
static bool read_v1(const struct sim_request *request, struct v1_question *question,
                    struct sim_reply *reply)
{
    int64_t course_id, holes;
    if (!read_v1_numbers(request, question, &course_id, &holes)) {
        sim_reply_refuse(reply, 400, "date, course_id or nb_holes is missing or malformed");
        return false;
    }
    if (!read_players(request, question)) {
        sim_reply_refuse(reply, 422, "Player type provided is not valid");
        return false;
    }
    if (request->args_overflow || request->args_count != 3 + question->size) {
        sim_reply_refuse(reply, 400, "an argument that this engine does not know");
        return false;
    }
    if (!find_course(question, course_id, holes)) {
        sim_reply_refuse(reply, 422, "Course or number of holes provided is not valid");
        return false;
    }
    return true;
}

void chronogolf_answer_v1(const struct sim_world *world, const struct sim_request *request,
                          struct sim_reply *reply)
{
    struct v1_question question = { .club = reply->club };
    if (!question.club || !chronogolf_is_v1(question.club)) {
        sim_reply_refuse(reply, 404, "no such club");
        return;
    }
    if (!read_v1(request, &question, reply))
        return;
    if (sheet_released(world, question.club, question.date)) {
        put_v1_sheet(world, &question, &reply->body);
        return;
    }
    sim_reply_refuse(reply, 422, "You are out of your booking range. The player type \"");
    put_text(&reply->body, question.club->rate_name);
    PUT(&reply->body, "\" can only book ");
    put_u64(&reply->body, question.club->window_days);
    PUT(&reply->body, " days in advance.");
}
