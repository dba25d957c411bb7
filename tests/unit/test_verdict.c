/*
 * test_verdict.c exercises host/verdict: each row of the table is a sweep, and what it is
 * worth.
 */
#include "domain/exits.h"
#include "host/verdict.h"
#include "support/unit.h"

struct sweep_case {
    const char *what;
    struct sweep_report report;
    enum fail_on fail_on;
    bool store_lost, found_before;
    enum sweep_verdict verdict;
    int exit_code;
};

#define ALL_OPEN                                                                               \
    .planned = 10, .courses = 2, .tee_times = 50, .by_outcome = { [OUTCOME_OPEN] = 10 }
#define ONE_THROTTLED                                                                          \
    .planned = 10, .courses = 2, .tee_times = 50,                                              \
    .by_outcome = { [OUTCOME_OPEN] = 9, [OUTCOME_THROTTLED] = 1 }
#define NONE_OBSERVED .planned = 10, .courses = 2, .by_outcome = { [OUTCOME_BLOCKED] = 10 }

static const struct sweep_case cases[] = {
    { "all observed", { ALL_OPEN }, FAIL_ON_ANY, false, true, SWEEP_COMPLETE, EXIT_GOOD },
    { "one unknown, new",
      { ONE_THROTTLED },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_GOOD },
    { "one unknown, any",
      { ONE_THROTTLED },
      FAIL_ON_ANY,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_WORSE },
    { "all that was left of it for one of several collectors",
      { NONE_OBSERVED, .by_others = 90, .others_observed = 80 },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_GOOD },
    { "in vain for all collectors",
      { NONE_OBSERVED, .by_others = 90 },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_BLIND,
      EXIT_BLIND },
    { "a course went dark, new",
      { ONE_THROTTLED, .courses_newly_unknown = 1 },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_WORSE },
    { "an engine went dark, new",
      { ONE_THROTTLED, .parts_newly_blind = 1 },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_WORSE },
    { "an engine went dark, blind",
      { ONE_THROTTLED, .parts_newly_blind = 1 },
      FAIL_ON_BLIND,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_GOOD },
    { "a course went dark, blind",
      { ONE_THROTTLED, .courses_newly_unknown = 1 },
      FAIL_ON_BLIND,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_GOOD },
    { "nothing where something was",
      { .planned = 3, .courses = 1, .by_outcome = { [OUTCOME_NONE_OPEN] = 3 } },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_COMPLETE,
      EXIT_WORSE },
    { "nothing where nothing was",
      { .planned = 3, .courses = 1, .by_outcome = { [OUTCOME_NONE_OPEN] = 3 } },
      FAIL_ON_NEW,
      false,
      false,
      SWEEP_COMPLETE,
      EXIT_GOOD },
    { "blind", { NONE_OBSERVED }, FAIL_ON_BLIND, false, false, SWEEP_BLIND, EXIT_BLIND },
    { "nothing due", { .courses = 2 }, FAIL_ON_ANY, false, true, SWEEP_EMPTY, EXIT_GOOD },
    { "no usable row",
      { .courses_misconfigured = 2 },
      FAIL_ON_NEW,
      false,
      false,
      SWEEP_BLIND,
      EXIT_BLIND },
    { "a faulty row, any",
      { ALL_OPEN, .courses_misconfigured = 1 },
      FAIL_ON_ANY,
      false,
      true,
      SWEEP_COMPLETE,
      EXIT_WORSE },
    { "a faulty row, new",
      { ALL_OPEN, .courses_misconfigured = 1 },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_COMPLETE,
      EXIT_GOOD },
    { "set aside",
      { ALL_OPEN, .set_aside = 1 },
      FAIL_ON_BLIND,
      false,
      true,
      SWEEP_COMPLETE,
      EXIT_WORSE },
    { "deadline",
      { .planned = 10,
        .courses = 1,
        .tee_times = 1,
        .deadline_reached = true,
        .by_outcome = { [OUTCOME_OPEN] = 9, [OUTCOME_SKIPPED] = 1 } },
      FAIL_ON_BLIND,
      false,
      true,
      SWEEP_DEGRADED,
      EXIT_WORSE },
    { "deadline after the last one",
      { ALL_OPEN, .deadline_reached = true },
      FAIL_ON_NEW,
      false,
      true,
      SWEEP_COMPLETE,
      EXIT_GOOD },
    { "store lost", { ALL_OPEN }, FAIL_ON_NEW, true, true, SWEEP_FAILED, EXIT_NO_START },
    { "store lost and blind",
      { NONE_OBSERVED },
      FAIL_ON_NEW,
      true,
      false,
      SWEEP_FAILED,
      EXIT_NO_START },
    { "interrupted and store lost",
      { NONE_OBSERVED, .interrupted = true },
      FAIL_ON_NEW,
      true,
      false,
      SWEEP_INTERRUPTED,
      EXIT_INTERRUPTED },
};

static void says_what_it_is_worth(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        struct sweep_report report = cases[i].report;
        verdict_reach(&report, cases[i].fail_on, cases[i].store_lost, cases[i].found_before);
        if (report.verdict != cases[i].verdict || report.exit_code != cases[i].exit_code)
            fail_msg("%s: %s, exit %d", cases[i].what, sweep_verdict_name(report.verdict),
                     report.exit_code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(says_what_it_is_worth) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
