/*
 * writer.h: fast writing of JSON bodies, compact or pretty-printed as the engines' are.
 *
 * Knows no engine. Writes into the caller's storage; what does not fit sets the sticky flag
 * `overflow`. Inline, because a load test asks for hundreds of megabytes of body per second.
 */
#ifndef SIM_WRITER_H
#define SIM_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct writer {
    char *start, *at, *end;
    bool pretty;
    bool first; /* nothing was written yet in the innermost container */
    bool overflow;
    uint8_t depth;
};

static inline struct writer writer_over(char *storage, size_t cap, bool pretty)
{
    return (struct writer){
        .start = storage, .at = storage, .end = storage + cap, .pretty = pretty, .first = true
    };
}

static inline size_t writer_len(const struct writer *w)
{
    return (size_t)(w->at - w->start);
}

static inline void put_bytes(struct writer *w, const char *text, size_t len)
{
    if ((size_t)(w->end - w->at) < len) {
        w->overflow = true;
        return;
    }
    memcpy(w->at, text, len);
    w->at += len;
}

#define PUT(w, literal) put_bytes((w), "" literal, sizeof(literal) - 1)

static inline void put_text(struct writer *w, const char *text)
{
    put_bytes(w, text, strlen(text));
}

/* The comma before an element or member, and in pretty form its new line. */
static inline void put_separator(struct writer *w)
{
    static const char line[] = "\n                    ";
    if (!w->first)
        PUT(w, ",");
    if (w->pretty && w->depth > 0)
        put_bytes(w, line, 1 + 2 * (size_t)w->depth);
    w->first = false;
}

static inline void put_open(struct writer *w, char bracket)
{
    put_bytes(w, &bracket, 1);
    w->depth++;
    w->first = true;
}

static inline void put_close(struct writer *w, char bracket)
{
    w->depth--;
    if (!w->first) {
        w->first = true; /* no comma before a closing bracket */
        if (w->pretty && w->depth == 0)
            PUT(w, "\n");
        put_separator(w);
    }
    put_bytes(w, &bracket, 1);
    w->first = false;
}

static inline void put_key_bytes(struct writer *w, const char *key, size_t len)
{
    put_separator(w);
    put_bytes(w, key, len);
    if (w->pretty)
        PUT(w, " ");
}

/* KEY(w, "id") writes `"id":` as the next member of the open object. */
#define KEY(w, name) put_key_bytes((w), "\"" name "\":", sizeof("\"" name "\":") - 1)

static inline void put_u64(struct writer *w, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put_bytes(w, digits + at, sizeof(digits) - at);
}

/* Cents as the engines' floats: 5270 is 52.7, 5200 is 52.0, 1756 is 17.56. */
static inline void put_money(struct writer *w, int32_t cents)
{
    put_u64(w, (uint64_t)(cents / 100));
    char fraction[3] = { '.', (char)('0' + cents / 10 % 10), (char)('0' + cents % 10) };
    put_bytes(w, fraction, fraction[2] == '0' ? 2 : 3);
}

static inline void put_money_or_null(struct writer *w, int32_t cents)
{
    if (cents < 0)
        PUT(w, "null");
    else
        put_money(w, cents);
}

static inline void put_bool(struct writer *w, bool value)
{
    put_text(w, value ? "true" : "false");
}

/* A string that needs no escaping, in quotes. */
static inline void put_string(struct writer *w, const char *text)
{
    PUT(w, "\"");
    put_text(w, text);
    PUT(w, "\"");
}

static inline void put_2_digits(struct writer *w, unsigned value)
{
    char digits[2] = { (char)('0' + value / 10 % 10), (char)('0' + value % 10) };
    put_bytes(w, digits, 2);
}

#endif
