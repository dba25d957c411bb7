/* err.c: the error table and the filling of struct error. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    bool retryable;
} table[] = {
#define TS_ERR(name, retryable, text) { #name, text, retryable },
#include "base/err.def"
#undef TS_ERR
};

const char *ts_err_name(ts_err err)
{
    return table[err].name;
}

const char *ts_err_text(ts_err err)
{
    return table[err].text;
}

bool ts_err_retryable(ts_err err)
{
    return table[err].retryable;
}

/* What others wrote (a server, a file, a shell) may end up in the text and on a terminal:
 * C0, DEL and (as UTF-8) C1 controls become blanks. */
static void blank_controls(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        bool c1 = at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F;
        if (c1)
            at[1] = ' ';
        if (c1 || at[0] < 0x20 || at[0] == 0x7F)
            at[0] = ' ';
    }
}

/* In parentheses, so that tools/tidy.h may make a macro of it. */
ts_err(error_set)(struct error *reterr, ts_err code, const char *format, ...)
{
    if (!reterr)
        return code;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reterr->text, sizeof(reterr->text), format, args);
    va_end(args);
    blank_controls(reterr->text);
    reterr->code = code;
    return code;
}

ts_err error_prefix(struct error *reterr, const char *format, ...)
{
    char context[sizeof(reterr->text)];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(context, sizeof(context) - 2, format, args);
    va_end(args);
    if (len < 0)
        return reterr->code;
    size_t used = strlen(context);
    context[used++] = ':';
    context[used++] = ' ';
    if (used >= sizeof(context))
        used = sizeof(context) - 1;
    size_t keep = strlen(reterr->text);
    if (keep > sizeof(reterr->text) - 1 - used)
        keep = sizeof(reterr->text) - 1 - used;
    memmove(reterr->text + used, reterr->text, keep);
    memcpy(reterr->text, context, used);
    reterr->text[used + keep] = '\0';
    return reterr->code;
}
