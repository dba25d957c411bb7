/* conversation.c: a task from its first request to sealed tee sheets. */
#include "host/conversation.h"

#include <assert.h>
#include <string.h>

#include "base/redact.h"
#include "batch/batch.h"

static bool edge_is_allowed(enum conversation_state from, enum conversation_state to)
{
    static const unsigned char allowed[] = {
        [CONVERSATION_IDLE] = 1u << CONVERSATION_READY,
        [CONVERSATION_READY] = 1u << CONVERSATION_IN_FLIGHT | 1u << CONVERSATION_IDLE |
                               1u << CONVERSATION_FINISHED,
        [CONVERSATION_IN_FLIGHT] =
            1u << CONVERSATION_READY | 1u << CONVERSATION_IDLE | 1u << CONVERSATION_FINISHED,
        [CONVERSATION_FINISHED] = 1u << CONVERSATION_IDLE,
    };
    return allowed[from] >> to & 1;
}

void conversation_set_state(struct conversation *conversation, enum conversation_state state)
{
    assert(edge_is_allowed(conversation->state, state));
    conversation->state = state;
}

ts_err conversation_init(struct conversation *conversation, struct pipeline *pipeline,
                         size_t arena_bytes)
{
    *conversation = (struct conversation){ .pipeline = pipeline };
    return arena_init(&conversation->arena, arena_bytes);
}

void conversation_done(struct conversation *conversation)
{
    arena_done(&conversation->arena);
}

/* Forgets what was read: at the start, and when the engine starts again from step 0. */
static void forget(struct conversation *conversation)
{
    struct engine_task *task = &conversation->engine_task;
    arena_reset(&conversation->arena);
    task->step = 0;
    memset(task->state, 0, sizeof(task->state));
    for (uint32_t i = 0; i < task->courses_count; i++) {
        struct tee_sheet *sheet = &conversation->sheets[i];
        sheet->outcome = OUTCOME_NONE;
        sheet->detail = "";
        sheet->tee_times = NULL;
        sheet->tee_times_count = 0;
        sheet->unread_rows = 0;
    }
}

/* A linear congruential generator (Knuth, MMIX): its upper bits are the good ones. */
void conversation_make_nonce(uint64_t *random, uint8_t nonce[16])
{
    for (int i = 0; i < 16; i++) {
        *random = *random * 6364136223846793005u + 1442695040888963407u;
        nonce[i] = (uint8_t)(*random >> 56);
    }
}

void conversation_begin(struct conversation *conversation, const struct catalogue *catalogue,
                        const struct plan_task *task, const uint8_t nonce[16], const char *key)
{
    conversation_set_state(conversation, CONVERSATION_READY);
    conversation->task = *task;
    conversation->delivered = 0;
    conversation->engine_task = (struct engine_task){
        .engine = engines[catalogue->courses[task->courses[0]].engine],
        .courses = conversation->courses,
        .sheets = conversation->sheets,
        .courses_count = task->courses_count,
        .play_date = task->play_date,
        .arena = &conversation->arena,
        .tenant = task->tenant_state,
        .key = key,
    };
    memcpy(conversation->engine_task.nonce, nonce, sizeof(conversation->engine_task.nonce));
    for (uint32_t i = 0; i < task->courses_count; i++) {
        const struct course *course = &catalogue->courses[task->courses[i]];
        conversation->courses[i] = course;
        conversation->sheets[i] = (struct tee_sheet){
            .course_id = course->id,
            .course_index = task->courses[i],
            .play_date = task->play_date,
            .attempts = (uint8_t)task->attempt,
            .second_look = task->second_look,
            .currency = course->currency,
            .zone = catalogue->zones[course->zone],
        };
    }
    forget(conversation);
}

/* Gives `outcome` to every tee sheet that has none. */
static void settle(struct conversation *conversation, enum outcome outcome, const char *detail)
{
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++) {
        struct tee_sheet *sheet = &conversation->sheets[i];
        if (sheet->outcome != OUTCOME_NONE)
            continue;
        sheet->outcome = outcome;
        sheet->detail = detail ? detail : "";
    }
}

/* The tee sheets that the next reply may decide, as a set of indices. */
static uint32_t undecided(const struct conversation *conversation)
{
    uint32_t set = 0;
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++)
        set |= (uint32_t)(conversation->sheets[i].outcome == OUTCOME_NONE) << i;
    return set;
}

static void stamp(struct conversation *conversation, uint32_t set,
                  const struct http_reply *reply)
{
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++) {
        if (!(set >> i & 1))
            continue;
        conversation->sheets[i].http_status = reply->status;
        conversation->sheets[i].checked_at = reply->received_at;
    }
}

