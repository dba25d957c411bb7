/* known.c: loads the store's courses and finds them by what people call them. */
#include "cmd/known.h"

#include "base/mem.h"
#include "store/courses.h"
#include "view/text.h"

#define COURSES_FIRST 256
#define REGIONS_SHOWN 8
#define COURSES_SHOWN 4
#define NAME_COLUMNS  30
#define LIST_BYTES    240

struct load {
    struct known *known;
    ts_err err;
    struct error *reterr;
};

static ts_err no_memory(struct error *reterr)
{
    return error_set(reterr, TS_ERR_NOMEM, "no memory for the store's courses");
}

static ts_err find_zone(struct known *known, struct str name, const struct zone **ret_zone,
                        struct error *reterr)
{
    for (uint32_t i = 0; i < known->zones_count; i++) {
        if (str_equal(str_of(zone_name(known->zones[i])), name)) {
            *ret_zone = known->zones[i];
            return TS_ERR_OK;
        }
    }
    struct zone **zones = mem_grow(known->zones, known->zones_count + 1, sizeof(struct zone *));
    if (!zones)
        return no_memory(reterr);
    known->zones = zones;
    struct zone *zone;
    ts_err err = zone_new(name, &zone, reterr);
    if (err)
        return err;
    known->zones[known->zones_count++] = zone;
    *ret_zone = zone;
    return TS_ERR_OK;
}

static char *copy(struct str text)
{
    char *text_copy = mem_alloc(text.len + 1, 1);
    if (text_copy && text.len > 0)
        memcpy(text_copy, text.ptr, text.len);
    return text_copy;
}

static ts_err make_room(struct known *known, struct error *reterr)
{
    if (known->count < known->capacity)
        return TS_ERR_OK;
    uint32_t capacity = known->capacity > 0 ? known->capacity * 2 : COURSES_FIRST;
    struct known_course *courses = mem_grow(known->courses, capacity, sizeof(*courses));
    if (!courses)
        return no_memory(reterr);
    known->courses = courses;
    known->capacity = capacity;
    return TS_ERR_OK;
}

static ts_err add(struct known *known, const struct store_course *row, struct error *reterr)
{
    ts_err err = make_room(known, reterr);
    if (err)
        return err;
    struct known_course course = {
        .id = row->id,
        .latitude = row->latitude,
        .longitude = row->longitude,
        .has_place = row->has_place,
        .active = row->active,
        .window = { .id = row->id,
                    .window_days = row->window_days < 0 ? COURSE_WINDOW_UNKNOWN
                                                        : (uint8_t)row->window_days,
                    .opens_minute = row->opens_minute < 0 ? 0 : (uint16_t)row->opens_minute },
    };
    err = find_zone(known, row->timezone, &course.zone, reterr);
    if (err)
        return err;
    course.name = copy(row->name);
    course.region = copy(row->region);
    course.region_id = copy(row->region_id);
    known->courses[known->count++] = course; /* known_done frees what was copied */
    return course.name && course.region && course.region_id ? TS_ERR_OK : no_memory(reterr);
}

static bool on_course(void *ctx, const struct store_course *course)
{
    struct load *load = ctx;
    load->err = add(load->known, course, load->reterr);
    return load->err == TS_ERR_OK;
}

ts_err known_load(struct store *store, struct known *ret_known, struct error *reterr)
{
    *ret_known = (struct known){ 0 };
    struct load load = { .known = ret_known, .reterr = reterr };
    ts_err err = courses_list(store, on_course, &load, reterr);
    return err ? err : load.err;
}

void known_done(struct known *known)
{
    for (uint32_t i = 0; i < known->count; i++) {
        mem_free(known->courses[i].name);
        mem_free(known->courses[i].region);
        mem_free(known->courses[i].region_id);
    }
    for (uint32_t i = 0; i < known->zones_count; i++)
        zone_free(known->zones[i]);
    mem_free(known->courses);
    mem_free(known->zones);
    *known = (struct known){ 0 };
}

