/* cps_parse.c: the replies of CPS Golf: credentials, look-ups, and the registered
 * transaction. The list is read in cps_list.c. */
#include <ctype.h>

#include "engine/cps.h"

#define TOKEN_TTL_S    600 /* what expires_in says where it was seen */
#define TOKEN_MARGIN_S 60
#define KEY_TTL_S      3600

static enum engine_verdict next(struct engine_task *task)
{
    task->step++;
    return ENGINE_NEXT;
}

/* A credential that fits a header line. */
static bool keep_credential(struct cps_tenant *tenant, struct str text)
{
    if (text.len == 0 || text.len >= sizeof(tenant->credential))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!isgraph((unsigned char)text.ptr[i]) || text.ptr[i] == '\\')
            return false;
    memcpy(tenant->credential, text.ptr, text.len);
    tenant->credential[text.len] = '\0';
    return true;
}

/* The credential's remaining life is that of all that is kept. */
static void note_ttl(const struct cps_tenant *tenant, const struct http_reply *reply,
                     struct engine_result *result)
{
    int64_t left = tenant->valid_until - reply->received_at;
    result->tenant_ttl_s = left > 0 ? (uint32_t)left : 1;
}

struct credential {
    struct str text;
    int64_t expires_in;
};

static bool read_credential(struct json *json, void *into)
{
    return json_string_raw(json, &((struct credential *)into)->text);
}

static const struct engine_field token_fields[] = {
    { "access_token", FIELD_REQUIRED, FIELD_OTHER, 0, read_credential },
    { "expires_in", FIELD_IF_READABLE, FIELD_I64, offsetof(struct credential, expires_in),
      NULL },
};

static const struct engine_field key_fields[] = {
    { "apiKey", FIELD_REQUIRED, FIELD_OTHER, 0, read_credential },
};

static bool is_row_of(const struct engine_task *task, struct str generation)
{
    return cps_row_is(task->courses[0], generation);
}

/* A tenant without the token's route is of the older generation. */
static enum engine_verdict parse_token(struct engine_task *task, const struct http_reply *reply,
                                       struct engine_result *result)
{
    struct cps_tenant *tenant = cps_tenant(task);
    struct credential credential = { { NULL, 0 }, TOKEN_TTL_S };
    struct engine_fault fault;
    enum engine_verdict verdict;
    struct json json = json_over(reply->body);
    if (reply->status == 404 && !is_row_of(task, STR("v5"))) {
        tenant->generation = 4;
        return next(task);
    }
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (!engine_read_object(&json, token_fields, TS_COUNT_OF(token_fields), &credential,
                            &fault) ||
        !keep_credential(tenant, credential.text))
        return engine_done(result, OUTCOME_UNREADABLE, "no access_token");
    if (credential.expires_in > 24 * 3600)
        credential.expires_in = TOKEN_TTL_S;
    tenant->generation = 5;
    tenant->valid_until = reply->received_at + credential.expires_in - TOKEN_MARGIN_S;
    note_ttl(tenant, reply, result);
    return next(task);
}

static enum engine_verdict parse_configuration(struct engine_task *task,
                                               const struct http_reply *reply,
                                               struct engine_result *result)
{
    struct cps_tenant *tenant = cps_tenant(task);
    struct credential credential = { { NULL, 0 }, 0 };
    struct engine_fault fault;
    enum engine_verdict verdict;
    struct json json = json_over(reply->body);
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (engine_read_object(&json, key_fields, TS_COUNT_OF(key_fields), &credential, &fault) &&
        keep_credential(tenant, credential.text)) {
        tenant->generation = 4;
        tenant->valid_until = reply->received_at + KEY_TTL_S;
        note_ttl(tenant, reply, result);
        return next(task);
    }
    if (is_row_of(task, STR("v4")))
        return engine_done(result, OUTCOME_MISCONFIGURED,
                           "the row says v4, but the tenant's configuration has no apiKey");
    return engine_done(result, OUTCOME_UNREADABLE, "neither a token's route nor an apiKey");
}

/* Another credential instead of one that is refused; the second refusal is the answer. */
static enum engine_verdict renew(struct engine_task *task)
{
    if (cps_state(task)->renewals > 0)
        return ENGINE_UNDECIDED;
    cps_state(task)->renewals++;
    cps_tenant(task)->credential[0] = '\0';
    return next(task);
}

