/* json_scan.c: the ends of JSON tokens, 16 bytes at a time where the processor can. */
#include "base/json_scan.h"

#include <assert.h>

#if defined(__SSE2__) && !defined(TS_JSON_PORTABLE)
#include <emmintrin.h>
#define WIDE_BYTES 16
#endif

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *json_scan_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

static bool ends_plain_text(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < ' ';
}

static bool is_structural(char c)
{
    return c == '"' || c == '[' || c == ']' || c == '{' || c == '}';
}

#if defined(WIDE_BYTES)
static int plain_text_mask(__m128i bytes)
{
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
}

/* Brackets and braces differ in one bit, 0x20. */
static int structural_mask(__m128i bytes)
{
    __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i open = _mm_cmpeq_epi8(folded, _mm_set1_epi8('{'));
    __m128i close = _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'));
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(open, close), quote));
}
#endif

static const char *find_text_end(const char *at, const char *end)
{
#if defined(WIDE_BYTES)
    for (; end - at >= WIDE_BYTES; at += WIDE_BYTES) {
        int mask = plain_text_mask(_mm_loadu_si128((const __m128i *)(const void *)at));
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && !ends_plain_text(*at))
        at++;
    return at;
}

static const char *find_structural(const char *at, const char *end)
{
#if defined(WIDE_BYTES)
    for (; end - at >= WIDE_BYTES; at += WIDE_BYTES) {
        int mask = structural_mask(_mm_loadu_si128((const __m128i *)(const void *)at));
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && !is_structural(*at))
        at++;
    return at;
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int json_scan_hex4(const char *at, const char *end)
{
    int value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* *at stands behind the backslash. */
static enum json_error scan_escape(const char **at, const char *end)
{
    if (*at == end)
        return JSON_TRUNCATED;
    if (**at == 'u') {
        (*at)++;
        for (int i = 0; i < 4; i++, (*at)++) {
            if (*at == end)
                return JSON_TRUNCATED;
            if (hex_value(**at) < 0)
                return JSON_SYNTAX;
        }
        return JSON_OK;
    }
    if (**at == '\0' || !strchr("\"\\/bfnrt", **at))
        return JSON_SYNTAX;
    (*at)++;
    return JSON_OK;
}

enum json_error json_scan_string(const char **at, const char *end)
{
    for (;;) {
        *at = find_text_end(*at, end);
        if (*at == end)
            return JSON_TRUNCATED;
        if (**at == '"') {
            (*at)++;
            return JSON_OK;
        }
        if (**at != '\\')
            return JSON_SYNTAX;
        (*at)++;
        enum json_error error = scan_escape(at, end);
        if (error)
            return error;
    }
}

static bool cut_either(const char **at, const char *end, char a, char b)
{
    if (*at == end || (**at != a && **at != b))
        return false;
    (*at)++;
    return true;
}

/* At least one digit. */
static enum json_error scan_digits(const char **at, const char *end)
{
    if (*at == end)
        return JSON_TRUNCATED;
    if (!is_digit(**at))
        return JSON_SYNTAX;
    while (*at < end && is_digit(**at))
        (*at)++;
    return JSON_OK;
}

enum json_error json_scan_number(const char **at, const char *end)
{
    (void)cut_either(at, end, '-', '-');
    enum json_error error = cut_either(at, end, '0', '0') ? JSON_OK : scan_digits(at, end);
    if (!error && cut_either(at, end, '.', '.'))
        error = scan_digits(at, end);
    if (!error && cut_either(at, end, 'e', 'E')) {
        (void)cut_either(at, end, '+', '-');
        error = scan_digits(at, end);
    }
    return error;
}

enum json_error json_scan_literal(const char **at, const char *end, struct str literal)
{
    for (size_t i = 0; i < literal.len; i++, (*at)++) {
        if (*at == end)
            return JSON_TRUNCATED;
        if (**at != literal.ptr[i])
            return JSON_SYNTAX;
    }
    return JSON_OK;
}

_Static_assert(JSON_DEPTH_MAX <= 64, "one bit per level");

enum json_error json_scan_container(const char **at, const char *end, unsigned levels_max)
{
    uint64_t objects = 0; /* a stack of bits: is this level an object? */
    unsigned levels = 0;
    do {
        *at = find_structural(*at, end);
        if (*at == end)
            return JSON_TRUNCATED;
        char c = **at;
        if (c == '"') {
            (*at)++;
            enum json_error error = json_scan_string(at, end);
            if (error)
                return error;
            continue;
        }
        if (c == '[' || c == '{') {
            if (levels == levels_max)
                return JSON_TOO_DEEP;
            objects = objects << 1 | (c == '{');
            levels++;
        } else {
            if ((objects & 1) != (c == '}'))
                return JSON_SYNTAX;
            objects >>= 1;
            levels--;
        }
        (*at)++;
    } while (levels);
    return JSON_OK;
}
