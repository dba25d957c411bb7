/* outlet.c: bounded waiting for whoever reads a terminal or a pipe. */
#include "base/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

struct outlet outlet_over(int fd)
{
    struct outlet outlet = { .fd = fd, .owned = false, .is_terminal = isatty(fd) == 1 };
    struct stat status;
    /* A regular file opened again would lose its offset: only these two are. */
    if (fstat(fd, &status) != 0 || !(outlet.is_terminal || S_ISFIFO(status.st_mode)))
        return outlet;
    char path[32];
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0) {
        outlet.fd = own;
        outlet.owned = true;
    }
    return outlet;
}

void outlet_done(struct outlet *outlet)
{
    if (outlet->owned)
        (void)close(outlet->fd);
    *outlet = (struct outlet){ .fd = -1 };
}

static bool wait_writable(int fd, int64_t deadline_us)
{
    for (;;) {
        int64_t left_us = deadline_us - clock_monotonic_us();
        int left_ms = left_us > 0 ? (int)((left_us + 999) / 1000) : 0;
        struct pollfd poller = { .fd = fd, .events = POLLOUT };
        int count = poll(&poller, 1, left_ms);
        if (count > 0)
            return true;
        if (count == 0 || errno != EINTR)
            return false;
    }
}

static ssize_t write_once(int fd, const char *ptr, size_t len)
{
    ssize_t count = send(fd, ptr, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK)
        count = write(fd, ptr, len);
    return count;
}

size_t outlet_write(const struct outlet *outlet, struct str text, int wait_ms)
{
    int64_t deadline_us = clock_monotonic_us() + (int64_t)wait_ms * 1000;
    size_t done = 0;
    while (done < text.len) {
        if (!wait_writable(outlet->fd, deadline_us))
            break;
        ssize_t count = write_once(outlet->fd, text.ptr + done, text.len - done);
        if (count > 0)
            done += (size_t)count;
        else if (count < 0 && errno != EINTR && errno != EAGAIN)
            break;
    }
    return done;
}
