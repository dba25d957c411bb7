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
