/* json_text.c: JSON strings decoded and written. */
#include "base/json.h"
#include "base/json_scan.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static bool is_high_surrogate(int unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low_surrogate(int unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

static void put_utf8(struct buf *out, uint32_t code)
{
    char bytes[4];
    size_t len = 0;
    if (code < 0x80) {
        bytes[len++] = (char)code;
    } else if (code < 0x800) {
        bytes[len++] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        bytes[len++] = (char)(0xe0 | code >> 12);
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        bytes[len++] = (char)(0xf0 | code >> 18);
        bytes[len++] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    if (code >= 0x80)
        bytes[len++] = (char)(0x80 | (code & 0x3f));
    buf_put(out, (struct str){ bytes, len });
}

static void advance(struct str *text, size_t len)
{
    *text = (struct str){ text->ptr + len, text->len - len };
}

/* The unit of the "\uXXXX" at the front of *raw, which is cut off; -1: none there. */
static int cut_unit(struct str *raw)
{
    if (!str_has_prefix(*raw, STR("\\u")))
        return -1;
    int unit = json_scan_hex4(raw->ptr + 2, raw->ptr + raw->len);
    advance(raw, 6);
    return unit;
}

static bool decode_unicode(struct str *raw, struct buf *out)
{
    int unit = cut_unit(raw);
    if (unit <= 0 || is_low_surrogate(unit))
        return false;
    uint32_t code = (uint32_t)unit;
    if (is_high_surrogate(unit)) {
        int low = cut_unit(raw);
        if (!is_low_surrogate(low))
            return false;
        code = 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
    }
    put_utf8(out, code);
    return true;
}

/* The escape or character at the front of *raw, whose escapes the scanner has checked. */
static bool decode_one(struct str *raw, struct buf *out)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (*raw->ptr != '\\') {
        size_t len = str_utf8_len(*raw);
        buf_put(out, (struct str){ raw->ptr, len });
        advance(raw, len);
        return len > 0;
    }
    if (raw->ptr[1] == 'u')
        return decode_unicode(raw, out);
    buf_putc(out, meanings[strchr(escapes, raw->ptr[1]) - escapes]);
    advance(raw, 2);
    return true;
}

bool json_string(struct json *json, char *storage, size_t cap, struct str *ret_text)
{
    struct str raw;
    if (!json_string_raw(json, &raw))
        return false;
    struct buf out = buf_over(storage, cap);
    while (raw.len) {
        if (!decode_one(&raw, &out) || out.overflow)
            return false;
    }
    *ret_text = buf_view(&out);
    return true;
}

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

static void put_escaped(struct buf *out, unsigned char c)
{
    static const char codes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *known = c ? strchr(codes, c) : NULL;
    if (known)
        buf_printf(out, "\\%c", letters[known - codes]);
    else
        buf_printf(out, "\\u%04x", c);
}

void json_put_string(struct buf *out, struct str text)
{
    buf_putc(out, '"');
    while (text.len) {
        size_t len = 0;
        while (len < text.len && is_plain((unsigned char)text.ptr[len]))
            len++;
        if (!len && (unsigned char)*text.ptr >= 0x80)
            len = str_utf8_len(text);
        if (len) {
            buf_put(out, (struct str){ text.ptr, len });
            advance(&text, len);
            continue;
        }
        if ((unsigned char)*text.ptr >= 0x80)
            buf_puts(out, REPLACEMENT);
        else
            put_escaped(out, (unsigned char)*text.ptr);
        advance(&text, 1);
    }
    buf_putc(out, '"');
}
