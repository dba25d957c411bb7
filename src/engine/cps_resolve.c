/*
 * cps_resolve.c: a tenant's courses as rows of the catalogue. Token or api key, OnlineCourses
 * (as a conversation asks for them), and the public class's booking rules.
 */
#include "engine/cps.h"
#include "engine/resolve.h"

struct online_course {
    int64_t id, site_id, holes;
    bool is_active;
    char name[ENGINE_TEXT_MAX + 1], zone[ENGINE_TEXT_MAX + 1], website[ENGINE_TEXT_MAX + 1];
};

static const struct engine_field course_fields[] = {
    ENGINE_FIELD("courseId", REQUIRED, I64, online_course, id),
    ENGINE_FIELD("websiteId", REQUIRED, TEXT, online_course, website),
    ENGINE_FIELD("onlineCourseName", IF_READABLE, TEXT, online_course, name),
    ENGINE_FIELD("timezoneId", IF_READABLE, TEXT, online_course, zone),
    ENGINE_FIELD("siteId", IF_READABLE, I64, online_course, site_id),
    ENGINE_FIELD("holes", IF_READABLE, I64, online_course, holes),
    ENGINE_FIELD("active", IF_READABLE, BOOL, online_course, is_active),
};

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    enum cps_stage stage =
        resolution->courses_count == 0 ? cps_stage(resolution->task) : CPS_RULES;
    return cps_write(resolution->task, stage, scratch, ret_request);
}

/* False: there are too many. */
static bool add(struct resolution *resolution, const struct online_course *row)
{
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return false;
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    buf_puts(&json, "{\"subdomain\": ");
    json_put_string(&json, resolve_attribute(resolution, "subdomain"));
    buf_printf(&json, ", \"courseIds\": [%lld], \"websiteId\": ", (long long)row->id);
    json_put_string(&json, str_of(row->website));
    if (row->site_id > 0)
        buf_printf(&json, ", \"siteId\": %lld", (long long)row->site_id);
    buf_putc(&json, '}');
    memcpy(course->name, row->name, sizeof(course->name));
    memcpy(course->timezone, row->zone, sizeof(course->timezone));
    course->holes = row->holes > 0 && row->holes < 100 ? (int)row->holes : 0;
    course->is_named = true; /* the link is the whole tenant's */
    return true;
}

static enum resolve_verdict read_courses(struct resolution *resolution,
                                         const struct http_reply *reply)
{
    struct json json = json_over(reply->body);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct online_course course = { .is_active = true };
        struct engine_fault fault;
        if (!engine_read_object(&json, course_fields, TS_COUNT_OF(course_fields), &course,
                                &fault))
            return resolve_dropped(resolution, "a course without courseId or websiteId");
        if (course.is_active && !add(resolution, &course))
            return RESOLVE_FAILED;
    }
    return RESOLVE_NEXT;
}

/* Credentials and courses, as in a conversation: the tenant's state is the same. */
static enum resolve_verdict converse(struct resolution *resolution,
                                     const struct http_reply *reply)
{
    struct engine_result result = { .outcome = OUTCOME_NONE };
    bool is_list = resolution->task->asked == CPS_COURSES;
    enum engine_verdict verdict = cps_parse(resolution->task, reply, &result);
    if (verdict != ENGINE_NEXT)
        return result.detail ? resolve_failed(resolution, result.detail)
                             : resolve_refused(resolution, reply);
    /* After a refused credential no list has come. */
    return is_list && reply->status == 200 ? read_courses(resolution, reply) : RESOLVE_NEXT;
}

struct rule {
    int64_t course_id;
    int32_t days; /* -1: not said */
    struct engine_when opens;
};

static const struct engine_field rule_fields[] = {
    ENGINE_FIELD("courseId", REQUIRED, I64, rule, course_id),
    ENGINE_FIELD("daysInAdvance", REQUIRED, LOOSE_COUNT, rule, days),
    ENGINE_FIELD("time", IF_READABLE, WHEN, rule, opens),
};

static void apply_rule(struct resolution *resolution, const struct rule *rule)
{
    const struct cps_tenant *tenant = resolution->task->tenant;
    for (uint32_t i = 0; i < resolution->courses_count && i < tenant->courses_count; i++) {
        struct resolve_course *course = &resolution->courses[i];
        if (tenant->courses[i] != rule->course_id || course->window_days >= 0)
            continue;
        resolve_set_window(course, rule->days);
        course->opens_minute = rule->opens.date ? rule->opens.minute : -1;
    }
}

/* The first rule of a course counts. */
static void read_rules(struct resolution *resolution, struct json *json)
{
    if (json_peek(json) != JSON_ARRAY || !json_enter_array(json)) {
        (void)json_skip(json);
        return;
    }
    while (json_next(json)) {
        struct rule rule = { .days = -1 };
        struct engine_fault fault;
        if (engine_read_object(json, rule_fields, TS_COUNT_OF(rule_fields), &rule, &fault))
            apply_rule(resolution, &rule);
    }
}

/* Of the classes only the public one. */
static void read_class(struct resolution *resolution, struct json *json)
{
    struct str key, code = { NULL, 0 }, rules = { NULL, 0 };
    if (!json_enter_object(json))
        return;
    while (json_key(json, &key)) {
        if (str_equal(key, STR("classCode")))
            (void)json_string_raw(json, &code);
        else if (str_equal(key, STR("bookingRuleByCourse")))
            (void)json_raw(json, &rules);
    }
    struct json list = json_over(rules);
    if (str_equal(code, STR("R")) && rules.ptr)
        read_rules(resolution, &list);
}

/* The raw lists of a reply. False: it is none of rules. */
static bool find_rules(struct str body, struct str *ret_by_class, struct str *ret_by_course)
{
    struct json json = json_over(body);
    struct str key;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key)) {
        if (str_equal(key, STR("bookingRuleByClass")))
            (void)json_raw(&json, ret_by_class);
        else if (str_equal(key, STR("bookingRuleByCourses")))
            (void)json_raw(&json, ret_by_course);
    }
    return json_finish(&json) == JSON_OK;
}

static enum resolve_verdict parse_rules(struct resolution *resolution,
                                        const struct http_reply *reply)
{
    struct str by_class = { NULL, 0 }, by_course = { NULL, 0 };
    if (reply->status != 200 || !find_rules(reply->body, &by_class, &by_course))
        return resolve_refused(resolution, reply);
    struct json classes = json_over(by_class), rules = json_over(by_course);
    if (by_class.ptr && json_enter_array(&classes))
        while (json_next(&classes))
            read_class(resolution, &classes);
    if (by_course.ptr)
        read_rules(resolution, &rules);
    return RESOLVE_DONE;
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    return resolution->courses_count == 0 ? converse(resolution, reply)
                                          : parse_rules(resolution, reply);
}

const struct engine_resolver cps_resolver = { .request = request, .parse = parse };
