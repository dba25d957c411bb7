/*
 * ping.h: tells a healthchecks-style URL how the sweep goes: URL/start, URL, URL/fail.
 */
#ifndef TS_HOST_PING_H
#define TS_HOST_PING_H

#include "base/loop.h"
#include "fetch/fetch.h"

enum ping_kind { PING_START, PING_SUCCESS, PING_FAIL };

/* Sends one ping and waits at most 10 s for its reply, turning the loop, and not after *stop_by
 * (monotonic), which may change meanwhile. False: it did not get through (never a reason to
 * fail the sweep). */
bool ping_send(struct loop *loop, struct fetch *fetch, const char *url, enum ping_kind kind,
               const int64_t *stop_by);

#endif
