/*
 * Look-ups of a booking link, on invented replies:
 * - what each engine is asked, and which rows, names, zones, windows and release times follow
 * - courses that the link does not name, closed ones, simulators, several classes of players
 * - refusals, empty lists and damaged replies say why; nothing of a damaged list counts
 * - every body cut at each byte: no crash, and never more courses than the whole has
 */
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "engine/resolve.h"
#include "support/unit.h"

#define UUID_1 "11111111-aaaa-4bbb-8ccc-000000000001"
#define UUID_2 "11111111-aaaa-4bbb-8ccc-000000000002"

static struct play {
    struct arena arena;
    struct course link;
    const struct course *links[1];
    struct tee_sheet sheet;
    struct engine_task task;
    struct resolution resolution;
    char attributes[4096], scratch[ENGINE_SCRATCH_BYTES];
    struct http_request request;
    _Alignas(16) char tenant[ENGINE_TENANT_BYTES_MAX];
} play;

static void begin(const char *engine, const char *attributes)
{
    int index = engine_find(str_of(engine));
    struct arena arena = play.arena;
    memset(&play, 0, sizeof(play));
    play.arena = arena;
    arena_reset(&play.arena);
    assert_true(index >= 0);
    assert_int_equal(catalogue_pack_attributes((uint32_t)index, str_of(attributes),
                                               play.attributes, sizeof(play.attributes)),
                     TS_ERR_OK);
    play.link.attributes = play.attributes;
    play.links[0] = &play.link;
    play.sheet.detail = "";
    play.task = (struct engine_task){ .engine = engines[index],
                                      .courses = play.links,
                                      .sheets = &play.sheet,
                                      .courses_count = 1,
                                      .play_date = 20792, /* 2026-12-05 */
                                      .arena = &play.arena,
                                      .key = "the-key",
                                      .tenant = play.tenant };
    play.resolution.task = &play.task;
}

static void ask(const char *url)
{
    struct buf scratch = buf_over(play.scratch, sizeof(play.scratch));
    assert_int_equal(
        play.task.engine->resolver->request(&play.resolution, &scratch, &play.request),
        TS_ERR_OK);
    assert_string_equal(play.request.url, url);
    assert_true(play.request.reply_cap_bytes <= RESOLVE_REPLY_CAP_BYTES);
    play.task.asked = play.request.stage;
}

static enum resolve_verdict answer(uint16_t status, const char *body)
{
    struct http_reply reply = {
        .status = status, .body = str_of(body), .received_at = 1000, .retry_after_us = -1
    };
    return play.task.engine->resolver->parse(&play.resolution, &reply);
}

static bool has_header(const char *header)
{
    bool is_there = false;
    for (uint32_t i = 0; i < play.request.headers_count; i++)
        is_there = is_there || strcmp(play.request.headers[i], header) == 0;
    return is_there;
}

static void assert_course(uint32_t index, const char *name, const char *zone,
                          const char *attributes, int window_days)
{
    const struct resolve_course *course = &play.resolution.courses[index];
    assert_true(index < play.resolution.courses_count);
    assert_string_equal(course->name, name);
    assert_string_equal(course->timezone, zone);
    assert_string_equal(course->attributes_json, attributes);
    assert_int_equal(course->window_days, window_days);
}

static void assert_failed(enum resolve_verdict verdict, const char *why)
{
    assert_int_equal(verdict, RESOLVE_FAILED);
    if (!strstr(play.resolution.detail, why))
        fail_msg("\"%s\" is not in: %s", why, play.resolution.detail);
}

/* Whatever is cut off the end: never more courses, and no crash. */
static void cut_everywhere(const char *engine, const char *attributes, const char *body,
                           uint32_t courses)
{
    size_t len = strlen(body);
    for (size_t cut = 0; cut < len; cut++) {
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, body, cut);
        copy[cut] = '\0';
        begin(engine, attributes);
        (void)answer(200, copy);
        assert_true(play.resolution.courses_count <= courses);
        free(copy);
    }
}

static const char facilities[] =
    "[{\"id\":55,\"courseId\":\"0123456789abcdef01234567\",\"name\":\"Oak North \","
    "\"timeZone\":\"America/Denver\"},{\"id\":56,\"name\":\"Oak South\"},"
    "{\"id\":57,\"name\":\"Indoor\",\"isSimulator\":true}]";

