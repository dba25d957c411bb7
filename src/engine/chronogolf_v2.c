/*
 * chronogolf_v2.c: Chronogolf's V2 API: the open slots of a list of courses, 24 a page. Slots
 * are routed to every course of the task whose uuids hold the slot's; step = page − 1.
 */
#include <assert.h>

#include "base/day.h"
#include "engine/chronogolf.h"

#define PAGE_SLOTS 24
#define PAGES_MAX  10
#define SLOTS_MAX  (PAGES_MAX * PAGE_SLOTS)

/* What the task keeps between pages. */
struct v2_state {
    int64_t *ids;    /* of all slots seen, SLOTS_MAX, in the task's arena */
    uint32_t slots;  /* seen */
    uint32_t others; /* of them: of courses that nobody asked for */
    bool has_total;
    int64_t total; /* slots that the engine announced */
    /* per course: slots read and slots that could not be read */
    uint16_t read[ENGINE_TASK_COURSES_MAX], skipped[ENGINE_TASK_COURSES_MAX];
};

static_assert(sizeof(struct v2_state) <= ENGINE_TASK_STATE_BYTES, "state");

struct v2_page {
    struct str status, slots; /* the raw list */
};

static struct v2_state *state_of(struct engine_task *task)
{
    return (struct v2_state *)(void *)task->state;
}

ts_err chronogolf_v2_request(const struct engine_task *task, struct buf *scratch,
                             struct http_request *ret_request)
{
    buf_puts(scratch, CHRONOGOLF_SITE "/marketplace/v2/teetimes?start_date=");
    day_format(task->play_date, scratch);
    buf_puts(scratch, "&course_ids=");
    size_t list = scratch->len;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct str rest = course_attribute(task->courses[i], CHRONOGOLF_COURSE_UUIDS), uuid;
        while (str_split(&rest, ',', &uuid)) {
            struct str written = { scratch->ptr + list, scratch->len - list };
            if (str_contains_nocase(written, uuid))
                continue;
            if (written.len > 0)
                buf_putc(scratch, ',');
            buf_put(scratch, uuid);
        }
    }
    buf_printf(scratch, "&page=%u", task->step + 1);
    return engine_get_json(scratch, CHRONOGOLF_V2_CAP_BYTES, ret_request);
}

/* Gives the slot to its courses; one that cannot be read is counted for each course that it may
 * have been for. False: the arena is full. */
static bool route_slot(struct engine_task *task, const struct chronogolf_row *slot,
                       bool is_readable)
{
    struct v2_state *state = state_of(task);
    struct str uuid = str_of(slot->uuid);
    bool is_ours = false;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        if (uuid.len > 0 && !chronogolf_has_uuid(task->courses[i], uuid))
            continue;
        is_ours = true;
        if (!is_readable) {
            state->skipped[i]++;
            continue;
        }
        state->read[i]++;
        if (!slot->frozen && !chronogolf_v2_add(task, i, slot))
            return false;
    }
    state->others += !is_ours;
    return true;
}

/* A row for several courses needs the name that tells their tee times apart. */
static bool needs_name(const struct engine_task *task, struct str uuid)
{
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct str uuids = course_attribute(task->courses[i], CHRONOGOLF_COURSE_UUIDS);
        if (engine_list_count(uuids) > 1 && chronogolf_has_uuid(task->courses[i], uuid))
            return true;
    }
    return false;
}

static bool read_slot(const struct engine_task *task, struct json *json,
                      struct chronogolf_row *ret_slot, struct engine_fault *ret_fault)
{
    if (!chronogolf_v2_read_row(json, task->play_date, ret_slot, ret_fault))
        return false;
    if (!ret_slot->course_name[0] && needs_name(task, str_of(ret_slot->uuid)))
        ret_fault->field = "course.name";
    return !ret_fault->field;
}

/* Among the first `count` slots. An id that could not be read is 0. */
static bool was_seen(const struct v2_state *state, int64_t id, uint32_t count)
{
    for (uint32_t i = 0; id > 0 && i < count; i++)
        if (state->ids[i] == id)
            return true;
    return false;
}

/* Slots moved between pages while they were read: what was seen may lack some. */
static enum engine_verdict inconsistent(const struct engine_task *task,
                                        struct engine_result *result)
{
    if (task->restarts == 0)
        return ENGINE_RESTART;
    return engine_done(result, OUTCOME_UNREADABLE, "pages that contradict each other, twice");
}

