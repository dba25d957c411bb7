/*
 * trace.h: a sweep's memory over time, ten lines a second, in a CSV file: what `collect
 * --trace` writes and `plot` reads.
 *
 *     # teesheet trace 1: limit_bytes=67108864 planned=700
 *     ms,batch_bytes,rss_bytes,in_flight,pauses,tee_sheets
 *     0,0,14680064,10,,0
 *     100,61440,15204352,10,memory+writer,14
 *
 * `pauses` names what stood against new work at that moment. Writing allocates nothing; time is
 * a parameter. Loop thread only.
 */
#ifndef TS_VIEW_TRACE_H
#define TS_VIEW_TRACE_H

#include "base/err.h"
#include "base/str.h"

struct trace;

/* What holds for the whole sweep. */
struct trace_head {
    uint64_t limit_bytes; /* --memory */
    uint64_t planned;     /* tee sheets */
};

struct trace_sample {
    int64_t ms;           /* since the start */
    uint64_t batch_bytes; /* in the batch that is filling */
    uint64_t rss_bytes;
    uint64_t tee_sheets; /* done */
    uint32_t in_flight;
    struct str pauses; /* reasons joined by '+', or empty */
};

/* Makes or empties the file. TS_ERR_IO: it cannot be written. */
TS_MUST_USE ts_err trace_new(const char *path, struct trace **ret_trace, struct error *reterr);

/* Writes the first lines; now_us is the sweep's start. */
void trace_begin(struct trace *trace, const struct trace_head *head, int64_t now_us);

/* Appends the sample, with now_us as its time (sample->ms is not read), if the last one is 100
 * ms old. A file that fails is written no more. */
void trace_add(struct trace *trace, const struct trace_sample *sample, int64_t now_us);

/* Whether everything was written; TS_ERR_IO says why not. */
TS_MUST_USE ts_err trace_check(const struct trace *trace, struct error *reterr);

/* Accepts NULL. */
void trace_free(struct trace *trace);

/* Hands each sample to on_sample (its texts are valid during the call). TS_ERR_DATA names file
 * and line of what is wrong. */
TS_MUST_USE ts_err trace_read(const char *path, struct trace_head *ret_head,
                              void (*on_sample)(void *ctx, const struct trace_sample *sample),
                              void *ctx, struct error *reterr);

#endif
