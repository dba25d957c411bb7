/*
 * opt_table.h: what the files of base/opt share. Private to them.
 */
#ifndef TS_BASE_OPT_TABLE_H
#define TS_BASE_OPT_TABLE_H

#include "base/buf.h"
#include "base/opt.h"

#define OPT_NAME_BYTES 100

/* "teesheet collect"; "teesheet-sim" for a program of its own. `separator` stands between. */
void opt_put_program(const struct opt_command *command, const char *separator, struct buf *out);

/* "TEESHEET_BATCH_SIZE". */
void opt_put_env_name(const struct opt *opt, struct buf *out);

/* "1..10000, default 100; also UPSERT_BATCH_SIZE": what a value may be; nothing for some. */
void opt_put_limits(const struct opt *opt, struct buf *out);

/* Writes one value; `label` names its source ("--batch-size") in an error. A list grows. */
TS_MUST_USE ts_err opt_value_set(const struct opt *opt, const char *label, const char *value,
                                 void *options, struct error *reterr);

/* False, NULL, empty or 0. */
void opt_value_clear(const struct opt *opt, void *options);

/* "check|migrate" of the arguments "check|migrate [FILE]"; empty: no fixed words come first. */
struct str opt_argument_words(const struct opt_command *command);

/* Cuts the next line off *rest; false at the end. */
bool opt_next_line(const char **rest, struct str *ret_line);

#endif
