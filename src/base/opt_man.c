/* opt_man.c: a command's manual page, from the option table. */
#include <stdio.h>

#include "base/mdoc.h"
#include "base/opt_table.h"

#define LIMITS_BYTES 300

static void put_head(const struct opt_command *command, FILE *out)
{
    char storage[OPT_NAME_BYTES];
    struct buf name = buf_over(storage, sizeof(storage));
    opt_put_program(command, "-", &name);
    for (char *at = storage; *at; at++)
        *at = *at == ' ' ? '-' : *at;
    mdoc_put_head(out, str_of(storage), 1);
    (void)fprintf(out, ".Sh NAME\n.Nm %s\n.Nd ", storage);
    struct str about = str_of(command->about);
    while (about.len > 0 && about.ptr[about.len - 1] == '.')
        about.len--; /* mdoc wants no full stop here */
    mdoc_put_prose(out, about);

    buf_reset(&name);
    opt_put_program(command, " ", &name);
    (void)fprintf(out, ".Sh SYNOPSIS\n.Nm %s\n.Op Ar OPTION ...\n", storage);
    if (command->arguments) {
        (void)fputs(".Ar ", out);
        mdoc_put_argument(out, str_of(command->arguments));
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
        mdoc_put_argument(out, str_of(opt->value_name ? opt->value_name : "VALUE"));
    }
    (void)fputc('\n', out);
    mdoc_put_prose(out, str_of(opt->help));
    char storage[LIMITS_BYTES];
    struct buf limits = buf_over(storage, sizeof(storage));
    buf_putc(&limits, '(');
    opt_put_limits(opt, &limits);
    if (limits.len > 1) {
        buf_putc(&limits, ')');
        mdoc_put_prose(out, buf_view(&limits));
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
            mdoc_put_prose(out, str_of(group));
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
        mdoc_put_prose(out, str_trim(line));
    }
    (void)fputs(".El\n", out);
}

static void put_examples(const char *const *examples, FILE *out)
{
    (void)fputs(".Sh EXAMPLES\n", out);
    for (const char *const *at = examples; at[0]; at += 2) {
        if (at != examples)
            (void)fputs(".Pp\n", out);
        mdoc_put_prose(out, str_of(at[1]));
        (void)fputs(".Bd -literal -offset indent\n", out);
        mdoc_put_literal(out, str_of(at[0]));
        (void)fputs(".Ed\n", out);
    }
}

void opt_write_man(const struct opt_command *command, FILE *out)
{
    put_head(command, out);
    (void)fputs(".Sh DESCRIPTION\n", out);
    mdoc_put_text(out, command->text ? command->text : command->about);
    put_opts(command, out);
    put_environment(command, out);
    if (command->exits)
        put_exits(command->exits, out);
    if (command->examples)
        put_examples(command->examples, out);
}
