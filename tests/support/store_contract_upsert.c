/*
 * store_contract_upsert.c: exercises store_upsert: first observation, idempotence, unchanged
 * sheets, changed party sizes and prices, closing, reopening, older looks, unknown outcomes,
 * identities, several tee sheets in one batch, the views.
 */
#include <stddef.h>

#include "base/clock.h"
#include "batch/batch.h"
#include "store/courses.h"
#include "support/store_contract_parts.h"

#define EVENTS                                                                                 \
    "SELECT start_minute, event FROM tee_time_events ORDER BY {at}, start_minute, event"
#define LEDGER                                                                                 \
    "SELECT outcome, {checked_at}, observed_outcome, {observed_at}, {changed_at},"             \
    " tee_time_count FROM tee_sheets"

static void first_observation_opens(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 2);
    look.odd = 1;
    look.odd_party = tee_time_party(1);
    look.odd_price = TEE_TIME_PRICE_UNKNOWN;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_changed, 1);
    assert_int_equal(bench->receipt.inserted, 2);
    assert_int_equal(bench->receipt.events, 2);
    assert_int_equal(bench->receipt.updated + bench->receipt.closed + bench->receipt.reopened +
                         bench->receipt.unchanged + bench->receipt.held_count +
                         bench->receipt.tee_sheets_stale,
                     0);
    bench_expect(
        bench,
        "SELECT course_id, play_date, start_minute, holes, start_hole, routing,"
        " {starts_at}, party_sizes, price_cents, currency, price_basis, cart_fee_cents,"
        " rate_name, engine_ref, booking_url, {opened_at}, {changed_at}, {closed_at},"
        " times_opened FROM tee_times ORDER BY start_minute",
        "7|2026-06-10|480|18|1||1781100000|14|5000|CAD|walking||Public|ref|"
        "https://book.example/ref?t=08:00|1781028000|1781028000||1\n"
        "7|2026-06-10|490|18|1||1781100600|1||CAD|walking||Public|ref|"
        "https://book.example/ref?t=08:10|1781028000|1781028000||1");
    bench_expect(bench,
                 "SELECT {at}, course_id, play_date, start_minute, holes, start_hole, routing,"
                 " event, party_sizes, price_cents FROM tee_time_events ORDER BY start_minute",
                 "1781028000|7|2026-06-10|480|18|1||opened|14|5000\n"
                 "1781028000|7|2026-06-10|490|18|1||opened|1|");
    bench_expect(bench, LEDGER, "open|1781028000|open|1781028000|1781028000|2");
    bench_expect(bench,
                 "SELECT detail, http_status, attempts, run_id, held_digest FROM tee_sheets",
                 "as seen|200|1|1|");
}

static void the_same_batch_again_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 5);
    bench_look(bench, &look);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_changed, 0);
    assert_int_equal(bench->receipt.tee_sheets_stale, 0);
    assert_int_equal(bench->receipt.unchanged, 5);
    assert_int_equal(bench->receipt.inserted + bench->receipt.updated + bench->receipt.events,
                     0);
    bench_expect(bench, "SELECT count(*) FROM tee_time_events", "5");
    bench_expect(bench, "SELECT count(*) FROM tee_times", "5");
}

static void an_unchanged_sheet_moves_only_the_look(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    look.at += 600;
    bench_add(bench, &look);
    bench_commit(bench, 2);
    assert_int_equal(bench->receipt.unchanged, 3);
    bench_expect(bench, LEDGER, "open|1781028600|open|1781028600|1781028000|3");
    bench_expect(bench, "SELECT run_id FROM tee_sheets", "2");
    bench_expect(bench, "SELECT DISTINCT {changed_at} FROM tee_times", "1781028000");
}

static void party_and_price_changes_are_events(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    look.at += 600;
    look.odd = 1;
    look.odd_party = tee_time_party(2);
    look.odd_price = 5000;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.updated, 1);
    assert_int_equal(bench->receipt.unchanged, 2);
    assert_int_equal(bench->receipt.events, 1);
    look.at += 600;
    look.odd_party = tee_time_party(3);
    look.odd_price = 4000;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.updated, 1);
    assert_int_equal(bench->receipt.events, 2);
    bench_expect(bench,
                 "SELECT {at}, start_minute, event, party_sizes, price_cents FROM"
                 " tee_time_events WHERE event <> 'opened' ORDER BY {at}, event",
                 "1781028600|490|players|2|5000\n1781029200|490|players|4|4000\n"
                 "1781029200|490|price|4|4000");
    bench_expect(bench,
                 "SELECT start_minute, party_sizes, price_cents, {opened_at}, {changed_at} FROM"
                 " tee_times ORDER BY start_minute",
                 "480|14|5000|1781028000|1781028000\n490|4|4000|1781028000|1781029200\n"
                 "500|14|5000|1781028000|1781028000");
}

