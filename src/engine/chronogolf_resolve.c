/*
 * chronogolf_resolve.c: a club's record, which lists its courses with the ids of both APIs, and
 * its page, which says how far ahead the public may book. A record asked for by number may only
 * name the slug under which it is whole.
 */
#include <assert.h>

#include "engine/chronogolf.h"
#include "engine/resolve.h"

#define RECORD CHRONOGOLF_SITE "/marketplace/v2/clubs/"

enum { LOOK_AT_RECORD, LOOK_AT_PAGE };

/* What the task keeps between replies. */
struct club_state {
    uint32_t stage;
    char slug[200];
};

static_assert(sizeof(struct club_state) <= ENGINE_TASK_STATE_BYTES, "state");

struct club {
    int64_t id, affiliation;
    char name[ENGINE_TEXT_MAX + 1], city[ENGINE_TEXT_MAX + 1], zone[ENGINE_TEXT_MAX + 1];
    char slug[ENGINE_TEXT_MAX + 1];
    struct engine_list courses;
};

struct club_course {
    int64_t id, holes;
    char name[ENGINE_TEXT_MAX + 1], uuid[ENGINE_TEXT_MAX + 1];
};

static const struct engine_field club_fields[] = {
    ENGINE_FIELD("id", REQUIRED, I64, club, id),
    ENGINE_FIELD("default_affiliation_type_id", IF_READABLE, I64, club, affiliation),
    ENGINE_FIELD("name", IF_READABLE, TEXT, club, name),
    ENGINE_FIELD("city", IF_READABLE, TEXT, club, city),
    ENGINE_FIELD("timezone", IF_READABLE, TEXT, club, zone),
    ENGINE_FIELD("slug", IF_READABLE, TEXT, club, slug),
    ENGINE_FIELD("courses", IF_READABLE, LIST, club, courses),
};

static const struct engine_field course_fields[] = {
    ENGINE_FIELD("id", REQUIRED, I64, club_course, id),
    ENGINE_FIELD("uuid", IF_READABLE, TEXT, club_course, uuid),
    ENGINE_FIELD("name", IF_READABLE, TEXT, club_course, name),
    ENGINE_FIELD("holes", IF_READABLE, I64, club_course, holes),
};

static struct club_state *state_of(const struct resolution *resolution)
{
    return (struct club_state *)(void *)resolution->task->state;
}

/* The slug that was learnt, else what the link says. */
static struct str club_of(const struct resolution *resolution)
{
    const struct club_state *state = state_of(resolution);
    struct str slug = resolve_attribute(resolution, "club_slug");
    if (state->slug[0])
        return str_of(state->slug);
    return slug.len > 0 ? slug : resolve_attribute(resolution, "club_id");
}

static ts_err request(const struct resolution *resolution, struct buf *scratch,
                      struct http_request *ret_request)
{
    bool is_page = state_of(resolution)->stage == LOOK_AT_PAGE;
    struct str club = club_of(resolution);
    if (club.len == 0)
        return TS_ERR_NOT_FOUND;
    buf_puts(scratch, is_page ? CHRONOGOLF_SITE "/club/" : RECORD);
    buf_put_url(scratch, club);
    ts_err err = engine_get_json(scratch, RESOLVE_REPLY_CAP_BYTES, ret_request);
    if (!err && is_page)
        ret_request->headers[0] = "Accept: text/html";
    return err;
}

static void put_attributes(const struct resolution *resolution, const struct club *club,
                           const struct club_course *row, struct buf *out)
{
    buf_putc(out, '{');
    if (str_is_uuid(str_of(row->uuid)))
        buf_printf(out, "\"course_uuids\": [\"%s\"], ", row->uuid);
    buf_printf(out, "\"club_id\": %lld, \"course_id\": %lld", (long long)club->id,
               (long long)row->id);
    if (club->affiliation > 0)
        buf_printf(out, ", \"affiliation_type_id\": %lld", (long long)club->affiliation);
    if (state_of(resolution)->slug[0]) {
        buf_puts(out, ", \"club_slug\": ");
        json_put_string(out, str_of(state_of(resolution)->slug));
    }
    buf_putc(out, '}');
}

