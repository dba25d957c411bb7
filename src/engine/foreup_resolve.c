/*
 * foreup_resolve.c: the schedules in the script of a booking page as rows of the catalogue: one
 * look-up. Its numbers are texts.
 */
#include "engine/foreup.h"
#include "engine/resolve.h"

#define PAGE "https://foreupsoftware.com/index.php/booking/"

struct schedule {
    int32_t id, holes, days; /* days: with today; -1: not said */
    char title[ENGINE_TEXT_MAX + 1], club[ENGINE_TEXT_MAX + 1], zone[ENGINE_TEXT_MAX + 1];
    struct engine_list classes;
};

/* Who may book: a class of players. */
struct class
{
    int32_t id, active, hidden, guarded, days;
};

static const struct engine_field schedule_fields[] = {
    ENGINE_FIELD("teesheet_id", REQUIRED, LOOSE_COUNT, schedule, id),
    ENGINE_FIELD("title", IF_READABLE, LOOSE_TEXT, schedule, title),
    ENGINE_FIELD("course_name", IF_READABLE, LOOSE_TEXT, schedule, club),
    ENGINE_FIELD("course_timezone", IF_READABLE, LOOSE_TEXT, schedule, zone),
    ENGINE_FIELD("holes", IF_READABLE, LOOSE_COUNT, schedule, holes),
    ENGINE_FIELD("days_in_booking_window", IF_READABLE, LOOSE_COUNT, schedule, days),
    ENGINE_FIELD("booking_classes", IF_READABLE, LIST, schedule, classes),
};

static const struct engine_field class_fields[] = {
    ENGINE_FIELD("booking_class_id", REQUIRED, LOOSE_COUNT, class, id),
    ENGINE_FIELD("active", IF_READABLE, LOOSE_COUNT, class, active),
    ENGINE_FIELD("hidden", IF_READABLE, LOOSE_COUNT, class, hidden),
    ENGINE_FIELD("online_booking_protected", IF_READABLE, LOOSE_COUNT, class, guarded),
    ENGINE_FIELD("days_in_booking_window", IF_READABLE, LOOSE_COUNT, class, days),
};

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    struct str facility = resolve_attribute(resolution, "facility_id");
    struct str schedule = resolve_attribute(resolution, "schedule_id");
    if (facility.len == 0)
        return TS_ERR_NOT_FOUND;
    buf_puts(scratch, PAGE);
    buf_put(scratch, facility);
    if (schedule.len > 0) {
        buf_putc(scratch, '/');
        buf_put(scratch, schedule);
    }
    ts_err err = engine_get_json(scratch, RESOLVE_REPLY_CAP_BYTES, ret_request);
    if (!err)
        ret_request->headers[0] = "Accept: text/html";
    return err;
}

static bool is_for_all(const struct class *class)
{
    return class->active && !class->hidden && !class->guarded;
}

/* The class that the link names, else the only one that everybody may use. False: neither. */
static bool choose_class(struct str list, struct str wanted, struct class *ret_class)
{
    struct json json = json_over(list);
    uint32_t candidates = 0;
    int64_t id = 0;
    bool has_wanted = str_to_i64(wanted, 0, INT32_MAX, &id);
    if (!list.ptr || !json_enter_array(&json))
        return false;
    while (json_next(&json)) {
        struct class class = { .active = 1, .days = -1 };
        struct engine_fault fault;
        bool is_read =
            engine_read_object(&json, class_fields, TS_COUNT_OF(class_fields), &class, &fault);
        if (!is_read || (has_wanted ? class.id != id : !is_for_all(&class)))
            continue;
        *ret_class = class;
        candidates++;
    }
    return candidates == 1;
}

static void put_row(const struct resolution *resolution, const struct schedule *schedule,
                    struct resolve_course *course)
{
    struct str facility = resolve_attribute(resolution, "facility_id");
    struct str wanted = resolve_attribute(resolution, "booking_class");
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    struct buf url = buf_over(course->url, sizeof(course->url));
    struct class class = { .days = -1 };
    bool has_class = choose_class(schedule->classes.raw, wanted, &class);
    buf_printf(&json, "{\"schedule_id\": %d, \"facility_id\": %.*s", (int)schedule->id,
               STR_ARGS(facility));
    if (wanted.len > 0)
        buf_printf(&json, ", \"booking_class\": %.*s", STR_ARGS(wanted));
    else if (has_class)
        buf_printf(&json, ", \"booking_class\": %d", (int)class.id);
    buf_putc(&json, '}');
    buf_printf(&url, PAGE "%.*s/%d", STR_ARGS(facility), (int)schedule->id);
    int32_t days = has_class && class.days >= 0 ? class.days : schedule->days;
    resolve_set_window(course, days - 1); /* they count today */
}

/* False: there are too many. */
static bool add(struct resolution *resolution, const struct schedule *schedule)
{
    struct resolve_course *course = resolve_add(resolution);
    struct str wanted = resolve_attribute(resolution, "schedule_id");
    int64_t id = schedule->id;
    if (!course)
        return false;
    put_row(resolution, schedule, course);
    memcpy(course->name, schedule->title[0] ? schedule->title : schedule->club,
           sizeof(course->name));
    memcpy(course->club, schedule->club, sizeof(course->club));
    memcpy(course->timezone, schedule->zone, sizeof(course->timezone));
    course->holes = schedule->holes < 100 ? schedule->holes : 0;
    course->is_named =
        wanted.len == 0 || (str_to_i64(wanted, 1, INT32_MAX, &id) && id == schedule->id);
    return true;
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    struct json json;
    if (reply->status != 200)
        return resolve_refused(resolution, reply);
    if (!engine_find_script(reply->body, STR("SCHEDULES"), JSON_ARRAY, &json) ||
        !json_enter_array(&json))
        return resolve_failed(resolution, "no list of schedules on the booking page: it is a "
                                          "page against robots at times");
    while (json_next(&json)) {
        struct schedule schedule = { .days = -1 };
        struct engine_fault fault;
        if (engine_read_object(&json, schedule_fields, TS_COUNT_OF(schedule_fields), &schedule,
                               &fault) &&
            schedule.id > 0 && !add(resolution, &schedule))
            break;
    }
    if (json.error != JSON_OK || resolution->courses_count == 0)
        return resolve_dropped(resolution, "the booking page's list of schedules has none");
    return RESOLVE_DONE;
}

const struct engine_resolver foreup_resolver = { .request = request, .parse = parse };
