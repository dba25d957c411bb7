/*
 * test_recordings.c: the recorded replies of ../shared/recordings, which are not part of the
 * project, through the adapters. Where the folder is missing each test says so and is skipped.
 *
 * Exercised, Chronogolf: V1's merge of four party sizes (Greenbryre), mandatory carts (Putnam),
 * a list in which everything is restricted, the quoted refusals; V2's routing and two hole
 * counts (The Willows), rows of several clubs (Twin Cities), the page past the end. The
 * expected times were read off the recordings by hand.
 */
#include <stdio.h>

#include "base/json.h"
#include "integration/recorded.h"
#include "support/unit.h"

#define V1_COURSE "holes=18 club_id=1 course_id=2 affiliation_type_id=3"
#define UUIDS_MAX 4

static int set_up(void **state)
{
    int failed = recorded_set_up(state);
    recorded_begin(*state, "chronogolf");
    return failed;
}

static void test_greenbryre_merge(void **state)
{
    static const char *const names[] = { "chronogolf/greenbryre-v1-12h-1p-first15.json",
                                         "chronogolf/greenbryre-v1-12h-2p-first15.json",
                                         "chronogolf/greenbryre-v1-12h-3p-first15.json",
                                         "chronogolf/greenbryre-v1-12h-4p-first15.json" };
#define FEE ", 52.70 walking, cart 17.56\n"
    static const char expected[] =
        "open\n"
        "06:00 12 holes from 1, players 1,2" FEE "06:07 12 holes from 1, players 2,3,4" FEE
        "06:15 12 holes from 1, players 2,3,4" FEE "06:22 12 holes from 1, players 2,3,4" FEE
        "06:37 12 holes from 1, players 2,3,4" FEE "06:45 12 holes from 1, players 2,3,4" FEE
        "06:52 12 holes from 1, players 2,3,4" FEE "07:00 12 holes from 1, players 2,3,4" FEE
        "07:07 12 holes from 1, players 2,3,4" FEE "07:15 12 holes from 1, players 2,3,4" FEE
        "07:22 12 holes from 1, players 2,3,4" FEE "07:30 12 holes from 1, players 2,3,4" FEE
        "07:37 12 holes from 1, players 1" FEE "07:45 12 holes from 1, players 2,3,4" FEE;
    struct recorded *recording = *state;
    for (size_t i = 0; i < TS_COUNT_OF(names); i++)
        recorded_reply(recording, 200, recorded_load(recording, names[i]));
    recorded_course(recording, V1_COURSE " nb_holes=12");
    recorded_play(recording, "2026-07-11");
    assert_string_equal(recorded_render(recording, 0), expected);
}

static void test_putnam_has_eight(void **state)
{
#define CART_FEE ", 52.00 cart, cart 19.38\n"
    static const char expected[] =
        "open\n"
        "07:57 18 holes from 1, players 1" CART_FEE "09:45 18 holes from 1, players 1" CART_FEE
        "10:03 18 holes from 1, players 1" CART_FEE "10:12 18 holes from 1, players 1" CART_FEE
        "10:30 18 holes from 1, players 1" CART_FEE "11:15 18 holes from 1, players 1" CART_FEE
        "11:42 18 holes from 1, players 1" CART_FEE
        "17:42 18 holes from 1, players 1, 36.00 cart, cart 19.38\n";
    struct recorded *recording = *state;
    recorded_reply(recording, 200,
                   recorded_load(recording, "chronogolf/putnamcounty-v1-1p.json"));
    recorded_reply(recording, 200, STR("[]")); /* larger parties were not recorded */
    recorded_course(recording, V1_COURSE);
    recorded_play(recording, "2026-07-13");
    assert_string_equal(recorded_render(recording, 0), expected);
}

static void test_all_restricted(void **state)
{
    static const char one[] = "chronogolf/greenbryre-v1-6h-1p-first22-all-restricted.json";
    static const char four[] = "chronogolf/greenbryre-v1-6h-4p-first22-all-restricted.json";
    struct recorded *recording = *state;
    for (int players = 1; players <= 4; players++)
        recorded_reply(recording, 200, recorded_load(recording, players < 4 ? one : four));
    recorded_course(recording, V1_COURSE " nb_holes=6");
    recorded_play(recording, "2026-07-11");
    assert_string_equal(recorded_render(recording, 0), "none_open\n");
}

static void test_quoted_refusals(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, V1_COURSE);
    recorded_reply(recording, 400,
                   recorded_load(recording, "chronogolf/quoted-out-of-booking-range.txt"));
    recorded_play(recording, "2026-07-11");
    assert_string_equal(recorded_render(recording, 0), "not_released\n");
    recorded_begin(recording, "chronogolf");
    recorded_course(recording, V1_COURSE);
    recorded_reply(recording, 422,
                   recorded_load(recording, "chronogolf/quoted-422-player-type.txt"));
    recorded_play(recording, "2026-07-11");
    assert_string_equal(recorded_render(recording, 0), "misconfigured\n");
}

