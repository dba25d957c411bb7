/*
 * process.h: running the real programs: start, wait with a time limit, read what they said.
 */
#ifndef TS_TESTS_PROCESS_H
#define TS_TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_ARGS_MAX 64

struct process {
    pid_t pid;
    char out[256], err[256]; /* the files that stdout and stderr went to */
};

/* What a program left: its exit code (128 + signal if it was killed) and its texts, on the
 * heap. */
struct outcome_of_run {
    int exit_code;
    char *out, *err;
};

/* Starts argv[0] (NULL-terminated list) with stdout and stderr into files in `dir`. Fails the
 * test when it cannot. */
struct process process_start(const char *dir, const char *const *argv);

/* Waits at most `seconds`, then kills it and fails the test. */
struct outcome_of_run process_wait(const struct process *process, int seconds);

/* True if it still runs. */
bool process_is_running(const struct process *process);

struct outcome_of_run process_run(const char *dir, const char *const *argv, int seconds);
void outcome_of_run_free(struct outcome_of_run *run);

/* A whole file on the heap, NUL-terminated; fails the test when it cannot be read. */
char *read_whole_file(const char *path);

/* How often `needle` stands in text. */
size_t count_of(const char *text, const char *needle);

#endif
