/*
 * foreup.c: ForeUp: one request per schedule and date, a bare list of rows with local times.
 *
 * Numbers come as numbers, as text, or as `false` for nothing. A row is sold for 9 holes, for
 * 18, or for both; it has no id and no rate name.
 */
#include "engine/foreup.h"

#include "base/day.h"
#include "engine/check.h"

#define REPLY_CAP_BYTES (512u * 1024) /* 1.7 KB a row: three nines from dawn to dusk */
#define HOST            "foreupsoftware.com"

enum { SCHEDULE_ID, FACILITY_ID, BOOKING_CLASS, ATTRIBUTES };

static const struct engine_attr attributes[ATTRIBUTES] = {
    [SCHEDULE_ID] = { "schedule_id", ATTR_INT, true, "the course's tee sheet" },
    [FACILITY_ID] = { "facility_id", ATTR_INT, false, "for booking links only" },
    [BOOKING_CLASS] = { "booking_class", ATTR_INT, true,
                        "the public class to ask for, where the default has none" },
};

static ts_err check(const struct course *course, struct error *reterr)
{
    static const struct engine_number numbers[] = {
        { SCHEDULE_ID, true, 1 },
        { FACILITY_ID, false, 1 },
        { BOOKING_CLASS, false, 0 },
    };
    return engine_check_numbers(course, attributes, numbers, TS_COUNT_OF(numbers), reterr);
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, HOST);
}

static void put_date(int32_t date, struct buf *out)
{
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(out, "%02d-%02d-%04d", month, day, year);
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    const struct course *course = task->courses[0];
    buf_puts(scratch, "https://" HOST "/index.php/api/booking/times?time=all&date=");
    put_date(task->play_date, scratch);
    buf_puts(scratch, "&holes=all&players=0&booking_class=");
    buf_put(scratch, course_attribute(course, BOOKING_CLASS));
    buf_puts(scratch, "&schedule_id=");
    buf_put(scratch, course_attribute(course, SCHEDULE_ID));
    buf_puts(scratch, "&specials_only=0&api_key=no_limits");
    ts_err err = engine_get_json(scratch, REPLY_CAP_BYTES, ret_request);
    if (!err)
        ret_request->headers[ret_request->headers_count++] = "api-key: no_limits";
    return err;
}

/* Riding without a cart fee has the cart in the green fee; else a cart is on top. */
static void set_price(struct tee_time *tee_time, const struct foreup_row *row,
                      const struct foreup_offer *offer)
{
    bool rides = str_equal_nocase(str_of(row->rate_type), STR("riding"));
    bool walks = str_equal_nocase(str_of(row->rate_type), STR("walking"));
    bool is_either = str_equal_nocase(str_of(row->rate_type), STR("both"));
    bool has_fee = offer->cart_fee > 0 && (rides || is_either);
    tee_time->price_cents = tee_time->cart_fee_cents = TEE_TIME_PRICE_UNKNOWN;
    if (has_fee)
        tee_time->cart_fee_cents = offer->cart_fee;
    if (offer->green_fee <= 0)
        return;
    tee_time->price_cents = offer->green_fee;
    if (walks || has_fee)
        tee_time->price_basis = PRICE_BASIS_WALKING;
    else if (rides && offer->cart_fee == 0)
        tee_time->price_basis = PRICE_BASIS_CART;
}

static uint8_t party_sizes(const struct foreup_row *row, int32_t spots)
{
    int32_t min = row->players_min, max = spots;
    if (row->players_max > 0 && row->players_max < max)
        max = row->players_max;
    return row->group_sizes & tee_time_party_range(min > 1 ? (unsigned)min : 1, (unsigned)max);
}

static void put_link(const struct engine_task *task, struct buf *out)
{
    const struct course *course = task->courses[0];
    struct str schedule = course_attribute(course, SCHEDULE_ID);
    struct str facility = course_attribute(course, FACILITY_ID);
    struct str class = course_attribute(course, BOOKING_CLASS);
    if (facility.len == 0)
        return;
    buf_printf(out,
               "https://" HOST
               "/index.php/booking/%s/%s?booking_class_id=%s&schedule_id=%s&date=",
               facility.ptr, schedule.ptr, class.ptr, schedule.ptr);
    put_date(task->play_date, out);
    buf_puts(out, "#/teetimes");
}

