/* problems.c: the problems of one row. */
#include "catalogue/problems.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_BYTES_MAX 40

/* Where to cut text at `len` or before, so that no UTF-8 character is torn. */
static size_t cut_at(const char *text, size_t len)
{
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void problems_add(struct problems *problems, const char *column, const char *format, ...)
{
    if (problems->count == PROBLEMS_PER_ROW_MAX)
        return;
    struct problem *problem = &problems->items[problems->count++];
    (void)snprintf(problem->column, sizeof(problem->column), "%s", column);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(problem->reason, sizeof(problem->reason), format, args);
    va_end(args);
    for (char *c = problem->reason; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    }
}

struct str problem_shown(struct str value)
{
    if (value.len > SHOWN_BYTES_MAX)
        value.len = cut_at(value.ptr, SHOWN_BYTES_MAX);
    return value;
}
