/* opt_completion.c: completion of commands, options and choices for bash, from the tables. */
#include <stdio.h>

#include "base/opt_table.h"

static void put_names(const struct opt_command *const *commands, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%s ", commands[i]->name);
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

void opt_write_completion(const struct opt_command *const *commands, size_t count, FILE *out)
{
    (void)fputs("# bash completion of teesheet\n"
                "_teesheet()\n{\n"
                "    local words='' previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    case ${COMP_WORDS[1]} in\n",
                out);
    for (size_t i = 0; i < count; i++)
        put_options(commands[i], out);
    (void)fputs("    esac\n    case \"${COMP_WORDS[1]} $previous\" in\n", out);
    for (size_t i = 0; i < count; i++)
        put_choices(commands[i], out);
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
