/* server.c: libmicrohttpd's daemon, and the way of a request through engines and faults. */
#include "server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delay.h"
#include "engine.h"
#include "memory.h"
#include "random.h"
#include "server_reply.h"
#include "stats.h"

#define CONNECTIONS_MAX 4096
#define THREADS         2
#define STATS_PATH      "/_sim/stats"
#define UPLOAD_MAX      4096 /* of a posted body */

/* A body that drips takes 0.3 to 3.2 seconds. */
#define DRIP_PAUSE_MIN_US    20000
#define DRIP_PAUSE_SPREAD_US 180000

struct server {
    struct server_options options;
    const struct fleet *fleet;
    struct stats *stats;
    struct body_pool *bodies;
    struct sim_memory *memory;
    struct delay *delay; /* NULL: nothing waits */
    struct MHD_Daemon *daemon;
};

/* One request, from its headers to its last byte. */
struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    uint64_t number;
    uint32_t host, club;
    enum fault fault;
    bool is_post, upload_overflow, waited, left;
    size_t upload_len;
    char upload[UPLOAD_MAX];
};

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status,
                                     struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_stats(struct server *server, struct MHD_Connection *connection)
{
    size_t len;
    char *text = stats_json(server->stats, server->fleet, &len);
    if (!text)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
    if (response)
        (void)MHD_add_response_header(response, "Content-Type", "application/json");
    return send_response(connection, 200, response);
}

/* Cuts "/www.chronogolf.com" off the front: a first segment with a dot is a host. */
static struct str split_host(struct MHD_Connection *connection, struct str *path)
{
    const char *slash = path->len > 1 ? memchr(path->ptr + 1, '/', path->len - 1) : NULL;
    size_t len = slash ? (size_t)(slash - path->ptr) : path->len;
    if (len > 1 && memchr(path->ptr, '.', len)) {
        struct str host = { path->ptr + 1, len - 1 };
        *path = (struct str){ path->ptr + len, path->len - len };
        return host;
    }
    return str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host"));
}

static enum MHD_Result add_arg(void *ctx, enum MHD_ValueKind kind, const char *name,
                               size_t name_len, const char *value, size_t value_len)
{
    struct sim_request *request = ctx;
    (void)kind;
    if (request->args_count == SIM_ARGS_MAX) {
        request->args_overflow = true;
        return MHD_NO;
    }
    request->args[request->args_count++] =
        (struct sim_arg){ { name, name_len }, { value, value ? value_len : 0 } };
    return MHD_YES;
}

/* Lets the engine that owns the path write the reply. */
static void ask_engine(struct server *server, const struct sim_request *request,
                       struct sim_reply *reply)
{
    struct sim_world world = { server->fleet, server->options.churn_percent, clock_wall(),
                               server->options.key };
    for (uint32_t i = 0; i < sim_engines_count; i++) {
        if (!sim_engines[i]->owns(request))
            continue;
        sim_engines[i]->answer(&world, request, reply);
        assert(!reply->body.overflow);
        return;
    }
    sim_reply_refuse(reply, 404, "no engine has this host and path");
}

static void add_number_header(struct MHD_Response *response, const char *name, int64_t value)
{
    char text[32];
    struct buf out = buf_over(text, sizeof(text));
    buf_put_i64(&out, value);
    (void)MHD_add_response_header(response, name, text);
}

static void add_headers(const struct exchange *exchange, const struct sim_reply *reply,
                        const struct fault_headers *spoilt, struct MHD_Response *response)
{
    const char *type =
        reply->is_text ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
    if (reply->content_type)
        type = reply->content_type;
    if (spoilt->content_type)
        type = spoilt->content_type;
    (void)MHD_add_response_header(response, "Content-Type", type);
    if (spoilt->challenge)
        (void)MHD_add_response_header(response, "cf-mitigated", "challenge");
    if (spoilt->retry_after) {
        int64_t seconds = exchange->server->options.faults.retry_after_s;
        add_number_header(response, "Retry-After", seconds);
        stats_hold(exchange->server->stats, exchange->host, seconds);
    }
    if (reply->total >= 0)
        add_number_header(response, "total", reply->total);
    if (reply->per_page >= 0)
        add_number_header(response, "per-page", reply->per_page);
}

static bool wants_gzip(const struct exchange *exchange)
{
    if (!exchange->server->options.gzip)
        return false;
    const char *accepted =
        MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Accept-Encoding");
    return accepted && strstr(accepted, "gzip");
}

static void resume(void *ctx)
{
    struct exchange *exchange = ctx;
    MHD_resume_connection(exchange->connection);
}

static void suspend(struct exchange *exchange, int64_t wait_us)
{
    MHD_suspend_connection(exchange->connection);
    if (!delay_add(exchange->server->delay, clock_monotonic_us() + wait_us, exchange))
        MHD_resume_connection(exchange->connection);
}