static void a_price_that_becomes_unknown_is_an_event(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 2);
    bench_look(bench, &look);
    look.at += 600;
    look.odd_party = tee_time_party_range(2, 4);
    look.odd_price = TEE_TIME_PRICE_UNKNOWN;
    bench_look(bench, &look);
    bench_expect(bench,
                 "SELECT event, party_sizes, price_cents FROM tee_time_events WHERE event <> "
                 "'opened'",
                 "price|14|");
}

static void a_missing_tee_time_is_closed(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    look = look_at(bench, 600, 1, 3);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.closed, 1);
    assert_int_equal(bench->receipt.unchanged, 2);
    assert_int_equal(bench->receipt.events, 1);
    bench_expect(bench,
                 "SELECT start_minute, {closed_at}, {changed_at}, times_opened FROM tee_times"
                 " ORDER BY start_minute",
                 "480|1781028600|1781028000|1\n490||1781028000|1\n500||1781028000|1");
    bench_expect(bench,
                 "SELECT {at}, start_minute, party_sizes, price_cents FROM tee_time_events"
                 " WHERE event = 'closed'",
                 "1781028600|480|14|5000");
    bench_expect(bench, LEDGER, "open|1781028600|open|1781028600|1781028600|2");
    /* Closed is closed: the next look does not close it again. */
    look = look_at(bench, 1200, 2, 3);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.closed, 1);
}

static void past_tee_times_are_not_closed(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 6);
    bench_look(bench, &look);
    /* 08:20 local on the day: 08:00, 08:10 and 08:20 have started; 08:30 was taken. */
    look = look_at(bench, 0, 4, 6);
    look.at = zone_instant(bench->zone, bench->date, 500);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.closed, 1);
    bench_expect(bench, "SELECT start_minute FROM tee_times WHERE closed_at IS NOT NULL",
                 "510");
}

static void a_closed_tee_time_reopens(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    look = look_at(bench, 600, 1, 3);
    bench_look(bench, &look);
    look = look_at(bench, 1200, 0, 3);
    look.odd_party = tee_time_party(1);
    look.odd_price = 3000;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.reopened, 1);
    assert_int_equal(bench->receipt.updated, 0);
    assert_int_equal(bench->receipt.inserted, 0);
    assert_int_equal(bench->receipt.events, 1);
    bench_expect(bench,
                 "SELECT {opened_at}, {changed_at}, {closed_at}, times_opened, party_sizes,"
                 " price_cents FROM tee_times WHERE start_minute = 480",
                 "1781029200|1781029200||2|1|3000");
    bench_expect(bench, EVENTS, "480|opened\n490|opened\n500|opened\n480|closed\n480|reopened");
}

static void an_older_look_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 600, 0, 3);
    bench_look(bench, &look);
    struct look older = look_at(bench, 0, 0, 5);
    bench_look(bench, &older);
    assert_int_equal(bench->receipt.tee_sheets_stale, 1);
    assert_int_equal(bench->receipt.tee_sheets_changed, 0);
    assert_int_equal(bench->receipt.inserted + bench->receipt.unchanged, 0);
    bench_expect(bench, LEDGER, "open|1781028600|open|1781028600|1781028600|3");
    bench_expect(bench, "SELECT count(*) FROM tee_times", "3");
    /* An older failure is no news either. */
    older.outcome = OUTCOME_UNREACHABLE;
    bench_look(bench, &older);
    assert_int_equal(bench->receipt.tee_sheets_stale, 1);
    bench_expect(bench, LEDGER, "open|1781028600|open|1781028600|1781028600|3");
    /* One of the same instant may overwrite. */
    look = look_at(bench, 600, 0, 4);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_stale, 0);
    assert_int_equal(bench->receipt.inserted, 1);
}

