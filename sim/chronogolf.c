/* chronogolf.c: Chronogolf's clubs, the way of a request to V1 or V2, and what both write. */
#include "chronogolf.h"

#include "tenant.h"

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    static const uint32_t all[] = { CHRONOGOLF_V1_SINGLE, CHRONOGOLF_V2_SINGLE,
                                    CHRONOGOLF_V1_MULTI, CHRONOGOLF_V2_LOOPS,
                                    CHRONOGOLF_V2_SHARED };
    switch (mix) {
    case SIM_MIX_V1:
        return CHRONOGOLF_V1_SINGLE + index % 2;
    case SIM_MIX_V2:
        return CHRONOGOLF_V2_SINGLE + index % 3;
    case SIM_MIX_ALL:
        break;
    }
    return all[index % TS_COUNT_OF(all)];
}

static void set_holes(struct sim_club *club, uint8_t main_holes, uint8_t other_holes)
{
    for (uint32_t i = 0; i < SIM_CLUB_COURSES_MAX; i++) {
        club->courses[i].holes[0] = main_holes;
        club->courses[i].holes[1] = other_holes;
        club->courses[i].holes_count = other_holes ? 2 : 1;
    }
}

static void shape(struct sim_club *club)
{
    club->courses_count = 1;
    switch ((enum chronogolf_variant)club->variant) {
    case CHRONOGOLF_V1_SINGLE:
        set_holes(club, 18, 0);
        break;
    case CHRONOGOLF_V1_MULTI:
        club->courses_count = 1 + (uint32_t)(club->hash >> 8 & 1);
        set_holes(club, club->courses_count == 1 ? 12 : 18, club->courses_count == 1 ? 6 : 9);
        break;
    case CHRONOGOLF_V2_SINGLE:
        set_holes(club, 18, 9);
        break;
    case CHRONOGOLF_V2_LOOPS:
        club->courses_count = 3;
        set_holes(club, 18, 9);
        break;
    case CHRONOGOLF_V2_SHARED:
        club->courses_count = 2;
        club->row_per_course = true;
        set_holes(club, 18, 0);
        break;
    }
}

static void v1_attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    const struct sim_course *course = &club->courses[0];
    buf_printf(out, "{\"affiliation_type_id\": %lld, \"club_id\": %lld, \"club_slug\": \"%s\"",
               (long long)club->affiliation_id, (long long)club->id, club->slug);
    if (row->courses_count == 1)
        buf_printf(out, ", \"course_id\": %lld", (long long)course->id);
    else
        buf_printf(out, ", \"course_id\": \"%lld,%lld\"", (long long)course->id,
                   (long long)course[1].id);
    if (course->holes_count > 1)
        buf_printf(out, ", \"api\": \"v1\", \"nb_holes\": \"%u,%u\"", course->holes[0],
                   course->holes[1]);
    buf_puts(out, "}");
}

static void attributes(const struct sim_row *row, struct buf *out)
{
    if (chronogolf_is_v1(row->club)) {
        v1_attributes(row, out);
        return;
    }
    buf_printf(out, "{\"club_slug\": \"%s\", \"course_uuids\": [", row->club->slug);
    for (uint32_t i = 0; i < row->courses_count; i++)
        buf_printf(out, "%s\"%s\"", i ? ", " : "",
                   row->club->courses[row->first_course + i].uuid);
    buf_puts(out, "]}");
}

void chronogolf_put_uuid(struct writer *w, const struct sim_slot *slot)
{
    char uuid[SIM_UUID_LEN];
    sim_uuid(slot->hash, uuid);
    PUT(w, "\"");
    put_bytes(w, uuid, sizeof(uuid));
    PUT(w, "\"");
}

void chronogolf_put_clock(struct writer *w, unsigned minute, bool padded)
{
    PUT(w, "\"");
    if (padded)
        put_2_digits(w, minute / 60);
    else
        put_u64(w, minute / 60);
    PUT(w, ":");
    put_2_digits(w, minute % 60);
    PUT(w, "\"");
}

struct chronogolf_date chronogolf_date(int32_t date)
{
    struct chronogolf_date result;
    struct buf out = buf_over(result.text, sizeof(result.text));
    day_format(date, &out);
    return result;
}

#define RECORD_PREFIX STR("/marketplace/v2/clubs/")
#define PAGE_PREFIX   STR("/club/")
#define V2_PATH       STR("/marketplace/v2/teetimes")
#define V1_PREFIX     STR("/marketplace/clubs/")
#define V1_SUFFIX     STR("/teetimes")

