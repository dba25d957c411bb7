/* loop.c: epoll with a timerfd, a signalfd and an eventfd; one turn is one function. */
#include "base/loop.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define TURN_EVENTS_MAX 64

/* Slot numbers of the loop's own descriptors, above any slot of a watch. */
enum { SLOT_TIMER = 0x7ffffffd, SLOT_SIGNAL, SLOT_WAKE };

/* One watched descriptor. The kernel's event carries (generation, slot), so that an event which
 * was already fetched when its watch ended or changed is recognised as stale and dropped; epoll
 * is level-triggered here, so nothing is lost by that. */
struct watch {
    int fd; /* -1: free */
    uint32_t generation;
    loop_fd_fn *fn;
    void *ctx;
};

struct loop {
    int epoll_fd, timer_fd, signal_fd, wake_fd;
    bool in_turn;
    int64_t timer_fd_at_us;    /* what timer_fd is set to; -1: not set */
    struct loop_timer *timers; /* armed, earliest first */
    struct loop_timer *due;    /* armed, being fired in this turn */
    loop_signal_fn *signal_fn;
    void *signal_ctx;
    struct epoll_event events[TURN_EVENTS_MAX];
    uint32_t watches_max;
    uint32_t watches_used; /* slots beyond were never taken */
    struct watch watches[];
};

/* ---- descriptors ---- */

static ts_err poll_control(struct loop *loop, int operation, int fd, uint32_t events,
                           uint64_t data)
{
    struct epoll_event event = { .events = events, .data = { .u64 = data } };
    return epoll_ctl(loop->epoll_fd, operation, fd, &event) == 0 ? TS_ERR_OK : TS_ERR_IO;
}

static struct watch *watch_find(struct loop *loop, int fd)
{
    for (uint32_t i = 0; i < loop->watches_used; i++) {
        if (loop->watches[i].fd == fd)
            return &loop->watches[i];
    }
    return NULL;
}

static struct watch *watch_take(struct loop *loop)
{
    struct watch *watch = watch_find(loop, -1);
    if (!watch && loop->watches_used < loop->watches_max) {
        watch = &loop->watches[loop->watches_used++];
        watch->fd = -1;
    }
    return watch;
}

static uint32_t poll_mask(int events)
{
    return (events & LOOP_READ ? (uint32_t)EPOLLIN : 0) |
           (events & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
}

ts_err loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *ctx)
{
    assert(fd >= 0);
    if (events == 0) {
        loop_unwatch(loop, fd);
        return TS_ERR_OK;
    }
    struct watch *watch = watch_find(loop, fd);
    int operation = watch ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (!watch)
        watch = watch_take(loop);
    if (!watch)
        return TS_ERR_FULL;
    uint32_t mask = poll_mask(events);
    uint64_t data = (uint64_t)(watch->generation + 1) << 32 | (uint64_t)(watch - loop->watches);
    ts_err err = poll_control(loop, operation, fd, mask, data);
    /* The owner closed the descriptor and got the number again: the kernel has forgotten it. */
    if (err != TS_ERR_OK && operation == EPOLL_CTL_MOD && errno == ENOENT)
        err = poll_control(loop, EPOLL_CTL_ADD, fd, mask, data);
    if (err != TS_ERR_OK)
        return err;
    *watch = (struct watch){ fd, watch->generation + 1, fn, ctx };
    return TS_ERR_OK;
}

void loop_unwatch(struct loop *loop, int fd)
{
    assert(fd >= 0);
    struct watch *watch = watch_find(loop, fd);
    if (!watch)
        return;
    /* Fails only if fd was closed first, which has removed it already. */
    (void)poll_control(loop, EPOLL_CTL_DEL, fd, 0, 0);
    watch->fd = -1;
    watch->generation++;
}