static void an_unknown_outcome_closes_nothing(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    struct look unknown = look_at(bench, 1200, 0, 0);
    unknown.outcome = OUTCOME_THROTTLED;
    bench_look(bench, &unknown);
    assert_int_equal(bench->receipt.tee_sheets_changed + bench->receipt.closed +
                         bench->receipt.events + bench->receipt.tee_sheets_stale,
                     0);
    bench_expect(bench, LEDGER, "throttled|1781029200|open|1781028000|1781028000|3");
    bench_expect(bench, "SELECT count(*) FROM tee_times WHERE closed_at IS NULL", "3");
    /* Observed before that failure, arriving after it: news for the observation only. */
    look = look_at(bench, 600, 0, 4);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_stale, 1);
    assert_int_equal(bench->receipt.inserted, 1);
    bench_expect(bench, LEDGER, "throttled|1781029200|open|1781028600|1781028600|4");
}

static void a_first_unknown_outcome_is_a_row(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 0);
    look.outcome = OUTCOME_BLOCKED;
    bench_look(bench, &look);
    bench_expect(bench, LEDGER, "blocked|1781028000||||");
    bench_expect(bench, "SELECT digest, run_id, held_digest FROM tee_sheets", "||");
    look = look_at(bench, 600, 0, 2);
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.inserted, 2);
    bench_expect(bench, LEDGER, "open|1781028600|open|1781028600|1781028600|2");
}

static void an_empty_observation_is_one(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 0);
    look.outcome = OUTCOME_NOT_RELEASED;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_changed, 1);
    assert_int_equal(bench->receipt.events, 0);
    bench_expect(bench, LEDGER, "not_released|1781028000|not_released|1781028000|1781028000|0");
    look.outcome = OUTCOME_CLOSED;
    look.at += 60;
    bench_look(bench, &look);
    assert_int_equal(bench->receipt.tee_sheets_changed, 0);
    bench_expect(bench, LEDGER, "closed|1781028060|closed|1781028060|1781028000|0");
}

static void identities_stay_apart(void **state)
{
    struct bench *bench = *state;
    struct tee_time tee_times[5];
    for (int i = 0; i < 5; i++)
        tee_times[i] = (struct tee_time){ .start_minute = 480,
                                          .party_sizes = 1,
                                          .price_cents = TEE_TIME_PRICE_UNKNOWN,
                                          .cart_fee_cents = 0,
                                          .routing = "",
                                          .rate_name = "",
                                          .engine_ref = "",
                                          .url_template = "" };
    tee_times[1].holes = 9;
    tee_times[2].start_hole = 10;
    tee_times[3].routing = "Nord";
    tee_times[4].routing = "Î'\"\\,{}\t"; /* nothing in it is special */
    struct tee_sheet sheet = { .course_id = INT64_MAX,
                               .play_date = bench->date,
                               .outcome = OUTCOME_OPEN,
                               .detail = "",
                               .currency = "CAD",
                               .zone = bench->zone,
                               .checked_at = bench->noon,
                               .tee_times_count = 5,
                               .tee_times = tee_times };
    (void)tee_sheet_seal(&sheet);
    assert_int_equal(batch_add(bench->batch, &sheet, 1), TS_ERR_OK);
    bench_commit(bench, 0);
    assert_int_equal(bench->receipt.inserted, 5);
    bench_expect(bench,
                 "SELECT course_id, holes, start_hole, routing, price_basis, cart_fee_cents,"
                 " booking_url FROM tee_times WHERE routing <> ''"
                 " ORDER BY length(routing) DESC",
                 "9223372036854775807|0|0|Î'\"\\,{}\t|unknown|0|\n"
                 "9223372036854775807|0|0|Nord|unknown|0|");
    bench_expect(bench, "SELECT run_id FROM tee_sheets", "");
    /* And all of them can be closed by their key. */
    sheet.tee_times_count = 3;
    sheet.checked_at += 60;
    (void)tee_sheet_seal(&sheet);
    assert_int_equal(batch_add(bench->batch, &sheet, 1), TS_ERR_OK);
    bench_commit(bench, 0);
    assert_int_equal(bench->receipt.closed, 2);
}

