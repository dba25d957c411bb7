/* fake_engine.c: the fake engine's listener, connections and records. */
#include "support/fake_engine.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "support/fake_wire.h"

#define CONNECTIONS_MAX    512
#define STEPS_MAX          64
#define REQUEST_HEAD_BYTES 16384

enum slot_state { SLOT_FREE, SLOT_OPEN, SLOT_FINISHED /* its thread waits for a join */ };

struct connection {
    struct fake_engine *engine;
    enum slot_state state;
    pthread_t thread;
    struct fake_wire wire;
    uint32_t ordinal;
};

struct fake_engine {
    int listen_fd, stop_fd;
    uint16_t port;
    SSL_CTX *tls;
    char ca_file[64];
    pthread_t acceptor;
    pthread_mutex_t mutex; /* guards all below */
    const struct fake_step *steps;
    size_t steps_count;
    uint32_t used[STEPS_MAX]; /* answers given per step */
    uint32_t requests, connections, open, open_peak;
    struct connection slots[CONNECTIONS_MAX];
    struct fake_request kept[FAKE_REQUESTS_KEPT];
};

/* ---- one request ---- */

static void copy_cut(char *field, size_t size, struct str text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;
    memcpy(field, text.ptr, len);
    field[len] = '\0';
}

static size_t content_length(struct str headers)
{
    struct str line;
    while (str_split(&headers, '\n', &line)) {
        struct str name;
        int64_t length = 0;
        if (str_split(&line, ':', &name) && str_equal_nocase(name, STR("content-length")) &&
            str_to_i64(str_trim(line), 0, INT32_MAX, &length))
            return (size_t)length;
    }
    return 0;
}

/* Reads one request's head and body; false: the client has gone. */
static bool read_request(struct fake_wire *wire, struct fake_request *ret_request)
{
    char text[REQUEST_HEAD_BYTES];
    size_t len = 0;
    const char *end = NULL;
    while (!end) {
        size_t part = 0;
        if (len == sizeof(text) || !fake_wire_read(wire, text + len, sizeof(text) - len, &part))
            return false;
        len += part;
        end = memmem(text, len, "\r\n\r\n", 4);
    }
    size_t head_len = (size_t)(end - text) + 4;
    struct str rest = { text, head_len };
    struct str first, method, target;
    (void)str_split(&rest, '\n', &first);
    if (!str_split(&first, ' ', &method) || !str_split(&first, ' ', &target))
        return false;
    copy_cut(ret_request->method, sizeof(ret_request->method), method);
    copy_cut(ret_request->target, sizeof(ret_request->target), target);
    copy_cut(ret_request->headers, sizeof(ret_request->headers), rest);
    ret_request->body_len = content_length(rest);
    copy_cut(ret_request->body, sizeof(ret_request->body),
             (struct str){ text + head_len, len - head_len });
    ret_request->at_us = clock_monotonic_us();
    for (size_t got = len - head_len; got < ret_request->body_len;) {
        size_t part = 0;
        if (!fake_wire_read(wire, text, sizeof(text), &part))
            return false;
        size_t at = got < sizeof(ret_request->body) ? got : sizeof(ret_request->body) - 1;
        copy_cut(ret_request->body + at, sizeof(ret_request->body) - at,
                 (struct str){ text, part });
        got += part;
    }
    return true;
}

/* Records the request and copies the step that answers it. */
static void choose_step(struct fake_engine *engine, const struct fake_request *request,
                        struct fake_step *ret_step)
{
    *ret_step = (struct fake_step){ .status = 404 };
    (void)pthread_mutex_lock(&engine->mutex);
    if (engine->requests < FAKE_REQUESTS_KEPT)
        engine->kept[engine->requests] = *request;
    engine->requests++;
    for (size_t i = 0; i < engine->steps_count; i++) {
        const struct fake_step *step = &engine->steps[i];
        if (step->times && engine->used[i] >= step->times)
            continue;
        if (step->path && strncmp(request->target, step->path, strlen(step->path)) != 0)
            continue;
        engine->used[i]++;
        *ret_step = *step;
        break;
    }
    (void)pthread_mutex_unlock(&engine->mutex);
}

/* ---- connections ---- */

static void finish_connection(struct connection *connection, bool reset)
{
    if (connection->wire.ssl) {
        if (!reset)
            (void)SSL_shutdown(connection->wire.ssl);
        SSL_free(connection->wire.ssl);
    }
    if (reset) {
        const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
        (void)setsockopt(connection->wire.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }
    struct fake_engine *engine = connection->engine;
    (void)pthread_mutex_lock(&engine->mutex);
    (void)close(connection->wire.fd);
    connection->state = SLOT_FINISHED;
    engine->open--;
    (void)pthread_mutex_unlock(&engine->mutex);
}

static void *run_connection(void *argument)
{
    struct connection *connection = argument;
    struct fake_engine *engine = connection->engine;
    bool reset = false;
    bool open = !engine->tls || fake_wire_accept_tls(&connection->wire, engine->tls);
    while (open) {
        struct fake_request request = { .connection = connection->ordinal };
        if (!read_request(&connection->wire, &request))
            break;
        struct fake_step step;
        choose_step(engine, &request, &step);
        open = fake_reply_send(&connection->wire, &step, &reset);
    }
    finish_connection(connection, reset);
    return NULL;
}

/* With the mutex held. */
static struct connection *take_slot(struct fake_engine *engine)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &engine->slots[i];
        if (connection->state == SLOT_FINISHED) {
            (void)pthread_join(connection->thread, NULL);
            connection->state = SLOT_FREE;
        }
        if (connection->state == SLOT_FREE)
            return connection;
    }
    return NULL;
}

