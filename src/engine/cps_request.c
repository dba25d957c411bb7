/* cps_request.c: the requests of CPS Golf, by stage. All texts go to the scratch, one after the
 * other, each with its NUL. */
#include <assert.h>

#include "base/day.h"
#include "engine/cps.h"

#define SMALL_CAP_BYTES   (32u * 1024)
#define COURSES_CAP_BYTES (128u * 1024) /* an entry has 1.1 KB: 64 of them, and room */

/* An attribute of the first row that gives it. */
static struct str first_given(const struct engine_task *task, unsigned attribute)
{
    struct str value = { NULL, 0 };
    for (uint32_t i = 0; i < task->courses_count && value.len == 0; i++)
        value = course_attribute(task->courses[i], attribute);
    return value;
}

static void put_host(const struct engine_task *task, struct buf *scratch)
{
    buf_puts(scratch, "https://");
    task->engine->host_of(task->courses[0], scratch);
}

static void put_api(const struct engine_task *task, const char *route, struct buf *scratch)
{
    put_host(task, scratch);
    buf_puts(scratch, "/onlineres/onlineapi/api/v1/onlinereservation/");
    buf_puts(scratch, route);
}

static void end_url(struct http_request *request, struct buf *scratch)
{
    request->url = scratch->ptr;
    buf_putc(scratch, '\0');
}

static void add_header(struct http_request *request, const char *header)
{
    assert(request->headers_count < HTTP_REQUEST_HEADERS_MAX);
    request->headers[request->headers_count++] = header;
}

static void add_value(struct http_request *request, struct buf *scratch, const char *name,
                      struct str value)
{
    add_header(request, scratch->ptr + scratch->len);
    buf_puts(scratch, name);
    buf_puts(scratch, ": ");
    buf_put(scratch, value);
    buf_putc(scratch, '\0');
}

static void add_number(struct http_request *request, struct buf *scratch, const char *name,
                       int64_t value)
{
    char storage[24];
    struct buf text = buf_over(storage, sizeof(storage));
    buf_put_i64(&text, value);
    add_value(request, scratch, name, buf_view(&text));
}

static void add_zone(const struct engine_task *task, struct http_request *request,
                     struct buf *scratch)
{
    const struct zone *zone = task->sheets[0].zone;
    if (!zone)
        return;
    int64_t noon = zone_instant(zone, task->play_date, 12 * 60);
    add_value(request, scratch, "x-timezoneid", str_of(zone_name(zone)));
    add_number(request, scratch, "x-timezone-offset", -zone_offset_at(zone, noon) / 60);
}

/* What every route of the reservation API wants to know. */
static void add_headers(const struct engine_task *task, struct http_request *request,
                        struct buf *scratch)
{
    static const char *const constants[] = { "client-id: onlineresweb", "x-componentid: 1",
                                             "x-moduleid: 7", "x-productid: 1" };
    const struct cps_tenant *tenant = task->tenant;
    struct str terminal = first_given(task, CPS_TERMINAL_ID);
    struct str site = first_given(task, CPS_SITE_ID), website = cps_rows_website(task);
    for (size_t i = 0; i < TS_COUNT_OF(constants); i++)
        add_header(request, constants[i]);
    if (tenant->generation == 4)
        add_value(request, scratch, "x-apikey", str_of(tenant->credential));
    else {
        char storage[CPS_CREDENTIAL_BYTES + 8];
        struct buf bearer = buf_over(storage, sizeof(storage));
        buf_printf(&bearer, "Bearer %s", tenant->credential);
        add_value(request, scratch, "Authorization", buf_view(&bearer));
    }
    add_value(request, scratch, "x-terminalid", terminal.len > 0 ? terminal : STR("3"));
    if (site.len > 0)
        add_value(request, scratch, "x-siteid", site);
    else
        add_number(request, scratch, "x-siteid", tenant->site_id > 0 ? tenant->site_id : 1);
    if (tenant->website_id[0])
        website = str_of(tenant->website_id);
    add_value(request, scratch, "x-websiteid", website.len > 0 ? website : STR(CPS_NO_WEBSITE));
}

/* A version 4 uuid of the task; another one after each refusal. */
static void put_transaction(const struct engine_task *task, struct buf *out)
{
    const struct cps_state *state = (const struct cps_state *)(const void *)task->state;
    for (unsigned i = 0; i < sizeof(task->nonce); i++) {
        unsigned byte = task->nonce[i];
        if (i == 0)
            byte ^= state->registrations;
        if (i == 6)
            byte = (byte & 0x0f) | 0x40;
        if (i == 8)
            byte = (byte & 0x3f) | 0x80;
        buf_printf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", byte);
    }
}