/* Whose they were is not known: each of the tee sheets may lack them. */
static void count_unread(struct conversation *conversation, uint32_t set, uint32_t rows)
{
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++)
        conversation->sheets[i].unread_rows += set >> i & 1 ? rows : 0;
}

/* A reply whose meaning is left to the common rules. What earlier replies settled stands; a tee
 * sheet that is half known fails whole. */
static enum conversation_turn fail(struct conversation *conversation,
                                   const struct http_reply *reply, enum outcome outcome,
                                   const char *detail, bool retryable)
{
    if (!detail)
        detail = reply->detail ? reply->detail : "";
    const char *kept = arena_strdup(&conversation->arena, str_of(detail)); /* NULL: no room */
    settle(conversation, outcome, kept);
    return retryable ? CONVERSATION_CAN_RETRY : CONVERSATION_ENDS;
}

static enum conversation_turn restart(struct conversation *conversation,
                                      const struct http_reply *reply, const char *detail)
{
    if (conversation->engine_task.restarts > 0)
        return fail(conversation, reply, OUTCOME_UNREADABLE, detail, false);
    conversation->engine_task.restarts++;
    forget(conversation);
    return CONVERSATION_GOES_ON;
}

void conversation_ask(struct conversation *conversation, const struct http_request *request)
{
    struct buf asked = buf_over(conversation->asked, sizeof(conversation->asked));
    buf_puts(&asked, request->method);
    buf_putc(&asked, ' ');
    redact_put_url(&asked, request->url);
    conversation->engine_task.asked = request->stage;
}

enum conversation_turn conversation_read(struct conversation *conversation,
                                         const struct http_reply *reply,
                                         struct conversation_note *ret_note)
{
    struct engine_task *task = &conversation->engine_task;
    struct engine_result result = { 0 };
    enum engine_verdict verdict = ENGINE_UNDECIDED;
    uint32_t set = undecided(conversation);
    if (reply->end == HTTP_END_REPLY)
        verdict = task->engine->parse(task, reply, &result);
    stamp(conversation, set, reply);
    count_unread(conversation, set, result.skipped_rows);
    *ret_note = (struct conversation_note){ .skipped_rows = result.skipped_rows,
                                            .skipped_field = result.skipped_field,
                                            .skipped_offset = result.skipped_offset,
                                            .tenant_ttl_s = result.tenant_ttl_s,
                                            .tenant_dropped = verdict == ENGINE_RESTART };
    switch (verdict) {
    case ENGINE_NEXT:
        return CONVERSATION_GOES_ON;
    case ENGINE_DONE:
        settle(conversation,
               result.outcome == OUTCOME_NONE ? OUTCOME_UNREADABLE : result.outcome,
               result.detail);
        return CONVERSATION_ENDS;
    case ENGINE_RESTART:
        return restart(conversation, reply, result.detail);
    case ENGINE_TRUNCATED:
        return fail(conversation, reply, OUTCOME_UNREADABLE, result.detail, true);
    case ENGINE_UNDECIDED:
        break;
    }
    return fail(conversation, reply, engine_common_outcome(reply), result.detail,
                engine_reply_retryable(reply));
}

bool conversation_lacks_key(struct conversation *conversation, int64_t now_wall)
{
    const struct engine_task *task = &conversation->engine_task;
    if (!task->engine->needs_key || task->key)
        return false;
    stamp(conversation, undecided(conversation),
          &(struct http_reply){ .received_at = now_wall });
    settle(conversation, OUTCOME_MISCONFIGURED, "the engine's key is not in the environment");
    return true;
}

/* A batch shares fewer texts between tee times than a task does. */
static void refuse_if_larger(struct tee_sheet *sheet, size_t bytes_max)
{
    if (batch_sheet_bytes(sheet) <= bytes_max)
        return;
    sheet->outcome = OUTCOME_TOO_LARGE;
    sheet->detail = "more tee times than a batch holds";
    (void)tee_sheet_seal(sheet);
}

uint32_t conversation_end(struct conversation *conversation, size_t sheet_bytes_max)
{
    uint32_t merged = 0;
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++) {
        merged += tee_sheet_seal(&conversation->sheets[i]);
        refuse_if_larger(&conversation->sheets[i], sheet_bytes_max);
    }
    return merged;
}

bool conversation_was_blocked(const struct conversation *conversation)
{
    bool blocked = false;
    for (uint32_t i = 0; i < conversation->engine_task.courses_count; i++)
        blocked |= conversation->sheets[i].outcome == OUTCOME_BLOCKED;
    return blocked;
}
