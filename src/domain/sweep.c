/* sweep.c: verdicts in words, and sums of a report. */
#include "domain/sweep.h"

const char *sweep_verdict_name(enum sweep_verdict verdict)
{
    static const char *const names[] = {
        [SWEEP_RUNNING] = "running",
        [SWEEP_COMPLETE] = "complete",
        [SWEEP_DEGRADED] = "degraded",
        [SWEEP_BLIND] = "blind",
        [SWEEP_EMPTY] = "empty",
        [SWEEP_FAILED] = "failed",
        [SWEEP_INTERRUPTED] = "interrupted",
    };
    return names[verdict];
}

uint64_t sweep_observed(const struct sweep_report *report)
{
    uint64_t observed = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        observed += outcome_is_observed((enum outcome)i) ? report->by_outcome[i] : 0;
    return observed;
}

uint64_t sweep_unknown(const struct sweep_report *report)
{
    uint64_t unknown = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        unknown += outcome_is_unknown((enum outcome)i) ? report->by_outcome[i] : 0;
    return unknown;
}

void sweep_put_worst(const struct sweep_report *report, struct buf *out)
{
    enum { PUT_MAX = 3 };
    uint32_t put = 0;
    for (; put < report->parts_count && put < PUT_MAX; put++) {
        const struct sweep_part *part = &report->parts[put];
        buf_printf(out, "%s%s %s", put ? ", " : "", part->name,
                   sweep_verdict_name(part->verdict));
    }
    if (report->parts_count > put)
        buf_printf(out, ", %u more", report->parts_count - put);
}
