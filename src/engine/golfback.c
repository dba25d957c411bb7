/*
 * golfback.c: GolfBack: one request per course and date, rows with their rates.
 *
 * A rate is sold for one hole count; one without a price is not sold. The reply may hold rows
 * of the club's other courses.
 */
#include "base/day.h"
#include "engine/adapter.h"
#include "engine/check.h"

#define HOST            "api.golfback.com"
#define REPLY_CAP_BYTES (512u * 1024) /* 100 rows of 5 rates of about 1 KB each */

enum { COURSE_ID, ATTRIBUTES };

static const struct engine_attr attributes[ATTRIBUTES] = {
    [COURSE_ID] = { "courseId", ATTR_UUID_LIST, true, "the course's uuid, in its links" },
};

struct row {
    char id[ENGINE_TEXT_MAX + 1], course_id[ENGINE_TEXT_MAX + 1];
    struct engine_when when;
    bool is_available;
    uint8_t players_min, players_max;
    struct engine_list rates, primary_prices; /* raw.ptr NULL: none */
};

/* Of either list. */
struct rate {
    uint8_t holes;
    int32_t price;  /* TEE_TIME_PRICE_UNKNOWN: not sold */
    uint8_t basis;  /* enum price_basis */
    bool is_reward; /* its price is not everybody's */
    char name[ENGINE_TEXT_MAX + 1];
};

static ts_err check(const struct course *course, struct error *reterr)
{
    struct str uuid = course_attribute(course, COURSE_ID);
    if (uuid.len == 0)
        return error_set(reterr, TS_ERR_CATALOGUE, "courseId is missing");
    if (!str_is_uuid(uuid))
        return error_set(reterr, TS_ERR_CATALOGUE, "courseId: \"%.*s\" is not one uuid",
                         STR_ARGS(uuid));
    return TS_ERR_OK;
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, HOST);
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    buf_puts(scratch, "https://" HOST "/api/v1/courses/");
    buf_put(scratch, course_attribute(task->courses[0], COURSE_ID));
    buf_puts(scratch, "/date/");
    day_format(task->play_date, scratch);
    buf_puts(scratch, "/teetimes");
    return engine_post_json(scratch, scratch->ptr, STR("{\"sessionId\":null}"), REPLY_CAP_BYTES,
                            ret_request);
}

static const struct engine_field row_fields[] = {
    ENGINE_FIELD("id", REQUIRED, TEXT, row, id),
    ENGINE_FIELD("courseId", REQUIRED, TEXT, row, course_id),
    ENGINE_FIELD("localDateTime", REQUIRED, WHEN, row, when),
    ENGINE_FIELD("isAvailable", REQUIRED, BOOL, row, is_available),
    ENGINE_FIELD("playersMin", REQUIRED, SMALL, row, players_min),
    ENGINE_FIELD("playersMax", REQUIRED, SMALL, row, players_max),
    ENGINE_FIELD("rates", MAY_LACK, LIST, row, rates),
    ENGINE_FIELD("primaryPrices", MAY_LACK, LIST, row, primary_prices),
};

static bool read_cart(struct json *json, void *into)
{
    bool has_cart;
    if (!json_bool(json, &has_cart))
        return false;
    ((struct rate *)into)->basis = has_cart ? PRICE_BASIS_CART : PRICE_BASIS_WALKING;
    return true;
}

static const struct engine_field rate_fields[] = {
    ENGINE_FIELD("holes", REQUIRED, SMALL, rate, holes),
    ENGINE_FIELD("price", REQUIRED, LOOSE_CENTS, rate, price),
    ENGINE_FIELD_READ("hasCartIncluded", IF_READABLE, read_cart),
    ENGINE_FIELD("isGimme", IF_READABLE, BOOL, rate, is_reward),
    ENGINE_FIELD("name", IF_READABLE, TEXT, rate, name),
};

static bool read_row(struct json *json, int32_t date, struct row *row,
                     struct engine_fault *ret_fault)
{
    size_t start = json_offset(json);
    *row = (struct row){ .is_available = false };
    if (!engine_read_object(json, row_fields, TS_COUNT_OF(row_fields), row, ret_fault))
        return false;
    if (row->when.date != date)
        *ret_fault = (struct engine_fault){ "localDateTime", start };
    else if (!row->rates.raw.ptr && !row->primary_prices.raw.ptr)
        *ret_fault = (struct engine_fault){ "rates", start };
    else if (row->players_max > 0 && row->players_min > row->players_max)
        *ret_fault = (struct engine_fault){ "playersMax", start };
    return !ret_fault->field;
}

