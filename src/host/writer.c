/* writer.c: the writer thread: one batch at a time, retried, split, or set aside. */
#include "host/writer.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/patience.h"
#include "host/set_aside.h"

#define NOTICES_MAX      16
#define HEARTBEATS       6 /* per lease */
#define HEARTBEAT_MAX_US ((int64_t)20000000)

struct writer {
    struct writer_config config;
    struct store_held *held; /* of the batch in work */
    struct store_held *part_held;
    pthread_t thread;
    bool thread_runs;
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* on CLOCK_MONOTONIC */
    /* under the mutex */
    struct batch *given;        /* loop → writer */
    struct writer_result ready; /* writer → loop, when ready.batch is set */
    bool ending, hurried, beat_wanted;
    struct writer_notice notices[NOTICES_MAX];
    uint32_t notices_first, notices_count;
    /* loop thread only */
    bool idle;
    /* writer thread only */
    struct writer_result work;
    int64_t heartbeat_us;
    int64_t lease_renewed_at;
    bool disconnected;
};

static void tell(struct writer *writer, const struct writer_notice *notice)
{
    pthread_mutex_lock(&writer->mutex);
    if (writer->notices_count < NOTICES_MAX) {
        uint32_t slot = (writer->notices_first + writer->notices_count++) % NOTICES_MAX;
        writer->notices[slot] = *notice;
    }
    pthread_mutex_unlock(&writer->mutex);
    loop_wake(writer->config.loop);
}

static struct timespec monotonic_in(int64_t us)
{
    int64_t at = clock_monotonic_us() + us;
    return (struct timespec){ .tv_sec = (time_t)(at / CLOCK_SECOND_US),
                              .tv_nsec = (long)(at % CLOCK_SECOND_US) * 1000 };
}

/* Waits between attempts; false: hurried, give up. */
static bool wait_before_retry(struct writer *writer, int64_t us)
{
    struct timespec until = monotonic_in(us);
    pthread_mutex_lock(&writer->mutex);
    while (!writer->hurried &&
           pthread_cond_timedwait(&writer->changed, &writer->mutex, &until) != ETIMEDOUT)
        continue;
    bool go_on = !writer->hurried;
    pthread_mutex_unlock(&writer->mutex);
    return go_on;
}

static ts_err connect_again(struct writer *writer, struct error *reterr)
{
    if (!writer->disconnected)
        return TS_ERR_OK;
    ts_err err = store_reconnect(writer->config.store, reterr);
    writer->disconnected = err != TS_ERR_OK;
    return err;
}

static ts_err renew_lease(struct writer *writer, struct error *reterr)
{
    const struct writer_config *config = &writer->config;
    int64_t now = clock_monotonic_us();
    if (!config->lease || now - writer->lease_renewed_at < writer->heartbeat_us)
        return TS_ERR_OK;
    bool ours;
    ts_err err = lease_renew(config->store, config->lease, &ours, reterr);
    if (err)
        return err;
    if (!ours)
        return error_set(reterr, TS_ERR_STOPPED,
                         "another sweep of the same scope took over (our lease ran out)");
    writer->lease_renewed_at = now;
    return TS_ERR_OK;
}

/* The tee sheets whose hosts are ours to write for. */
static ts_err upsert_ours(struct writer *writer, const struct batch *batch,
                          struct store_receipt *ret_receipt, struct error *reterr)
{
    struct batch ours = *batch;
    ours.sheets_count =
        share_withhold(writer->config.share, batch->sheets, batch->sheets_count);
    *ret_receipt = (struct store_receipt){ .held = writer->part_held };
    return ours.sheets_count == 0 ? TS_ERR_OK
                                  : store_upsert(writer->config.store, &ours,
                                                 writer->config.run_id, ret_receipt, reterr);
}

/* One attempt: a lost lease must be noticed before anything is written. */
static ts_err attempt(struct writer *writer, const struct batch *batch,
                      struct store_receipt *ret_receipt, struct error *reterr)
{
    ts_err err = connect_again(writer, reterr);
    if (err)
        return err;
    err = renew_lease(writer, reterr);
    if (!err)
        err = share_keep(writer->config.share, writer->config.store, reterr);
    if (!err)
        err = upsert_ours(writer, batch, ret_receipt, reterr);
    writer->disconnected = err == TS_ERR_CONNECTION;
    return err;
}

