/* Exercises the simulated GolfBack, without a server:
 * - replies, read by a collector written here from the engine's facts page, give the truth;
 * - every trap occurs: null prices, junior rates, unavailable starts, a sibling's starts, UTC
 *   beside local time, cart rates, deals, merges;
 * - wrong methods, bodies, courses and dates are refused;
 * - the course's own resource says what the facts page says. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "golfback.h"
#include "integration/sim_asker.h"
#include "support/unit.h"

enum trap {
    TRAP_NULL_PRICE,
    TRAP_JUNIOR,
    TRAP_DEAL,
    TRAP_CART,
    TRAP_UNAVAILABLE,
    TRAP_SIBLING,
    TRAP_UTC,
    TRAP_TWO_AT_ONCE,
    TRAP_EMPTY,
    TRAP_COUNT
};

static unsigned seen[TRAP_COUNT];

static struct asker_question question_of(const struct sim_row *row, int32_t date)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "/api/v1/courses/%s/date/%s/teetimes",
                   row->club->courses[row->first_course].uuid, asker_iso(date));
    return (struct asker_question){ .engine = &sim_golfback,
                                    .path = path,
                                    .body = "{\"sessionId\":null}",
                                    .headers = { "Content-Type", "application/json" } };
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static bool is_sold(const json_t *row, unsigned holes)
{
    size_t i;
    json_t *price;
    json_array_foreach(json_object_get(row, "primaryPrices"), i, price)
    {
        if (json_integer_value(json_object_get(price, "holes")) == holes)
            return !json_is_null(json_object_get(price, "price"));
    }
    return false;
}

static void read_count(struct asker_found *found, const json_t *row, unsigned minute,
                       unsigned holes)
{
    size_t i;
    json_t *rate;
    if (!is_sold(row, holes)) {
        seen[TRAP_NULL_PRICE]++;
        return;
    }
    seen[TRAP_TWO_AT_ONCE] += found->count > 0 &&
                              found->items[found->count - 1].minute == minute &&
                              found->items[found->count - 1].holes == holes;
    struct sim_truth *item = asker_add(found, minute, holes, 0);
    (void)snprintf(item->ref, sizeof(item->ref), "%s", text_of(row, "id"));
    asker_party(item, (unsigned)json_integer_value(json_object_get(row, "playersMin")),
                (unsigned)json_integer_value(json_object_get(row, "playersMax")));
    json_array_foreach(json_object_get(row, "rates"), i, rate)
    {
        int32_t cents = asker_cents(json_object_get(rate, "price"));
        bool is_junior = strcmp(text_of(rate, "name"), "Junior") == 0;
        seen[TRAP_JUNIOR] += is_junior;
        seen[TRAP_DEAL] += json_is_true(json_object_get(rate, "isDeal"));
        if (json_integer_value(json_object_get(rate, "holes")) != holes || is_junior ||
            (item->price_cents >= 0 && item->price_cents <= cents))
            continue;
        bool has_cart = json_is_true(json_object_get(rate, "hasCartIncluded"));
        seen[TRAP_CART] += has_cart;
        item->price_cents = cents;
        item->price_basis = has_cart ? "cart" : "walking";
        item->rate_name = text_of(rate, "name");
    }
}

static void read_row(struct asker_found *found, const json_t *row, const char *uuid,
                     int32_t date)
{
    int hour = 0, minute = 0;
    size_t i;
    json_t *holes;
    const char *local = text_of(row, "localDateTime");
    seen[TRAP_SIBLING] += strcmp(text_of(row, "courseId"), uuid) != 0;
    seen[TRAP_UNAVAILABLE] += !json_is_true(json_object_get(row, "isAvailable"));
    seen[TRAP_UTC] += strncmp(text_of(row, "dateTime"), local, 16) != 0;
    if (strcmp(text_of(row, "courseId"), uuid) != 0 ||
        !json_is_true(json_object_get(row, "isAvailable")))
        return;
    assert_int_equal(sscanf(local + 11, "%d:%d", &hour, &minute), 2);
    assert_memory_equal(local, asker_iso(date), 10);
    json_array_foreach(json_object_get(row, "holes"), i, holes) read_count(
        found, row, (unsigned)(hour * 60 + minute), (unsigned)json_integer_value(holes));
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    static struct asker_found found;
    struct fleet *fleet = asker_fleet(&sim_golfback, 30);
    struct sim_world world = { fleet, 20, asker_instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = asker_date("2026-10-31");
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_row *row = &fleet->rows[i];
        for (int32_t date = today; date <= today + 10; date++) {
            struct asker_question question = question_of(row, date);
            json_t *json = asker_ask_json(&world, &question), *one;
            json_t *rows = json_object_get(json, "data");
            size_t k;
            found.count = 0;
            assert_true(json_is_array(rows));
            seen[TRAP_EMPTY] += json_array_size(rows) == 0;
            json_array_foreach(rows, k, one)
                read_row(&found, one, row->club->courses[row->first_course].uuid, date);
            found.outcome = found.count ? "open" : "none_open";
            asker_assert_truth(&world, row, date, &found); /* borrows the rates' names */
            json_decref(json);
        }
    }
    for (int trap = 0; trap < TRAP_COUNT; trap++) {
        if (seen[trap] == 0)
            fail_msg("trap %d never occurred", trap);
    }
    fleet_free(fleet);
}

static void assert_status(const struct sim_world *world, uint16_t status,
                          struct asker_question question)
{
    uint16_t seen_status = asker_ask(world, &question).status;
    if (seen_status != status)
        fail_msg("%s: %u instead of %u", question.path, seen_status, status);
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_golfback, 4);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    struct asker_question right = question_of(&fleet->rows[0], asker_date("2026-12-05"));
    struct asker_question wrong = right;
    char path[256];
    assert_status(&world, 200, right);
    wrong.body = "{}";
    assert_status(&world, 200, wrong);
    wrong.body = NULL;
    assert_status(&world, 405, wrong);
    wrong.body = "{\"session\":1}";
    assert_status(&world, 400, wrong);
    wrong = right;
    wrong.headers[1] = "text/plain";
    assert_status(&world, 400, wrong);
    wrong = right;
    wrong.path = path;
    (void)snprintf(path, sizeof(path), "/api/v1/courses/%s/date/2026-02-30/teetimes",
                   fleet->rows[0].club->courses[0].uuid);
    assert_status(&world, 400, wrong);
    (void)snprintf(path, sizeof(path), "/api/v1/courses/%s/date/2026-12-05",
                   fleet->rows[0].club->courses[0].uuid);
    assert_status(&world, 404, wrong);
    wrong.path = "/api/v1/courses/nonsense/date/2026-12-05/teetimes";
    assert_status(&world, 404, wrong);
    fleet_free(fleet);
}

static void test_the_course_describes_itself(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_golfback, 4);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    const struct sim_club *club = fleet->rows[0].club;
    char path[128];
    (void)snprintf(path, sizeof(path), "/api/v1/courses/%s", club->courses[0].uuid);
    json_t *json = asker_ask_json(
        &world, &(struct asker_question){ .engine = &sim_golfback, .path = path });
    json_t *data = json_object_get(json, "data");
    assert_string_equal(text_of(data, "city"), club->place->city);
    assert_int_equal(json_integer_value(json_object_get(data, "teeTimesDaysOut")), 9);
    json_decref(json);
    fleet_free(fleet);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_the_course_describes_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