static void teeitup_lists_its_facilities(void **state)
{
    (void)state;
    begin("teeitup", "{\"alias\": \"oak\", \"facility_ids\": [56]}");
    ask("https://phx-api-be-east-1b.kenna.io/alias/oak/facilities");
    assert_true(has_header("x-be-alias: oak"));
    assert_int_equal(answer(200, facilities), RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 2);
    assert_course(0, "Oak North", "America/Denver",
                  "{\"alias\": \"oak\", \"facility_ids\": [55]}", -1);
    assert_course(1, "Oak South", "", "{\"alias\": \"oak\", \"facility_ids\": [56]}", -1);
    assert_false(play.resolution.courses[0].is_named);
    assert_true(play.resolution.courses[1].is_named);
    assert_string_equal(play.resolution.courses[1].url,
                        "https://oak.book.teeitup.com/?course=56");
    begin("teeitup", "{\"alias\": \"oak\"}");
    assert_failed(answer(200, "[]"), "throttles");
    assert_failed(answer(404, "{\"message\":\"alias is not known\"}"), "HTTP 404");
    assert_failed(answer(200, "<html>"), "HTTP 200");
    assert_failed(answer(200, "[{\"id\":55},{\"name\":\"no id\"}]"), "without an id");
    assert_int_equal(play.resolution.courses_count, 0);
    cut_everywhere("teeitup", "{\"alias\": \"oak\"}", facilities, 0);
}

static const char online_courses[] =
    "[{\"courseId\":1,\"websiteId\":\"" UUID_1 "\",\"onlineCourseName\":\"North\",\"holes\":18,"
    "\"timezoneId\":\"America/Denver\",\"siteId\":3,\"active\":true},"
    "{\"courseId\":9,\"websiteId\":\"" UUID_1 "\",\"active\":false},"
    "{\"courseId\":2,\"websiteId\":\"" UUID_1 "\",\"onlineCourseName\":\"Nine\",\"holes\":9}]";
static const char rules[] =
    "{\"bookingRuleByClass\":[{\"classCode\":\"M\",\"bookingRuleByCourse\":"
    "[{\"courseId\":1,\"daysInAdvance\":60}]},{\"classCode\":\"R\",\"bookingRuleByCourse\":"
    "[{\"courseId\":1,\"daysInAdvance\":330,\"time\":\"2026-02-24T06:30:00\"}]}],"
    "\"bookingRuleByCourses\":[{\"courseId\":1,\"daysInAdvance\":5},"
    "{\"courseId\":2,\"daysInAdvance\":7},{\"courseId\":3}]}";

static void cps_lists_courses_and_rules(void **state)
{
    (void)state;
    begin("cps", "{\"subdomain\": \"oak\"}");
    ask("https://oak.cps.golf/identityapi/myconnect/token/short");
    assert_int_equal(answer(200, "{\"access_token\":\"abc\",\"expires_in\":600}"),
                     RESOLVE_NEXT);
    ask("https://oak.cps.golf/onlineres/onlineapi/api/v1/onlinereservation/OnlineCourses");
    assert_true(has_header("Authorization: Bearer abc"));
    assert_int_equal(answer(200, online_courses), RESOLVE_NEXT);
    ask("https://oak.cps.golf/onlineres/onlineapi/api/v1/onlinereservation/BookingRuleModels"
        "?classcode=R&courseIds=1,2&searchDate=Sat%20Dec%2005%202026");
    assert_int_equal(answer(200, rules), RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 2);
    assert_course(0, "North", "America/Denver",
                  "{\"subdomain\": \"oak\", \"courseIds\": [1], \"websiteId\": \"" UUID_1
                  "\", \"siteId\": 3}",
                  90); /* the most that a catalogue holds */
    assert_course(1, "Nine", "",
                  "{\"subdomain\": \"oak\", \"courseIds\": [2], \"websiteId\": \"" UUID_1 "\"}",
                  7);
    assert_int_equal(play.resolution.courses[0].opens_minute, 390);
    assert_int_equal(play.resolution.courses[1].opens_minute, -1);
    assert_int_equal(play.resolution.courses[1].holes, 9);
}

