/*
 * progress.h: who follows a sweep sees how far it is: a bar on a terminal, timed lines
 * elsewhere.
 *
 * The bar stands on one line, follows the terminal's width, makes room for log lines (it is the
 * log's curtain) and never waits for its reader: a frame that cannot be written at once is
 * skipped. Lines come first, last, and every 10 s or each 10 %, whichever is first. Time is a
 * parameter. update and finish: loop thread only; log lines may come from any thread.
 */
#ifndef TS_VIEW_PROGRESS_H
#define TS_VIEW_PROGRESS_H

#include <stdint.h>

#include "base/err.h"
#include "domain/sweep.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_LINES, PROGRESS_OFF };

/* The choices of --progress in the order of enum progress_mode, NULL-terminated. */
extern const char *const progress_modes[];

struct progress;

/* Draws on fd (the caller's; stderr, where the log is). AUTO is a bar on a terminal that is not
 * dumb, else lines; so is BAR, because control sequences are for terminals only. */
TS_MUST_USE ts_err progress_new(int fd, enum progress_mode mode, struct progress **ret_progress,
                                struct error *reterr);

/* Stops being the log's curtain. Accepts NULL. A bar that was not finished is taken away. */
void progress_free(struct progress *progress);

/* Call about ten times a second; `now_us` is monotonic. */
void progress_update(struct progress *progress, const struct sweep_report *report,
                     int64_t now_us);

/* The last frame, on a line of its own, or the last line. Nothing is drawn after it. */
void progress_finish(struct progress *progress, const struct sweep_report *report,
                     int64_t now_us);

#endif
