/*
 * test_parts.c exercises host/parts:
 *   complete parts are not named; degraded and blind ones are, by region and by engine; blind
 * ones that were observed before come first and count; skipped tee sheets count as planned;
 * more parts than are shown are counted; regions beyond the limit are "other"; what is taken
 * back, observed or unknown, leaves its part.
 */
#include <stdio.h>

#include "host/parts.h"
#include "host/tally.h"
#include "plan/plan.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define COURSES_MAX (PARTS_REGIONS_MAX + 10)

struct fixture {
    struct catalogue *loaded, catalogue;
    struct plan *plan;
    struct course courses[COURSES_MAX];
    const char *regions[COURSES_MAX];
    struct course_seen seen[COURSES_MAX];
    struct sweep_report report;
};

/* Courses of one engine and two dates each, the n-th in the n-th region. */
static void make(struct fixture *fixture, uint32_t count, uint32_t regions)
{
    static char rows[COURSES_MAX * 100], names[COURSES_MAX][12];
    struct buf buf = buf_over(rows, sizeof(rows));
    struct plan_pace pace[64] = { { 0 } };
    *fixture = (struct fixture){ .loaded = NULL };
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&buf, "%u,America/Denver,foreup,\"{\"\"schedule_id\"\":%u}\",1,\n", i + 1,
                   i + 1);
    fixture->loaded = catalogue_of(rows);
    fixture->catalogue = *fixture->loaded;
    for (uint32_t i = 0; i < count; i++) {
        fixture->courses[i] = fixture->loaded->courses[i];
        fixture->courses[i].region = (uint16_t)(i % regions);
    }
    for (uint32_t i = 0; i < regions; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "R%u", i);
        fixture->regions[i] = names[i];
    }
    fixture->catalogue.courses = fixture->courses;
    fixture->catalogue.regions = fixture->regions;
    fixture->catalogue.regions_count = regions;
    for (uint32_t i = 0; i < TS_COUNT_OF(pace); i++)
        pace[i].parallel = 1;
    const struct plan_config config = { .catalogue = &fixture->catalogue,
                                        .now_wall = 1804327200,
                                        .pace = pace,
                                        .conversations_max = 1 };
    assert_int_equal(plan_new(&config, &fixture->plan, NULL), TS_ERR_OK);
    plan_start(fixture->plan);
}

static void unmake(struct fixture *fixture)
{
    plan_free(fixture->plan);
    catalogue_free(fixture->loaded);
}

static void judge(struct fixture *fixture)
{
    parts_judge(&fixture->report, &fixture->catalogue, fixture->plan, fixture->seen);
}

static void check(const struct sweep_part *part, const char *name, enum sweep_verdict verdict,
                  uint64_t observed, uint64_t planned)
{
    assert_string_equal(part->name, name);
    assert_int_equal(part->verdict, verdict);
    assert_int_equal(part->observed, observed);
    assert_int_equal(part->planned, planned);
}

static struct fixture fixture;
static const struct course_seen all = { COURSE_SAW_OBSERVED, 2, 0 };
static const struct course_seen half = { COURSE_SAW_OBSERVED | COURSE_SAW_UNKNOWN, 1, 1 };
static const struct course_seen never = { COURSE_SAW_UNKNOWN, 0, 2 };
static const struct course_seen no_more = { COURSE_SAW_UNKNOWN | COURSE_SEEN_BEFORE, 0, 1 };

static void what_is_not_complete_is_named(void **state)
{
    (void)state;
    make(&fixture, 5, 4);
    fixture.seen[0] = all; /* and course 4 in the same region */
    fixture.seen[1] = half;
    fixture.seen[2] = never;
    fixture.seen[3] = no_more;
    fixture.seen[4] = all;
    judge(&fixture);
    assert_int_equal(fixture.report.parts_count, 4);
    check(&fixture.report.parts[0], "region R3", SWEEP_BLIND, 0, 1);
    assert_true(fixture.report.parts[0].newly_blind);
    assert_int_equal(fixture.report.parts[0].newly_unknown, 1);
    check(&fixture.report.parts[1], "region R2", SWEEP_BLIND, 0, 2);
    assert_false(fixture.report.parts[1].newly_blind);
    check(&fixture.report.parts[2], "engine foreup", SWEEP_DEGRADED, 5, 9);
    check(&fixture.report.parts[3], "region R1", SWEEP_DEGRADED, 1, 2);
    assert_int_equal(fixture.report.parts_newly_blind, 1);
    assert_int_equal(fixture.report.courses_newly_unknown, 1);
    unmake(&fixture);
}

static void what_was_skipped_was_planned(void **state)
{
    (void)state;
    make(&fixture, 2, 2);
    fixture.seen[0].flags = COURSE_SEEN_BEFORE;
    plan_stop(fixture.plan);
    judge(&fixture);
    assert_int_equal(fixture.report.parts_count, 3);
    check(&fixture.report.parts[0], "engine foreup", SWEEP_BLIND, 0, 4);
    check(&fixture.report.parts[1], "region R0", SWEEP_BLIND, 0, 2);
    check(&fixture.report.parts[2], "region R1", SWEEP_BLIND, 0, 2);
    assert_int_equal(fixture.report.parts_newly_blind, 2);
    assert_int_equal(fixture.report.courses_newly_unknown, 0);
    unmake(&fixture);
}

static void many_regions(void **state)
{
    (void)state;
    make(&fixture, COURSES_MAX, COURSES_MAX);
    for (uint32_t i = 0; i < COURSES_MAX; i++)
        fixture.seen[i] = i < PARTS_REGIONS_MAX ? half : never;
    judge(&fixture);
    assert_int_equal(fixture.report.parts_count, PARTS_REGIONS_MAX + 2);
    check(&fixture.report.parts[0], "region other", SWEEP_BLIND, 0, 20);
    check(&fixture.report.parts[1], "engine foreup", SWEEP_DEGRADED, PARTS_REGIONS_MAX,
          COURSES_MAX * 2);
    check(&fixture.report.parts[9], "region R7", SWEEP_DEGRADED, 1, 2);
    unmake(&fixture);
}

static void what_is_taken_back_leaves_its_part(void **state)
{
    (void)state;
    const struct tee_sheet open = { .outcome = OUTCOME_OPEN };
    const struct tee_sheet failed = { .outcome = OUTCOME_UNREACHABLE };
    make(&fixture, 1, 1);
    struct course_seen *seen = &fixture.seen[0];
    seen->flags = COURSE_SEEN_BEFORE;
    tally_sheet(&fixture.report, &failed, seen);
    tally_sheet(&fixture.report, &failed, seen);
    tally_take_back(&fixture.report, &failed, seen);
    assert_true(parts_newly_unknown(seen));
    tally_take_back(&fixture.report, &failed, seen);
    assert_false(parts_newly_unknown(seen)); /* another collector looks at it */
    tally_sheet(&fixture.report, &open, seen);
    tally_take_back(&fixture.report, &open, seen);
    judge(&fixture);
    assert_int_equal(fixture.report.parts_count, 0);
    assert_int_equal(fixture.report.courses_newly_unknown, 0);
    assert_int_equal(fixture.report.done, 0);
    unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_complete_is_named),
        cmocka_unit_test(what_was_skipped_was_planned),
        cmocka_unit_test(many_regions),
        cmocka_unit_test(what_is_taken_back_leaves_its_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
