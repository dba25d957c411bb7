/*
 * teeitup_list.c: a day's tee times of a tenant: a block per facility, slots in UTC, one or two
 * rates each, prices in cents.
 */
#include <assert.h>

#include "base/day.h"
#include "engine/teeitup.h"

/* A list while it is read. */
struct reading {
    struct engine_task *task;
    struct engine_result *result;
    struct str body;
    const struct teeitup_map *map;
    struct teeitup_map single; /* for a list of one facility */
    enum outcome outcomes[TEEITUP_FACILITIES_MAX];
    const char *message;
    bool is_full; /* the task's arena */
    /* of the block being read */
    const struct teeitup_facility *facility;
    char url[300];
    uint32_t slots, added, skipped;
};

static void skip_row(struct reading *reading, const struct engine_fault *fault)
{
    reading->skipped++;
    engine_skip_row(reading->result, fault->field, fault->offset);
}

/* The tee time for each row of the facility, in its own zone. */
static void add_to_courses(struct reading *reading, const struct teeitup_slot *slot,
                           struct tee_time *tee_time, const struct engine_fault *place)
{
    struct engine_task *task = reading->task;
    const char *name = reading->map->names + reading->facility->name_at;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        int32_t date;
        if (!teeitup_wants(task->courses[i], reading->facility->id))
            continue;
        assert(task->sheets[i].zone);
        zone_local(task->sheets[i].zone, slot->instant, &date, &tee_time->start_minute);
        tee_time->routing = engine_list_count(teeitup_ids(task->courses[i])) == 1 ? "" : name;
        if (date != task->play_date)
            skip_row(reading, place);
        else if (engine_add_tee_time(task, i, tee_time))
            reading->added++;
        else
            reading->is_full = true;
    }
}

/* Rounds of other lengths than 9 and 18 are no golf that one books here. */
static void add_rate(struct reading *reading, const struct teeitup_slot *slot,
                     const struct teeitup_rate *rate, const struct engine_fault *place)
{
    char ref_storage[24];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    uint8_t free_seats = tee_time_party_range(1, slot->players_max);
    uint8_t parties = rate->has_parties
                          ? rate->parties
                          : tee_time_party_range(slot->players_min, slot->players_max);
    struct tee_time tee_time = {
        .holes = rate->holes,
        .start_hole = slot->start_hole,
        .party_sizes = parties & free_seats,
        .rate_name = rate->name,
        .engine_ref = ref_storage,
        .url_template = reading->url,
    };
    if (rate->is_simulator || (rate->holes != 9 && rate->holes != 18) || !tee_time.party_sizes)
        return;
    if (rate->id != 0)
        buf_put_i64(&ref, rate->id);
    teeitup_set_price(&tee_time, rate);
    add_to_courses(reading, slot, &tee_time, place);
}

static void read_slot(struct reading *reading, struct json *json, size_t base)
{
    struct teeitup_slot slot;
    struct engine_fault fault;
    const struct engine_fault place = { "teetime", base + json_offset(json) };
    bool is_readable = teeitup_read_slot(json, &slot, &fault);
    fault.offset += base;
    if (is_readable && slot.hex[0] &&
        !str_equal_nocase(str_of(slot.hex), str_of(reading->facility->hex))) {
        fault = (struct engine_fault){ "courseId", place.offset };
        is_readable = false;
    }
    if (!is_readable) {
        skip_row(reading, &fault);
        return;
    }
    struct json rates = json_over(slot.rates);
    (void)json_enter_array(&rates);
    while (json_next(&rates)) {
        struct teeitup_rate rate;
        if (teeitup_read_rate(&rates, &rate, &fault)) {
            add_rate(reading, &slot, &rate, &place);
            continue;
        }
        fault.offset = place.offset;
        skip_row(reading, &fault);
    }
    if (json_finish(&rates) != JSON_OK)
        skip_row(reading, &place);
}

static enum outcome outcome_of_block(struct reading *reading, const struct teeitup_block *block)
{
    if (block->total > reading->slots || (reading->skipped > 0 && reading->added == 0))
        return OUTCOME_UNREADABLE;
    if (reading->slots > 0)
        return reading->added > 0 ? OUTCOME_OPEN : OUTCOME_NONE_OPEN;
    if (block->total != 0)
        return OUTCOME_UNREADABLE;
    if (!str_contains_nocase(str_of(block->message), STR("available to book")))
        return OUTCOME_NONE_OPEN;
    reading->message = arena_strdup(reading->task->arena, str_of(block->message));
    return OUTCOME_NOT_RELEASED;
}

