/*
 * conversation.h: one running task: its state, its memory, and the steps between request and
 * tee sheets.
 *
 *     IDLE ──begin──▶ READY ──sent──▶ IN_FLIGHT ──reply──▶ FINISHED ──all delivered──▶ IDLE
 *      ▲               │ ▲               │ │
 *      │           yield └───next step───┘ again
 *      └───────────────┴───────────────────┘
 *
 * Conversations are made at the start, each with an arena of its own, and reused. Knows
 * engines; nothing of plans, stores or sockets. Loop thread only.
 */
#ifndef TS_HOST_CONVERSATION_H
#define TS_HOST_CONVERSATION_H

#include "catalogue/catalogue.h"
#include "engine/engine.h"
#include "plan/plan.h"

enum conversation_state {
    CONVERSATION_IDLE,
    CONVERSATION_READY,     /* its next request may go when its host and the memory permit */
    CONVERSATION_IN_FLIGHT, /* a transfer is under way */
    CONVERSATION_FINISHED,  /* its tee sheets are known and wait for a batch */
};

#define CONVERSATION_ASKED_BYTES 1024

struct pipeline;

struct conversation {
    struct pipeline *pipeline; /* for the transfer's callback */
    enum conversation_state state;
    struct plan_task task;
    struct engine_task engine_task;
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    struct arena arena;
    char *body;                           /* lent by the body pool while IN_FLIGHT */
    uint64_t transfer_id;                 /* while IN_FLIGHT */
    bool is_leaving;                      /* IN_FLIGHT, and not yet on its way */
    uint32_t delivered;                   /* tee sheets already in a batch, while FINISHED */
    char asked[CONVERSATION_ASKED_BYTES]; /* "GET https://…" of the last request; perhaps cut */
};

/* What a reply means for the conversation. */
enum conversation_turn {
    CONVERSATION_GOES_ON,   /* READY for its next request */
    CONVERSATION_ENDS,      /* every tee sheet has its outcome */
    CONVERSATION_CAN_RETRY, /* failed, perhaps not for long; not retried: its outcome stands */
};

TS_MUST_USE ts_err conversation_init(struct conversation *conversation,
                                     struct pipeline *pipeline, size_t arena_bytes);
void conversation_done(struct conversation *conversation);

/* The only setter of the state; asserts the edges drawn above. */
void conversation_set_state(struct conversation *conversation, enum conversation_state state);

/* For conversation_begin. *random is the generator's state, any number at first. Not for
 * secrets. */
void conversation_make_nonce(uint64_t *random, uint8_t nonce[16]);

/* IDLE → READY: takes up a task, everything of the last one forgotten. */
void conversation_begin(struct conversation *conversation, const struct catalogue *catalogue,
                        const struct plan_task *task, const uint8_t nonce[16], const char *key);

/* READY → FINISHED without a request, if the engine needs a key and has none: all
 * misconfigured. */
bool conversation_lacks_key(struct conversation *conversation, int64_t now_wall);

/* Keeps what the request of the current step asks, for people and for the engine. */
void conversation_ask(struct conversation *conversation, const struct http_request *request);

/* What else a reply said. */
struct conversation_note {
    uint32_t skipped_rows;     /* tee times that could not be read */
    const char *skipped_field; /* of the first one: what of it, static */
    size_t skipped_offset;     /* … and its byte in the reply */
    uint32_t tenant_ttl_s; /* the tenant's state was written, and is good for so long; 0: not */
    bool tenant_dropped;   /* it was wrong: the conversation starts again without it */
};

/* Reads a reply. On CONVERSATION_CAN_RETRY the outcome that stands if it is not retried is
 * kept. */
enum conversation_turn conversation_read(struct conversation *conversation,
                                         const struct http_reply *reply,
                                         struct conversation_note *ret_note);

/* Closes the tee sheets: equal tee times are merged; one that would take more than so many
 * bytes of a batch is too large. Returns how many were merged away. */
uint32_t conversation_end(struct conversation *conversation, size_t sheet_bytes_max);

/* Whether a tee sheet ended as `blocked`: the engine refuses us. */
bool conversation_was_blocked(const struct conversation *conversation);

#endif
