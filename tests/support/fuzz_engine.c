/* fuzz_engine.c: a conversation whose replies are all the fuzzer's bytes. */
#include "support/fuzz_engine.h"

#include <assert.h>
#include <stdlib.h>

#include "base/json.h"
#include "engine/engine.h"

#define STEPS_MAX   20
#define ARENA_BYTES (64u * 1024)
#define ARENA_SMALL 2500

struct play {
    struct arena arena;
    struct course rows[FUZZ_ENGINE_COURSES_MAX];
    const struct course *courses[FUZZ_ENGINE_COURSES_MAX];
    struct tee_sheet sheets[FUZZ_ENGINE_COURSES_MAX];
    struct engine_task task;
    struct http_reply reply;
};

static void start(struct play *play, const struct engine *engine, const char *const *rows,
                  uint32_t rows_count)
{
    for (uint32_t i = 0; i < rows_count; i++) {
        play->rows[i].attributes = rows[i];
        play->courses[i] = &play->rows[i];
        play->sheets[i] = (struct tee_sheet){ .detail = "", .currency = "USD" };
    }
    play->task = (struct engine_task){
        .engine = engine,
        .courses = play->courses,
        .sheets = play->sheets,
        .courses_count = rows_count,
        .play_date = 20792, /* 2026-12-05 */
        .arena = &play->arena,
    };
}

static enum outcome converse(struct play *play)
{
    for (int step = 0; step < STEPS_MAX; step++) {
        struct engine_result result = { .outcome = OUTCOME_NONE };
        enum engine_verdict verdict =
            play->task.engine->parse(&play->task, &play->reply, &result);
        if (verdict == ENGINE_DONE)
            return result.outcome;
        if (verdict == ENGINE_UNDECIDED)
            return engine_common_outcome(&play->reply);
        if (verdict != ENGINE_NEXT)
            return OUTCOME_UNREADABLE;
    }
    return OUTCOME_UNREADABLE;
}

void fuzz_engine_seal(struct tee_sheet *sheet, enum outcome outcome)
{
    if (sheet->outcome == OUTCOME_NONE)
        sheet->outcome = outcome;
    (void)tee_sheet_seal(sheet);
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        const struct tee_time *tee_time = &sheet->tee_times[i];
        assert(tee_time->start_minute < 24 * 60 && tee_time->party_sizes != 0);
        assert(tee_time->price_cents == TEE_TIME_PRICE_UNKNOWN || tee_time->price_cents > 0);
        assert(tee_time->cart_fee_cents >= TEE_TIME_PRICE_UNKNOWN);
        assert(strlen(tee_time->routing) < 100 && strlen(tee_time->rate_name) < 100);
        assert(tee_time->engine_ref && tee_time->url_template && tee_time->url_template[0]);
    }
}

void fuzz_engine_check(struct tee_sheet *sheet, enum outcome outcome, struct str body)
{
    struct json json = json_over(body);
    fuzz_engine_seal(sheet, outcome);
    assert(json_finish(&json) == JSON_OK || !outcome_is_observed(sheet->outcome));
}

void fuzz_engine_play(const char *engine, const char *const *rows, uint32_t rows_count,
                      const uint8_t *data, size_t size)
{
    static const uint16_t statuses[] = { 200, 200, 401, 403, 404, 422, 503, 204 };
    struct play play = { .reply = { .retry_after_us = -1 } };
    if (size == 0)
        return;
    play.reply.status = statuses[data[0] % 8];
    play.reply.body = (struct str){ (const char *)data + 1, size - 1 };
    if (arena_init(&play.arena, data[0] & 8 ? ARENA_SMALL : ARENA_BYTES))
        abort();
    start(&play, engines[engine_find(str_of(engine))], rows, rows_count);
    enum outcome outcome = converse(&play);
    if (outcome == OUTCOME_NONE)
        outcome = OUTCOME_UNREADABLE;
    for (uint32_t i = 0; i < rows_count; i++)
        fuzz_engine_check(&play.sheets[i], outcome, play.reply.body);
    arena_done(&play.arena);
}
