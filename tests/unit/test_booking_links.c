/*
 * Booking links of all engines, invented:
 * - the ids that a link holds, and what it lacks; slashes, query orders, upper case, no scheme
 * - links of other hosts, and hosts that only look alike, belong to no engine
 * - 2,000 bytes and texts cut at every byte: never a crash, never a half id
 */
#include "base/json.h"
#include "engine/engine.h"
#include "support/unit.h"

#define UUID "11111111-aaaa-4bbb-8ccc-0000000000ff"

struct link {
    const char *url, *engine, *attributes;
    const char *lacks; /* how its text starts; NULL: nothing */
};

static const struct link links[] = {
    { "https://foreupsoftware.com/index.php/booking/101/202", "foreup",
      "{\"schedule_id\": 202, \"facility_id\": 101}", "booking_class" },
    { "app.foreupsoftware.com/index.php/booking/0101/202/?date=1&booking_class_id=7#/teetimes",
      "foreup", "{\"schedule_id\": 202, \"facility_id\": 101, \"booking_class\": 7}", NULL },
    { "https://www.foreupsoftware.com/index.php/booking/index/101#teetimes", "foreup",
      "{\"facility_id\": 101}", "schedule_id" },
    { "https://foreupsoftware.com/index.php/booking/index/101?schedule_id=9", "foreup",
      "{\"schedule_id\": 9, \"facility_id\": 101}", "booking_class" },
    { "https://foreupsoftware.com/index.php/booking/101/99999999999", "foreup",
      "{\"facility_id\": 101}", "schedule_id" },
    { "https://foreupsoftware.com", "foreup", "{}", "schedule_id" },
    { "https://Oak-Hill.book.teeitup.com/?date=2026-12-05&course=55", "teeitup",
      "{\"alias\": \"oak-hill\", \"facility_ids\": [55]}", NULL },
    { "http://oak.book-v2.teeitup.golf?course=055,56", "teeitup",
      "{\"alias\": \"oak\", \"facility_ids\": [55, 56]}", NULL },
    { "oak.play.teeitup.com", "teeitup", "{\"alias\": \"oak\"}", "facility_ids" },
    { "https://oak.book.teeitup.golf/?course=x", "teeitup", "{\"alias\": \"oak\"}",
      "facility_ids" },
    { "https://www.chronogolf.com/club/oak-hill#teetimes", "chronogolf",
      "{\"club_slug\": \"oak-hill\"}", "course_uuids" },
    { "https://chronogolf.ca/fr/club/oak-hill/?date=2026-12-05", "chronogolf",
      "{\"club_slug\": \"oak-hill\"}", "course_uuids" },
    { "https://www.chronogolf.com/club/01234/", "chronogolf", "{\"club_id\": 1234}",
      "course_uuids" },
    { "https://www.chronogolf.com/club/%22oak", "chronogolf", "{}", "course_uuids" },
    { "https://OAK.cps.golf/onlineresweb/search-teetime?Date=2026-12-05", "cps",
      "{\"subdomain\": \"oak\"}", "courseIds" },
    { "https://golfback.com/#/course/" UUID "/date/2026-12-05", "golfback",
      "{\"courseId\": \"" UUID "\"}", NULL },
    { "https://golfback.com/course/11111111-AAAA-4BBB-8CCC-0000000000FF/", "golfback",
      "{\"courseId\": \"" UUID "\"}", NULL },
    { "https://golfback.com/?utm_source=oak", "golfback", "{}", "courseId" },
    { "https://golfback.com/course/11111111", "golfback", "{}", "courseId" },
    { "https://app.membersports.com/tee-times/11/0/2", "membersports",
      "{\"golf_club_id\": 11, \"golf_course_id\": 0, \"config_type\": 2}", NULL },
    { "https://app.membersports.com/tee-times/11/22/1/3/0/", "membersports",
      "{\"golf_club_id\": 11, \"golf_course_id\": 22, \"config_type\": 1}", NULL },
    { "https://app.membersports.com/tee-times/11", "membersports", "{\"golf_club_id\": 11}",
      "golf_club_id" },
    { "https://oak.quick18.com/teetimes/", "quick18", "{\"subdomain\": \"oak\"}", NULL },
    { "https://oak.play18.com", "quick18",
      "{\"subdomain\": \"oak\", \"domain\": \"play18.com\"}", NULL },
    { "https://tee.oak.example/teetimes/searchmatrix?teedate=20261205", "quick18",
      "{\"subdomain\": \"tee\", \"domain\": \"oak.example\"}", NULL },
    { "https://www.quick18.com/", "quick18", "{}", "subdomain" },
    { "https://oak.teesnap.net", "teesnap", "{\"subdomain\": \"oak\"}", "courseId" },
    { "https://oak.teesnap.net/?date=2026-12-05&course=77", "teesnap",
      "{\"subdomain\": \"oak\", \"courseId\": 77}", NULL },
};

