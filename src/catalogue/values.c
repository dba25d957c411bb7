/* values.c: truth values, times of day and text as people write them. */
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

bool value_minute(struct str text, uint16_t *ret_minute)
{
    static const struct str seconds = { ":00", 3 };
    size_t minutes_len = text.len > 5 ? text.len - seconds.len : 0;
    if (minutes_len > 0 &&
        str_equal((struct str){ text.ptr + minutes_len, seconds.len }, seconds))
        text.len = minutes_len;
    return str_to_minute(text, ret_minute);
}

bool value_is_text(struct str text)
{
    while (text.len > 0) {
        size_t len = text.ptr[0] ? str_utf8_len(text) : 0;
        if (len == 0)
            return false;
        text.ptr += len;
        text.len -= len;
    }
    return true;
}
