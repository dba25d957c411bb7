/* sweep.c: the names of verdicts. */
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
