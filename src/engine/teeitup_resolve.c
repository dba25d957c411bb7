/* teeitup_resolve.c: a tenant's facilities as rows of the catalogue: one look-up. */
#include "engine/resolve.h"
#include "engine/teeitup.h"

struct facility {
    int64_t id;
    char name[ENGINE_TEXT_MAX + 1], zone[ENGINE_TEXT_MAX + 1];
    bool is_simulator;
};

static const struct engine_field fields[] = {
    ENGINE_FIELD("id", REQUIRED, I64, facility, id),
    ENGINE_FIELD("name", IF_READABLE, TEXT, facility, name),
    ENGINE_FIELD("timeZone", IF_READABLE, TEXT, facility, zone),
    ENGINE_FIELD("isSimulator", IF_READABLE, BOOL, facility, is_simulator),
};

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    return teeitup_lookup(resolution->task, scratch, ret_request);
}

/* False: there are too many. */
static bool add(struct resolution *resolution, const struct facility *facility)
{
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return false;
    struct str alias = resolve_attribute(resolution, "alias");
    struct str wanted = resolve_attribute(resolution, "facility_ids"), item;
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    struct buf url = buf_over(course->url, sizeof(course->url));
    memcpy(course->name, facility->name, sizeof(course->name));
    memcpy(course->timezone, facility->zone, sizeof(course->timezone));
    buf_puts(&json, "{\"alias\": ");
    json_put_string(&json, alias);
    buf_printf(&json, ", \"facility_ids\": [%lld]}", (long long)facility->id);
    buf_printf(&url, "https://%.*s.book.teeitup.com/?course=%lld", STR_ARGS(alias),
               (long long)facility->id);
    course->is_named = wanted.len == 0;
    while (str_split(&wanted, ',', &item))
        course->is_named = course->is_named || teeitup_id(item) == facility->id;
    return true;
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    struct json json = json_over(reply->body);
    struct engine_result known = { .outcome = OUTCOME_NONE };
    if (reply->status != 200 || !json_enter_array(&json))
        return resolve_refused(resolution, reply);
    while (json_next(&json)) {
        struct facility facility = { .id = 0 };
        struct engine_fault fault;
        if (!engine_read_object(&json, fields, TS_COUNT_OF(fields), &facility, &fault) ||
            facility.id > INT32_MAX)
            return resolve_dropped(resolution, "a facility without an id");
        if (!facility.is_simulator && !add(resolution, &facility))
            break;
    }
    if (json_finish(&json) != JSON_OK)
        return resolve_dropped(resolution, "the list of facilities is no whole JSON");
    if (resolution->courses_count == 0)
        return resolve_failed(resolution, "an empty list of facilities: this host answers so "
                                          "when it throttles");
    (void)teeitup_map_parse(resolution->task, reply, &known); /* for the tee sheets to come */
    return RESOLVE_DONE;
}

const struct engine_resolver teeitup_resolver = { .request = request, .parse = parse };
