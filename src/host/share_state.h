/*
 * share_state.h: what a share holds; private to share.c (loop thread) and share_store.c (the
 * thread that owns the store).
 */
#ifndef TS_HOST_SHARE_STATE_H
#define TS_HOST_SHARE_STATE_H

#include <pthread.h>

#include "host/share.h"

#define SHARE_NAMES_BYTES 16384 /* of a list of lease names; longer ones go in parts */

enum share_state {
    SHARE_ELSEWHERE,
    SHARE_WANTED,   /* loop → writer */
    SHARE_TAKEN,    /* writer → loop */
    SHARE_OURS,     /* loop */
    SHARE_LOST,     /* writer → loop */
    SHARE_RETURNED, /* loop → writer */
    SHARE_REFUSED,  /* loop → writer: it refuses us, nobody shall ask it for a while */
    SHARE_BARRED,   /* writer → loop: it refused another collector */
    SHARE_CLOSED,   /* in this sweep not wanted any more */
};

struct share_host {
    int64_t sure_until; /* boot clock; while TAKEN or OURS */
    int64_t try_at;     /* boot clock: not wanted before */
    /* Learnt of it: by others if TAKEN, else by us. The writer's while `news` is set. */
    int64_t gap_ms;     /* 0: none */
    int64_t hold_until; /* monotonic; 0: none */
    uint32_t parallel;
    uint32_t owed;    /* loop thread only */
    bool news;        /* loop → writer: it became slower, whoever comes next must know */
    uint8_t state;    /* enum share_state */
    uint8_t answered; /* writer only: enum share_answer, while the store is asked */
};

enum share_answer { SHARE_SILENT, SHARE_GRANTED, SHARE_STOPPED };

/* Hosts that one statement is about. */
struct share_list {
    uint32_t hosts[SHARE_HOSTS_MAX];
    uint32_t count;
};

struct share {
    struct share_config config;
    uint32_t hosts_count;
    uint32_t *order;   /* hosts, those that take longest first */
    uint32_t *by_name; /* hosts, by lease name */
    size_t bytes;
    pthread_mutex_t mutex;
    /* under the mutex */
    struct share_host *hosts;
    uint32_t most; /* of the WANTED ones at the most so many */
    bool news;     /* for the loop */
    /* by course: while TAKEN or BARRED the loop's, before that the writer's */
    struct plan_looked *looked;
    /* loop thread only */
    struct share_list held; /* TAKEN was heard, not yet given back or lost */
    int64_t soonest;        /* boot clock: when a held one becomes uncertain */
    int64_t ask_at;         /* monotonic: when to look for more again */
    uint64_t lost;
    /* writer only */
    struct share_list list;
    uint32_t granted;   /* by the take under way */
    int64_t renewed_at; /* boot clock */
    char names[SHARE_NAMES_BYTES];
};

int64_t share_ttl_us(const struct share *share);

/* "host:ENGINE:HOST" */
void share_lease_name(const struct share *share, uint32_t host, struct buf *out);

/* What the loop marked as done with. */
TS_MUST_USE ts_err share_give_back(struct share *share, struct store *store,
                                   struct error *reterr);

#endif
