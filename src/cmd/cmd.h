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

/* Exit codes (domain/exits.h) as help tells them; `usage` says what 1 means. */
#define CMD_EXITS(usage)                                                                       \
    "0 as good as expected, or nothing was due\n"                                              \
    "1 " usage "\n"                                                                            \
    "2 could not start, or the store was lost for good or is full\n"                           \
    "3 finished, but worse than --fail-on allows, or tee sheets were set aside, or the "       \
    "deadline was reached\n"                                                                   \
    "4 interrupted; everything committed so far is kept\n"                                     \
    "5 blind: nothing could be observed\n"

#define COMMAND(name) extern const struct command cmd_##name;
#include "cmd/commands.def"
#undef COMMAND

/* How a command ends: says what went wrong, if anything did, and returns the exit code; `good`
 * without an error. */
int cmd_exit(const char *command, ts_err err, const struct error *error, int good);

/* Runs the command that argv[1] names, or help; returns the exit code. */
int cmd_dispatch(const struct command *const *commands, size_t count, int argc, char **argv);

#endif