/* Attempts until it works, cannot work, or the patience is at its end. */
static ts_err upsert_patiently(struct writer *writer, const struct batch *batch,
                               struct store_receipt *ret_receipt, struct error *reterr)
{
    struct patience patience;
    patience_begin(&patience, writer->config.patience_us);
    for (;;) {
        int64_t wait_us;
        ts_err err = attempt(writer, batch, ret_receipt, reterr);
        if (!err && patience.failures > 0)
            tell(writer, &(struct writer_notice){ .kind = WRITER_RECOVERED,
                                                  .attempt = patience.failures + 1 });
        if (!ts_err_retryable(err) || !patience_take(&patience, &wait_us))
            return err;
        tell(writer, &(struct writer_notice){ .kind = WRITER_RETRYING,
                                              .attempt = patience.failures,
                                              .wait_us = wait_us,
                                              .error = *reterr });
        if (!wait_before_retry(writer, wait_us))
            return error_set(reterr, TS_ERR_STOPPED, "stopped while the store was away");
    }
}

static void add_receipt(struct writer *writer, const struct store_receipt *part)
{
    struct store_receipt *sum = &writer->work.receipt;
    sum->tee_sheets += part->tee_sheets;
    sum->tee_sheets_changed += part->tee_sheets_changed;
    sum->tee_sheets_stale += part->tee_sheets_stale;
    sum->inserted += part->inserted;
    sum->updated += part->updated;
    sum->closed += part->closed;
    sum->reopened += part->reopened;
    sum->unchanged += part->unchanged;
    sum->events += part->events;
    for (uint32_t i = 0; i < part->held_count; i++)
        sum->held[sum->held_count++] = part->held[i];
}

static void set_aside(struct writer *writer, const struct tee_sheet *sheet,
                      const struct error *error)
{
    writer->work.set_aside++;
    if (writer->config.set_aside)
        set_aside_write(writer->config.set_aside, sheet, error);
    tell(writer, &(struct writer_notice){ .kind = WRITER_SET_ASIDE,
                                          .course_id = sheet->course_id,
                                          .play_date = sheet->play_date,
                                          .error = *error });
}

/* Commits sheets [first, first + count) of the batch; what the database refuses is halved until
 * the poisoned tee sheet stands alone. The recursion is as deep as log2 of the batch. */
static ts_err upsert_range(struct writer *writer, const struct batch *batch, uint32_t first,
                           uint32_t count, struct error *reterr)
{
    struct batch part = *batch;
    part.sheets = batch->sheets + first;
    part.sheets_count = count;
    struct store_receipt receipt;
    ts_err err = upsert_patiently(writer, &part, &receipt, reterr);
    if (!err)
        add_receipt(writer, &receipt);
    if (err != TS_ERR_DATA)
        return err;
    if (count == 1) {
        set_aside(writer, &batch->sheets[first], reterr);
        return TS_ERR_OK;
    }
    err = upsert_range(writer, batch, first, count / 2, reterr);
    if (err)
        return err;
    return upsert_range(writer, batch, first + count / 2, count - count / 2, reterr);
}

static void write_batch(struct writer *writer, struct batch *batch)
{
    writer->work = (struct writer_result){ .batch = batch, .receipt.held = writer->held };
    batch_sort(batch);
    struct error error = { 0 };
    int64_t started_us = clock_monotonic_us();
    writer->work.err = upsert_range(writer, batch, 0, batch->sheets_count, &error);
    writer->work.error = error;
    writer->work.elapsed_us = clock_monotonic_us() - started_us;
    pthread_mutex_lock(&writer->mutex);
    writer->ready = writer->work;
    pthread_mutex_unlock(&writer->mutex);
    loop_wake(writer->config.loop);
}

/* Nothing to write for a while: the leases live on. A lost connection is found again with a
 * batch. */
static void beat(struct writer *writer)
{
    struct error error;
    ts_err err = connect_again(writer, &error);
    if (err)
        return;
    err = renew_lease(writer, &error);
    if (!err)
        err = share_keep(writer->config.share, writer->config.store, &error);
    if (!err && writer->config.share)
        loop_wake(writer->config.loop);
    writer->disconnected = err == TS_ERR_CONNECTION;
    if (err == TS_ERR_STOPPED)
        tell(writer, &(struct writer_notice){ .kind = WRITER_LEASE_LOST, .error = error });
}

