/* mandoc.c: a page in a temporary file, and mandoc on it. */
#include "support/mandoc.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int mandoc_lint(const char *page)
{
    char path[] = "/tmp/teesheet-page-XXXXXX";
    char program[] = "mandoc", option[] = "-T", lint[] = "lint";
    char *argv[] = { program, option, lint, path, NULL };
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, page, strlen(page)) != (ssize_t)strlen(page) || close(fd) != 0)
        abort();
    pid_t child;
    int status = -1;
    if (posix_spawnp(&child, program, NULL, NULL, argv, environ) == 0 &&
        waitpid(child, &status, 0) == child)
        status = WIFEXITED(status) && WEXITSTATUS(status) != 127 ? WEXITSTATUS(status) : -1;
    (void)unlink(path);
    return status;
}