const struct known_course *known_find(const struct known *known, int64_t id)
{
    uint32_t low = 0;
    uint32_t high = known->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (known->courses[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < known->count && known->courses[low].id == id ? &known->courses[low] : NULL;
}

enum match { MATCH_ANY, MATCH_PART, MATCH_WHOLE };

static bool matches(const struct known_course *course, struct str text, enum match match)
{
    switch (match) {
    case MATCH_ANY:
        return true;
    case MATCH_PART:
        return str_contains_nocase(str_of(course->name), text);
    case MATCH_WHOLE:
        return str_equal_nocase(str_of(course->name), text);
    }
    return false;
}

static uint32_t count_matches(const struct known *known, struct str text, enum match match,
                              const struct known_course **ret_first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < known->count; i++)
        if (matches(&known->courses[i], text, match) && count++ == 0)
            *ret_first = &known->courses[i];
    return count;
}

/* "12 (Elm), 14 (Elm North) and 3 more". */
static void put_candidates(const struct known *known, struct str text, enum match match,
                           struct buf *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < known->count; i++) {
        const struct known_course *course = &known->courses[i];
        if (!matches(course, text, match) || count++ >= COURSES_SHOWN)
            continue;
        struct str name = text_cut(str_of(course->name), NAME_COLUMNS);
        buf_printf(out, "%s%lld (%.*s)", count > 1 ? ", " : "", (long long)course->id,
                   STR_ARGS(name));
    }
    if (count == 0)
        buf_puts(out, "none");
    if (count > COURSES_SHOWN)
        buf_printf(out, " and %u more", count - COURSES_SHOWN);
}

ts_err known_resolve(const struct known *known, const char *option, struct str text,
                     const struct known_course **ret_course, struct error *reterr)
{
    int64_t id;
    bool is_number = str_to_i64(text, 1, INT64_MAX, &id);
    const struct known_course *course = is_number ? known_find(known, id) : NULL;
    enum match match = MATCH_WHOLE;
    uint32_t count = course ? 1 : count_matches(known, text, MATCH_WHOLE, &course);
    if (count == 0 && !is_number && text.len > 0) {
        match = MATCH_PART;
        count = count_matches(known, text, MATCH_PART, &course);
    }
    if (count == 1) {
        *ret_course = course;
        return TS_ERR_OK;
    }
    char storage[LIST_BYTES];
    struct buf list = buf_over(storage, sizeof(storage));
    put_candidates(known, text, count > 0 ? match : MATCH_ANY, &list);
    return error_set(reterr, TS_ERR_USAGE, "%s: %s course \"%.*s\"; %s: %s", option,
                     count > 0 ? "more than one" : "unknown",
                     STR_ARGS(text_cut(text, NAME_COLUMNS)),
                     count > 0 ? "give the id" : "known", storage);
}

ts_err known_resolve_all(const struct known *known, const struct opt_list *texts, int64_t *ids,
                         struct error *reterr)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        const struct known_course *course;
        ts_err err = known_resolve(known, "--course", texts->items[i], &course, reterr);
        if (err)
            return err;
        ids[i] = course->id;
    }
    return TS_ERR_OK;
}

static bool has_region(const struct known_course *course, struct str name)
{
    return str_equal_nocase(str_of(course->region), name) ||
           str_equal_nocase(str_of(course->region_id), name);
}

/* Whether no course before it has its region. */
static bool is_first_of_region(const struct known *known, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (strcmp(known->courses[i].region, known->courses[index].region) == 0)
            return false;
    return known->courses[index].region[0] != '\0';
}

static ts_err unknown_region(const struct known *known, struct str name, struct error *reterr)
{
    char storage[LIST_BYTES];
    struct buf list = buf_over(storage, sizeof(storage));
    uint32_t count = 0;
    for (uint32_t i = 0; i < known->count; i++) {
        if (!is_first_of_region(known, i) || count++ >= REGIONS_SHOWN)
            continue;
        buf_printf(&list, "%s%s", count > 1 ? ", " : "", known->courses[i].region);
    }
    if (count == 0)
        buf_puts(&list, "none");
    if (count > REGIONS_SHOWN)
        buf_printf(&list, " and %u more", count - REGIONS_SHOWN);
    return error_set(reterr, TS_ERR_USAGE, "unknown region \"%.*s\"; known: %s", STR_ARGS(name),
                     storage);
}

ts_err known_check_regions(const struct known *known, const struct opt_list *names,
                           struct error *reterr)
{
    for (uint32_t i = 0; i < names->count; i++) {
        bool found = false;
        for (uint32_t c = 0; c < known->count && !found; c++)
            found = has_region(&known->courses[c], names->items[i]);
        if (!found)
            return unknown_region(known, names->items[i], reterr);
    }
    return TS_ERR_OK;
}