/* Adds the tee time of one hole count, if it is sold. False: the arena is full. */
static bool add_offer(struct engine_task *task, const struct foreup_row *row,
                      const struct foreup_offer *offer, const char *link)
{
    bool is_front = str_equal_nocase(str_of(row->side), STR("Front"));
    bool is_back = str_equal_nocase(str_of(row->side), STR("Back"));
    struct tee_time tee_time = {
        .start_minute = row->when.minute,
        .holes = offer == &row->nine ? 9 : 18,
        .start_hole = is_back ? 10 : is_front,
        .party_sizes = party_sizes(row, offer->spots),
        .routing = is_front || is_back ? "" : row->side,
        .rate_name = "",
        .engine_ref = "",
        .url_template = link,
    };
    set_price(&tee_time, row, offer);
    return tee_time.party_sizes == 0 || engine_add_tee_time(task, 0, &tee_time);
}

static enum engine_verdict read_rows(struct engine_task *task, struct json *json,
                                     struct engine_result *result)
{
    int64_t schedule_id = engine_attribute_number(task->courses[0], SCHEDULE_ID);
    struct engine_rows rows = { 0 };
    char storage[200];
    struct buf link = buf_over(storage, sizeof(storage));
    put_link(task, &link);
    (void)json_enter_array(json);
    while (json_next(json)) {
        struct foreup_row row;
        struct engine_fault fault;
        bool is_readable = foreup_read_row(json, task->play_date, &row, &fault);
        if (row.schedule_id > 0 && row.schedule_id != schedule_id) {
            rows.others++;
        } else if (!is_readable) {
            rows.skipped++;
            engine_skip_row(result, fault.field, fault.offset);
        } else {
            rows.own++;
            if (!add_offer(task, &row, &row.nine, storage) ||
                !add_offer(task, &row, &row.eighteen, storage))
                return engine_done_too_large(result);
        }
    }
    engine_settle_sheet(&task->sheets[0], &rows);
    return engine_done(result, OUTCOME_NONE, NULL);
}

/* Anything but a list of rows. */
static enum engine_verdict refused(struct engine_task *task, const struct http_reply *reply,
                                   struct engine_result *result)
{
    if (str_contains_nocase(reply->body, STR("captcha")))
        return engine_done(result, OUTCOME_BLOCKED, "a captcha");
    if (reply->status == 401 || str_contains_nocase(reply->body, STR("booking class")) ||
        str_contains_nocase(reply->body, STR("invalid api key")))
        return engine_done(result, OUTCOME_MISCONFIGURED, engine_refusal(task, reply));
    if (reply->status != 200)
        return ENGINE_UNDECIDED;
    return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    struct json json = json_over(reply->body);
    enum json_type type = json_peek(&json);
    enum engine_verdict verdict;
    bool value = true;
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply) ||
        engine_reply_retryable(reply))
        return ENGINE_UNDECIDED;
    if (reply->status != 200 || type == JSON_NONE)
        return refused(task, reply, result);
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    if (type == JSON_ARRAY)
        return read_rows(task, &json, result);
    if (json_bool(&json, &value) && !value)
        return engine_done(result, OUTCOME_NONE_OPEN, NULL);
    return refused(task, reply, result);
}

const struct engine engine_foreup = {
    .name = "foreup",
    .about = "ForeUp, one schedule and date a request",
    .verified = "recordings",
    .terms =
        "robots.txt disallows /index.php, which the requests are under; no login; one host "
        "for all courses",
    .host = HOST,
    .attrs = attributes,
    .attrs_count = ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = REPLY_CAP_BYTES,
    .check = check,
    .from_url = foreup_from_url,
    .host_of = host_of,
    .tenant_key = engine_no_tenant_key,
    .expected_requests = engine_request_each,
    .request = request,
    .parse = parse,
    .resolver = &foreup_resolver,
};
