/* fetch_harness.c: set-up and single looks for the tests of fetch. */
#include "integration/fetch_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "support/unit.h"

int harness_start_library(void **state)
{
    (void)state;
    return fetch_global_init(NULL) == TS_ERR_OK ? 0 : -1;
}

int harness_stop_library(void **state)
{
    (void)state;
    fetch_global_done();
    if (fetch_library_bytes() == 0)
        return 0;
    (void)printf("libcurl keeps %llu bytes\n", (unsigned long long)fetch_library_bytes());
    return -1;
}

static void unset_proxies(void)
{
    static const char *const names[] = { "http_proxy",  "https_proxy", "all_proxy", "no_proxy",
                                         "HTTPS_PROXY", "ALL_PROXY",   "NO_PROXY" };
    for (size_t i = 0; i < TS_COUNT_OF(names); i++)
        (void)unsetenv(names[i]);
}

void harness_init(struct harness *harness, const struct fake_step *steps, size_t count,
                  enum fake_protocol protocol, struct fetch_config config)
{
    unset_proxies();
    *harness = (struct harness){ .scheme = protocol == FAKE_HTTPS ? "https" : "http" };
    harness->engine = fake_engine_new(steps, count, protocol);
    if (!config.transfers_max)
        config.transfers_max = 64;
    if (!config.timeout_us)
        config.timeout_us = 30 * CLOCK_SECOND_US;
    if (!config.idle_timeout_us)
        config.idle_timeout_us = 20 * CLOCK_SECOND_US;
    if (!config.connect_timeout_us)
        config.connect_timeout_us = 20 * CLOCK_SECOND_US;
    if (!config.user_agent)
        config.user_agent = "teesheet-test/1";
    uint32_t fds_max = config.transfers_max * FETCH_FDS_PER_TRANSFER;
    assert_int_equal(loop_new(&harness->loop, fds_max, NULL), TS_ERR_OK);
    config.loop = harness->loop;
    struct error error = { 0 };
    if (fetch_new(&config, &harness->fetch, &error) != TS_ERR_OK)
        fail_msg("fetch_new: %s", error.text);
}

void harness_done(struct harness *harness)
{
    fetch_free(harness->fetch);
    loop_free(harness->loop);
    fake_engine_free(harness->engine);
}

static void on_done(void *ctx, const struct http_reply *reply)
{
    struct look *look = ctx;
    look->calls++;
    look->reply = *reply;
    look->detail[0] = '\0';
    if (reply->detail)
        (void)snprintf(look->detail, sizeof(look->detail), "%s", reply->detail);
    if (look->then)
        look->then(look);
}

ts_err look_submit(struct harness *harness, struct look *look, const char *target)
{
    look->harness = harness;
    look->calls = 0;
    if (!look->request.method)
        look->request.method = "GET";
    if (!look->request.reply_cap_bytes)
        look->request.reply_cap_bytes = HARNESS_CAP_MAX;
    if (target[0] == '/')
        (void)snprintf(look->url, sizeof(look->url), "%s://127.0.0.1:%u%s", harness->scheme,
                       (unsigned)fake_engine_port(harness->engine), target);
    else
        (void)snprintf(look->url, sizeof(look->url), "%s", target);
    look->request.url = look->url;
    /* Exactly the cap, so that AddressSanitizer sees a byte too many. */
    if (!look->storage)
        look->storage = malloc(look->request.reply_cap_bytes);
    assert_non_null(look->storage);
    ts_err err = fetch_submit(harness->fetch, &look->request, NULL, look->storage, on_done,
                              look, &look->id);
    assert_int_equal(look->calls, 0);
    return err;
}

void look_wait(struct look *look)
{
    int64_t end = clock_monotonic_us() + 60 * CLOCK_SECOND_US;
    while (look->calls == 0) {
        assert_true(clock_monotonic_us() < end);
        assert_int_equal(loop_turn(look->harness->loop, CLOCK_SECOND_US), TS_ERR_OK);
    }
}

void look_run(struct harness *harness, struct look *look, const char *target)
{
    assert_int_equal(look_submit(harness, look, target), TS_ERR_OK);
    look_wait(look);
}

void look_done(struct look *look)
{
    free(look->storage);
    look->storage = NULL;
}
