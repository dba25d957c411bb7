/*
 * greenbook.c: an invented booking engine, the worked example of docs/ENGINES.md: one request
 * per course and date, rows with a time, free places and a fee.
 */
#include "base/day.h"
#include "engine/adapter.h"
#include "engine/check.h"

#define HOST            "api.greenbook.example"
#define REPLY_CAP_BYTES (128u * 1024) /* 100 rows of about 200 bytes, with room for more */

enum { CLUB_ID, ATTRIBUTES };

static const struct engine_attr attributes[ATTRIBUTES] = {
    [CLUB_ID] = { "club_id", ATTR_INT, true, "the number in its links" },
};

struct row {
    char ref[ENGINE_TEXT_MAX + 1];
    uint16_t minute;
    uint8_t holes, free;
    int32_t fee;
};

static const struct engine_field row_fields[] = {
    ENGINE_FIELD("ref", REQUIRED, TEXT, row, ref),
    ENGINE_FIELD("time", REQUIRED, MINUTE, row, minute),
    ENGINE_FIELD("holes", REQUIRED, SMALL, row, holes),
    ENGINE_FIELD("free", REQUIRED, SMALL, row, free),
    ENGINE_FIELD("fee", REQUIRED, LOOSE_CENTS, row, fee),
};

static ts_err check(const struct course *course, struct error *reterr)
{
    static const struct engine_number numbers[] = { { CLUB_ID, true, 1 } };
    return engine_check_numbers(course, attributes, numbers, TS_COUNT_OF(numbers), reterr);
}

static void host_of(const struct course *course, struct buf *host)
{
    (void)course;
    buf_puts(host, HOST);
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    buf_puts(scratch, "https://" HOST "/clubs/");
    buf_put(scratch, course_attribute(task->courses[0], CLUB_ID));
    buf_puts(scratch, "/slots?date=");
    day_format(task->play_date, scratch);
    return engine_get_json(scratch, REPLY_CAP_BYTES, ret_request);
}

/* False: the arena is full. A full tee is listed too, with no free place: it is not open. */
static bool add_row(struct engine_task *task, const struct row *row)
{
    struct tee_time tee_time = {
        .start_minute = row->minute,
        .holes = row->holes,
        .party_sizes = tee_time_party_range(1, row->free),
        .price_cents = row->fee,
        .price_basis =
            row->fee == TEE_TIME_PRICE_UNKNOWN ? PRICE_BASIS_UNKNOWN : PRICE_BASIS_WALKING,
        .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
        .routing = "",
        .rate_name = "",
        .engine_ref = row->ref,
        .url_template = "https://greenbook.example/book/{ref}?players={players}",
    };
    return tee_time.party_sizes == 0 || engine_add_tee_time(task, 0, &tee_time);
}

static enum engine_verdict read_rows(struct engine_task *task, struct json *json,
                                     struct engine_result *result)
{
    struct engine_rows rows = { 0 };
    while (json_next(json)) {
        struct row row = { .fee = TEE_TIME_PRICE_UNKNOWN };
        struct engine_fault fault;
        bool is_readable =
            engine_read_object(json, row_fields, TS_COUNT_OF(row_fields), &row, &fault);
        rows.own += is_readable;
        rows.skipped += !is_readable;
        if (!is_readable)
            engine_skip_row(result, fault.field, fault.offset);
        else if (!add_row(task, &row))
            return engine_done_too_large(result);
    }
    engine_settle_sheet(&task->sheets[0], &rows);
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    enum engine_verdict verdict;
    if (reply->end != HTTP_END_REPLY || reply->status != 200)
        return ENGINE_UNDECIDED; /* the common rules know what 403, 404, 429 and 5xx mean */
    if (!engine_is_json(task, reply, result, &verdict))
        return verdict;
    struct json json = json_over(reply->body);
    if (!json_enter_array(&json))
        return engine_done(result, OUTCOME_UNREADABLE, engine_refusal(task, reply));
    return read_rows(task, &json, result);
}

const struct engine engine_greenbook = {
    .name = "greenbook",
    .about = "Greenbook, one course and date a request",
    .verified = "description",
    .terms = "invented",
    .host = HOST,
    .attrs = attributes,
    .attrs_count = ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = REPLY_CAP_BYTES,
    .check = check,
    .host_of = host_of,
    .tenant_key = engine_no_tenant_key,
    .expected_requests = engine_request_each,
    .request = request,
    .parse = parse,
};
