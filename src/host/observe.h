/*
 * observe.h: what is learnt from replies beside their tee times: whether their shape changed
 * (told, counted, sampled), and a recording of the raw exchanges. Never harms the sweep.
 *
 * Shapes are those of whole JSON replies with a 2xx status; their kind is the request's method
 * and path, path segments that are data as `*`. Memory is bought in observer_new. Loop thread.
 */
#ifndef TS_HOST_OBSERVE_H
#define TS_HOST_OBSERVE_H

#include "domain/sweep.h"
#include "host/conversation.h"
#include "store/store.h"

struct observer;

struct observer_config {
    const char *record_dir;  /* NULL: nothing is recorded */
    const char *samples_dir; /* NULL: no sample is kept */
    int64_t started_at;
    struct sweep_report *report; /* shapes_changed is counted there */
};

/* TS_ERR_IO: a folder cannot be made or written to. */
TS_MUST_USE ts_err observer_new(const struct observer_config *config,
                                struct observer **ret_observer, struct error *reterr);
void observer_free(struct observer *observer);

/* What it may take at the most. */
size_t observer_bytes(void);

/* Before the sweep: the shapes that the store knows. After it: adds those that were learnt. */
TS_MUST_USE ts_err observer_load(struct observer *observer, struct store *store,
                                 struct error *reterr);
TS_MUST_USE ts_err observer_keep(const struct observer *observer, struct store *store,
                                 struct error *reterr);

/* Before the conversation reads the reply. observer may be NULL. */
void observe_reply(struct observer *observer, const struct conversation *conversation,
                   const struct http_reply *reply);

/* Of "GET https://host/clubs/7/times?page=1": "GET /clubs/X/times" with a star for the X. */
void observe_put_kind(struct buf *out, const char *asked);

#endif
