/*
 * test_recordings_foreup.c: ForeUp's recorded replies through its adapter; skipped, saying so,
 * where ../shared/recordings is missing.
 *
 * Exercised: a whole tee sheet that sells 18 holes only (Rockland Lake); a row of 2023 whose
 * numbers are texts; one of 2026 with the cart in the price, its blanked time filled in here;
 * the quoted answers. The expected tee times were read off the recordings by hand.
 */
#include <stdio.h>

#include "integration/recorded.h"
#include "support/unit.h"

#define START(time, players) time " 18 holes from 1, players " players ", 35.00 walking\n"

static const char rockland_lake[] = "open\n"
    /* clang-format off */
    START("07:50", "1,2")
    START("09:00", "1")
    START("10:10", "1,2,3")
    START("10:20", "1,2,3,4")
    START("10:30", "1,2,3,4")
    START("10:40", "1,2,3,4")
    START("11:10", "1,2")
    START("11:20", "1,2,3,4")
    START("11:30", "1,2,3,4")
    START("11:40", "1,2,3,4")
    START("11:50", "1,2,3,4")
    START("12:00", "1,2,3,4")
    START("12:10", "1,2,3,4")
    START("12:20", "1,2,3,4")
    START("12:40", "1,2,3,4")
    START("12:50", "1,2,3,4")
    START("13:00", "1,2,3,4")
    START("13:10", "1,2,3,4")
    START("13:20", "1,2,3,4")
    START("13:40", "1,2,3,4")
    START("13:50", "1,2,3,4")
    START("14:10", "1,2")
    START("14:20", "1,2,3")
    START("14:30", "1,2,3,4")
    START("14:40", "1,2,3,4")
    START("14:50", "1,2,3,4")
    START("15:00", "1,2,3,4")
    START("15:10", "1,2,3,4")
    START("15:20", "1,2,3,4")
    START("15:30", "1,2,3,4")
    START("15:40", "1,2,3,4")
    START("15:50", "1,2,3,4")
    START("16:00", "1,2,3,4")
    START("16:10", "1,2,3,4")
    START("16:20", "1,2,3,4")
    START("16:30", "1,2,3,4")
    START("16:40", "1,2,3,4")
    START("16:50", "1,2,3,4")
    START("17:00", "1,2,3,4")
    START("17:10", "1,2,3,4")
    START("17:20", "1,2,3,4")
    START("17:30", "1,2,3,4");
/* clang-format on */

static void test_rockland_lake(void **state)
{
    struct recorded *recorded = *state;
    recorded_begin(recorded, "foreup");
    recorded_course(recorded, "schedule_id=2442 facility_id=19767");
    recorded_reply(recorded, 200, recorded_load(recorded, "foreup/rocklandlake.json"));
    recorded_play(recorded, "2026-07-13");
    assert_string_equal(recorded_render(recorded, 0), rockland_lake);
}

static void test_numbers_as_texts(void **state)
{
    struct recorded *recorded = *state;
    recorded_begin(recorded, "foreup");
    recorded_course(recorded, "schedule_id=2149 facility_id=19671 booking_class=12239");
    recorded_reply(recorded, 200,
                   recorded_load(recorded, "foreup/mangrovebay-2023-1slot-string-fields.json"));
    recorded_play(recorded, "2023-12-10");
    assert_string_equal(recorded_render(recorded, 0),
                        "open\n16:07 18 holes, players 2,3,4, 35.50 cart\n");
}

static void test_cart_in_the_price(void **state)
{
    static const char blank[] = "\"time\": \"\"", filled[] = "\"time\": \"2026-07-13 07:04\"";
    struct recorded *recorded = *state;
    char body[4096];
    recorded_begin(recorded, "foreup");
    struct str row =
        recorded_load(recorded, "foreup/mangrovebay-riding-2plus-1slot-template.json");
    const char *at = memmem(row.ptr, row.len, blank, sizeof(blank) - 1);
    assert_non_null(at);
    const char *rest = at + sizeof(blank) - 1;
    int len = snprintf(body, sizeof(body), "%.*s%s%.*s", (int)(at - row.ptr), row.ptr, filled,
                       (int)(row.ptr + row.len - rest), rest);
    assert_true(len > 0 && (size_t)len < sizeof(body));
    recorded_course(recorded, "schedule_id=2149");
    recorded_reply(recorded, 200, (struct str){ body, (size_t)len });
    recorded_play(recorded, "2026-07-13");
    assert_string_equal(recorded_render(recorded, 0),
                        "open\n07:04 18 holes, players 2,3,4, 46.00 cart\n");
}

static void test_quoted_answers(void **state)
{
    static const struct {
        const char *name, *expected;
    } answers[] = {
        { "foreup/quoted-empty-list.json", "none_open\n" },
        { "foreup/quoted-false.json", "none_open\n" },
        { "foreup/quoted-invalid-api-key.json", "misconfigured\n" },
    };
    struct recorded *recorded = *state;
    for (size_t i = 0; i < TS_COUNT_OF(answers); i++) {
        recorded_begin(recorded, "foreup");
        recorded_course(recorded, "schedule_id=2149");
        recorded_reply(recorded, 200, recorded_load(recorded, answers[i].name));
        recorded_play(recorded, "2026-07-13");
        assert_string_equal(recorded_render(recorded, 0), answers[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rockland_lake, recorded_set_up,
                                        recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_numbers_as_texts, recorded_set_up,
                                        recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_cart_in_the_price, recorded_set_up,
                                        recorded_tear_down),
        cmocka_unit_test_setup_teardown(test_quoted_answers, recorded_set_up,
                                        recorded_tear_down),
    };
    return cmocka_run_group_tests_name("recordings foreup", tests, NULL, NULL);
}