static bool is_v1_path(struct str path, struct str *ret_id)
{
    size_t around = V1_PREFIX.len + V1_SUFFIX.len;
    if (path.len <= around || !str_has_prefix(path, V1_PREFIX))
        return false;
    struct str tail = { path.ptr + path.len - V1_SUFFIX.len, V1_SUFFIX.len };
    *ret_id = (struct str){ path.ptr + V1_PREFIX.len, path.len - around };
    return str_equal(tail, V1_SUFFIX);
}

/* The club of a record or a page, by its slug or number. NULL: none of these paths, or none. */
static const struct sim_club *find_club(const struct fleet *fleet, struct str path,
                                        struct str prefix)
{
    struct str name = { path.ptr + prefix.len, path.len - prefix.len };
    int64_t id;
    const struct sim_club *club = str_to_i64(name, 1, INT64_MAX, &id)
                                      ? fleet_club(fleet, id)
                                      : tenant_club(fleet, &sim_chronogolf, name);
    return club && club->engine == &sim_chronogolf ? club : NULL;
}

/* A record asked for by number names the slug only, as some do. */
static void put_record(const struct sim_club *club, bool by_slug, struct writer *w)
{
    PUT(w, "{\"id\":");
    put_u64(w, (uint64_t)club->id);
    PUT(w, ",\"name\":");
    put_string(w, club->name);
    PUT(w, ",\"slug\":");
    put_string(w, club->slug);
    PUT(w, ",\"timezone\":");
    put_string(w, club->place->zone);
    PUT(w, ",\"city\":");
    put_string(w, club->place->city);
    PUT(w, ",\"default_affiliation_type_id\":");
    put_u64(w, (uint64_t)club->affiliation_id);
    for (uint32_t i = 0; by_slug && i < club->courses_count; i++) {
        const struct sim_course *course = &club->courses[i];
        put_text(w, i == 0 ? ",\"courses\":[{\"id\":" : ",{\"id\":");
        put_u64(w, (uint64_t)course->id);
        PUT(w, ",\"name\":");
        put_string(w, course->name);
        PUT(w, ",\"holes\":");
        put_u64(w, course->holes[0]);
        if (!chronogolf_is_v1(club)) {
            PUT(w, ",\"uuid\":");
            put_string(w, course->uuid);
        }
        put_text(w, i + 1 == club->courses_count ? "}]" : "}");
    }
    PUT(w, "}");
}

static void put_page(const struct sim_club *club, struct writer *w)
{
    PUT(w, "<!DOCTYPE html><html><head><title>");
    put_text(w, club->name);
    PUT(w, "</title></head><body><script id=\"__NEXT_DATA__\" type=\"application/json\">"
           "{\"props\":{\"pageProps\":{\"bookingConfiguration\":"
           "{\"defaultPublicBookingRange\":");
    put_u64(w, club->window_days);
    PUT(w, "}}}}</script></body></html>\n");
}

static bool is_about_club(struct str path)
{
    return str_has_prefix(path, RECORD_PREFIX) || str_has_prefix(path, PAGE_PREFIX);
}

static void answer_club(const struct sim_world *world, struct str path, struct sim_reply *reply)
{
    bool is_page = str_has_prefix(path, PAGE_PREFIX);
    reply->club = find_club(world->fleet, path, is_page ? PAGE_PREFIX : RECORD_PREFIX);
    if (!reply->club)
        sim_reply_refuse(reply, 404, "no such club");
    else if (is_page)
        put_page(reply->club, &reply->body);
    else
        put_record(reply->club, path.ptr[RECORD_PREFIX.len] > '9', &reply->body);
    if (reply->club && is_page)
        reply->content_type = "text/html; charset=utf-8";
}

static bool owns(const struct sim_request *request)
{
    struct str id;
    return str_equal(request->path, V2_PATH) || is_v1_path(request->path, &id) ||
           is_about_club(request->path);
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    struct str id_text;
    int64_t id;
    if (request->is_post) {
        sim_reply_refuse(reply, 405, "GET only");
        return;
    }
    reply->body.pretty = false;
    if (is_about_club(request->path)) {
        answer_club(world, request->path, reply);
        return;
    }
    if (!is_v1_path(request->path, &id_text)) {
        chronogolf_answer_v2(world, request, reply);
        return;
    }
    if (str_to_i64(id_text, 1, INT64_MAX, &id))
        reply->club = fleet_club(world->fleet, id);
    if (reply->club)
        reply->body.pretty = reply->club->pretty;
    chronogolf_answer_v1(world, request, reply);
}

const struct sim_engine sim_chronogolf = {
    .name = "chronogolf",
    .host = "www.chronogolf.com",
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .owns = owns,
    .answer = answer,
    .truth = chronogolf_truth,
};
