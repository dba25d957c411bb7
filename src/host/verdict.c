/* verdict.c: from counts to a word and a number. */
#include "host/verdict.h"

#include "domain/exits.h"

static enum sweep_verdict verdict_of(const struct sweep_report *report, bool store_lost)
{
    if (report->interrupted)
        return SWEEP_INTERRUPTED;
    if (store_lost)
        return SWEEP_FAILED;
    bool nothing_usable = report->courses == 0 && report->courses_misconfigured > 0;
    if (report->planned == 0)
        return nothing_usable ? SWEEP_BLIND : SWEEP_EMPTY;
    if (sweep_observed(report) == 0 && report->others_observed == 0)
        return SWEEP_BLIND;
    return sweep_unknown(report) > 0 ? SWEEP_DEGRADED : SWEEP_COMPLETE;
}

static bool went_dark(const struct sweep_report *report)
{
    return report->courses_newly_unknown > 0 || report->parts_newly_blind > 0;
}

/* Of what is shared with other collectors one may well get a part that has nothing open. */
static bool found_nothing_new(const struct sweep_report *report, bool found_before)
{
    return found_before && report->tee_times == 0 && report->by_others == 0;
}

static bool is_worse(const struct sweep_report *report, enum fail_on fail_on, bool found_before)
{
    if (report->set_aside > 0)
        return true;
    if (report->deadline_reached && report->by_outcome[OUTCOME_SKIPPED] > 0)
        return true;
    switch (fail_on) {
    case FAIL_ON_NEW:
        return went_dark(report) || found_nothing_new(report, found_before);
    case FAIL_ON_ANY:
        return sweep_unknown(report) > 0 || report->courses_misconfigured > 0;
    case FAIL_ON_BLIND:
        return false;
    }
    return false;
}

static bool finished_worse(const struct sweep_report *report, enum fail_on fail_on,
                           bool found_before)
{
    if (report->verdict == SWEEP_EMPTY)
        return fail_on == FAIL_ON_ANY && report->courses_misconfigured > 0;
    return is_worse(report, fail_on, found_before);
}

void verdict_reach(struct sweep_report *report, enum fail_on fail_on, bool store_lost,
                   bool found_before)
{
    report->verdict = verdict_of(report, store_lost);
    if (report->verdict == SWEEP_INTERRUPTED)
        report->exit_code = EXIT_INTERRUPTED;
    else if (report->verdict == SWEEP_FAILED)
        report->exit_code = EXIT_NO_START;
    else if (report->verdict == SWEEP_BLIND)
        report->exit_code = EXIT_BLIND;
    else
        report->exit_code =
            finished_worse(report, fail_on, found_before) ? EXIT_WORSE : EXIT_GOOD;
}
