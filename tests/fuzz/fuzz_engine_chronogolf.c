/*
 * fuzz_engine_chronogolf.c: both APIs of Chronogolf on any reply.
 *
 * The first byte chooses the rows, the status, the `total` header and a small arena; the rest
 * is the body, given to each step until the conversation ends. What comes out are tee times
 * that can be stored, and nothing observed from a body that is no JSON, unless its words say
 * so.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

#define STEPS_MAX 20

enum { IS_V2 = 1, IS_REFUSED = 2, HAS_TOTAL = 4, HAS_SMALL_ARENA = 8 };

/* Attributes in the table's order: course_uuids, club_id, course_id, affiliation_type_id, api,
 * nb_holes, club_slug. */
static const char v1_row[] = "\0"
                             "41\0"
                             "52\0"
                             "63\0"
                             "\0"
                             "9,18\0"
                             "oak\0";
static const char v2_rows[2][100] = { "aaaaaaaa-0000-4000-8000-000000000001,"
                                      "aaaaaaaa-0000-4000-8000-000000000002\0\0\0\0\0\0oak\0",
                                      "aaaaaaaa-0000-4000-8000-000000000002\0\0\0"
                                      "63\0\0\0oak\0" };

struct play {
    struct arena arena;
    struct course rows[2];
    const struct course *courses[2];
    struct tee_sheet sheets[2];
    struct engine_task task;
    struct http_reply reply;
};

static void start(struct play *play, unsigned options)
{
    uint32_t restarts = play->task.restarts;
    arena_reset(&play->arena);
    for (int i = 0; i < 2; i++) {
        play->rows[i].attributes = options & IS_V2 ? v2_rows[i] : v1_row;
        play->courses[i] = &play->rows[i];
        play->sheets[i] = (struct tee_sheet){ .detail = "", .currency = "CAD" };
    }
    play->task = (struct engine_task){
        .engine = engines[engine_find(STR("chronogolf"))],
        .courses = play->courses,
        .sheets = play->sheets,
        .courses_count = options & IS_V2 ? 2 : 1,
        .play_date = 20792, /* 2026-12-05 */
        .arena = &play->arena,
        .restarts = restarts,
    };
}

static enum outcome converse(struct play *play, unsigned options)
{
    start(play, options);
    for (int step = 0; step < STEPS_MAX; step++) {
        struct engine_result result = { .outcome = OUTCOME_NONE };
        switch (play->task.engine->parse(&play->task, &play->reply, &result)) {
        case ENGINE_NEXT:
            continue;
        case ENGINE_RESTART:
            assert(play->task.restarts == 0);
            play->task.restarts++;
            start(play, options);
            continue;
        case ENGINE_DONE:
            return result.outcome;
        case ENGINE_TRUNCATED:
            return OUTCOME_UNREADABLE;
        case ENGINE_UNDECIDED:
            return engine_common_outcome(&play->reply);
        }
    }
    return OUTCOME_UNREADABLE;
}

static void check_sheet(struct tee_sheet *sheet, enum outcome outcome,
                        const struct http_reply *reply)
{
    if (str_contains_nocase(reply->body, STR("booking range")))
        fuzz_engine_seal(sheet, outcome); /* a text that proves something */
    else
        fuzz_engine_check(sheet, outcome, reply->body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play play = { .reply = { .status = 200, .retry_after_us = -1 } };
    if (size == 0)
        return 0;
    unsigned options = data[0];
    if (options & IS_REFUSED)
        play.reply.status = 422;
    if (options & HAS_TOTAL)
        memcpy(play.reply.total, "1", 2);
    play.reply.body = (struct str){ (const char *)data + 1, size - 1 };
    if (arena_init(&play.arena, options & HAS_SMALL_ARENA ? 2500 : 64u * 1024))
        abort();
    enum outcome outcome = converse(&play, options);
    for (uint32_t i = 0; i < play.task.courses_count; i++)
        check_sheet(&play.sheets[i], outcome, &play.reply);
    arena_done(&play.arena);
    return 0;
}
