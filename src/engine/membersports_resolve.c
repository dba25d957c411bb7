/*
 * membersports_resolve.c: what MemberSports tells of a club: name and zone, one look-up. It
 * does not list the club's courses; one row with course 0 stands for all of them.
 */
#include "engine/adapter.h"
#include "engine/resolve.h"

#define INFO "https://api.membersports.com/api/v1.0/TeeSheets/clubInfo/"

struct club {
    char name[ENGINE_TEXT_MAX + 1], city[ENGINE_TEXT_MAX + 1], zone[ENGINE_TEXT_MAX + 1];
};

static const struct engine_field fields[] = {
    ENGINE_FIELD("name", REQUIRED, TEXT, club, name),
    ENGINE_FIELD("city", IF_READABLE, TEXT, club, city),
    ENGINE_FIELD("tzName", IF_READABLE, TEXT, club, zone),
};

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    struct str club = resolve_attribute(resolution, "golf_club_id");
    if (club.len == 0)
        return TS_ERR_NOT_FOUND;
    buf_puts(scratch, INFO);
    buf_put(scratch, club);
    buf_putc(scratch, '\0');
    const char *header = scratch->ptr + scratch->len;
    buf_puts(scratch, "x-api-key: ");
    buf_puts(scratch, resolution->task->key);
    ts_err err = engine_get_json(scratch, RESOLVE_REPLY_CAP_BYTES, ret_request);
    if (!err)
        ret_request->headers[ret_request->headers_count++] = header;
    return err;
}

static void put_attributes(const struct resolution *resolution, struct buf *out)
{
    struct str course = resolve_attribute(resolution, "golf_course_id");
    struct str config = resolve_attribute(resolution, "config_type");
    buf_puts(out, "{\"golf_club_id\": ");
    buf_put(out, resolve_attribute(resolution, "golf_club_id"));
    buf_puts(out, ", \"golf_course_id\": ");
    buf_put(out, course.len > 0 ? course : STR("0"));
    if (config.len > 0) {
        buf_puts(out, ", \"config_type\": ");
        buf_put(out, config);
    }
    buf_putc(out, '}');
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    struct json json = json_over(reply->body);
    struct club club = { .name = "" };
    struct engine_fault fault;
    if (reply->status != 200 ||
        !engine_read_object(&json, fields, TS_COUNT_OF(fields), &club, &fault) ||
        json_finish(&json) != JSON_OK)
        return resolve_refused(resolution, reply);
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return RESOLVE_FAILED;
    struct buf out = buf_over(course->attributes_json, sizeof(course->attributes_json));
    put_attributes(resolution, &out);
    memcpy(course->name, club.name, sizeof(course->name));
    memcpy(course->club, club.name, sizeof(course->club));
    memcpy(course->city, club.city, sizeof(course->city));
    memcpy(course->timezone, club.zone, sizeof(course->timezone));
    course->is_named = true;
    return RESOLVE_DONE;
}

const struct engine_resolver membersports_resolver = { .request = request, .parse = parse };