static void read_slots(struct reading *reading, const struct teeitup_block *block,
                       uint32_t facility)
{
    const char *start = block->slots.ptr, *body = reading->body.ptr;
    struct buf url = buf_over(reading->url, sizeof(reading->url));
    struct json json = json_over(block->slots);
    reading->facility = &reading->map->facilities[facility];
    reading->slots = reading->added = reading->skipped = 0;
    buf_printf(&url, "https://%.*s.book.teeitup.com/?course=%d&date=",
               STR_ARGS(course_attribute(reading->task->courses[0], TEEITUP_ALIAS)),
               (int)reading->facility->id);
    day_format(reading->task->play_date, &url);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        reading->slots++;
        read_slot(reading, &json, (size_t)(start - body));
    }
    bool is_whole = json_finish(&json) == JSON_OK;
    reading->outcomes[facility] =
        is_whole ? outcome_of_block(reading, block) : OUTCOME_UNREADABLE;
}

/* The facility's index in the map; its count: none of them. The one facility asked for alone
 * gets its courseId from the first block. */
static uint32_t facility_find(struct reading *reading, const char *hex)
{
    const struct teeitup_map *map = reading->map;
    uint32_t i = 0;
    if (map == &reading->single && !map->facilities[0].hex[0])
        memcpy(reading->single.facilities[0].hex, hex, TEEITUP_HEX_LEN + 1);
    while (i < map->count && !str_equal_nocase(str_of(map->facilities[i].hex), str_of(hex)))
        i++;
    return i;
}

/* NULL, or why nothing of the list can be used. A block of a facility that nobody asked for is
 * ignored, except where only one was asked for. */
static const char *read_blocks(struct reading *reading, struct json *json)
{
    bool is_single = reading->map == &reading->single;
    while (json_next(json)) {
        struct teeitup_block block;
        struct engine_fault fault;
        if (!teeitup_read_block(json, &block, &fault)) {
            engine_skip_row(reading->result, fault.field, fault.offset);
            if (is_single)
                return "a facility's block that cannot be read";
            continue;
        }
        uint32_t facility = facility_find(reading, block.hex);
        if (facility < reading->map->count)
            read_slots(reading, &block, facility);
        else if (is_single)
            return "several facilities where one was asked for";
    }
    return json_finish(json) == JSON_OK ? NULL : "no JSON among the blocks";
}

/* A row is as well known as the least known of its facilities. */
static void finish_sheet(struct reading *reading, uint32_t course)
{
    const struct course *row = reading->task->courses[course];
    struct tee_sheet *sheet = &reading->task->sheets[course];
    uint32_t facilities = 0, of[OUTCOME_COUNT] = { 0 };
    for (uint32_t f = 0; f < reading->map->count; f++)
        if (teeitup_wants(row, reading->map->facilities[f].id)) {
            facilities++;
            of[reading->outcomes[f]]++;
        }
    if (!teeitup_map_has(reading->map, teeitup_ids(row))) {
        sheet->outcome = OUTCOME_MISCONFIGURED;
        sheet->detail = "facility_ids: not all of them are the alias's";
    } else if (of[OUTCOME_NONE] + of[OUTCOME_UNREADABLE] > 0) {
        sheet->outcome = OUTCOME_UNREADABLE;
        sheet->detail = of[OUTCOME_NONE] > 0 ? "no block for a facility asked for"
                                             : "rows unreadable, or fewer than announced";
    } else if (of[OUTCOME_NOT_RELEASED] == facilities) {
        sheet->outcome = OUTCOME_NOT_RELEASED;
        sheet->detail = reading->message ? reading->message : "outside the booking window";
    } else {
        sheet->outcome = of[OUTCOME_OPEN] > 0 ? OUTCOME_OPEN : OUTCOME_NONE_OPEN;
    }
}

/* For one facility no lookup was needed: it is all that a map would hold. */
static void choose_map(struct reading *reading)
{
    struct engine_task *task = reading->task;
    reading->map = task->tenant;
    if (teeitup_needs_map(task))
        return;
    reading->single.count = 1;
    reading->single.facilities[0].id =
        teeitup_id(engine_list_at(teeitup_ids(task->courses[0]), 0));
    reading->map = &reading->single;
}

/* An empty list is how this host answers when it throttles: worth another try. */
enum engine_verdict teeitup_list_parse(struct engine_task *task, const struct http_reply *reply,
                                       struct engine_result *result)
{
    struct reading reading = { .task = task, .result = result, .body = reply->body };
    struct json json = json_over(reply->body), ahead = json;
    if (!json_enter_array(&json))
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    if (json_enter_array(&ahead) && !json_next(&ahead)) {
        result->detail = "an empty list, without a word on the facility";
        return ENGINE_TRUNCATED;
    }
    choose_map(&reading);
    const char *reason = read_blocks(&reading, &json);
    if (reading.is_full)
        return engine_done_too_large(result);
    if (reason)
        return engine_done(result, OUTCOME_UNREADABLE, reason);
    for (uint32_t i = 0; i < task->courses_count; i++)
        finish_sheet(&reading, i);
    return engine_done(result, OUTCOME_NONE, NULL);
}
