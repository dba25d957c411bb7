/*
 * connection.h: one session of PostgreSQL, never blocking for longer than its patience.
 *
 * Everything goes through libpq's non-blocking calls and poll() on the socket and on `stop_fd`,
 * so that a dead or hanging server cannot hold up a shutdown. (Only the resolution of a host's
 * name, inside libpq, is out of its hands.) A wait that is given up leaves the conversation in
 * the middle: the session is then closed, the server rolls back, and pg_connect makes a new
 * one. Statements are sent unnamed, so that transaction poolers can be in between. One thread.
 */
#ifndef TS_STORE_POSTGRES_CONNECTION_H
#define TS_STORE_POSTGRES_CONNECTION_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "store/postgres/url.h"

struct pg_conn;   /* libpq's PGconn */
struct pg_result; /* libpq's PGresult */

struct pg_connection {
    struct pg_conn *handle; /* NULL: not connected */
    struct pg_url url;
    int stop_fd;         /* -1: none */
    int64_t patience_us; /* longest wait for one answer */
    int64_t until_us;    /* monotonic: when the present wait ends */
};

/* Connects anew. TS_ERR_NO_SERVER (none answers), _CONNECTION (it cannot now), _CONFIG (refused
 * for good), _STOPPED. */
TS_MUST_USE ts_err pg_connect(struct pg_connection *connection, struct error *reterr);
void pg_disconnect(struct pg_connection *connection); /* connected or not */

/* Hands one statement with text parameters to libpq. Parameters are copied. */
TS_MUST_USE ts_err pg_send(struct pg_connection *connection, const char *sql,
                           unsigned params_count, const char *const *params,
                           struct error *reterr);

/* Sends what libpq still holds, taking in answers meanwhile. */
TS_MUST_USE ts_err pg_flush(struct pg_connection *connection, struct error *reterr);

/* The next result of what was sent; *ret_result NULL: that statement has no more. Owner: the
 * caller (PQclear). Failed statements come as results: see pg_check. */
TS_MUST_USE ts_err pg_next(struct pg_connection *connection, struct pg_result **ret_result,
                           struct error *reterr);

/* TS_ERR_OK, or what a result's error means; a lost session is closed. */
TS_MUST_USE ts_err pg_check(struct pg_connection *connection, const struct pg_result *result,
                            struct error *reterr);

/* One statement and its one result. ret_result may be NULL. */
TS_MUST_USE ts_err pg_query(struct pg_connection *connection, const char *sql,
                            unsigned params_count, const char *const *params,
                            struct pg_result **ret_result, struct error *reterr);

/* Several statements without parameters in one text. */
TS_MUST_USE ts_err pg_script(struct pg_connection *connection, const char *sql,
                             struct error *reterr);

/* Pipeline mode: pg_send queues, pg_pipeline_sync marks the end and sends it off; the results
 * then come statement by statement through pg_next. pg_pipeline_leave reads up to
 * the mark, whatever failed before. */
TS_MUST_USE ts_err pg_pipeline_enter(struct pg_connection *connection, struct error *reterr);
TS_MUST_USE ts_err pg_pipeline_sync(struct pg_connection *connection, struct error *reterr);
TS_MUST_USE ts_err pg_pipeline_leave(struct pg_connection *connection, struct error *reterr);

/* COPY … FROM STDIN: after pg_copy_begin any number of pg_copy_put, then pg_copy_end, also
 * after a failure that left the session alive. */
TS_MUST_USE ts_err pg_copy_begin(struct pg_connection *connection, const char *sql,
                                 struct error *reterr);
TS_MUST_USE ts_err pg_copy_put(struct pg_connection *connection, struct str rows,
                               struct error *reterr);
TS_MUST_USE ts_err pg_copy_end(struct pg_connection *connection, struct error *reterr);

#endif
