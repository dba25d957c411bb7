/*
 * cmd.h: the subcommands. One file each, each a constant that commands.def lists; a command
 * parses its options with opt_parse, runs, and returns its exit code (domain/exits.h).
 */
#ifndef TS_CMD_CMD_H
#define TS_CMD_CMD_H

#include "base/opt.h"

struct command {
    const struct opt_command *options;
    /* argv[0] is the command's name. */
    int (*run)(int argc, char **argv);
};

#define COMMAND(name) extern const struct command cmd_##name;
#include "cmd/commands.def"
#undef COMMAND

/* How a command ends: says what went wrong, if anything did, and returns the exit code; `good`
 * without an error. */
int cmd_exit(const char *command, ts_err err, const struct error *error, int good);

/* Runs the command that argv[1] names, or help; returns the exit code. */
int cmd_dispatch(const struct command *const *commands, size_t count, int argc, char **argv);

#endif
