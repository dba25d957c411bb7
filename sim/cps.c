/* cps.c: CPS's tenants, and the way to a list: configuration, token, courses, transaction. */
#include "cps.h"

#include "memory.h"

#define DOMAIN     "cps.golf"
#define API_PATH   "/onlineres/onlineapi/api/v1/onlinereservation/"
#define CLIENT     "client_id=onlinereswebshortlived"
#define V4_KEY     "simulated-v4-key"
#define NO_WEBSITE "00000000-0000-0000-0000-000000000000"
#define TOKEN_LIFE 600
#define CLOSED_ID  99 /* of a course that is no longer active */

/* --- the fleet --- */

static uint32_t variant(uint32_t index, enum sim_mix mix)
{
    static const uint32_t all[] = { CPS_V5, CPS_V4, CPS_V5_SHARED, CPS_V5, CPS_V4_OLD };
    (void)mix;
    return all[index % TS_COUNT_OF(all)];
}

static void shape(struct sim_club *club)
{
    club->row_per_course = club->variant == CPS_V5_SHARED;
    club->courses_count = 1;
    if (club->row_per_course || random_below(club->hash, CPS_CHANCE_COUNT, 2))
        club->courses_count = 2;
    for (uint32_t i = 0; i < club->courses_count; i++) {
        club->courses[i].holes[0] = 18;
        club->courses[i].holes[1] = 9;
        club->courses[i].holes_count = i == 0 ? 2 : 1;
    }
}

static void put_website_attribute(const struct sim_club *club, struct buf *out)
{
    char uuid[SIM_UUID_LEN];
    if (cps_club_percent(club, CPS_CHANCE_WEBSITE, 16))
        return;
    cps_website_id(club, uuid);
    if (cps_club_percent(club, CPS_CHANCE_WEBSITE + 100, 8))
        buf_puts(out, ", \"websiteId\": \"" NO_WEBSITE "\"");
    else
        buf_printf(out, ", \"websiteId\": \"%.*s\"", SIM_UUID_LEN, uuid);
}

static void attributes(const struct sim_row *row, struct buf *out)
{
    const struct sim_club *club = row->club;
    buf_printf(out, "{\"subdomain\": \"%s\"", club->slug);
    put_website_attribute(club, out);
    if (!cps_row_lacks_ids(club)) {
        buf_puts(out, ", \"courseIds\": \"");
        for (uint32_t i = 0; i < row->courses_count; i++)
            buf_printf(out, "%s%lld", i ? "," : "",
                       (long long)club->courses[row->first_course + i].id);
        buf_puts(out, "\", \"siteId\": \"1\"");
    }
    if (cps_club_percent(club, CPS_CHANCE_API, 50))
        buf_printf(out, ", \"api\": \"%s\"", cps_is_v4(club) ? "v4" : "v5");
    buf_puts(out, "}");
}

static void booking_url(const struct sim_row *row, struct buf *out)
{
    buf_printf(out, "https://%s." DOMAIN "/onlineresweb/search-teetime", row->club->slug);
}

/* --- access --- */

/* "sim.EXPIRY.HASH": good until the instant, for the club that the hash is of. */
static void put_token(struct buf *out, const struct sim_club *club, int64_t expiry)
{
    uint64_t hash = random_mix(club->hash, (uint64_t)expiry);
    buf_printf(out, "sim.%lld.%llx", (long long)expiry, (unsigned long long)hash);
}

static bool token_is_right(const struct sim_world *world, const struct sim_club *club,
                           struct str header)
{
    const struct str prefix = STR("Bearer sim.");
    char storage[96];
    struct buf expected = buf_over(storage, sizeof(storage));
    struct str rest, number;
    int64_t expiry;
    if (!str_has_prefix(header, prefix))
        return false;
    rest = (struct str){ header.ptr + prefix.len, header.len - prefix.len };
    if (!str_split(&rest, '.', &number) || !str_to_i64(number, 0, INT64_MAX, &expiry))
        return false;
    buf_puts(&expected, "Bearer ");
    put_token(&expected, club, expiry);
    return expiry > world->now && str_equal(header, buf_view(&expected));
}

static void answer_token(const struct sim_world *world, const struct sim_request *request,
                         struct sim_reply *reply)
{
    char token[96];
    struct buf out = buf_over(token, sizeof(token));
    struct str type = sim_request_header(request, "Content-Type");
    if (cps_is_v4(reply->club))
        tenant_refuse(reply, 404, "{\"error\":\"not found\"}");
    else if (!request->is_post)
        tenant_refuse(reply, 405, "{\"error\":\"POST only\"}");
    else if (!str_has_prefix(type, STR("application/x-www-form-urlencoded")))
        tenant_refuse(reply, 415, "{\"error\":\"unsupported media type\"}");
    else if (!str_contains_nocase(request->body, STR(CLIENT)))
        tenant_refuse(reply, 400, "{\"error\":\"invalid_client\"}");
    if (reply->status != 200)
        return;
    put_token(&out, reply->club, world->now + TOKEN_LIFE);
    PUT(&reply->body, "{\"access_token\":\"");
    put_text(&reply->body, token);
    PUT(&reply->body, "\",\"expires_in\":600,\"token_type\":\"Bearer\","
                      "\"scope\":\"onlinereservation references\"}");
}

