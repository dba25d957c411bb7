/*
 * read_harness.h: runs `teesheet` for test_cmd_read, in a folder that goes away.
 */
#ifndef TS_TESTS_READ_HARNESS_H
#define TS_TESTS_READ_HARNESS_H

#include "support/process.h"

extern char read_folder[40];
extern char read_where[600];            /* "--store URL --schema NAME", of all commands */
extern struct outcome_of_run read_said; /* by the last command */

bool read_begin(void);
int read_end(void); /* 0: the folder is gone */

/* Runs `teesheet WORDS`, on read_where unless they name a store; words are apart by single
 * blanks. Returns the exit code. */
int read_run(const char *words);

/* The same on a terminal of `columns`; reads the screen, stderr too. It must exit 0. */
void read_on_terminal(const char *words, unsigned short columns, char *screen, size_t cap);

void read_expect(const char *text, const char *expected);

#endif
