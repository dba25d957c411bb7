/*
 * server.h: serves a fleet over HTTP; the only user of libmicrohttpd.
 *
 * Two threads. A request, GET or POST, is answered by the engine that owns it; a first path
 * segment with a dot names the original host, as in /www.chronogolf.com/marketplace/…;
 * /_sim/stats tells what was seen.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "faults.h"
#include "fleet.h"

struct server_options {
    const char *address; /* IPv4; NULL: 127.0.0.1 */
    uint16_t port;       /* 0: any */
    double churn_percent;
    const char *key; /* application key that engines with one want */
    int64_t latency_ms, jitter_ms;
    bool gzip;
    double limit_rate; /* requests per second and host; 0: no limit */
    struct fault_options faults;
};

struct server;

/* TS_ERR_NOMEM, TS_ERR_CONNECTION (the port is taken). The fleet is borrowed. */
TS_MUST_USE ts_err server_new(const struct server_options *options, const struct fleet *fleet,
                              struct server **ret_server, struct error *reterr);

/* Ends all connections. Accepts NULL. */
void server_free(struct server *server);

uint16_t server_port(const struct server *server);

/* TS_ERR_IO. */
TS_MUST_USE ts_err server_write_stats(struct server *server, const char *path,
                                      struct error *reterr);

#endif