static void cps_says_what_failed(void **state)
{
    (void)state;
    begin("cps", "{\"subdomain\": \"oak\"}");
    assert_int_equal(answer(404, ""), RESOLVE_NEXT); /* the older generation */
    ask("https://oak.cps.golf/onlineresweb/Home/Configuration");
    assert_failed(answer(200, "{}"), "apiKey");
    assert_int_equal(answer(200, "{\"apiKey\":\"k\"}"), RESOLVE_NEXT);
    ask("https://oak.cps.golf/onlineres/onlineapi/api/v1/onlinereservation/OnlineCourses");
    assert_true(has_header("x-apikey: k"));
    assert_failed(answer(200, "[]"), "without courses");
    assert_failed(answer(404, "gone"), "HTTP 404");
    assert_int_equal(answer(200, online_courses), RESOLVE_NEXT);
    assert_failed(answer(400, "\"no\""), "HTTP 400");
    assert_failed(answer(200, "{\"bookingRuleByClass\":[{"), "HTTP 200");
    assert_int_equal(play.resolution.courses_count, 2);
    assert_int_equal(play.resolution.courses[0].window_days, -1);
    for (size_t cut = 0; cut < sizeof(rules); cut++) {
        char copy[sizeof(rules)] = "";
        memcpy(copy, rules, cut);
        (void)answer(200, copy);
    }
}

static const char page[] =
    "<html><script>window.courses.x; window.property = {\"id\":7,\"name\":\"Oak Club\","
    "\"time_zone\":\"America/Boise\"};\nwindow.courses = [{\"id\":651,\"name\":\"Oak\","
    "\"holes\":\"both_default_eighteen\",\"advance\":14,\"deleted_at\":null,"
    "\"infos\":[{\"id\":900}]},{\"id\":652,\"holes\":\"nine\"},"
    "{\"id\":653,\"deleted_at\":\"2020-01-01\"},{\"id\":654,\"enabled\":false},"
    "{\"id\":655,\"customer_enabled\":false}];</script></html>";

static void teesnap_lists_its_page(void **state)
{
    (void)state;
    begin("teesnap", "{\"subdomain\": \"oak\", \"courseId\": 652}");
    ask("https://oak.teesnap.net/");
    assert_int_equal(answer(200, page), RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 2);
    assert_course(0, "Oak", "America/Boise", "{\"subdomain\": \"oak\", \"courseId\": 651}", 14);
    assert_course(1, "", "America/Boise", "{\"subdomain\": \"oak\", \"courseId\": 652}", -1);
    assert_string_equal(play.resolution.courses[0].club, "Oak Club");
    assert_int_equal(play.resolution.courses[0].holes, 18);
    assert_int_equal(play.resolution.courses[1].holes, 9);
    assert_false(play.resolution.courses[0].is_named);
    assert_true(play.resolution.courses[1].is_named);
    begin("teesnap", "{\"subdomain\": \"oak\"}");
    assert_failed(answer(200, "<html>Be right back.</html>"), "no list of courses");
    assert_failed(answer(404, ""), "HTTP 404");
    assert_failed(answer(200, "window.courses = [{\"id\":1},{]"), "no course");
    cut_everywhere("teesnap", "{\"subdomain\": \"oak\"}", page, 2);
}

static const char record[] =
    "{\"data\":{\"id\":\"" UUID_1 "\",\"name\":\"Oak North\",\"city\":\"Oakville\","
    "\"isMultiCourse\":true,\"multiCourseIds\":[\"" UUID_1 "\",\"" UUID_2
    "\",\"x\"],\"teeTimesDaysOut\":8}}";

