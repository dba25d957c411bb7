/* transfer.c: libcurl's options, the callbacks that receive a reply, and how it ended. */
#include "fetch/transfer.h"

#include <assert.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

/* All lines before the body. Real ones are under 4 KiB; libcurl itself would take 300 KiB. */
#define HEAD_BYTES_MAX 65536

/* One read and one write to the callback. TLS records are at most this long, and libcurl holds
 * one such buffer per running transfer, so larger ones would cost memory and save nothing. */
#define RECEIVE_BUFFER_BYTES 16384L

_Static_assert(TRANSFER_ERROR_BYTES == CURL_ERROR_SIZE, "libcurl writes that much");

/* ---- what came: libcurl's callbacks ---- */

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct transfer *transfer = ctx;
    size_t len = size * count;
    transfer->last_byte_us = clock_monotonic_us();
    transfer->head_bytes += len;
    if (transfer->head_bytes > HEAD_BYTES_MAX)
        transfer->stop = STOP_TOO_LARGE;
    else if (!reply_headers_take(&transfer->headers, (struct str){ data, len }))
        transfer->stop = STOP_ENCODING;
    return transfer->stop == STOP_NONE ? len : 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct transfer *transfer = ctx;
    size_t len = size * count;
    transfer->last_byte_us = clock_monotonic_us();
    if (len > transfer->cap - transfer->body_len) {
        transfer->stop = STOP_TOO_LARGE;
        return 0;
    }
    memcpy(transfer->storage + transfer->body_len, data, len);
    transfer->body_len += len;
    return len;
}

/* Sees the body before decompression: compressed input that inflates to little or nothing ends
 * here. Non-zero ends the transfer. */
static int on_progress(void *ctx, curl_off_t total_in, curl_off_t in, curl_off_t total_out,
                       curl_off_t out)
{
    (void)total_in;
    (void)total_out;
    (void)out;
    struct transfer *transfer = ctx;
    uint64_t received = (uint64_t)in;
    if (received != transfer->wire_bytes)
        transfer->last_byte_us = clock_monotonic_us();
    transfer->wire_bytes = received;
    if (received > transfer->cap && transfer->stop == STOP_NONE)
        transfer->stop = STOP_TOO_LARGE;
    return transfer->stop != STOP_NONE;
}

/* The connection stands, the request goes out now: the idle limit starts. */
static int on_connected(void *ctx, char *remote_ip, char *local_ip, int remote_port,
                        int local_port)
{
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    struct transfer *transfer = ctx;
    if (transfer->may_send && !transfer->may_send(transfer->ctx)) {
        transfer->stop = STOP_CANCELLED;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->is_connected = true;
    transfer->last_byte_us = clock_monotonic_us();
    return CURL_PREREQFUNC_OK;
}

/* What the other side does not acknowledge within a transfer's time limit is never sent again:
 * a network that comes back must not deliver a request that was given up. */
static int on_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    const struct transfer *transfer = ctx;
    (void)purpose;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &transfer->timeout_ms,
                     sizeof(transfer->timeout_ms));
    return CURL_SOCKOPT_OK;
}

/* ---- the handle ---- */

static bool set_numbers(CURL *easy, const struct fetch_config *config)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        { CURLOPT_NOSIGNAL, 1 }, /* signals belong to the loop */
        /* On a time limit or a cancel, leave a resolver thread that still waits for the name
         * server to itself instead of waiting for it: the loop must not stand still. */
        { CURLOPT_QUICK_EXIT, 1 },
        { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
        { CURLOPT_HTTP09_ALLOWED, 0 },
        { CURLOPT_FOLLOWLOCATION, 0 },
        { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
        { CURLOPT_SSL_VERIFYPEER, 1 },
        { CURLOPT_SSL_VERIFYHOST, 2 },
        { CURLOPT_BUFFERSIZE, RECEIVE_BUFFER_BYTES },
        { CURLOPT_UPLOAD_BUFFERSIZE, RECEIVE_BUFFER_BYTES }, /* the least that it takes */
        { CURLOPT_NOPROGRESS, 0 },
        { CURLOPT_TIMEOUT_MS, (long)((config->timeout_us + 999) / 1000) },
        { CURLOPT_CONNECTTIMEOUT_MS, (long)((config->connect_timeout_us + 999) / 1000) },
    };
    for (size_t i = 0; i < TS_COUNT_OF(numbers); i++) {
        if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    }
    return true;
}

