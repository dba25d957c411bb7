/* opt_bash.c: completion of commands, options and choices for bash, from the tables. */
#include <ctype.h>
#include <stdio.h>

#include "base/opt_table.h"

static void put_names(const struct opt_command *const *commands, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%s ", commands[i]->name);
}

struct str opt_argument_words(const struct opt_command *command)
{
    struct str rest = str_of(command->arguments ? command->arguments : ""), first = { 0 };
    (void)!str_split(&rest, ' ', &first);
    bool fixed = first.len > 0 && islower((unsigned char)first.ptr[0]);
    return fixed ? first : (struct str){ 0 };
}

static void put_argument_words(const struct opt_command *command, FILE *out)
{
    struct str words = opt_argument_words(command), word;
    if (words.len == 0)
        return;
    (void)fprintf(out, "    '%s %s') words='", command->name, command->name);
    for (const char *between = ""; str_split(&words, '|', &word); between = " ")
        (void)fprintf(out, "%s%.*s", between, STR_ARGS(word));
    (void)fputs("' ;;\n", out);
}

static void put_options(const struct opt_command *command, FILE *out)
{
    (void)fprintf(out, "    %s) words='", command->name);
    for (uint32_t i = 0; i < command->opts_count; i++)
        (void)fprintf(out, "--%s ", command->opts[i].name);
    (void)fputs("--help --version' ;;\n", out);
}

static void put_choices(const struct opt_command *command, FILE *out)
{
    for (uint32_t i = 0; i < command->opts_count; i++) {
        const struct opt *opt = &command->opts[i];
        if (opt->type != OPT_CHOICE)
            continue;
        (void)fprintf(out, "    '%s --%s') words='", command->name, opt->name);
        for (int j = 0; opt->choices[j]; j++)
            (void)fprintf(out, "%s%s", j > 0 ? " " : "", opt->choices[j]);
        (void)fputs("' ;;\n", out);
    }
}

void opt_write_bash_completion(const struct opt_command *const *commands, size_t count,
                               FILE *out)
{
    (void)fputs("# bash completion of teesheet\n"
                "_teesheet()\n{\n"
                "    local words='' previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    case ${COMP_WORDS[1]} in\n",
                out);
    for (size_t i = 0; i < count; i++)
        put_options(commands[i], out);
    (void)fputs("    esac\n    case \"${COMP_WORDS[1]} $previous\" in\n", out);
    for (size_t i = 0; i < count; i++) {
        put_argument_words(commands[i], out);
        put_choices(commands[i], out);
    }
    (void)fputs("    'help help') words='", out);
    put_names(commands, count, out);
    (void)fputs("--man --completion' ;;\n    esac\n    ((COMP_CWORD > 1)) || words='", out);
    put_names(commands, count, out);
    (void)fputs("--help --version'\n"
                "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
                "\"${COMP_WORDS[COMP_CWORD]}\")\n"
                "}\ncomplete -o default -F _teesheet teesheet\n",
                out);
}
