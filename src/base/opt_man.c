/* opt_man.c: a command's manual page in mdoc(7), from the option table. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/opt_table.h"

#define LIMITS_BYTES 300
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

static void put_literal(FILE *out, struct str line)
{
    put_escaped(out, line, true);
    (void)fputc('\n', out);
}

static bool ends_sentence(struct str word)
{
    return word.len > 1 && strchr(".!?", word.ptr[word.len - 1]);
}

/* Running text: filled, and each sentence begins a line, as mdoc wants it. */
static void put_prose(FILE *out, struct str text)
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

/* A word as a macro's argument: never a macro itself. */
static void put_argument(FILE *out, struct str word)
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
        put_literal(out, (struct str){ line.ptr + indent, line.len - indent });
    else
        put_prose(out, line);
}

static void put_text(FILE *out, const char *text)
{
    struct paragraphs state = { 0 };
    struct str line;
    while (opt_next_line(&text, &line))
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

static void put_head(const struct opt_command *command, FILE *out)
{
    char storage[OPT_NAME_BYTES];
    struct buf name = buf_over(storage, sizeof(storage));
    opt_put_program(command, "-", &name);
    for (char *at = storage; *at; at++)
        *at = *at == ' ' ? '-' : *at;
    put_date(out);
    (void)fputs(".Dt ", out);
    for (const char *at = storage; *at; at++)
        (void)fputc(toupper((unsigned char)*at), out);
    (void)fprintf(out, " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd ", storage);
    struct str about = str_of(command->about);
    while (about.len > 0 && about.ptr[about.len - 1] == '.')
        about.len--; /* mdoc wants no full stop here */
    put_prose(out, about);

    buf_reset(&name);
    opt_put_program(command, " ", &name);
    (void)fprintf(out, ".Sh SYNOPSIS\n.Nm %s\n.Op Ar OPTION ...\n", storage);
    if (command->arguments) {
        (void)fputs(".Ar ", out);
        put_argument(out, str_of(command->arguments));
        (void)fputc('\n', out);
    }
}

static void put_opt(FILE *out, const struct opt *opt)
{
    (void)fputs(".It ", out);
    if (opt->key)
        (void)fprintf(out, "Fl %c , ", opt->key);
    (void)fprintf(out, "Fl -%s", opt->name);
    if (opt->type != OPT_FLAG) {
        (void)fputs(" Ns = Ns Ar ", out);
        put_argument(out, str_of(opt->value_name ? opt->value_name : "VALUE"));
    }
    (void)fputc('\n', out);
    put_prose(out, str_of(opt->help));
    char storage[LIMITS_BYTES];
    struct buf limits = buf_over(storage, sizeof(storage));
    buf_putc(&limits, '(');
    opt_put_limits(opt, &limits);
    if (limits.len > 1) {
        buf_putc(&limits, ')');
        put_prose(out, buf_view(&limits));
    }
}

static void put_opts(const struct opt_command *command, FILE *out)
{
    (void)fputs(".Sh OPTIONS\n", out);
    for (uint32_t i = 0; i < command->opts_count; i++) {
        const char *group = command->opts[i].group;
        if (group && i > 0)
            (void)fputs(".El\n", out);
        if (group) {
            (void)fputs(".Ss ", out);
            put_prose(out, str_of(group));
        }
        if (group || i == 0)
            (void)fputs(".Bl -tag -width Ds\n", out);
        put_opt(out, &command->opts[i]);
    }
    (void)fputs(command->opts_count > 0 ? ".El\n.Ss Common options\n" : "", out);
    (void)fputs(".Bl -tag -width Ds\n.It Fl h , Fl -help\nShow help.\n"
                ".It Fl -version\nShow the version.\n.El\n",
                out);
}

static void put_environment(const struct opt_command *command, FILE *out)
{
    if (command->opts_count == 0)
        return;
    (void)fputs(".Sh ENVIRONMENT\nWhat the command line does not say is read from:\n"
                ".Bl -tag -width Ds\n",
                out);
    for (uint32_t i = 0; i < command->opts_count; i++) {
        const struct opt *opt = &command->opts[i];
        char storage[OPT_NAME_BYTES];
        struct buf name = buf_over(storage, sizeof(storage));
        opt_put_env_name(opt, &name);
        (void)fprintf(out, ".It Ev %s", storage);
        if (opt->env_also)
            (void)fprintf(out, " , Ev %s", opt->env_also);
        (void)fprintf(out, "\n.Fl -%s\n", opt->name);
    }
    (void)fputs(".El\n", out);
}

static void put_exits(const char *exits, FILE *out)
{
    struct str line;
    (void)fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n", out);
    while (opt_next_line(&exits, &line)) {
        struct str code;
        (void)!str_split(&line, ' ', &code);
        (void)fprintf(out, ".It %.*s\n", STR_ARGS(code));
        put_prose(out, str_trim(line));
    }
    (void)fputs(".El\n", out);
}

static void put_examples(const char *const *examples, FILE *out)
{
    (void)fputs(".Sh EXAMPLES\n", out);
    for (const char *const *at = examples; at[0]; at += 2) {
        if (at != examples)
            (void)fputs(".Pp\n", out);
        put_prose(out, str_of(at[1]));
        (void)fputs(".Bd -literal -offset indent\n", out);
        put_literal(out, str_of(at[0]));
        (void)fputs(".Ed\n", out);
    }
}

void opt_write_man(const struct opt_command *command, FILE *out)
{
    put_head(command, out);
    (void)fputs(".Sh DESCRIPTION\n", out);
    put_text(out, command->text ? command->text : command->about);
    put_opts(command, out);
    put_environment(command, out);
    if (command->exits)
        put_exits(command->exits, out);
    if (command->examples)
        put_examples(command->examples, out);
}
