/* teesnap.c: Teesnap's clubs, their hosts, and the way of a request. */
#include "teesnap.h"

#define DOMAIN   STR(".teesnap.net")
#define DAY_PATH STR("/customer-api/teetimes-day")

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    (void)mix;
    static const uint32_t all[] = { TEESNAP_BOTH, TEESNAP_TWO, TEESNAP_NINE };
    return index % 20 == 17 ? TEESNAP_WRONG : all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    club->courses_count = club->variant == TEESNAP_TWO ? 2 : 1;
    club->row_per_course = club->variant == TEESNAP_TWO;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        struct sim_course *course = &club->courses[i];
        bool is_nine = club->variant == TEESNAP_NINE;
        course->holes[0] = is_nine ? 9 : 18;
        course->holes[1] = is_nine ? 0 : 9;
        course->holes_count = is_nine ? 1 : 2;
    }
}

/* A wrong id stands in the club's page, too, but not as a course's. */
static void attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    long long id = (long long)club->courses[row->first_course].id;
    if (club->variant == TEESNAP_WRONG)
        id = TEESNAP_FIRST_INFO_ID + (long long)club->index;
    const char *quote = club->hash & 1 ? "\"" : "";
    buf_printf(out, "{\"courseId\": %s%lld%s, \"subdomain\": \"%s\"}", quote, id, quote,
               club->slug);
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://%s.teesnap.net", row->club->slug);
}

/* The club of a host "slug.teesnap.net", or NULL: its number ends its slug. */
static const struct sim_club *tenant_of(const struct fleet *fleet, struct str host)
{
    int64_t number = 0;
    if (host.len <= DOMAIN.len ||
        !str_equal_nocase((struct str){ host.ptr + host.len - DOMAIN.len, DOMAIN.len }, DOMAIN))
        return NULL;
    struct str slug = { host.ptr, host.len - DOMAIN.len };
    size_t at = slug.len;
    while (at > 0 && slug.ptr[at - 1] != '-')
        at--;
    if (!str_to_i64((struct str){ slug.ptr + at, slug.len - at }, 1, fleet->clubs_count,
                    &number))
        return NULL;
    const struct sim_club *club = &fleet->clubs[number - 1];
    return club->engine == &sim_teesnap && str_equal_nocase(slug, str_of(club->slug)) ? club
                                                                                      : NULL;
}

/* The next Teesnap club's first course, as ids of other things name one by accident. */
static const struct sim_course *accidental_course(const struct fleet *fleet, int64_t index)
{
    for (uint32_t i = 1; i < fleet->clubs_count; i++) {
        const struct sim_club *club = &fleet->clubs[((uint64_t)index + i) % fleet->clubs_count];
        if (club->engine == &sim_teesnap)
            return &club->courses[0];
    }
    return NULL;
}

/* Ids are known on all hosts alike. NULL: nothing has this id. */
static const struct sim_course *find_course(const struct fleet *fleet, int64_t id)
{
    int64_t info = id - TEESNAP_FIRST_INFO_ID;
    if (info >= 0 && info < fleet->clubs_count)
        return accidental_course(fleet, info);
    const struct sim_course *course = fleet_course(fleet, id);
    return course && course->club->engine == &sim_teesnap ? course : NULL;
}

static void refuse_json(struct sim_reply *reply, uint16_t status, const char *text)
{
    sim_reply_refuse(reply, status, text);
    reply->is_text = false;
}

static void refuse_html(struct sim_reply *reply, uint16_t status, const char *text)
{
    sim_reply_refuse(reply, status, text);
    reply->content_type = "text/html; charset=UTF-8";
}

/* Whether all arguments are known ones, none twice. */
static bool knows_args(const struct sim_request *request)
{
    static const char *const known[] = { "course", "date",   "players",
                                         "holes",  "addons", "profileId" };
    uint32_t seen = 0;
    struct str value;
    for (size_t i = 0; i < TS_COUNT_OF(known); i++)
        seen += sim_request_arg(request, str_of(known[i]), &value);
    return seen == request->args_count && !request->args_overflow;
}

static bool read_question(const struct sim_request *request, int64_t *ret_id, int32_t *ret_date)
{
    struct str course, date, addons = STR("off");
    (void)sim_request_arg(request, STR("addons"), &addons);
    if (!knows_args(request) || !sim_request_arg(request, STR("course"), &course) ||
        !sim_request_arg(request, STR("date"), &date))
        return false;
    return day_parse(date, ret_date) && str_to_i64(course, 1, INT64_MAX, ret_id) &&
           (str_equal(addons, STR("off")) || str_equal(addons, STR("on")));
}

static void answer_day(const struct sim_world *world, const struct sim_request *request,
                       struct sim_reply *reply)
{
    struct sim_sheet sheet;
    int64_t id = 0;
    int32_t date = 0;
    if (!read_question(request, &id, &date)) {
        refuse_json(reply, 422, "{\"errors\":\"invalid_argument\"}");
        return;
    }
    const struct sim_course *course = find_course(world->fleet, id);
    if (!course) {
        refuse_html(reply, 500, "Be right back.");
        return;
    }
    reply->club = course->club;
    if (teesnap_is_date_refused(world, course->club, date)) {
        bool is_quiet = random_percent(course->club->hash, TEESNAP_CHANCE_STATUS, 50);
        refuse_json(reply, is_quiet ? 200 : 422, "{\"errors\":\"date_not_allowed\"}");
        return;
    }
    sheet_build(world, course, date, &sheet);
    teesnap_put_day(&sheet, &reply->body);
}

static bool is_browser(const struct sim_request *request)
{
    return str_has_prefix(sim_request_header(request, "User-Agent"), STR("Mozilla/5.0"));
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    const struct sim_club *tenant = tenant_of(world->fleet, request->host);
    if (request->is_post) {
        refuse_html(reply, 405, "Method not allowed.");
    } else if (!tenant) {
        refuse_html(reply, 404, "There is no club of this name.");
    } else if (tenant->refuses_agents && !is_browser(request)) {
        refuse_html(reply, 403, "<html><head><title>403 Forbidden</title></head></html>");
    } else if (str_equal(request->path, DAY_PATH)) {
        answer_day(world, request, reply);
    } else if (str_equal(request->path, STR("/")) || request->path.len == 0) {
        reply->club = tenant;
        reply->content_type = "text/html; charset=UTF-8";
        teesnap_put_page(tenant, &reply->body);
    } else {
        refuse_html(reply, 404, "Not found.");
    }
}

static bool owns(const struct sim_request *request)
{
    struct str host = request->host;
    return host.len > DOMAIN.len &&
           str_equal_nocase((struct str){ host.ptr + host.len - DOMAIN.len, DOMAIN.len },
                            DOMAIN);
}

const struct sim_engine sim_teesnap = {
    .name = "teesnap",
    .host = "teesnap.net",
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = teesnap_truth,
};