/* Between two pieces of a body, alike for the whole of it. */
static void pause_drip(void *ctx)
{
    struct exchange *exchange = ctx;
    uint64_t mixed = random_mix(exchange->server->options.faults.seed, exchange->number);
    suspend(exchange, DRIP_PAUSE_MIN_US + random_below(mixed, 9, DRIP_PAUSE_SPREAD_US));
}

/* The response that carries `body` as the fault wants; takes over the body. */
static struct MHD_Response *make_response(struct exchange *exchange, struct body *body)
{
    const struct fault_options *faults = &exchange->server->options.faults;
    bool gzip = wants_gzip(exchange);
    struct MHD_Response *response;
    if (exchange->fault == FAULT_HUGE || exchange->fault == FAULT_ENDLESS) {
        body_release(body);
        response = response_stream(
            exchange->fault == FAULT_HUGE ? (int64_t)faults->huge_bytes : INT64_MAX, gzip);
    } else {
        if (gzip)
            body = body_gzip(body, &gzip);
        if (exchange->fault == FAULT_TRUNCATE)
            response = response_truncated(body);
        else if (exchange->fault == FAULT_DRIP)
            response = response_dripping(body, pause_drip, exchange);
        else
            response = response_whole(body);
    }
    if (response && gzip)
        (void)MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

/* Linux sends a reset when a connected socket is connected to nothing; a close by
 * libmicrohttpd, even one with linger 0, begins with an orderly end. */
static enum MHD_Result reset_connection(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr nothing = { .sa_family = AF_UNSPEC };
    if (info)
        (void)connect(info->connect_fd, &nothing, sizeof(nothing));
    return MHD_NO;
}

static const char *find_header(const void *ctx, const char *name)
{
    const struct exchange *exchange = ctx;
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

static struct sim_request read_request(const struct exchange *exchange, struct str host,
                                       struct str path)
{
    struct sim_request request = {
        .host = host,
        .path = path,
        .is_post = exchange->is_post,
        .body = { exchange->upload, exchange->upload_len },
        .header = find_header,
        .headers = exchange,
        .number = exchange->number,
        .memory = exchange->server->memory,
        .throttled_empty = exchange->fault == FAULT_THROTTLED_EMPTY,
        .no_table = exchange->fault == FAULT_NO_TABLE,
    };
    (void)MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, add_arg,
                                      &request);
    return request;
}

static bool is_streamed(enum fault fault)
{
    return fault == FAULT_HUGE || fault == FAULT_ENDLESS || fault == FAULT_DRIP;
}

static void leave(struct exchange *exchange)
{
    if (!exchange->left)
        stats_leave(exchange->server->stats, exchange->host, exchange->club);
    exchange->left = true;
}

/* A reply in one piece is done before it is sent: who has it may ask the next one, which can
 * come here before libmicrohttpd says that this one has ended. */
static enum MHD_Result answer(struct exchange *exchange, struct str host, struct str path)
{
    struct server *server = exchange->server;
    struct MHD_Connection *connection = exchange->connection;
    if (exchange->fault == FAULT_RESET) {
        stats_answer(server->stats, 0, FAULT_RESET, 0);
        return reset_connection(connection);
    }
    struct body *body = body_take(server->bodies);
    if (!body)
        return MHD_NO;
    struct sim_request request = read_request(exchange, host, path);
    struct sim_reply reply = { .status = 200, .total = -1, .per_page = -1 };
    reply.body = writer_over(body->bytes, BODY_CAP, false);
    if (exchange->upload_overflow)
        sim_reply_refuse(&reply, 413, "a request body of this size");
    else
        ask_engine(server, &request, &reply);
    if ((request.throttled_empty || request.no_table) && !reply.is_spoilt)
        exchange->fault = FAULT_NONE; /* another engine's fault */
    if (reply.club) {
        exchange->club = reply.club->index;
        stats_arrive_club(server->stats, exchange->club);
    }
    struct fault_headers spoilt;
    fault_spoil(exchange->fault, exchange->number, &reply, &spoilt);
    body->len = writer_len(&reply.body);
    stats_answer(server->stats, reply.status, exchange->fault, body->len);
    struct MHD_Response *response = make_response(exchange, body);
    if (response)
        add_headers(exchange, &reply, &spoilt, response);
    if (!is_streamed(exchange->fault))
        leave(exchange);
    return send_response(connection, reply.status, response);
}

static void wait_a_while(struct exchange *exchange)
{
    const struct server_options *options = &exchange->server->options;
    int64_t wait_us = options->latency_ms * 1000;
    if (options->jitter_ms > 0)
        wait_us += random_below(random_mix(options->faults.seed, exchange->number), 8,
                                (uint32_t)(options->jitter_ms * 1000));
    suspend(exchange, wait_us);
}

static struct exchange *exchange_new(struct server *server, struct MHD_Connection *connection,
                                     struct str host)
{
    struct exchange *exchange = mem_alloc(1, sizeof(*exchange));
    if (!exchange)
        return NULL;
    exchange->server = server;
    exchange->connection = connection;
    exchange->club = STATS_NO_CLUB;
    exchange->host = stats_arrive(server->stats, host, &exchange->number);
    exchange->fault = fault_pick(&server->options.faults, exchange->number);
    double rate = server->options.limit_rate;
    if (rate > 0 && !stats_take_token(server->stats, exchange->host, rate))
        exchange->fault = FAULT_THROTTLE;
    return exchange;
}

/* Keeps what came of a posted body. */
static void take_upload(struct exchange *exchange, const char *data, size_t len)
{
    if (len > sizeof(exchange->upload) - exchange->upload_len) {
        exchange->upload_overflow = true;
        return;
    }
    memcpy(exchange->upload + exchange->upload_len, data, len);
    exchange->upload_len += len;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **request_ctx)
{
    struct server *server = ctx;
    (void)version;
    struct str path = str_of(url);
    if (str_equal(path, STR(STATS_PATH)))
        return send_stats(server, connection);
    struct str host = split_host(connection, &path);
    bool is_first = !*request_ctx;
    if (is_first)
        *request_ctx = exchange_new(server, connection, host);
    struct exchange *exchange = *request_ctx;
    if (!exchange)
        return MHD_NO;
    if (is_first) /* a reply from within the first call would close the connection */
        return MHD_YES;
    if (*upload_len > 0) {
        take_upload(exchange, upload, *upload_len);
        *upload_len = 0;
        return MHD_YES;
    }
    if (server->delay && !exchange->waited) { /* not before the body is here */
        exchange->waited = true;
        wait_a_while(exchange);
        return MHD_YES;
    }
    exchange->is_post = str_equal(str_of(method), STR("POST"));
    if (!exchange->is_post && !str_equal(str_of(method), STR("GET")))
        return MHD_NO; /* no engine takes anything else */
    return answer(exchange, host, path);
}

static void on_end(void *ctx, struct MHD_Connection *connection, void **request_ctx,
                   enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *request_ctx;
    (void)ctx;
    (void)connection;
    (void)code;
    if (!exchange)
        return;
    leave(exchange);
    mem_free(exchange);
    *request_ctx = NULL;
}

static ts_err start_daemon(struct server *server, struct error *reterr)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    const char *text = server->options.address ? server->options.address : "127.0.0.1";
    address.sin_port = htons(server->options.port);
    if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
        return error_set(reterr, TS_ERR_USAGE, "'%s' is no IPv4 address", text);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;
    if (server->delay)
        flags |= MHD_ALLOW_SUSPEND_RESUME;
    errno = 0;
    server->daemon = MHD_start_daemon(
        flags, server->options.port, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_LISTEN_BACKLOG_SIZE,
        1024u, MHD_OPTION_NOTIFY_COMPLETED, on_end, server, MHD_OPTION_END);
    if (!server->daemon)
        return error_set(reterr, TS_ERR_CONNECTION, "cannot listen on %s:%u: %s", text,
                         server->options.port, errno ? strerror(errno) : "unknown reason");
    return TS_ERR_OK;
}

