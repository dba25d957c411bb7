/* pipeline_state.h: what a pipeline is made of. Private to pipeline*.c; loop thread only. */
#ifndef TS_HOST_PIPELINE_STATE_H
#define TS_HOST_PIPELINE_STATE_H

#include "base/blocks.h"
#include "host/conversation.h"
#include "host/pipeline.h"

struct pipeline {
    struct pipeline_config config;
    struct conversation *conversations;
    uint32_t conversations_count;
    struct blocks *bodies;
    struct batch *filling; /* takes tee sheets; NULL while both are full or with the writer */
    struct batch *spare;   /* empty, or NULL */
    struct batch *full;    /* closed, waits for the writer; or NULL */
    struct batch *lost;    /* the store was lost with it: not committed, never sent again */
    uint32_t batches_closed;
    unsigned pauses;        /* set of enum pause_reason */
    int64_t wait_us;        /* until a host may be asked again */
    int64_t interrupted_at; /* monotonic; 0: not */
    uint64_t random;        /* state of the nonce generator */
    uint32_t unread_told;   /* set of engines */
    bool deadline_reached;
    bool store_lost;
    struct error store_error;
    char scratch[ENGINE_SCRATCH_BYTES];
    char url[ENGINE_SCRATCH_BYTES];
};

#endif
