/* teeitup.c: TeeItUp (Kenna): facts, catalogue rows, and requests. */
#include "engine/teeitup.h"

#include <assert.h>
#include <ctype.h>

#include "base/day.h"

#define HOST      "phx-api-be-east-1b.kenna.io"
#define ALIAS_MAX 100
#define IDS_MAX   16 /* times ENGINE_TASK_COURSES_MAX still fits into the scratch */
/* A facility's day of 60 slots at one rate has about 50 KB, a tenant of eight 500 KB. */
#define FACILITY_CAP_BYTES (256u * 1024)
#define LIST_CAP_BYTES     (1024u * 1024)

static_assert(sizeof(struct teeitup_map) <= ENGINE_TENANT_BYTES_MAX, "tenant state");

static const struct engine_attr attributes[TEEITUP_ATTRIBUTES] = {
    [TEEITUP_ALIAS] = { "alias", ATTR_TEXT, true, "the tenant, as in ALIAS.book.teeitup.com" },
    [TEEITUP_FACILITY_IDS] = { "facility_ids", ATTR_INT_LIST, true,
                               "the tenant's facilities that are this course; without it all" },
};

struct str teeitup_ids(const struct course *course)
{
    return course_attribute(course, TEEITUP_FACILITY_IDS);
}

static ts_err check(const struct course *course, struct error *reterr)
{
    struct str alias = course_attribute(course, TEEITUP_ALIAS), rest = teeitup_ids(course),
               item;
    if (alias.len == 0)
        return error_set(reterr, TS_ERR_CATALOGUE, "alias is missing");
    bool is_host_label = alias.len <= ALIAS_MAX;
    for (size_t i = 0; i < alias.len; i++)
        is_host_label = is_host_label && (isalnum((unsigned char)alias.ptr[i]) ||
                                          alias.ptr[i] == '-' || alias.ptr[i] == '_');
    if (!is_host_label)
        return error_set(reterr, TS_ERR_CATALOGUE, "alias: \"%.*s\" is no tenant's name",
                         STR_ARGS(alias));
    if (engine_list_count(rest) > IDS_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "facility_ids: more than %d", IDS_MAX);
    while (str_split(&rest, ',', &item))
        if (teeitup_id(item) == 0)
            return error_set(reterr, TS_ERR_CATALOGUE, "facility_ids: \"%.*s\" is no id",
                             STR_ARGS(item));
    return TS_ERR_OK;
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, HOST);
}

static bool tenant_key(const struct course *course, struct buf *key)
{
    buf_put(key, course_attribute(course, TEEITUP_ALIAS));
    return true;
}

static bool is_lookup(const struct engine_task *task)
{
    return teeitup_needs_map(task) && ((const struct teeitup_map *)task->tenant)->count == 0;
}

/* The wanted ids that are the tenant's; without any, those of the first row that has some.
 * Returns how many. */
static uint32_t put_ids(const struct engine_task *task, struct buf *out)
{
    const struct teeitup_map *map = task->tenant;
    uint32_t count = 0;
    for (uint32_t f = 0; teeitup_needs_map(task) && f < map->count; f++)
        if (teeitup_any_wants(task, map->facilities[f].id))
            buf_printf(out, "%s%d", count++ > 0 ? "," : "", (int)map->facilities[f].id);
    for (uint32_t i = 0; count == 0 && i < task->courses_count; i++) {
        buf_put(out, teeitup_ids(task->courses[i]));
        count = engine_list_count(teeitup_ids(task->courses[i]));
    }
    return count;
}

/* Of what stands in the scratch; all routes want the alias besides. */
static ts_err get(struct str alias, struct buf *scratch, uint32_t cap,
                  struct http_request *ret_request)
{
    buf_putc(scratch, '\0');
    const char *header = scratch->ptr + scratch->len;
    buf_puts(scratch, "x-be-alias: ");
    buf_put(scratch, alias);
    ts_err err = engine_get_json(scratch, cap, ret_request);
    if (!err)
        ret_request->headers[ret_request->headers_count++] = header;
    return err;
}

ts_err teeitup_lookup(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    struct str alias = course_attribute(task->courses[0], TEEITUP_ALIAS);
    buf_puts(scratch, "https://" HOST "/alias/");
    buf_put(scratch, alias);
    buf_puts(scratch, "/facilities");
    return get(alias, scratch, FACILITY_CAP_BYTES, ret_request);
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    if (is_lookup(task))
        return teeitup_lookup(task, scratch, ret_request);
    buf_puts(scratch, "https://" HOST "/v2/tee-times?date=");
    day_format(task->play_date, scratch);
    buf_puts(scratch, "&facilityIds=");
    uint32_t cap = put_ids(task, scratch) > 1 ? LIST_CAP_BYTES : FACILITY_CAP_BYTES;
    return get(course_attribute(task->courses[0], TEEITUP_ALIAS), scratch, cap, ret_request);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    enum engine_verdict verdict;
    if (reply->end != HTTP_END_REPLY || reply->status != 200 ||
        engine_reply_is_challenge(reply))
        return ENGINE_UNDECIDED;
    if (str_has_prefix(str_trim(reply->body), STR("<"))) { /* soft throttling: worth a retry */
        result->detail = "a page instead of the list";
        return ENGINE_TRUNCATED;
    }
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    return is_lookup(task) ? teeitup_map_parse(task, reply, result)
                           : teeitup_list_parse(task, reply, result);
}

const struct engine engine_teeitup = {
    .name = "teeitup",
    .about = "TeeItUp by Kenna (NBC Sports Next), its booking pages' API",
    .verified = "recordings",
    .terms = "undocumented endpoint of public booking pages, without login; throttles per "
             "address; robots.txt and terms not known",
    .host = HOST,
    .attrs = attributes,
    .attrs_count = TEEITUP_ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1200,
    .reply_cap_bytes = LIST_CAP_BYTES,
    .tenant_state_bytes = sizeof(struct teeitup_map),
    .check = check,
    .from_url = teeitup_from_url,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = engine_request_once, /* the look-up is the tenant's, not the task's */
    .request = request,
    .parse = parse,
    .resolver = &teeitup_resolver,
};
