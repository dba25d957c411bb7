/*
 * store_contract_guard.c: exercises the guard of store_upsert: what is held and what is not, on
 * both sides of each bound; second looks that agree and that do not; six hours; what a held
 * look leaves in ledger and receipt.
 */
#include <stddef.h>

#include "support/store_contract_parts.h"

#define HOUR 3600

static void seed(struct bench *bench, unsigned count)
{
    struct look look = look_at(bench, 0, 0, count);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.inserted, count);
}

/* How many are held when `count` were open and from..to-1 are left after `seconds`. */
static unsigned held_of(struct bench *bench, int64_t seconds, unsigned from, unsigned to)
{
    struct look look = look_at(bench, seconds, from, to);
    bench_look(bench, &look);
    return bench->receipt.held_count;
}

static void a_held_look_is_returned_not_applied(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    assert_int_equal(bench->receipt.held[0].course_index, 7);
    assert_int_equal(bench->receipt.held[0].play_date, bench->date);
    assert_int_equal(bench->receipt.held[0].open_before, 10);
    assert_int_equal(bench->receipt.held[0].would_close, 7);
    assert_int_equal(bench->receipt.tee_sheets_changed + bench->receipt.closed +
                         bench->receipt.unchanged + bench->receipt.events,
                     0);
    bench_expect(bench, "SELECT count(*) FROM tee_times WHERE closed_at IS NULL", "10");
    bench_expect(bench,
                 "SELECT outcome, {checked_at}, observed_outcome, {observed_at},"
                 " tee_time_count, CASE WHEN held_digest <> digest THEN 1 ELSE 0 END"
                 " FROM tee_sheets",
                 "open|1781028600|open|1781028000|10|1");
}

static void a_second_look_that_agrees_is_applied(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    struct look look = look_at(bench, 660, 0, 3);
    look.second = true;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.closed, 7);
    assert_int_equal(bench->receipt.unchanged, 3);
    assert_int_equal(bench->receipt.events, 7);
    bench_expect(bench, "SELECT held_digest, tee_time_count, {observed_at} FROM tee_sheets",
                 "|3|1781028660");
}

static void a_second_look_that_disagrees_is_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    struct look look = look_at(bench, 660, 0, 2);
    look.second = true;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 1);
    assert_int_equal(bench->receipt.held[0].would_close, 8);
    /* The digest noted now is that of the last look held. */
    look.at += 60;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.closed, 8);
}

static void a_first_look_never_agrees(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    assert_int_equal(held_of(bench, 1200, 0, 3), 1);
    bench_expect(bench, "SELECT count(*) FROM tee_times WHERE closed_at IS NULL", "10");
}

static void a_second_look_without_loss_is_applied(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    struct look look = look_at(bench, 660, 0, 10);
    look.second = true;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.unchanged, 10);
    bench_expect(bench, "SELECT held_digest, {observed_at} FROM tee_sheets", "|1781028660");
}

static void sixty_five_percent_is_not_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 20);
    assert_int_equal(held_of(bench, 600, 0, 7), 0); /* 13 of 20 */
    assert_int_equal(bench->receipt.closed, 13);
}

static void more_than_sixty_five_percent_is_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 20);
    assert_int_equal(held_of(bench, 600, 0, 6), 1); /* 14 of 20 */
}

static void seven_are_too_few_for_a_percentage(void **state)
{
    struct bench *bench = *state;
    seed(bench, 7);
    assert_int_equal(held_of(bench, 600, 0, 1), 0); /* 6 of 7 */
    assert_int_equal(bench->receipt.closed, 6);
}

static void an_emptied_day_is_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 1);
    struct look look = look_at(bench, 600, 0, 0);
    look.outcome = OUTCOME_SOLD_OUT;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 1);
    look.at += 60;
    look.second = true;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.closed, 1);
    bench_expect(bench, "SELECT observed_outcome, tee_time_count FROM tee_sheets",
                 "sold_out|0");
}

static void a_day_that_was_empty_is_not_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 0);
    assert_int_equal(held_of(bench, 600, 0, 0), 0);
}

static void past_tee_times_do_not_count(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    /* 09:00 local on the day, looked at one hour before: seven have started. */
    struct look look = look_at(bench, 0, 0, 10);
    look.at = zone_instant(bench->zone, bench->date, 480);
    bench_look(bench, &look);
    look = look_at(bench, 0, 9, 10);
    look.at = zone_instant(bench->zone, bench->date, 540);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.closed, 2); /* 09:10 and 09:20 */
}

static void six_hours_are_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 6 * HOUR, 0, 1), 1);
}

static void more_than_six_hours_are_applied(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 6 * HOUR + 1, 0, 1), 0);
    assert_int_equal(bench->receipt.closed, 9);
}

static void others_of_the_batch_are_applied(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    struct look look = look_at(bench, 600, 0, 1);
    bench_add(bench, &look);
    look.course = 6;
    bench_add(bench, &look);
    look.course = 8;
    bench_add(bench, &look);
    bench_commit(bench, 1);
    assert_int_equal(bench->receipt.tee_sheets, 3);
    assert_int_equal(bench->receipt.held_count, 1);
    assert_int_equal(bench->receipt.held[0].course_index, 7);
    assert_int_equal(bench->receipt.tee_sheets_changed, 2);
    assert_int_equal(bench->receipt.inserted, 2);
}

static void an_unknown_look_keeps_what_is_held(void **state)
{
    struct bench *bench = *state;
    seed(bench, 10);
    assert_int_equal(held_of(bench, 600, 0, 3), 1);
    struct look unknown = look_at(bench, 630, 0, 0);
    unknown.outcome = OUTCOME_UNREACHABLE;
    bench_look(bench, &unknown);
    struct look look = look_at(bench, 660, 0, 3);
    look.second = true;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.held_count, 0);
    assert_int_equal(bench->receipt.closed, 7);
}

#define T(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

const struct CMUnitTest store_contract_guard[] = {
    T(a_held_look_is_returned_not_applied),
    T(a_second_look_that_agrees_is_applied),
    T(a_second_look_that_disagrees_is_held),
    T(a_first_look_never_agrees),
    T(a_second_look_without_loss_is_applied),
    T(sixty_five_percent_is_not_held),
    T(more_than_sixty_five_percent_is_held),
    T(seven_are_too_few_for_a_percentage),
    T(an_emptied_day_is_held),
    T(a_day_that_was_empty_is_not_held),
    T(past_tee_times_do_not_count),
    T(six_hours_are_held),
    T(more_than_six_hours_are_applied),
    T(others_of_the_batch_are_applied),
    T(an_unknown_look_keeps_what_is_held),
};
const size_t store_contract_guard_count = TS_COUNT_OF(store_contract_guard);
