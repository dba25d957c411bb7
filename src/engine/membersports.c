/*
 * membersports.c: MemberSports: one posted request per club and date for all its courses.
 *
 * A list by minute of items. The course is told by club, course id and name: one id carries
 * several names ("Back Nine"), so the name is the routing. The free places follow from those
 * taken; the reply's own count of them is always 0 without a login.
 */
#include <assert.h>

#include "base/day.h"
#include "engine/adapter.h"

#define SITE            "https://app.membersports.com"
#define API             "https://api.membersports.com/api/v1/golfclubs/onlineBookingTeeTimes"
#define REPLY_CAP_BYTES (256u * 1024) /* a club of several courses has about 40 KB */
#define GROUP_SIZE      4
#define MINUTE_MAX      (24 * 60 - 1)

enum { GOLF_CLUB_ID, GOLF_COURSE_ID, CONFIG_TYPE, ATTRIBUTES };

static const struct engine_attr attributes[ATTRIBUTES] = {
    [GOLF_CLUB_ID] = { "golf_club_id", ATTR_INT, true, "the club" },
    [GOLF_COURSE_ID] = { "golf_course_id", ATTR_INT, true, "its course; 0: all of them" },
    [CONFIG_TYPE] = { "config_type", ATTR_INT, false, "which of the club's sheets; else 0" },
};

/* One start of one course. */
struct item {
    int64_t id;
    int32_t minute, club_id, course_id;
    char name[ENGINE_TEXT_MAX + 1];
    int32_t price;
    uint8_t course_holes, players, back_nine_players, players_min;
    bool is_back_nine, is_hidden, is_refused, allows_singles;
};

static ts_err check(const struct course *course, struct error *reterr)
{
    static const struct engine_number numbers[] = {
        { GOLF_CLUB_ID, true, 1 },
        { GOLF_COURSE_ID, true, 0 },
        { CONFIG_TYPE, false, 0 },
    };
    return engine_check_numbers(course, attributes, numbers, TS_COUNT_OF(numbers), reterr);
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, "api.membersports.com");
}

static bool tenant_key(const struct course *course, struct buf *key)
{
    buf_put_i64(key, engine_attribute_number(course, GOLF_CLUB_ID));
    buf_putc(key, '/');
    buf_put_i64(key, engine_attribute_number(course, CONFIG_TYPE));
    return true;
}

static uint32_t expected_requests(const struct course *const *courses, uint32_t count)
{
    (void)courses;
    return count > 0;
}

/* 0, all courses of the club, unless all rows are for the same one. */
static int64_t course_to_ask(const struct engine_task *task)
{
    int64_t first = engine_attribute_number(task->courses[0], GOLF_COURSE_ID);
    for (uint32_t i = 1; i < task->courses_count; i++)
        if (engine_attribute_number(task->courses[i], GOLF_COURSE_ID) != first)
            return 0;
    return first;
}

/* A group id other than 0 would bring all clubs of the group. */
static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    const struct course *course = task->courses[0];
    assert(task->key);
    buf_printf(scratch, "x-api-key: %s", task->key);
    buf_putc(scratch, '\0');
    size_t body = scratch->len;
    buf_printf(scratch, "{\"configurationTypeId\":%lld,\"date\":\"",
               (long long)engine_attribute_number(course, CONFIG_TYPE));
    day_format(task->play_date, scratch);
    buf_printf(scratch,
               "\",\"golfClubGroupId\":0,\"golfClubId\":%lld,\"golfCourseId\":%lld,"
               "\"groupSheetTypeId\":0,\"memberProfileId\":0}",
               (long long)engine_attribute_number(course, GOLF_CLUB_ID),
               (long long)course_to_ask(task));
    struct str text = { scratch->ptr + body, scratch->len - body };
    ts_err err = engine_post_json(scratch, API, text, REPLY_CAP_BYTES, ret_request);
    if (err)
        return err;
    ret_request->headers[ret_request->headers_count++] = scratch->ptr;
    ret_request->headers[ret_request->headers_count++] = "Origin: " SITE;
    return TS_ERR_OK;
}

/* What starts in one minute of the day. */
struct start {
    int32_t minute;
    struct engine_list items;
};

