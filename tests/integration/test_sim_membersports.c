/* Exercises the simulated MemberSports, without a server:
 * - replies, read by a collector written here from the engine's facts page, give the truth,
 *   asked per course as well as once for all courses of a club;
 * - every trap occurs: availableCount 0, minimum of 2 with and without singles, hidden and
 *   closed starts, back nines, nines by name, prices of null and 0, minutes without items;
 * - a group id brings other clubs' starts;
 * - wrong keys, bodies, clubs and methods are refused;
 * - an item has the fields of the recording (skipped where that is absent). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "integration/sim_asker.h"
#include "membersports.h"
#include "support/unit.h"

#define RECORDING                                                                              \
    TS_SOURCE_DIR "/../shared/recordings/membersports/real_item_river_oaks_2026-03.json"
#define PATH "/api/v1/golfclubs/onlineBookingTeeTimes"

enum trap {
    TRAP_HIDDEN,
    TRAP_NOT_ALLOWED,
    TRAP_BACK_NINE,
    TRAP_NINE_BY_NAME,
    TRAP_NULL_PRICE,
    TRAP_ZERO_PRICE,
    TRAP_SINGLE_ADDED,
    TRAP_NO_PARTY,
    TRAP_EMPTY_MINUTE,
    TRAP_PREMIUM,
    TRAP_FULL,
    TRAP_CONFIG,
    TRAP_COUNT
};

static unsigned seen[TRAP_COUNT];

struct ids {
    json_int_t club, course, config;
};

static struct ids ids_of(const struct sim_row *row)
{
    char storage[256];
    struct buf text = buf_over(storage, sizeof(storage));
    sim_membersports.attributes(row, &text);
    json_t *json = json_loads(storage, 0, NULL);
    struct ids ids = { json_integer_value(json_object_get(json, "golf_club_id")),
                       json_integer_value(json_object_get(json, "golf_course_id")),
                       json_integer_value(json_object_get(json, "config_type")) };
    json_decref(json);
    return ids;
}

static struct asker_question question_of(const struct ids *ids, int group, const char *date)
{
    static char body[256];
    (void)snprintf(body, sizeof(body),
                   "{\"configurationTypeId\":%d,\"date\":\"%s\",\"golfClubGroupId\":%d,"
                   "\"golfClubId\":%d,\"golfCourseId\":%d,\"groupSheetTypeId\":0}",
                   (int)ids->config, date, group, (int)ids->club, (int)ids->course);
    return (struct asker_question){ .engine = &sim_membersports,
                                    .path = PATH,
                                    .body = body,
                                    .headers = { "x-api-key", "test-key", "Content-Type",
                                                 "application/json; charset=utf-8" } };
}

static json_int_t number_of(const json_t *item, const char *name)
{
    return json_integer_value(json_object_get(item, name));
}

static bool is_true(const json_t *item, const char *name)
{
    return json_is_true(json_object_get(item, name));
}

static uint8_t read_party(const json_t *item)
{
    uint8_t party = 0;
    json_int_t free = 4 - number_of(item, "playerCount");
    json_int_t min = number_of(item, "minimumNumberOfPlayers");
    bool allows_singles = is_true(item, "allowSinglesToBookOnline");
    for (json_int_t size = 1; size <= free; size++) {
        if (size >= min || (size == 1 && allows_singles))
            party = (uint8_t)(party | 1u << (size - 1));
    }
    seen[TRAP_SINGLE_ADDED] += min == 2 && (party & 1);
    seen[TRAP_NO_PARTY] += free > 0 && party == 0;
    seen[TRAP_FULL] += free == 0;
    return party;
}

static void note_traps(const json_t *item, bool nine_by_name)
{
    const json_t *price = json_object_get(item, "price");
    seen[TRAP_HIDDEN] += is_true(item, "hide");
    seen[TRAP_NOT_ALLOWED] += is_true(item, "bookingNotAllowed");
    seen[TRAP_BACK_NINE] += is_true(item, "isBackNine");
    seen[TRAP_NULL_PRICE] += json_is_null(price);
    seen[TRAP_ZERO_PRICE] += asker_cents(price) == 0;
    seen[TRAP_PREMIUM] += asker_cents(json_object_get(item, "premiumCharge")) > 0;
    seen[TRAP_NINE_BY_NAME] += nine_by_name && !is_true(item, "isBackNine");
    assert_int_equal(number_of(item, "availableCount"), 0);
}

/* Whether the item is of the row's course and can be booked. */
static bool is_on_sale(const json_t *item, const struct ids *ids)
{
    if (ids->course != 0 && number_of(item, "golfCourseId") != ids->course)
        return false;
    return !is_true(item, "hide") && !is_true(item, "bookingNotAllowed");
}

