/*
 * plot.h: a trace as a picture: an SVG file with the process's resident memory under its
 * budget, and below it the batch that fills and empties, over the same time.
 *
 * Any number of samples becomes at most 512 columns: when they are full, neighbours merge and
 * keep their lowest and highest values, so that no tooth is lost. A plain value, caller's
 * storage. The picture follows the reader's light or dark colours.
 */
#ifndef TS_VIEW_PLOT_H
#define TS_VIEW_PLOT_H

#include <stdio.h>

#include "view/trace.h"

#define PLOT_COLUMNS 512

struct plot_column {
    uint32_t samples;
    bool peak_is_later; /* the highest batch came after the lowest */
    uint64_t batch_low, batch_high;
    uint64_t rss_high;
};

struct plot {
    struct trace_head head;
    int64_t column_ms; /* how much time one column covers */
    uint32_t columns_count;
    struct plot_column columns[PLOT_COLUMNS];
    uint64_t batch_peak, rss_peak, tee_sheets;
    uint64_t batch_last, batch_top; /* to see a batch empty: the last one, the tooth's top */
    uint32_t emptied;
    int64_t last_ms;
};

void plot_init(struct plot *plot);

/* Samples come in the order of time. */
void plot_add(struct plot *plot, const struct trace_sample *sample);

/* The SVG. What the file system says of it is for the caller to check (ferror, fclose). */
void plot_write(const struct plot *plot, FILE *out);

#endif
