/* cps.c: CPS Golf (Club Prophet, *.cps.golf): facts, catalogue rows, and the stages of
 * a conversation. */
#include "engine/cps.h"

#include <assert.h>

static_assert(sizeof(struct cps_tenant) <= ENGINE_TENANT_BYTES_MAX, "tenant");
static_assert(sizeof(struct cps_state) <= ENGINE_TASK_STATE_BYTES, "state");

static const struct engine_attr attributes[CPS_ATTRIBUTES] = {
    [CPS_SUBDOMAIN] = { "subdomain", ATTR_TEXT, true, "the tenant: SUBDOMAIN.cps.golf" },
    [CPS_WEBSITE_ID] = { "websiteId", ATTR_TEXT, false,
                         "the tenant's uuid; looked up where it is missing or zero" },
    [CPS_SITE_ID] = { "siteId", ATTR_INT, false, "the tenant's site; else looked up, else 1" },
    [CPS_COURSE_IDS] = { "courseIds", ATTR_INT_LIST, true,
                         "the row's courses; without it all of the tenant's, looked up" },
    [CPS_TERMINAL_ID] = { "terminalId", ATTR_INT, false, "else 3" },
    [CPS_API] = { "api", ATTR_TEXT, false, "v4 or v5; without it the tenant is asked" },
    [CPS_AUTH_TYPE] = { "authType", ATTR_TEXT, false, "another name for api" },
};

bool cps_row_is(const struct course *course, struct str generation)
{
    struct str api = course_attribute(course, CPS_API);
    if (api.len == 0)
        api = course_attribute(course, CPS_AUTH_TYPE);
    return str_equal(api, generation);
}

bool cps_row_has_course(const struct course *course, int64_t id)
{
    struct str rest = course_attribute(course, CPS_COURSE_IDS), item;
    int64_t own;
    if (rest.len == 0)
        return true;
    while (str_split(&rest, ',', &item))
        if (str_to_i64(item, 1, INT32_MAX, &own) && own == id)
            return true;
    return false;
}

struct wanted {
    int64_t ids[CPS_COURSES_MAX + ENGINE_TASK_COURSES_MAX * CPS_COURSE_IDS_MAX];
    uint32_t count;
};

static void want(struct wanted *wanted, int64_t id)
{
    for (uint32_t i = 0; i < wanted->count; i++)
        if (wanted->ids[i] == id)
            return;
    wanted->ids[wanted->count++] = id;
}

void cps_put_courses(const struct engine_task *task, struct buf *out)
{
    const struct cps_tenant *tenant = task->tenant;
    struct wanted wanted = { .count = 0 };
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct str rest = course_attribute(task->courses[i], CPS_COURSE_IDS), item;
        int64_t id;
        for (uint32_t c = 0; rest.len == 0 && c < tenant->courses_count; c++)
            want(&wanted, tenant->courses[c]);
        while (str_split(&rest, ',', &item))
            if (str_to_i64(item, 1, INT32_MAX, &id))
                want(&wanted, id);
    }
    for (uint32_t i = 0; i < wanted.count; i++)
        buf_printf(out, i == 0 ? "%lld" : ",%lld", (long long)wanted.ids[i]);
}

struct str cps_rows_website(const struct engine_task *task)
{
    struct str first = course_attribute(task->courses[0], CPS_WEBSITE_ID);
    if (str_equal(first, STR(CPS_NO_WEBSITE)))
        return (struct str){ NULL, 0 };
    for (uint32_t i = 1; i < task->courses_count; i++)
        if (!str_equal_nocase(course_attribute(task->courses[i], CPS_WEBSITE_ID), first))
            return (struct str){ NULL, 0 };
    return first;
}

bool cps_lacks_ids(const struct engine_task *task)
{
    for (uint32_t i = 0; i < task->courses_count; i++)
        if (course_attribute(task->courses[i], CPS_COURSE_IDS).len == 0)
            return true;
    return cps_rows_website(task).len == 0;
}

/* A wrong websiteId gives an empty list: before one is believed, the ids are looked up. */
static bool wants_courses(const struct engine_task *task)
{
    const struct cps_tenant *tenant = task->tenant;
    const struct cps_state *state = (const struct cps_state *)(const void *)task->state;
    return !tenant->has_courses && (state->empties > 0 || cps_lacks_ids(task));
}

