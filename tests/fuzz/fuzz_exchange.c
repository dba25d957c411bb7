/*
 * fuzz_exchange.c: the header line of a recorded exchange, of any bytes.
 *
 * What is taken has an engine that is known or none, courses that fit, texts that end.
 */
#include <assert.h>
#include <string.h>

#include "engine/engine.h"
#include "host/recording.h"
#include "support/fuzz.h"

static void check_text(const struct exchange *exchange, struct str text)
{
    const char *from = exchange->storage, *to = from + sizeof(exchange->storage);
    if (text.len > 0)
        assert(text.ptr >= from && text.ptr + text.len < to && text.ptr[text.len] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exchange exchange;
    if (!exchange_parse((struct str){ (const char *)data, size }, &exchange))
        return 0;
    assert(exchange.version == 1);
    assert(exchange.engine >= -1 && exchange.engine < (int)engines_count);
    assert(exchange.courses_count <= ENGINE_TASK_COURSES_MAX);
    check_text(&exchange, exchange.asked);
    check_text(&exchange, exchange.body_file);
    check_text(&exchange, exchange.detail);
    const struct http_reply *reply = &exchange.reply;
    assert(reply->end <= HTTP_END_CANCELLED && reply->retry_after_us >= -1);
    assert(memchr(reply->content_type, '\0', sizeof(reply->content_type)));
    assert(memchr(reply->cf_mitigated, '\0', sizeof(reply->cf_mitigated)));
    assert(memchr(reply->total, '\0', sizeof(reply->total)));
    return 0;
}
