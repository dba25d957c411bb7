/* reply_headers.c: header lines into fields, and Retry-After into a duration. */
#include "fetch/reply_headers.h"

#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"

#define RETRY_AFTER_MAX_SECONDS ((int64_t)10 * 366 * 86400) /* longer ones count as that */

static void copy_cut(char *field, size_t size, struct str value)
{
    size_t len = value.len < size - 1 ? value.len : size - 1;
    if (len > 0)
        memcpy(field, value.ptr, len);
    field[len] = '\0';
}

/* Brotli and zstd would be decoded by libcurl even unasked, with windows of up to 16 and 128
 * MiB; a stack of encodings costs a window each. So: one that we asked for, or none. */
static bool take_encoding(struct reply_headers *headers, struct str value)
{
    if (value.len == 0 || str_equal_nocase(value, STR("identity")))
        return true;
    bool is_first = !headers->is_encoded;
    headers->is_encoded = true;
    return is_first &&
           (str_equal_nocase(value, STR("gzip")) || str_equal_nocase(value, STR("x-gzip")) ||
            str_equal_nocase(value, STR("deflate")));
}

/* libcurl decodes transfer codings too, all that it knows, though we ask for none. */
static bool is_plain_transfer(struct str value)
{
    return str_equal_nocase(value, STR("chunked")) || str_equal_nocase(value, STR("identity"));
}

bool reply_headers_take(struct reply_headers *headers, struct str line)
{
    if (str_has_prefix(line, STR("HTTP/"))) {
        *headers = (struct reply_headers){ 0 };
        return true;
    }
    struct str value = line;
    struct str name;
    if (str_trim(line).len == 0)
        headers->is_whole = true;
    if (headers->is_whole || !str_split(&value, ':', &name))
        return true;
    value = str_trim(value);
    if (str_equal_nocase(name, STR("content-encoding")))
        return take_encoding(headers, value);
    if (str_equal_nocase(name, STR("transfer-encoding")))
        return is_plain_transfer(value);

    const struct {
        struct str name;
        char *field;
        size_t size;
    } fields[] = {
        { STR("content-type"), headers->content_type, sizeof(headers->content_type) },
        { STR("cf-mitigated"), headers->cf_mitigated, sizeof(headers->cf_mitigated) },
        { STR("total"), headers->total, sizeof(headers->total) },
        { STR("retry-after"), headers->retry_after, sizeof(headers->retry_after) },
        { STR("date"), headers->date, sizeof(headers->date) },
    };
    for (size_t i = 0; i < TS_COUNT_OF(fields); i++) {
        if (str_equal_nocase(name, fields[i].name))
            copy_cut(fields[i].field, fields[i].size, value);
    }
    return true;
}

/* In seconds; -1: none or not understood. */
static int64_t retry_after_seconds(const struct reply_headers *headers, int64_t now_unix)
{
    struct str text = str_of(headers->retry_after);
    if (text.len == 0)
        return -1;
    int64_t seconds = RETRY_AFTER_MAX_SECONDS;
    bool is_huge = strspn(text.ptr, "0123456789") == text.len;
    if (!str_to_i64(text, INT64_MIN, INT64_MAX, &seconds) && !is_huge) {
        time_t until = curl_getdate(headers->retry_after, NULL);
        if (until == -1)
            return -1;
        time_t date = headers->date[0] ? curl_getdate(headers->date, NULL) : -1;
        seconds = (int64_t)until - (date == -1 ? now_unix : (int64_t)date);
    }
    if (seconds > RETRY_AFTER_MAX_SECONDS)
        return RETRY_AFTER_MAX_SECONDS;
    return seconds > 0 ? seconds : 0;
}

void reply_headers_give(const struct reply_headers *headers, int64_t now_unix,
                        struct http_reply *reply)
{
    memcpy(reply->content_type, headers->content_type, sizeof(reply->content_type));
    memcpy(reply->cf_mitigated, headers->cf_mitigated, sizeof(reply->cf_mitigated));
    memcpy(reply->total, headers->total, sizeof(reply->total));
    int64_t seconds = retry_after_seconds(headers, now_unix);
    reply->retry_after_us = seconds < 0 ? -1 : seconds * CLOCK_SECOND_US;
}
