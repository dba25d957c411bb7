/*
 * membersports.c: MemberSports: one posted request per club and date for all its courses.
 *
 * A list by minute of items. The course is told by club, course id and name: one id carries
 * several names ("Back Nine"), so the name is the routing. The free places follow from those
 * taken; the reply's own count of them is always 0 without a login.
 */
#include "engine/membersports.h"

#include <assert.h>

#include "base/day.h"
#include "engine/check.h"

#define SITE            "https://app.membersports.com"
#define API             "https://api.membersports.com/api/v1/golfclubs/onlineBookingTeeTimes"
#define REPLY_CAP_BYTES (256u * 1024) /* a club of several courses has about 40 KB */

enum { GOLF_CLUB_ID, GOLF_COURSE_ID, CONFIG_TYPE, ATTRIBUTES };

static const struct engine_attr attributes[ATTRIBUTES] = {
    [GOLF_CLUB_ID] = { "golf_club_id", ATTR_INT, true, "the club" },
    [GOLF_COURSE_ID] = { "golf_course_id", ATTR_INT, true, "its course; 0: all of them" },
    [CONFIG_TYPE] = { "config_type", ATTR_INT, false, "which of the club's sheets; else 0" },
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

/* Adds the item to a sheet, if it can be booked. False: the arena is full. */
static bool add_item(struct engine_task *task, uint32_t sheet,
                     const struct membersports_item *item)
{
    char ref_storage[24], link_storage[120];
    struct buf ref = buf_over(ref_storage, sizeof(ref_storage));
    struct buf link = buf_over(link_storage, sizeof(link_storage));
    bool is_nine = item->is_back_nine || membersports_says_nine(str_of(item->name));
    struct tee_time tee_time = {
        .start_minute = (uint16_t)item->minute,
        .holes = is_nine ? 9 : item->course_holes,
        .start_hole = item->is_back_nine && item->course_holes >= 18 ? 10 : 0,
        .party_sizes = membersports_party_sizes(item),
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
static bool is_item_of(const struct membersports_item *item, const struct course *course)
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
static void route_item(struct reading *reading, const struct membersports_item *item,
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
        struct membersports_item item;
        struct engine_fault fault;
        (void)membersports_read_item(&json, start->minute, &item, &fault);
        fault.offset += start->items.offset;
        route_item(reading, &item, &fault);
    }
}

static void settle(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->task->courses_count; i++) {
        if (reading->is_answer)
            reading->rows[i].others = 0;
        engine_settle_sheet(&reading->task->sheets[i], &reading->rows[i]);
    }
}

static enum engine_verdict read_starts(struct engine_task *task, struct json *json,
                                       struct engine_result *result)
{
    struct reading reading = { .task = task, .result = result };
    (void)json_enter_array(json);
    while (json_next(json) && !reading.is_full) {
        struct start start = { .minute = MEMBERSPORTS_MINUTE_MAX + 1 };
        struct engine_fault fault;
        bool is_readable =
            engine_read_object(json, start_fields, TS_COUNT_OF(start_fields), &start, &fault);
        if (is_readable && start.minute <= MEMBERSPORTS_MINUTE_MAX && start.items.raw.ptr) {
            read_items(&reading, &start);
            continue;
        }
        engine_skip_row(result, is_readable ? "teeTime" : fault.field, json_offset(json));
        for (uint32_t i = 0; i < task->courses_count; i++)
            reading.rows[i].skipped++;
    }
    if (reading.is_full)
        return engine_done_too_large(result);
    settle(&reading);
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
    .from_url = membersports_from_url,
    .host_of = host_of,
    .tenant_key = tenant_key,
    .expected_requests = engine_request_once,
    .request = request,
    .parse = parse,
    .resolver = &membersports_resolver,
};
