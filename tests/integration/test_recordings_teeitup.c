/*
 * test_recordings_teeitup.c: TeeItUp's recorded replies of ../shared/recordings, which are not
 * part of the project, through the adapter. Where the folder is missing each test says so and
 * is skipped.
 *
 * Exercised: a full day in UTC (golf-nyc), the day beyond the window, promotions and a slot
 * past midnight UTC (Lomas Santa Fe), two facilities in one list with 9- and 18-hole rates. The
 * expected times were read off the recordings by hand.
 */
#include "integration/recorded.h"
#include "support/unit.h"

static int set_up(void **state)
{
    int failed = recorded_set_up(state);
    recorded_begin(*state, "teeitup");
    return failed;
}

static void play(struct recorded *recording, const char *date, const char *zone)
{
    recorded_zone(recording, zone);
    recorded_play(recording, date);
}

#define START(time, players, price)                                                            \
    time " 18 holes from 1, players " players ", " price " walking, rate 18 Holes\n"
#define FOUR(time, price) START(time, "1,2,3,4", price)
#define TWO(time, price)  START(time, "1,2", price)
#define ONE(time, price)  START(time, "1", price)

static const char golf_nyc[] = "open\n"
    /* clang-format off */
    FOUR("10:15", "49.00") TWO("10:24", "49.00") FOUR("10:33", "49.00") FOUR("10:42", "49.00")
    FOUR("10:51", "49.00") FOUR("11:00", "49.00") FOUR("11:09", "49.00") FOUR("11:18", "49.00")
    FOUR("11:36", "49.00") FOUR("11:45", "49.00") FOUR("11:54", "49.00") FOUR("12:03", "49.00")
    TWO("12:12", "49.00") FOUR("12:21", "49.00") TWO("12:30", "49.00") FOUR("12:39", "49.00")
    FOUR("12:48", "49.00") FOUR("12:57", "49.00") FOUR("13:06", "49.00") FOUR("13:15", "49.00")
    FOUR("13:24", "49.00") FOUR("13:33", "49.00") FOUR("13:42", "49.00") FOUR("13:51", "49.00")
    ONE("14:00", "46.00") FOUR("14:09", "46.00") FOUR("14:18", "46.00") FOUR("14:27", "46.00")
    FOUR("14:36", "46.00") FOUR("14:45", "46.00") FOUR("14:54", "46.00") FOUR("15:03", "46.00")
    FOUR("15:12", "46.00") FOUR("15:21", "46.00") FOUR("15:30", "46.00") FOUR("15:39", "46.00")
    FOUR("15:48", "46.00") FOUR("15:57", "46.00") FOUR("16:06", "34.00") FOUR("16:15", "34.00")
    FOUR("16:24", "34.00") FOUR("16:33", "34.00") FOUR("16:42", "34.00") FOUR("16:51", "34.00")
    FOUR("17:00", "34.00") FOUR("17:09", "34.00") FOUR("17:18", "34.00") FOUR("17:27", "34.00")
    FOUR("17:36", "34.00") FOUR("17:45", "34.00") FOUR("17:54", "34.00") FOUR("18:03", "34.00")
    FOUR("18:12", "34.00") FOUR("18:21", "34.00") FOUR("18:30", "34.00") FOUR("18:39", "34.00")
    FOUR("18:48", "34.00") FOUR("18:57", "34.00");
/* clang-format on */

static void test_golf_nyc(void **state)
{
    struct recorded *recording = *state;
    recorded_reply(recording, 200,
                   recorded_load(recording, "teeitup/teeitup_golfnyc_times.json"));
    recorded_course(recording, "alias=golf-nyc facility_ids=4051");
    play(recording, "2026-07-10", "America/New_York");
    assert_string_equal(recorded_render(recording, 0), golf_nyc);
    assert_int_equal(recorded_conversation(recording)->sheets[0].tee_times_count, 58);
}

static void test_beyond_the_window(void **state)
{
    struct recorded *recording = *state;
    recorded_reply(recording, 200, recorded_load(recording, "teeitup/teeitup_empty.json"));
    recorded_course(recording, "alias=golf-nyc facility_ids=4051");
    play(recording, "2026-07-20", "America/New_York");
    assert_string_equal(recorded_render(recording, 0), "not_released\n");
    assert_string_equal(
        recorded_conversation(recording)->sheets[0].detail,
        "Tee times will be available to book from Friday, July 10, 2026 at 8:00 PM");
}

static void test_promotions(void **state)
{
    struct recorded *recording = *state;
    recorded_reply(recording, 200,
                   recorded_load(recording, "teeitup/scarson_lomas_santa_fe_2026-03-11.json"));
    recorded_course(recording, "alias=lomas facility_ids=1241");
    play(recording, "2026-03-11", "America/Los_Angeles");
    assert_string_equal(recorded_render(recording, 0),
                        "open\n"
                        "10:50 18 holes from 1, players 1, 35.00 walking, rate Walking\n"
                        "16:40 18 holes from 1, players 1,2,3,4, 30.00 walking, rate Walking\n"
                        "17:00 18 holes from 1, players 1,2,3,4, 24.00 walking, rate "
                        "Walking\n");
}

static void test_two_facilities(void **state)
{
    struct recorded *recording = *state;
    recorded_reply(
        recording, 200,
        STR("[{\"id\": 17073, \"courseId\": \"5e208551241fa20100d28007\", \"name\": \"Gold\"},"
            "{\"id\": 6847, \"courseId\": \"54f14df70c8ad60378b046ad\", \"name\": \"Pal\"}]"));
    recorded_reply(
        recording, 200,
        recorded_load(recording, "teeitup/synthetic_tysontiatia_two_facilities.json"));
    recorded_course(recording, "alias=together facility_ids=17073");
    recorded_course(recording, "alias=together facility_ids=6847");
    play(recording, "2026-07-22", "America/Denver");
#define CART " cart, rate Non-Utah Resident\n"
    assert_string_equal(recorded_render(recording, 0),
                        "open\n08:00 18 holes from 1, players 1,2,3,4, 85.00" CART
                        "15:20 18 holes from 1, players 1, 85.00" CART);
    assert_string_equal(recorded_render(recording, 1),
                        "open\n09:40 9 holes from 1, players 1,2,3,4, 30.00" CART
                        "09:40 18 holes from 1, players 1,2,3,4, 50.00" CART);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_golf_nyc, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_beyond_the_window, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_promotions, set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_two_facilities, set_up, recorded_tear_down),
    };
    return cmocka_run_group_tests_name("recordings of TeeItUp", tests, NULL, NULL);
}