struct online_course {
    int64_t id, site_id;
    bool is_active;
    char website_id[ENGINE_TEXT_MAX + 1];
};

static const struct engine_field course_fields[] = {
    { "courseId", FIELD_REQUIRED, FIELD_I64, offsetof(struct online_course, id), NULL },
    { "websiteId", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct online_course, website_id),
      NULL },
    { "siteId", FIELD_IF_READABLE, FIELD_I64, offsetof(struct online_course, site_id), NULL },
    { "active", FIELD_MAY_LACK, FIELD_BOOL, offsetof(struct online_course, is_active), NULL },
};

/* False: not all of the tenant's courses are known by it. website_id is left '' when they have
 * several. */
static bool read_courses(struct json *json, struct cps_tenant *into)
{
    if (!json_enter_array(json))
        return false;
    while (json_next(json)) {
        struct online_course course = { .is_active = true };
        struct engine_fault fault;
        if (!engine_read_object(json, course_fields, TS_COUNT_OF(course_fields), &course,
                                &fault) ||
            strlen(course.website_id) != CPS_UUID_LEN || into->courses_count == CPS_COURSES_MAX)
            return false;
        if (!course.is_active)
            continue;
        if (into->courses_count == 0) {
            memcpy(into->website_id, course.website_id, sizeof(into->website_id));
            into->site_id = course.site_id;
        } else if (strcmp(into->website_id, course.website_id) != 0) {
            into->website_id[0] = '\0';
        }
        into->courses[into->courses_count++] = course.id;
    }
    return into->courses_count > 0;
}

/* Ids that the tenant itself tells go before those of the rows. */
static enum engine_verdict parse_courses(struct engine_task *task,
                                         const struct http_reply *reply,
                                         struct engine_result *result)
{
    struct cps_tenant *tenant = cps_tenant(task), looked_up = { .courses_count = 0 };
    enum engine_verdict verdict;
    struct json json = json_over(reply->body);
    if (reply->status == 401)
        return renew(task);
    if (reply->status == 404 && !cps_lacks_ids(task)) {
        tenant->has_courses = true; /* cannot be looked up: the rows' ids must do */
        return next(task);
    }
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (!read_courses(&json, &looked_up))
        return engine_done(result, OUTCOME_UNREADABLE, "OnlineCourses without courses");
    if (!looked_up.website_id[0] && cps_rows_website(task).len == 0)
        return engine_done(result, OUTCOME_UNREADABLE,
                           "websiteId: the tenant has several, and the rows do not say which");
    memcpy(tenant->website_id, looked_up.website_id, sizeof(tenant->website_id));
    memcpy(tenant->courses, looked_up.courses, sizeof(tenant->courses));
    tenant->courses_count = looked_up.courses_count;
    tenant->site_id = looked_up.site_id;
    tenant->has_courses = true;
    note_ttl(tenant, reply, result);
    return next(task);
}

static enum engine_verdict parse_register(struct engine_task *task,
                                          const struct http_reply *reply,
                                          struct engine_result *result)
{
    enum engine_verdict verdict;
    struct json json = json_over(reply->body);
    bool is_done = false;
    if (reply->status == 401)
        return renew(task);
    if (reply->status == 404) {
        cps_tenant(task)->cannot_register = true;
        return next(task);
    }
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (!json_bool(&json, &is_done) || !is_done)
        return engine_done(result, OUTCOME_UNREADABLE, "the transaction was not registered");
    cps_state(task)->is_registered = true;
    return next(task);
}

enum engine_verdict cps_parse(struct engine_task *task, const struct http_reply *reply,
                              struct engine_result *result)
{
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply))
        return ENGINE_UNDECIDED;
    switch ((enum cps_stage)task->asked) {
    case CPS_TOKEN:
        return parse_token(task, reply, result);
    case CPS_CONFIGURATION:
        return parse_configuration(task, reply, result);
    case CPS_COURSES:
        return parse_courses(task, reply, result);
    case CPS_REGISTER:
        return parse_register(task, reply, result);
    case CPS_LIST:
    case CPS_RULES:
        break;
    }
    return reply->status == 401 ? renew(task) : cps_parse_list(task, reply, result);
}