static bool read_rate(struct json *json, struct rate *rate, struct engine_fault *ret_fault)
{
    size_t start = json_offset(json);
    *rate = (struct rate){ .price = TEE_TIME_PRICE_UNKNOWN };
    if (!engine_read_object(json, rate_fields, TS_COUNT_OF(rate_fields), rate, ret_fault))
        return false;
    if (rate->holes == 0)
        *ret_fault = (struct engine_fault){ "holes", start };
    return !ret_fault->field;
}

/* Adds what a rate sells. False: the arena is full. */
static bool add_rate(struct engine_task *task, const struct row *row, const struct rate *rate,
                     const char *link)
{
    bool has_price = rate->price > 0 && !rate->is_reward;
    struct tee_time tee_time = {
        .start_minute = row->when.minute,
        .holes = rate->holes,
        .party_sizes =
            tee_time_party_range(row->players_min > 1 ? row->players_min : 1, row->players_max),
        .price_basis = has_price ? rate->basis : PRICE_BASIS_UNKNOWN,
        .price_cents = has_price ? rate->price : TEE_TIME_PRICE_UNKNOWN,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .routing = "",
        .rate_name = rate->name,
        .engine_ref = row->id,
        .url_template = link,
    };
    bool is_sold = rate->price != TEE_TIME_PRICE_UNKNOWN && tee_time.party_sizes != 0;
    return !is_sold || engine_add_tee_time(task, 0, &tee_time);
}

/* The prices without rates count only where there are no rates. False: the arena is full. */
static bool add_row(struct engine_task *task, const struct row *row, size_t base,
                    const char *link, struct engine_result *result)
{
    struct json rates = json_over(row->rates.raw);
    bool has_rates = json_enter_array(&rates) && json_next(&rates);
    const struct engine_list *list = has_rates ? &row->rates : &row->primary_prices;
    struct json json = json_over(list->raw);
    if (!row->is_available || !json_enter_array(&json))
        return true;
    while (json_next(&json)) {
        struct rate rate;
        struct engine_fault fault;
        if (!read_rate(&json, &rate, &fault))
            engine_skip_row(result, fault.field, base + list->offset + fault.offset);
        else if (!add_rate(task, row, &rate, link))
            return false;
    }
    return true;
}

static void put_link(const struct engine_task *task, struct buf *out)
{
    buf_puts(out, "https://golfback.com/#/course/");
    buf_put(out, course_attribute(task->courses[0], COURSE_ID));
    buf_puts(out, "/date/");
    day_format(task->play_date, out);
    buf_puts(out, "/teetime/{ref}");
}

static enum engine_verdict read_rows(struct engine_task *task, struct json *json, size_t base,
                                     struct engine_result *result)
{
    struct str course_id = course_attribute(task->courses[0], COURSE_ID);
    struct tee_sheet *sheet = &task->sheets[0];
    struct engine_rows rows = { 0 };
    char storage[150];
    struct buf link = buf_over(storage, sizeof(storage));
    put_link(task, &link);
    (void)json_enter_array(json);
    while (json_next(json)) {
        struct row row;
        struct engine_fault fault;
        uint32_t skipped = result->skipped_rows, added = sheet->tee_times_count;
        bool is_readable = read_row(json, task->play_date, &row, &fault);
        if (row.course_id[0] && !str_equal_nocase(str_of(row.course_id), course_id))
            continue;
        if (!is_readable)
            engine_skip_row(result, fault.field, base + fault.offset);
        else if (!add_row(task, &row, base, storage, result))
            return engine_done_too_large(result);
        bool is_lost = result->skipped_rows > skipped && sheet->tee_times_count == added;
        rows.skipped += is_lost;
        rows.own += !is_lost;
    }
    engine_settle_sheet(sheet, &rows);
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    struct json json = json_over(reply->body);
    struct str key, data = { NULL, 0 };
    enum engine_verdict verdict;
    if (reply->end != HTTP_END_REPLY || engine_reply_is_challenge(reply) ||
        reply->status != 200)
        return ENGINE_UNDECIDED;
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    bool is_object = json_enter_object(&json);
    while (is_object && json_key(&json, &key))
        if (str_equal(key, STR("data")) && json_peek(&json) == JSON_ARRAY)
            (void)json_raw(&json, &data);
    if (!data.ptr)
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    struct json list = json_over(data);
    return read_rows(task, &list, (size_t)(data.ptr - reply->body.ptr), result);
}

const struct engine engine_golfback = {
    .name = "golfback",
    .about = "GolfBack, one course and date a request",
    .verified = "description",
    .terms = "undocumented API behind the public booking page, no login; robots.txt not known",
    .host = HOST,
    .attrs = attributes,
    .attrs_count = ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = REPLY_CAP_BYTES,
    .check = check,
    .from_url = golfback_from_url,
    .host_of = host_of,
    .tenant_key = engine_no_tenant_key,
    .expected_requests = engine_request_each,
    .request = request,
    .parse = parse,
    .resolver = &golfback_resolver,
};
