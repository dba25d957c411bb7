/* chronogolf.c: Chronogolf (Lightspeed Golf): facts, catalogue rows, what V1 and V2 share. */
#include "engine/chronogolf.h"

#include "base/day.h"

#define UUIDS_MAX 12 /* times ENGINE_TASK_COURSES_MAX still fits into the scratch */
#define LISTS_MAX 16

static const struct engine_attr attributes[CHRONOGOLF_ATTRIBUTES] = {
    [CHRONOGOLF_COURSE_UUIDS] = { "course_uuids", ATTR_UUID_LIST, true,
                                  "V2: uuids of the club's courses" },
    [CHRONOGOLF_CLUB_ID] = { "club_id", ATTR_INT, true, "V1: the club" },
    [CHRONOGOLF_COURSE_ID] = { "course_id", ATTR_INT_LIST, true, "V1: its course or courses" },
    [CHRONOGOLF_AFFILIATION] = { "affiliation_type_id", ATTR_INT, true,
                                 "V1: the public player type; V2: only for booking links" },
    [CHRONOGOLF_API] = { "api", ATTR_TEXT, false,
                         "v1 or v2; without it v2 if there are course_uuids" },
    [CHRONOGOLF_NB_HOLES] = { "nb_holes", ATTR_INT_LIST, false,
                              "V1: hole counts to ask for; else the column holes, else 18" },
    [CHRONOGOLF_CLUB_SLUG] = { "club_slug", ATTR_TEXT, false,
                               "the club's name in links; V2 rows that share it share "
                               "requests" },
};

/* The one place that decides which API a row is for. */
static bool row_is_v2(const struct course *course)
{
    struct str api = course_attribute(course, CHRONOGOLF_API);
    if (api.len > 0)
        return str_equal(api, STR("v2"));
    return course_attribute(course, CHRONOGOLF_COURSE_UUIDS).len > 0;
}

bool chronogolf_has_uuid(const struct course *course, struct str wanted)
{
    struct str rest = course_attribute(course, CHRONOGOLF_COURSE_UUIDS), uuid;
    while (str_split(&rest, ',', &uuid))
        if (str_equal_nocase(uuid, wanted))
            return true;
    return false;
}

static ts_err check_v2(const struct course *course, struct error *reterr)
{
    struct str rest = course_attribute(course, CHRONOGOLF_COURSE_UUIDS), uuid;
    if (rest.len == 0)
        return error_set(reterr, TS_ERR_CATALOGUE, "course_uuids is missing, api is v2");
    if (engine_list_count(rest) > UUIDS_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "course_uuids: more than %d", UUIDS_MAX);
    while (str_split(&rest, ',', &uuid))
        if (!str_is_uuid(uuid))
            return error_set(reterr, TS_ERR_CATALOGUE, "course_uuids: \"%.*s\" is no uuid",
                             STR_ARGS(uuid));
    return TS_ERR_OK;
}

/* Each item a number of min..max, at most LISTS_MAX of them. */
static ts_err check_numbers(const struct course *course, unsigned attribute, int64_t max,
                            struct error *reterr)
{
    const char *name = attributes[attribute].name;
    struct str rest = course_attribute(course, attribute), item;
    int64_t value;
    if (engine_list_count(rest) > LISTS_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "%s: more than %d", name, LISTS_MAX);
    while (str_split(&rest, ',', &item))
        if (!str_to_i64(item, 1, max, &value))
            return error_set(reterr, TS_ERR_CATALOGUE, "%s: \"%.*s\" is no number of 1..%lld",
                             name, STR_ARGS(item), (long long)max);
    return TS_ERR_OK;
}

static ts_err check_v1(const struct course *course, struct error *reterr)
{
    static const unsigned needed[] = { CHRONOGOLF_CLUB_ID, CHRONOGOLF_COURSE_ID,
                                       CHRONOGOLF_AFFILIATION };
    char storage[80];
    struct buf missing = buf_over(storage, sizeof(storage));
    for (size_t i = 0; i < TS_COUNT_OF(needed); i++)
        if (course_attribute(course, needed[i]).len == 0)
            buf_printf(&missing, "%s%s", missing.len > 0 ? ", " : "",
                       attributes[needed[i]].name);
    if (missing.len > 0)
        return error_set(reterr, TS_ERR_CATALOGUE,
                         "%s missing: V1 needs club_id, course_id and affiliation_type_id, V2 "
                         "course_uuids",
                         missing.ptr);
    ts_err err = TS_ERR_OK;
    for (size_t i = 0; i < TS_COUNT_OF(needed) && !err; i++)
        err = check_numbers(course, needed[i], INT32_MAX, reterr);
    return err ? err : check_numbers(course, CHRONOGOLF_NB_HOLES, 36, reterr);
}