/* The uuids of a recorded page's courses in the order of their first slots. */
static uint32_t uuids_of(struct str body, char uuids[UUIDS_MAX][40])
{
    uint32_t count = 0;
    struct str rest = body;
    const char *course;
    while ((course = memmem(rest.ptr, rest.len, "\"course\"", 8))) {
        rest = (struct str){ course + 8, (size_t)(body.ptr + body.len - course - 8) };
        struct json json = json_over(str_trim((struct str){ rest.ptr + 1, rest.len - 1 }));
        struct str key, uuid = { NULL, 0 };
        assert_true(json_enter_object(&json));
        while (json_key(&json, &key))
            if (str_equal(key, STR("uuid")))
                assert_true(json_string_raw(&json, &uuid));
        uint32_t i = 0;
        while (i < count && !str_equal(str_of(uuids[i]), uuid))
            i++;
        if (i < count)
            continue;
        assert_true(count < UUIDS_MAX && uuid.len == 36);
        (void)snprintf(uuids[count++], 40, "%.*s", STR_ARGS(uuid));
    }
    return count;
}

/* Each slot is sold for 9 holes, with a price, and for 18, without. */
#define EARLY ", 49.55 walking, cart 13.51"
#define LATE  ", 27.03 walking, cart 13.51"
#define NINE(time, players, course, fee)                                                       \
    time " 9 holes from 1, players " players fee ", routing " course ", rate Public Adult\n"
#define EIGHTEEN(time, players, course)                                                        \
    time " 18 holes from 1, players " players ", routing " course ", rate Public Adult\n"
#define BOTH(time, players, course, fee)                                                       \
    NINE(time, players, course, fee) EIGHTEEN(time, players, course)

static const char willows[] = "open\n"
    /* clang-format off */
    BOTH("07:03", "1", "Bridges", EARLY)
    BOTH("07:12", "1", "Bridges", EARLY)
    BOTH("07:57", "1", "Lakes", EARLY)
    BOTH("08:33", "1", "Bridges", EARLY)
    BOTH("10:50", "1", "Lakes", EARLY)
    BOTH("11:30", "1", "Xena", EARLY)
    BOTH("11:50", "1", "Lakes", EARLY)
    BOTH("12:30", "1", "Xena", EARLY)
    NINE("15:10", "1", "Bridges", EARLY)
    NINE("15:10", "1,2", "Xena", EARLY)
    EIGHTEEN("15:10", "1", "Bridges")
    EIGHTEEN("15:10", "1,2", "Xena")
    BOTH("16:10", "1,2", "Bridges", EARLY)
    BOTH("16:50", "1,2", "Bridges", EARLY)
    BOTH("18:50", "1", "Bridges", LATE)
    BOTH("19:10", "1,2,3,4", "Bridges", LATE)
    BOTH("19:20", "1,2,3", "Lakes", LATE);
/* clang-format on */

static void test_willows_page(void **state)
{
    struct recorded *recording = *state;
    char uuids[UUIDS_MAX][40], row[300];
    struct str body = recorded_load(recording, "chronogolf/willows-v2-2026-07-17-page1.json");
    assert_int_equal(uuids_of(body, uuids), 3);
    (void)snprintf(row, sizeof(row), "course_uuids=%s,%s,%s", uuids[0], uuids[1], uuids[2]);
    recorded_course(recording, row);
    recorded_reply(recording, 200, body);
    recorded_play(recording, "2026-07-17");
    assert_string_equal(recorded_render(recording, 0), willows);
}

static void test_page_past_the_end(void **state)
{
    struct recorded *recording = *state;
    recorded_course(recording, "course_uuids=aaaaaaaa-0000-4000-8000-000000000001");
    recorded_reply(
        recording, 200,
        recorded_load(recording, "chronogolf/willows-v2-2026-07-17-page2-sold-out.json"));
    recorded_play(recording, "2026-07-17");
    assert_string_equal(recorded_render(recording, 0), "sold_out\n");
}

static void test_rows_of_several_clubs(void **state)
{
    struct recorded *recording = *state;
    char uuids[UUIDS_MAX][40], row[240];
    struct str body = recorded_load(recording, "chronogolf/twincities-v2-4slots-trimmed.json");
    assert_int_equal(uuids_of(body, uuids), 3);
    for (int i = 0; i < 3; i++) {
        (void)snprintf(row, sizeof(row), "club_slug=together course_uuids=%s", uuids[i]);
        recorded_course(recording, row);
    }
    recorded_reply(recording, 200, body);
    recorded_play(recording, "2026-03-28");
    assert_string_equal(recorded_render(recording, 0),
                        "open\n"
                        "09:15 9 holes from 1, players 2,3,4, rate Public\n"
                        "09:15 18 holes from 1, players 2,3,4, 51.00 walking, cart 23.00, rate "
                        "Public\n"
                        "10:05 9 holes from 1, players 1,2, rate Public\n"
                        "10:05 18 holes from 1, players 1,2, 51.00 walking, cart 23.00, rate "
                        "Public\n");
    assert_string_equal(recorded_render(recording, 1),
                        "open\n"
                        "09:10 9 holes from 1, players 2,3,4, 21.00 walking, cart 14.00, rate "
                        "Public\n"
                        "09:10 18 holes from 1, players 2,3,4, rate Public\n");
    assert_string_equal(recorded_render(recording, 2),
                        "open\n"
                        "11:03 9 holes from 1, players 1, rate Public\n"
                        "11:03 18 holes from 1, players 1, 26.60 walking, cart 13.76, rate "
                        "Public\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_greenbryre_merge, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_putnam_has_eight, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_all_restricted, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_quoted_refusals, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_willows_page, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_page_past_the_end, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_rows_of_several_clubs, set_up, recorded_tear_down),
    };
    return cmocka_run_group_tests_name("recordings", tests, NULL, NULL);
}
