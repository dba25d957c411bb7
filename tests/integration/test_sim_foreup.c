/* Exercises the simulated ForeUp, without a server:
 * - replies, read by a collector written here from the engine's facts page, give the truth;
 * - every trap occurs: fees of 0 and false, groups that start at 2, "9/18", number as text,
 *   other schedules' rows, `false` for an empty list, sides, merges, a month from 0;
 * - wrong keys, arguments and booking classes get the documented errors;
 * - rows have the fields of the recording (skipped where that is absent). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "foreup.h"
#include "integration/sim_asker.h"
#include "support/unit.h"

#define RECORDING TS_SOURCE_DIR "/../shared/recordings/foreup/rocklandlake.json"

enum trap {
    TRAP_ZERO_FEE,
    TRAP_ZERO_ALONE,
    TRAP_FALSE_FEE,
    TRAP_TEXT_FEE,
    TRAP_GROUPS,
    TRAP_BOTH_HOLES,
    TRAP_TEXT_HOLES,
    TRAP_FOREIGN,
    TRAP_FALSE,
    TRAP_SIDE,
    TRAP_START_FRONT,
    TRAP_PLAIN,
    TRAP_NO_PARTY,
    TRAP_COUNT
};

static unsigned seen[TRAP_COUNT];

static json_t *member(const json_t *row, const char *name, unsigned holes)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "%s_%u", name, holes);
    return json_object_get(row, key);
}

static long number_of(const json_t *value)
{
    long number = 0;
    if (json_is_string(value))
        (void)sscanf(json_string_value(value), "%ld", &number);
    return json_is_string(value) ? number : (long)json_integer_value(value);
}

static uint8_t read_party(const json_t *row, long spots)
{
    uint8_t party = 0;
    size_t i;
    json_t *size;
    json_t *groups = json_object_get(row, "allowed_group_sizes");
    long min = number_of(json_object_get(row, "minimum_players"));
    long max = number_of(json_object_get(row, "maximum_players_per_booking"));
    json_array_foreach(groups, i, size)
    {
        assert_true(json_is_string(size));
        long n = number_of(size);
        if (n >= min && n <= max && n <= spots)
            party = (uint8_t)(party | 1u << (n - 1));
    }
    seen[TRAP_GROUPS] += number_of(json_array_get(groups, 0)) > min;
    seen[TRAP_NO_PARTY] += party == 0;
    return party;
}

static void read_price(struct sim_truth *item, const json_t *row, unsigned holes,
                       const json_t *fee)
{
    const char *type = json_string_value(json_object_get(row, "rate_type"));
    const json_t *cart = member(row, "cart_fee", holes);
    if (!cart)
        cart = json_object_get(row, "cart_fee");
    int32_t cart_cents = asker_cents(cart);
    if (cart_cents > 0)
        item->cart_cents = cart_cents;
    item->price_cents = asker_cents(fee) == 0 ? -1 : asker_cents(fee);
    seen[TRAP_TEXT_FEE] += json_is_string(fee);
    seen[TRAP_FALSE_FEE] += json_is_false(fee);
    if (item->price_cents < 0)
        return;
    item->price_basis = strcmp(type, "riding") == 0 && cart_cents == 0 ? "cart" : "walking";
}

/* Old rows do not tell the counts apart. */
static long spots_of(const json_t *row, unsigned holes)
{
    json_t *spots = member(row, "available_spots", holes);
    if (spots)
        return number_of(spots);
    seen[TRAP_PLAIN]++;
    if (number_of(json_object_get(row, "holes")) != (long)holes)
        return 0;
    return number_of(json_object_get(row, "available_spots"));
}

/* The side's start hole, or its name as the routing. */
static unsigned read_side(const json_t *row, const char **ret_routing)
{
    const char *side = json_string_value(json_object_get(row, "teesheet_side_name"));
    *ret_routing = "";
    if (strcmp(side, "Front") == 0)
        return 1;
    if (strcmp(side, "Back") == 0)
        return 10;
    if (strcmp(side, " ") != 0)
        *ret_routing = side;
    return 0;
}

