/* server_reply.c: the pool of bodies, compression, bodies that end too early or too late. */
#include "server_reply.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

#define STREAM_BLOCK 65536
#define GZIP_WINDOW  (15 + 16) /* zlib's way of asking for gzip */
#define GZIP_MEMORY  8
#define DRIPS        16 /* pieces of a body that drips */

struct body_pool {
    pthread_mutex_t lock;
    struct body *unused;
};

ts_err body_pool_new(struct body_pool **ret_pool, struct error *reterr)
{
    struct body_pool *pool = mem_alloc(1, sizeof(*pool));
    if (!pool)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for replies");
    (void)pthread_mutex_init(&pool->lock, NULL);
    *ret_pool = pool;
    return TS_ERR_OK;
}

void body_pool_free(struct body_pool *pool)
{
    if (!pool)
        return;
    for (struct body *body = pool->unused, *next; body; body = next) {
        next = body->next;
        mem_free(body);
    }
    (void)pthread_mutex_destroy(&pool->lock);
    mem_free(pool);
}

struct body *body_take(struct body_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct body *body = pool->unused;
    if (body)
        pool->unused = body->next;
    (void)pthread_mutex_unlock(&pool->lock);
    if (!body)
        body = mem_alloc(1, sizeof(*body));
    if (body)
        body->pool = pool;
    return body;
}

void body_release(void *ctx)
{
    struct body *body = ctx;
    struct body_pool *pool = body->pool;
    (void)pthread_mutex_lock(&pool->lock);
    body->next = pool->unused;
    pool->unused = body;
    (void)pthread_mutex_unlock(&pool->lock);
}

static bool deflate_whole(struct body *from, struct body *into)
{
    z_stream zip = { 0 };
    if (deflateInit2(&zip, 1, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    zip.next_in = (Bytef *)from->bytes;
    zip.avail_in = (uInt)from->len;
    zip.next_out = (Bytef *)into->bytes;
    zip.avail_out = BODY_CAP;
    bool done = deflate(&zip, Z_FINISH) == Z_STREAM_END;
    into->len = BODY_CAP - zip.avail_out;
    (void)deflateEnd(&zip);
    return done;
}

struct body *body_gzip(struct body *body, bool *ret_compressed)
{
    struct body *small = body_take(body->pool);
    *ret_compressed = small && deflate_whole(body, small);
    if (*ret_compressed) {
        body_release(body);
        return small;
    }
    if (small)
        body_release(small);
    return body;
}

struct MHD_Response *response_whole(struct body *body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        body->len, body->bytes, body_release, body);
    if (!response)
        body_release(body);
    return response;
}

static ssize_t read_half(void *ctx, uint64_t at, char *out, size_t max)
{
    const struct body *body = ctx;
    size_t half = body->len / 2;
    if (at >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t len = half - (size_t)at < max ? half - (size_t)at : max;
    memcpy(out, body->bytes + at, len);
    return (ssize_t)len;
}

struct MHD_Response *response_truncated(struct body *body)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        body->len, STREAM_BLOCK, read_half, body, body_release);
    if (!response)
        body_release(body);
    return response;
}

struct drip {
    struct body *body;
    pause_fn *pause;
    void *ctx;
    bool has_paused;
};

/* Nothing, and a pause; then a piece; and so on. */
static ssize_t read_piece(void *ctx, uint64_t at, char *out, size_t max)
{
    struct drip *drip = ctx;
    drip->has_paused = !drip->has_paused;
    if (drip->has_paused) {
        drip->pause(drip->ctx);
        return 0;
    }
    size_t left = drip->body->len - (size_t)at, len = drip->body->len / DRIPS + 1;
    len = len < left ? len : left;
    len = len < max ? len : max;
    memcpy(out, drip->body->bytes + at, len);
    return (ssize_t)len;
}

static void drip_free(void *ctx)
{
    struct drip *drip = ctx;
    body_release(drip->body);
    mem_free(drip);
}

struct MHD_Response *response_dripping(struct body *body, pause_fn *pause, void *ctx)
{
    struct drip *drip = mem_alloc(1, sizeof(*drip));
    if (!drip) {
        body_release(body);
        return NULL;
    }
    *drip = (struct drip){ .body = body, .pause = pause, .ctx = ctx };
    struct MHD_Response *response =
        MHD_create_response_from_callback(body->len, STREAM_BLOCK, read_piece, drip, drip_free);
    if (!response)
        drip_free(drip);
    return response;
}

/* A JSON array of blanks, made while it is sent. */
struct stream {
    int64_t made, bytes; /* before compression */
    bool ended;
    z_stream zip;
};

/* The next bytes of the array, before compression. */
static size_t stream_make(struct stream *stream, char *out, size_t max)
{
    int64_t left = stream->bytes - stream->made;
    size_t len = left < (int64_t)max ? (size_t)left : max;
    memset(out, ' ', len);
    if (stream->made == 0 && len > 0)
        out[0] = '[';
    if (len == (size_t)left && len > 0)
        out[len - 1] = ']';
    stream->made += (int64_t)len;
    return len;
}

static ssize_t read_plain(void *ctx, uint64_t at, char *out, size_t max)
{
    (void)at;
    size_t len = stream_make(ctx, out, max);
    return len ? (ssize_t)len : MHD_CONTENT_READER_END_OF_STREAM;
}

static ssize_t read_gzip(void *ctx, uint64_t at, char *out, size_t max)
{
    (void)at;
    struct stream *stream = ctx;
    char block[STREAM_BLOCK];
    size_t cap = max < UINT32_MAX ? max : UINT32_MAX;
    stream->zip.next_out = (Bytef *)out;
    stream->zip.avail_out = (uInt)cap;
    while (!stream->ended && stream->zip.avail_out == cap) {
        size_t len = stream_make(stream, block, sizeof(block));
        stream->zip.next_in = (Bytef *)block;
        stream->zip.avail_in = (uInt)len;
        int result = deflate(&stream->zip, len ? Z_NO_FLUSH : Z_FINISH);
        stream->ended = result != Z_OK;
        /* What did not fit is dropped: all blanks are alike. */
        stream->made -= stream->zip.avail_in;
    }
    size_t written = cap - stream->zip.avail_out;
    return written ? (ssize_t)written : MHD_CONTENT_READER_END_OF_STREAM;
}

static void stream_free(void *ctx)
{
    struct stream *stream = ctx;
    (void)deflateEnd(&stream->zip);
    mem_free(stream);
}

struct MHD_Response *response_stream(int64_t bytes, bool gzip)
{
    struct stream *stream = mem_alloc(1, sizeof(*stream));
    if (!stream)
        return NULL;
    stream->bytes = bytes;
    if (deflateInit2(&stream->zip, 9, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        mem_free(stream);
        return NULL;
    }
    bool length_known = !gzip && bytes != INT64_MAX;
    struct MHD_Response *response = MHD_create_response_from_callback(
        length_known ? (uint64_t)bytes : MHD_SIZE_UNKNOWN, STREAM_BLOCK,
        gzip ? read_gzip : read_plain, stream, stream_free);
    if (!response)
        stream_free(stream);
    return response;
}