static const struct engine_field start_fields[] = {
    ENGINE_FIELD("teeTime", REQUIRED, LOOSE_COUNT, start, minute),
    ENGINE_FIELD("items", REQUIRED, LIST, start, items),
};

static const struct engine_field item_fields[] = {
    ENGINE_FIELD("golfClubId", REQUIRED, LOOSE_COUNT, item, club_id),
    ENGINE_FIELD("golfCourseId", REQUIRED, LOOSE_COUNT, item, course_id),
    ENGINE_FIELD("name", REQUIRED, TEXT, item, name),
    ENGINE_FIELD("teeTimeId", REQUIRED, I64, item, id),
    ENGINE_FIELD("teeTime", MAY_LACK, LOOSE_COUNT, item, minute),
    ENGINE_FIELD("price", MAY_LACK, LOOSE_CENTS, item, price),
    ENGINE_FIELD("golfCourseNumberOfHoles", MAY_LACK, SMALL, item, course_holes),
    ENGINE_FIELD("isBackNine", MAY_LACK, BOOL, item, is_back_nine),
    ENGINE_FIELD("playerCount", REQUIRED, SMALL, item, players),
    ENGINE_FIELD("backNinePlayerCount", IF_READABLE, SMALL, item, back_nine_players),
    ENGINE_FIELD("minimumNumberOfPlayers", MAY_LACK, SMALL, item, players_min),
    ENGINE_FIELD("allowSinglesToBookOnline", REQUIRED, BOOL, item, allows_singles),
    ENGINE_FIELD("bookingNotAllowed", MAY_LACK, BOOL, item, is_refused),
    ENGINE_FIELD("hide", MAY_LACK, BOOL, item, is_hidden),
};

static bool read_item(struct json *json, int32_t minute, struct item *item,
                      struct engine_fault *ret_fault)
{
    size_t start = json_offset(json);
    *item = (struct item){ .minute = minute, .price = TEE_TIME_PRICE_UNKNOWN };
    if (!engine_read_object(json, item_fields, TS_COUNT_OF(item_fields), item, ret_fault))
        return false;
    if (item->minute != minute || minute < 0 || minute > MINUTE_MAX)
        *ret_fault = (struct engine_fault){ "teeTime", start };
    else if (!item->name[0])
        *ret_fault = (struct engine_fault){ "name", start };
    return !ret_fault->field;
}

static bool name_says_nine(struct str name)
{
    static const char *const words[] = { "back nine", "front nine", "back 9", "front 9",
                                         "nine hole", "9 hole",     "9-hole" };
    for (size_t i = 0; i < TS_COUNT_OF(words); i++)
        if (str_contains_nocase(name, str_of(words[i])))
            return true;
    return false;
}

static uint8_t party_sizes(const struct item *item)
{
    uint8_t taken = item->players, sizes;
    if (item->is_back_nine && item->back_nine_players > taken)
        taken = item->back_nine_players;
    if (taken >= GROUP_SIZE)
        return 0;
    sizes = tee_time_party_range(item->players_min > 1 ? item->players_min : 1,
                                 (unsigned)GROUP_SIZE - taken);
    if (item->allows_singles)
        return sizes | tee_time_party(1);
    return sizes & (uint8_t)~tee_time_party(1);
}

/* Adds the item to a sheet, if it can be booked. False: the arena is full. */
static bool add_item(struct engine_task *task, uint32_t sheet, const struct item *item)
{
    char ref_storage[24], link_storage[120];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf link = buf_over(link_storage, sizeof(link_storage));
    bool is_nine = item->is_back_nine || name_says_nine(str_of(item->name));
    struct tee_time tee_time = {
        .start_minute = (uint16_t)item->minute,
        .holes = is_nine ? 9 : item->course_holes,
        .start_hole = item->is_back_nine && item->course_holes >= 18 ? 10 : 0,
        .party_sizes = party_sizes(item),
        .price_cents = item->price > 0 ? item->price : TEE_TIME_PRICE_UNKNOWN,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .routing = item->name,
        .rate_name = "",
        .engine_ref = ref_storage,
        .url_template = link_storage,
    };
    if (item->is_hidden || item->is_refused || tee_time.party_sizes == 0)
        return true;
    buf_put_i64(&ref, item->id);
    buf_printf(&link, SITE "/tee-times/%d/%d/%lld", item->club_id, item->course_id,
               (long long)engine_attribute_number(task->courses[sheet], CONFIG_TYPE));
    return engine_add_tee_time(task, sheet, &tee_time);
}

