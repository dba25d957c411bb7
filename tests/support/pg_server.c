/* pg_server.c: runs pg_server.sh. */
#include "support/pg_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_child(const struct pg_server *server, const char *command, const char *argument,
                      int out)
{
    if (dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    execl("/bin/bash", "bash", TS_SOURCE_DIR "/tests/support/pg_server.sh", command,
          server->dir, argument, (char *)NULL);
    _exit(127);
}

/* All that comes until end of file, the last newline off. */
static void read_all(int in, char *output, size_t cap)
{
    size_t len = 0;
    char chunk[512];
    for (;;) {
        ssize_t got = read(in, chunk, sizeof(chunk));
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got && len + 1 < cap; i++)
            output[len++] = chunk[i];
    }
    if (len && output[len - 1] == '\n')
        len--;
    if (cap)
        output[len] = '\0';
}

int pg_server_run(const struct pg_server *server, const char *command, const char *argument,
                  char *output, size_t cap)
{
    int pipe_fds[2];
    /* Close-on-exec: a server that the script starts must not hold the pipe open. */
    if (pipe2(pipe_fds, O_CLOEXEC) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0)
        run_child(server, command, argument, pipe_fds[1]);
    close(pipe_fds[1]);
    read_all(pipe_fds[0], output, output ? cap : 0);
    close(pipe_fds[0]);
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

bool pg_server_begin(struct pg_server *server, const char *env_name, const char *option)
{
    const char *dir = getenv(env_name);
    server->own = dir == NULL;
    (void)snprintf(server->dir, sizeof(server->dir), "%s", dir ? dir : "");
    if (!dir) {
        (void)snprintf(server->dir, sizeof(server->dir), "/tmp/tspg-test.XXXXXX");
        if (!mkdtemp(server->dir))
            abort();
        char said[2000] = "";
        int status = pg_server_run(server, "start", option, said, sizeof(said));
        if (status != 0) {
            printf("PostgreSQL did not start (%d): %s\n", status, said);
            abort();
        }
    }
    char lacks[200] = "";
    if (pg_server_run(server, "lacks", NULL, lacks, sizeof(lacks)) != 0)
        abort();
    if (lacks[0])
        printf("SKIPPED: this machine lacks %s\n", lacks);
    return !lacks[0];
}

void pg_server_end(struct pg_server *server)
{
    if (!server->own)
        return;
    (void)pg_server_run(server, "stop", NULL, NULL, 0);
    (void)rmdir(server->dir);
}
