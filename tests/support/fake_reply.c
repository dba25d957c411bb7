/* fake_reply.c: one step of a fake engine's script onto the wire. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in is only read */
#include <zlib.h>

#include "support/fake_wire.h"

#define PIECE_BYTES 16384

/* What is sent as the body: `bytes`, `repeat` times over. */
struct source {
    const char *bytes;
    size_t len;
    uint64_t repeat;
    char *owned; /* bytes, if they were made here */
};

static struct source plain_source(const struct fake_step *step)
{
    const char *bytes = step->body ? step->body : "";
    size_t len = step->body_len ? step->body_len : strlen(bytes);
    return (struct source){ bytes, len, step->repeat ? step->repeat : 1, NULL };
}

static void deflate_into(z_stream *stream, struct source *out, size_t *cap, int flush)
{
    do {
        if (out->len == *cap) {
            *cap = *cap * 2;
            out->owned = realloc(out->owned, *cap);
            assert(out->owned);
        }
        stream->next_out = (Bytef *)out->owned + out->len;
        stream->avail_out = (uInt)(*cap - out->len);
        int result = deflate(stream, flush);
        assert(result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR);
        out->len = *cap - stream->avail_out;
    } while (stream->avail_out == 0);
}

/* The whole repeated body, compressed: a bomb of 100 MB takes 100 KB here. */
static struct source compressed_source(const struct fake_step *step)
{
    struct source plain = plain_source(step);
    assert(plain.repeat != FAKE_ENDLESS);
    z_stream stream = { 0 };
    int window_bits = step->encoding == FAKE_GZIP ? 15 + 16 : 15;
    int result = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8,
                              Z_DEFAULT_STRATEGY);
    assert(result == Z_OK);
    size_t cap = PIECE_BYTES;
    struct source out = { .repeat = 1, .owned = malloc(cap) };
    assert(out.owned);
    for (uint64_t i = 0; i < plain.repeat; i++) {
        stream.next_in = (const Bytef *)plain.bytes;
        stream.avail_in = (uInt)plain.len;
        deflate_into(&stream, &out, &cap, Z_NO_FLUSH);
    }
    deflate_into(&stream, &out, &cap, Z_FINISH);
    (void)deflateEnd(&stream);
    out.bytes = out.owned;
    return out;
}

static bool send_head(struct fake_wire *wire, const struct fake_step *step,
                      const struct source *source)
{
    char framing[64] = "";
    if (step->framing == FAKE_CHUNKED)
        (void)snprintf(framing, sizeof(framing), "Transfer-Encoding: chunked\r\n");
    else if (step->framing == FAKE_LENGTH)
        (void)snprintf(framing, sizeof(framing), "Content-Length: %lld\r\n",
                       (long long)(source->len * source->repeat) + (long long)step->length_lie);
    static const char *const encodings[] = {
        [FAKE_IDENTITY] = "",
        [FAKE_GZIP] = "Content-Encoding: gzip\r\n",
        [FAKE_DEFLATE] = "Content-Encoding: deflate\r\n",
    };
    char head[4096];
    int len = snprintf(head, sizeof(head), "HTTP/1.1 %u Scripted\r\n%s%s%s\r\n",
                       step->status ? step->status : 200U, framing, encodings[step->encoding],
                       step->headers ? step->headers : "");
    assert(len > 0 && (size_t)len < sizeof(head));
    return fake_wire_write(wire, head, (size_t)len);
}

/* Copies up to `size` bytes of the repeated source from position `at` on. */
static size_t fill_piece(const struct source *source, uint64_t at, char *piece, size_t size)
{
    size_t used = 0;
    while (used < size && source->len > 0 && (at + used) / source->len < source->repeat) {
        size_t offset = (size_t)((at + used) % source->len);
        size_t len = source->len - offset;
        if (len > size - used)
            len = size - used;
        memcpy(piece + used, source->bytes + offset, len);
        used += len;
    }
    return used;
}

static bool send_piece(struct fake_wire *wire, const struct fake_step *step, const char *piece,
                       size_t len)
{
    if (step->framing != FAKE_CHUNKED)
        return fake_wire_write(wire, piece, len);
    char size[24];
    int size_len = snprintf(size, sizeof(size), "%zx\r\n", len);
    return fake_wire_write(wire, size, (size_t)size_len) && fake_wire_write(wire, piece, len) &&
           fake_wire_write(wire, "\r\n", 2);
}

/* The size of the piece that follows after `sent` bytes. */
static size_t piece_size(const struct fake_step *step, uint64_t sent)
{
    size_t size = step->drip_bytes ? step->drip_bytes : PIECE_BYTES;
    assert(size <= PIECE_BYTES);
    if (step->cut_after && step->cut_after - sent < size)
        size = (size_t)(step->cut_after - sent);
    return size;
}

/* False: the peer has gone, or the body was cut as the script says. */
static bool send_body(struct fake_wire *wire, const struct fake_step *step,
                      const struct source *source)
{
    char piece[PIECE_BYTES];
    for (uint64_t sent = 0;;) {
        size_t len = fill_piece(source, sent, piece, piece_size(step, sent));
        if (len == 0)
            break;
        if (!send_piece(wire, step, piece, len))
            return false;
        sent += len;
        if (sent == step->cut_after || !fake_wire_sleep(wire, step->drip_ms))
            return false;
    }
    return step->framing != FAKE_CHUNKED || fake_wire_write(wire, "0\r\n\r\n", 5);
}

static bool send_reply(struct fake_wire *wire, const struct fake_step *step)
{
    struct source source =
        step->encoding == FAKE_IDENTITY ? plain_source(step) : compressed_source(step);
    bool ok = send_head(wire, step, &source) && send_body(wire, step, &source);
    free(source.owned);
    return ok && step->framing != FAKE_UNTIL_CLOSED;
}

static bool send_endless_headers(struct fake_wire *wire)
{
    static const char line[] = "X-Filler: all work and no play makes a dull reply\r\n";
    bool ok = fake_wire_write(wire, "HTTP/1.1 200 Scripted\r\n", 23);
    while (ok)
        ok = fake_wire_write(wire, line, sizeof(line) - 1);
    return false;
}

bool fake_reply_send(struct fake_wire *wire, const struct fake_step *step, bool *ret_reset)
{
    *ret_reset = step->after == FAKE_RESET;
    if (!fake_wire_sleep(wire, step->delay_ms))
        return false;
    switch (step->kind) {
    case FAKE_REPLY:
        return send_reply(wire, step) && step->after == FAKE_KEEP;
    case FAKE_RAW: {
        struct source source = plain_source(step);
        return fake_wire_write(wire, source.bytes, source.len) && false;
    }
    case FAKE_SILENT:
        return fake_wire_wait_gone(wire);
    case FAKE_ENDLESS_HEADERS:
        return send_endless_headers(wire);
    }
    return false;
}