static void a_batch_holds_many_tee_sheets(void **state)
{
    struct bench *bench = *state;
    for (int i = 9; i >= 0; i--) {
        struct look look = look_at(bench, i, 0, 4);
        look.course = 100 + i / 2;
        look.date += i % 2;
        if (i == 4)
            look.outcome = OUTCOME_UNREADABLE;
        bench_add(bench, &look);
    }
    bench_commit(bench, 3);
    assert_int_equal(bench->receipt.tee_sheets, 10);
    assert_int_equal(bench->receipt.tee_sheets_changed, 9);
    assert_int_equal(bench->receipt.inserted, 36);
    bench_expect(bench,
                 "SELECT course_id, play_date, outcome FROM tee_sheets WHERE course_id IN (100,"
                 " 102) ORDER BY course_id, play_date",
                 "100|2026-06-10|open\n100|2026-06-11|open\n102|2026-06-10|unreadable\n"
                 "102|2026-06-11|open");
}

static void views_show_what_is_open(void **state)
{
    struct bench *bench = *state;
    struct courses_import import;
    assert_int_equal(courses_import_begin(bench->store, &import, NULL), TS_ERR_OK);
    bench_put_course(&import, 7, "Holiday Park", 52.1, true);
    bench_put_course(&import, 8, "Moon Lake", 52.1, false);
    assert_int_equal(courses_import_end(&import, NULL), TS_ERR_OK);
    struct look look = look_at(bench, 0, 0, 3);
    bench_look(bench, &look);
    look = look_at(bench, 60, 0, 2);
    bench_look(bench, &look);
    bench_expect(bench,
                 "SELECT course_name, club, play_date, start_time, party_sizes, players_max,"
                 " price_cents, {observed_at} FROM tee_time_list ORDER BY start_time",
                 "Holiday Park|Prairie Club|2026-06-10|08:00|2,3,4|4|5000|1781028060\n"
                 "Holiday Park|Prairie Club|2026-06-10|08:10|2,3,4|4|5000|1781028060");
    bench_expect(bench,
                 "SELECT course_id, date, tee_times_count, {updated_at} FROM course_dates",
                 "7|2026-06-10|2|1781028060");
    bench_expect(bench,
                 "SELECT count(*) FROM course_dates WHERE"
                 " CAST(tee_times_data AS text) LIKE '[%start_time%08:00%08:10%]'"
                 " AND CAST(tee_times_data AS text) NOT LIKE '%08:20%'",
                 "1");
}

static void open_tee_times_are_future_ones_of_active_courses(void **state)
{
    struct bench *bench = *state;
    struct courses_import import;
    assert_int_equal(courses_import_begin(bench->store, &import, NULL), TS_ERR_OK);
    bench_put_course(&import, 7, "Holiday Park", 52.1, true);
    bench_put_course(&import, 8, "Moon Lake", 52.1, false);
    assert_int_equal(courses_import_end(&import, NULL), TS_ERR_OK);
    int32_t today = (int32_t)(clock_real_us() / 1000000 / 86400);
    for (int64_t course = 7; course <= 9; course++) {
        struct look look = look_at(bench, 0, 0, 1);
        look.course = course;
        look.date = today + 3;
        bench_add(bench, &look);
        look.date = today - 3;
        bench_add(bench, &look);
    }
    bench_commit(bench, 1);
    bench_expect(bench, "SELECT count(*) FROM tee_time_list", "6");
    bench_expect(bench, "SELECT course_id, start_time FROM open_tee_times", "7|08:00");
}

#define T(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

const struct CMUnitTest store_contract_upsert[] = {
    T(first_observation_opens),
    T(the_same_batch_again_changes_nothing),
    T(an_unchanged_sheet_moves_only_the_look),
    T(party_and_price_changes_are_events),
    T(a_price_that_becomes_unknown_is_an_event),
    T(a_missing_tee_time_is_closed),
    T(past_tee_times_are_not_closed),
    T(a_closed_tee_time_reopens),
    T(an_older_look_changes_nothing),
    T(an_unknown_outcome_closes_nothing),
    T(a_first_unknown_outcome_is_a_row),
    T(an_empty_observation_is_one),
    T(identities_stay_apart),
    T(a_batch_holds_many_tee_sheets),
    T(views_show_what_is_open),
    T(open_tee_times_are_future_ones_of_active_courses),
};
const size_t store_contract_upsert_count = TS_COUNT_OF(store_contract_upsert);