/* False: there are too many. */
static bool add(struct resolution *resolution, const struct club *club,
                const struct club_course *row)
{
    struct resolve_course *course = resolve_add(resolution);
    if (!course)
        return false;
    struct buf json = buf_over(course->attributes_json, sizeof(course->attributes_json));
    put_attributes(resolution, club, row, &json);
    memcpy(course->name, row->name, sizeof(course->name));
    memcpy(course->club, club->name, sizeof(course->club));
    memcpy(course->city, club->city, sizeof(course->city));
    memcpy(course->timezone, club->zone, sizeof(course->timezone));
    course->holes = row->holes > 0 && row->holes < 100 ? (int)row->holes : 0;
    course->is_named = true; /* the link is the whole club's */
    return true;
}

static enum resolve_verdict add_courses(struct resolution *resolution, const struct club *club)
{
    struct json json = json_over(club->courses.raw);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct club_course row = { .id = 0 };
        struct engine_fault fault;
        if (!engine_read_object(&json, course_fields, TS_COUNT_OF(course_fields), &row, &fault))
            return resolve_dropped(resolution, "a course without an id");
        if (!add(resolution, club, &row))
            return RESOLVE_FAILED;
    }
    if (resolution->courses_count == 0)
        return resolve_failed(resolution, "the club's record lists no courses");
    return state_of(resolution)->slug[0] ? RESOLVE_NEXT : RESOLVE_DONE;
}

static enum resolve_verdict parse_record(struct resolution *resolution,
                                         const struct http_reply *reply)
{
    struct club_state *state = state_of(resolution);
    struct json json = json_over(reply->body);
    struct club club = { .id = 0 };
    struct engine_fault fault;
    if (!engine_read_object(&json, club_fields, TS_COUNT_OF(club_fields), &club, &fault) ||
        json_finish(&json) != JSON_OK)
        return resolve_refused(resolution, reply);
    bool knew_slug = state->slug[0] || resolve_attribute(resolution, "club_slug").len > 0;
    struct str slug =
        club.slug[0] ? str_of(club.slug) : resolve_attribute(resolution, "club_slug");
    struct buf kept = buf_over(state->slug, sizeof(state->slug));
    buf_put(&kept, slug);
    if (!club.courses.raw.ptr && !knew_slug && slug.len > 0)
        return RESOLVE_NEXT;
    state->stage = LOOK_AT_PAGE;
    return club.courses.raw.ptr
               ? add_courses(resolution, &club)
               : resolve_failed(resolution, "the club's record lists no courses");
}

/* One number of the page's state, wherever it stands in it. */
static enum resolve_verdict parse_page(struct resolution *resolution,
                                       const struct http_reply *reply)
{
    static const char name[] = "\"defaultPublicBookingRange\":";
    struct str page = reply->body, digits;
    int64_t days;
    const char *at = page.len > 0 ? memmem(page.ptr, page.len, name, sizeof(name) - 1) : NULL;
    if (!at)
        return resolve_failed(resolution, "the club's page does not tell its booking window");
    at += sizeof(name) - 1;
    digits = (struct str){ at, 0 };
    while (at + digits.len < page.ptr + page.len && at[digits.len] >= '0' &&
           at[digits.len] <= '9')
        digits.len++;
    if (!str_to_i64(digits, 0, INT32_MAX, &days))
        return resolve_failed(resolution, "the club's page does not tell its booking window");
    for (uint32_t i = 0; i < resolution->courses_count; i++)
        resolve_set_window(&resolution->courses[i], days);
    return RESOLVE_DONE;
}

static enum resolve_verdict parse(struct resolution *resolution, const struct http_reply *reply)
{
    if (reply->status != 200)
        return resolve_refused(resolution, reply);
    return state_of(resolution)->stage == LOOK_AT_RECORD ? parse_record(resolution, reply)
                                                         : parse_page(resolution, reply);
}

const struct engine_resolver chronogolf_resolver = { .request = request, .parse = parse };