static bool set_texts(CURL *easy, const struct fetch_config *config, const char *ca_file)
{
    const struct {
        CURLoption option;
        const char *text;
    } texts[] = {
        { CURLOPT_PROTOCOLS_STR, "http,https" },
        { CURLOPT_USERAGENT, config->user_agent },
        /* Not brotli or zstd, which libcurl could: their windows are megabytes per transfer
         * (zlib's: 32 KiB), outside of every budget. */
        { CURLOPT_ACCEPT_ENCODING, "gzip, deflate" },
        /* With a folder beside the file, Debian's libcurl 7.88 parses the whole bundle anew for
         * every connection and keeps it (64 connections: 71 MB instead of 19); with the file
         * alone it is parsed once and shared. */
        { CURLOPT_CAINFO, ca_file },
        { CURLOPT_CAPATH, NULL },
        { CURLOPT_PROXY_CAINFO, ca_file },
        { CURLOPT_PROXY_CAPATH, NULL },
    };
    for (size_t i = 0; i < TS_COUNT_OF(texts); i++) {
        if (curl_easy_setopt(easy, texts[i].option, texts[i].text) != CURLE_OK)
            return false;
    }
    return true;
}

static void set_callbacks(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error_text);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
    (void)curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    (void)curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

ts_err transfer_init(struct transfer *transfer, const struct fetch_config *config,
                     const char *ca_file)
{
    transfer->timeout_ms = (unsigned)((config->timeout_us + 999) / 1000);
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        return TS_ERR_NOMEM;
    if (!set_numbers(transfer->easy, config) || !set_texts(transfer->easy, config, ca_file))
        return TS_ERR_NOMEM;
    set_callbacks(transfer);
    return TS_ERR_OK;
}

void transfer_done(struct transfer *transfer)
{
    if (!transfer->easy)
        return;
    curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
    curl_slist_free_all(transfer->request_headers);
    transfer->request_headers = NULL;
}

/* ---- the request ---- */

/* A plain request through a proxy has the whole URL as its target. */
static bool may_use_proxy(const char *url)
{
    return strncasecmp(url, "http:", 5) == 0 &&
           (getenv("http_proxy") || getenv("all_proxy") || getenv("ALL_PROXY"));
}

/* Path and query as they stand in `url`. NULL: libcurl is to make the target. */
static const char *target_of(const char *url)
{
    const char *authority = strstr(url, "://");
    if (!authority || may_use_proxy(url))
        return NULL;
    const char *target = authority + 3 + strcspn(authority + 3, "/?#");
    return target[0] == '/' && !strchr(target, '#') ? target : NULL;
}

/* With the target given, a copy that fails is an error: of its own making libcurl (before 8.18)
 * leaves out a query that it has no memory for, and the reply answers another question. */
static bool set_url(CURL *easy, const char *url)
{
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, target_of(url)) == CURLE_OK;
}

static bool set_method(CURL *easy, const struct http_request *request)
{
    if (strcmp(request->method, "GET") == 0)
        return curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    assert(strcmp(request->method, "POST") == 0);
    /* The size comes first: it tells libcurl how much to copy. */
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS,
                            request->body.ptr ? request->body.ptr : "") == CURLE_OK;
}

static ts_err set_headers(struct transfer *transfer, const struct http_request *request)
{
    for (uint32_t i = 0; i < request->headers_count; i++) {
        const char *header = request->headers[i];
        /* A value that carries a line break would smuggle in another header. */
        if (strpbrk(header, "\r\n"))
            return TS_ERR_CONFIG;
        struct curl_slist *longer = curl_slist_append(transfer->request_headers, header);
        if (!longer)
            return TS_ERR_NOMEM;
        transfer->request_headers = longer;
    }
    (void)curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->request_headers);
    return TS_ERR_OK;
}

static void forget_reply(struct transfer *transfer)
{
    transfer->body_len = 0;
    transfer->wire_bytes = 0;
    transfer->head_bytes = 0;
    transfer->is_connected = false;
    transfer->headers = (struct reply_headers){ 0 };
    transfer->stop = STOP_NONE;
    transfer->result = CURLE_OK;
    transfer->error_text[0] = '\0';
}

