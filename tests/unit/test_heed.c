/*
 * test_heed.c exercises host/heed: what a reply's Retry-After does to its host: held for as
 * long, for ten minutes at the most, and only by a refusal.
 */
#include "base/clock.h"
#include "host/heed.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define SECOND CLOCK_SECOND_US
#define GAP_US ((int64_t)2 * SECOND)
#define COURSE                                                                                 \
    "11,America/Denver,chronogolf,\"{\"\"club_id\"\":1,\"\"course_id\"\":2,"                   \
    "\"\"affiliation_type_id\"\":3}\",3,\n"

/* How long its host waits after one request and this reply to it. */
static int64_t wait_after(uint16_t status, int64_t retry_after_us)
{
    struct plan_pace pace[32];
    for (uint32_t i = 0; i < engines_count; i++)
        pace[i] = (struct plan_pace){ .gap_us = GAP_US, .parallel = 1 };
    struct catalogue *catalogue = catalogue_of(COURSE);
    const struct plan_config config = {
        .catalogue = catalogue, .now_wall = 1804327200, .pace = pace, .conversations_max = 1
    };
    struct plan *plan = NULL;
    struct plan_task task;
    int64_t wait, now = clock_monotonic_us();
    assert_int_equal(plan_new(&config, &plan, NULL), TS_ERR_OK);
    plan_start(plan);
    assert_true(plan_next(plan, now, &task, &wait));
    plan_sent(plan, &task, now);
    const struct http_reply reply = { .end = HTTP_END_REPLY,
                                      .status = status,
                                      .body = STR("{}"),
                                      .retry_after_us = retry_after_us };
    const struct conversation_note note = { 0 };
    heed_reply(plan, &task, &reply, &note);
    wait = plan_wait_us(plan, &task, now);
    plan_free(plan);
    catalogue_free(catalogue);
    return wait;
}

static void retry_after_holds_the_host(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        int64_t asked_s, least_s;
    } rows[] = {
        { 429, 60, 60 },    { 503, 60, 60 }, { 429, 600, 600 }, { 429, 601, 600 },
        { 429, 7200, 600 }, { 429, 1, 2 },   { 200, 60, 2 },    { 429, -1, 2 },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        int64_t wait = wait_after(rows[i].status, rows[i].asked_s * SECOND);
        if (wait < rows[i].least_s * SECOND || wait > (rows[i].least_s + 1) * SECOND)
            fail_msg("%u with Retry-After %lld: %.1f s", rows[i].status,
                     (long long)rows[i].asked_s, (double)wait / (double)SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(retry_after_holds_the_host) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