static void add_connection(struct fake_engine *engine, int fd)
{
    (void)pthread_mutex_lock(&engine->mutex);
    struct connection *connection = take_slot(engine);
    assert(connection);
    *connection = (struct connection){ .engine = engine,
                                       .state = SLOT_OPEN,
                                       .wire = { .fd = fd, .stop_fd = engine->stop_fd },
                                       .ordinal = engine->connections++ };
    if (++engine->open > engine->open_peak)
        engine->open_peak = engine->open;
    /* Head and body are two writes: without this the second would wait for an ACK. */
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    int result = pthread_create(&connection->thread, NULL, run_connection, connection);
    assert(result == 0);
    (void)pthread_mutex_unlock(&engine->mutex);
}

static void *run_acceptor(void *argument)
{
    struct fake_engine *engine = argument;
    for (;;) {
        struct pollfd either[2] = { { .fd = engine->stop_fd, .events = POLLIN },
                                    { .fd = engine->listen_fd, .events = POLLIN } };
        (void)poll(either, 2, -1);
        if (either[0].revents)
            return NULL;
        int fd = accept4(engine->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            add_connection(engine, fd);
    }
}

/* ---- life ---- */

static void die(const char *what)
{
    (void)fprintf(stderr, "fake_engine: ");
    perror(what);
    abort();
}

static void listen_somewhere(struct fake_engine *engine)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof(address);
    engine->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (engine->listen_fd < 0 ||
        bind(engine->listen_fd, (struct sockaddr *)&address, len) != 0 ||
        listen(engine->listen_fd, CONNECTIONS_MAX) != 0 ||
        getsockname(engine->listen_fd, (struct sockaddr *)&address, &len) != 0)
        die("listen");
    engine->port = ntohs(address.sin_port);
}

struct fake_engine *fake_engine_new(const struct fake_step *steps, size_t count,
                                    enum fake_protocol protocol)
{
    struct fake_engine *engine = calloc(1, sizeof(*engine));
    if (!engine)
        die("calloc");
    (void)signal(SIGPIPE, SIG_IGN);
    (void)pthread_mutex_init(&engine->mutex, NULL);
    fake_engine_script(engine, steps, count);
    engine->stop_fd = eventfd(0, EFD_CLOEXEC);
    listen_somewhere(engine);
    if (protocol == FAKE_HTTPS) {
        (void)snprintf(engine->ca_file, sizeof(engine->ca_file), "/tmp/fake_engine.%d.%u.pem",
                       (int)getpid(), (unsigned)engine->port);
        engine->tls = fake_tls_new(engine->ca_file);
    }
    if (pthread_create(&engine->acceptor, NULL, run_acceptor, engine) != 0)
        die("pthread_create");
    return engine;
}

/* The acceptor has ended, so no slot is taken any more. */
static void join_connections(struct fake_engine *engine)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &engine->slots[i];
        (void)pthread_mutex_lock(&engine->mutex);
        enum slot_state state = connection->state;
        if (state == SLOT_OPEN)
            (void)shutdown(connection->wire.fd, SHUT_RDWR);
        (void)pthread_mutex_unlock(&engine->mutex);
        if (state != SLOT_FREE)
            (void)pthread_join(connection->thread, NULL);
    }
}

void fake_engine_free(struct fake_engine *engine)
{
    if (!engine)
        return;
    uint64_t one = 1;
    ssize_t written = write(engine->stop_fd, &one, sizeof(one));
    assert(written == (ssize_t)sizeof(one));
    (void)pthread_join(engine->acceptor, NULL);
    join_connections(engine);
    (void)close(engine->listen_fd);
    (void)close(engine->stop_fd);
    if (engine->tls) {
        SSL_CTX_free(engine->tls);
        (void)unlink(engine->ca_file);
    }
    (void)pthread_mutex_destroy(&engine->mutex);
    free(engine);
}

void fake_engine_script(struct fake_engine *engine, const struct fake_step *steps, size_t count)
{
    assert(count <= STEPS_MAX);
    (void)pthread_mutex_lock(&engine->mutex);
    engine->steps = steps;
    engine->steps_count = count;
    memset(engine->used, 0, sizeof(engine->used));
    (void)pthread_mutex_unlock(&engine->mutex);
}

uint16_t fake_engine_port(const struct fake_engine *engine)
{
    return engine->port;
}

const char *fake_engine_ca_file(const struct fake_engine *engine)
{
    return engine->ca_file;
}

static uint32_t read_count(struct fake_engine *engine, const uint32_t *count)
{
    (void)pthread_mutex_lock(&engine->mutex);
    uint32_t value = *count;
    (void)pthread_mutex_unlock(&engine->mutex);
    return value;
}

uint32_t fake_engine_requests(struct fake_engine *engine)
{
    return read_count(engine, &engine->requests);
}

uint32_t fake_engine_connections(struct fake_engine *engine)
{
    return read_count(engine, &engine->connections);
}

uint32_t fake_engine_connections_open(struct fake_engine *engine)
{
    return read_count(engine, &engine->open);
}

uint32_t fake_engine_connections_peak(struct fake_engine *engine)
{
    return read_count(engine, &engine->open_peak);
}

void fake_engine_request(struct fake_engine *engine, uint32_t index,
                         struct fake_request *ret_request)
{
    (void)pthread_mutex_lock(&engine->mutex);
    assert(index < engine->requests && index < FAKE_REQUESTS_KEPT);
    *ret_request = engine->kept[index];
    (void)pthread_mutex_unlock(&engine->mutex);
}
