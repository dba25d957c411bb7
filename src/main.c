/* main.c: the table of subcommands (its lines are in cmd/commands.def), and nothing else. */
#include "cmd/cmd.h"

int main(int argc, char **argv)
{
    static const struct command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "cmd/commands.def"
#undef COMMAND
    };
    return cmd_dispatch(commands, TS_COUNT_OF(commands), argc, argv);
}
