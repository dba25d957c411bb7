/*
 * loop.h: an event loop: epoll for descriptors, one timerfd for timers, signalfd for signals,
 * an eventfd to be woken by other threads.
 *
 * One thread runs a loop; loop_wake is the only call another thread may make. Callbacks run
 * inside loop_turn. A descriptor or timer may be removed inside any callback, its own included:
 * it fires no more.
 */
#ifndef TS_BASE_LOOP_H
#define TS_BASE_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_ERROR = 4 };

typedef void loop_fd_fn(void *ctx, int fd, int events);
typedef void loop_timer_fn(void *ctx);
typedef void loop_signal_fn(void *ctx, int signal_number);

/* A timer is the caller's storage: zero it, set fn and ctx; the loop links it while it is
 * armed. */
struct loop_timer {
    loop_timer_fn *fn;
    void *ctx;
    int64_t at_us;           /* monotonic; meaningful while armed */
    struct loop_timer *next; /* the loop's */
    bool armed;
};

/* fds_max bounds the descriptors watched at once (one allocation at the start). */
TS_MUST_USE ts_err loop_new(struct loop **ret_loop, uint32_t fds_max, struct error *reterr);
void loop_free(struct loop *loop);

/* Watches fd for events (a set of LOOP_READ, LOOP_WRITE), replacing an earlier watch of it;
 * events 0 unwatches. Unwatch before closing. TS_ERR_FULL: fds_max are watched; TS_ERR_IO: the
 * kernel refuses fd (a file, a bad number). An earlier watch stays on failure. */
TS_MUST_USE ts_err loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *ctx);
void loop_unwatch(struct loop *loop, int fd);

/* Arms (or re-arms) a timer for a monotonic instant; one in the past fires in the next turn. */
void loop_timer_at(struct loop *loop, struct loop_timer *timer, int64_t at_us);
void loop_timer_stop(struct loop *loop, struct loop_timer *timer);

/* Blocks the signals of `set` for this thread (call before others start) and delivers them
 * here. Another call replaces the set; they stay blocked after loop_free. */
TS_MUST_USE ts_err loop_signals(struct loop *loop, const sigset_t *set, loop_signal_fn *fn,
                                void *ctx);

/* Ends the turn that waits, or the next one, early. Any thread; async-signal-safe. */
void loop_wake(struct loop *loop);

/* One turn: waits until something is due, at most timeout_us (-1: no limit, 0: do not wait),
 * then runs descriptors by which something came, timers, signals, descriptors by which only
 * something may go. May return early with nothing done. TS_ERR_IO: the kernel refuses to wait.
 */
TS_MUST_USE ts_err loop_turn(struct loop *loop, int64_t timeout_us);

#endif
