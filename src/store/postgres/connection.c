/* connection.c: libpq without blocking: send, wait with a deadline and a stop, read. */
#include "store/postgres/connection.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/postgres/failure.h"

void pg_disconnect(struct pg_connection *connection)
{
    PQfinish(connection->handle);
    connection->handle = NULL;
}

static void arm(struct pg_connection *connection)
{
    connection->until_us = clock_monotonic_us() + connection->patience_us;
}

static ts_err lost(struct pg_connection *connection, const char *doing, struct error *reterr)
{
    ts_err err = pg_failure_of_connection(connection->handle, &connection->url, doing, reterr);
    pg_disconnect(connection);
    return err;
}

/* What was sent and has not arrived is dropped: the server must not do it much later, when the
 * network comes back. */
static void break_off(struct pg_connection *connection)
{
    const struct linger at_once = { .l_onoff = 1 };
    (void)setsockopt(PQsocket(connection->handle), SOL_SOCKET, SO_LINGER, &at_once,
                     sizeof(at_once));
    pg_disconnect(connection);
}

static ts_err gave_up(struct pg_connection *connection, struct error *reterr)
{
    char text[40];
    struct buf patience = buf_over(text, sizeof(text));
    buf_put_duration(&patience, connection->patience_us);
    break_off(connection);
    return error_set(reterr, TS_ERR_CONNECTION, "%s: no answer within %s", connection->url.name,
                     text);
}

/* Waits for the socket. An answer that is there counts more than a stop. */
static ts_err wait_for(struct pg_connection *connection, short events, struct error *reterr)
{
    struct pollfd fds[2] = { { .fd = PQsocket(connection->handle), .events = events },
                             { .fd = connection->stop_fd, .events = POLLIN } };
    for (;;) {
        int64_t left_us = connection->until_us - clock_monotonic_us();
        int timeout_ms = left_us <= 0 ? 0 : (int)(left_us / 1000) + 1;
        int ready = poll(fds, 2, timeout_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (fds[0].revents)
            return TS_ERR_OK;
        if (fds[1].revents) {
            pg_disconnect(connection);
            return error_set(reterr, TS_ERR_STOPPED, "%s: stopped while waiting",
                             connection->url.name);
        }
        if (ready == 0 && left_us <= 0)
            return gave_up(connection, reterr);
        if (ready < 0)
            return lost(connection, "waiting for", reterr);
    }
}

static void ignore_notice(void *ctx, const PGresult *notice)
{
    (void)ctx;
    (void)notice;
}

static ts_err connect_step(struct pg_connection *connection, PostgresPollingStatusType step,
                           struct error *reterr)
{
    ts_err err = wait_for(connection, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, reterr);
    if (err == TS_ERR_CONNECTION && reterr)
        reterr->code = TS_ERR_NO_SERVER;
    return err == TS_ERR_CONNECTION ? TS_ERR_NO_SERVER : err;
}

static ts_err connect_start(struct pg_connection *connection, struct error *reterr)
{
    pg_disconnect(connection);
    connection->handle =
        PQconnectStartParams(connection->url.keywords, connection->url.values, 0);
    if (!connection->handle)
        return error_set(reterr, TS_ERR_NOMEM, "out of memory");
    PQsetNoticeReceiver(connection->handle, ignore_notice, NULL);
    /* Verbose messages carry the SQLSTATE, which libpq does not hand out otherwise here. */
    (void)PQsetErrorVerbosity(connection->handle, PQERRORS_VERBOSE);
    arm(connection);
    return TS_ERR_OK;
}

ts_err pg_connect(struct pg_connection *connection, struct error *reterr)
{
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    unsigned others = pg_url_hosts(&connection->url) - 1;
    ts_err err = connect_start(connection, reterr);
    while (!err && PQstatus(connection->handle) != CONNECTION_BAD && step != PGRES_POLLING_OK) {
        err = connect_step(connection, step, reterr);
        if (err == TS_ERR_NO_SERVER && others > 0) {
            /* libpq leaves a host that refuses, not one that keeps silent. */
            others--;
            pg_url_rotate(&connection->url);
            step = PGRES_POLLING_WRITING;
            err = connect_start(connection, reterr);
        } else if (!err) {
            step = PQconnectPoll(connection->handle);
        }
    }
    if (err)
        return err;
    if (PQstatus(connection->handle) != CONNECTION_OK ||
        PQsetnonblocking(connection->handle, 1) != 0)
        return lost(connection, "cannot connect to", reterr);
    return TS_ERR_OK;
}

static ts_err need_session(const struct pg_connection *connection, struct error *reterr)
{
    if (!connection->handle)
        return error_set(reterr, TS_ERR_CONNECTION, "%s: not connected", connection->url.name);
    return TS_ERR_OK;
}

ts_err pg_send(struct pg_connection *connection, const char *sql, unsigned params_count,
               const char *const *params, struct error *reterr)
{
    ts_err err = need_session(connection, reterr);
    if (err)
        return err;
    arm(connection);
    if (!PQsendQueryParams(connection->handle, sql, (int)params_count, NULL, params, NULL, NULL,
                           0))
        return lost(connection, "sending to", reterr);
    return TS_ERR_OK;
}

ts_err pg_flush(struct pg_connection *connection, struct error *reterr)
{
    ts_err err = need_session(connection, reterr);
    while (!err) {
        int state = PQflush(connection->handle);
        if (state == 0)
            return TS_ERR_OK;
        if (state < 0)
            return lost(connection, "sending to", reterr);
        /* The server may refuse to read on until we have read its answers. */
        err = wait_for(connection, POLLIN | POLLOUT, reterr);
        if (!err && !PQconsumeInput(connection->handle))
            return lost(connection, "reading from", reterr);
    }
    return err;
}

ts_err pg_next(struct pg_connection *connection, struct pg_result **ret_result,
               struct error *reterr)
{
    ts_err err = pg_flush(connection, reterr);
    if (err)
        return err;
    while (PQisBusy(connection->handle)) {
        err = wait_for(connection, POLLIN, reterr);
        if (err)
            return err;
        if (!PQconsumeInput(connection->handle))
            return lost(connection, "reading from", reterr);
    }
    *ret_result = PQgetResult(connection->handle);
    arm(connection);
    return TS_ERR_OK;
}

ts_err pg_check(struct pg_connection *connection, const struct pg_result *result,
                struct error *reterr)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_ABORTED)
        return error_set(reterr, TS_ERR_INTERNAL, "an earlier statement failed");
    if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE)
        return TS_ERR_OK;
    ts_err err = pg_failure_of_result(result, &connection->url, reterr);
    if (err == TS_ERR_CONNECTION)
        pg_disconnect(connection);
    return err;
}

