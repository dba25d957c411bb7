/*
 * share.h: the hosts that this collector may ask, where several share one store (--share).
 *
 * A host is leased to one collector at a time by a row of the store (store/host_leases.h). The
 * loop thread says which hosts it wants and which it is done with; the writer thread, which
 * owns the store, takes, renews and gives back. The plan is told what is leased
 * (plan/leased.h).
 *
 *     ELSEWHERE ─wanted─▶ WANTED ─taken─▶ TAKEN ─ledger heeded─▶ OURS ─rests─▶ RETURNED
 *      ▲   ▲                 │               └───────┬─────────────┘               │
 *      │   └────not free─────┘             expired, another's ──▶ LOST             │
 *      └──────────────────────────────────────────────────────────┴────given back──┘
 *
 * A host counts as ours for two thirds of its lease, from when the last renewal was sent, by a
 * clock that also runs while the process is stopped or the machine sleeps. The last third is
 * for requests under way and for clocks that differ. Each request and each upsert checks this
 * right before it goes out. A tee sheet whose host was lost meanwhile is not stored: it is
 * asked again, or left to the new holder. A request or a statement waits for its answer for at
 * most a quarter of the lease and is then given up for good: a network that comes back must not
 * deliver it when the host is another collector's.
 *
 * A NULL share is a collector that is alone: everything is its own.
 */
#ifndef TS_HOST_SHARE_H
#define TS_HOST_SHARE_H

#include "base/clock.h"
#include "plan/leased.h"
#include "store/store.h"

#define SHARE_HOSTS_MAX 256 /* leased to one collector at once */

struct share;

/* The longest wait of one request or statement. */
static inline int64_t share_longest_wait_us(int64_t ttl_s)
{
    return ttl_s * CLOCK_SECOND_US / 4;
}

struct share_config {
    struct plan *plan; /* started; must outlive the share */
    const struct catalogue *catalogue;
    const char *holder; /* unique to this process */
    int64_t ttl_s;
    int64_t since; /* Unix seconds: whatever others looked at from then on is done */
    uint32_t hosts_most;
};

TS_MUST_USE ts_err share_new(const struct share_config *config, struct share **ret_share,
                             struct error *reterr);
void share_free(struct share *share);
size_t share_bytes(const struct share *share); /* what it holds in memory */

/* ---- Loop thread ---- */

/* Once a turn: heeds what the writer did, asks for more hosts, gives back those that rest.
 * True: the writer has something to do. */
bool share_turn(struct share *share, int64_t now_us);

/* Tee sheets of a course's host that were looked at and are not in the store yet; it stays ours
 * until they are. */
void share_owes(struct share *share, uint32_t course_index, uint32_t tee_sheets);
void share_paid(struct share *share, uint32_t course_index);

/* No host is left that will rest soon. */
bool share_is_settled(const struct share *share, int64_t now_us);

uint32_t share_hosts(const struct share *share);      /* leased now */
uint64_t share_hosts_lost(const struct share *share); /* leases that ran out */

/* ---- Any thread ---- */

/* The host is certainly ours at this moment. */
bool share_may_send(struct share *share, uint32_t host);

/* ---- The thread that owns the store ---- */

/* How long share_keep may wait at the most. */
int64_t share_heartbeat_us(const struct share *share);

/* Gives back, renews what is due, takes what is wanted. After a failure it is as before. */
TS_MUST_USE ts_err share_keep(struct share *share, struct store *store, struct error *reterr);

/* Moves the tee sheets whose host is not certainly ours to the end, marked as withheld, and
 * returns how many stay; their order is kept. */
uint32_t share_withhold(struct share *share, struct tee_sheet *sheets, uint32_t count);

/* At the end, when the writer is gone: gives back what rests; the rest expires. */
TS_MUST_USE ts_err share_leave(struct share *share, struct store *store, struct error *reterr);

#endif
