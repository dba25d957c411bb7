/* fetch.c: libcurl's multi handle on the loop, the slots and their states. */
#include "fetch/fetch.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fetch/curl_memory.h"
#include "fetch/transfer.h"

#define LATE_US ((int64_t)250000) /* what libcurl is given beyond a limit to find it itself */

struct fetch {
    struct fetch_config config;
    CURLM *multi;
    struct loop_timer curl_timer;   /* libcurl's own timeouts */
    struct loop_timer retire_timer; /* brings the callbacks of cancelled transfers */
    bool in_callback;
    uint32_t in_flight;
    struct transfer *free_first; /* a stack: the handle used last is the warmest */
    struct transfer *retired_first, *retired_last;
    struct transfer transfers[]; /* config.transfers_max */
};

/* ---- states ---- */

/* The only place that changes a transfer's state: it moves it between the lists and counts. */
static void set_state(struct transfer *transfer, enum transfer_state state)
{
    static const enum transfer_state next_state[] = {
        [TRANSFER_FREE] = TRANSFER_RUNNING,
        [TRANSFER_RUNNING] = TRANSFER_RETIRED,
        [TRANSFER_RETIRED] = TRANSFER_FREE,
    };
    assert(state == next_state[transfer->state]);
    struct fetch *fetch = transfer->fetch;
    switch (state) {
    case TRANSFER_RUNNING:
        assert(fetch->free_first == transfer);
        fetch->free_first = transfer->next;
        transfer->next = NULL;
        fetch->in_flight++;
        break;
    case TRANSFER_RETIRED:
        if (fetch->retired_first)
            fetch->retired_last->next = transfer;
        else
            fetch->retired_first = transfer;
        fetch->retired_last = transfer;
        break;
    case TRANSFER_FREE:
        assert(fetch->retired_first == transfer);
        fetch->retired_first = transfer->next;
        transfer->next = fetch->free_first;
        fetch->free_first = transfer;
        transfer->generation++; /* the id that was given out is void from here on */
        fetch->in_flight--;
        break;
    }
    transfer->state = state;
}

static void retire(struct transfer *transfer, enum transfer_stop stop, int result)
{
    /* A callback of libcurl's that gave up says why better than the code that it caused. */
    if (transfer->stop == STOP_NONE)
        transfer->stop = stop;
    transfer->result = result;
    loop_timer_stop(transfer->fetch->config.loop, &transfer->idle_timer);
    set_state(transfer, TRANSFER_RETIRED);
}

/* Called outside of libcurl only: handles leave the multi handle here, never in a callback of
 * their own. The slot is free before the submitter's callback runs, so that it can submit
 * again; what it reads therefore lies on this stack. */
static void empty_retired(struct fetch *fetch)
{
    while (fetch->retired_first) {
        struct transfer *transfer = fetch->retired_first;
        (void)curl_multi_remove_handle(fetch->multi, transfer->easy);
        struct http_reply reply;
        transfer_reply(transfer, &reply);
        char detail[TRANSFER_ERROR_BYTES];
        if (reply.detail) {
            (void)snprintf(detail, sizeof(detail), "%s", reply.detail);
            reply.detail = detail;
        }
        fetch_done_fn *fn = transfer->fn;
        void *ctx = transfer->ctx;
        transfer_clear(transfer);
        set_state(transfer, TRANSFER_FREE);
        fetch->in_callback = true;
        fn(ctx, &reply);
        fetch->in_callback = false;
    }
}

/* ---- libcurl and the loop ---- */

/* Lets libcurl work, then takes what it has finished. Its errors concern no single transfer;
 * one that cannot go on ends by its limits. */
static void work(struct fetch *fetch, curl_socket_t fd, int events)
{
    int running = 0;
    (void)curl_multi_socket_action(fetch->multi, fd, events, &running);
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(fetch->multi, &left));) {
        char *owner = NULL;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        struct transfer *transfer = (struct transfer *)(void *)owner;
        if (transfer->state == TRANSFER_RUNNING)
            retire(transfer, STOP_NONE, (int)message->data.result);
    }
    empty_retired(fetch);
}

