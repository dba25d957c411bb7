/*
 * test_recordings_teesnap.c: the one Teesnap reply of ../shared/recordings (invented values in
 * the real shape; a real one would list golfers), which is not part of the project, through the
 * adapter. Where the folder is missing the test says so and is skipped.
 *
 * Exercised: an empty tee, two seats of four, a full one, a held one, three seats for nine
 * holes only. The expected times were read off the recording by hand.
 */
#include <stdio.h>

#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define RECORDING TS_SOURCE_DIR "/../shared/recordings/teesnap/synthetic_scarson_shape.json"
#define PAGE      "<script>window.courses = [{\"id\": 7, \"max_players\": 4}];</script>"

static void add_reply(struct fixture *fixture, struct str body)
{
    struct fixture_reply *reply = &fixture->replies[fixture->replies_count++];
    reply->http.status = 200;
    reply->http.retry_after_us = -1;
    fixture_set_body(reply, body);
}

static void test_a_day(void **state)
{
    static char body[16 * 1024], text[2048];
    struct buf out = buf_over(text, sizeof(text));
    (void)state;
    FILE *file = fopen(RECORDING, "re");
    if (!file) {
        print_message("    skipped: no recording " RECORDING "\n");
        skip();
    }
    size_t len = fread(body, 1, sizeof(body), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(body));
    struct fixture *fixture = mem_alloc(1, sizeof(*fixture));
    struct conversation *conversation = conversation_new(64u * 1024);
    assert_non_null(fixture);
    fixture->engine = engines[engine_find(STR("teesnap"))];
    fixture->courses_count = 1;
    fixture_course(fixture->engine, STR("subdomain=oak courseId=7"), fixture->attributes[0],
                   sizeof(fixture->attributes[0]), &fixture->courses[0]);
    add_reply(fixture, STR(PAGE));
    add_reply(fixture, (struct str){ body, len });
    assert_true(day_parse(STR("2026-04-15"), &fixture->date));
    conversation_play(conversation, fixture);
    assert_int_equal(conversation->skipped_rows, 0);
    conversation_render(&conversation->sheets[0], &out);
    assert_string_equal(text, "open\n"
                              "08:00 9 holes from 1, players 1,2,3,4, 30.00 walking\n"
                              "08:00 18 holes from 1, players 1,2,3,4, 50.00 walking\n"
                              "08:09 9 holes from 1, players 1,2, 30.00 walking\n"
                              "08:09 18 holes from 1, players 1,2, 50.00 walking\n"
                              "08:36 9 holes from 1, players 1,2,3, 25.00 walking\n");
    conversation_free(conversation);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day),
    };
    return cmocka_run_group_tests_name("recordings of Teesnap", tests, NULL, NULL);
}
