/*
 * sim_process.h: teesheet-sim as a process of a test, with a temporary folder for its files.
 * Its clock starts at 2026-12-01T09:00:00Z.
 */
#ifndef TS_INTEGRATION_SIM_PROCESS_H
#define TS_INTEGRATION_SIM_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SIM_PROGRAM TS_BINARY_DIR "/teesheet-sim"

struct sim {
    pid_t pid;
    long port;
};

/* Around all else. */
bool sim_make_folder(void);
void sim_remove_folder(void);

/* The path of a file of the folder: "out", "err", "port" or "stats". */
void sim_path(char *out, size_t cap, const char *name);

/* The whole of such a file, to be freed; NULL: it is missing or empty. */
char *sim_read_file(const char *name);

/* Runs the program to its end; its exit code, and its stdout, to be freed. */
int sim_run(const char *const *args, char **ret_out);

/* Starts serving, and waits until it does; ends it by SIGTERM and expects exit code 0. */
struct sim sim_start(const char *const *args);
void sim_stop(struct sim *sim);

/* The number that a text begins with. */
long sim_number_at(const char *text);

#endif
