/*
 * test_recordings_teesnap.c: the one Teesnap reply of ../shared/recordings (invented values in
 * the real shape; a real one would list golfers), which is not part of the project, through the
 * adapter. Where the folder is missing the test says so and is skipped.
 *
 * Exercised: an empty tee, two seats of four, a full one, a held one, three seats for nine
 * holes only. The expected times were read off the recording by hand.
 */
#include "integration/recorded.h"
#include "support/unit.h"

#define PAGE "<script>window.courses = [{\"id\": 7, \"max_players\": 4}];</script>"

static void test_a_day(void **state)
{
    struct recorded *recording = *state;
    recorded_begin(recording, "teesnap");
    recorded_course(recording, "subdomain=oak courseId=7");
    recorded_reply(recording, 200, STR(PAGE));
    recorded_reply(recording, 200,
                   recorded_load(recording, "teesnap/synthetic_scarson_shape.json"));
    recorded_play(recording, "2026-04-15");
    assert_string_equal(recorded_render(recording, 0),
                        "open\n"
                        "08:00 9 holes from 1, players 1,2,3,4, 30.00 walking\n"
                        "08:00 18 holes from 1, players 1,2,3,4, 50.00 walking\n"
                        "08:09 9 holes from 1, players 1,2, 30.00 walking\n"
                        "08:09 18 holes from 1, players 1,2, 50.00 walking\n"
                        "08:36 9 holes from 1, players 1,2,3, 25.00 walking\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_day, recorded_set_up, recorded_tear_down),
    };
    return cmocka_run_group_tests_name("recordings of Teesnap", tests, NULL, NULL);
}
