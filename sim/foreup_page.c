/* foreup_page.c: ForeUp's booking page, whose script lists the facility's schedules. */
#include "foreup.h"

#define PREFIX STR("/index.php/booking/")

bool foreup_is_page(struct str path)
{
    return str_has_prefix(path, PREFIX);
}

/* A class of members, which needs a login, and the public's, where the club has one. */
static void put_classes(const struct sim_club *club, const struct sim_course *course,
                        struct writer *w)
{
    char storage[320];
    struct buf text = buf_over(storage, sizeof(storage));
    buf_printf(&text,
               "[{\"booking_class_id\":\"%lld\",\"teesheet_id\":\"%lld\",\"active\":\"1\","
               "\"hidden\":\"0\",\"name\":\"Members\",\"online_booking_protected\":\"1\","
               "\"days_in_booking_window\":\"90\"}",
               (long long)club->affiliation_id + 1, (long long)course->id);
    if (foreup_has_class(club))
        buf_printf(&text,
                   ",{\"booking_class_id\":\"%lld\",\"active\":\"1\",\"hidden\":\"0\","
                   "\"name\":\"%s\",\"online_booking_protected\":\"0\"}",
                   (long long)club->affiliation_id, club->rate_name);
    buf_putc(&text, ']');
    put_text(w, storage);
}

/* They count today. */
static void put_schedule(const struct sim_club *club, const struct sim_course *course,
                         struct writer *w)
{
    char storage[400];
    struct buf text = buf_over(storage, sizeof(storage));
    buf_printf(&text,
               "{\"teesheet_id\":\"%lld\",\"course_id\":\"%lld\",\"title\":\"%s %s\","
               "\"course_name\":\"%s\",\"course_timezone\":\"%s\",\"holes\":\"%u\","
               "\"days_in_booking_window\":\"%u\",\"booking_classes\":",
               (long long)course->id, (long long)club->id, club->name, course->name, club->name,
               club->place->zone, course->holes[0], club->window_days + 1u);
    put_text(w, storage);
    put_classes(club, course, w);
    PUT(w, "}");
}

void foreup_answer_page(const struct sim_world *world, struct str path, struct sim_reply *reply)
{
    struct str rest = { path.ptr + PREFIX.len, path.len - PREFIX.len }, part;
    struct writer *w = &reply->body;
    int64_t id;
    const struct sim_club *club =
        str_split(&rest, '/', &part) && str_to_i64(part, 1, INT64_MAX, &id)
            ? fleet_club(world->fleet, id)
            : NULL;
    if (!club || club->engine != &sim_foreup) {
        sim_reply_refuse(reply, 404, "no such facility");
        return;
    }
    reply->club = club;
    reply->content_type = "text/html; charset=utf-8";
    PUT(w, "<!DOCTYPE html><html><head><title>");
    put_text(w, club->name);
    PUT(w, "</title></head><body><script>\nSCHEDULES = [");
    uint32_t schedules = club->variant == FOREUP_SIDES ? 1 : club->courses_count;
    for (uint32_t i = 0; i < schedules; i++) {
        put_text(w, i > 0 ? "," : "");
        put_schedule(club, &club->courses[i], w);
    }
    PUT(w, "];\n</script></body></html>\n");
}