ts_err transfer_prepare(struct transfer *transfer, const struct http_request *request,
                        const char *url, char *storage)
{
    forget_reply(transfer);
    transfer->storage = storage;
    transfer->may_send = request->may_send;
    transfer->cap = request->reply_cap_bytes;
    transfer->started_us = clock_monotonic_us();
    transfer->last_byte_us = transfer->started_us;
    /* Refuses on Content-Length alone, before the body comes. 0 would mean "no limit" here, but
     * not to on_body. */
    curl_off_t cap = request->reply_cap_bytes;
    if (curl_easy_setopt(transfer->easy, CURLOPT_MAXFILESIZE_LARGE, cap) != CURLE_OK ||
        !set_url(transfer->easy, url) || !set_method(transfer->easy, request))
        return TS_ERR_NOMEM;
    return set_headers(transfer, request);
}

void transfer_clear(struct transfer *transfer)
{
    (void)curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, NULL);
    (void)curl_easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, NULL);
    curl_slist_free_all(transfer->request_headers);
    transfer->request_headers = NULL;
}

/* ---- the end ---- */

static bool is_tls_failure(int result)
{
    static const CURLcode failures[] = {
        CURLE_SSL_CONNECT_ERROR,  CURLE_PEER_FAILED_VERIFICATION,
        CURLE_SSL_CERTPROBLEM,    CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_CRL_BADFILE,    CURLE_SSL_INVALIDCERTSTATUS,
        CURLE_SSL_CLIENTCERT,     CURLE_SSL_ENGINE_INITFAILED,
    };
    for (size_t i = 0; i < TS_COUNT_OF(failures); i++) {
        if (result == (int)failures[i])
            return true;
    }
    return false;
}

/* How libcurl ended it; `status` is 0 if not even a status line came. */
static enum http_end end_of_result(const struct transfer *transfer, uint16_t status)
{
    /* A connection that ends among the headers is no failure to libcurl. */
    if (transfer->result == CURLE_OK && status && transfer->headers.is_whole)
        return HTTP_END_REPLY;
    if (transfer->result == CURLE_FILESIZE_EXCEEDED)
        return HTTP_END_TOO_LARGE;
    if (transfer->result == CURLE_OPERATION_TIMEDOUT && transfer->is_connected)
        return HTTP_END_TIMEOUT;
    if (is_tls_failure(transfer->result))
        return HTTP_END_TLS;
    return status ? HTTP_END_TRUNCATED : HTTP_END_CONNECT;
}

static enum http_end end_of(const struct transfer *transfer, uint16_t status)
{
    switch (transfer->stop) {
    case STOP_NONE:
        return end_of_result(transfer, status);
    case STOP_TOO_LARGE:
        return HTTP_END_TOO_LARGE;
    case STOP_ENCODING:
        return HTTP_END_TRUNCATED;
    case STOP_IDLE:
        return transfer->is_connected ? HTTP_END_TIMEOUT : HTTP_END_CONNECT;
    case STOP_CANCELLED:
        return HTTP_END_CANCELLED;
    }
    return HTTP_END_CONNECT;
}

static const char *detail_of(const struct transfer *transfer, enum http_end end)
{
    static const char *const stops[] = {
        [STOP_TOO_LARGE] = "reply longer than its limit",
        [STOP_ENCODING] = "content encoding that was not asked for",
        [STOP_IDLE] = "no byte within the idle limit",
        [STOP_CANCELLED] = "cancelled",
    };
    if (transfer->stop != STOP_NONE)
        return stops[transfer->stop];
    if (end == HTTP_END_REPLY)
        return NULL;
    if (transfer->result == CURLE_OK)
        return "the connection ended among the headers";
    return transfer->error_text[0] ? transfer->error_text
                                   : curl_easy_strerror((CURLcode)transfer->result);
}

void transfer_reply(struct transfer *transfer, struct http_reply *ret_reply)
{
    long code = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &code);
    /* An interim reply (1xx) is no reply yet. */
    uint16_t status = code >= 200 && code <= 999 ? (uint16_t)code : 0;
    curl_off_t wire_bytes = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire_bytes);
    enum http_end end = end_of(transfer, status);
    *ret_reply = (struct http_reply){
        .end = end,
        .status = status,
        .body = { transfer->storage, transfer->body_len },
        .received_at = clock_wall(),
        .wire_bytes = (uint64_t)wire_bytes,
        .duration_us = clock_monotonic_us() - transfer->started_us,
        .detail = detail_of(transfer, end),
    };
    /* Not clock_wall(), which --now may have moved: Retry-After keeps the real clock. */
    reply_headers_give(&transfer->headers, clock_real_us() / CLOCK_SECOND_US, ret_reply);
}
