/* adapter.c: requests, tee times, outcomes and details that the adapters share. */
#include "engine/adapter.h"

#define SHEET_FIRST_ROOM 16
#define SHARE_LOOKBACK   16 /* tee times searched for an equal text */

ts_err engine_get_json(const struct buf *scratch, uint32_t reply_cap_bytes,
                       struct http_request *ret_request)
{
    if (scratch->overflow)
        return TS_ERR_FULL;
    *ret_request = (struct http_request){
        .method = "GET",
        .url = scratch->ptr,
        .headers = { "Accept: application/json" },
        .headers_count = 1,
        .reply_cap_bytes = reply_cap_bytes,
    };
    return TS_ERR_OK;
}

ts_err engine_post_json(const struct buf *scratch, const char *url, struct str body,
                        uint32_t reply_cap_bytes, struct http_request *ret_request)
{
    if (scratch->overflow)
        return TS_ERR_FULL;
    *ret_request = (struct http_request){
        .method = "POST",
        .url = url,
        .headers = { "Accept: application/json", "Content-Type: application/json" },
        .headers_count = 2,
        .body = body,
        .reply_cap_bytes = reply_cap_bytes,
    };
    return TS_ERR_OK;
}

void engine_skip_row(struct engine_result *result, const char *field, size_t offset)
{
    if (result->skipped_rows++ > 0)
        return;
    result->skipped_field = field;
    result->skipped_offset = offset;
}

/* Room for one more. The array doubles; what it leaves in the arena is less than itself. */
static bool sheet_make_room(struct engine_task *task, struct tee_sheet *sheet)
{
    uint32_t count = sheet->tee_times_count;
    bool is_full = count == 0 || (count >= SHEET_FIRST_ROOM && (count & (count - 1)) == 0);
    if (!is_full)
        return true;
    uint32_t room = count == 0 ? SHEET_FIRST_ROOM : count * 2;
    struct tee_time *moved = arena_alloc(task->arena, room, sizeof(*moved));
    if (!moved)
        return false;
    if (count > 0)
        memcpy(moved, sheet->tee_times, count * sizeof(*moved));
    sheet->tee_times = moved;
    return true;
}

static const char *text_of(const struct tee_time *tee_time, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)tee_time + offset, sizeof(text));
    return text;
}

/* Replaces a text by an equal one of an earlier tee time, or by a copy. */
static bool share_text(struct arena *arena, const struct tee_sheet *sheet, size_t offset,
                       const char **text)
{
    uint32_t count = sheet->tee_times_count;
    const char *own = **text ? NULL : "";
    for (uint32_t i = count; !own && i > 0 && count - i < SHARE_LOOKBACK; i--)
        if (strcmp(text_of(&sheet->tee_times[i - 1], offset), *text) == 0)
            own = text_of(&sheet->tee_times[i - 1], offset);
    *text = own ? own : arena_strdup(arena, str_of(*text));
    return *text != NULL;
}

bool engine_add_tee_time(struct engine_task *task, uint32_t sheet_index,
                         const struct tee_time *tee_time)
{
    struct tee_sheet *sheet = &task->sheets[sheet_index];
    struct tee_time own = *tee_time;
    struct arena *arena = task->arena;
    if (!share_text(arena, sheet, offsetof(struct tee_time, routing), &own.routing) ||
        !share_text(arena, sheet, offsetof(struct tee_time, rate_name), &own.rate_name) ||
        !share_text(arena, sheet, offsetof(struct tee_time, engine_ref), &own.engine_ref) ||
        !share_text(arena, sheet, offsetof(struct tee_time, url_template), &own.url_template) ||
        !sheet_make_room(task, sheet))
        return false;
    sheet->tee_times[sheet->tee_times_count++] = own;
    return true;
}

struct tee_time *engine_find_tee_time(struct tee_sheet *sheet, const struct tee_time *wanted)
{
    for (uint32_t i = 0; i < sheet->tee_times_count; i++)
        if (tee_time_compare(&sheet->tee_times[i], wanted) == 0 &&
            strcmp(sheet->tee_times[i].engine_ref, wanted->engine_ref) == 0)
            return &sheet->tee_times[i];
    return NULL;
}

