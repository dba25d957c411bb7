/* opt_help.c: --help, from the option table. */
#include <stdio.h>

#include "base/opt_table.h"

#define HELP_COLUMN   30
#define ENTRY_BYTES   120
#define DETAILS_BYTES 400

/* Where writing stands, for wrapping at word ends. */
struct wrap {
    FILE *out;
    uint32_t width, indent, column;
};

static uint32_t columns_of(struct str word)
{
    uint32_t columns = 0;
    for (size_t i = 0; i < word.len; i++)
        columns += ((unsigned char)word.ptr[i] & 0xC0) != 0x80;
    return columns;
}

static void new_line(struct wrap *wrap)
{
    (void)fputc('\n', wrap->out);
    wrap->column = 0;
}

static void move_to(struct wrap *wrap, uint32_t column)
{
    for (; wrap->column < column; wrap->column++)
        (void)fputc(' ', wrap->out);
}

static void put_words(struct wrap *wrap, struct str text)
{
    struct str word;
    while (str_split(&text, ' ', &word)) {
        uint32_t columns = columns_of(word);
        bool at_start = wrap->column <= wrap->indent;
        if (!at_start && wrap->column + 1 + columns > wrap->width)
            new_line(wrap);
        if (wrap->column > wrap->indent)
            move_to(wrap, wrap->column + 1);
        else
            move_to(wrap, wrap->indent);
        (void)fprintf(wrap->out, "%.*s", STR_ARGS(word));
        wrap->column += columns;
    }
}

bool opt_next_line(const char **rest, struct str *ret_line)
{
    if (!*rest || !**rest)
        return false;
    const char *end = strchr(*rest, '\n');
    size_t len = end ? (size_t)(end - *rest) : strlen(*rest);
    *ret_line = (struct str){ *rest, len };
    *rest += end ? len + 1 : len;
    return true;
}

/* Paragraphs are filled; a line that begins with a blank stays as it is. */
static void put_text(FILE *out, uint32_t width, const char *text)
{
    struct wrap wrap = { .out = out, .width = width };
    struct str line;
    while (opt_next_line(&text, &line)) {
        bool verbatim = line.len == 0 || line.ptr[0] == ' ';
        if (verbatim && wrap.column > 0)
            new_line(&wrap);
        if (verbatim)
            (void)fprintf(out, "%.*s\n", STR_ARGS(line));
        else
            put_words(&wrap, line);
    }
    if (wrap.column > 0)
        new_line(&wrap);
}

static void put_entry(struct wrap *wrap, const char *entry, struct str help)
{
    uint32_t columns = columns_of(str_of(entry));
    (void)fputs(entry, wrap->out);
    wrap->column = columns;
    if (columns + 2 > HELP_COLUMN)
        new_line(wrap);
    move_to(wrap, HELP_COLUMN);
    put_words(wrap, help);
    new_line(wrap);
}

static void put_opt(struct wrap *wrap, const struct opt *opt)
{
    char entry_storage[ENTRY_BYTES];
    struct buf entry = buf_over(entry_storage, sizeof(entry_storage));
    if (opt->key)
        buf_printf(&entry, "  -%c, --%s", opt->key, opt->name);
    else
        buf_printf(&entry, "      --%s", opt->name);
    if (opt->type != OPT_FLAG)
        buf_printf(&entry, "=%s", opt->value_name ? opt->value_name : "VALUE");

    char details_storage[DETAILS_BYTES];
    struct buf details = buf_over(details_storage, sizeof(details_storage));
    buf_printf(&details, "%s (", opt->help);
    size_t before = details.len;
    opt_put_limits(opt, &details);
    if (details.len == before)
        put_entry(wrap, entry_storage, str_of(opt->help));
    else {
        buf_putc(&details, ')');
        put_entry(wrap, entry_storage, buf_view(&details));
    }
}

static void put_opts(const struct opt_command *command, uint32_t width, FILE *out)
{
    struct wrap wrap = { .out = out, .width = width, .indent = HELP_COLUMN };
    for (uint32_t i = 0; i < command->opts_count; i++) {
        const char *group = command->opts[i].group;
        if (i == 0 || group)
            (void)fprintf(out, "\n%s:\n", group ? group : "Options");
        put_opt(&wrap, &command->opts[i]);
    }
    (void)fputs(command->opts_count > 0 ? "\n" : "\nOptions:\n", out);
    put_entry(&wrap, "  -h, --help", STR("show this help"));
    put_entry(&wrap, "      --version", STR("show the version"));
    if (command->opts_count == 0)
        return;
    char name_storage[OPT_NAME_BYTES];
    struct buf name = buf_over(name_storage, sizeof(name_storage));
    opt_put_env_name(&command->opts[0], &name);
    (void)fputc('\n', out);
    char note[DETAILS_BYTES];
    (void)snprintf(note, sizeof(note),
                   "Every option is also read from the environment: --%s from %s.",
                   command->opts[0].name, name_storage);
    put_text(out, width, note);
}

static void put_exits(const char *exits, uint32_t width, FILE *out)
{
    struct wrap wrap = { .out = out, .width = width, .indent = 4 };
    struct str line;
    (void)fputs("\nExit status:\n", out);
    while (opt_next_line(&exits, &line)) {
        struct str code;
        (void)!str_split(&line, ' ', &code);
        wrap.column = 4;
        (void)fprintf(out, "%3.*s ", STR_ARGS(code));
        put_words(&wrap, str_trim(line));
        new_line(&wrap);
    }
}

/* The command line stays whole: it is to be copied. */
static void put_example(const char *line, const char *does, uint32_t width, FILE *out)
{
    struct wrap wrap = { .out = out, .width = width, .indent = 6 };
    (void)fprintf(out, "  %s\n", line);
    put_words(&wrap, str_of(does));
    new_line(&wrap);
}

void opt_write_help(const struct opt_command *command, uint32_t width, FILE *out)
{
    char program_storage[OPT_NAME_BYTES];
    struct buf program = buf_over(program_storage, sizeof(program_storage));
    opt_put_program(command, " ", &program);
    (void)fprintf(out, "Usage: %s [OPTION...]%s%s\n", program_storage,
                  command->arguments ? " " : "", command->arguments ? command->arguments : "");
    put_text(out, width, command->about);
    if (command->text) {
        (void)fputc('\n', out);
        put_text(out, width, command->text);
    }
    put_opts(command, width, out);
    if (command->examples)
        (void)fputs("\nExamples:\n", out);
    for (const char *const *at = command->examples; at && at[0]; at += 2)
        put_example(at[0], at[1], width, out);
    if (command->exits)
        put_exits(command->exits, width, out);
}
