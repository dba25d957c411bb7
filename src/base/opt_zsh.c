/* opt_zsh.c: completion of commands, options and choices for zsh, from the tables. */
#include <stdio.h>

#include "base/opt_table.h"

/* Inside '...' of the shell, where _arguments gives meaning to some characters. */
static void put_quoted(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            (void)fputs("'\\''", out);
        else if (strchr("\\[]:", *text))
            (void)fprintf(out, "\\%c", *text);
        else
            (void)fputc(*text, out);
    }
}

static void put_commands(const struct opt_command *const *commands, size_t count, FILE *out)
{
    (void)fputs("    local -a commands\n    commands=(\n", out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "        '%s:", commands[i]->name);
        put_quoted(commands[i]->about, out);
        (void)fputs("'\n", out);
    }
    (void)fputs("    )\n", out);
}

static const char *files_action(struct str value_name)
{
    if (str_has_prefix(value_name, STR("FILE")))
        return "_files";
    return str_equal(value_name, STR("DIR")) ? "_files -/" : "";
}

static void put_value(const struct opt *opt, FILE *out)
{
    const char *name = opt->value_name ? opt->value_name : "VALUE";
    (void)fputc(':', out);
    put_quoted(name, out);
    (void)fputc(':', out);
    if (opt->type != OPT_CHOICE) {
        (void)fputs(files_action(str_of(name)), out);
        return;
    }
    for (int i = 0; opt->choices[i]; i++)
        (void)fprintf(out, "%c%s", i > 0 ? ' ' : '(', opt->choices[i]);
    (void)fputc(')', out);
}

/* '(-q --quiet)'{-q,--quiet}'[help]:VALUE:action', or without the letter '--quiet[help]…'. */
static void put_option(const struct opt *opt, FILE *out)
{
    bool flag = opt->type == OPT_FLAG;
    (void)fputs("            ", out);
    if (opt->type == OPT_LIST)
        (void)fputs("'*'", out); /* may be given again */
    else if (opt->key)
        (void)fprintf(out, "'(-%c --%s)'", opt->key, opt->name);
    if (opt->key)
        (void)fprintf(out, "{-%c%s,--%s%s}'[", opt->key, flag ? "" : "+", opt->name,
                      flag ? "" : "=");
    else
        (void)fprintf(out, "'--%s%s[", opt->name, flag ? "" : "=");
    put_quoted(opt->help, out);
    (void)fputc(']', out);
    if (!flag)
        put_value(opt, out);
    (void)fputs("' \\\n", out);
}

static void put_arguments(const struct opt_command *command, FILE *out)
{
    struct str words = opt_argument_words(command), word;
    if (words.len > 0) {
        (void)fputs("            '1:what:(", out);
        for (const char *between = ""; str_split(&words, '|', &word); between = " ")
            (void)fprintf(out, "%s%.*s", between, STR_ARGS(word));
        (void)fputs(")' \\\n", out);
    }
    if (command->arguments)
        (void)fputs("            '*:argument:_files' \\\n", out);
}

static void put_command(const struct opt_command *command, FILE *out)
{
    (void)fprintf(out, "    (%s)\n        _arguments -s \\\n", command->name);
    for (uint32_t i = 0; i < command->opts_count; i++)
        put_option(&command->opts[i], out);
    if (strcmp(command->name, "help") == 0)
        (void)fputs("            '1:command:(${commands%%:*})' \\\n", out);
    else
        put_arguments(command, out);
    (void)fputs("            '(-h --help)'{-h,--help}'[show help]' \\\n"
                "            '--version[show the version]'\n        ;;\n",
                out);
}

void opt_write_zsh_completion(const struct opt_command *const *commands, size_t count,
                              FILE *out)
{
    (void)fputs("#compdef teesheet\n_teesheet()\n{\n", out);
    put_commands(commands, count, out);
    (void)fputs("    if ((CURRENT == 2)); then\n        _describe command commands\n"
                "        return\n    fi\n"
                "    shift words\n    ((CURRENT--))\n    case $words[1] in\n",
                out);
    for (size_t i = 0; i < count; i++)
        put_command(commands[i], out);
    /* As an autoloaded file it is called at once; sourced, it registers itself. */
    (void)fputs("    esac\n}\nif [[ $funcstack[1] == _teesheet ]]; then\n    _teesheet \"$@\"\n"
                "else\n    compdef _teesheet teesheet\nfi\n",
                out);
}