static void fire_watch(struct loop *loop, const struct epoll_event *event)
{
    uint32_t slot = (uint32_t)event->data.u64;
    if (slot >= loop->watches_used)
        return;
    const struct watch *watch = &loop->watches[slot];
    if (watch->fd < 0 || watch->generation != (uint32_t)(event->data.u64 >> 32))
        return;
    int events = (event->events & EPOLLIN ? LOOP_READ : 0) |
                 (event->events & EPOLLOUT ? LOOP_WRITE : 0) |
                 (event->events & (EPOLLERR | EPOLLHUP) ? LOOP_ERROR : 0);
    watch->fn(watch->ctx, watch->fd, events);
}

/* Those by which something came, or those by which only something may go. */
static void fire_watches(struct loop *loop, int count, bool came)
{
    for (int i = 0; i < count; i++) {
        if (came == ((loop->events[i].events & ~(uint32_t)EPOLLOUT) != 0))
            fire_watch(loop, &loop->events[i]);
    }
}

/* ---- timers ---- */

static bool timer_unlink(struct loop_timer **list, const struct loop_timer *timer)
{
    for (; *list; list = &(*list)->next) {
        if (*list == timer) {
            *list = timer->next;
            return true;
        }
    }
    return false;
}

void loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
    if (!timer->armed)
        return;
    bool found = timer_unlink(&loop->due, timer) || timer_unlink(&loop->timers, timer);
    assert(found);
    timer->armed = false;
    timer->next = NULL;
}

void loop_timer_at(struct loop *loop, struct loop_timer *timer, int64_t at_us)
{
    loop_timer_stop(loop, timer);
    struct loop_timer **place = &loop->timers;
    while (*place && (*place)->at_us <= at_us)
        place = &(*place)->next;
    timer->at_us = at_us;
    timer->armed = true;
    timer->next = *place;
    *place = timer;
}

/* What is due is set apart first: a timer armed by a callback waits for the next turn, so that
 * one turn always ends. */
static void set_due_apart(struct loop *loop)
{
    int64_t now = clock_monotonic_us();
    struct loop_timer **end = &loop->timers;
    while (*end && (*end)->at_us <= now)
        end = &(*end)->next;
    struct loop_timer *later = *end;
    *end = NULL;
    loop->due = loop->timers;
    loop->timers = later;
}

static void fire_due(struct loop *loop)
{
    while (loop->due) {
        struct loop_timer *timer = loop->due;
        loop_timer_stop(loop, timer);
        timer->fn(timer->ctx);
    }
}

/* Makes timer_fd fire no later than the earliest timer; false: that one is due already. An
 * earlier setting stays, because timers move far more often than they fire: a turn in vain
 * costs less than a system call per move. */
static bool set_timer_fd(struct loop *loop)
{
    if (!loop->timers)
        return true;
    int64_t at_us = loop->timers->at_us;
    if (at_us <= clock_monotonic_us())
        return false;
    if (loop->timer_fd_at_us >= 0 && loop->timer_fd_at_us <= at_us)
        return true;
    struct itimerspec when = { .it_value = { .tv_sec = at_us / CLOCK_SECOND_US,
                                             .tv_nsec = at_us % CLOCK_SECOND_US * 1000 } };
    int result = timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
    assert(result == 0);
    loop->timer_fd_at_us = at_us;
    return true;
}

/* ---- signals and waking ---- */