/* Takes in the rest of a statement's results; the first failure among them. */
static ts_err drain(struct pg_connection *connection, struct error *reterr)
{
    ts_err first = TS_ERR_OK;
    for (;;) {
        PGresult *result = NULL;
        ts_err err = pg_next(connection, &result, first ? NULL : reterr);
        if (err)
            return first ? first : err;
        if (!result)
            return first;
        if (!first)
            first = pg_check(connection, result, reterr);
        PQclear(result);
        if (!connection->handle)
            return first;
    }
}

ts_err pg_query(struct pg_connection *connection, const char *sql, unsigned params_count,
                const char *const *params, struct pg_result **ret_result, struct error *reterr)
{
    PGresult *result = NULL;
    ts_err err = pg_send(connection, sql, params_count, params, reterr);
    if (!err)
        err = pg_next(connection, &result, reterr);
    if (err)
        return err;
    err = pg_check(connection, result, reterr);
    if (connection->handle) {
        ts_err end = drain(connection, err ? NULL : reterr);
        err = err ? err : end;
    }
    if (!err && ret_result)
        *ret_result = result;
    else
        PQclear(result);
    return err;
}

ts_err pg_script(struct pg_connection *connection, const char *sql, struct error *reterr)
{
    ts_err err = need_session(connection, reterr);
    if (err)
        return err;
    arm(connection);
    if (!PQsendQuery(connection->handle, sql))
        return lost(connection, "sending to", reterr);
    return drain(connection, reterr);
}

ts_err pg_pipeline_enter(struct pg_connection *connection, struct error *reterr)
{
    ts_err err = need_session(connection, reterr);
    if (!err && !PQenterPipelineMode(connection->handle))
        err = lost(connection, "sending to", reterr);
    return err;
}

ts_err pg_pipeline_sync(struct pg_connection *connection, struct error *reterr)
{
    ts_err err = need_session(connection, reterr);
    if (!err && !PQpipelineSync(connection->handle))
        err = lost(connection, "sending to", reterr);
    return err ? err : pg_flush(connection, reterr);
}

ts_err pg_pipeline_leave(struct pg_connection *connection, struct error *reterr)
{
    bool ended = false;
    for (;;) {
        PGresult *result;
        ts_err err = pg_next(connection, &result, reterr);
        if (err)
            return err;
        bool mark = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (mark)
            break;
        /* One NULL ends a statement's results; after a second one nothing would come any more:
         * libpq lost the mark, which it does without memory. */
        if (!result && ended)
            return lost(connection, "reading from", reterr);
        ended = !result;
    }
    if (!PQexitPipelineMode(connection->handle))
        return lost(connection, "reading from", reterr);
    return TS_ERR_OK;
}

ts_err pg_copy_begin(struct pg_connection *connection, const char *sql, struct error *reterr)
{
    PGresult *result = NULL;
    ts_err err = pg_send(connection, sql, 0, NULL, reterr);
    if (!err)
        err = pg_next(connection, &result, reterr);
    if (err)
        return err;
    bool ready = PQresultStatus(result) == PGRES_COPY_IN;
    if (!ready)
        err = pg_check(connection, result, reterr);
    PQclear(result);
    if (ready)
        return TS_ERR_OK;
    assert(err);
    /* The statement's end has to be read; why it failed is known already. */
    if (connection->handle)
        (void)(drain(connection, NULL) == TS_ERR_OK);
    return err;
}

ts_err pg_copy_put(struct pg_connection *connection, struct str rows, struct error *reterr)
{
    int state = PQputCopyData(connection->handle, rows.ptr, (int)rows.len);
    if (state == 0) {
        /* Its buffer is full, or it has no memory for one that holds the rows. What it refuses
         * with nothing left to send, it would refuse for ever. */
        ts_err err = pg_flush(connection, reterr);
        if (err)
            return err;
        state = PQputCopyData(connection->handle, rows.ptr, (int)rows.len);
    }
    if (state <= 0)
        return lost(connection, "sending to", reterr);
    arm(connection);
    return pg_flush(connection, reterr);
}

ts_err pg_copy_end(struct pg_connection *connection, struct error *reterr)
{
    /* pg_copy_put has left nothing in the way. */
    if (PQputCopyEnd(connection->handle, NULL) <= 0)
        return lost(connection, "sending to", reterr);
    return drain(connection, reterr);
}
