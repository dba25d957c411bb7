/* adapter.c: reading replies by tables of fields, and adding tee times to a task's sheets. */
#include "engine/adapter.h"

#include <assert.h>

#include "base/day.h"

#define DECODE_BYTES     512 /* longer texts of a reply are unreadable */
#define SHEET_FIRST_ROOM 16
#define SHARE_LOOKBACK   16 /* tee times searched for an equal text */

/* How many bytes of a control character (C0, DEL, C1) stand at text.ptr[at]; 0: another one. */
static size_t control_len(struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    unsigned char after = at + 1 < text.len ? (unsigned char)text.ptr[at + 1] : 0;
    if (c == 0xc2 && after >= 0x80 && after < 0xa0)
        return 2;
    return c < 0x20 || c == 0x7f ? 1 : 0;
}

/* Not longer than ENGINE_TEXT_MAX, ending at a character's border. */
static size_t cut_len(struct str text)
{
    size_t len = text.len;
    if (len <= ENGINE_TEXT_MAX)
        return len;
    len = ENGINE_TEXT_MAX;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* Copies what is no control character, trimmed and cut. */
static void clean_text(struct str raw, char *into)
{
    char clean[DECODE_BYTES];
    size_t len = 0;
    raw.len = raw.len < sizeof(clean) ? raw.len : sizeof(clean);
    for (size_t i = 0; i < raw.len;) {
        size_t control = control_len(raw, i);
        if (control == 0)
            clean[len++] = raw.ptr[i];
        i += control > 0 ? control : 1;
    }
    struct str text = str_trim((struct str){ clean, len });
    text.len = cut_len(text);
    if (text.len > 0)
        memcpy(into, text.ptr, text.len);
    into[text.len] = '\0';
}

static bool read_text(struct json *json, char *into)
{
    char decoded[DECODE_BYTES];
    struct str text;
    if (!json_string(json, decoded, sizeof(decoded), &text))
        return false;
    clean_text(text, into);
    return true;
}

static bool read_i64(struct json *json, int64_t min, int64_t max, int64_t *ret_value)
{
    int64_t value;
    if (!json_i64(json, &value) || value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

static bool read_small(struct json *json, uint8_t *ret_value)
{
    int64_t value;
    if (!read_i64(json, 0, UINT8_MAX, &value))
        return false;
    *ret_value = (uint8_t)value;
    return true;
}

/* Reads null or a boolean, of which true is not readable. False: it is of another type and
 * still to be read. */
static bool read_nothing(struct json *json, bool *ret_is_readable)
{
    bool value = false;
    enum json_type type = json_peek(json);
    if (type == JSON_NULL)
        *ret_is_readable = json_null(json);
    else if (type == JSON_BOOL)
        *ret_is_readable = json_bool(json, &value) && !value;
    return type == JSON_NULL || type == JSON_BOOL;
}

static bool read_loose_text(struct json *json, char *into)
{
    bool is_readable;
    return read_nothing(json, &is_readable) ? is_readable : read_text(json, into);
}

/* A number's text, empty for nothing. False: it is something else. */
static bool read_loose(struct json *json, struct str *ret_text)
{
    bool is_readable;
    *ret_text = (struct str){ NULL, 0 };
    if (read_nothing(json, &is_readable))
        return is_readable;
    if (json_peek(json) != JSON_STRING)
        return json_number(json, ret_text);
    if (!json_string_raw(json, ret_text))
        return false;
    *ret_text = str_trim(*ret_text);
    return true;
}

static bool read_loose_count(struct json *json, int32_t *ret_value)
{
    struct str text;
    int64_t value;
    if (!read_loose(json, &text))
        return false;
    if (text.len == 0)
        return true;
    if (!str_to_i64(text, 0, INT32_MAX, &value))
        return false;
    *ret_value = (int32_t)value;
    return true;
}

static bool read_loose_cents(struct json *json, int32_t *ret_cents)
{
    struct str text;
    return read_loose(json, &text) && (text.len == 0 || str_to_cents(text, ret_cents));
}

static bool read_party(struct json *json, uint8_t *ret_party)
{
    bool is_readable = true;
    uint8_t party = 0;
    if (read_nothing(json, &is_readable))
        return is_readable;
    if (!json_enter_array(json))
        return false;
    while (json_next(json)) {
        int32_t size = 0;
        is_readable = read_loose_count(json, &size) && size > 0 && is_readable;
        if (size <= TEE_TIME_PARTY_MAX)
            party |= tee_time_party((unsigned)size);
    }
    *ret_party = party;
    return is_readable;
}

static bool read_when(struct json *json, struct engine_when *ret_when)
{
    struct str text;
    if (!json_string_raw(json, &text) || text.len < 16)
        return false;
    struct str minute = { text.ptr + 11, 5 }, rest = { text.ptr + 16, text.len - 16 };
    bool is_whole = rest.len == 0 || (rest.len == 3 && rest.ptr[0] == ':');
    return is_whole && (text.ptr[10] == ' ' || text.ptr[10] == 'T') &&
           day_parse((struct str){ text.ptr, 10 }, &ret_when->date) &&
           str_to_minute(minute, &ret_when->minute);
}

static bool read_list(struct json *json, struct engine_list *ret_list)
{
    if (json_peek(json) != JSON_ARRAY)
        return json_null(json);
    ret_list->offset = json_offset(json);
    return json_raw(json, &ret_list->raw);
}

static bool read_field(struct json *json, const struct engine_field *field, void *into)
{
    void *at = (char *)into + field->offset;
    struct str raw;
    switch (field->type) {
    case FIELD_I64:
        return read_i64(json, 1, INT64_MAX, at);
    case FIELD_SMALL:
        return read_small(json, at);
    case FIELD_BOOL:
        return json_bool(json, at);
    case FIELD_MINUTE:
        return json_string_raw(json, &raw) && str_to_minute(raw, at);
    case FIELD_DATE:
        return json_string_raw(json, &raw) && day_parse(raw, at);
    case FIELD_CENTS:
        return json_number(json, &raw) && str_to_cents(raw, at);
    case FIELD_TEXT:
        return read_text(json, at);
    case FIELD_LOOSE_COUNT:
        return read_loose_count(json, at);
    case FIELD_LOOSE_CENTS:
        return read_loose_cents(json, at);
    case FIELD_LOOSE_TEXT:
        return read_loose_text(json, at);
    case FIELD_PARTY:
        return read_party(json, at);
    case FIELD_WHEN:
        return read_when(json, at);
    case FIELD_LIST:
        return read_list(json, at);
    case FIELD_OTHER:
        break;
    }
    return field->read(json, into);
}

static uint32_t field_find(const struct engine_field *fields, uint32_t count, struct str key)
{
    uint32_t i = 0;
    while (i < count && !str_equal(key, str_of(fields[i].name)))
        i++;
    return i;
}

static void fault_note(struct engine_fault *fault, const char *field, size_t offset)
{
    if (!fault->field)
        *fault = (struct engine_fault){ field, offset };
}

bool engine_read_object(struct json *json, const struct engine_field *fields, uint32_t count,
                        void *into, struct engine_fault *ret_fault)
{
    struct engine_fault fault = { NULL, 0 };
    struct str key;
    uint32_t seen = 0;
    size_t start = json_offset(json);
    assert(count <= 32);
    if (!json_enter_object(json)) {
        *ret_fault = (struct engine_fault){ "object", start };
        return false;
    }
    while (json_key(json, &key)) {
        uint32_t i = field_find(fields, count, key);
        size_t at = json_offset(json);
        if (i == count)
            continue;
        seen |= UINT32_C(1) << i;
        if (!read_field(json, &fields[i], into) && fields[i].need != FIELD_IF_READABLE)
            fault_note(&fault, fields[i].name, at);
    }
    for (uint32_t i = 0; i < count; i++)
        if (fields[i].need == FIELD_REQUIRED && !(seen & UINT32_C(1) << i))
            fault_note(&fault, fields[i].name, start);
    *ret_fault = fault;
    return !fault.field;
}

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
    clean_text(reply->body, words);
    buf_printf(&text, "HTTP %u: %s", reply->status, words);
    const char *detail = arena_strdup(task->arena, buf_view(&text));
    return detail ? detail : "the engine refuses the request";
}

uint32_t engine_list_count(struct str list)
{
    struct str part;
    uint32_t count = 0;
    while (str_split(&list, ',', &part))
        count++;
    return count;
}

struct str engine_list_at(struct str list, uint32_t index)
{
    struct str part;
    while (str_split(&list, ',', &part))
        if (index-- == 0)
            return part;
    return (struct str){ NULL, 0 };
}