static void golfback_asks_for_each_course(void **state)
{
    (void)state;
    begin("golfback", "{\"courseId\": \"" UUID_1 "\"}");
    ask("https://api.golfback.com/api/v1/courses/" UUID_1);
    assert_int_equal(answer(200, record), RESOLVE_NEXT);
    ask("https://api.golfback.com/api/v1/courses/" UUID_2);
    assert_int_equal(answer(200, "{\"data\":{\"name\":\"Oak South\",\"multiCourseIds\":null}}"),
                     RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 2);
    assert_course(0, "Oak North", "", "{\"courseId\": \"" UUID_1 "\"}", 8);
    assert_course(1, "Oak South", "", "{\"courseId\": \"" UUID_2 "\"}", -1);
    assert_string_equal(play.resolution.courses[0].city, "Oakville");
    assert_true(play.resolution.courses[0].is_named);
    assert_false(play.resolution.courses[1].is_named);
    assert_string_equal(play.resolution.courses[1].url,
                        "https://golfback.com/#/course/" UUID_2);
    begin("golfback", "{\"courseId\": \"" UUID_1 "\"}");
    assert_failed(answer(404, "no such course"), "HTTP 404");
    assert_failed(answer(200, "{\"data\":[]}"), "HTTP 200");
    cut_everywhere("golfback", "{\"courseId\": \"" UUID_1 "\"}", record, 0);
}

static void membersports_tells_of_its_club(void **state)
{
    static const char info[] = "{\"name\":\"Oak Club\",\"city\":\"Oakville\",\"state\":\"CO\","
                               "\"latitude\":39.5,\"tzName\":\"America/Denver\"}";
    (void)state;
    begin("membersports", "{\"golf_club_id\": 11}");
    ask("https://api.membersports.com/api/v1.0/TeeSheets/clubInfo/11");
    assert_true(has_header("x-api-key: the-key"));
    assert_int_equal(answer(200, info), RESOLVE_DONE);
    assert_course(0, "Oak Club", "America/Denver",
                  "{\"golf_club_id\": 11, \"golf_course_id\": 0}", -1);
    begin("membersports", "{\"golf_club_id\": 11, \"golf_course_id\": 22, \"config_type\": 1}");
    assert_int_equal(answer(200, info), RESOLVE_DONE);
    assert_course(0, "Oak Club", "America/Denver",
                  "{\"golf_club_id\": 11, \"golf_course_id\": 22, \"config_type\": 1}", -1);
    begin("membersports", "{\"golf_club_id\": 11}");
    assert_failed(answer(200, "[]"), "HTTP 200");
    assert_failed(answer(200, "{\"city\":\"Oakville\"}"), "HTTP 200");
    cut_everywhere("membersports", "{\"golf_club_id\": 11}", info, 0);
}

static const char club[] =
    "{\"id\":10,\"name\":\"Oak Club\",\"slug\":\"oak-club\",\"timezone\":\"America/Regina\","
    "\"default_affiliation_type_id\":30,\"courses\":[{\"id\":20,\"uuid\":\"" UUID_1
    "\",\"name\":\"North\",\"holes\":18},{\"id\":21,\"uuid\":null,\"name\":\"South\"}]}";

static void chronogolf_tells_of_both_apis(void **state)
{
    (void)state;
    begin("chronogolf", "{\"club_slug\": \"oak-club\"}");
    ask("https://www.chronogolf.com/marketplace/v2/clubs/oak-club");
    assert_int_equal(answer(200, club), RESOLVE_NEXT);
    ask("https://www.chronogolf.com/club/oak-club");
    assert_int_equal(answer(200, "<script>{\"x\":{\"defaultPublicBookingRange\":7}}</script>"),
                     RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 2);
    assert_course(0, "North", "America/Regina",
                  "{\"course_uuids\": [\"" UUID_1 "\"], \"club_id\": 10, \"course_id\": 20, "
                  "\"affiliation_type_id\": 30, \"club_slug\": \"oak-club\"}",
                  7);
    assert_course(1, "South", "America/Regina",
                  "{\"club_id\": 10, \"course_id\": 21, \"affiliation_type_id\": 30, "
                  "\"club_slug\": \"oak-club\"}",
                  7);
    begin("chronogolf", "{\"club_id\": 10}");
    ask("https://www.chronogolf.com/marketplace/v2/clubs/10");
    assert_int_equal(answer(200, "{\"id\":10,\"slug\":\"oak-club\"}"), RESOLVE_NEXT);
    ask("https://www.chronogolf.com/marketplace/v2/clubs/oak-club");
    assert_failed(answer(200, "{\"id\":10,\"slug\":\"oak-club\"}"), "lists no courses");
}

