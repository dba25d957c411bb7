/* teesnap_resolve.c: the courses of a club's page as rows of the catalogue: one look-up. */
#include "engine/resolve.h"
#include "engine/teesnap.h"

struct property {
    char zone[ENGINE_TEXT_MAX + 1], name[ENGINE_TEXT_MAX + 1];
};

struct page_course {
    int64_t id, advance; /* advance: days; 0: not said */
    char name[ENGINE_TEXT_MAX + 1], holes[ENGINE_TEXT_MAX + 1];
    bool is_deleted, is_enabled, is_for_customers;
};

static bool read_deleted(struct json *json, void *into)
{
    ((struct page_course *)into)->is_deleted = json_peek(json) != JSON_NULL;
    return json_skip(json);
}

static const struct engine_field property_fields[] = {
    ENGINE_FIELD("time_zone", IF_READABLE, TEXT, property, zone),
    ENGINE_FIELD("name", IF_READABLE, TEXT, property, name),
};

static const struct engine_field course_fields[] = {
    ENGINE_FIELD("id", REQUIRED, I64, page_course, id),
    ENGINE_FIELD("advance", IF_READABLE, I64, page_course, advance),
    ENGINE_FIELD("name", IF_READABLE, TEXT, page_course, name),
    ENGINE_FIELD("holes", IF_READABLE, TEXT, page_course, holes),
    ENGINE_FIELD("enabled", IF_READABLE, BOOL, page_course, is_enabled),
    ENGINE_FIELD("customer_enabled", IF_READABLE, BOOL, page_course, is_for_customers),
    ENGINE_FIELD_READ("deleted_at", MAY_LACK, read_deleted),
};

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    return teesnap_get_page(resolution->task, scratch, ret_request);
}

/* False: there are too many. */
static bool add(struct resolution *resolution, const struct property *property,
                const struct page_course *row)
{
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return false;
    struct str subdomain = resolve_attribute(resolution, "subdomain");
    struct str wanted = resolve_attribute(resolution, "courseId");
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    int64_t id = row->id;
    memcpy(course->name, row->name, sizeof(course->name));
    memcpy(course->club, property->name, sizeof(course->club));
    memcpy(course->timezone, property->zone, sizeof(course->timezone));
    buf_puts(&json, "{\"subdomain\": ");
    json_put_string(&json, subdomain);
    buf_printf(&json, ", \"courseId\": %lld}", (long long)id);
    if (row->advance > 0)
        resolve_set_window(course, row->advance);
    if (str_contains_nocase(str_of(row->holes), STR("eighteen")))
        course->holes = 18;
    else if (str_contains_nocase(str_of(row->holes), STR("nine")))
        course->holes = 9;
    course->is_named =
        wanted.len == 0 || (str_to_i64(wanted, 1, INT32_MAX, &id) && id == row->id);
    return true;
}

/* Only the list's own entries are courses. Ends at the first error. */
static void read_courses(struct resolution *resolution, const struct property *property,
                         struct json *json)
{
    (void)json_enter_array(json);
    while (json_next(json)) {
        struct page_course course = { .is_enabled = true, .is_for_customers = true };
        struct engine_fault fault;
        bool is_course = engine_read_object(json, course_fields, TS_COUNT_OF(course_fields),
                                            &course, &fault) &&
                         course.id <= INT32_MAX;
        bool is_sold = !course.is_deleted && course.is_enabled && course.is_for_customers;
        if (is_course && is_sold && !add(resolution, property, &course))
            return;
    }
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    struct property property = { .zone = "" };
    struct engine_fault fault;
    struct json json;
    if (reply->status != 200)
        return resolve_refused(resolution, reply);
    if (engine_find_script(reply->body, STR("window.property"), JSON_OBJECT, &json))
        (void)engine_read_object(&json, property_fields, TS_COUNT_OF(property_fields),
                                 &property, &fault);
    if (!engine_find_script(reply->body, STR("window.courses"), JSON_ARRAY, &json))
        return resolve_failed(resolution, "no list of courses on the tenant's page");
    read_courses(resolution, &property, &json);
    if (json.error != JSON_OK || resolution->courses_count == 0)
        return resolve_dropped(resolution, "no course on the tenant's page can be booked");
    (void)teesnap_page_read(reply->body, resolution->task->tenant); /* for tee sheets to come */
    return RESOLVE_DONE;
}

const struct engine_resolver teesnap_resolver = { .request = request, .parse = parse };