/* What a first page without slots means. */
static enum outcome outcome_of_status(struct str status)
{
    if (str_equal(status, STR("sold_out")))
        return OUTCOME_SOLD_OUT;
    if (str_equal(status, STR("closed")))
        return OUTCOME_CLOSED;
    return str_equal(status, STR("open")) ? OUTCOME_NONE_OPEN : OUTCOME_UNREADABLE;
}

static enum outcome outcome_of_sheet(struct engine_task *task, uint32_t i, struct str status)
{
    const struct v2_state *state = state_of(task);
    if (task->sheets[i].tee_times_count > 0)
        return OUTCOME_OPEN;
    if (state->skipped[i] > 0 && state->read[i] == 0)
        return OUTCOME_UNREADABLE;
    return state->slots == 0 ? outcome_of_status(status) : OUTCOME_NONE_OPEN;
}

static enum engine_verdict finish(struct engine_task *task, struct str status,
                                  struct engine_result *result)
{
    const struct v2_state *state = state_of(task);
    if (state->has_total && state->total != state->slots)
        return inconsistent(task, result);
    if (state->slots > 0 && state->others == state->slots)
        return engine_done(result, OUTCOME_UNREADABLE, "slots of other courses only");
    for (uint32_t i = 0; i < task->courses_count; i++) {
        task->sheets[i].outcome = outcome_of_sheet(task, i, status);
        if (task->sheets[i].outcome == OUTCOME_UNREADABLE)
            task->sheets[i].detail =
                state->slots > 0 ? "no row could be read" : "no slots and an unknown status";
    }
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict read_slots(struct engine_task *task, const struct v2_page *page,
                                      size_t base, struct engine_result *result)
{
    struct v2_state *state = state_of(task);
    uint32_t before = state->slots;
    struct json json = json_over(page->slots);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct chronogolf_row slot;
        struct engine_fault fault;
        if (state->slots == SLOTS_MAX)
            return engine_done(result, OUTCOME_UNREADABLE, "more than 10 pages of slots");
        bool is_readable = read_slot(task, &json, &slot, &fault);
        if (!is_readable)
            engine_skip_row(result, fault.field, base + fault.offset);
        if (was_seen(state, slot.id, before))
            return inconsistent(task, result);
        state->ids[state->slots++] = slot.id;
        if (!route_slot(task, &slot, is_readable))
            return engine_done_too_large(result);
    }
    if (json_finish(&json) != JSON_OK) /* inside a slot: what follows was not read */
        return engine_done(result, OUTCOME_UNREADABLE, "broken JSON in a slot");
    if (state->slots - before < PAGE_SLOTS)
        return finish(task, page->status, result);
    if (++task->step == PAGES_MAX)
        return engine_done(result, OUTCOME_UNREADABLE, "more than 10 pages of slots");
    return ENGINE_NEXT;
}

static bool read_page(struct str body, struct v2_page *ret_page)
{
    struct v2_page page = { { NULL, 0 }, { NULL, 0 } };
    struct json json = json_over(body);
    struct str key;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key)) {
        if (str_equal(key, STR("status")))
            (void)json_string_raw(&json, &page.status);
        else if (str_equal(key, STR("teetimes")) && json_peek(&json) == JSON_ARRAY)
            (void)json_raw(&json, &page.slots);
    }
    *ret_page = page;
    return page.status.len > 0 && page.slots.len > 0;
}

/* The header counts the slots of all pages; one past the end need not say it. False: it is not
 * what it was on the page before. */
static bool note_total(struct engine_task *task, const struct http_reply *reply,
                       const struct v2_page *page)
{
    struct v2_state *state = state_of(task);
    struct json json = json_over(page->slots);
    bool has_slots = json_enter_array(&json) && json_next(&json);
    int64_t total;
    if ((!has_slots && task->step > 0) ||
        !str_to_i64(str_of(reply->total), 0, INT32_MAX, &total))
        return true;
    if (state->has_total)
        return total == state->total;
    state->has_total = true;
    state->total = total;
    return true;
}

enum engine_verdict chronogolf_v2_parse(struct engine_task *task,
                                        const struct http_reply *reply,
                                        struct engine_result *result)
{
    struct v2_state *state = state_of(task);
    struct v2_page page;
    enum engine_verdict verdict;
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (!read_page(reply->body, &page))
        return engine_done(result, OUTCOME_UNREADABLE, "no status or no list of teetimes");
    if (!state->ids)
        state->ids = arena_alloc(task->arena, SLOTS_MAX, sizeof(*state->ids));
    if (!state->ids)
        return engine_done_too_large(result);
    if (!note_total(task, reply, &page))
        return inconsistent(task, result);
    return read_slots(task, &page, (size_t)(page.slots.ptr - reply->body.ptr), result);
}
