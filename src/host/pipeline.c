/*
 * pipeline.c: the one file that knows the order.
 *
 *     plan ──task──▶ conversation ──request──▶ fetch ──reply──▶ conversation
 *      ▲                                                            │ tee sheets
 *      │                                                            ▼
 *      │                                                          batch
 *      └── paused while a reason stands                             │ full batch
 *          (memory, writer, shutdown)                               ▼
 *                                                                 writer
 *
 * Read pipeline_run first; each step of a turn is one function above it, in the order of the
 * turn.
 */
#include "host/pipeline.h"

#include <assert.h>

#include "base/clock.h"
#include "host/announce.h"
#include "host/heed.h"
#include "host/pipeline_state.h"
#include "host/settle.h"
#include "host/tally.h"
#include "plan/outlook.h"

#define YIELD_AFTER_US          ((int64_t)5000000)
#define TURN_MAX_US             ((int64_t)100000)
#define SHUTDOWN_FETCH_PERCENT  40
#define SHUTDOWN_COMMIT_PERCENT 90

static void set_pause(struct pipeline *pipeline, enum pause_reason reason, bool stands)
{
    unsigned before = pipeline->pauses;
    pipeline->pauses = stands ? before | reason : before & ~(unsigned)reason;
    if (before != pipeline->pauses)
        announce_pause(reason, stands, pipeline->config.report);
}

/* ---- From a conversation to a batch ---- */

static void release_body(struct pipeline *pipeline, struct conversation *conversation)
{
    blocks_return(pipeline->bodies, conversation->body);
    conversation->body = NULL;
    set_pause(pipeline, PAUSE_MEMORY, false);
}

static void finish(struct pipeline *pipeline, struct conversation *conversation)
{
    pipeline->config.report->merged +=
        conversation_end(conversation, pipeline->config.budget->batch_bytes);
    plan_done(pipeline->config.plan, &conversation->task, conversation->sheets);
    share_owes(pipeline->config.share, conversation->task.courses[0],
               conversation->task.courses_count);
    conversation_set_state(conversation, CONVERSATION_FINISHED);
}

/* Lets it start again later, as if nothing of it had been asked, or gives it up. */
static void yield(struct pipeline *pipeline, struct conversation *conversation)
{
    struct plan *plan = pipeline->config.plan;
    if (pipeline->interrupted_at || pipeline->store_lost ||
        !plan_yield(plan, &conversation->task, clock_monotonic_us()))
        plan_abandon(plan, &conversation->task);
    conversation_set_state(conversation, CONVERSATION_IDLE);
}

static void take_reply(struct pipeline *pipeline, struct conversation *conversation,
                       const struct http_reply *reply)
{
    struct plan *plan = pipeline->config.plan;
    struct conversation_note note;
    observe_reply(pipeline->config.observer, conversation, reply);
    enum conversation_turn turn = conversation_read(conversation, reply, &note);
    tally_reply(pipeline->config.report, reply, note.skipped_rows);
    announce_unread(conversation, &note, &pipeline->unread_told);
    heed_reply(plan, &conversation->task, reply, &note);
    release_body(pipeline, conversation);
    if (turn == CONVERSATION_GOES_ON || reply->end == HTTP_END_CANCELLED) {
        conversation_set_state(conversation, CONVERSATION_READY);
        if (reply->end == HTTP_END_CANCELLED)
            yield(pipeline, conversation);
        return;
    }
    if (turn == CONVERSATION_CAN_RETRY &&
        plan_again(plan, &conversation->task, clock_monotonic_us())) {
        pipeline->config.report->retries++;
        conversation_set_state(conversation, CONVERSATION_IDLE);
        return;
    }
    if (conversation_was_blocked(conversation))
        plan_block(plan, &conversation->task, engine_reply_is_challenge(reply));
    finish(pipeline, conversation);
}

/* Its request leaves; once for each that was to be sent, also for one that never did. */
static void mark_sent(struct conversation *conversation)
{
    if (conversation->is_leaving)
        plan_sent(conversation->pipeline->config.plan, &conversation->task,
                  clock_monotonic_us());
    conversation->is_leaving = false;
}

/* The transfer's callback: a reply has come, or will not come. */
static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct conversation *conversation = ctx;
    struct pipeline *pipeline = conversation->pipeline;
    const struct plan *plan = pipeline->config.plan;
    uint32_t host = conversation->task.host;
    bool refused = plan_host(plan, host).why;
    mark_sent(conversation);
    take_reply(pipeline, conversation, reply);
    if (!refused && plan_host(plan, host).why)
        announce_host_stopped(plan, host);
}

