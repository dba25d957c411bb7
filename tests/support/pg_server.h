/*
 * pg_server.h: a real PostgreSQL for a test: the one that CTest's fixture started, or an own
 * one.
 *
 * A thin shell around pg_server.sh, which has the commands (psql, down, up, restart,
 * kill-backend, pause, resume, url …).
 */
#ifndef TS_TESTS_SUPPORT_PG_SERVER_H
#define TS_TESTS_SUPPORT_PG_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct pg_server {
    char dir[200];
    bool own; /* started by us: stopped by pg_server_end */
};

/* Takes the server whose folder the environment variable names, else starts one with `options`
 * ("tls", "pooler" or NULL). False: what is lacking was printed, skip the test. */
bool pg_server_begin(struct pg_server *server, const char *env_name, const char *option);
void pg_server_end(struct pg_server *server);

/* Runs a command of pg_server.sh; what it prints (without the last newline) goes to output,
 * which may be NULL. Returns its exit status. */
int pg_server_run(const struct pg_server *server, const char *command, const char *argument,
                  char *output, size_t cap);

#endif
