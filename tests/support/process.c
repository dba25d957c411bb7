/* process.c: fork, exec, files for what is said, and a clock against hanging. */
#include "support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

static int make_file(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    return file;
}

static void exec_program(const char *const *argv, const int fds[3])
{
    for (int fd = 0; fd < 3; fd++) {
        if (dup2(fds[fd], fd) < 0)
            _exit(127);
    }
    char *args[PROCESS_ARGS_MAX] = { NULL };
    for (size_t i = 0; i < PROCESS_ARGS_MAX - 1 && argv[i]; i++)
        args[i] = strdup(argv[i]);
    (void)execv(args[0], args);
    _exit(127);
}

struct process process_start(const char *dir, const char *const *argv)
{
    static unsigned number;
    struct process process = { 0 };
    number++;
    (void)snprintf(process.out, sizeof(process.out), "%s/%u.out", dir, number);
    (void)snprintf(process.err, sizeof(process.err), "%s/%u.err", dir, number);
    const int fds[3] = { open("/dev/null", O_RDONLY | O_CLOEXEC), make_file(process.out),
                         make_file(process.err) };
    process.pid = fork();
    assert_true(process.pid >= 0);
    if (process.pid == 0)
        exec_program(argv, fds);
    for (int i = 0; i < 3; i++)
        (void)close(fds[i]);
    return process;
}

bool process_is_running(const struct process *process)
{
    siginfo_t info = { 0 };
    return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

struct outcome_of_run process_wait(const struct process *process, int seconds)
{
    int status = 0;
    for (int tenths = 0; tenths < seconds * 100; tenths++) {
        pid_t pid = waitpid(process->pid, &status, WNOHANG);
        if (pid == process->pid) {
            return (struct outcome_of_run){
                .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                .out = read_whole_file(process->out),
                .err = read_whole_file(process->err),
            };
        }
        (void)usleep(10000);
    }
    (void)kill(process->pid, SIGKILL);
    (void)waitpid(process->pid, &status, 0);
    char *err = read_whole_file(process->err);
    fail_msg("still running after %d s; it said:\n%s", seconds, err);
    return (struct outcome_of_run){ 0 };
}

struct outcome_of_run process_run(const char *dir, const char *const *argv, int seconds)
{
    struct process process = process_start(dir, argv);
    return process_wait(&process, seconds);
}

void outcome_of_run_free(struct outcome_of_run *run)
{
    free(run->out);
    free(run->err);
}

char *read_whole_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    size_t cap = 1 << 16, len = 0;
    char *text = malloc(cap);
    assert_non_null(text);
    for (;;) {
        len += fread(text + len, 1, cap - 1 - len, file);
        if (len < cap - 1)
            break;
        cap *= 2;
        text = realloc(text, cap);
        assert_non_null(text);
    }
    assert_int_equal(fclose(file), 0);
    text[len] = '\0';
    return text;
}

size_t count_of(const char *text, const char *needle)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, needle)); at += strlen(needle))
        count++;
    return count;
}