ts_err loop_signals(struct loop *loop, const sigset_t *set, loop_signal_fn *fn, void *ctx)
{
    if (pthread_sigmask(SIG_BLOCK, set, NULL) != 0)
        return TS_ERR_INTERNAL;
    bool is_new = loop->signal_fd < 0;
    int fd = signalfd(loop->signal_fd, set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return TS_ERR_IO;
    loop->signal_fd = fd;
    loop->signal_fn = fn;
    loop->signal_ctx = ctx;
    return is_new ? poll_control(loop, EPOLL_CTL_ADD, fd, EPOLLIN, SLOT_SIGNAL) : TS_ERR_OK;
}

static void fire_signals(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        loop->signal_fn(loop->signal_ctx, (int)info.ssi_signo);
}

void loop_wake(struct loop *loop)
{
    /* A full counter (EAGAIN) means that a wake is pending already. errno is kept, because a
     * signal handler may call this. */
    int saved_errno = errno;
    uint64_t one = 1;
    ssize_t written = write(loop->wake_fd, &one, sizeof(one));
    (void)written;
    errno = saved_errno;
}

/* Empties the counter of timer_fd or wake_fd. */
static void drain(int fd)
{
    uint64_t count;
    ssize_t len = read(fd, &count, sizeof(count));
    (void)len;
}

/* ---- the turn ---- */

/* Whether one of the loop's own descriptors is among the events. */
static bool has_slot(const struct loop *loop, int count, uint64_t slot)
{
    for (int i = 0; i < count; i++) {
        if (loop->events[i].data.u64 == slot)
            return true;
    }
    return false;
}

static int wait_ms(int64_t timeout_us)
{
    if (timeout_us < 0)
        return -1;
    int64_t ms = timeout_us / 1000 + (timeout_us % 1000 != 0);
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

/* A process that was stopped goes on with EINTR; what came meanwhile is looked at even so. */
static int fetch_events(struct loop *loop, int wait)
{
    int count = epoll_wait(loop->epoll_fd, loop->events, TURN_EVENTS_MAX, wait);
    if (count < 0 && errno == EINTR)
        count = epoll_wait(loop->epoll_fd, loop->events, TURN_EVENTS_MAX, 0);
    return count;
}

ts_err loop_turn(struct loop *loop, int64_t timeout_us)
{
    assert(!loop->in_turn);
    loop->in_turn = true;

    /* wait */
    int wait = set_timer_fd(loop) ? wait_ms(timeout_us) : 0;
    int count = fetch_events(loop, wait);
    if (count < 0 && errno != EINTR) {
        loop->in_turn = false;
        return TS_ERR_IO;
    }

    /* what came, before anything that was to be done meanwhile */
    set_due_apart(loop);
    fire_watches(loop, count, true);

    /* timers */
    if (has_slot(loop, count, SLOT_TIMER)) {
        drain(loop->timer_fd);
        loop->timer_fd_at_us = -1;
    }
    fire_due(loop);

    /* signals */
    if (has_slot(loop, count, SLOT_SIGNAL))
        fire_signals(loop);

    /* what may go */
    fire_watches(loop, count, false);

    /* wake */
    if (has_slot(loop, count, SLOT_WAKE))
        drain(loop->wake_fd);

    loop->in_turn = false;
    return TS_ERR_OK;
}

/* ---- life ---- */

static bool open_own_descriptors(struct loop *loop)
{
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return loop->epoll_fd >= 0 && loop->timer_fd >= 0 && loop->wake_fd >= 0 &&
           poll_control(loop, EPOLL_CTL_ADD, loop->timer_fd, EPOLLIN, SLOT_TIMER) ==
               TS_ERR_OK &&
           poll_control(loop, EPOLL_CTL_ADD, loop->wake_fd, EPOLLIN, SLOT_WAKE) == TS_ERR_OK;
}

ts_err loop_new(struct loop **ret_loop, uint32_t fds_max, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    struct loop *loop =
        mem_alloc(1, sizeof(struct loop) + (size_t)fds_max * sizeof(struct watch));
    if (!loop) {
        err = error_set(reterr, TS_ERR_NOMEM, "no memory for an event loop");
        goto fail;
    }
    loop->watches_max = fds_max;
    loop->timer_fd_at_us = -1;
    loop->signal_fd = -1;
    if (!open_own_descriptors(loop)) {
        err = error_set(reterr, TS_ERR_IO, "cannot make an event loop: %s", strerror(errno));
        goto fail;
    }
    *ret_loop = loop;
    return TS_ERR_OK;
fail:
    loop_free(loop);
    return err;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert(!loop->in_turn);
    while (loop->timers)
        loop_timer_stop(loop, loop->timers);
    close_if_open(loop->signal_fd);
    close_if_open(loop->wake_fd);
    close_if_open(loop->timer_fd);
    close_if_open(loop->epoll_fd);
    mem_free(loop);
}