static void on_descriptor(void *ctx, int fd, int events)
{
    work(ctx, fd,
         (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
             (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0) |
             (events & LOOP_ERROR ? CURL_CSELECT_ERR : 0));
}

static void on_curl_timer(void *ctx)
{
    work(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static void on_retire_timer(void *ctx)
{
    empty_retired(ctx);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
    (void)easy;
    (void)socket_ctx;
    struct fetch *fetch = ctx;
    if (what == CURL_POLL_REMOVE) {
        loop_unwatch(fetch->config.loop, fd);
        return 0;
    }
    int events =
        (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);
    /* If it cannot be watched (kernel memory), the transfer hears nothing and ends by its
     * limits. Reporting it here would make libcurl give up on all transfers for good. */
    ts_err err = loop_watch(fetch->config.loop, fd, events, on_descriptor, fetch);
    (void)err;
    return 0;
}

static int on_timeout(CURLM *multi, long timeout_ms, void *ctx)
{
    (void)multi;
    struct fetch *fetch = ctx;
    if (timeout_ms < 0)
        loop_timer_stop(fetch->config.loop, &fetch->curl_timer);
    else
        loop_timer_at(fetch->config.loop, &fetch->curl_timer,
                      clock_monotonic_us() + (int64_t)timeout_ms * 1000);
    return 0;
}

/* Before the connection stands, libcurl's connect limit is in charge; after that long it counts
 * here too, because libcurl without memory loses its own timers. */
static int64_t idle_end_of(const struct transfer *transfer)
{
    const struct fetch_config *config = &transfer->fetch->config;
    int64_t end_us = transfer->last_byte_us + config->idle_timeout_us;
    return transfer->is_connected ? end_us : end_us + config->connect_timeout_us;
}

/* The same for the limit of the whole transfer, which is libcurl's to find first. */
static int64_t whole_end_of(const struct transfer *transfer)
{
    return transfer->started_us + transfer->fetch->config.timeout_us + LATE_US;
}

static int64_t earlier(int64_t one_us, int64_t other_us)
{
    return one_us < other_us ? one_us : other_us;
}

/* The timer is not moved with each byte: when it fires it looks how old the last one is. */
static void on_idle_timer(void *ctx)
{
    struct transfer *transfer = ctx;
    struct fetch *fetch = transfer->fetch;
    int64_t idle_us = idle_end_of(transfer), whole_us = whole_end_of(transfer);
    int64_t end_us = earlier(idle_us, whole_us);
    if (end_us > clock_monotonic_us()) {
        loop_timer_at(fetch->config.loop, &transfer->idle_timer, end_us);
        return;
    }
    retire(transfer, idle_us <= whole_us ? STOP_IDLE : STOP_NONE, CURLE_OPERATION_TIMEDOUT);
    empty_retired(fetch);
}

/* ---- life ---- */

ts_err fetch_global_init(struct error *reterr)
{
    /* A server that has closed would otherwise kill the program through OpenSSL's write(). */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return error_set(reterr, TS_ERR_INTERNAL, "cannot ignore SIGPIPE");
    return curl_memory_global_init(reterr);
}

void fetch_global_done(void)
{
    curl_global_cleanup();
}

uint64_t fetch_library_bytes(void)
{
    return curl_memory_bytes();
}

/* The usual variable, else the bundle that this libcurl was built for. */
static ts_err find_ca_file(const char **ret_ca_file, struct error *reterr)
{
    const char *named = getenv("SSL_CERT_FILE");
    if (!named || named[0] == '\0') {
        *ret_ca_file = curl_version_info(CURLVERSION_NOW)->cainfo;
        return TS_ERR_OK;
    }
    if (access(named, R_OK) != 0)
        return error_set(reterr, TS_ERR_CONFIG, "SSL_CERT_FILE: cannot read %s: %s", named,
                         strerror(errno));
    *ret_ca_file = named;
    return TS_ERR_OK;
}

static ts_err make_multi(struct fetch *fetch)
{
    CURLM *multi = curl_multi_init();
    fetch->multi = multi;
    if (!multi)
        return TS_ERR_NOMEM;
    long connections = (long)fetch->config.transfers_max;
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, fetch);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, fetch);
    (void)curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    /* The budget pays for this many connections, idle ones included. */
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
    (void)curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    return TS_ERR_OK;
}

static ts_err make_transfers(struct fetch *fetch, const char *ca_file)
{
    for (uint32_t i = fetch->config.transfers_max; i-- > 0;) {
        struct transfer *transfer = &fetch->transfers[i];
        transfer->fetch = fetch;
        transfer->generation = 1;
        transfer->idle_timer.fn = on_idle_timer;
        transfer->idle_timer.ctx = transfer;
        transfer->next = fetch->free_first;
        fetch->free_first = transfer;
        ts_err err = transfer_init(transfer, &fetch->config, ca_file);
        if (err != TS_ERR_OK)
            return err;
    }
    return TS_ERR_OK;
}

static ts_err build(struct fetch *fetch, const struct fetch_config *config, const char *ca_file)
{
    fetch->config = *config;
    fetch->curl_timer = (struct loop_timer){ .fn = on_curl_timer, .ctx = fetch };
    fetch->retire_timer = (struct loop_timer){ .fn = on_retire_timer, .ctx = fetch };
    ts_err err = make_multi(fetch);
    return err == TS_ERR_OK ? make_transfers(fetch, ca_file) : err;
}

ts_err fetch_new(const struct fetch_config *config, struct fetch **ret_fetch,
                 struct error *reterr)
{
    const char *ca_file = NULL;
    ts_err err = find_ca_file(&ca_file, reterr);
    if (err != TS_ERR_OK)
        return err;
    struct fetch *fetch = mem_alloc(1, sizeof(struct fetch) + (size_t)config->transfers_max *
                                                                  sizeof(struct transfer));
    if (!fetch || build(fetch, config, ca_file) != TS_ERR_OK)
        goto fail;
    *ret_fetch = fetch;
    return TS_ERR_OK;
fail:
    fetch_free(fetch);
    return error_set(reterr, TS_ERR_NOMEM, "no memory for %u transfers", config->transfers_max);
}

void fetch_free(struct fetch *fetch)
{
    if (!fetch)
        return;
    assert(!fetch->in_callback);
    for (uint32_t i = 0; i < fetch->config.transfers_max; i++) {
        struct transfer *transfer = &fetch->transfers[i];
        loop_timer_stop(fetch->config.loop, &transfer->idle_timer);
        if (transfer->state != TRANSFER_FREE)
            (void)curl_multi_remove_handle(fetch->multi, transfer->easy);
        transfer_done(transfer);
    }
    /* Closes the idle connections, which calls on_socket and on_timeout once more. */
    (void)curl_multi_cleanup(fetch->multi);
    loop_timer_stop(fetch->config.loop, &fetch->curl_timer);
    loop_timer_stop(fetch->config.loop, &fetch->retire_timer);
    mem_free(fetch);
}

/* ---- transfers ---- */

static uint64_t id_of(const struct transfer *transfer)
{
    uint64_t index = (uint64_t)(transfer - transfer->fetch->transfers);
    return (uint64_t)transfer->generation << 32 | index;
}

ts_err fetch_submit(struct fetch *fetch, const struct http_request *request, const char *url,
                    char *storage, fetch_done_fn *fn, void *ctx, uint64_t *ret_id)
{
    struct transfer *transfer = fetch->free_first;
    if (!transfer)
        return TS_ERR_FULL;
    transfer->fn = fn;
    transfer->ctx = ctx;
    ts_err err = transfer_prepare(transfer, request, url ? url : request->url, storage);
    if (err == TS_ERR_OK && curl_multi_add_handle(fetch->multi, transfer->easy) != CURLM_OK)
        err = TS_ERR_NOMEM;
    if (err != TS_ERR_OK) {
        transfer_clear(transfer);
        return err;
    }
    set_state(transfer, TRANSFER_RUNNING);
    loop_timer_at(
        fetch->config.loop, &transfer->idle_timer,
        earlier(transfer->started_us + fetch->config.idle_timeout_us, whole_end_of(transfer)));
    *ret_id = id_of(transfer);
    return TS_ERR_OK;
}

void fetch_cancel(struct fetch *fetch, uint64_t id)
{
    uint64_t index = id & UINT32_MAX;
    if (index >= fetch->config.transfers_max)
        return;
    struct transfer *transfer = &fetch->transfers[index];
    if (id_of(transfer) != id || transfer->state != TRANSFER_RUNNING)
        return;
    retire(transfer, STOP_CANCELLED, CURLE_ABORTED_BY_CALLBACK);
    loop_timer_at(fetch->config.loop, &fetch->retire_timer, clock_monotonic_us());
}

uint32_t fetch_in_flight(const struct fetch *fetch)
{
    return fetch->in_flight;
}
