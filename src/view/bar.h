/*
 * bar.h: one frame of the progress bar as text, in the manner of tqdm:
 *
 *  37%|███████▍            | 374/1000 [00:12<00:21, 31.0/s] 12,345 tee times, 3 unknown, RSS …
 *
 * Pure: no terminal, no clock.
 */
#ifndef TS_VIEW_BAR_H
#define TS_VIEW_BAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "domain/sweep.h"

struct bar_style {
    uint32_t columns; /* never written beyond */
    bool utf8;
    double rate; /* tee sheets a second; 0: unknown */
};

/* Appends the frame, at most style->columns wide; parts that do not fit are left out from the
 * right. */
void bar_put(struct buf *out, const struct sweep_report *report, const struct bar_style *style);

/* The share done in percent, 100 only when all are. */
uint32_t bar_percent(const struct sweep_report *report);

#endif