static const char *const others[] = {
    "",
    "nonsense",
    "https://www.oakhill.example/book",
    "https://cps.golf.oak.example/onlineresweb",
    "https://notteesnap.net/?course=1",
    "https://a.b.teesnap.net/",
    "https://book.teeitup.com/?course=1",
    "https://oak.shop.teeitup.com/",
    "https://oak.example/?to=https://oak.quick18.com",
    "ftp://oak.cps.golf/",
    "https://oak@oak.cps.golf/",
    "https://oak\".cps.golf/",
    "https://oak.example/teetimes",
};

/* The engine of a link; *json is its attributes, always one JSON object. */
static const struct engine *read_link(struct str url, struct buf *json, const char **ret_lacks)
{
    const struct engine *found = NULL;
    for (uint32_t i = 0; i < engines_count; i++) {
        char storage[4096];
        struct buf out = buf_over(storage, sizeof(storage));
        const char *lacks = "?";
        if (!engines[i]->from_url || !engines[i]->from_url(url, &out, &lacks))
            continue;
        if (found)
            fail_msg("%.*s is of %s and %s", STR_ARGS(url), found->name, engines[i]->name);
        struct json reader = json_over(buf_view(&out));
        assert_true(json_enter_object(&reader));
        assert_int_equal(json_finish(&reader), JSON_OK);
        found = engines[i];
        buf_put(json, buf_view(&out));
        *ret_lacks = lacks;
    }
    return found;
}

static void links_give_their_ids(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(links); i++) {
        char storage[4096];
        struct buf json = buf_over(storage, sizeof(storage));
        const char *lacks = NULL;
        const struct engine *engine = read_link(str_of(links[i].url), &json, &lacks);
        if (!engine)
            fail_msg("%s was not recognised", links[i].url);
        assert_string_equal(engine->name, links[i].engine);
        assert_string_equal(storage, links[i].attributes);
        if (!links[i].lacks != !lacks ||
            (lacks && !str_has_prefix(str_of(lacks), str_of(links[i].lacks))))
            fail_msg("%s lacks \"%s\"", links[i].url, lacks ? lacks : "nothing");
    }
}

static void other_links_are_of_no_engine(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(others); i++) {
        char storage[4096];
        struct buf json = buf_over(storage, sizeof(storage));
        const char *lacks;
        const struct engine *engine = read_link(str_of(others[i]), &json, &lacks);
        if (engine)
            fail_msg("%s is of %s: %s", others[i], engine->name, storage);
    }
}

static void any_length_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(links); i++) {
        char text[2000], storage[4096];
        size_t len = strlen(links[i].url);
        const char *lacks;
        for (size_t cut = 0; cut < len; cut++) {
            struct buf json = buf_over(storage, sizeof(storage));
            (void)read_link((struct str){ links[i].url, cut }, &json, &lacks);
        }
        memset(text, '9', sizeof(text));
        memcpy(text, links[i].url, len);
        struct buf json = buf_over(storage, sizeof(storage));
        (void)read_link((struct str){ text, sizeof(text) }, &json, &lacks);
        assert_false(json.overflow);
        assert_true(json.len < 600);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_give_their_ids),
        cmocka_unit_test(other_links_are_of_no_engine),
        cmocka_unit_test(any_length_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
