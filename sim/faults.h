/*
 * faults.h: what goes wrong, how often, and how a reply is spoilt.
 *
 * Which request meets which fault is a function of the seed and the request's number. Knows no
 * HTTP server: faults of the connection (reset, truncate, huge, endless) are carried out by
 * server.c.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include <stdint.h>

#include "engine.h"

enum fault {
    FAULT_NONE,
#define FAULT(NAME, option, meaning) FAULT_##NAME,
#include "faults.def"
#undef FAULT
    FAULT_COUNT
};

struct fault_options {
    double percent[FAULT_COUNT];
    uint64_t seed;
    int64_t until_request; /* later requests meet no fault; 0: all may */
    uint64_t huge_bytes;
    int64_t retry_after_s;
};

/* The option's name ("server-error"), "none" for FAULT_NONE; and what it does. */
const char *fault_name(enum fault fault);
const char *fault_meaning(enum fault fault);

/* The fault that the number-th request (from 1) meets. */
enum fault fault_pick(const struct fault_options *options, uint64_t number);

/* What a spoilt reply says besides status and body. */
struct fault_headers {
    const char *content_type; /* NULL: unchanged */
    bool retry_after, challenge;
};

/* Spoils status and body as the fault wants. */
void fault_spoil(enum fault fault, uint64_t number, struct sim_reply *reply,
                 struct fault_headers *ret_headers);

#endif
