/* batch.c: tee sheets copied, compact, into one arena. */
#include "batch/batch.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

/* Where the texts of one tee sheet go, one after another; `at` NULL: they are only counted. */
struct texts {
    char *at;
    size_t bytes;
};

ts_err batch_new(struct batch **ret_batch, uint32_t sheets_max, size_t arena_bytes)
{
    assert(sheets_max > 0);
    ts_err err = TS_ERR_NOMEM;
    struct batch *batch = mem_alloc(1, sizeof(*batch));
    if (!batch)
        goto fail;
    batch->sheets_max = sheets_max;
    batch->sheets = mem_alloc(sheets_max, sizeof(*batch->sheets));
    if (!batch->sheets)
        goto fail;
    err = arena_init(&batch->arena, arena_bytes);
    if (err)
        goto fail;
    *ret_batch = batch;
    return TS_ERR_OK;
fail:
    batch_free(batch);
    return err;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    arena_done(&batch->arena);
    mem_free(batch->sheets);
    mem_free(batch);
}

static const char *put_text(struct texts *texts, const char *text)
{
    size_t size = strlen(text) + 1;
    if (size == 1)
        return "";
    texts->bytes += size;
    if (!texts->at)
        return text;
    char *copy = memcpy(texts->at, text, size);
    texts->at += size;
    return copy;
}

/* A text that equals the one of the tee time before is not stored again. */
static const char *put_shared(struct texts *texts, const char *text, const char *last,
                              const char *last_copy)
{
    return text == last || strcmp(text, last) == 0 ? last_copy : put_text(texts, text);
}

/* Counts the texts of all tee times, and copies the tee times if `copies` is given. */
static void put_tee_times(struct texts *texts, const struct tee_sheet *sheet,
                          struct tee_time *copies)
{
    struct tee_time last = { .routing = "", .url_template = "", .rate_name = "" };
    struct tee_time last_copy = last;
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        struct tee_time source = sheet->tee_times[i], copy = source;
        copy.routing = put_shared(texts, source.routing, last.routing, last_copy.routing);
        copy.url_template =
            put_shared(texts, source.url_template, last.url_template, last_copy.url_template);
        copy.rate_name =
            put_shared(texts, source.rate_name, last.rate_name, last_copy.rate_name);
        copy.engine_ref = put_text(texts, source.engine_ref);
        if (copies)
            copies[i] = copy;
        last = source;
        last_copy = copy;
    }
}

static size_t texts_bytes(const struct tee_sheet *sheet)
{
    struct texts texts = { 0 };
    put_text(&texts, sheet->detail);
    put_tee_times(&texts, sheet, NULL);
    return texts.bytes;
}

ts_err batch_add(struct batch *batch, const struct tee_sheet *sheet, int64_t now_us)
{
    if (batch->sheets_count == batch->sheets_max)
        return TS_ERR_FULL;
    size_t mark = arena_mark(&batch->arena);
    struct tee_time *tee_times =
        arena_alloc(&batch->arena, sheet->tee_times_count, sizeof(*tee_times));
    struct texts texts = { .at = arena_alloc(&batch->arena, texts_bytes(sheet), 1) };
    if (!tee_times || !texts.at) {
        arena_rewind(&batch->arena, mark);
        return TS_ERR_FULL;
    }
    if (!batch->sheets_count)
        batch->opened_at_us = now_us;
    struct tee_sheet *copy = &batch->sheets[batch->sheets_count++];
    *copy = *sheet;
    copy->detail = put_text(&texts, sheet->detail);
    put_tee_times(&texts, sheet, tee_times);
    copy->tee_times = tee_times;
    return TS_ERR_OK;
}

size_t batch_sheet_bytes(const struct tee_sheet *sheet)
{
    return sheet->tee_times_count * sizeof(struct tee_time) + texts_bytes(sheet) +
           2 * (size_t)ARENA_SLACK_BYTES;
}

static int compare_sheets(const void *a, const void *b)
{
    return tee_sheet_compare(a, b);
}

void batch_sort(struct batch *batch)
{
    sort_stable(batch->sheets, batch->sheets_count, sizeof(*batch->sheets), compare_sheets);
}

size_t batch_reset(struct batch *batch)
{
    size_t released = batch->arena.used;
    arena_reset(&batch->arena);
    batch->sheets_count = 0;
    batch->opened_at_us = 0;
    batch->closed = BATCH_OPEN;
    batch->number = 0;
    return released;
}

const char *batch_close_text(enum batch_close close)
{
    static const char *const texts[] = {
        [BATCH_OPEN] = "open",
        [BATCH_CLOSED_COUNT] = "its number of tee sheets",
        [BATCH_CLOSED_BYTES] = "its bytes",
        [BATCH_CLOSED_AGE] = "its age",
        [BATCH_CLOSED_END] = "the end of the sweep",
    };
    return texts[close];
}
