/*
 * fuzz_engine_quick18.c: Quick18's page, any bytes.
 *
 * The first byte chooses the second row's filter and a small arena; the rest is the page. What
 * comes out are tee times that can be stored, nothing observed without the end of a page and a
 * matrix, and all of the HTML reader's memory.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/html.h"
#include "engine/engine.h"
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

enum { HAS_FILTER = 1, HAS_SMALL_ARENA = 2 };

/* Attributes in the table's order: subdomain, domain, sub_course. */
static const char row[] = "oak\0\0\0";
static const char filtered_row[] = "oak\0\0North\0";

struct play {
    struct arena arena;
    struct course rows[2];
    const struct course *courses[2];
    struct tee_sheet sheets[2];
    struct engine_task task;
};

static void start(struct play *play, unsigned options)
{
    for (int i = 0; i < 2; i++) {
        play->rows[i].attributes = i == 1 && (options & HAS_FILTER) ? filtered_row : row;
        play->courses[i] = &play->rows[i];
        play->sheets[i] = (struct tee_sheet){ .detail = "", .currency = "CAD" };
    }
    play->task = (struct engine_task){
        .engine = engines[engine_find(STR("quick18"))],
        .courses = play->courses,
        .sheets = play->sheets,
        .courses_count = 2,
        .play_date = 20792, /* 2026-12-05 */
        .arena = &play->arena,
    };
}

static void check_sheet(struct tee_sheet *sheet, enum outcome outcome,
                        const struct http_reply *reply)
{
    fuzz_engine_seal(sheet, outcome);
    if (outcome_is_observed(sheet->outcome)) {
        assert(str_contains_nocase(reply->body, STR("</html>")));
        assert(str_contains_nocase(reply->body, STR("matrixTable")));
    }
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        const struct tee_time *tee_time = &sheet->tee_times[i];
        char storage[600];
        struct buf url = buf_over(storage, sizeof(storage));
        tee_time_booking_url(tee_time, &url);
        assert(!url.overflow && strcmp(url.ptr, tee_time->url_template) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint64_t held;
    struct play play = { .rows = { { 0 } } };
    struct engine_result result = { .outcome = OUTCOME_NONE };
    if (size == 0)
        return 0;
    struct http_reply reply = { .status = 200,
                                .retry_after_us = -1,
                                .body = { (const char *)data + 1, size - 1 } };
    if (arena_init(&play.arena, data[0] & HAS_SMALL_ARENA ? 1200 : 64u * 1024))
        abort();
    start(&play, data[0]);
    enum engine_verdict verdict = play.task.engine->parse(&play.task, &reply, &result);
    assert(verdict == ENGINE_DONE || verdict == ENGINE_TRUNCATED);
    if (verdict == ENGINE_TRUNCATED)
        result.outcome = OUTCOME_UNREADABLE;
    for (uint32_t i = 0; i < play.task.courses_count; i++)
        check_sheet(&play.sheets[i], result.outcome, &reply);
    if (held == 0)
        held = html_memory_bytes();
    assert(html_memory_bytes() == held);
    arena_done(&play.arena);
    return 0;
}
