/*
 * batch.h: tee sheets on their way to the store, in one arena.
 *
 * A batch is filled by the loop thread, handed to the writer thread by ownership, and reset as
 * a whole after the commit. A tee sheet is copied in whole or not at all. Two batches exist,
 * made at the start.
 */
#ifndef TS_BATCH_BATCH_H
#define TS_BATCH_BATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "domain/tee_sheet.h"

enum batch_close {
    BATCH_OPEN,
    BATCH_CLOSED_COUNT,
    BATCH_CLOSED_BYTES,
    BATCH_CLOSED_AGE,
    BATCH_CLOSED_END
};

struct batch {
    struct tee_sheet *sheets; /* constructor-owned array of sheets_max */
    uint32_t sheets_count, sheets_max;
    struct arena arena;      /* what the sheets point to */
    int64_t opened_at_us;    /* monotonic: when the first tee sheet came; 0 while empty */
    enum batch_close closed; /* why it closed, once it has */
    uint32_t number;         /* 1, 2, … in the order of closing */
};

TS_MUST_USE ts_err batch_new(struct batch **ret_batch, uint32_t sheets_max, size_t arena_bytes);
void batch_free(struct batch *batch);

/* Copies a sealed tee sheet in, compact. TS_ERR_FULL: no place left (count or bytes); the batch
 * is as before. */
TS_MUST_USE ts_err batch_add(struct batch *batch, const struct tee_sheet *sheet,
                             int64_t now_us);

/* The bytes that batch_add of this tee sheet would take at the most. */
size_t batch_sheet_bytes(const struct tee_sheet *sheet);

/* Sorts the tee sheets by (course_id, play_date), the order in which stores lock them. */
void batch_sort(struct batch *batch);

/* Empty again, memory kept. Returns the bytes released. */
size_t batch_reset(struct batch *batch);

/* "its number of tee sheets", "its bytes", "its age", "the end of the sweep". */
const char *batch_close_text(enum batch_close close);

#endif
