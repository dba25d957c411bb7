/* cps_list.c: the list of slots of CPS Golf, routed to every row of the task that their course
 * belongs to, and what a refusal or a list
 * without slots means. */
#include "base/day.h"
#include "engine/cps_slot.h"

/* A list in any of its forms: v5 wraps it in an envelope, old v4 does not. */
struct list {
    struct str slots;   /* the raw array */
    struct str message; /* the messageKey instead of slots */
    bool is_wrapped;    /* with isSuccess true */
    bool is_failure;    /* isSuccess is anything else */
};

/* What the slots came to, per row of the task. */
struct tally {
    uint32_t slots, skipped;
    uint32_t read[ENGINE_TASK_COURSES_MAX], lost[ENGINE_TASK_COURSES_MAX];
};

static struct str message_of(struct str object)
{
    struct json json = json_over(object);
    struct str key, message = { NULL, 0 };
    (void)json_enter_object(&json);
    while (json_key(&json, &key))
        if (str_equal(key, STR("messageKey")))
            (void)json_string_raw(&json, &message);
    return message;
}

static void read_content(struct json *json, struct list *list)
{
    enum json_type type = json_peek(json);
    struct str raw = { NULL, 0 };
    (void)json_raw(json, &raw);
    if (type == JSON_ARRAY)
        list->slots = raw;
    else if (type == JSON_OBJECT)
        list->message = message_of(raw);
}

static struct list read_list(struct str body)
{
    struct list list = { .is_failure = false };
    struct json json = json_over(body);
    struct str key;
    if (json_peek(&json) == JSON_ARRAY)
        read_content(&json, &list);
    if (json_peek(&json) != JSON_OBJECT)
        return list;
    list.message = message_of(body);
    (void)json_enter_object(&json);
    while (json_key(&json, &key)) {
        if (str_equal(key, STR("content")))
            read_content(&json, &list);
        else if (str_equal(key, STR("isSuccess")))
            list.is_failure = !json_bool(&json, &list.is_wrapped) || !list.is_wrapped;
    }
    return list;
}

/* A row that stands for several courses tells them apart by their names. */
static bool needs_name(const struct engine_task *task, int64_t course_id)
{
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct str ids = course_attribute(task->courses[i], CPS_COURSE_IDS);
        if (engine_list_count(ids) != 1 && cps_row_has_course(task->courses[i], course_id))
            return true;
    }
    return false;
}

static bool read_slot(const struct engine_task *task, struct json *json,
                      struct cps_slot *ret_slot, struct engine_fault *ret_fault)
{
    if (!cps_read_slot(json, task->play_date, ret_slot, ret_fault))
        return false;
    if (!ret_slot->course_name[0] && needs_name(task, ret_slot->course_id))
        ret_fault->field = "courseName";
    return !ret_fault->field;
}

/* A slot that cannot be read is counted for each row that it may have been for. */
static bool route_slot(struct engine_task *task, const struct cps_slot *slot, bool is_readable,
                       struct tally *tally)
{
    for (uint32_t i = 0; i < task->courses_count; i++) {
        if (slot->course_id > 0 && !cps_row_has_course(task->courses[i], slot->course_id))
            continue;
        if (!is_readable) {
            tally->lost[i]++;
            continue;
        }
        tally->read[i]++;
        if (!cps_add_slot(task, i, slot))
            return false;
    }
    return true;
}

static bool is_of_tenant(const struct cps_tenant *tenant, const struct course *course)
{
    for (uint32_t i = 0; i < tenant->courses_count; i++)
        if (cps_row_has_course(course, tenant->courses[i]))
            return true;
    return tenant->courses_count == 0;
}

static void close_sheet(struct engine_task *task, uint32_t row, bool has_lost)
{
    struct tee_sheet *sheet = &task->sheets[row];
    sheet->outcome = OUTCOME_NONE_OPEN;
    if (sheet->tee_times_count > 0) {
        sheet->outcome = OUTCOME_OPEN;
    } else if (has_lost) {
        sheet->outcome = OUTCOME_UNREADABLE;
        sheet->detail = "no row could be read";
    } else if (!is_of_tenant(cps_tenant(task), task->courses[row])) {
        sheet->outcome = OUTCOME_MISCONFIGURED;
        sheet->detail = "courseIds: none of them is an active course of the tenant";
    }
}

static enum engine_verdict finish(struct engine_task *task, const struct tally *tally,
                                  struct engine_result *result)
{
    if (tally->slots > 0 && tally->skipped == tally->slots)
        return engine_done(result, OUTCOME_UNREADABLE, "no row could be read");
    for (uint32_t i = 0; i < task->courses_count; i++)
        close_sheet(task, i, tally->lost[i] > 0 && tally->read[i] == 0);
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict read_slots(struct engine_task *task, struct str slots, size_t base,
                                      struct engine_result *result)
{
    struct tally tally = { .slots = 0 };
    struct json json = json_over(slots);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct cps_slot slot;
        struct engine_fault fault;
        bool is_readable = read_slot(task, &json, &slot, &fault);
        tally.slots++;
        if (!is_readable) {
            tally.skipped++;
            engine_skip_row(result, fault.field, base + fault.offset);
        }
        if (!route_slot(task, &slot, is_readable, &tally))
            return engine_done_too_large(result);
    }
    return finish(task, &tally, result);
}

/* One empty list in thirty-five is false: it is asked for again, once. */
static enum engine_verdict no_slots(struct engine_task *task, struct engine_result *result)
{
    const struct tally nothing = { .slots = 0 };
    if (++cps_state(task)->empties > 1)
        return finish(task, &nothing, result);
    task->step++;
    return ENGINE_NEXT;
}

/* A date that is not released yet, or a transaction that is not known (any more). */
static enum engine_verdict parse_refusal(struct engine_task *task,
                                         const struct http_reply *reply,
                                         struct engine_result *result)
{
    struct cps_state *state = cps_state(task);
    struct json json = json_over(reply->body);
    struct str text = { NULL, 0 };
    bool is_text = json_string_raw(&json, &text) && json_finish(&json) == JSON_OK;
    if (is_text && str_contains_nocase(text, STR("not able to book")))
        return engine_done(result, OUTCOME_NOT_RELEASED, engine_refusal(task, reply));
    bool is_transaction = str_contains_nocase(reply->body, STR("Invalid Transaction Id"));
    if (is_transaction && state->registrations == 0) {
        state->registrations++;
        state->is_registered = false;
        cps_tenant(task)->registers = true;
        task->step++;
        return ENGINE_NEXT;
    }
    return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
}

/* An empty array proves something only inside an envelope. */
static bool says_none(const struct list *list)
{
    return str_equal(list->message, STR("NO_TEETIMES")) ||
           (list->slots.len > 0 && list->is_wrapped);
}

enum engine_verdict cps_parse_list(struct engine_task *task, const struct http_reply *reply,
                                   struct engine_result *result)
{
    enum engine_verdict verdict;
    if (reply->status == 400)
        return parse_refusal(task, reply, result);
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    struct list list = read_list(reply->body);
    struct json json = json_over(list.slots);
    if (list.is_failure)
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    if (list.slots.len > 0 && json_enter_array(&json) && json_next(&json))
        return read_slots(task, list.slots, (size_t)(list.slots.ptr - reply->body.ptr), result);
    if (says_none(&list))
        return no_slots(task, result);
    return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
}
