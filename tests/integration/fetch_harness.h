/*
 * fetch_harness.h: a loop, a fetch and a fake engine, and one look at a URL as a value. For the
 * tests of fetch.
 */
#ifndef TS_TESTS_FETCH_HARNESS_H
#define TS_TESTS_FETCH_HARNESS_H

#include "base/loop.h"
#include "fetch/fetch.h"
#include "support/fake_engine.h"

#define HARNESS_CAP_MAX 262144

struct harness {
    struct loop *loop;
    struct fetch *fetch;
    struct fake_engine *engine;
    const char *scheme;
};

/* One transfer and what came of it. Zero it, set what differs from a GET with a cap of
 * HARNESS_CAP_MAX. */
struct look {
    struct http_request request;
    char url[512];
    char *storage; /* from malloc, look_done frees */
    uint64_t id;
    int calls; /* of the callback */
    struct http_reply reply;
    char detail[300];
    void (*then)(struct look *look); /* called in the callback, or NULL */
    struct harness *harness;
};

/* Group fixtures: libcurl set up, and torn down with nothing left of its heap. */
int harness_start_library(void **state);
int harness_stop_library(void **state);

/* Limits by default: 64 transfers, 30 s each, 20 s idle and connect (a loaded machine). Zero
 * fields of `config` take them. Proxy variables are unset. Asserts on failure. */
void harness_init(struct harness *harness, const struct fake_step *steps, size_t count,
                  enum fake_protocol protocol, struct fetch_config config);
void harness_done(struct harness *harness);

/* `target` is a path on the harness's engine, or a whole URL. */
ts_err look_submit(struct harness *harness, struct look *look, const char *target);
void look_wait(struct look *look); /* turns the loop until the callback; at most 60 s */
void look_run(struct harness *harness, struct look *look, const char *target);
void look_done(struct look *look);

#endif
