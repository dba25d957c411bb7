/* text.c: UTF-8 by code points, and how wide they are. */
#include "view/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define INVALID         0xFFFD
#define COLUMNS_UNKNOWN 80

struct range {
    uint32_t first, last;
};

static const struct range zero_width[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
    { 0x064B, 0x065F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200D },
    { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
};

static const struct range double_width[] = {
    { 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0xA4CF },   { 0xAC00, 0xD7A3 },
    { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },
    { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

/* C0, DEL, C1; and what turns the writing direction around. */
static const struct range dropped[] = {
    { 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x200E, 0x200F },
    { 0x2028, 0x202E }, { 0x2066, 0x2069 },
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

/* Cuts one character off the front; INVALID and one byte where there is none. */
static uint32_t next_code(struct str *rest)
{
    const unsigned char *at = (const unsigned char *)rest->ptr;
    size_t len = str_utf8_len(*rest);
    size_t taken = len > 0 ? len : 1;
    uint32_t code = len <= 1 ? at[0] : at[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++)
        code = code << 6 | (at[i] & 0x3F);
    rest->ptr += taken;
    rest->len -= taken;
    return len > 0 ? code : INVALID;
}

static uint32_t width_of(uint32_t code)
{
    if (is_in(dropped, TS_COUNT_OF(dropped), code) ||
        is_in(zero_width, TS_COUNT_OF(zero_width), code))
        return 0;
    return is_in(double_width, TS_COUNT_OF(double_width), code) ? 2 : 1;
}

bool text_is_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < TS_COUNT_OF(names); i++) {
        struct str value = str_of(getenv(names[i]));
        if (value.len > 0)
            return str_contains_nocase(value, STR("UTF-8")) ||
                   str_contains_nocase(value, STR("utf8"));
    }
    return false;
}

uint32_t text_width(struct str text)
{
    uint32_t width = 0;
    while (text.len > 0)
        width += width_of(next_code(&text));
    return width;
}

struct str text_cut(struct str text, uint32_t columns)
{
    struct str rest = text;
    size_t kept = 0;
    uint32_t width = 0;
    while (rest.len > 0) {
        width += width_of(next_code(&rest));
        if (width > columns)
            break;
        kept = text.len - rest.len;
    }
    return (struct str){ text.ptr, kept };
}

void text_put_clean(struct buf *out, struct str text)
{
    while (text.len > 0) {
        struct str character = { text.ptr, text.len };
        uint32_t code = next_code(&text);
        character.len -= text.len;
        /* A real U+FFFD has three bytes and stays. */
        if (code == INVALID && character.len == 1)
            character = STR("?");
        else if (is_in(dropped, TS_COUNT_OF(dropped), code))
            continue;
        if (out->len + character.len >= out->cap)
            return;
        buf_put(out, character);
    }
}

uint32_t text_terminal_columns(int fd)
{
    struct winsize size;
    if (isatty(fd) != 1)
        return 0;
    bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : COLUMNS_UNKNOWN;
}