/* Whether a request to the API may pass; else it is refused. */
static bool is_admitted(const struct sim_world *world, const struct sim_request *request,
                        struct sim_reply *reply)
{
    bool has_key =
        cps_is_v4(reply->club)
            ? str_equal(sim_request_header(request, "x-apikey"), STR(V4_KEY))
            : token_is_right(world, reply->club, sim_request_header(request, "Authorization"));
    if (!has_key)
        tenant_refuse(reply, 401, "{\"error\":\"Unauthorized\"}");
    else if (!str_equal(sim_request_header(request, "x-componentid"), STR("1")))
        tenant_refuse(reply, 400, "{\"error\":\"Invalid componentid request header\"}");
    return reply->status == 200;
}

/* The uuid after "transactionId" in a JSON object; empty: there is none. */
static struct str find_transaction(struct str body)
{
    static const char key[] = "\"transactionId\"";
    const char *at = body.len ? memmem(body.ptr, body.len, key, sizeof(key) - 1) : NULL;
    if (!at)
        return STR("");
    at += sizeof(key) - 1;
    struct str rest = str_trim((struct str){ at, (size_t)(body.ptr + body.len - at) });
    if (!str_has_prefix(rest, STR(":")))
        return STR("");
    rest = str_trim((struct str){ rest.ptr + 1, rest.len - 1 });
    if (rest.len < SIM_UUID_LEN + 2 || rest.ptr[0] != '"' || rest.ptr[SIM_UUID_LEN + 1] != '"')
        return STR("");
    return (struct str){ rest.ptr + 1, SIM_UUID_LEN };
}

static void answer_register(const struct sim_request *request, struct sim_reply *reply)
{
    struct str transaction = find_transaction(request->body);
    if (cps_is_v4(reply->club) && reply->club->hash & 2) /* the route is not everywhere */
        tenant_refuse(reply, 404, "{\"error\":\"not found\"}");
    else if (!request->is_post)
        tenant_refuse(reply, 405, "{\"error\":\"POST only\"}");
    else if (!sim_request_is_json(request))
        tenant_refuse(reply, 415, "{\"error\":\"unsupported media type\"}");
    else if (transaction.len == 0)
        tenant_refuse(reply, 400, "{\"error\":\"Invalid Transaction Id\"}");
    if (reply->status != 200)
        return;
    if (request->memory)
        memory_keep(request->memory, tenant_hash(reply->club->hash, transaction));
    PUT(&reply->body, "true");
}

/* --- what a tenant is --- */

static void put_url(struct writer *w, const struct sim_club *club, const char *path)
{
    PUT(w, "\"https://");
    put_text(w, club->slug);
    PUT(w, "." DOMAIN);
    put_text(w, path);
    PUT(w, "\"");
}

static void answer_configuration(struct sim_reply *reply)
{
    struct writer *w = &reply->body;
    const struct sim_club *club = reply->club;
    put_open(w, '{');
    KEY(w, "clientId");
    put_string(w, cps_is_v4(club) ? "js1" : "onlineresweb");
    KEY(w, "authorityBaseUrl");
    put_url(w, club, "/identityapi");
    KEY(w, "onlineResBaseUrl");
    put_url(w, club, "/onlineres");
    KEY(w, "onlineApi");
    put_url(w, club, "/onlineres/onlineapi/api/v1/onlinereservation");
    if (cps_is_v4(club)) {
        KEY(w, "apiKey");
        PUT(w, "\"" V4_KEY "\"");
    }
    KEY(w, "buildNumber");
    PUT(w, "\"26.1.1.100\\n\"");
    KEY(w, "websiteId"); /* not the real one */
    PUT(w, "\"" NO_WEBSITE "\"");
    KEY(w, "courseId");
    PUT(w, "0");
    KEY(w, "siteName");
    put_string(w, club->slug);
    put_close(w, '}');
}

static void put_website(struct writer *w, const struct sim_club *club)
{
    char uuid[SIM_UUID_LEN];
    cps_website_id(club, uuid);
    PUT(w, "\"");
    put_bytes(w, uuid, sizeof(uuid));
    PUT(w, "\"");
}

static void put_course(struct writer *w, const struct sim_club *club, int64_t id,
                       const char *name, bool is_active)
{
    put_separator(w);
    put_open(w, '{');
    KEY(w, "websiteId");
    put_website(w, club);
    KEY(w, "timezoneId");
    put_string(w, club->place->zone);
    KEY(w, "onlineCourseName");
    put_string(w, name);
    KEY(w, "courseId");
    put_u64(w, (uint64_t)id);
    KEY(w, "courseName");
    PUT(w, "\"Sheet ");
    put_text(w, name);
    PUT(w, "\"");
    KEY(w, "siteId");
    PUT(w, "1");
    KEY(w, "holes");
    PUT(w, "18");
    KEY(w, "order");
    PUT(w, "0");
    KEY(w, "active");
    put_bool(w, is_active);
    put_close(w, '}');
}

