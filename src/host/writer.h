/*
 * writer.h: the thread that owns the store during a sweep.
 *
 * The loop thread gives it one full batch at a time, by ownership, and takes the batch back
 * with a result. The writer retries what can pass (reconnecting, with backoff, up to the
 * patience), splits a batch that the database refuses until the poisoned tee sheet stands alone
 * and is set aside, and renews the leases of the sweep and of its hosts. It never logs: what
 * happens on the way comes out as notices. loop_wake is called when there is a result or a
 * notice.
 */
#ifndef TS_HOST_WRITER_H
#define TS_HOST_WRITER_H

#include <stdio.h>

#include "base/loop.h"
#include "batch/batch.h"
#include "host/share.h"
#include "store/leases.h"
#include "store/store.h"

struct writer;

struct writer_config {
    struct store *store; /* the writer's until writer_free */
    struct loop *loop;   /* to wake */
    int64_t run_id;
    int64_t patience_us;       /* how long a batch is retried */
    uint32_t sheets_max;       /* largest batch */
    int stop_fd;               /* timerfd that the store watches (store_config); -1: none */
    FILE *set_aside;           /* JSON Lines of refused tee sheets; NULL: only counted */
    const struct lease *lease; /* the sweep's, taken; NULL: none */
    struct share *share;       /* the hosts' leases; NULL: hosts are not shared */
};

struct writer_result {
    struct batch *batch; /* the loop thread's again; not yet reset, withheld sheets marked */
    struct store_receipt receipt;
    uint32_t set_aside;
    int64_t elapsed_us; /* waits for the store included */
    ts_err err;         /* not OK: the batch is not committed and the store is lost for good */
    struct error error;
};

enum writer_notice_kind {
    WRITER_RETRYING,
    WRITER_RECOVERED,
    WRITER_SET_ASIDE,
    WRITER_LEASE_LOST
};

struct writer_notice {
    enum writer_notice_kind kind;
    uint32_t attempt;
    int64_t wait_us;
    int64_t course_id; /* WRITER_SET_ASIDE */
    int32_t play_date;
    struct error error;
};

TS_MUST_USE ts_err writer_new(const struct writer_config *config, struct writer **ret_writer,
                              struct error *reterr);

/* Hands a closed batch over. Only when writer_is_idle. */
void writer_give(struct writer *writer, struct batch *batch);

/* Loop thread: whatever was given was taken back. */
bool writer_is_idle(const struct writer *writer);

/* Leases want attention now, not only at the next heartbeat. */
void writer_beat(struct writer *writer);

/* Takes a finished batch back; false: none yet. result->receipt.held stays valid until the next
 * writer_give. */
bool writer_take(struct writer *writer, struct writer_result *ret_result);

/* The oldest notice not yet told; false: none. */
bool writer_next_notice(struct writer *writer, struct writer_notice *ret_notice);

/* Tells the writer to give up what it waits for: a batch in work comes back with TS_ERR_STOPPED
 * unless it commits. */
void writer_hurry(struct writer *writer);

/* Ends the thread (after the batch in work, if any) and gives the store back. Accepts NULL. */
void writer_free(struct writer *writer);

#endif
