/*
 * fuzz_engine_teeitup.c: TeeItUp's adapter on any replies.
 *
 * The first byte chooses the rows, the status and a small arena; the rest is the body, given to
 * each step. A body of two parts, apart by a NUL, is a lookup and a list. What comes out are
 * tee times that can be stored, and nothing observed from a body that is no JSON.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "engine/engine.h"
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

#define STEPS_MAX 4

enum { HAS_TWO_ROWS = 1, IS_REFUSED = 2, HAS_NO_IDS = 4, HAS_SMALL_ARENA = 8 };

/* Attributes in the table's order: alias, facility_ids. */
static const char one_row[] = "oak-hollow\0"
                              "501\0";
static const char two_row[] = "oak-hollow\0"
                              "502,503\0";
static const char all_row[] = "oak-hollow\0\0";

struct play {
    struct arena arena;
    struct course rows[2];
    const struct course *courses[2];
    struct tee_sheet sheets[2];
    struct engine_task task;
    struct http_reply reply;
    struct str list; /* the body of the second reply */
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
};

static void start(struct play *play, unsigned options, const struct zone *zone)
{
    play->rows[0].attributes = options & HAS_NO_IDS ? all_row : one_row;
    play->rows[1].attributes = two_row;
    for (int i = 0; i < 2; i++) {
        play->courses[i] = &play->rows[i];
        play->sheets[i] = (struct tee_sheet){ .detail = "", .currency = "USD", .zone = zone };
    }
    play->task = (struct engine_task){
        .engine = engines[engine_find(STR("teeitup"))],
        .courses = play->courses,
        .sheets = play->sheets,
        .courses_count = options & HAS_TWO_ROWS ? 2 : 1,
        .play_date = 20792, /* 2026-12-05 */
        .arena = &play->arena,
        .tenant = play->tenant,
    };
}

static enum outcome converse(struct play *play)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        struct engine_result result = { .outcome = OUTCOME_NONE };
        switch (play->task.engine->parse(&play->task, &play->reply, &result)) {
        case ENGINE_NEXT:
            assert(result.tenant_ttl_s > 0);
            if (play->list.len > 0)
                play->reply.body = play->list;
            continue;
        case ENGINE_RESTART:
            abort();
        case ENGINE_DONE:
            return result.outcome;
        case ENGINE_TRUNCATED:
            return OUTCOME_UNREADABLE;
        case ENGINE_UNDECIDED:
            return engine_common_outcome(&play->reply);
        }
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zone *zone;
    static struct play play;
    if (!zone && zone_new(STR("America/Denver"), &zone, NULL))
        abort();
    if (size == 0)
        return 0;
    unsigned options = data[0];
    struct str body = { (const char *)data + 1, size - 1 };
    const char *nul = body.len > 0 ? memchr(body.ptr, '\0', body.len) : NULL;
    memset(&play, 0, sizeof(play));
    if (nul) {
        play.list = (struct str){ nul + 1, (size_t)(body.ptr + body.len - nul - 1) };
        body.len = (size_t)(nul - body.ptr);
    }
    play.reply = (struct http_reply){ .status = options & IS_REFUSED ? 404 : 200,
                                      .body = body,
                                      .retry_after_us = -1 };
    if (arena_init(&play.arena, options & HAS_SMALL_ARENA ? 2500 : 64u * 1024))
        abort();
    start(&play, options, zone);
    enum outcome outcome = converse(&play);
    for (uint32_t i = 0; i < play.task.courses_count; i++)
        fuzz_engine_check(&play.sheets[i], outcome, play.reply.body);
    arena_done(&play.arena);
    return 0;
}