/* ---- Step 1: conversations that run go on ---- */

/* Asked at the last moment: the process may have been stopped for long. */
static bool may_send(void *ctx)
{
    const struct conversation *conversation = ctx;
    return share_may_send(conversation->pipeline->config.share, conversation->task.host);
}

/* The transfer's callback: the request would leave now. */
static bool on_connected(void *ctx)
{
    const struct conversation *conversation = ctx;
    const struct plan *plan = conversation->pipeline->config.plan;
    if (!may_send(ctx) || plan_hold(plan, conversation->task.host) > clock_monotonic_us())
        return false;
    mark_sent(ctx);
    return true;
}

/* Builds the request of the current step and sends it, if host and memory permit. */
static void send_request(struct pipeline *pipeline, struct conversation *conversation)
{
    const struct engine *engine = conversation->engine_task.engine;
    const char *origin = pipeline->config.engine_urls[conversation->courses[0]->engine];
    struct buf scratch = buf_over(pipeline->scratch, sizeof(pipeline->scratch));
    struct buf url = buf_over(pipeline->url, sizeof(pipeline->url));
    struct http_request request;
    ts_err err = engine->request(&conversation->engine_task, &scratch, &request);
    assert(!err); /* conform tests: every valid row's request fits */
    conversation->body = blocks_lend(pipeline->bodies, request.reply_cap_bytes);
    if (!conversation->body) {
        set_pause(pipeline, PAUSE_MEMORY, true);
        return;
    }
    conversation_ask(conversation, &request);
    plan_sends(pipeline->config.plan, &conversation->task);
    conversation->is_leaving = true;
    request.may_send = on_connected;
    if (origin)
        err = fetch_rewrite_origin(request.url, origin, &url);
    if (!err)
        err = fetch_submit(pipeline->config.fetch, &request, origin ? pipeline->url : NULL,
                           conversation->body, on_reply, conversation,
                           &conversation->transfer_id);
    tally_request(pipeline->config.report);
    conversation_set_state(conversation, CONVERSATION_IN_FLIGHT);
    if (err)
        on_reply(conversation, &(struct http_reply){ .end = HTTP_END_CONNECT,
                                                     .retry_after_us = -1,
                                                     .received_at = clock_wall(),
                                                     .detail = ts_err_text(err) });
}

/* A gap is no reason to begin anew, however long (one would never get past its first request),
 * but what is overdue ends with it. */
static bool has_to_yield(const struct pipeline *pipeline, struct conversation *conversation,
                         int64_t now, int64_t wait)
{
    int64_t held = plan_hold(pipeline->config.plan, conversation->task.host) - now;
    return pipeline->interrupted_at || pipeline->store_lost || held > YIELD_AFTER_US ||
           (pipeline->deadline_reached && wait > YIELD_AFTER_US) || wait < 0 ||
           !may_send(conversation);
}

static void continue_conversation(struct pipeline *pipeline, struct conversation *conversation)
{
    int64_t now = clock_monotonic_us();
    int64_t wait = plan_wait_us(pipeline->config.plan, &conversation->task, now);
    if (has_to_yield(pipeline, conversation, now, wait)) {
        yield(pipeline, conversation);
    } else if (wait > 0) {
        if (wait < pipeline->wait_us)
            pipeline->wait_us = wait;
    } else {
        send_request(pipeline, conversation);
    }
}

static void continue_conversations(struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->conversations_count; i++) {
        if (pipeline->conversations[i].state == CONVERSATION_READY)
            continue_conversation(pipeline, &pipeline->conversations[i]);
    }
}

/* ---- Step 2: new ones start, while no reason to pause stands ---- */

static void begin(struct pipeline *pipeline, struct conversation *conversation,
                  const struct plan_task *task)
{
    const struct catalogue *catalogue = pipeline->config.catalogue;
    uint8_t engine = catalogue->courses[task->courses[0]].engine;
    uint8_t nonce[16];
    conversation_make_nonce(&pipeline->random, nonce);
    conversation_begin(conversation, catalogue, task, nonce,
                       pipeline->config.engine_keys[engine]);
    if (conversation_lacks_key(conversation, clock_wall()))
        finish(pipeline, conversation);
    else
        send_request(pipeline, conversation);
}