/* An id that could not be read may be anybody's. */
static bool is_item_of(const struct item *item, const struct course *course)
{
    int64_t course_id = engine_attribute_number(course, GOLF_COURSE_ID);
    return (item->club_id == 0 ||
            item->club_id == engine_attribute_number(course, GOLF_CLUB_ID)) &&
           (item->course_id == 0 || course_id == 0 || item->course_id == course_id);
}

/* The rows of one reply, by course of the task. */
struct reading {
    struct engine_task *task;
    struct engine_result *result;
    struct engine_rows rows[ENGINE_TASK_COURSES_MAX];
    bool is_answer; /* to a question for all courses: an item of the club was there */
    bool is_full;   /* the arena */
};

/* Counts the item for each course of the task and adds it where it is theirs. */
static void route_item(struct reading *reading, const struct item *item,
                       const struct engine_fault *fault)
{
    struct engine_task *task = reading->task;
    int64_t club_id = engine_attribute_number(task->courses[0], GOLF_CLUB_ID);
    bool is_ours = false;
    if (item->club_id == club_id && course_to_ask(task) == 0)
        reading->is_answer = true;
    for (uint32_t i = 0; i < task->courses_count; i++) {
        if (!is_item_of(item, task->courses[i])) {
            reading->rows[i].others++;
            continue;
        }
        is_ours = true;
        reading->rows[i].skipped += fault->field != NULL;
        reading->rows[i].own += !fault->field;
        if (!fault->field && !add_item(task, i, item))
            reading->is_full = true;
    }
    if (is_ours && fault->field)
        engine_skip_row(reading->result, fault->field, fault->offset);
}

static void read_items(struct reading *reading, const struct start *start)
{
    struct json json = json_over(start->items.raw);
    (void)json_enter_array(&json);
    while (json_next(&json)) {
        struct item item;
        struct engine_fault fault;
        (void)read_item(&json, start->minute, &item, &fault);
        fault.offset += start->items.offset;
        route_item(reading, &item, &fault);
    }
}

static enum engine_verdict read_starts(struct engine_task *task, struct json *json,
                                       struct engine_result *result)
{
    struct reading reading = { .task = task, .result = result };
    (void)json_enter_array(json);
    while (json_next(json) && !reading.is_full) {
        struct start start = { .minute = MINUTE_MAX + 1 };
        struct engine_fault fault;
        bool is_readable =
            engine_read_object(json, start_fields, TS_COUNT_OF(start_fields), &start, &fault);
        if (is_readable && start.minute <= MINUTE_MAX && start.items.raw.ptr) {
            read_items(&reading, &start);
            continue;
        }
        engine_skip_row(result, is_readable ? "teeTime" : fault.field, json_offset(json));
        for (uint32_t i = 0; i < task->courses_count; i++)
            reading.rows[i].skipped++;
    }
    if (reading.is_full)
        return engine_done_too_large(result);
    for (uint32_t i = 0; i < task->courses_count; i++) {
        if (reading.is_answer)
            reading.rows[i].others = 0;
        engine_settle_sheet(&task->sheets[i], &reading.rows[i]);
    }
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    struct json json = json_over(reply->body);
    enum engine_verdict verdict;
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply) ||
        reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (json_peek(&json) != JSON_ARRAY)
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    return read_starts(task, &json, result);
}

const struct engine engine_membersports = {
    .name = "membersports",
    .about = "MemberSports, one club and date a request, for all its courses",
    .verified = "recordings",
    .terms = "needs the app's public key in TEESHEET_MEMBERSPORTS_KEY; no login; limits per "
             "address",
    .host = "api.membersports.com",
    .attrs = attributes,
    .attrs_count = ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = REPLY_CAP_BYTES,
    .needs_key = true,
    .check = check,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = expected_requests,
    .request = request,
    .parse = parse,
};
