/* Exercises the simulated TeeItUp, without a server:
 * - replies, read by a collector written here from the facts page, give the truth;
 * - the traps occur: rows without ids, several facilities, simulators, promotions, reduced
 *   rates, cart prices, 27 holes, slots without rates, gaps in the sizes, other UTC dates;
 * - requests that the real one refuses are refused, throttled empties are given when wanted;
 * - a booking window that opens at its minute;
 * - rows have the fields of the recording (skipped where that is absent). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "integration/sim_tenant_harness.h"
#include "support/unit.h"
#include "teeitup.h"

#define HOST "phx-api-be-east-1b.kenna.io"

static struct {
    unsigned compared, lookups, reduced, simulators, promotions, carts, odd_holes, rateless,
        gaps, unlisted, utc_dates, routings, simulator_facilities;
} seen;

/* What the lookup says of one row's facilities. */
struct names {
    int count;
    int64_t ids[8];
    char hex[8][32], name[8][64];
};

static json_t *ask(const struct sim_world *world, const char *alias, const char *url)
{
    struct harness_request request = { .host = HOST, .url = url };
    request.headers[0][0] = "X-BE-Alias";
    request.headers[0][1] = alias;
    return harness_ask_json(world, &sim_teeitup, &request);
}

static void look_up(const struct sim_world *world, const char *alias, struct names *names)
{
    char url[128];
    size_t i;
    json_t *facility;
    (void)snprintf(url, sizeof(url), "/alias/%s/facilities", alias);
    json_t *all = ask(world, alias, url);
    names->count = 0;
    seen.lookups++;
    json_array_foreach(all, i, facility)
    {
        if (json_is_true(json_object_get(facility, "isSimulator"))) {
            seen.simulator_facilities++;
            continue;
        }
        int at = names->count++;
        names->ids[at] = json_integer_value(json_object_get(facility, "id"));
        (void)snprintf(names->hex[at], sizeof(names->hex[at]), "%s",
                       json_string_value(json_object_get(facility, "courseId")));
        struct str name =
            str_trim(str_of(json_string_value(json_object_get(facility, "name"))));
        (void)snprintf(names->name[at], sizeof(names->name[at]), "%.*s", STR_ARGS(name));
    }
    json_decref(all);
}

static int cents(json_t *rate, const char *key)
{
    json_t *value = json_object_get(rate, key);
    return json_is_integer(value) ? (int)json_integer_value(value) : -1;
}

static void read_price(json_t *rate, struct found *found)
{
    json_t *promotion = json_object_get(rate, "promotion");
    int walking = cents(promotion, "greenFeeWalking"), cart = cents(promotion, "greenFeeCart");
    bool same = (walking < 0) == (cart < 0);
    seen.promotions += promotion != NULL;
    walking = walking < 0 ? cents(rate, "greenFeeWalking") : walking;
    cart = cart < 0 ? cents(rate, "greenFeeCart") : cart;
    found->price = walking < 0 ? cart : walking;
    found->cart = walking >= 0 && cart >= 0 && same ? cart - walking : -1;
    (void)snprintf(found->basis, sizeof(found->basis), "%s", walking < 0 ? "cart" : "walking");
    seen.carts += walking < 0;
}

static unsigned read_party(json_t *slot, json_t *rate)
{
    json_t *allowed = json_object_get(rate, "allowedPlayers"), *size;
    unsigned party = 0;
    size_t i;
    json_array_foreach(allowed, i, size) party |= 1u << (json_integer_value(size) - 1);
    seen.gaps += party == 11 || party == 10;
    seen.unlisted += allowed == NULL;
    json_int_t max = json_integer_value(json_object_get(slot, "maxPlayers"));
    for (json_int_t n = json_integer_value(json_object_get(slot, "minPlayers"));
         !allowed && n <= max; n++)
        party |= 1u << (n - 1);
    return party;
}