static void chronogolf_says_what_failed(void **state)
{
    struct buf scratch = buf_over(play.scratch, sizeof(play.scratch));
    (void)state;
    begin("chronogolf", "{}");
    assert_int_equal(
        play.task.engine->resolver->request(&play.resolution, &scratch, &play.request),
        TS_ERR_NOT_FOUND);
    begin("chronogolf", "{\"club_slug\": \"oak-club\"}");
    assert_failed(answer(404, "no such club"), "HTTP 404");
    assert_int_equal(answer(200, club), RESOLVE_NEXT);
    assert_failed(answer(200, "<html>"), "booking window");
    assert_failed(answer(200, "\"defaultPublicBookingRange\":null"), "booking window");
    assert_failed(answer(200, "\"defaultPublicBookingRange\":"), "booking window");
    assert_int_equal(play.resolution.courses_count, 2);
    cut_everywhere("chronogolf", "{\"club_slug\": \"oak-club\"}", club, 0);
}

#define CLASS(id, guarded, days)                                                               \
    "{\"booking_class_id\":\"" id "\",\"active\":\"1\",\"hidden\":\"0\","                      \
    "\"online_booking_protected\":\"" guarded "\",\"days_in_booking_window\":" days "}"

static const char schedules[] =
    "<script>var SCHEDULES = [{\"teesheet_id\":\"202\",\"title\":\"Oak North\","
    "\"course_name\":\"Oak Club\",\"course_timezone\":\"America\\/Chicago\",\"holes\":\"18\","
    "\"days_in_booking_window\":\"5\",\"booking_classes\":[" CLASS("7", "1", "\"9\"") "," CLASS(
        "8", "0", "\"8\"") "]},{\"teesheet_id\":203,\"title\":false,\"course_name\":\"Oak "
                           "Club\","
                           "\"days_in_booking_window\":4,\"booking_classes\":[" CLASS(
                               "9", "0",
                               "3") "," CLASS("10", "0",
                                              "6") "]},{\"teesheet_id\":\"204\"}];</script>";

static void foreup_lists_its_schedules(void **state)
{
    (void)state;
    begin("foreup", "{\"schedule_id\": 202, \"facility_id\": 101}");
    ask("https://foreupsoftware.com/index.php/booking/101/202");
    assert_int_equal(answer(200, schedules), RESOLVE_DONE);
    assert_int_equal(play.resolution.courses_count, 3);
    assert_course(0, "Oak North", "America/Chicago",
                  "{\"schedule_id\": 202, \"facility_id\": 101, \"booking_class\": 8}", 7);
    /* Which of two open classes is meant is not ours to say. */
    assert_course(1, "Oak Club", "", "{\"schedule_id\": 203, \"facility_id\": 101}", 3);
    assert_course(2, "", "", "{\"schedule_id\": 204, \"facility_id\": 101}", -1);
    assert_true(play.resolution.courses[0].is_named);
    assert_false(play.resolution.courses[1].is_named);
    assert_string_equal(play.resolution.courses[1].url,
                        "https://foreupsoftware.com/index.php/booking/101/203");
    begin("foreup", "{\"facility_id\": 101, \"booking_class\": 10}");
    ask("https://foreupsoftware.com/index.php/booking/101");
    assert_int_equal(answer(200, schedules), RESOLVE_DONE);
    assert_course(1, "Oak Club", "",
                  "{\"schedule_id\": 203, \"facility_id\": 101, \"booking_class\": 10}", 5);
    begin("foreup", "{\"facility_id\": 101}");
    assert_failed(answer(200, "<html>Are you a robot?</html>"), "robots");
    assert_failed(answer(200, "SCHEDULES = []"), "has none");
    assert_failed(answer(404, ""), "HTTP 404");
    cut_everywhere("foreup", "{\"facility_id\": 101}", schedules, 3);
}

static int set_up(void **state)
{
    (void)state;
    return arena_init(&play.arena, 65536) == TS_ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&play.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(teeitup_lists_its_facilities),
        cmocka_unit_test(cps_lists_courses_and_rules),
        cmocka_unit_test(cps_says_what_failed),
        cmocka_unit_test(teesnap_lists_its_page),
        cmocka_unit_test(golfback_asks_for_each_course),
        cmocka_unit_test(membersports_tells_of_its_club),
        cmocka_unit_test(chronogolf_tells_of_both_apis),
        cmocka_unit_test(chronogolf_says_what_failed),
        cmocka_unit_test(foreup_lists_its_schedules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