ts_err server_new(const struct server_options *options, const struct fleet *fleet,
                  struct server **ret_server, struct error *reterr)
{
    struct server *server = mem_alloc(1, sizeof(*server));
    if (!server)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the server");
    server->options = *options;
    server->fleet = fleet;
    ts_err err = stats_new(fleet->clubs_count, &server->stats, reterr);
    if (err)
        goto fail;
    err = body_pool_new(&server->bodies, reterr);
    if (err)
        goto fail;
    err = memory_new(&server->memory, reterr);
    if (err)
        goto fail;
    if (options->latency_ms > 0 || options->jitter_ms > 0 ||
        options->faults.percent[FAULT_DRIP] > 0) {
        err = delay_new(CONNECTIONS_MAX, resume, &server->delay, reterr);
        if (err)
            goto fail;
    }
    err = start_daemon(server, reterr);
    if (err)
        goto fail;
    *ret_server = server;
    return TS_ERR_OK;
fail:
    server_free(server);
    return err;
}

void server_free(struct server *server)
{
    if (!server)
        return;
    if (server->delay)
        delay_stop(server->delay); /* the daemon must not stop with suspended connections */
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    delay_free(server->delay);
    memory_free(server->memory);
    body_pool_free(server->bodies);
    stats_free(server->stats);
    mem_free(server);
}

uint16_t server_port(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

ts_err server_write_stats(struct server *server, const char *path, struct error *reterr)
{
    size_t len = 0;
    char *text = stats_json(server->stats, server->fleet, &len);
    FILE *out = text ? fopen(path, "we") : NULL;
    bool written = out && fwrite(text, 1, len, out) == len;
    if (out && fclose(out))
        written = false;
    mem_free(text);
    if (!written)
        return error_set(reterr, TS_ERR_IO, "'%s' could not be written", path);
    return TS_ERR_OK;
}