static void read_rate(json_t *slot, json_t *rate, struct found found, struct found_list *list)
{
    const char *name = json_string_value(json_object_get(rate, "name"));
    found.holes = (int)json_integer_value(json_object_get(rate, "holes"));
    bool odd = found.holes != 9 && found.holes != 18;
    bool simulator = json_is_true(json_object_get(rate, "isSimulator"));
    bool reduced = harness_is_reduced(name);
    seen.odd_holes += odd;
    seen.simulators += simulator;
    seen.reduced += reduced;
    if (odd || simulator || reduced)
        return;
    found.party = read_party(slot, rate);
    read_price(rate, &found);
    (void)snprintf(found.rate, sizeof(found.rate), "%s", name);
    (void)snprintf(found.ref, sizeof(found.ref), "%lld",
                   (long long)json_integer_value(json_object_get(rate, "_id")));
    harness_add(list, &found);
}

static void read_slot(const struct sim_row *row, int32_t date, json_t *slot,
                      const char *routing, struct found_list *list)
{
    const char *text = json_string_value(json_object_get(slot, "teetime"));
    char instant[32];
    int32_t local_date;
    uint16_t minute;
    size_t i;
    json_t *rates = json_object_get(slot, "rates"), *rate;
    assert_string_equal(text + 19, ".000Z");
    (void)snprintf(instant, sizeof(instant), "%.19sZ", text);
    zone_local(row->club->zone, harness_instant(instant), &local_date, &minute);
    assert_int_equal(local_date, date);
    instant[10] = '\0';
    seen.utc_dates += harness_date(instant) != date;
    struct found found = { .minute = minute };
    found.hole = json_is_true(json_object_get(slot, "backNine")) ? 10 : 1;
    (void)snprintf(found.routing, sizeof(found.routing), "%s", routing);
    seen.rateless += json_array_size(rates) == 0;
    json_array_foreach(rates, i, rate) read_rate(slot, rate, found, list);
}

/* The row's sheet; true: the reply says that the date is not released. */
static bool read_reply(const struct sim_row *row, int32_t date, json_t *blocks,
                       const struct names *names, bool is_named, struct found_list *list)
{
    size_t i, k;
    json_t *block, *slot;
    bool has_message = false;
    json_array_foreach(blocks, i, block)
    {
        const char *hex = json_string_value(json_object_get(block, "courseId"));
        const char *routing = "";
        for (int n = 0; is_named && n < names->count; n++)
            routing = strcmp(names->hex[n], hex) == 0 ? names->name[n] : routing;
        seen.routings += routing[0] != '\0';
        json_t *slots = json_object_get(block, "teetimes");
        assert_int_equal(json_integer_value(json_object_get(block, "totalAvailableTeetimes")),
                         json_array_size(slots));
        has_message |= json_object_get(block, "message") != NULL;
        json_array_foreach(slots, k, slot) read_slot(row, date, slot, routing, list);
    }
    return has_message;
}

static void assert_collects_truth(const struct sim_world *world, const struct sim_row *row,
                                  int32_t date)
{
    static struct found_list list;
    struct names names = { 0 };
    json_t *attributes = harness_attributes(row), *id;
    const char *alias = json_string_value(json_object_get(attributes, "alias"));
    json_t *ids = json_object_get(attributes, "facility_ids");
    char storage[256];
    size_t i;
    struct buf url = buf_over(storage, sizeof(storage));
    list.count = 0;
    bool is_named = json_array_size(ids) != 1;
    if (is_named)
        look_up(world, alias, &names);
    buf_puts(&url, "/v2/tee-times?date=");
    day_format(date, &url);
    buf_puts(&url, "&facilityIds=");
    json_array_foreach(ids, i, id)
        buf_printf(&url, "%s%lld", i ? "," : "", (long long)json_integer_value(id));
    for (int n = 0; !ids && n < names.count; n++)
        buf_printf(&url, "%s%lld", n ? "," : "", (long long)names.ids[n]);
    json_t *blocks = ask(world, alias, storage);
    assert_int_equal(json_array_size(blocks), ids ? json_array_size(ids) : (size_t)names.count);
    bool unreleased = read_reply(row, date, blocks, &names, is_named, &list);
    harness_assert_truth(world, row, date,
                         list.count   ? "open"
                         : unreleased ? "not_released"
                                      : "none_open",
                         &list, &seen.compared);
    json_decref(blocks);
    json_decref(attributes);
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_teeitup, 40);
    struct sim_world world = { fleet, 20, harness_instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = harness_date("2026-10-31"); /* clocks change on the next day */
    for (uint32_t i = 0; i < fleet->rows_count; i++)
        for (int32_t date = today - 1; date <= today + 7; date++)
            assert_collects_truth(&world, &fleet->rows[i], date);
    assert_true(seen.compared > 10000);
    harness_assert_all_occurred(&seen, sizeof(seen));
    fleet_free(fleet);
}