void engine_settle_sheet(struct tee_sheet *sheet, const struct engine_rows *rows)
{
    bool is_empty = rows->own == 0 && rows->skipped == 0 && rows->others == 0;
    if (sheet->tee_times_count > 0) {
        sheet->outcome = OUTCOME_OPEN;
    } else if (rows->own > 0 || is_empty) {
        sheet->outcome = OUTCOME_NONE_OPEN;
    } else {
        sheet->outcome = OUTCOME_UNREADABLE;
        sheet->detail =
            rows->skipped > 0 ? "no row could be read" : "rows of other courses only";
    }
}

bool engine_no_tenant_key(const struct course *course, struct buf *key)
{
    (void)course;
    (void)key;
    return false;
}

uint32_t engine_request_each(const struct course *const *courses, uint32_t count)
{
    (void)courses;
    return count;
}

uint32_t engine_request_once(const struct course *const *courses, uint32_t count)
{
    (void)courses;
    return count > 0;
}

enum engine_verdict engine_done(struct engine_result *result, enum outcome outcome,
                                const char *detail)
{
    result->outcome = outcome;
    result->detail = detail;
    return ENGINE_DONE;
}

enum engine_verdict engine_done_too_large(struct engine_result *result)
{
    return engine_done(result, OUTCOME_TOO_LARGE,
                       "more tee times than the task's memory holds");
}

/* Skipping alone checks strings and brackets only: a list that breaks off at a word would pass
 * for a shorter one. The reader's limit bounds the depth. */
static void read_through(struct json *json)
{
    struct str key;
    enum json_type type = json_peek(json);
    if (type == JSON_ARRAY && json_enter_array(json))
        while (json_next(json))
            read_through(json);
    else if (type == JSON_OBJECT && json_enter_object(json))
        while (json_key(json, &key))
            read_through(json);
    else
        (void)json_skip(json);
}

bool engine_is_json(struct engine_task *task, const struct http_reply *reply,
                    struct engine_result *result, enum engine_verdict *ret_verdict)
{
    struct json json = json_over(reply->body);
    read_through(&json);
    enum json_error error = json_finish(&json);
    if (str_trim(reply->body).len == 0) {
        result->detail = "an empty body";
        *ret_verdict = ENGINE_TRUNCATED;
    } else if (error == JSON_TRUNCATED) {
        result->detail = "the reply ends too early";
        *ret_verdict = ENGINE_TRUNCATED;
    } else if (error != JSON_OK) {
        char storage[120];
        struct buf text = buf_over(storage, sizeof(storage));
        buf_printf(&text, "no JSON: %s at byte %zu", json_error_text(error),
                   json_offset(&json));
        const char *detail = arena_strdup(task->arena, buf_view(&text));
        *ret_verdict =
            engine_done(result, OUTCOME_UNREADABLE, detail ? detail : "the reply is no JSON");
    }
    return error == JSON_OK;
}

const char *engine_refusal(struct engine_task *task, const struct http_reply *reply)
{
    char words[ENGINE_TEXT_MAX + 1], storage[ENGINE_TEXT_MAX + 20];
    struct buf text = buf_over(storage, sizeof(storage));
    engine_clean_text(reply->body, words);
    buf_printf(&text, "HTTP %u: %s", reply->status, words);
    const char *detail = arena_strdup(task->arena, buf_view(&text));
    return detail ? detail : "the engine refuses the request";
}

bool engine_find_script(struct str page, struct str name, enum json_type type,
                        struct json *ret_json)
{
    const char *end = page.ptr + page.len, *at = page.ptr;
    while (page.len > 0 && (at = memmem(at, (size_t)(end - at), name.ptr, name.len))) {
        at += name.len;
        struct str rest = str_trim((struct str){ at, (size_t)(end - at) });
        if (!str_has_prefix(rest, STR("=")))
            continue;
        *ret_json = json_over(str_trim((struct str){ rest.ptr + 1, rest.len - 1 }));
        if (json_peek(ret_json) == type)
            return true;
    }
    return false;
}
