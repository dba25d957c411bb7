/*
 * opt.h: the options of one command, as one table from which parsing, environment, help, man
 * page and completion come. The only user of argp.
 *
 * Values are written into the command's options struct at their offset: text and lists as
 * borrowed pointers (argv, environ or defaults), the rest as numbers. An option that is given
 * nowhere and has no default is false, NULL, empty or 0. No abbreviations; lists are repeated
 * options or comma-separated.
 */
#ifndef TS_BASE_OPT_H
#define TS_BASE_OPT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

#define OPT_LIST_MAX 64
#define OPT_MAX      64 /* options of one command */

enum opt_type {
    OPT_FLAG,     /* bool */
    OPT_TEXT,     /* const char * */
    OPT_LIST,     /* struct opt_list */
    OPT_COUNT,    /* int64_t within min..max */
    OPT_BYTES,    /* uint64_t within min..max */
    OPT_DURATION, /* int64_t µs within min..max */
    OPT_DATE,     /* int32_t days */
    OPT_INSTANT,  /* int64_t Unix seconds */
    OPT_CHOICE,   /* int: index into choices */
};

struct opt_list {
    uint32_t count;
    struct str items[OPT_LIST_MAX];
};

struct opt {
    const char *name;       /* "batch-size": --batch-size and TEESHEET_BATCH_SIZE */
    char key;               /* short option letter or 0 */
    const char *env_also;   /* another environment name ("UPSERT_BATCH_SIZE") or NULL */
    const char *value_name; /* "N"; NULL for flags */
    enum opt_type type;
    size_t offset;              /* in the command's options struct */
    int64_t min, max;           /* OPT_COUNT, OPT_BYTES, OPT_DURATION; max 0: no limit */
    const char *default_text;   /* as a user would type it; NULL: none */
    const char *const *choices; /* NULL-terminated, OPT_CHOICE */
    bool secret;                /* never echo its value in an error */
    const char *help;
    const char *group; /* a heading that begins here, in help and man page; or NULL */
};

struct opt_command {
    const char *name;  /* "collect"; another program's starts with its name: "teesheet-sim" */
    const char *about; /* one line */
    const char *text;  /* for help and man page, or NULL: paragraphs apart by empty lines;
                          lines that begin with a blank are kept as they are */
    const char *arguments; /* "[FILE]" or NULL */
    const struct opt *opts;
    uint32_t opts_count;
    const char *const *examples; /* NULL-terminated pairs: command, what it does; or NULL */
    const char *exits;           /* lines "CODE meaning", or NULL */
};

/* Sets into *options what argv says, else TEESHEET_<NAME>, else env_also (an empty variable
 * counts as unset), else the default. Positional arguments go to `arguments` (NULL: none are
 * allowed). Prints --help/--version and exits 0; wrong usage (unknown option, abbreviation,
 * value out of range: with the range) prints one line and exits 1. `from_argv`, if not NULL,
 * gets a bool per option: given on the command line. */
void opt_parse(const struct opt_command *command, int argc, char **argv, void *options,
               struct opt_list *arguments, bool *from_argv);

/* One option's value as opt_parse would take it. TS_ERR_USAGE with name, value and what is
 * allowed. */
TS_MUST_USE ts_err opt_set(const struct opt *opt, const char *value, void *options,
                           struct error *reterr);

/* The columns for help on stdout: the terminal's, at most 100. */
uint32_t opt_help_width(void);

/* Help wrapped at `width` columns, and a man page in mdoc(7) source, from the same table. */
void opt_write_help(const struct opt_command *command, uint32_t width, FILE *out);
void opt_write_man(const struct opt_command *command, FILE *out);

/* Completion scripts of the program that has these commands; zsh's also serves as a file
 * `_teesheet` of $fpath. */
void opt_write_bash_completion(const struct opt_command *const *commands, size_t count,
                               FILE *out);
void opt_write_zsh_completion(const struct opt_command *const *commands, size_t count,
                              FILE *out);

/* The candidate that `word` is most likely meant to be; NULL: none is near. */
const char *opt_nearest(struct str word, const char *const *candidates, size_t count);

#endif
