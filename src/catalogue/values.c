/* values.c: truth values and text as people write them. */
#include "catalogue/values.h"

bool value_truth(struct str text, bool *ret_truth)
{
    static const struct {
        const char *text;
        bool truth;
    } words[] = {
        { "true", true }, { "yes", true }, { "on", true },     { "1", true },
        { "t", true },    { "y", true },   { "false", false }, { "no", false },
        { "off", false }, { "0", false },  { "f", false },     { "n", false },
    };
    for (size_t i = 0; i < TS_COUNT_OF(words); i++) {
        if (str_equal_nocase(text, str_of(words[i].text))) {
            *ret_truth = words[i].truth;
            return true;
        }
    }
    return false;
}

/* Length of the character at the front by its first byte, and its lowest code point; 0: none.
 */
static size_t utf8_length(unsigned char first, uint32_t *ret_lowest)
{
    if (first >= 0xc2 && first <= 0xdf) {
        *ret_lowest = 0x80;
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        *ret_lowest = 0x800;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        *ret_lowest = 0x10000;
        return 4;
    }
    return 0;
}

/* Length of the well-formed character at the front, 0 if there is none. */
static size_t utf8_take(struct str text)
{
    unsigned char first = (unsigned char)text.ptr[0];
    if (first > 0 && first < 0x80)
        return 1;
    uint32_t lowest;
    size_t len = utf8_length(first, &lowest);
    if (len == 0 || len > text.len)
        return 0;
    uint32_t point = first & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (((unsigned char)text.ptr[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | ((unsigned char)text.ptr[i] & 0x3f);
    }
    bool surrogate = (point & ~0x7ffu) == 0xd800;
    return point < lowest || point > 0x10ffff || surrogate ? 0 : len;
}

bool value_is_text(struct str text)
{
    while (text.len > 0) {
        size_t len = utf8_take(text);
        if (len == 0)
            return false;
        text.ptr += len;
        text.len -= len;
    }
    return true;
}
