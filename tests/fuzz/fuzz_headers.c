/*
 * fuzz_headers.c: the lines of a reply's head, of any bytes.
 *
 * Texts end within their fields, and Retry-After is none or not negative, whatever its date and
 * the reply's own.
 */
#include <assert.h>
#include <string.h>

#include "fetch/reply_headers.h"
#include "support/fuzz.h"

#define NOW INT64_C(1796083200)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reply_headers headers = { .is_whole = false };
    struct str rest = { (const char *)data, size }, line;
    while (str_split(&rest, '\n', &line)) {
        if (!reply_headers_take(&headers, line))
            return 0;
    }
    struct http_reply reply = { .retry_after_us = -1 };
    reply_headers_give(&headers, NOW, &reply);
    assert(reply.retry_after_us >= -1);
    assert(memchr(reply.content_type, '\0', sizeof(reply.content_type)));
    assert(memchr(reply.cf_mitigated, '\0', sizeof(reply.cf_mitigated)));
    assert(memchr(reply.total, '\0', sizeof(reply.total)));
    return 0;
}
