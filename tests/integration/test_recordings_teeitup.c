/*
 * test_recordings_teeitup.c: TeeItUp's recorded replies of ../shared/recordings, which are not
 * part of the project, through the adapter. Where the folder is missing each test says so and
 * is skipped.
 *
 * Exercised: a full day in UTC (golf-nyc), the day beyond the window, promotions and a slot
 * past midnight UTC (Lomas Santa Fe), two facilities in one list with 9- and 18-hole rates. The
 * expected times were read off the recordings by hand.
 */
#include <stdio.h>

#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define FOLDER     TS_SOURCE_DIR "/../shared/recordings/teeitup/"
#define REPLY_MAX  (256u * 1024)
#define RENDER_MAX 8192

struct recording {
    struct fixture *fixture;
    struct conversation *conversation;
    char body[REPLY_MAX], text[RENDER_MAX];
};

static int set_up(void **state)
{
    struct recording *recording = mem_alloc(1, sizeof(*recording));
    assert_non_null(recording);
    recording->fixture = mem_alloc(1, sizeof(*recording->fixture));
    assert_non_null(recording->fixture);
    recording->fixture->engine = engines[engine_find(STR("teeitup"))];
    recording->conversation = conversation_new(64u * 1024);
    *state = recording;
    return 0;
}

static int tear_down(void **state)
{
    struct recording *recording = *state;
    conversation_free(recording->conversation);
    fixture_free(recording->fixture);
    mem_free(recording);
    return 0;
}

static void add_reply(struct recording *recording, struct str body)
{
    struct fixture *fixture = recording->fixture;
    struct fixture_reply *reply = &fixture->replies[fixture->replies_count++];
    reply->http.status = 200;
    reply->http.retry_after_us = -1;
    fixture_set_body(reply, body);
}

/* The recorded body as a reply; skips the test where there is none. */
static void add_recording(struct recording *recording, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof(path), FOLDER "%s", name);
    FILE *file = fopen(path, "re");
    if (!file) {
        print_message("    skipped: no recording %s\n", path);
        skip();
    }
    size_t len = fread(recording->body, 1, sizeof(recording->body), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(recording->body));
    add_reply(recording, (struct str){ recording->body, len });
}

static void add_course(struct recording *recording, const char *row)
{
    struct fixture *fixture = recording->fixture;
    uint32_t i = fixture->courses_count++;
    fixture_course(fixture->engine, str_of(row), fixture->attributes[i],
                   sizeof(fixture->attributes[i]), &fixture->courses[i]);
}

static void play(struct recording *recording, const char *date, const char *zone)
{
    struct fixture *fixture = recording->fixture;
    assert_true(day_parse(str_of(date), &fixture->date));
    assert_int_equal(zone_new(str_of(zone), &fixture->zone, NULL), TS_ERR_OK);
    recording->conversation->checks_requests = true;
    conversation_play(recording->conversation, fixture);
    assert_int_equal(recording->conversation->replies_used, fixture->replies_count);
    assert_int_equal(recording->conversation->skipped_rows, 0);
}

static const char *render(struct recording *recording, uint32_t sheet)
{
    struct buf text = buf_over(recording->text, sizeof(recording->text));
    struct tee_sheet *seen = &recording->conversation->sheets[sheet];
    for (uint32_t i = 0; i < seen->tee_times_count; i++) {
        assert_true(seen->tee_times[i].engine_ref[0] != '\0');
        seen->tee_times[i].engine_ref = "";
    }
    conversation_render(seen, &text);
    assert_false(text.overflow);
    return text.ptr;
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
    struct recording *recording = *state;
    add_recording(recording, "teeitup_golfnyc_times.json");
    add_course(recording, "alias=golf-nyc facility_ids=4051");
    play(recording, "2026-07-10", "America/New_York");
    assert_string_equal(render(recording, 0), golf_nyc);
    assert_int_equal(recording->conversation->sheets[0].tee_times_count, 58);
}

static void test_beyond_the_window(void **state)
{
    struct recording *recording = *state;
    add_recording(recording, "teeitup_empty.json");
    add_course(recording, "alias=golf-nyc facility_ids=4051");
    play(recording, "2026-07-20", "America/New_York");
    assert_string_equal(render(recording, 0), "not_released\n");
    assert_string_equal(
        recording->conversation->sheets[0].detail,
        "Tee times will be available to book from Friday, July 10, 2026 at 8:00 PM");
}

static void test_promotions(void **state)
{
    struct recording *recording = *state;
    add_recording(recording, "scarson_lomas_santa_fe_2026-03-11.json");
    add_course(recording, "alias=lomas facility_ids=1241");
    play(recording, "2026-03-11", "America/Los_Angeles");
    assert_string_equal(render(recording, 0),
                        "open\n"
                        "10:50 18 holes from 1, players 1, 35.00 walking, rate Walking\n"
                        "16:40 18 holes from 1, players 1,2,3,4, 30.00 walking, rate Walking\n"
                        "17:00 18 holes from 1, players 1,2,3,4, 24.00 walking, rate "
                        "Walking\n");
}

static void test_two_facilities(void **state)
{
    struct recording *recording = *state;
    add_reply(
        recording,
        STR("[{\"id\": 17073, \"courseId\": \"5e208551241fa20100d28007\", \"name\": \"Gold\"},"
            "{\"id\": 6847, \"courseId\": \"54f14df70c8ad60378b046ad\", \"name\": \"Pal\"}]"));
    add_recording(recording, "synthetic_tysontiatia_two_facilities.json");
    add_course(recording, "alias=together facility_ids=17073");
    add_course(recording, "alias=together facility_ids=6847");
    play(recording, "2026-07-22", "America/Denver");
#define CART " cart, rate Non-Utah Resident\n"
    assert_string_equal(render(recording, 0),
                        "open\n08:00 18 holes from 1, players 1,2,3,4, 85.00" CART
                        "15:20 18 holes from 1, players 1, 85.00" CART);
    assert_string_equal(render(recording, 1),
                        "open\n09:40 9 holes from 1, players 1,2,3,4, 30.00" CART
                        "09:40 18 holes from 1, players 1,2,3,4, 50.00" CART);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_golf_nyc, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_beyond_the_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_promotions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_facilities, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("recordings of TeeItUp", tests, NULL, NULL);
}
