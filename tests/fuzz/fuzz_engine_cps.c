/*
 * fuzz_engine_cps.c: CPS Golf's conversation on any reply.
 *
 * The first byte chooses at which stage the reply comes, its status, the rows and a small
 * arena; the rest is the body, given to each step until the conversation ends. What comes out
 * are tee times that can be stored, and nothing observed from a body that is no JSON.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

#define STEPS_MAX 20

enum {
    HAS_CREDENTIAL = 1,
    HAS_TRANSACTION = 2,
    IS_REFUSED = 4,
    LACKS_IDS = 8,
    IS_V4 = 16,
    HAS_SMALL_ARENA = 32
};

/* Attributes in the table's order: subdomain, websiteId, siteId, courseIds, terminalId, api,
 * authType. */
static const char full_row[] = "oak\0"
                               "11111111-2222-4333-8444-555555555555\0"
                               "7\0"
                               "3\0\0\0\0";
static const char v4_row[] = "oak\0"
                             "11111111-2222-4333-8444-555555555555\0\0"
                             "3,4\0\0"
                             "v4\0\0";
static const char bare_row[] = "oak\0\0\0\0\0\0\0";

struct play {
    struct arena arena;
    struct course rows[2];
    const struct course *courses[2];
    struct tee_sheet sheets[2];
    struct engine_task task;
    struct http_reply reply;
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
};

/* What the next reply answers. */
static void ask(struct play *play)
{
    char storage[ENGINE_SCRATCH_BYTES];
    struct buf scratch = buf_over(storage, sizeof(storage));
    struct http_request request;
    assert(play->task.engine->request(&play->task, &scratch, &request) == TS_ERR_OK);
    play->task.asked = request.stage;
    assert(strpbrk(request.url, "\r\n ") == NULL);
    for (uint32_t i = 0; i < request.headers_count; i++)
        assert(strpbrk(request.headers[i], "\r\n") == NULL);
}

static void give(struct play *play, struct str body)
{
    struct http_reply reply = { .status = 200, .retry_after_us = -1, .body = body };
    struct engine_result result = { .outcome = OUTCOME_NONE };
    ask(play);
    (void)play->task.engine->parse(&play->task, &reply, &result);
}

static void start(struct play *play, unsigned options)
{
    for (int i = 0; i < 2; i++) {
        play->rows[i].attributes = options & IS_V4 ? v4_row : full_row;
        play->courses[i] = &play->rows[i];
        play->sheets[i] = (struct tee_sheet){ .detail = "", .currency = "CAD" };
    }
    if (options & LACKS_IDS)
        play->rows[1].attributes = bare_row;
    play->task = (struct engine_task){
        .engine = engines[engine_find(STR("cps"))],
        .courses = play->courses,
        .sheets = play->sheets,
        .courses_count = 2,
        .play_date = 20792, /* 2026-12-05 */
        .arena = &play->arena,
        .tenant = play->tenant,
    };
    if (options & HAS_CREDENTIAL)
        give(play,
             options & IS_V4 ? STR("{\"apiKey\": \"k\"}") : STR("{\"access_token\": \"t\"}"));
    if ((options & HAS_TRANSACTION) && !(options & (IS_V4 | LACKS_IDS)))
        give(play, STR("true"));
}

static enum outcome converse(struct play *play)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        struct engine_result result = { .outcome = OUTCOME_NONE };
        ask(play);
        switch (play->task.engine->parse(&play->task, &play->reply, &result)) {
        case ENGINE_NEXT:
            continue;
        case ENGINE_DONE:
            return result.outcome;
        case ENGINE_RESTART:
            abort(); /* no reason for it */
        case ENGINE_TRUNCATED:
            return OUTCOME_UNREADABLE;
        case ENGINE_UNDECIDED:
            return engine_common_outcome(&play->reply);
        }
    }
    abort(); /* no conversation is that long */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play play = { .reply = { .status = 200, .retry_after_us = -1 } };
    if (size == 0)
        return 0;
    unsigned options = data[0];
    if (options & IS_REFUSED)
        play.reply.status = 400;
    play.reply.body = (struct str){ (const char *)data + 1, size - 1 };
    if (arena_init(&play.arena, options & HAS_SMALL_ARENA ? 1200 : 64u * 1024))
        abort();
    start(&play, options);
    enum outcome outcome = converse(&play);
    for (uint32_t i = 0; i < play.task.courses_count; i++)
        fuzz_engine_check(&play.sheets[i], outcome, play.reply.body);
    arena_done(&play.arena);
    return 0;
}
