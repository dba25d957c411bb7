/* delay.c: a binary heap under a mutex, and the thread that empties it. */
#include "delay.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

struct entry {
    int64_t due_us;
    void *item;
};

struct delay {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool started, stopping;
    delay_fn *on_due;
    uint32_t count, cap;
    struct entry *heap; /* the earliest first */
};

static void swap(struct entry *a, struct entry *b)
{
    struct entry held = *a;
    *a = *b;
    *b = held;
}

static void sift_up(struct entry *heap, uint32_t at)
{
    for (; at > 0 && heap[at].due_us < heap[(at - 1) / 2].due_us; at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
}

static void sift_down(struct entry *heap, uint32_t count)
{
    for (uint32_t at = 0;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
            if (heap[child].due_us < heap[least].due_us)
                least = child;
        }
        if (least == at)
            return;
        swap(&heap[at], &heap[least]);
        at = least;
    }
}

static void *take_first(struct delay *delay)
{
    void *item = delay->heap[0].item;
    delay->heap[0] = delay->heap[--delay->count];
    sift_down(delay->heap, delay->count);
    return item;
}

/* Waits for the next change or the first item's instant. Lock held. */
static void wait_for_first(struct delay *delay)
{
    if (delay->count == 0) {
        (void)pthread_cond_wait(&delay->changed, &delay->lock);
        return;
    }
    int64_t due = delay->heap[0].due_us;
    struct timespec until = { .tv_sec = (time_t)(due / CLOCK_SECOND_US),
                              .tv_nsec = (long)(due % CLOCK_SECOND_US) * 1000 };
    (void)pthread_cond_timedwait(&delay->changed, &delay->lock, &until);
}

static void *run(void *ctx)
{
    struct delay *delay = ctx;
    (void)pthread_mutex_lock(&delay->lock);
    while (!delay->stopping || delay->count > 0) {
        bool due = delay->count > 0 &&
                   (delay->stopping || delay->heap[0].due_us <= clock_monotonic_us());
        if (!due) {
            wait_for_first(delay);
            continue;
        }
        void *item = take_first(delay);
        (void)pthread_mutex_unlock(&delay->lock);
        delay->on_due(item);
        (void)pthread_mutex_lock(&delay->lock);
    }
    (void)pthread_mutex_unlock(&delay->lock);
    return NULL;
}

static void init_locks(struct delay *delay)
{
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&delay->lock, NULL);
    (void)pthread_cond_init(&delay->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

ts_err delay_new(uint32_t items_max, delay_fn *on_due, struct delay **ret_delay,
                 struct error *reterr)
{
    struct delay *delay = mem_alloc(1, sizeof(*delay));
    if (!delay)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for delays");
    init_locks(delay);
    delay->on_due = on_due;
    delay->cap = items_max;
    delay->heap = mem_alloc(items_max, sizeof(*delay->heap));
    delay->started = delay->heap && pthread_create(&delay->thread, NULL, run, delay) == 0;
    if (!delay->started) {
        delay_free(delay);
        return error_set(reterr, TS_ERR_NOMEM, "no memory for delays");
    }
    *ret_delay = delay;
    return TS_ERR_OK;
}

void delay_stop(struct delay *delay)
{
    (void)pthread_mutex_lock(&delay->lock);
    delay->stopping = true;
    (void)pthread_cond_signal(&delay->changed);
    (void)pthread_mutex_unlock(&delay->lock);
    if (delay->started)
        (void)pthread_join(delay->thread, NULL);
    delay->started = false;
}

void delay_free(struct delay *delay)
{
    if (!delay)
        return;
    delay_stop(delay);
    (void)pthread_cond_destroy(&delay->changed);
    (void)pthread_mutex_destroy(&delay->lock);
    mem_free(delay->heap);
    mem_free(delay);
}

bool delay_add(struct delay *delay, int64_t due_us, void *item)
{
    (void)pthread_mutex_lock(&delay->lock);
    bool fits = delay->count < delay->cap && !delay->stopping;
    if (fits) {
        delay->heap[delay->count] = (struct entry){ due_us, item };
        sift_up(delay->heap, delay->count++);
        (void)pthread_cond_signal(&delay->changed);
    }
    (void)pthread_mutex_unlock(&delay->lock);
    return fits;
}
