/* teesnap_page.c: the courses in the script of a tenant's page. */
#include "engine/teesnap.h"

struct page_course {
    int64_t id;
    uint8_t players_max;
    bool is_deleted;
};

static bool read_deleted(struct json *json, void *into)
{
    ((struct page_course *)into)->is_deleted = json_peek(json) != JSON_NULL;
    return json_skip(json);
}

/* Only the list's own entries are courses; what is nested in them has other ids. */
static bool read_courses(struct json *json, struct teesnap_tenant *tenant)
{
    static const struct engine_field fields[] = {
        { "id", FIELD_REQUIRED, FIELD_I64, offsetof(struct page_course, id), NULL },
        { "max_players", FIELD_IF_READABLE, FIELD_SMALL,
          offsetof(struct page_course, players_max), NULL },
        { "deleted_at", FIELD_MAY_LACK, FIELD_OTHER, 0, read_deleted },
    };
    (void)json_enter_array(json);
    while (json_next(json)) {
        struct page_course course = { 0 };
        struct engine_fault fault;
        bool is_course = engine_read_object(json, fields, TS_COUNT_OF(fields), &course, &fault);
        if (!is_course || course.is_deleted)
            continue;
        if (tenant->count == TEESNAP_COURSES_MAX)
            return false;
        tenant->courses[tenant->count].id = course.id;
        tenant->courses[tenant->count++].players_max = course.players_max;
    }
    return json->error == JSON_OK && tenant->count > 0;
}

bool teesnap_page_read(struct str page, struct teesnap_tenant *tenant)
{
    struct json json;
    memset(tenant, 0, sizeof(*tenant));
    if (engine_find_script(page, STR("window.courses"), JSON_ARRAY, &json) &&
        read_courses(&json, tenant))
        return true;
    memset(tenant, 0, sizeof(*tenant));
    return false;
}