static void read_count(struct asker_found *found, const json_t *row, unsigned holes)
{
    int hour = 0, minute = 0, year = 0, month = 0, day = 0;
    const char *time = json_string_value(json_object_get(row, "time"));
    const char *routing;
    json_t *fee = member(row, "green_fee", holes);
    long spots = spots_of(row, holes);
    if (!fee)
        fee = json_object_get(row, "green_fee");
    if (spots == 0)
        return;
    bool is_zero = asker_cents(fee) == 0;
    bool is_beside = asker_cents(member(row, "green_fee", holes == 9 ? 18 : 9)) > 0;
    seen[TRAP_ZERO_FEE] += is_zero && is_beside;
    seen[TRAP_ZERO_ALONE] += is_zero && !is_beside;
    uint8_t party = read_party(row, spots);
    if ((is_zero && is_beside) || party == 0)
        return;
    assert_int_equal(sscanf(time, "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute), 5);
    unsigned start = read_side(row, &routing);
    struct sim_truth *item = asker_add(found, (unsigned)(hour * 60 + minute), holes, start);
    item->party_sizes = party;
    (void)snprintf(item->routing, sizeof(item->routing), "%s", routing);
    read_price(item, row, holes, fee);
    seen[TRAP_SIDE] += item->routing[0] != '\0';
    seen[TRAP_START_FRONT] +=
        json_integer_value(json_object_get(row, "start_front")) / 1000000 != year * 100 + month;
}

static void read_row(struct asker_found *found, const json_t *row, int64_t schedule_id)
{
    const json_t *holes = json_object_get(row, "holes");
    if (json_integer_value(json_object_get(row, "schedule_id")) != schedule_id) {
        seen[TRAP_FOREIGN]++;
        return;
    }
    seen[TRAP_TEXT_HOLES] += json_is_string(holes);
    seen[TRAP_BOTH_HOLES] +=
        json_is_string(holes) && strcmp(json_string_value(holes), "9/18") == 0;
    read_count(found, row, 9);
    read_count(found, row, 18);
}

static const char *path_of(const struct sim_row *row, int32_t date)
{
    static char path[512];
    static char attributes[256];
    int year, month, day;
    struct buf text = buf_over(attributes, sizeof(attributes));
    sim_foreup.attributes(row, &text);
    json_t *json = json_loads(attributes, 0, NULL);
    long booking_class = number_of(json_object_get(json, "booking_class"));
    day_to_civil(date, &year, &month, &day);
    (void)snprintf(path, sizeof(path),
                   "/index.php/api/booking/times?time=all&date=%02d-%02d-%04d&holes=all"
                   "&players=0&booking_class=%.0ld&schedule_id=%ld&specials_only=0"
                   "&api_key=no_limits",
                   month, day, year, booking_class,
                   number_of(json_object_get(json, "schedule_id")));
    json_decref(json);
    return path;
}

static json_t *ask(const struct sim_world *world, const struct sim_row *row, int32_t date)
{
    struct asker_question question = { .engine = &sim_foreup, .path = path_of(row, date) };
    return asker_ask_json(world, &question);
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    static struct asker_found found;
    struct fleet *fleet = asker_fleet(&sim_foreup, 40);
    struct sim_world world = { fleet, 20, asker_instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = asker_date("2026-10-31");
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_row *row = &fleet->rows[i];
        for (int32_t date = today; date <= today + 10; date++) {
            json_t *rows = ask(&world, row, date), *one;
            size_t k;
            found.count = 0;
            seen[TRAP_FALSE] += json_is_false(rows);
            json_array_foreach(rows, k, one)
                read_row(&found, one, row->club->courses[row->first_course].id);
            found.outcome = found.count ? "open" : "none_open";
            json_decref(rows);
            asker_assert_truth(&world, row, date, &found);
        }
    }
    for (int trap = 0; trap < TRAP_COUNT; trap++) {
        if (seen[trap] == 0)
            fail_msg("trap %d never occurred", trap);
    }
    fleet_free(fleet);
}

static void test_a_double_tee_without_names_merges(void **state)
{
    (void)state;
    static struct sim_truths truths;
    static struct sim_sheet sheet;
    struct fleet *fleet = asker_fleet(&sim_foreup, 200);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    unsigned merged = 0;
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_row *row = &fleet->rows[i];
        unsigned doubles = 0;
        if (!foreup_is_unnamed(row->club) || row->club->variant != FOREUP_18)
            continue;
        sheet_build(&world, &row->club->courses[0], asker_date("2026-12-04"), &sheet);
        for (uint32_t k = 0; k + 1 < sheet.count; k++)
            doubles += sheet.slots[k].minute == sheet.slots[k + 1].minute;
        merged += doubles;
        sim_foreup.truth(&world, row, asker_date("2026-12-04"), &truths);
        for (uint32_t a = 0; a < truths.count; a++)
            for (uint32_t b = a + 1; b < truths.count; b++)
                assert_int_not_equal(truths.items[a].minute, truths.items[b].minute);
    }
    assert_true(merged > 0);
    fleet_free(fleet);
}

/* Replaces `from` in the right request by `to`. */
static uint16_t ask_changed(const struct sim_world *world, const struct sim_row *row,
                            const char *from, const char *to)
{
    char path[512];
    const char *right = path_of(row, asker_date("2026-12-05"));
    const char *at = strstr(right, from);
    assert_non_null(at);
    (void)snprintf(path, sizeof(path), "%.*s%s%s", (int)(at - right), right, to,
                   at + strlen(from));
    struct asker_question question = { .engine = &sim_foreup, .path = path };
    return asker_ask(world, &question).status;
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_foreup, 20);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    const struct sim_row *row = &fleet->rows[0];
    static const char *const changes[][2] = {
        { "time=all&", "" },
        { "date=12-05-2026", "date=2026-12-05" },
        { "date=12-05-2026", "date=02-30-2026" },
        { "&players=0", "" },
        { "schedule_id=2", "schedule_id=9" },
    };
    assert_int_equal(ask_changed(&world, row, "api_key=no_limits", "api_key="), 200);
    assert_string_equal(asker_body, "{\"status\":false,\"error\":\"Invalid API Key.\"}");
    for (size_t i = 0; i < TS_COUNT_OF(changes); i++) {
        assert_int_equal(ask_changed(&world, row, changes[i][0], changes[i][1]), 200);
        assert_string_equal(asker_body,
                            "{\"status\":false,\"error\":\"An argument is not valid.\"}");
    }
    assert_int_equal(ask_changed(&world, row, "booking_class=", "booking_class=7"), 401);
    assert_non_null(
        strstr(asker_body, "You do not have permissions to use this booking class"));
    fleet_free(fleet);
}

static void test_fields_are_those_of_the_recording(void **state)
{
    (void)state;
    if (access(RECORDING, R_OK) != 0) {
        print_message("skipped: %s is absent\n", RECORDING);
        skip();
    }
    struct fleet *fleet = asker_fleet(&sim_foreup, 40);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    json_t *recorded = json_load_file(RECORDING, 0, NULL);
    bool compared = false;
    for (uint32_t i = 0; i < fleet->rows_count && !compared; i++) {
        const struct sim_club *club = fleet->rows[i].club;
        if (club->cart != SIM_CART_NONE || foreup_is_plain(club) ||
            foreup_club_percent(club, FOREUP_CHANCE_OLD, 30))
            continue;
        json_t *rows = ask(&world, &fleet->rows[i], asker_date("2026-12-05"));
        if (json_array_size(rows) > 0) {
            asker_assert_keys(json_array_get(rows, 0), json_array_get(recorded, 0));
            compared = true;
        }
        json_decref(rows);
    }
    assert_true(compared);
    json_decref(recorded);
    fleet_free(fleet);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_a_double_tee_without_names_merges),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_fields_are_those_of_the_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
