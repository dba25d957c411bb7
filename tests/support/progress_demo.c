/* progress_demo.c: a pretended sweep, to look at the progress bar: progress_demo [SECONDS]. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "view/progress.h"
#include "view/summary.h"

#define PLANNED  1000
#define FRAME_US 100000

static void pretend(struct sweep_report *report, int64_t elapsed_us, int64_t total_us)
{
    report->elapsed_us = elapsed_us;
    report->eta_us = total_us - elapsed_us;
    report->done = (uint64_t)(elapsed_us * PLANNED / total_us);
    report->tee_times = report->done * 33;
    report->by_outcome[OUTCOME_THROTTLED] = report->done / 125;
    report->rss_bytes = report->rss_peak_bytes = 15833498;
}

int main(int argc, char **argv)
{
    int64_t seconds = 8;
    if (argc > 1 && !str_to_i64(str_of(argv[1]), 1, 3600, &seconds))
        return EXIT_FAILURE;
    log_setup(LOG_TEXT, LOG_INFO);
    struct progress *progress;
    struct error error;
    if (progress_new(2, PROGRESS_AUTO, &progress, &error))
        return EXIT_FAILURE;
    struct sweep_report report = { .planned = PLANNED,
                                   .verdict = SWEEP_COMPLETE,
                                   .memory_limit_bytes = (uint64_t)64 << 20 };
    const struct timespec pause = { .tv_nsec = FRAME_US * 1000 };
    int64_t total_us = seconds * CLOCK_SECOND_US;
    for (int64_t at = 0; at < total_us; at += FRAME_US) {
        pretend(&report, at, total_us);
        progress_update(progress, &report, at);
        if (at % (2 * CLOCK_SECOND_US) == FRAME_US)
            log_event(LOG_INFO, "demo", LOG_NO_FIELDS, "Processing batch %d (100 records)",
                      (int)(at / CLOCK_SECOND_US));
        (void)nanosleep(&pause, NULL);
    }
    pretend(&report, total_us, total_us);
    progress_finish(progress, &report, total_us);
    progress_free(progress);
    return summary_write(&report, SUMMARY_TEXT, stdout, &error) ? EXIT_FAILURE : EXIT_SUCCESS;
}