static void answer_courses(struct sim_reply *reply)
{
    struct writer *w = &reply->body;
    const struct sim_club *club = reply->club;
    put_open(w, '[');
    if (club->hash & 4)
        put_course(w, club, CLOSED_ID, "Old Nine", false);
    for (uint32_t i = 0; i < club->courses_count; i++)
        put_course(w, club, club->courses[i].id, club->courses[i].name, true);
    put_close(w, ']');
}

/* How far ahead each course can be booked; half of the tenants say so for the public class, and
 * only those say from when on. */
static void answer_rules(struct sim_reply *reply)
{
    struct writer *w = &reply->body;
    const struct sim_club *club = reply->club;
    bool is_by_class = club->hash & 8;
    char opens[48];
    struct buf text = buf_over(opens, sizeof(opens));
    buf_printf(&text, ",\"time\":\"2026-02-24T%02u:%02u:00\"", club->opens_minute / 60u,
               club->opens_minute % 60u);
    put_text(w, is_by_class ? "{\"bookingRuleByClass\":[{\"classCode\":\"R\","
                              "\"bookingRuleByCourse\":"
                            : "{\"bookingRuleByClass\":[],\"bookingRuleByCourses\":");
    put_open(w, '[');
    for (uint32_t i = 0; i < club->courses_count; i++) {
        put_separator(w);
        PUT(w, "{\"courseId\":");
        put_u64(w, (uint64_t)club->courses[i].id);
        PUT(w, ",\"daysInAdvance\":");
        put_u64(w, club->window_days);
        put_text(w, is_by_class ? opens : "");
        PUT(w, "}");
    }
    put_close(w, ']');
    put_text(w, is_by_class ? "}],\"bookingRuleByCourses\":[]}" : "}");
}

static void answer_options(struct sim_reply *reply)
{
    struct writer *w = &reply->body;
    const struct sim_club *club = reply->club;
    put_open(w, '{');
    KEY(w, "webSiteId");
    put_website(w, club);
    KEY(w, "courseOptions");
    put_open(w, '[');
    for (uint32_t i = 0; i < club->courses_count; i++) {
        put_separator(w);
        put_open(w, '{');
        KEY(w, "courseId");
        put_u64(w, (uint64_t)club->courses[i].id);
        put_close(w, '}');
    }
    put_close(w, ']');
    KEY(w, "reservationOptions");
    PUT(w, "{\"terminalId\":3,\"currencyCode\":\"");
    put_text(w, club->place->currency);
    PUT(w, "\"}");
    put_close(w, '}');
}

/* --- requests --- */

static void answer_api(const struct sim_world *world, const struct sim_request *request,
                       struct str name, struct sim_reply *reply)
{
    if (!is_admitted(world, request, reply))
        return;
    if (str_equal(name, STR("RegisterTransactionId")))
        answer_register(request, reply);
    else if (request->is_post)
        tenant_refuse(reply, 405, "{\"error\":\"GET only\"}");
    else if (str_equal(name, STR("TeeTimes")))
        cps_answer_list(world, request, reply);
    else if (str_equal(name, STR("OnlineCourses")))
        answer_courses(reply);
    else if (str_equal(name, STR("BookingRuleModels")))
        answer_rules(reply);
    else if (str_has_prefix(name, STR("GetAllOptions/")))
        answer_options(reply);
    else
        tenant_refuse(reply, 404, "{\"error\":\"not found\"}");
}

static bool owns(const struct sim_request *request)
{
    struct str slug;
    return tenant_of_host(request, DOMAIN, &slug);
}

static void answer(const struct sim_world *world, const struct sim_request *request,
                   struct sim_reply *reply)
{
    const struct str api = STR(API_PATH);
    struct str path = request->path, slug = STR("");
    (void)tenant_of_host(request, DOMAIN, &slug);
    reply->club = tenant_club(world->fleet, &sim_cps, slug);
    if (!reply->club) {
        tenant_refuse(reply, 404, "{\"error\":\"no such site\"}");
        return;
    }
    if (str_equal(path, STR("/identityapi/myconnect/token/short")))
        answer_token(world, request, reply);
    else if (str_equal(path, STR("/onlineresweb/Home/Configuration")) && !request->is_post)
        answer_configuration(reply);
    else if (str_has_prefix(path, api))
        answer_api(world, request, (struct str){ path.ptr + api.len, path.len - api.len },
                   reply);
    else
        tenant_refuse(reply, 404, "{\"error\":\"not found\"}");
}

const struct sim_engine sim_cps = {
    .name = "cps",
    .host = DOMAIN,
    .variant = variant,
    .shape = shape,
    .attributes = attributes,
    .booking_url = booking_url,
    .owns = owns,
    .answer = answer,
    .truth = cps_truth,
};
