/* mdoc.c: filling, escaping and displays of mdoc(7). */
#include "base/mdoc.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/day.h"

#define TEXT_COLUMNS 76

static void put_escaped(FILE *out, struct str text, bool at_start)
{
    if (at_start && text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\''))
        (void)fputs("\\&", out);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            (void)fputs("\\e", out);
        else
            (void)fputc(text.ptr[i], out);
    }
}

void mdoc_put_literal(FILE *out, struct str line)
{
    put_escaped(out, line, true);
    (void)fputc('\n', out);
}

static bool ends_sentence(struct str word)
{
    return word.len > 1 && strchr(".!?", word.ptr[word.len - 1]);
}

void mdoc_put_prose(FILE *out, struct str text)
{
    struct str word;
    size_t column = 0;
    bool new_sentence = false;
    while (str_split(&text, ' ', &word)) {
        if (word.len == 0)
            continue;
        bool new_line = column > 0 && (new_sentence || column + 1 + word.len > TEXT_COLUMNS);
        if (column > 0)
            (void)fputc(new_line ? '\n' : ' ', out);
        if (new_line)
            column = 0;
        put_escaped(out, word, column == 0);
        column += word.len + (column > 0);
        new_sentence = ends_sentence(word);
    }
    (void)fputc('\n', out);
}

void mdoc_put_argument(FILE *out, struct str word)
{
    (void)fputs("\\&", out);
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\\' || word.ptr[i] == '"')
            (void)fputs(word.ptr[i] == '"' ? "\\(dq" : "\\e", out);
        else
            (void)fputc(word.ptr[i], out);
    }
}

struct paragraphs {
    bool literal; /* inside a display */
    bool gap;     /* an empty line was seen since the last text */
    bool any;
};

static void put_between(FILE *out, const struct paragraphs *state, bool literal)
{
    if (state->literal && !literal)
        (void)fputs(".Ed\n", out);
    if (!state->literal && literal)
        (void)fputs(".Bd -literal -offset indent\n", out);
    else if (state->gap && state->any && !literal)
        (void)fputs(".Pp\n", out);
}

static void put_paragraph_line(FILE *out, struct str line, struct paragraphs *state)
{
    if (line.len == 0) {
        state->gap = true;
        return;
    }
    bool literal = line.ptr[0] == ' ';
    put_between(out, state, literal);
    *state = (struct paragraphs){ .literal = literal, .any = true };
    size_t indent = str_has_prefix(line, STR("  ")) ? 2 : 1;
    if (literal)
        mdoc_put_literal(out, (struct str){ line.ptr + indent, line.len - indent });
    else
        mdoc_put_prose(out, line);
}

void mdoc_put_text(FILE *out, const char *text)
{
    struct paragraphs state = { 0 };
    struct str rest = str_of(text), line;
    while (str_split(&rest, '\n', &line))
        put_paragraph_line(out, line, &state);
    if (state.literal)
        (void)fputs(".Ed\n", out);
}

static void put_date(FILE *out)
{
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    int64_t at = clock_real_us() / CLOCK_SECOND_US;
    const char *epoch = getenv("SOURCE_DATE_EPOCH"); /* of reproducible builds */
    if (epoch)
        (void)!str_to_i64(str_of(epoch), 0, (int64_t)1 << 36, &at);
    int year, month, day;
    day_to_civil((int32_t)(at / 86400), &year, &month, &day);
    (void)fprintf(out, ".Dd %s %d, %d\n", months[month - 1], day, year);
}

void mdoc_put_head(FILE *out, struct str name, int section)
{
    put_date(out);
    (void)fputs(".Dt ", out);
    for (size_t i = 0; i < name.len; i++)
        (void)fputc(toupper((unsigned char)name.ptr[i]), out);
    (void)fprintf(out, " %d\n.Os\n", section);
}
