/* sim_process.c: fork and exec of teesheet-sim, and its files. */
#include "integration/sim_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

#define NOW      "--now=2026-12-01T09:00:00Z"
#define ARGS_MAX 12

static char folder[] = "/tmp/teesheet-sim-test-XXXXXX";

bool sim_make_folder(void)
{
    return mkdtemp(folder) != NULL;
}

void sim_path(char *out, size_t cap, const char *name)
{
    (void)snprintf(out, cap, "%s/%s", folder, name);
}

/* Starts teesheet-sim; its stdout goes to the file `out`, its stderr to `err`. */
static pid_t start_program(const char *const *args)
{
    const char *argv[ARGS_MAX + 4] = { SIM_PROGRAM, NOW };
    for (int i = 0; args[i]; i++)
        argv[i + 2] = args[i];
    (void)fflush(stdout); /* the child must not write it again */
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    char path[256];
    sim_path(path, sizeof(path), "out");
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    sim_path(path, sizeof(path), "err");
    int err = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(99);
    (void)execv(SIM_PROGRAM, (char *const *)(uintptr_t)argv);
    _exit(98);
}

static int wait_for_exit(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* The whole of a file of the folder; the caller frees. */
char *sim_read_file(const char *name)
{
    char path[256];
    char *text = NULL;
    size_t len = 0;
    sim_path(path, sizeof(path), name);
    FILE *in = fopen(path, "re");
    if (!in)
        return NULL;
    ssize_t got = getdelim(&text, &len, '\0', in);
    (void)fclose(in);
    return got > 0 ? text : (free(text), NULL);
}

int sim_run(const char *const *args, char **ret_out)
{
    int code = wait_for_exit(start_program(args));
    *ret_out = sim_read_file("out");
    return code;
}

/* The number that the text begins with. */
long sim_number_at(const char *text)
{
    long value = 0;
    return sscanf(text, "%ld", &value) == 1 ? value : 0;
}

struct sim sim_start(const char *const *args)
{
    char port_option[300], path[256];
    const char *all[ARGS_MAX] = { port_option };
    sim_path(path, sizeof(path), "port");
    (void)snprintf(port_option, sizeof(port_option), "--port-file=%s", path);
    (void)unlink(path);
    for (int i = 0; args[i]; i++)
        all[i + 1] = args[i];
    struct sim sim = { .pid = start_program(all) };
    for (int tries = 0; tries < 1000 && sim.port == 0; tries++) {
        char *text = sim_read_file("port");
        sim.port = text ? sim_number_at(text) : 0;
        free(text);
        (void)usleep(10000);
    }
    assert_true(sim.port > 0);
    return sim;
}

void sim_stop(struct sim *sim)
{
    assert_int_equal(kill(sim->pid, SIGTERM), 0);
    assert_int_equal(wait_for_exit(sim->pid), 0);
}

void sim_remove_folder(void)
{
    static const char *const names[] = { "out", "err", "port", "stats" };
    char path[256];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        sim_path(path, sizeof(path), names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}
