/*
 * outlet.h: a file descriptor for people (a terminal, a log pipe) that is written without ever
 * waiting long for its reader.
 *
 * A terminal or a pipe is opened once more in non-blocking mode, so that the mode of the
 * descriptor that we share with our parent stays as it is. Where that is not allowed, and for
 * sockets, writing waits for poll() first. Knows nothing of lines. One thread at a time.
 */
#ifndef TS_BASE_OUTLET_H
#define TS_BASE_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct outlet {
    int fd;
    bool owned; /* fd is our own, opened again */
    bool is_terminal;
};

/* Never fails: an fd that cannot be opened again is used as it is. fd stays the caller's. */
struct outlet outlet_over(int fd);

/* Gives back what outlet_over opened. */
void outlet_done(struct outlet *outlet);

/* Writes text, waiting at most wait_ms in all for the reader; returns how many bytes went out,
 * which is less than text.len after a timeout or a failure. */
size_t outlet_write(const struct outlet *outlet, struct str text, int wait_ms);

#endif
