/*
 * teesnap.c: Teesnap: facts, catalogue rows, requests, and the page that says which courses are
 * the tenant's: the API answers any id with the sheet of whichever club has it.
 */
#include "engine/teesnap.h"

#include <assert.h>

#include "base/day.h"

#define TENANT_TTL_S (24 * 3600)
/* A day of 80 tees with their bookings and golfers has about 150 KB. */
#define CAP_BYTES (512u * 1024)

static_assert(sizeof(struct teesnap_tenant) <= ENGINE_TENANT_BYTES_MAX, "tenant state");

static const struct engine_attr attributes[TEESNAP_ATTRIBUTES] = {
    [TEESNAP_SUBDOMAIN] = { "subdomain", ATTR_TEXT, true, "the tenant: SUBDOMAIN.teesnap.net" },
    [TEESNAP_COURSE_ID] = { "courseId", ATTR_INT, true, "the course, as on the tenant's page" },
};

static ts_err check(const struct course *course, struct error *reterr)
{
    static const struct engine_number course_id = { TEESNAP_COURSE_ID, true, 1 };
    ts_err err = engine_check_label(course, attributes, TEESNAP_SUBDOMAIN, reterr);
    return err ? err : engine_check_numbers(course, attributes, &course_id, 1, reterr);
}

static void host_of(const struct course *course, struct buf *host)
{
    buf_put(host, course_attribute(course, TEESNAP_SUBDOMAIN));
    buf_puts(host, TEESNAP_DOMAIN);
}

static bool tenant_key(const struct course *course, struct buf *key)
{
    buf_put(key, course_attribute(course, TEESNAP_SUBDOMAIN));
    return true;
}

/* The sheets; the page is the tenant's, not the task's. */
static uint32_t expected_requests(const struct course *const *courses, uint32_t count)
{
    (void)courses;
    return count;
}

/* The one club known to book a course that its page does not list. */
static bool is_known_exception(const struct course *course)
{
    return str_equal(course_attribute(course, TEESNAP_SUBDOMAIN), STR("heathergardens")) &&
           str_equal(course_attribute(course, TEESNAP_COURSE_ID), STR("131"));
}

/* Whether the course is the tenant's, and the largest party. */
static bool is_listed(const struct engine_task *task, uint32_t course, unsigned *ret_players)
{
    const struct teesnap_tenant *tenant = task->tenant;
    int64_t id = 0;
    bool has_id = str_to_i64(course_attribute(task->courses[course], TEESNAP_COURSE_ID), 1,
                             INT32_MAX, &id);
    for (uint32_t i = 0; has_id && i < tenant->count; i++)
        if (tenant->courses[i].id == id) {
            unsigned players = tenant->courses[i].players_max;
            *ret_players = players > 0 && players < TEESNAP_SEATS ? players : TEESNAP_SEATS;
            return true;
        }
    *ret_players = TEESNAP_SEATS;
    return tenant->count > 0 && is_known_exception(task->courses[course]);
}

/* The first course that is the tenant's and has no outcome yet; all: the count of courses. */
static uint32_t next_course(const struct engine_task *task, unsigned *ret_players)
{
    uint32_t i = 0;
    while (i < task->courses_count &&
           (task->sheets[i].outcome != OUTCOME_NONE || !is_listed(task, i, ret_players)))
        i++;
    return i;
}

ts_err teesnap_get_page(const struct engine_task *task, struct buf *scratch,
                        struct http_request *ret_request)
{
    buf_puts(scratch, "https://");
    host_of(task->courses[0], scratch);
    buf_putc(scratch, '/');
    ts_err err = engine_get_json(scratch, CAP_BYTES, ret_request);
    if (!err)
        ret_request->headers[0] = "Accept: text/html";
    return err;
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    unsigned players;
    uint32_t course = next_course(task, &players);
    if (course == task->courses_count)
        return teesnap_get_page(task, scratch, ret_request);
    buf_puts(scratch, "https://");
    host_of(task->courses[0], scratch);
    buf_puts(scratch, "/customer-api/teetimes-day?course=");
    buf_put(scratch, course_attribute(task->courses[course], TEESNAP_COURSE_ID));
    buf_puts(scratch, "&date=");
    day_format(task->play_date, scratch);
    buf_puts(scratch, "&players=1&holes=18&addons=off");
    buf_putc(scratch, '\0');
    const char *header = scratch->ptr + scratch->len;
    buf_puts(scratch, "Referer: https://");
    host_of(task->courses[0], scratch);
    buf_putc(scratch, '/');
    ts_err err = engine_get_json(scratch, CAP_BYTES, ret_request);
    if (!err)
        ret_request->headers[ret_request->headers_count++] = header;
    return err;
}

static enum engine_verdict go_on(struct engine_task *task, struct engine_result *result)
{
    unsigned players;
    task->step++;
    if (next_course(task, &players) < task->courses_count)
        return ENGINE_NEXT;
    return engine_done(result, OUTCOME_MISCONFIGURED, "courseId: not on the tenant's page");
}

static enum engine_verdict parse_page(struct engine_task *task, const struct http_reply *reply,
                                      struct engine_result *result)
{
    if (str_trim(reply->body).len == 0) {
        result->detail = "an empty body";
        return ENGINE_TRUNCATED;
    }
    if (!teesnap_page_read(reply->body, task->tenant))
        return engine_done(result, OUTCOME_UNREADABLE,
                           "no list of courses on the tenant's page");
    result->tenant_ttl_s = TENANT_TTL_S;
    return go_on(task, result);
}

/* Closed, or outside the window: it does not say which. The status beside it differs. */
static bool says_date_not_allowed(const struct http_reply *reply)
{
    struct json json = json_over(reply->body);
    struct str key, errors = { NULL, 0 };
    bool may_say = reply->status == 200 || (reply->status >= 400 && reply->status < 500 &&
                                            reply->status != 403 && reply->status != 429);
    if (!may_say || !json_enter_object(&json))
        return false;
    while (json_key(&json, &key))
        if (str_equal(key, STR("errors")))
            (void)json_string_raw(&json, &errors);
    return json_finish(&json) == JSON_OK && str_equal(errors, STR("date_not_allowed"));
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    unsigned players;
    enum engine_verdict verdict;
    uint32_t course = next_course(task, &players);
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply))
        return ENGINE_UNDECIDED;
    if (course < task->courses_count && says_date_not_allowed(reply)) {
        task->sheets[course].outcome = OUTCOME_NONE_OPEN;
        task->sheets[course].detail = "date_not_allowed: closed, or outside the booking window";
        return go_on(task, result);
    }
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (course == task->courses_count)
        return parse_page(task, reply, result);
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (!teesnap_list_read(task, course, players, reply->body, result))
        return engine_done_too_large(result);
    return go_on(task, result);
}

const struct engine engine_teesnap = {
    .name = "teesnap",
    .about = "Teesnap's booking pages, one host per club",
    .verified = "description",
    .terms = "refuses clients whose User-Agent is no browser's: blocked there; robots.txt and "
             "terms not known",
    .host = "SUBDOMAIN" TEESNAP_DOMAIN,
    .attrs = attributes,
    .attrs_count = TEESNAP_ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = CAP_BYTES,
    .tenant_state_bytes = sizeof(struct teesnap_tenant),
    .check = check,
    .from_url = teesnap_from_url,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = expected_requests,
    .request = request,
    .parse = parse,
    .resolver = &teesnap_resolver,
};
