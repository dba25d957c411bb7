/*
 * chronogolf_v1.c: Chronogolf's V1 API: the whole tee sheet of one course, hole count and party
 * size per request. The conversation asks each course_id × hole count for 1 to 4 players, so
 * that step = combination × 4 + (players − 1), and unites the answers by the engine's id.
 */
#include <assert.h>

#include "base/day.h"
#include "engine/chronogolf.h"

#define PLAYERS_MAX   4
#define HOLES_DEFAULT 18

/* What the task keeps between replies. */
struct v1_state {
    uint32_t closed; /* combinations that said so */
};

static_assert(sizeof(struct v1_state) <= ENGINE_TASK_STATE_BYTES, "state");

/* What one request asks for. */
struct v1_ask {
    struct str course_id;
    uint8_t holes;
    unsigned players;
    uint32_t combination, combinations;
    bool one_course;
};

static uint32_t holes_count(const struct course *course)
{
    uint32_t count = engine_list_count(course_attribute(course, CHRONOGOLF_NB_HOLES));
    return count > 0 ? count : 1;
}

/* The column `holes` may count the loops of a club (27, 36), which nobody can ask for. */
static uint8_t holes_at(const struct course *course, uint32_t index)
{
    int64_t holes = course->holes;
    struct str item = engine_list_at(course_attribute(course, CHRONOGOLF_NB_HOLES), index);
    if (item.len > 0 && str_to_i64(item, 1, UINT8_MAX, &holes))
        return (uint8_t)holes;
    return holes >= 1 && holes <= HOLES_DEFAULT ? (uint8_t)holes : HOLES_DEFAULT;
}

static uint32_t combinations_of(const struct course *course)
{
    return engine_list_count(course_attribute(course, CHRONOGOLF_COURSE_ID)) *
           holes_count(course);
}

uint32_t chronogolf_v1_requests(const struct course *course)
{
    return combinations_of(course) * PLAYERS_MAX;
}

static struct v1_ask ask_of(const struct engine_task *task)
{
    const struct course *course = task->courses[0];
    struct str ids = course_attribute(course, CHRONOGOLF_COURSE_ID);
    uint32_t combination = task->step / PLAYERS_MAX;
    return (struct v1_ask){
        .course_id = engine_list_at(ids, combination / holes_count(course)),
        .holes = holes_at(course, combination % holes_count(course)),
        .players = task->step % PLAYERS_MAX + 1,
        .combination = combination,
        .combinations = combinations_of(course),
        .one_course = engine_list_count(ids) == 1,
    };
}

ts_err chronogolf_v1_request(const struct engine_task *task, struct buf *scratch,
                             struct http_request *ret_request)
{
    const struct course *course = task->courses[0];
    struct v1_ask ask = ask_of(task);
    buf_puts(scratch, CHRONOGOLF_SITE "/marketplace/clubs/");
    buf_put(scratch, course_attribute(course, CHRONOGOLF_CLUB_ID));
    buf_puts(scratch, "/teetimes?date=");
    day_format(task->play_date, scratch);
    buf_printf(scratch, "&course_id=%.*s&nb_holes=%u", STR_ARGS(ask.course_id), ask.holes);
    for (unsigned i = 0; i < ask.players; i++) {
        buf_puts(scratch, "&affiliation_type_ids%5B%5D=");
        buf_put(scratch, course_attribute(course, CHRONOGOLF_AFFILIATION));
    }
    return engine_get_json(scratch, CHRONOGOLF_V1_CAP_BYTES, ret_request);
}

/* Adds the row for this party size. The smallest size, asked first, sets the price. */
static bool unite(struct engine_task *task, const struct v1_ask *ask,
                  const struct chronogolf_row *row)
{
    char ref_storage[24], routing_storage[24], template_storage[400];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf routing = buf_over(routing_storage, sizeof(routing_storage));
    struct buf template = buf_over(template_storage, sizeof(template_storage));
    buf_put_i64(&ref, row->id);
    if (!ask->one_course)
        buf_put(&routing, ask->course_id);
    struct tee_time tee_time = {
        .start_minute = row->minute,
        .holes = ask->holes,
        .start_hole = row->hole,
        .party_sizes = tee_time_party(ask->players),
        .routing = routing.ptr,
        .rate_name = "",
        .engine_ref = ref.ptr,
    };
    struct tee_time *known = engine_find_tee_time(&task->sheets[0], &tee_time);
    if (known) {
        known->party_sizes |= tee_time.party_sizes;
        return true;
    }
    chronogolf_set_price(&tee_time, &row->price);
    chronogolf_v1_link(task, ask->course_id, &template);
    tee_time.url_template = template.ptr;
    return engine_add_tee_time(task, 0, &tee_time);
}

