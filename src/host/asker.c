/* asker.c: a request at a time. */
#include "host/asker.h"

#include <assert.h>

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "fetch/fetch.h"

#define LOOP_FDS_EXTRA     16
#define TIMEOUT_US         ((int64_t)30 * CLOCK_SECOND_US)
#define IDLE_TIMEOUT_US    ((int64_t)15 * CLOCK_SECOND_US)
#define CONNECT_TIMEOUT_US ((int64_t)10 * CLOCK_SECOND_US)
#define DETAIL_BYTES       160

struct asker {
    struct asker_config config;
    struct loop *loop;
    struct fetch *fetch;
    bool is_fetch_set_up;
    char *body;
    int64_t next_at_us; /* when the gap has passed */
    bool is_answered;
    struct http_reply reply;
    char detail[DETAIL_BYTES];
    char url[ENGINE_SCRATCH_BYTES];
};

ts_err asker_new(const struct asker_config *config, struct asker **ret_asker,
                 struct error *reterr)
{
    struct asker *asker = mem_alloc(1, sizeof(*asker));
    ts_err err = error_set(reterr, TS_ERR_NOMEM, "no memory to ask");
    if (!asker)
        return err;
    asker->config = *config;
    asker->body = mem_alloc(config->reply_cap_bytes, 1);
    if (!asker->body)
        goto fail;
    err = loop_new(&asker->loop, FETCH_FDS_PER_TRANSFER + LOOP_FDS_EXTRA, reterr);
    if (err)
        goto fail;
    err = fetch_global_init(reterr);
    if (err)
        goto fail;
    asker->is_fetch_set_up = true;
    struct fetch_config fetch = { .loop = asker->loop,
                                  .transfers_max = 1,
                                  .timeout_us = TIMEOUT_US,
                                  .idle_timeout_us = IDLE_TIMEOUT_US,
                                  .connect_timeout_us = CONNECT_TIMEOUT_US,
                                  .user_agent = config->user_agent };
    err = fetch_new(&fetch, &asker->fetch, reterr);
    if (err)
        goto fail;
    *ret_asker = asker;
    return TS_ERR_OK;
fail:
    asker_free(asker);
    return err;
}

void asker_free(struct asker *asker)
{
    if (!asker)
        return;
    fetch_free(asker->fetch);
    if (asker->is_fetch_set_up)
        fetch_global_done();
    loop_free(asker->loop);
    mem_free(asker->body);
    mem_free(asker);
}

/* The body lies in our buffer; what curl says of a failure does not. */
static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct asker *asker = ctx;
    struct buf detail = buf_over(asker->detail, sizeof(asker->detail));
    if (reply->detail)
        buf_puts(&detail, reply->detail);
    asker->reply = *reply;
    asker->reply.detail = reply->detail ? asker->detail : NULL;
    asker->is_answered = true;
}

static const struct http_reply *fail(struct asker *asker, ts_err err)
{
    on_reply(asker, &(struct http_reply){ .end = HTTP_END_CONNECT,
                                          .retry_after_us = -1,
                                          .received_at = clock_wall(),
                                          .detail = ts_err_text(err) });
    return &asker->reply;
}

const struct http_reply *asker_ask(struct asker *asker, const struct http_request *request)
{
    const char *origin = asker->config.origin;
    struct buf url = buf_over(asker->url, sizeof(asker->url));
    ts_err err = TS_ERR_OK;
    uint64_t id;
    assert(request->reply_cap_bytes <= asker->config.reply_cap_bytes);
    for (int64_t left; !err && (left = asker->next_at_us - clock_monotonic_us()) > 0;)
        err = loop_turn(asker->loop, left);
    if (!err && origin)
        err = fetch_rewrite_origin(request->url, origin, &url);
    asker->is_answered = false;
    if (!err)
        err = fetch_submit(asker->fetch, request, origin ? asker->url : NULL, asker->body,
                           on_reply, asker, &id);
    while (!err && !asker->is_answered)
        err = loop_turn(asker->loop, -1);
    asker->next_at_us = clock_monotonic_us() + (int64_t)asker->config.engine->min_gap_ms * 1000;
    return err ? fail(asker, err) : &asker->reply;
}