static void test_window_opens_at_its_minute(void **state)
{
    (void)state;
    static struct sim_truths truths;
    struct fleet *fleet = harness_fleet(&sim_teeitup, 5);
    const struct sim_row *row = &fleet->rows[0];
    int32_t date = harness_date("2026-11-04");
    struct sim_world world = { fleet, 0,
                               zone_instant(row->club->zone, date - 6, row->club->opens_minute),
                               NULL };
    assert_collects_truth(&world, row, date);
    sim_teeitup.truth(&world, row, date, &truths);
    assert_string_not_equal(truths.outcome, "not_released");
    world.now--;
    assert_collects_truth(&world, row, date);
    sim_teeitup.truth(&world, row, date, &truths);
    assert_string_equal(truths.outcome, "not_released");
    fleet_free(fleet);
}

static void assert_answer(const struct sim_world *world, const char *alias, const char *url,
                          uint16_t status, const char *text)
{
    struct harness_request request = { .host = HOST, .url = url };
    request.headers[0][0] = alias ? "x-be-alias" : NULL;
    request.headers[0][1] = alias;
    struct sim_reply reply = harness_ask(world, &sim_teeitup, &request);
    if (reply.status != status || !strstr(harness_body, text))
        fail_msg("%s: %u %.200s", url, reply.status, harness_body);
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_teeitup, 5);
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T09:00:00Z"), NULL };
    const char *alias = fleet->clubs[0].slug;
    static const char good[] = "/v2/tee-times?date=2026-12-05&facilityIds=20001";
    assert_answer(&world, alias, good, 200, "dayInfo");
    assert_answer(&world, NULL, good, 400, "x-be-alias is required");
    assert_answer(&world, "nobody-9", good, 404, "alias");
    assert_answer(&world, fleet->clubs[1].slug, good, 400, "facilityIds");
    assert_answer(&world, alias, "/v2/tee-times?date=20261205&facilityIds=20001", 400, "date");
    assert_answer(&world, alias,
                  "/v2/tee-times?date=2026-12-05&facilityIds=20001&numberOfPlayers=2", 400,
                  "parameter");
    assert_answer(&world, alias, "/v2/courses", 404, "Not Found");
    struct harness_request request = { .host = HOST, .url = good, .throttled_empty = true };
    request.headers[0][0] = "x-be-alias";
    request.headers[0][1] = alias;
    struct sim_reply reply = harness_ask(&world, &sim_teeitup, &request);
    assert_true(reply.is_spoilt && reply.status == 200);
    assert_string_equal(harness_body, "[]");
    request.number = 1;
    reply = harness_ask(&world, &sim_teeitup, &request);
    assert_string_equal(reply.content_type, "text/html; charset=utf-8");
    fleet_free(fleet);
}

static void test_fields_are_those_of_the_recording(void **state)
{
    (void)state;
    json_t *theirs = harness_recording("teeitup/teeitup_golfnyc_times.json");
    if (!theirs)
        skip();
    struct fleet *fleet = harness_fleet(&sim_teeitup, 40);
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T09:00:00Z"), NULL };
    uint32_t at = 0; /* a row of one facility that is open and sells on foot */
    static struct sim_truths truths;
    do {
        assert_true(++at < fleet->rows_count);
        sim_teeitup.truth(&world, &fleet->rows[at], harness_date("2026-12-04"), &truths);
    } while (truths.count == 0 || fleet->rows[at].club->variant != TEEITUP_ONE ||
             strcmp(truths.items[0].price_basis, "walking") != 0);
    char url[128];
    (void)snprintf(url, sizeof(url), "/v2/tee-times?date=2026-12-04&facilityIds=%lld",
                   (long long)fleet->rows[at].club->courses[0].id);
    json_t *ours = ask(&world, fleet->rows[at].club->slug, url);
    harness_assert_has_fields(json_array_get(ours, 0), json_array_get(theirs, 0), "");
    json_decref(ours);
    json_decref(theirs);
    fleet_free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_window_opens_at_its_minute),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_fields_are_those_of_the_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
