/* quick18.c: Quick18 (Sagacity Golf): the page of a tenant and date, a matrix of tee times and
 * rates, HTML. */
#include "engine/quick18.h"

#include <assert.h>
#include <ctype.h>

#include "base/day.h"

/* A row of five rates has 2.4 KB: 90 rows of three sub-courses, and the page around them. */
#define CAP_BYTES (1024u * 1024)

static const struct engine_attr attributes[QUICK18_ATTRIBUTES] = {
    [QUICK18_SUBDOMAIN] = { "subdomain", ATTR_TEXT, true, "the tenant: SUBDOMAIN.DOMAIN" },
    [QUICK18_DOMAIN] = { "domain", ATTR_TEXT, true, "where the tenant is; else quick18.com" },
    [QUICK18_SUB_COURSE] = { "sub_course", ATTR_TEXT, true,
                             "only tee times with this name in the page's Course column" },
};

static bool is_host(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '.')
            return false;
    return text.len > 0 && text.len <= 100 && text.ptr[0] != '.' &&
           text.ptr[text.len - 1] != '.';
}

static ts_err check(const struct course *course, struct error *reterr)
{
    struct str subdomain = course_attribute(course, QUICK18_SUBDOMAIN);
    struct str domain = course_attribute(course, QUICK18_DOMAIN);
    if (subdomain.len == 0)
        return error_set(reterr, TS_ERR_CATALOGUE, "subdomain is missing");
    if (!is_host(subdomain))
        return error_set(reterr, TS_ERR_CATALOGUE, "subdomain: \"%.*s\" is no host name",
                         STR_ARGS(subdomain));
    if (domain.len > 0 && (!is_host(domain) || !memchr(domain.ptr, '.', domain.len)))
        return error_set(reterr, TS_ERR_CATALOGUE, "domain: \"%.*s\" is no domain",
                         STR_ARGS(domain));
    if (course_attribute(course, QUICK18_SUB_COURSE).len > ENGINE_TEXT_MAX)
        return error_set(reterr, TS_ERR_CATALOGUE, "sub_course: longer than %d bytes",
                         ENGINE_TEXT_MAX);
    return TS_ERR_OK;
}

void quick18_host_of(const struct course *course, struct buf *host)
{
    struct str domain = course_attribute(course, QUICK18_DOMAIN);
    buf_put(host, course_attribute(course, QUICK18_SUBDOMAIN));
    buf_putc(host, '.');
    buf_put(host, domain.len > 0 ? domain : STR("quick18.com"));
}

static bool tenant_key(const struct course *course, struct buf *key)
{
    quick18_host_of(course, key);
    return true;
}

static uint32_t expected_requests(const struct course *const *courses, uint32_t count)
{
    assert(courses && count > 0);
    return 1;
}

static ts_err request(const struct engine_task *task, struct buf *scratch,
                      struct http_request *ret_request)
{
    int year, month, day;
    day_to_civil(task->play_date, &year, &month, &day);
    buf_puts(scratch, "https://");
    quick18_host_of(task->courses[0], scratch);
    buf_printf(scratch, "/teetimes/searchmatrix?teedate=%04d%02d%02d", year, month, day);
    if (scratch->overflow)
        return TS_ERR_FULL;
    *ret_request = (struct http_request){
        .method = "GET",
        .url = scratch->ptr,
        .headers = { "Accept: text/html" },
        .headers_count = 1,
        .reply_cap_bytes = CAP_BYTES,
    };
    return TS_ERR_OK;
}

/* A lack of tee times means something only if the page shows the day that was asked for. */
static void close_sheet(const struct quick18_reading *reading, const struct quick18_page *page,
                        uint32_t i)
{
    struct engine_task *task = reading->task;
    struct tee_sheet *sheet = &task->sheets[i];
    bool is_filtered = course_attribute(task->courses[i], QUICK18_SUB_COURSE).len > 0;
    bool shows_day = reading->has_offer ||
                     quick18_shows_date(quick18_text_view(&page->shown_date), task->play_date);
    sheet->outcome = OUTCOME_UNREADABLE;
    if (sheet->tee_times_count > 0) {
        sheet->outcome = OUTCOME_OPEN;
    } else if (is_filtered && !page->has_course_column) {
        sheet->outcome = OUTCOME_MISCONFIGURED;
        sheet->detail = "sub_course: the page has no Course column";
    } else if (reading->lost_for[i] && !reading->read_for[i]) {
        sheet->detail = "no row could be read";
    } else if (!shows_day) {
        sheet->detail = "the page does not show the day that was asked for";
    } else {
        sheet->outcome = OUTCOME_NONE_OPEN;
    }
}

static const char *fault_of(const struct quick18_page *page)
{
    if (!page->has_table)
        return "no matrix of tee times";
    if (page->has_too_many_columns)
        return "more than 32 columns of prices";
    return page->rates_count > 0 && page->has_body ? NULL : "a matrix without prices or rows";
}

static enum engine_verdict read_page(struct engine_task *task, struct str body,
                                     struct engine_result *result)
{
    struct quick18_reading reading = { .task = task, .result = result };
    struct quick18_page page;
    ts_err err = quick18_read_page(body, &page, quick18_take_row, &reading);
    if (err == TS_ERR_NOMEM)
        return engine_done(result, OUTCOME_TOO_LARGE, "a page too deep or too large to read");
    if (err)
        return engine_done_too_large(result);
    const char *fault = fault_of(&page);
    if (!fault && reading.rows > 0 && reading.lost == reading.rows)
        fault = "no row could be read";
    if (fault)
        return engine_done(result, OUTCOME_UNREADABLE, fault);
    for (uint32_t i = 0; i < task->courses_count; i++)
        close_sheet(&reading, &page, i);
    return engine_done(result, OUTCOME_NONE, NULL);
}

static enum engine_verdict parse(struct engine_task *task, const struct http_reply *reply,
                                 struct engine_result *result)
{
    struct str body = str_trim(reply->body);
    if (reply->end != HTTP_END_REPLY || reply->status != 200 ||
        engine_reply_is_challenge(reply))
        return ENGINE_UNDECIDED;
    if (str_contains_nocase(body, STR("</html>")))
        return read_page(task, body, result);
    if (body.len > 0 && !str_contains_nocase(body, STR("<html")))
        return engine_done(result, OUTCOME_UNREADABLE, "no page");
    result->detail = body.len > 0 ? "the page ends too early" : "an empty body";
    return ENGINE_TRUNCATED;
}

const struct engine engine_quick18 = {
    .name = "quick18",
    .about = "Quick18 by Sagacity Golf, its search page (HTML)",
    .verified = "recordings",
    .terms = "public page without login; robots.txt and terms were not seen",
    .host = "SUBDOMAIN.quick18.com",
    .attrs = attributes,
    .attrs_count = QUICK18_ATTRIBUTES,
    .max_parallel_per_host = 1,
    .min_gap_ms = 1000,
    .reply_cap_bytes = CAP_BYTES,
    .tenant_state_bytes = 0,
    .check = check,
    .from_url = quick18_from_url,
    .host_of = quick18_host_of,
    .tenant_key = tenant_key,
    .expected_requests = expected_requests,
    .request = request,
    .parse = parse,
};