static void start_conversations(struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->conversations_count && !pipeline->pauses; i++) {
        struct conversation *conversation = &pipeline->conversations[i];
        if (conversation->state != CONVERSATION_IDLE)
            continue;
        struct plan_task task;
        int64_t wait;
        if (!plan_next(pipeline->config.plan, clock_monotonic_us(), &task, &wait)) {
            if (wait >= 0 && wait < pipeline->wait_us)
                pipeline->wait_us = wait;
            return;
        }
        begin(pipeline, conversation, &task);
    }
}

/* ---- Step 3: finished tee sheets go into the batch, full batches to the writer ---- */

static void close_batch(struct pipeline *pipeline, enum batch_close why)
{
    assert(!pipeline->full);
    pipeline->full = pipeline->filling;
    pipeline->full->closed = why;
    pipeline->full->number = ++pipeline->batches_closed;
    pipeline->filling = pipeline->spare;
    pipeline->spare = NULL;
}

static void give_full_batch(struct pipeline *pipeline)
{
    if (!pipeline->full || !writer_is_idle(pipeline->config.writer) || pipeline->store_lost)
        return;
    announce_batch_start(pipeline->full, pipeline->config.report, pipeline->config.batch_size);
    writer_give(pipeline->config.writer, pipeline->full);
    pipeline->full = NULL;
}

/* False: no batch can take it now, or none ever will. */
static bool deliver_sheet(struct pipeline *pipeline, const struct tee_sheet *sheet)
{
    if (!pipeline->filling || pipeline->store_lost)
        return false;
    ts_err err = batch_add(pipeline->filling, sheet, clock_monotonic_us());
    if (err == TS_ERR_FULL) {
        assert(pipeline->filling->sheets_count > 0); /* conversation_end sees to it */
        close_batch(pipeline, BATCH_CLOSED_BYTES);
        give_full_batch(pipeline);
        return deliver_sheet(pipeline, sheet);
    }
    tally_sheet(pipeline->config.report, sheet, &pipeline->config.seen[sheet->course_index]);
    if (pipeline->filling->sheets_count >= pipeline->config.batch_size) {
        close_batch(pipeline, BATCH_CLOSED_COUNT);
        give_full_batch(pipeline);
    }
    return true;
}

/* False: some of its tee sheets found no batch. */
static bool deliver_conversation(struct pipeline *pipeline, struct conversation *conversation)
{
    while (conversation->delivered < conversation->engine_task.courses_count) {
        if (!deliver_sheet(pipeline, &conversation->sheets[conversation->delivered]))
            return false;
        conversation->delivered++;
    }
    conversation_set_state(conversation, CONVERSATION_IDLE);
    return true;
}

static void deliver_tee_sheets(struct pipeline *pipeline)
{
    bool all_delivered = true;
    for (uint32_t i = 0; i < pipeline->conversations_count && all_delivered; i++) {
        if (pipeline->conversations[i].state == CONVERSATION_FINISHED)
            all_delivered = deliver_conversation(pipeline, &pipeline->conversations[i]);
    }
    set_pause(pipeline, PAUSE_WRITER, !all_delivered);
}

static bool all_idle(const struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->conversations_count; i++) {
        if (pipeline->conversations[i].state != CONVERSATION_IDLE)
            return false;
    }
    return true;
}

/* Also a batch that is not full goes when it is old, or when nothing more will come. */
static void close_early(struct pipeline *pipeline)
{
    struct batch *batch = pipeline->filling;
    if (!batch || batch->sheets_count == 0 || pipeline->full || pipeline->store_lost)
        return;
    if (plan_rests(pipeline->config.plan) && all_idle(pipeline))
        close_batch(pipeline, BATCH_CLOSED_END);
    else if (clock_monotonic_us() - batch->opened_at_us >= pipeline->config.batch_age_us)
        close_batch(pipeline, BATCH_CLOSED_AGE);
}

/* ---- Step 4: the writer gives batches back ---- */

static void take_back_batch(struct pipeline *pipeline, const struct writer_result *result)
{
    if (result->err) {
        pipeline->store_lost = true;
        pipeline->lost = result->batch;
        pipeline->store_error = result->error;
        pipeline->config.report->batches_failed++;
        plan_stop(pipeline->config.plan);
        return;
    }
    settle(result, pipeline->config.plan, pipeline->config.share, pipeline->config.report,
           pipeline->config.seen);
    tally_receipt(pipeline->config.report, &result->receipt, result->set_aside);
    announce_batch_done(result, pipeline->config.report, pipeline->config.batch_size);
    uint64_t released = batch_reset(result->batch);
    tally_upsert(pipeline->config.report, result->elapsed_us, released);
    announce_release(released, pipeline->config.report);
    if (pipeline->filling)
        pipeline->spare = result->batch;
    else
        pipeline->filling = result->batch;
}

