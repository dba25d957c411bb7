/*
 * golfback_resolve.c: a course's own record, which names those of the same club: one look-up
 * for each, in the order in which the record lists them.
 */
#include "engine/adapter.h"
#include "engine/check.h"
#include "engine/resolve.h"

#define API "https://api.golfback.com/api/v1/courses/"

struct record {
    char name[ENGINE_TEXT_MAX + 1], city[ENGINE_TEXT_MAX + 1];
    int32_t days; /* -1: not said */
    struct engine_list siblings;
};

static const struct engine_field fields[] = {
    ENGINE_FIELD("name", REQUIRED, TEXT, record, name),
    ENGINE_FIELD("city", IF_READABLE, TEXT, record, city),
    ENGINE_FIELD("teeTimesDaysOut", IF_READABLE, LOOSE_COUNT, record, days),
    ENGINE_FIELD("multiCourseIds", IF_READABLE, LIST, record, siblings),
};

/* False: there are too many. */
static bool add(struct resolution *resolution, struct str uuid)
{
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return false;
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    struct buf url = buf_over(course->url, sizeof(course->url));
    buf_printf(&json, "{\"courseId\": \"%.*s\"}", STR_ARGS(uuid));
    buf_printf(&url, "https://golfback.com/#/course/%.*s", STR_ARGS(uuid));
    return true;
}

/* The uuid that the next request is about. */
static struct str next_uuid(const struct resolution *resolution)
{
    uint32_t step = resolution->task->step;
    if (step == 0)
        return resolve_attribute(resolution, "courseId");
    struct str rest = str_of(resolution->courses[step].attributes_json), part = rest;
    for (int quotes = 0; quotes < 4; quotes++)
        (void)str_split(&rest, '"', &part);
    return part;
}

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    struct str uuid = next_uuid(resolution);
    if (uuid.len == 0)
        return TS_ERR_NOT_FOUND;
    buf_puts(scratch, API);
    buf_put(scratch, uuid);
    return engine_get_json(scratch, RESOLVE_REPLY_CAP_BYTES, ret_request);
}

static void add_siblings(struct resolution *resolution, struct str list)
{
    struct str own = resolve_attribute(resolution, "courseId"), uuid;
    struct json json = json_over(list);
    if (!json_enter_array(&json))
        return;
    while (json_next(&json))
        if (json_string_raw(&json, &uuid) && str_is_uuid(uuid) &&
            !str_equal_nocase(uuid, own) && !add(resolution, uuid))
            return;
}

/* The object in the reply's `data`. */
static bool read_record(struct str body, struct record *record)
{
    struct json json = json_over(body);
    struct engine_fault fault;
    struct str key;
    bool is_read = false;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key))
        if (str_equal(key, STR("data")))
            is_read = engine_read_object(&json, fields, TS_COUNT_OF(fields), record, &fault);
    return is_read && json_finish(&json) == JSON_OK;
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    struct engine_task *task = resolution->task;
    struct record record = { .days = -1 };
    if (reply->status != 200 || !read_record(reply->body, &record))
        return resolve_refused(resolution, reply);
    if (task->step == 0 && !add(resolution, resolve_attribute(resolution, "courseId")))
        return RESOLVE_FAILED;
    struct resolve_course *course = &resolution->courses[task->step];
    course->is_named = task->step == 0;
    memcpy(course->name, record.name, sizeof(course->name));
    memcpy(course->city, record.city, sizeof(course->city));
    resolve_set_window(course, record.days);
    if (task->step == 0 && record.siblings.raw.ptr)
        add_siblings(resolution, record.siblings.raw);
    return ++task->step < resolution->courses_count ? RESOLVE_NEXT : RESOLVE_DONE;
}

const struct engine_resolver golfback_resolver = { .request = request, .parse = parse };
