/* str.c: views of text, and strict reading of numbers. */
#include "base/str.h"

#include <ctype.h>

#define SECOND_US        ((int64_t)1000000)
#define CENTS_LIMIT      1000000000 /* 10 million units */
#define EXPONENT_MAX     9
#define DOUBLE_DIGITS    18
#define DURATION_DIGITS  6 /* after the point: more than µs need */
#define POWERS_OF_10_MAX 22

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool cut_char(struct str *text, char c)
{
    if (!text->len || *text->ptr != c)
        return false;
    *text = (struct str){ text->ptr + 1, text->len - 1 };
    return true;
}

/* Cuts the digits at the front off. */
static struct str cut_digits(struct str *text)
{
    struct str digits = { text->ptr, 0 };
    while (digits.len < text->len && is_digit(text->ptr[digits.len]))
        digits.len++;
    if (digits.len) /* NULL + 0 is undefined */
        *text = (struct str){ text->ptr + digits.len, text->len - digits.len };
    return digits;
}

static bool digits_to_u64(struct str digits, uint64_t *ret_value)
{
    uint64_t value = 0;
    if (!digits.len)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!is_digit(digits.ptr[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(digits.ptr[i] - '0'), &value))
            return false;
    }
    *ret_value = value;
    return true;
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (to_lower(a.ptr[i]) != to_lower(b.ptr[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_has_prefix(struct str text, struct str prefix)
{
    return text.len >= prefix.len && str_equal((struct str){ text.ptr, prefix.len }, prefix);
}

bool str_contains_nocase(struct str text, struct str needle)
{
    if (!needle.len)
        return true;
    for (size_t i = 0; i + needle.len <= text.len; i++)
        if (str_equal_nocase((struct str){ text.ptr + i, needle.len }, needle))
            return true;
    return false;
}

struct str str_trim(struct str text)
{
    while (text.len && is_space(text.ptr[text.len - 1]))
        text.len--;
    while (text.len && is_space(*text.ptr))
        text = (struct str){ text.ptr + 1, text.len - 1 };
    return text;
}

bool str_split(struct str *rest, char separator, struct str *ret_part)
{
    if (!rest->len)
        return false;
    const char *found = memchr(rest->ptr, separator, rest->len);
    size_t len = found ? (size_t)(found - rest->ptr) : rest->len;
    size_t used = found ? len + 1 : len;
    *ret_part = (struct str){ rest->ptr, len };
    *rest = (struct str){ rest->ptr + used, rest->len - used };
    return true;
}

bool str_to_i64(struct str text, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = cut_char(&text, '-');
    uint64_t magnitude = 0;
    if (!digits_to_u64(text, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    /* -1 first: INT64_MIN's magnitude is no int64_t. */
    int64_t value = negative && magnitude ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    if (value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

/* Up to 15 digits the result is the nearest double: both operands of the division are exact. */
bool str_to_double(struct str text, double *ret_value)
{
    static const double powers[POWERS_OF_10_MAX + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,
                                                         1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
                                                         1e18, 1e19, 1e20, 1e21, 1e22 };
    bool negative = cut_char(&text, '-');
    struct str whole = cut_digits(&text);
    bool has_point = cut_char(&text, '.');
    struct str fraction = cut_digits(&text);
    if (text.len || !whole.len || has_point != (fraction.len > 0) || whole.len > DOUBLE_DIGITS)
        return false;
    if (fraction.len > DOUBLE_DIGITS - whole.len)
        fraction.len = DOUBLE_DIGITS - whole.len;
    uint64_t mantissa = 0;
    if (!digits_to_u64(whole, &mantissa))
        return false;
    for (size_t i = 0; i < fraction.len; i++)
        mantissa = mantissa * 10 + (uint64_t)(fraction.ptr[i] - '0');
    double value = (double)mantissa / powers[fraction.len];
    *ret_value = negative ? -value : value;
    return true;
}

bool str_to_minute(struct str text, uint16_t *ret_minute)
{
    uint64_t hour = 0, minute = 0;
    struct str hours = cut_digits(&text);
    if (!cut_char(&text, ':') || hours.len > 2 || text.len != 2)
        return false;
    if (!digits_to_u64(hours, &hour) || !digits_to_u64(text, &minute))
        return false;
    if (hour > 23 || minute > 59)
        return false;
    *ret_minute = (uint16_t)(hour * 60 + minute);
    return true;
}

static bool duration_unit(struct str text, int64_t *ret_us)
{
    static const struct {
        struct str name;
        int64_t us;
    } units[] = { { { "ms", 2 }, SECOND_US / 1000 },
                  { { "s", 1 }, SECOND_US },
                  { { "m", 1 }, 60 * SECOND_US },
                  { { "h", 1 }, 3600 * SECOND_US },
                  { { "d", 1 }, 86400 * SECOND_US } };
    for (size_t i = 0; i < TS_COUNT_OF(units); i++) {
        if (str_equal(text, units[i].name)) {
            *ret_us = units[i].us;
            return true;
        }
    }
    return false;
}

bool str_to_duration(struct str text, int64_t *ret_us)
{
    if (str_equal(text, STR("0"))) {
        *ret_us = 0;
        return true;
    }
    struct str whole = cut_digits(&text);
    bool has_point = cut_char(&text, '.');
    struct str fraction = cut_digits(&text);
    int64_t unit = 0, us = 0, part = 0;
    if (has_point != (fraction.len > 0) || fraction.len > DURATION_DIGITS ||
        !duration_unit(text, &unit) || !str_to_i64(whole, 0, INT64_MAX, &us) ||
        __builtin_mul_overflow(us, unit, &us))
        return false;
    if (has_point && !str_to_i64(fraction, 0, INT64_MAX, &part))
        return false;
    part *= unit;
    for (size_t i = 0; i < fraction.len; i++)
        part /= 10;
    return !__builtin_add_overflow(us, part, ret_us);
}

bool str_to_bytes(struct str text, uint64_t *ret_bytes)
{
    uint64_t factor = 1, value = 0;
    char unit = text.len ? to_lower(text.ptr[text.len - 1]) : '\0';
    if (unit == 'k')
        factor = (uint64_t)1 << 10;
    else if (unit == 'm')
        factor = (uint64_t)1 << 20;
    else if (unit == 'g')
        factor = (uint64_t)1 << 30;
    if (factor > 1)
        text.len--;
    if (!digits_to_u64(text, &value) || __builtin_mul_overflow(value, factor, &value))
        return false;
    *ret_bytes = value;
    return true;
}

/* "e5", "E-2", "e+0" as -9..9; '' is 0. */
static bool read_exponent(struct str text, int64_t *ret_exponent)
{
    *ret_exponent = 0;
    if (!text.len)
        return true;
    if (!cut_char(&text, 'e') && !cut_char(&text, 'E'))
        return false;
    if (cut_char(&text, '+') && text.len && *text.ptr == '-')
        return false;
    return str_to_i64(text, -EXPONENT_MAX, EXPONENT_MAX, ret_exponent);
}

/* The first `keep` of the digits whole+fraction (zeros after them) as a number; the digit after
 * those alone decides the rounding. */
static bool round_digits(struct str whole, struct str fraction, int64_t keep,
                         int32_t *ret_value)
{
    int64_t value = 0;
    for (int64_t i = 0; i <= keep; i++) {
        size_t at = (size_t)i;
        char digit = '0';
        if (at < whole.len)
            digit = whole.ptr[at];
        else if (at - whole.len < fraction.len)
            digit = fraction.ptr[at - whole.len];
        if (i < keep)
            value = value * 10 + (digit - '0');
        else
            value += digit >= '5';
        if (value >= CENTS_LIMIT)
            return false;
    }
    *ret_value = (int32_t)value;
    return true;
}

bool str_to_cents(struct str text, int32_t *ret_cents)
{
    struct str whole = cut_digits(&text);
    bool has_point = cut_char(&text, '.');
    struct str fraction = cut_digits(&text);
    int64_t exponent = 0;
    if (!whole.len || has_point != (fraction.len > 0) || !read_exponent(text, &exponent))
        return false;
    return round_digits(whole, fraction, (int64_t)whole.len + exponent + 2, ret_cents);
}

bool str_is_uuid(struct str text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text.ptr[i] != '-' : !isxdigit((unsigned char)text.ptr[i]))
            return false;
    }
    return true;
}

/* By its first byte; 0: no character starts so. */
static size_t utf8_len(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    if (first < 0xe0)
        return 2;
    return first < 0xf0 ? 3 : 4;
}

/* The range of the second byte tells overlong forms, surrogates and what lies beyond U+10FFFF
 * (Unicode, table 3-7). */
static bool is_second_byte(unsigned char first, unsigned char second)
{
    unsigned char low = 0x80, high = 0xbf;
    if (first == 0xe0)
        low = 0xa0;
    else if (first == 0xed)
        high = 0x9f;
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f;
    return second >= low && second <= high;
}

size_t str_utf8_len(struct str text)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    size_t len = text.len ? utf8_len(bytes[0]) : 0;
    if (len > text.len || (len > 1 && !is_second_byte(bytes[0], bytes[1])))
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return len;
}
