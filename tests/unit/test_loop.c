/*
 * test_loop.c exercises base/loop:
 *  - a descriptor fires for what it is watched for, is re-watched and unwatched;
 *  - an event already fetched for a descriptor that was unwatched, or closed and opened anew in
 *    the same turn, does not fire;
 *  - a closed end is reported, the bound fds_max holds and gives slots back;
 *  - timers fire in order, once, not early, are moved, stopped, also in callbacks; one armed
 *    for the past in a callback waits for the next turn;
 *  - a turn's time limit, signals, and waking from another thread;
 *  - what came while the process was stopped (SIGSTOP) fires in the turn that goes on.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"
#include "support/unit.h"

#define FDS_MAX  4
#define PAUSE_US 100000

struct record {
    struct loop *loop;
    int calls;
    int fd, events;
    int other_fd; /* what the callback acts on */
};

static void pair(int fds[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
}

static void close_pair(int fds[2])
{
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static int set_up(void **state)
{
    struct loop *loop = NULL;
    if (loop_new(&loop, FDS_MAX, NULL) != TS_ERR_OK)
        return -1;
    *state = loop;
    return 0;
}

static int tear_down(void **state)
{
    loop_free(*state);
    return 0;
}

static void turn(struct loop *loop)
{
    assert_int_equal(loop_turn(loop, 0), TS_ERR_OK);
}

/* ---- descriptors ---- */
static void on_fd(void *ctx, int fd, int events)
{
    struct record *record = ctx;
    record->calls++;
    record->fd = fd;
    record->events = events;
}

static void watch(struct record *record, int fd, int events)
{
    assert_int_equal(loop_watch(record->loop, fd, events, on_fd, record), TS_ERR_OK);
}

static void a_descriptor_fires_for_what_it_is_watched_for(void **state)
{
    struct record record = { .loop = *state };
    int fds[2];
    pair(fds);
    watch(&record, fds[0], LOOP_READ);
    turn(*state);
    assert_int_equal(record.calls, 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    turn(*state);
    assert_int_equal(record.calls, 1);
    assert_int_equal(record.fd, fds[0]);
    assert_int_equal(record.events, LOOP_READ);

    watch(&record, fds[0], LOOP_WRITE);
    turn(*state);
    assert_int_equal(record.events, LOOP_WRITE);
    watch(&record, fds[0], LOOP_READ | LOOP_WRITE);
    turn(*state);
    assert_int_equal(record.events, LOOP_READ | LOOP_WRITE);

    watch(&record, fds[0], 0);
    turn(*state);
    assert_int_equal(record.calls, 3);
    loop_unwatch(*state, fds[0]);
    close_pair(fds);
}

static void a_closed_end_is_reported(void **state)
{
    struct record record = { .loop = *state };
    int fds[2];
    pair(fds);
    watch(&record, fds[0], LOOP_WRITE);
    (void)close(fds[1]);
    turn(*state);
    assert_int_equal(record.calls, 1);
    assert_true(record.events & LOOP_ERROR);
    loop_unwatch(*state, fds[0]);
    (void)close(fds[0]);
}

static void on_fd_unwatch_other(void *ctx, int fd, int events)
{
    on_fd(ctx, fd, events);
    struct record *record = ctx;
    loop_unwatch(record->loop, record->other_fd);
}

static void an_unwatched_descriptor_fires_no_more_in_the_same_turn(void **state)
{
    int first[2], second[2];
    pair(first);
    pair(second);
    struct record one = { .loop = *state, .other_fd = second[0] };
    struct record two = { .loop = *state, .other_fd = first[0] };
    assert_int_equal(loop_watch(*state, first[0], LOOP_WRITE, on_fd_unwatch_other, &one), 0);
    assert_int_equal(loop_watch(*state, second[0], LOOP_WRITE, on_fd_unwatch_other, &two), 0);
    turn(*state);
    /* Both were ready; whichever came first unwatched the other. */
    assert_int_equal(one.calls + two.calls, 1);
    close_pair(first);
    close_pair(second);
}

static void on_fd_replace_other(void *ctx, int fd, int events)
{
    on_fd(ctx, fd, events);
    struct record *record = ctx;
    /* The same number again, as a descriptor that has nothing to say. */
    loop_unwatch(record->loop, record->other_fd);
    int fds[2];
    pair(fds);
    assert_int_equal(dup2(fds[0], record->other_fd), record->other_fd);
    close_pair(fds);
    assert_int_equal(
        loop_watch(record->loop, record->other_fd, LOOP_READ, on_fd_replace_other, record), 0);
    loop_unwatch(record->loop, record->fd);
}

static void a_stale_event_does_not_reach_a_new_watch_of_the_same_number(void **state)
{
    int first[2], second[2];
    pair(first);
    pair(second);
    struct record one = { .loop = *state, .other_fd = second[0] };
    struct record two = { .loop = *state, .other_fd = first[0] };
    assert_int_equal(loop_watch(*state, first[0], LOOP_WRITE, on_fd_replace_other, &one), 0);
    assert_int_equal(loop_watch(*state, second[0], LOOP_WRITE, on_fd_replace_other, &two), 0);
    turn(*state);
    assert_int_equal(one.calls + two.calls, 1);
    loop_unwatch(*state, first[0]);
    loop_unwatch(*state, second[0]);
    close_pair(first);
    close_pair(second);
}

static void a_number_that_was_closed_unseen_can_be_watched_again(void **state)
{
    struct record record = { .loop = *state };
    int fds[2], again[2];
    pair(fds);
    watch(&record, fds[0], LOOP_READ);
    pair(again);
    assert_int_equal(dup2(again[0], fds[0]), fds[0]); /* closes the watched one */
    watch(&record, fds[0], LOOP_WRITE);
    turn(*state);
    assert_int_equal(record.calls, 1);
    loop_unwatch(*state, fds[0]);
    close_pair(fds);
    close_pair(again);
}

static void the_bound_holds_and_gives_slots_back(void **state)
{
    struct record record = { .loop = *state };
    int fds[FDS_MAX + 1];
    for (int i = 0; i <= FDS_MAX; i++)
        fds[i] = dup(STDIN_FILENO);
    int ends[2];
    pair(ends);
    for (int i = 0; i <= FDS_MAX; i++)
        assert_true(dup2(ends[0], fds[i]) >= 0);
    for (int i = 0; i < FDS_MAX; i++)
        watch(&record, fds[i], LOOP_WRITE);
    assert_int_equal(loop_watch(*state, fds[FDS_MAX], LOOP_WRITE, on_fd, &record), TS_ERR_FULL);
    loop_unwatch(*state, fds[1]);
    watch(&record, fds[FDS_MAX], LOOP_WRITE);
    turn(*state);
    assert_int_equal(record.calls, FDS_MAX);
    for (int i = 0; i <= FDS_MAX; i++) {
        loop_unwatch(*state, fds[i]);
        (void)close(fds[i]);
    }
    assert_int_equal(loop_watch(*state, fds[0], LOOP_READ, on_fd, &record), TS_ERR_IO);
    close_pair(ends);
}

/* ---- timers ---- */

struct chain {
    struct loop *loop;
    struct loop_timer timer;
    struct loop_timer *other;
    char name;
    char *log; /* one letter per firing */
};

static void on_timer(void *ctx)
{
    struct chain *chain = ctx;
    size_t len = 0;
    while (chain->log[len])
        len++;
    chain->log[len] = chain->name;
}

static void on_timer_stop_other(void *ctx)
{
    struct chain *chain = ctx;
    on_timer(ctx);
    loop_timer_stop(chain->loop, chain->other);
}

static void on_timer_again(void *ctx)
{
    struct chain *chain = ctx;
    on_timer(ctx);
    loop_timer_at(chain->loop, &chain->timer, 0);
}

static void make_timers(struct chain *chains, int count, struct loop *loop, char *log)
{
    for (int i = 0; i < count; i++) {
        chains[i] = (struct chain){ .loop = loop, .name = (char)('a' + i), .log = log };
        chains[i].timer.fn = on_timer;
    }
    for (int i = 0; i < count; i++)
        chains[i].timer.ctx = &chains[i];
}

static void timers_fire_in_order_and_once(void **state)
{
    char log[16] = "";
    struct chain chains[4];
    make_timers(chains, 4, *state, log);
    int64_t now = clock_monotonic_us();
    loop_timer_at(*state, &chains[0].timer, now - 1);
    loop_timer_at(*state, &chains[1].timer, now - 3);
    loop_timer_at(*state, &chains[2].timer, now - 1); /* equal ones in the order of arming */
    loop_timer_at(*state, &chains[3].timer, now + 60 * CLOCK_SECOND_US);
    loop_timer_at(*state, &chains[1].timer, now - 2); /* moved, not doubled */
    turn(*state);
    turn(*state);
    assert_string_equal(log, "bac");
    assert_false(chains[0].timer.armed);
    assert_true(chains[3].timer.armed);
    loop_timer_stop(*state, &chains[3].timer);
    loop_timer_stop(*state, &chains[3].timer);
}

static void a_timer_wakes_the_turn_and_is_not_early(void **state)
{
    char log[16] = "";
    struct chain chain;
    make_timers(&chain, 1, *state, log);
    int64_t start = clock_monotonic_us();
    loop_timer_at(*state, &chain.timer, start + 60 * CLOCK_SECOND_US);
    loop_timer_at(*state, &chain.timer, start + 20500);
    while (!log[0]) {
        assert_int_equal(loop_turn(*state, -1), TS_ERR_OK);
        if (log[0])
            assert_true(clock_monotonic_us() >= start + 20500);
    }
    assert_true(clock_monotonic_us() - start < 10 * CLOCK_SECOND_US);
}

static void a_timer_stops_another_that_is_due(void **state)
{
    char log[16] = "";
    struct chain chains[2];
    make_timers(chains, 2, *state, log);
    chains[0].timer.fn = on_timer_stop_other;
    chains[0].other = &chains[1].timer;
    loop_timer_at(*state, &chains[0].timer, 1);
    loop_timer_at(*state, &chains[1].timer, 2);
    turn(*state);
    turn(*state);
    assert_string_equal(log, "a");
}

static void a_timer_for_the_past_waits_for_the_next_turn(void **state)
{
    char log[16] = "";
    struct chain chain;
    make_timers(&chain, 1, *state, log);
    chain.timer.fn = on_timer_again;
    loop_timer_at(*state, &chain.timer, 0);
    turn(*state);
    assert_string_equal(log, "a");
    turn(*state);
    assert_string_equal(log, "aa");
    loop_timer_stop(*state, &chain.timer);
}

static void a_turn_keeps_its_time_limit(void **state)
{
    int64_t start = clock_monotonic_us();
    assert_int_equal(loop_turn(*state, 15500), TS_ERR_OK);
    int64_t elapsed = clock_monotonic_us() - start;
    assert_true(elapsed >= 15000);
    assert_true(elapsed < 5 * CLOCK_SECOND_US);
}

/* ---- signals and waking ---- */

static void on_signal(void *ctx, int signal_number)
{
    int *last = ctx;
    *last = signal_number;
}

static void signals_arrive_in_a_turn(void **state)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    int last = 0;
    assert_int_equal(loop_signals(*state, &set, on_signal, &last), TS_ERR_OK);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(last, 0);
    assert_int_equal(loop_turn(*state, CLOCK_SECOND_US), TS_ERR_OK);
    assert_int_equal(last, SIGUSR1);

    /* Another set takes the place of the first. */
    (void)sigaddset(&set, SIGUSR2);
    assert_int_equal(loop_signals(*state, &set, on_signal, &last), TS_ERR_OK);
    assert_int_equal(raise(SIGUSR2), 0);
    assert_int_equal(loop_turn(*state, CLOCK_SECOND_US), TS_ERR_OK);
    assert_int_equal(last, SIGUSR2);
}

static void *wake_later(void *loop)
{
    (void)usleep(10000);
    loop_wake(loop);
    return NULL;
}

static void another_thread_wakes_the_loop(void **state)
{
    int64_t started_us = clock_monotonic_us();
    loop_wake(*state);
    loop_wake(*state);
    assert_int_equal(loop_turn(*state, 20 * CLOCK_SECOND_US), TS_ERR_OK);
    assert_true(clock_monotonic_us() - started_us < 10 * CLOCK_SECOND_US);
    started_us = clock_monotonic_us(); /* both are used up */
    assert_int_equal(loop_turn(*state, 20000), TS_ERR_OK);
    assert_true(clock_monotonic_us() - started_us >= 20000);

    pthread_t thread;
    started_us = clock_monotonic_us();
    assert_int_equal(pthread_create(&thread, NULL, wake_later, *state), 0);
    assert_int_equal(loop_turn(*state, 20 * CLOCK_SECOND_US), TS_ERR_OK);
    assert_true(clock_monotonic_us() - started_us < 10 * CLOCK_SECOND_US);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* ---- standing still ---- */

/* In a child: lets the parent wait, stops it, writes, and lets it go on. */
static void stop_and_write(int fd)
{
    (void)usleep(PAUSE_US);
    (void)kill(getppid(), SIGSTOP);
    (void)usleep(PAUSE_US);
    bool written = write(fd, "x", 1) == 1;
    (void)kill(getppid(), SIGCONT);
    _exit(written ? 0 : 1);
}

static void what_came_meanwhile_fires(void **state)
{
    struct record record = { .loop = *state };
    int fds[2], status;
    pair(fds);
    watch(&record, fds[0], LOOP_READ);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        stop_and_write(fds[1]);
    assert_int_equal(loop_turn(*state, 20 * CLOCK_SECOND_US), TS_ERR_OK);
    assert_int_equal(record.calls, 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close_pair(fds);
}

static void on_fd_note(void *ctx, int fd, int events)
{
    char *log = ctx, byte;
    bool came = events & LOOP_READ;
    log[strlen(log)] = came ? 'r' : 'w';
    assert_true(!came || read(fd, &byte, 1) == 1);
}

/* An answer that waits is heard before a request goes. */
static void what_came_goes_first(void **state)
{
    char log[16] = "";
    struct chain chain;
    int writable[2], readable[2];
    make_timers(&chain, 1, *state, log);
    pair(writable);
    pair(readable);
    assert_int_equal(loop_watch(*state, writable[0], LOOP_WRITE, on_fd_note, log), 0);
    assert_int_equal(loop_watch(*state, readable[0], LOOP_READ, on_fd_note, log), 0);
    assert_int_equal(write(readable[1], "x", 1), 1);
    loop_timer_at(*state, &chain.timer, 1);
    turn(*state);
    assert_string_equal(log, "raw");
    loop_unwatch(*state, writable[0]);
    loop_unwatch(*state, readable[0]);
    close_pair(writable);
    close_pair(readable);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_descriptor_fires_for_what_it_is_watched_for),
        TEST(a_closed_end_is_reported),
        TEST(an_unwatched_descriptor_fires_no_more_in_the_same_turn),
        TEST(a_stale_event_does_not_reach_a_new_watch_of_the_same_number),
        TEST(a_number_that_was_closed_unseen_can_be_watched_again),
        TEST(the_bound_holds_and_gives_slots_back),
        TEST(timers_fire_in_order_and_once),
        TEST(a_timer_wakes_the_turn_and_is_not_early),
        TEST(a_timer_stops_another_that_is_due),
        TEST(a_timer_for_the_past_waits_for_the_next_turn),
        TEST(a_turn_keeps_its_time_limit),
        TEST(signals_arrive_in_a_turn),
        TEST(another_thread_wakes_the_loop),
        TEST(what_came_meanwhile_fires),
        TEST(what_came_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