static void read_item(struct asker_found *found, const json_t *item, const struct ids *ids)
{
    const char *name = json_string_value(json_object_get(item, "name"));
    bool nine_by_name = strstr(name, "Nine") != NULL;
    bool is_back = is_true(item, "isBackNine");
    uint8_t party = read_party(item);
    note_traps(item, nine_by_name);
    if (!is_on_sale(item, ids) || party == 0)
        return;
    json_int_t holes = number_of(item, "golfCourseNumberOfHoles");
    if (is_back || nine_by_name)
        holes = 9;
    struct sim_truth *one = asker_add(found, (unsigned)number_of(item, "teeTime"),
                                      (unsigned)holes, is_back ? 10 : 0);
    one->party_sizes = party;
    int32_t cents = asker_cents(json_object_get(item, "price"));
    if (cents > 0)
        one->price_cents = cents;
    (void)snprintf(one->ref, sizeof(one->ref), "%lld", (long long)number_of(item, "teeTimeId"));
    (void)snprintf(one->routing, sizeof(one->routing), "%s", name);
}

/* Reads what belongs to `ids` from a reply for its course or for all. */
static void read_reply(struct asker_found *found, const json_t *minutes, const struct ids *ids)
{
    size_t i, k;
    json_t *minute, *item;
    found->count = 0;
    assert_true(json_is_array(minutes));
    json_array_foreach(minutes, i, minute)
    {
        json_t *items = json_object_get(minute, "items");
        seen[TRAP_EMPTY_MINUTE] += json_array_size(items) == 0;
        json_array_foreach(items, k, item) read_item(found, item, ids);
    }
    found->outcome = found->count ? "open" : "none_open";
}

static void check_row(const struct sim_world *world, const struct sim_row *row, int32_t date,
                      bool all_courses)
{
    static struct asker_found found;
    struct ids ids = ids_of(row), asked = ids;
    if (all_courses)
        asked.course = 0;
    seen[TRAP_CONFIG] += ids.config == 2;
    struct asker_question question = question_of(&asked, 0, asker_iso(date));
    json_t *json = asker_ask_json(world, &question);
    read_reply(&found, json, &ids);
    asker_assert_truth(world, row, date, &found); /* borrows the items' names */
    json_decref(json);
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_membersports, 60);
    struct sim_world world = { fleet, 20, asker_instant("2026-10-31T17:20:00Z"), "test-key" };
    int32_t today = asker_date("2026-10-31");
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        for (int32_t date = today; date <= today + 10; date += 2) {
            check_row(&world, &fleet->rows[i], date, false);
            check_row(&world, &fleet->rows[i], date, true);
        }
    }
    for (int trap = 0; trap < TRAP_COUNT; trap++) {
        if (seen[trap] == 0)
            fail_msg("trap %d never occurred", trap);
    }
    fleet_free(fleet);
}

static unsigned foreign_items(const struct sim_world *world, const struct ids *ids, int group)
{
    unsigned foreign = 0;
    size_t i, k;
    json_t *minute, *item;
    struct asker_question question = question_of(ids, group, "2026-12-05");
    json_t *json = asker_ask_json(world, &question);
    json_array_foreach(json, i, minute)
    {
        json_array_foreach(json_object_get(minute, "items"), k, item) foreign +=
            number_of(item, "golfClubId") != ids->club;
    }
    json_decref(json);
    return foreign;
}