static enum engine_verdict finish(struct engine_task *task, struct engine_result *result)
{
    const struct v1_state *state = (const struct v1_state *)(const void *)task->state;
    uint32_t combinations = combinations_of(task->courses[0]);
    if (task->sheets[0].tee_times_count > 0)
        return engine_done(result, OUTCOME_OPEN, NULL);
    if (state->closed == combinations)
        return engine_done(result, OUTCOME_CLOSED, NULL);
    return engine_done(result, OUTCOME_NONE_OPEN, NULL);
}

/* On to the next size or, where larger ones are known to find nothing, combination. */
static enum engine_verdict advance(struct engine_task *task, const struct v1_ask *ask,
                                   bool larger_find_nothing, struct engine_result *result)
{
    task->step = larger_find_nothing ? (ask->combination + 1) * PLAYERS_MAX : task->step + 1;
    return task->step < ask->combinations * PLAYERS_MAX ? ENGINE_NEXT : finish(task, result);
}

/* A list in which every row is frozen or out of capacity proves that larger parties find
 * nothing either; restricted rows prove nothing: a single player is often barred where two are
 * not. */
static enum engine_verdict read_rows(struct engine_task *task, const struct http_reply *reply,
                                     struct engine_result *result)
{
    struct v1_ask ask = ask_of(task);
    struct json json = json_over(reply->body);
    uint32_t rows = 0, taken = 0;
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct chronogolf_row row;
        struct engine_fault fault;
        rows++;
        if (!chronogolf_v1_read_row(&json, task->play_date, &row, &fault))
            engine_skip_row(result, fault.field, fault.offset);
        else if (row.frozen || row.out_of_capacity)
            taken++;
        else if (!row.restricted && !unite(task, &ask, &row))
            return engine_done_too_large(result);
    }
    if (json_finish(&json) != JSON_OK) /* inside a row: what follows was not read */
        return engine_done(result, OUTCOME_UNREADABLE, "broken JSON in a row");
    if (rows > 0 && result->skipped_rows == rows)
        return engine_done(result, OUTCOME_UNREADABLE, "no row could be read");
    return advance(task, &ask, taken == rows, result);
}

/* A combination that has no tee sheet that day says so for all party sizes. */
static enum engine_verdict no_tee_sheet(struct engine_task *task, struct engine_result *result)
{
    struct v1_ask ask = ask_of(task);
    if (ask.players > 1)
        return engine_done(result, OUTCOME_UNREADABLE,
                           "no tee sheet, but one for fewer players");
    return advance(task, &ask, true, result);
}

/* The booking range is the player type's: what the first request hears goes for all of them.
 * Which status comes with these words is not known. */
static enum engine_verdict out_of_range(struct engine_task *task,
                                        const struct http_reply *reply,
                                        struct engine_result *result)
{
    if (task->step == 0)
        return engine_done(result, OUTCOME_NOT_RELEASED, engine_refusal(task, reply));
    return no_tee_sheet(task, result);
}

static bool says_closed(struct str body)
{
    struct json json = json_over(body);
    struct str key, status = { NULL, 0 };
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key))
        if (str_equal(key, STR("status")))
            (void)json_string_raw(&json, &status);
    return str_equal(status, STR("closed"));
}

enum engine_verdict chronogolf_v1_parse(struct engine_task *task,
                                        const struct http_reply *reply,
                                        struct engine_result *result)
{
    struct v1_state *state = (struct v1_state *)(void *)task->state;
    enum engine_verdict verdict;
    struct json json = json_over(reply->body);
    bool is_list = json_peek(&json) == JSON_ARRAY;
    assert(task->courses_count == 1);
    if ((reply->status != 200 || !is_list) &&
        str_contains_nocase(reply->body, STR("booking range")))
        return out_of_range(task, reply, result);
    if (reply->status == 422)
        return engine_done(result, OUTCOME_MISCONFIGURED, engine_refusal(task, reply));
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (is_list)
        return read_rows(task, reply, result);
    if (!says_closed(reply->body))
        return engine_done(result, OUTCOME_UNREADABLE, "no list of tee times");
    state->closed++;
    return no_tee_sheet(task, result);
}