enum cps_stage cps_stage(const struct engine_task *task)
{
    const struct cps_tenant *tenant = task->tenant;
    const struct cps_state *state = (const struct cps_state *)(const void *)task->state;
    bool is_v4 = tenant->generation == 4 || cps_row_is(task->courses[0], STR("v4"));
    bool can_register = !tenant->cannot_register && (!is_v4 || tenant->registers);
    if (!tenant->credential[0])
        return is_v4 ? CPS_CONFIGURATION : CPS_TOKEN;
    if (wants_courses(task))
        return CPS_COURSES;
    return can_register && !state->is_registered ? CPS_REGISTER : CPS_LIST;
}

static ts_err check_numbers(const struct course *course, unsigned attribute,
                            struct error *reterr)
{
    const char *name = attributes[attribute].name;
    struct str rest = course_attribute(course, attribute), item;
    int64_t value;
    if (engine_list_count(rest) > CPS_COURSE_IDS_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "%s: more than %d", name,
                         CPS_COURSE_IDS_MAX);
    while (str_split(&rest, ',', &item))
        if (!str_to_i64(item, 1, INT32_MAX, &value))
            return error_set(reterr, TS_ERR_CATALOGUE, "%s: \"%.*s\" is no positive number",
                             name, STR_ARGS(item));
    return TS_ERR_OK;
}

static ts_err check_generation(const struct course *course, unsigned attribute,
                               struct error *reterr)
{
    struct str text = course_attribute(course, attribute);
    if (text.len == 0 || str_equal(text, STR("v4")) || str_equal(text, STR("v5")))
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_CATALOGUE, "%s: \"%.*s\" is neither v4 nor v5",
                     attributes[attribute].name, STR_ARGS(text));
}

static ts_err check(const struct course *course, struct error *reterr)
{
    static const unsigned numbers[] = { CPS_SITE_ID, CPS_COURSE_IDS, CPS_TERMINAL_ID };
    struct str website = course_attribute(course, CPS_WEBSITE_ID);
    ts_err err = engine_check_label(course, attributes, CPS_SUBDOMAIN, reterr);
    if (err)
        return err;
    if (website.len > 0 && !str_is_uuid(website))
        return error_set(reterr, TS_ERR_CATALOGUE, "websiteId: \"%.*s\" is no uuid",
                         STR_ARGS(website));
    err = check_generation(course, CPS_API, reterr);
    if (!err)
        err = check_generation(course, CPS_AUTH_TYPE, reterr);
    for (size_t i = 0; i < TS_COUNT_OF(numbers) && !err; i++)
        err = check_numbers(course, numbers[i], reterr);
    return err;
}

static void host_of(const struct course *course, struct buf *host)
{
    buf_put(host, course_attribute(course, CPS_SUBDOMAIN));
    buf_puts(host, ".cps.golf");
}

/* v4 and v5 rows apart: a tenant is one or the other, so one of them is wrong. */
static bool tenant_key(const struct course *course, struct buf *key)
{
    buf_put(key, course_attribute(course, CPS_SUBDOMAIN));
    buf_puts(key, cps_row_is(course, STR("v4")) ? "/v4" : "");
    return true;
}

/* The list, and for v5 its transaction; the token and look-ups serve all dates. */
static uint32_t expected_requests(const struct course *const *courses, uint32_t count)
{
    assert(count > 0);
    return cps_row_is(courses[0], STR("v4")) ? 1 : 2;
}

const struct engine engine_cps = {
    .name = "cps",
    .about = "CPS Golf by Club Prophet, tenants of both generations (v4 and v5)",
    .verified = "recordings",
    .terms = "robots.txt disallows everything; many tenants stand behind a challenge: blocked",
    .host = "SUBDOMAIN.cps.golf",
    .attrs = attributes,
    .attrs_count = CPS_ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = CPS_LIST_CAP_BYTES,
    .tenant_state_bytes = sizeof(struct cps_tenant),
    .check = check,
    .from_url = cps_from_url,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = expected_requests,
    .request = cps_request,
    .parse = cps_parse,
    .resolver = &cps_resolver,
};