static void hear_writer(struct pipeline *pipeline)
{
    struct writer_notice notice;
    while (writer_next_notice(pipeline->config.writer, &notice)) {
        announce_notice(&notice);
        if (notice.kind == WRITER_LEASE_LOST)
            pipeline_interrupt(pipeline);
    }
    struct writer_result result;
    if (writer_take(pipeline->config.writer, &result)) {
        take_back_batch(pipeline, &result);
        give_full_batch(pipeline); /* before more tee sheets fill the next one */
    }
}

/* ---- Step 5: limits in time ---- */

static void cancel_transfers(struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->conversations_count; i++) {
        if (pipeline->conversations[i].state == CONVERSATION_IN_FLIGHT)
            fetch_cancel(pipeline->config.fetch, pipeline->conversations[i].transfer_id);
    }
}

static void watch_time(struct pipeline *pipeline)
{
    int64_t now = clock_monotonic_us();
    if (now >= pipeline->config.deadline_us && !pipeline->deadline_reached) {
        pipeline->deadline_reached = true;
        pipeline->config.report->deadline_reached = true;
        announce_deadline();
        plan_stop(pipeline->config.plan);
    }
    if (pipeline->store_lost)
        cancel_transfers(pipeline);
    if (!pipeline->interrupted_at)
        return;
    int64_t drained_for = now - pipeline->interrupted_at;
    if (drained_for >= pipeline->config.shutdown_us * SHUTDOWN_FETCH_PERCENT / 100)
        cancel_transfers(pipeline);
    if (drained_for >= pipeline->config.shutdown_us * SHUTDOWN_COMMIT_PERCENT / 100)
        writer_hurry(pipeline->config.writer);
}

/* Hosts that are nearly free are given back before the end, so that nobody waits for them. */
static bool is_settled(const struct pipeline *pipeline)
{
    return pipeline->interrupted_at || pipeline->store_lost ||
           share_is_settled(pipeline->config.share, clock_monotonic_us());
}

static bool everything_is_done(const struct pipeline *pipeline)
{
    if (!plan_finished(pipeline->config.plan) || fetch_in_flight(pipeline->config.fetch))
        return false;
    if (pipeline->store_lost)
        return true;
    return all_idle(pipeline) && is_settled(pipeline) && !pipeline->full &&
           writer_is_idle(pipeline->config.writer) &&
           (!pipeline->filling || pipeline->filling->sheets_count == 0);
}

ts_err pipeline_run(struct pipeline *pipeline, struct error *reterr)
{
    while (!everything_is_done(pipeline)) {
        pipeline->wait_us = TURN_MAX_US;
        if (share_turn(pipeline->config.share, clock_monotonic_us()))
            writer_beat(pipeline->config.writer);
        continue_conversations(pipeline);
        start_conversations(pipeline);
        deliver_tee_sheets(pipeline);
        close_early(pipeline);
        give_full_batch(pipeline);
        ts_err err = loop_turn(pipeline->config.loop, pipeline->wait_us);
        if (err)
            return error_set(reterr, err, "the event loop failed");
        hear_writer(pipeline);
        watch_time(pipeline);
        tally_share(pipeline->config.report, pipeline->config.share);
        tally_turn(pipeline->config.report, pipeline->config.plan,
                   pipeline->filling ? pipeline->filling->arena.used : 0,
                   fetch_in_flight(pipeline->config.fetch));
        pipeline->config.on_change(pipeline->config.ctx, pipeline->config.report);
    }
    if (pipeline->store_lost)
        return error_set(reterr, pipeline->store_error.code, "%s", pipeline->store_error.text);
    return TS_ERR_OK;
}

void pipeline_interrupt(struct pipeline *pipeline)
{
    if (pipeline->interrupted_at)
        return;
    pipeline->interrupted_at = clock_monotonic_us();
    pipeline->config.report->interrupted = true;
    set_pause(pipeline, PAUSE_SHUTDOWN, true);
    plan_stop(pipeline->config.plan);
}

unsigned pipeline_pauses(const struct pipeline *pipeline)
{
    return pipeline->pauses;
}
