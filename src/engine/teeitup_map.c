/* teeitup_map.c: a tenant's facilities, looked up once: a list's blocks hold nothing of the
 * catalogue's facility ids. */
#include "engine/teeitup.h"

#define MAP_TTL_S (24 * 3600)

int32_t teeitup_id(struct str text)
{
    int64_t id;
    return str_to_i64(text, 1, INT32_MAX, &id) ? (int32_t)id : 0;
}

bool teeitup_needs_map(const struct engine_task *task)
{
    struct str first = engine_list_at(teeitup_ids(task->courses[0]), 0), item;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct str rest = teeitup_ids(task->courses[i]);
        if (rest.len == 0)
            return true;
        while (str_split(&rest, ',', &item))
            if (!str_equal(item, first))
                return true;
    }
    return false;
}

bool teeitup_wants(const struct course *course, int32_t facility_id)
{
    struct str rest = teeitup_ids(course), item;
    bool has_ids = rest.len > 0;
    while (str_split(&rest, ',', &item))
        if (teeitup_id(item) == facility_id)
            return true;
    return !has_ids;
}

bool teeitup_any_wants(const struct engine_task *task, int32_t id)
{
    bool is_wanted = false;
    for (uint32_t i = 0; i < task->courses_count; i++)
        is_wanted = is_wanted || teeitup_wants(task->courses[i], id);
    return is_wanted;
}

bool teeitup_map_has(const struct teeitup_map *map, struct str ids)
{
    struct str item;
    bool has_all = true;
    while (str_split(&ids, ',', &item)) {
        uint32_t i = 0;
        while (i < map->count && map->facilities[i].id != teeitup_id(item))
            i++;
        has_all = has_all && i < map->count;
    }
    return has_all;
}

static bool map_add(struct teeitup_map *map, int64_t id, const char *hex, const char *name)
{
    size_t name_bytes = strlen(name) + 1;
    struct teeitup_facility *facility = &map->facilities[map->count];
    for (uint32_t i = 0; i < map->count; i++)
        if (map->facilities[i].id == id)
            return true;
    if (map->count == TEEITUP_FACILITIES_MAX ||
        name_bytes > sizeof(map->names) - map->names_len)
        return false;
    facility->id = (int32_t)id;
    facility->name_at = (uint16_t)map->names_len;
    memcpy(facility->hex, hex, sizeof(facility->hex));
    memcpy(map->names + map->names_len, name, name_bytes);
    map->names_len += (uint32_t)name_bytes;
    map->count++;
    return true;
}

struct facility_row {
    int64_t id;
    char hex[ENGINE_TEXT_MAX + 1], name[ENGINE_TEXT_MAX + 1];
    bool is_simulator;
};

/* One facility of the lookup into the map. NULL, or why it cannot be. */
static const char *read_facility(struct json *json, struct teeitup_map *map)
{
    static const struct engine_field fields[] = {
        { "id", FIELD_REQUIRED, FIELD_I64, offsetof(struct facility_row, id), NULL },
        { "courseId", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct facility_row, hex), NULL },
        { "name", FIELD_REQUIRED, FIELD_TEXT, offsetof(struct facility_row, name), NULL },
        { "isSimulator", FIELD_MAY_LACK, FIELD_BOOL,
          offsetof(struct facility_row, is_simulator), NULL },
    };
    struct facility_row row = { 0 };
    struct engine_fault fault;
    if (!engine_read_object(json, fields, TS_COUNT_OF(fields), &row, &fault) ||
        row.id > INT32_MAX || strlen(row.hex) != TEEITUP_HEX_LEN || !row.name[0])
        return "a facility without id, courseId or name";
    if (row.is_simulator || map_add(map, row.id, row.hex, row.name))
        return NULL;
    return "more facilities than the tenant's memory holds";
}

static bool knows_any(const struct engine_task *task, const struct teeitup_map *map)
{
    bool is_known = false;
    for (uint32_t f = 0; f < map->count; f++)
        is_known = is_known || teeitup_any_wants(task, map->facilities[f].id);
    return is_known;
}

/* An empty list is how this host answers when it throttles. */
enum engine_verdict teeitup_map_parse(struct engine_task *task, const struct http_reply *reply,
                                      struct engine_result *result)
{
    struct teeitup_map *map = task->tenant;
    struct json json = json_over(reply->body);
    const char *reason = NULL;
    bool is_empty = true;
    if (!json_enter_array(&json))
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    for (; json_next(&json) && !reason; is_empty = false)
        reason = read_facility(&json, map);
    result->detail = "an empty list of facilities";
    if (is_empty)
        return ENGINE_TRUNCATED;
    enum outcome outcome = reason ? OUTCOME_UNREADABLE : OUTCOME_MISCONFIGURED;
    if (reason || !knows_any(task, map)) {
        memset(map, 0, sizeof(*map));
        return engine_done(result, outcome, reason ? reason : "no such facility of the alias");
    }
    result->detail = NULL;
    result->tenant_ttl_s = MAP_TTL_S;
    task->step = 1;
    return ENGINE_NEXT;
}
