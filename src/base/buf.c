/* buf.c: text into fixed memory, and numbers the way people read them. */
#include "base/buf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define SECOND_US ((uint64_t)1000000)

struct buf buf_over(char *storage, size_t cap)
{
    assert(storage && cap >= 1);
    storage[0] = '\0';
    return (struct buf){ .ptr = storage, .cap = cap };
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    buf->ptr[0] = '\0';
}

void buf_put(struct buf *buf, struct str text)
{
    if (buf->overflow || !text.len)
        return;
    size_t room = buf->cap - 1 - buf->len;
    if (text.len > room) {
        buf->overflow = true;
        text.len = room;
    }
    memcpy(buf->ptr + buf->len, text.ptr, text.len);
    buf->len += text.len;
    buf->ptr[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, str_of(text));
}

void buf_putc(struct buf *buf, char c)
{
    buf_put(buf, (struct str){ &c, 1 });
}

void buf_put_i64(struct buf *buf, int64_t value)
{
    if (value < 0)
        buf_putc(buf, '-');
    buf_put_u64(buf, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void buf_put_u64(struct buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    buf_put(buf, (struct str){ digits + at, sizeof(digits) - at });
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    if (buf->overflow)
        return;
    size_t room = buf->cap - buf->len;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(buf->ptr + buf->len, room, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= room) {
        buf->overflow = true;
        buf->len += strlen(buf->ptr + buf->len);
        return;
    }
    buf->len += (size_t)len;
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

void buf_put_url(struct buf *buf, struct str text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (is_unreserved(c))
            buf_putc(buf, (char)c);
        else
            buf_put(buf, (struct str){ (const char[]){ '%', hex[c >> 4], hex[c & 15] }, 3 });
    }
}

/* ".0" is left out. */
static void put_tenths(struct buf *buf, uint64_t tenths, const char *unit)
{
    buf_put_u64(buf, tenths / 10);
    if (tenths % 10)
        buf_printf(buf, ".%d", (int)(tenths % 10));
    buf_printf(buf, " %s", unit);
}

void buf_put_size(struct buf *buf, uint64_t bytes)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
    if (bytes < 1024) {
        buf_printf(buf, "%" PRIu64 " B", bytes);
        return;
    }
    size_t unit = 0;
    uint64_t size = 1024;
    /* The next unit from where this one would show as 1024. */
    while (unit + 1 < TS_COUNT_OF(units) && bytes / size >= 1023 &&
           (bytes / size >= 1024 || bytes % size >= size / 2)) {
        unit++;
        size *= 1024;
    }
    /* Three digits say enough. */
    uint64_t whole = bytes / size, rest = bytes % size;
    if (whole >= 100)
        buf_printf(buf, "%" PRIu64 " %s", whole + (rest >= size / 2), units[unit]);
    else
        put_tenths(buf, whole * 10 + (rest * 10 + size / 2) / size, units[unit]);
}

void buf_put_count(struct buf *buf, uint64_t count)
{
    if (count >= 1000) {
        buf_put_count(buf, count / 1000);
        buf_printf(buf, ",%03d", (int)(count % 1000));
        return;
    }
    buf_put_u64(buf, count);
}

/* "2 h 47 min": two units, the smaller one left out when it is 0. */
static void put_two_units(struct buf *buf, uint64_t small, uint64_t per_big, const char *big,
                          const char *small_unit)
{
    buf_printf(buf, "%" PRIu64 " %s", small / per_big, big);
    if (small % per_big)
        buf_printf(buf, " %" PRIu64 " %s", small % per_big, small_unit);
}

void buf_put_duration(struct buf *buf, int64_t us)
{
    if (us < 0)
        buf_putc(buf, '-');
    uint64_t span = us < 0 ? -(uint64_t)us : (uint64_t)us;
    uint64_t ms = (span + 500) / 1000;
    uint64_t seconds = (span + SECOND_US / 2) / SECOND_US;
    uint64_t minutes = (seconds + 30) / 60;
    uint64_t hours = (minutes + 30) / 60;
    if (ms && ms < 1000)
        buf_printf(buf, "%" PRIu64 " ms", ms);
    else if (ms < 9950)
        put_tenths(buf, (ms + 50) / 100, "s");
    else if (seconds < 60)
        buf_printf(buf, "%" PRIu64 " s", seconds);
    else if (seconds < 3600)
        put_two_units(buf, seconds, 60, "min", "s");
    else if (minutes < 24 * 60)
        put_two_units(buf, minutes, 60, "h", "min");
    else
        put_two_units(buf, hours, 24, "d", "h");
}

struct str buf_view(const struct buf *buf)
{
    return (struct str){ buf->ptr, buf->len };
}
