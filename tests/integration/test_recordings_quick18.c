/*
 * test_recordings_quick18.c: the recorded pages of ../shared/recordings/quick18, which are not
 * part of the project, through the adapter. Where the folder is missing each test says so and
 * is skipped.
 *
 * Exercised: a day with twelve rows and five rates (Northern Hills), asked for by its own date
 * and by another; the same page cut off; an empty day, asked for by the date that it shows and
 * by another. The expected times were read off the recordings by hand.
 */
#include <stdio.h>

#include "base/day.h"
#include "base/html.h"
#include "base/mem.h"
#include "conform/conversation.h"
#include "support/unit.h"

#define FOLDER     TS_SOURCE_DIR "/../shared/recordings/quick18/"
#define TIMES      "quick18_searchmatrix_times.html"
#define EMPTY      "quick18_searchmatrix_empty.html"
#define REPLY_MAX  (128u * 1024)
#define RENDER_MAX 8192

struct recording {
    struct fixture *fixture;
    struct conversation *conversation;
    char body[REPLY_MAX], text[RENDER_MAX];
    size_t len;
};

static int set_up(void **state)
{
    struct recording *recording = mem_alloc(1, sizeof(*recording));
    assert_non_null(recording);
    recording->fixture = mem_alloc(1, sizeof(*recording->fixture));
    assert_non_null(recording->fixture);
    recording->fixture->engine = engines[engine_find(STR("quick18"))];
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

/* Skips the test where there is no recording. */
static void load(struct recording *recording, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof(path), FOLDER "%s", name);
    FILE *file = fopen(path, "re");
    if (!file) {
        print_message("    skipped: no recording %s\n", path);
        skip();
    }
    recording->len = fread(recording->body, 1, sizeof(recording->body), file);
    assert_int_equal(fclose(file), 0);
    assert_true(recording->len > 0 && recording->len < sizeof(recording->body));
}

/* The first `len` bytes of the page, as the answer for this date. */
static const char *play(struct recording *recording, size_t len, const char *date)
{
    struct fixture *fixture = recording->fixture;
    struct buf text = buf_over(recording->text, sizeof(recording->text));
    fixture->replies_count = fixture->courses_count = 1;
    fixture_course(fixture->engine, STR("subdomain=northern"), fixture->attributes[0],
                   sizeof(fixture->attributes[0]), &fixture->courses[0]);
    fixture->replies[0].http.status = 200;
    fixture->replies[0].http.retry_after_us = -1;
    fixture_set_body(&fixture->replies[0], (struct str){ recording->body, len });
    assert_true(day_parse(str_of(date), &fixture->date));
    conversation_play(recording->conversation, fixture);
    conversation_render(&recording->conversation->sheets[0], &text);
    assert_false(text.overflow);
    return text.ptr;
}

#define NINE(clock, stamp, players)                                                            \
    clock " 9 holes, players " players ", 24.00 walking, ref 1733-20260714" stamp              \
          "-11553, rate 9 Holes\n"
#define BOTH(clock, stamp, players)                                                            \
    NINE(clock, stamp, players)                                                                \
    clock " 18 holes, players " players ", 39.00 walking, ref 1733-20260714" stamp             \
          "-11552, rate 18 Holes\n"

static void test_northern_hills(void **state)
{
    static const char expected[] =
        "open\n" BOTH("07:28", "0728", "1,2") BOTH("07:36", "0736", "2,3,4")
            BOTH("07:44", "0744", "2,3,4") BOTH("07:52", "0752", "2,3,4")
                BOTH("08:24", "0824", "2,3,4") BOTH("08:32", "0832", "2,3,4")
                    BOTH("08:40", "0840", "2,3,4") BOTH("08:48", "0848", "2,3,4")
                        BOTH("08:56", "0856", "2,3,4") BOTH("09:04", "0904", "1,2")
                            BOTH("09:20", "0920", "2,3,4") BOTH("09:28", "0928", "2,3,4");
    struct recording *recording = *state;
    load(recording, TIMES);
    assert_string_equal(play(recording, recording->len, "2026-07-14"), expected);
    assert_int_equal(recording->conversation->skipped_rows, 0);
    assert_true(html_memory_peak_bytes() < 256u * 1024);
    char storage[200];
    struct buf url = buf_over(storage, sizeof(storage));
    tee_time_booking_url(&recording->conversation->sheets[0].tee_times[0], &url);
    assert_string_equal(url.ptr, "https://northern.quick18.com/teetimes/course/1733/teetime/"
                                 "202607140728?psid=11553&p=0");
}

static void test_another_day(void **state)
{
    struct recording *recording = *state;
    load(recording, TIMES);
    assert_string_equal(play(recording, recording->len, "2026-07-15"), "unreadable\n");
    assert_int_equal(recording->conversation->skipped_rows, 48);
}

static void test_cut_off(void **state)
{
    struct recording *recording = *state;
    load(recording, TIMES);
    for (size_t len = 0; len + 20 < recording->len; len += 997)
        assert_string_equal(play(recording, len, "2026-07-14"), "unreadable\n");
}

/* It was asked for with a date in the past; the page shows the day of the recording. */
static void test_empty(void **state)
{
    struct recording *recording = *state;
    load(recording, EMPTY);
    assert_string_equal(play(recording, recording->len, "2026-07-10"), "none_open\n");
    assert_string_equal(play(recording, recording->len, "2026-07-09"), "unreadable\n");
}

int main(void)
{
#define RECORDING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        RECORDING(test_northern_hills),
        RECORDING(test_another_day),
        RECORDING(test_cut_off),
        RECORDING(test_empty),
    };
    return cmocka_run_group_tests_name("recordings of quick18", tests, NULL, NULL);
}
