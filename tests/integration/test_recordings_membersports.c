/*
 * test_recordings_membersports.c: MemberSports' recorded item through its adapter; skipped,
 * saying so, where ../shared/recordings is missing.
 *
 * Exercised: the one real item, whole (River Oaks); a reply of invented values in the reduced
 * field set of other clients: full, refused, hidden, nothing offered. The expected tee times
 * were read off the recordings by hand.
 */
#include "integration/recorded.h"
#include "support/unit.h"

#define ROW "golf_club_id=9431 golf_course_id=11701"

static void play_one(struct recorded *recorded, const char *name, const char *expected)
{
    recorded_begin(recorded, "membersports");
    recorded_course(recorded, ROW);
    recorded_reply(recorded, 200, recorded_load(recorded, name));
    recorded_play(recorded, "2026-03-28");
    assert_string_equal(recorded_render(recorded, 0), expected);
}

static void test_real_item(void **state)
{
    play_one(*state, "membersports/real_item_river_oaks_2026-03.json",
             "open\n09:06 18 holes, players 1,2,3,4, 66.00 unknown, routing River Oaks "
             "Municipal\n");
}

static void test_reduced_fields(void **state)
{
    play_one(*state, "membersports/synthetic_scarson_shape.json",
             "open\n"
             "08:00 18 holes, players 1,2,3,4, 42.00 unknown, routing River Oaks Municipal\n"
             "08:12 18 holes, players 1,2, 42.00 unknown, routing River Oaks Municipal\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_real_item, recorded_set_up, recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_reduced_fields, recorded_set_up,
                                        recorded_tear_down),
    };
    return cmocka_run_group_tests_name("recordings membersports", tests, NULL, NULL);
}