static void *writer_thread(void *ctx)
{
    struct writer *writer = ctx;
    pthread_mutex_lock(&writer->mutex);
    while (!writer->ending || writer->given) {
        struct batch *batch = writer->given;
        writer->given = NULL;
        if (batch) {
            pthread_mutex_unlock(&writer->mutex);
            write_batch(writer, batch);
            pthread_mutex_lock(&writer->mutex);
            continue;
        }
        struct timespec until = monotonic_in(writer->heartbeat_us);
        if (writer->beat_wanted ||
            pthread_cond_timedwait(&writer->changed, &writer->mutex, &until) == ETIMEDOUT) {
            writer->beat_wanted = false;
            pthread_mutex_unlock(&writer->mutex);
            beat(writer);
            pthread_mutex_lock(&writer->mutex);
        }
    }
    pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

static int64_t heartbeat_of(const struct writer_config *config)
{
    int64_t us = HEARTBEAT_MAX_US;
    if (config->lease && config->lease->ttl_s * CLOCK_SECOND_US / HEARTBEATS < us)
        us = config->lease->ttl_s * CLOCK_SECOND_US / HEARTBEATS;
    if (config->share && share_heartbeat_us(config->share) < us)
        us = share_heartbeat_us(config->share);
    return us;
}

static ts_err init_condition(struct writer *writer)
{
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr))
        return TS_ERR_NOMEM;
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&writer->changed, &attr);
    (void)pthread_condattr_destroy(&attr);
    return failed ? TS_ERR_NOMEM : TS_ERR_OK;
}

ts_err writer_new(const struct writer_config *config, struct writer **ret_writer,
                  struct error *reterr)
{
    struct writer *writer = mem_alloc(1, sizeof(*writer));
    if (!writer)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the writer");
    writer->config = *config;
    writer->idle = true;
    writer->heartbeat_us = heartbeat_of(config);
    writer->lease_renewed_at = clock_monotonic_us();
    (void)pthread_mutex_init(&writer->mutex, NULL); /* cannot fail on Linux */
    writer->held = mem_alloc(config->sheets_max, sizeof(*writer->held));
    writer->part_held = mem_alloc(config->sheets_max, sizeof(*writer->part_held));
    if (!writer->held || !writer->part_held || init_condition(writer))
        goto fail;
    if (pthread_create(&writer->thread, NULL, writer_thread, writer))
        goto fail;
    writer->thread_runs = true;
    *ret_writer = writer;
    return TS_ERR_OK;
fail:
    writer_free(writer);
    return error_set(reterr, TS_ERR_NOMEM, "cannot start the writer thread");
}

void writer_give(struct writer *writer, struct batch *batch)
{
    assert(writer->idle);
    writer->idle = false;
    pthread_mutex_lock(&writer->mutex);
    writer->given = batch;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
}

void writer_beat(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->beat_wanted = true;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
}

bool writer_is_idle(const struct writer *writer)
{
    return writer->idle;
}

bool writer_take(struct writer *writer, struct writer_result *ret_result)
{
    pthread_mutex_lock(&writer->mutex);
    bool taken = writer->ready.batch != NULL;
    if (taken) {
        *ret_result = writer->ready;
        writer->ready.batch = NULL;
        writer->idle = true;
    }
    pthread_mutex_unlock(&writer->mutex);
    return taken;
}

bool writer_next_notice(struct writer *writer, struct writer_notice *ret_notice)
{
    pthread_mutex_lock(&writer->mutex);
    bool taken = writer->notices_count > 0;
    if (taken) {
        *ret_notice = writer->notices[writer->notices_first];
        writer->notices_first = (writer->notices_first + 1) % NOTICES_MAX;
        writer->notices_count--;
    }
    pthread_mutex_unlock(&writer->mutex);
    return taken;
}

void writer_hurry(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->hurried = true;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
    if (writer->config.stop_fd >= 0)
        (void)timerfd_settime(writer->config.stop_fd, 0,
                              &(struct itimerspec){ .it_value.tv_nsec = 1 }, NULL);
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    if (writer->thread_runs) {
        pthread_mutex_lock(&writer->mutex);
        writer->ending = true;
        pthread_cond_signal(&writer->changed);
        pthread_mutex_unlock(&writer->mutex);
        (void)pthread_join(writer->thread, NULL);
        (void)pthread_cond_destroy(&writer->changed);
    }
    (void)pthread_mutex_destroy(&writer->mutex);
    mem_free(writer->part_held);
    mem_free(writer->held);
    mem_free(writer);
}
