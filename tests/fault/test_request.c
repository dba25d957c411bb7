/*
 * test_request.c exercises what a request becomes when the n-th allocation fails, for every n,
 * once and for good: it goes out whole or not at all, and its end is told. libcurl drops what
 * it has no memory for where it can: a query, whose reply would be taken for the answer to the
 * whole question, or the timers of a transfer.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/loop.h"
#include "fault/campaign.h"
#include "fetch/fetch.h"
#include "support/fake_engine.h"
#include "support/unit.h"

#define TARGET     "/tee-times?date=2026-12-04&holes=18"
#define CAP        4096
#define REQUESTS   2 /* the second on the first's connection */
#define UNANSWERED 97
#define CUT        98 /* the engine does not know such a URL */

struct scene {
    struct fake_engine *engine;
    char url[128];
};

static void on_done(void *ctx, const struct http_reply *reply)
{
    int *verdict = ctx;
    *verdict = UNANSWERED;
    if (reply->end == HTTP_END_REPLY)
        *verdict = reply->status == 200 ? TS_ERR_OK : CUT;
}

static int ask(struct loop *loop, struct fetch *fetch, const char *url)
{
    static char storage[CAP];
    const struct http_request request = { .method = "GET", .url = url, .reply_cap_bytes = CAP };
    int verdict = -1;
    uint64_t id;
    ts_err err = fetch_submit(fetch, &request, NULL, storage, on_done, &verdict, &id);
    while (err == TS_ERR_OK && verdict < 0)
        err = loop_turn(loop, CLOCK_SECOND_US);
    return err ? (int)err : verdict;
}

static int carry_requests(void *ctx, bool disturbed)
{
    const struct scene *scene = ctx;
    /* What cannot go on need not be waited for. */
    int64_t limit_us = disturbed ? CLOCK_SECOND_US / 10 : 20 * CLOCK_SECOND_US;
    struct loop *loop = NULL;
    struct fetch *fetch = NULL;
    struct fetch_config config = { .transfers_max = 1,
                                   .timeout_us = limit_us,
                                   .idle_timeout_us = 60 * CLOCK_SECOND_US,
                                   .connect_timeout_us = 60 * CLOCK_SECOND_US,
                                   .user_agent = "fault" };
    int verdict = (int)loop_new(&loop, FETCH_FDS_PER_TRANSFER, NULL);
    config.loop = loop;
    if (!verdict)
        verdict = (int)fetch_global_init(NULL);
    if (!verdict)
        verdict = (int)fetch_new(&config, &fetch, NULL);
    for (int i = 0; i < REQUESTS && !verdict; i++)
        verdict = ask(loop, fetch, scene->url);
    fetch_free(fetch);
    loop_free(loop);
    fetch_global_done();
    return verdict;
}

static void nothing_to_prepare(void *ctx)
{
    (void)ctx;
}

static const char *judge(void *ctx, const struct campaign_run *run)
{
    (void)ctx;
    return run->exit_code == CUT ? "a request went out without its query" : NULL;
}

static void whole_or_not_at_all(void **state)
{
    (void)state;
    const struct fake_step step = { .path = TARGET, .body = "[]" };
    struct scene scene = { .engine = fake_engine_new(&step, 1, FAKE_HTTP) };
    (void)snprintf(scene.url, sizeof(scene.url), "http://127.0.0.1:%u" TARGET,
                   (unsigned)fake_engine_port(scene.engine));
    (void)unsetenv("http_proxy");
    (void)unsetenv("all_proxy");
    (void)unsetenv("ALL_PROXY");
    const struct campaign campaign = { .name = "request",
                                       .job = carry_requests,
                                       .prepare = nothing_to_prepare,
                                       .judge = judge,
                                       .ctx = &scene,
                                       .stride = 1 };
    campaign_warm(&campaign);
    (void)campaign_fight(&campaign);
    fake_engine_free(scene.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(whole_or_not_at_all) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