static void write_token(const struct engine_task *task, struct buf *scratch,
                        struct http_request *request)
{
    put_host(task, scratch);
    buf_puts(scratch, "/identityapi/myconnect/token/short");
    end_url(request, scratch);
    request->method = "POST";
    request->body = STR("client_id=onlinereswebshortlived");
    add_header(request, "Content-Type: application/x-www-form-urlencoded");
}

static void write_configuration(const struct engine_task *task, struct buf *scratch,
                                struct http_request *request)
{
    put_host(task, scratch);
    buf_puts(scratch, "/onlineresweb/Home/Configuration");
    end_url(request, scratch);
}

static void write_courses(const struct engine_task *task, struct buf *scratch,
                          struct http_request *request)
{
    put_api(task, "OnlineCourses", scratch);
    end_url(request, scratch);
    add_headers(task, request, scratch);
    request->reply_cap_bytes = COURSES_CAP_BYTES;
}

static void write_register(const struct engine_task *task, struct buf *scratch,
                           struct http_request *request)
{
    put_api(task, "RegisterTransactionId", scratch);
    end_url(request, scratch);
    add_headers(task, request, scratch);
    add_header(request, "Content-Type: application/json");
    size_t start = scratch->len;
    buf_puts(scratch, "{\"transactionId\":\"");
    put_transaction(task, scratch);
    buf_puts(scratch, "\"}");
    request->method = "POST";
    request->body = (struct str){ scratch->ptr + start, scratch->len - start };
}

/* "Sat Dec 05 2026", as the booking page sends it. */
static void put_date(int32_t date, struct buf *out)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(out, "%s%%20%s%%20%02d%%20%04d", days[day_weekday(date)], months[month - 1], day,
               year);
}

static void write_list(const struct engine_task *task, struct buf *scratch,
                       struct http_request *request)
{
    const struct cps_state *state = (const struct cps_state *)(const void *)task->state;
    put_api(task, "TeeTimes?searchDate=", scratch);
    put_date(task->play_date, scratch);
    buf_puts(scratch, "&courseIds=");
    cps_put_courses(task, scratch);
    if (state->is_registered) {
        buf_puts(scratch, "&transactionId=");
        put_transaction(task, scratch);
    }
    buf_puts(scratch, "&holes=0&numberOfPlayer=0&searchTimeType=0&teeOffTimeMin=0"
                      "&teeOffTimeMax=23&isChangeTeeOffTime=true&teeSheetSearchView=5"
                      "&classCode=R&defaultOnlineRate=N&isUseCapacityPricing=false"
                      "&memberStoreId=1&searchType=1");
    end_url(request, scratch);
    add_headers(task, request, scratch);
    add_zone(task, request, scratch);
    request->reply_cap_bytes = CPS_LIST_CAP_BYTES;
}

static void write_rules(const struct engine_task *task, struct buf *scratch,
                        struct http_request *request)
{
    put_api(task, "BookingRuleModels?classcode=R&courseIds=", scratch);
    cps_put_courses(task, scratch);
    buf_puts(scratch, "&searchDate=");
    put_date(task->play_date, scratch);
    end_url(request, scratch);
    add_headers(task, request, scratch);
    request->reply_cap_bytes = COURSES_CAP_BYTES;
}

ts_err cps_write(const struct engine_task *task, enum cps_stage stage, struct buf *scratch,
                 struct http_request *ret_request)
{
    static void (*const writers[])(const struct engine_task *, struct buf *,
                                   struct http_request *) = {
        [CPS_TOKEN] = write_token,     [CPS_CONFIGURATION] = write_configuration,
        [CPS_COURSES] = write_courses, [CPS_REGISTER] = write_register,
        [CPS_LIST] = write_list,       [CPS_RULES] = write_rules,
    };
    struct http_request request = {
        .method = "GET",
        .headers = { "Accept: application/json" },
        .headers_count = 1,
        .reply_cap_bytes = SMALL_CAP_BYTES,
        .stage = (uint8_t)stage,
    };
    writers[stage](task, scratch, &request);
    if (scratch->overflow)
        return TS_ERR_FULL;
    *ret_request = request;
    return TS_ERR_OK;
}

ts_err cps_request(const struct engine_task *task, struct buf *scratch,
                   struct http_request *ret_request)
{
    return cps_write(task, cps_stage(task), scratch, ret_request);
}