static void test_a_group_brings_other_clubs(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_membersports, 8);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), "test-key" };
    struct ids ids = ids_of(&fleet->rows[0]);
    assert_int_equal(foreign_items(&world, &ids, 0), 0);
    assert_true(foreign_items(&world, &ids, 3) > 0);
    fleet_free(fleet);
}

static void assert_refused(const struct sim_world *world, uint16_t status,
                           struct asker_question question, const char *body)
{
    assert_int_equal(asker_ask(world, &question).status, status);
    assert_string_equal(asker_body, body);
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_membersports, 4);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), "test-key" };
    struct ids ids = ids_of(&fleet->rows[0]), other = ids;
    struct asker_question right = question_of(&ids, 0, "2026-12-05"), wrong = right;
    assert_int_equal(asker_ask(&world, &right).status, 200);
    wrong.headers[1] = "other-key";
    assert_refused(&world, 403, wrong, "{\"message\":\"Forbidden\"}");
    wrong = right;
    wrong.headers[0] = NULL;
    assert_refused(&world, 403, wrong, "{\"message\":\"Forbidden\"}");
    wrong = right;
    wrong.headers[3] = "text/plain";
    assert_refused(&world, 400, wrong, "{\"message\":\"Bad Request\"}");
    wrong = right;
    wrong.body = NULL;
    assert_refused(&world, 405, wrong, "{\"message\":\"Method Not Allowed\"}");
    wrong.body = "{\"configurationTypeId\":0,\"date\":\"2026-12-05\",\"golfClubId\":12001}";
    assert_refused(&world, 400, wrong, "{\"message\":\"Bad Request\"}");
    assert_refused(&world, 400, question_of(&ids, 0, "12/05/2026"),
                   "{\"message\":\"Bad Request\"}");
    other.club += 4000;
    assert_refused(&world, 403, question_of(&other, 0, "2026-12-05"),
                   "{\"message\":\"Forbidden\"}");
    other = ids;
    other.config = 7; /* no sheet of this type */
    assert_int_equal(
        asker_ask(&world, &(struct asker_question){ .engine = &sim_membersports,
                                                    .path = "/api/v1.0/TeeSheets/clubInfo/"
                                                            "12001" })
            .status,
        200);
    assert_non_null(strstr(asker_body, "\"tzName\":\"America/Toronto\""));
    struct asker_question none = question_of(&other, 0, "2026-12-05");
    assert_int_equal(asker_ask(&world, &none).status, 200);
    assert_string_equal(asker_body, "[]");
    fleet_free(fleet);
}

static void test_fields_are_those_of_the_recording(void **state)
{
    (void)state;
    if (access(RECORDING, R_OK) != 0) {
        print_message("skipped: %s is absent\n", RECORDING);
        skip();
    }
    struct fleet *fleet = asker_fleet(&sim_membersports, 8);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), "test-key" };
    json_t *recorded = json_load_file(RECORDING, 0, NULL), *minute;
    bool compared = false;
    size_t k;
    for (uint32_t i = 0; i < fleet->rows_count && !compared; i++) {
        struct ids ids = ids_of(&fleet->rows[i]);
        struct asker_question question = question_of(&ids, 0, "2026-12-05");
        json_t *json = asker_ask_json(&world, &question);
        json_array_foreach(json, k, minute)
        {
            json_t *items = json_object_get(minute, "items");
            if (json_array_size(items) == 0)
                continue;
            asker_assert_keys(
                json_array_get(items, 0),
                json_array_get(json_object_get(json_array_get(recorded, 0), "items"), 0));
            compared = true;
        }
        json_decref(json);
    }
    assert_true(compared);
    json_decref(recorded);
    fleet_free(fleet);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_a_group_brings_other_clubs),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_fields_are_those_of_the_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