static ts_err check(const struct course *course, struct error *reterr)
{
    struct str api = course_attribute(course, CHRONOGOLF_API);
    if (api.len > 0 && !str_equal(api, STR("v1")) && !str_equal(api, STR("v2")))
        return error_set(reterr, TS_ERR_CATALOGUE, "api: \"%.*s\" is neither v1 nor v2",
                         STR_ARGS(api));
    return row_is_v2(course) ? check_v2(course, reterr) : check_v1(course, reterr);
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, "www.chronogolf.com");
}

static bool tenant_key(const struct course *course, struct buf *key)
{
    struct str slug = course_attribute(course, CHRONOGOLF_CLUB_SLUG);
    if (!row_is_v2(course) || slug.len == 0)
        return false;
    buf_put(key, slug);
    return true;
}

/* V2 has 24 slots a page: about one page for each course of the club, and the last one. */
static uint32_t expected_requests(const struct course *const *courses, uint32_t count)
{
    uint32_t uuids = 0, requests = 0;
    for (uint32_t i = 0; i < count; i++)
        if (row_is_v2(courses[i]))
            uuids += engine_list_count(course_attribute(courses[i], CHRONOGOLF_COURSE_UUIDS));
        else
            requests += chronogolf_v1_requests(courses[i]);
    return requests + (uuids > 0 ? 1 + uuids : 0);
}

static void put_club(const struct course *course, struct buf *out)
{
    buf_puts(out, CHRONOGOLF_SITE "/club/");
    buf_put_url(out, course_attribute(course, CHRONOGOLF_CLUB_SLUG));
}

static void put_affiliation(const struct course *course, struct buf *out)
{
    buf_puts(out, "affiliation_type_ids={ids:");
    buf_put(out, course_attribute(course, CHRONOGOLF_AFFILIATION));
    buf_puts(out, "}&teetime_id={ref}");
}

void chronogolf_v1_link(const struct engine_task *task, struct str course_id, struct buf *out)
{
    const struct course *course = task->courses[0];
    if (course_attribute(course, CHRONOGOLF_CLUB_SLUG).len == 0)
        return;
    put_club(course, out);
    buf_puts(out, "/booking/?source=club&medium=widget#/teetime/review?course_id=");
    buf_put(out, course_id);
    buf_puts(out, "&nb_holes={holes}&date=");
    day_format(task->play_date, out);
    buf_putc(out, '&');
    put_affiliation(course, out);
    buf_puts(out, "&is_deal=false&new_user=false");
    if (out->overflow)
        buf_reset(out);
}

void chronogolf_v2_link(const struct engine_task *task, uint32_t index, struct buf *out)
{
    const struct course *course = task->courses[index];
    if (course_attribute(course, CHRONOGOLF_CLUB_SLUG).len == 0)
        return;
    put_club(course, out);
    if (course_attribute(course, CHRONOGOLF_AFFILIATION).len > 0) {
        buf_puts(out, "/booking/#/teetime/review?");
        put_affiliation(course, out);
        buf_puts(out, "&nb_holes={holes}&engine=2");
    } else {
        buf_puts(out, "?date=");
        day_format(task->play_date, out);
        buf_puts(out, "&step=teetimes");
    }
    if (out->overflow)
        buf_reset(out);
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    return row_is_v2(task->courses[0]) ? chronogolf_v2_request(task, scratch, ret_request)
                                       : chronogolf_v1_request(task, scratch, ret_request);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply))
        return ENGINE_UNDECIDED;
    enum engine_verdict verdict = row_is_v2(task->courses[0])
                                      ? chronogolf_v2_parse(task, reply, result)
                                      : chronogolf_v1_parse(task, reply, result);
    if (verdict == ENGINE_UNDECIDED && reply->status == 401) /* no login is asked: the front */
        return engine_done(result, OUTCOME_BLOCKED, engine_refusal(task, reply));
    return verdict;
}

const struct engine engine_chronogolf = {
    .name = "chronogolf",
    .about = "Chronogolf by Lightspeed, both read APIs of its marketplace",
    .verified = "recordings",
    .terms = "public marketplace without login; limits per address; a partner API exists",
    .host = "www.chronogolf.com",
    .attrs = attributes,
    .attrs_count = CHRONOGOLF_ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 2500,
    .reply_cap_bytes = CHRONOGOLF_V1_CAP_BYTES,
    .tenant_state_bytes = 0,
    .check = check,
    .from_url = chronogolf_from_url,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = expected_requests,
    .request = request,
    .parse = parse,
    .resolver = &chronogolf_resolver,
};
