/* Exercises the simulated Teesnap, without a server:
 * - pages and days, read by a collector written here from the engine's facts page, give the
 *   truth;
 * - every trap occurs: full starts, bookings of several golfers, held sections, a list of
 *   bookings left out, two sections at once, shotguns, senior rates, promotions, a turn's time,
 *   a date not allowed with 200 and with 422, an id of another club;
 * - ids are known on all hosts; an unknown one gives 500;
 * - wrong arguments, methods and hosts are refused, and so are agents that are no browser where
 *   a club wants one. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "integration/sim_asker.h"
#include "support/unit.h"
#include "teesnap.h"

enum trap {
    TRAP_FULL,
    TRAP_SOLD_OUT,
    TRAP_GOLFERS,
    TRAP_TWO_BOOKINGS,
    TRAP_HELD,
    TRAP_NO_LIST,
    TRAP_BACK,
    TRAP_BOTH_SECTIONS,
    TRAP_SHOTGUN,
    TRAP_SQUEEZE,
    TRAP_SENIOR,
    TRAP_PROMOTION,
    TRAP_TURN,
    TRAP_REFUSED_200,
    TRAP_REFUSED_422,
    TRAP_WRONG_ID,
    TRAP_COUNT
};

static unsigned seen[TRAP_COUNT];

/* Sections of the day being read: full ones, and held, free or shotgun ones. */
static unsigned full, others;

static const char *host_of(const struct sim_club *club)
{
    static char host[64];
    (void)snprintf(host, sizeof(host), "%s.teesnap.net", club->slug);
    return host;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* --- the page --- */

/* Whether the page lists the id at its top level. */
static bool page_has_course(const struct sim_world *world, const struct sim_club *club, long id)
{
    struct asker_question question = { .engine = &sim_teesnap,
                                       .host = host_of(club),
                                       .path = "/" };
    bool found = false;
    size_t i;
    json_t *course;
    assert_int_equal(asker_ask(world, &question).status, 200);
    const char *at = strstr(asker_body, "window.courses = ");
    assert_non_null(at);
    json_t *courses =
        json_loads(at + strlen("window.courses = "), JSON_DISABLE_EOF_CHECK, NULL);
    assert_true(json_array_size(courses) >= 1);
    json_array_foreach(courses, i, course) found |=
        json_integer_value(json_object_get(course, "id")) == id;
    json_decref(courses);
    return found;
}

static long id_of(const struct sim_row *row)
{
    char storage[256];
    long id = 0;
    struct buf text = buf_over(storage, sizeof(storage));
    sim_teesnap.attributes(row, &text);
    json_t *json = json_loads(storage, 0, NULL);
    json_t *value = json_object_get(json, "courseId");
    if (json_is_string(value))
        (void)sscanf(json_string_value(value), "%ld", &id);
    else
        id = (long)json_integer_value(value);
    assert_string_equal(text_of(json, "subdomain"), row->club->slug);
    json_decref(json);
    return id;
}

/* --- the day --- */

static json_int_t golfers_of(const json_t *day, json_int_t booking_id)
{
    size_t i;
    json_t *booking;
    json_array_foreach(json_object_get(day, "bookings"), i, booking)
    {
        if (json_integer_value(json_object_get(booking, "bookingId")) == booking_id)
            return (json_int_t)json_array_size(json_object_get(booking, "golfers"));
    }
    fail_msg("booking %lld is not in the list", (long long)booking_id);
    return 0;
}

static json_int_t free_of(const json_t *day, const json_t *section)
{
    size_t i;
    json_t *id;
    json_int_t free = 4;
    json_t *bookings = json_object_get(section, "bookings");
    seen[TRAP_NO_LIST] += bookings == NULL;
    seen[TRAP_TWO_BOOKINGS] += json_array_size(bookings) == 2;
    seen[TRAP_TURN] += json_object_get(section, "turnTo") != NULL;
    json_array_foreach(bookings, i, id)
    {
        json_int_t golfers = golfers_of(day, json_integer_value(id));
        seen[TRAP_GOLFERS] += golfers > 1;
        free -= golfers;
    }
    seen[TRAP_FULL] += free == 0;
    if (free == 0 && !json_is_true(json_object_get(section, "isHeld")))
        full++;
    else
        others++;
    if (json_is_true(json_object_get(section, "isHeld"))) {
        seen[TRAP_HELD]++;
        return 0;
    }
    return free;
}

static void read_price(struct sim_truth *item, const json_t *price, const char *slot_rate)
{
    int32_t cents = asker_cents(json_object_get(price, "price"));
    int32_t with_cart = asker_cents(json_object_get(price, "priceWithAddOn"));
    const char *rate = text_of(price, "rackRateName");
    assert_true(json_is_string(json_object_get(price, "price")));
    if (rate && strcmp(rate, "Senior") == 0) {
        seen[TRAP_SENIOR]++;
        return;
    }
    seen[TRAP_PROMOTION] += cents < asker_cents(json_object_get(price, "rackRatePrice"));
    item->price_cents = cents;
    item->price_basis = "walking";
    item->rate_name = rate ? rate : slot_rate;
    if (with_cart > cents)
        item->cart_cents = with_cart - cents;
}

static void read_section(struct asker_found *found, const json_t *slot, unsigned minute,
                         bool is_back, json_int_t free)
{
    static const struct {
        const char *type;
        unsigned holes;
    } rounds[] = { { "NINE_HOLE", 9 }, { "EIGHTEEN_HOLE", 18 } };
    size_t i;
    json_t *price;
    for (size_t r = 0; free > 0 && r < TS_COUNT_OF(rounds); r++) {
        struct sim_truth *item = NULL;
        json_array_foreach(json_object_get(slot, "prices"), i, price)
        {
            if (strcmp(text_of(price, "roundType"), rounds[r].type) != 0)
                continue;
            if (!item)
                item = asker_add(found, minute, rounds[r].holes, is_back ? 10 : 1);
            read_price(item, price, text_of(slot, "rackRateName"));
        }
        if (item)
            asker_party(item, 1, (unsigned)free);
    }
}

static void read_slot(struct asker_found *found, const json_t *day, const json_t *slot)
{
    int hour = 0, minute = 0;
    size_t i;
    json_t *section;
    json_t *sections = json_object_get(slot, "teeOffSections");
    assert_int_equal(sscanf(text_of(slot, "teeTime") + 11, "%d:%d", &hour, &minute), 2);
    seen[TRAP_BOTH_SECTIONS] += json_array_size(sections) == 2;
    seen[TRAP_SQUEEZE] += json_is_true(json_object_get(slot, "squeezeTime"));
    if (json_is_true(json_object_get(slot, "shotgun"))) {
        seen[TRAP_SHOTGUN]++;
        others++;
        return;
    }
    json_array_foreach(sections, i, section)
    {
        bool is_back = strcmp(text_of(section, "teeOff"), "BACK_NINE") == 0;
        seen[TRAP_BACK] += is_back;
        read_section(found, slot, (unsigned)(hour * 60 + minute), is_back,
                     free_of(day, section));
    }
}

static struct asker_question day_question(const struct sim_club *club, long id,
                                          const char *date)
{
    static char path[160];
    (void)snprintf(
        path, sizeof(path),
        "/customer-api/teetimes-day?course=%ld&date=%s&players=1&holes=18&addons=off", id,
        date);
    return (
        struct asker_question){ .engine = &sim_teesnap, .host = host_of(club), .path = path };
}

/* The reply stays with the caller, as rate names are borrowed. */
static json_t *read_day(struct asker_found *found, const struct sim_world *world,
                        const struct sim_club *club, long id, int32_t date)
{
    size_t i;
    json_t *slot;
    struct asker_question question = day_question(club, id, asker_iso(date));
    struct sim_reply reply = asker_ask(world, &question);
    json_t *json = json_loads(asker_body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    found->count = full = others = 0;
    if (json_object_get(json, "errors")) {
        assert_string_equal(text_of(json, "errors"), "date_not_allowed");
        seen[TRAP_REFUSED_200] += reply.status == 200;
        seen[TRAP_REFUSED_422] += reply.status == 422;
        found->outcome = "none_open";
        return json;
    }
    assert_int_equal(reply.status, 200);
    json_t *day = json_object_get(json, "teeTimes");
    json_array_foreach(json_object_get(day, "teeTimes"), i, slot) read_slot(found, day, slot);
    found->outcome = found->count ? "open" : full > 0 && others == 0 ? "sold_out" : "none_open";
    seen[TRAP_SOLD_OUT] += full > 0 && others == 0;
    return json;
}

static void check_row(const struct sim_world *world, const struct sim_row *row, int32_t today)
{
    static struct asker_found found;
    long id = id_of(row);
    bool is_right = page_has_course(world, row->club, id);
    for (int32_t date = today - 1; date <= today + 10; date++) {
        if (!is_right) {
            seen[TRAP_WRONG_ID]++;
            found.count = 0;
            found.outcome = "misconfigured";
            asker_assert_truth(world, row, date, &found);
            continue;
        }
        json_t *json = read_day(&found, world, row->club, id, date);
        asker_assert_truth(world, row, date, &found);
        json_decref(json);
    }
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = asker_fleet(&sim_teesnap, 30);
    struct sim_world world = { fleet, 20, asker_instant("2026-10-31T17:20:00Z"), NULL };
    for (uint32_t i = 0; i < fleet->rows_count; i++)
        check_row(&world, &fleet->rows[i], asker_date("2026-10-31"));
    for (int trap = 0; trap < TRAP_COUNT; trap++) {
        if (seen[trap] == 0)
            fail_msg("trap %d never occurred", trap);
    }
    fleet_free(fleet);
}

/* --- ids, hosts, arguments --- */

static uint16_t status_of(const struct sim_world *world, const struct asker_question *question)
{
    return asker_ask(world, question).status;
}

static void test_ids_are_known_on_all_hosts(void **state)
{
    (void)state;
    static struct asker_found one, other;
    struct fleet *fleet = asker_fleet(&sim_teesnap, 30);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    const struct sim_club *clubs[] = { fleet->rows[0].club, fleet->rows[1].club };
    unsigned compared = 0;
    for (int32_t date = asker_date("2026-12-02"); date < asker_date("2026-12-06"); date++) {
        long id = id_of(&fleet->rows[0]);
        json_decref(read_day(&one, &world, clubs[0], id, date));
        json_decref(read_day(&other, &world, clubs[1], id, date));
        assert_int_equal(one.count, other.count);
        compared += one.count;
    }
    assert_true(compared > 0);
    struct asker_question question = day_question(clubs[0], 12001, "2026-12-05");
    assert_int_equal(status_of(&world, &question), 500);
    assert_string_equal(asker_body, "Be right back.");
    question = day_question(clubs[0], TEESNAP_FIRST_INFO_ID, "2026-12-05");
    assert_int_not_equal(status_of(&world, &question), 500);
    fleet_free(fleet);
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        const char *path;
    } cases[] = {
        { 422, "/customer-api/teetimes-day?course=20001" },
        { 422, "/customer-api/teetimes-day?course=20001&date=12-05-2026" },
        { 422, "/customer-api/teetimes-day?course=20001&date=2026-12-05&addons=maybe" },
        { 422, "/customer-api/teetimes-day?course=20001&date=2026-12-05&page=2" },
        { 422, "/customer-api/teetimes-day?course=North&date=2026-12-05" },
        { 404, "/customer-api/teetimes?course=20001&date=2026-12-05" },
    };
    struct fleet *fleet = asker_fleet(&sim_teesnap, 4);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    struct asker_question question = { .engine = &sim_teesnap };
    question.host = host_of(fleet->rows[0].club);
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        question.path = cases[i].path;
        assert_int_equal(status_of(&world, &question), cases[i].status);
    }
    question.path = "/";
    question.body = "";
    assert_int_equal(status_of(&world, &question), 405);
    question.body = NULL;
    question.host = "nobody-1.teesnap.net";
    assert_int_equal(status_of(&world, &question), 404);
    fleet_free(fleet);
}

static void test_some_clubs_want_a_browser(void **state)
{
    (void)state;
    static struct sim_truths truths;
    struct fleet *fleet = NULL;
    struct error error;
    struct fleet_options options = {
        .seed = 7, .rows = 2, .window_days = 9, .engines_count = 1, .engines = { &sim_teesnap }
    };
    options.refusing_percent = 100;
    assert_int_equal(fleet_new(&options, &fleet, &error), TS_ERR_OK);
    struct sim_world world = { fleet, 0, asker_instant("2026-12-01T08:00:00Z"), NULL };
    struct asker_question question = { .engine = &sim_teesnap,
                                       .host = host_of(fleet->rows[0].club),
                                       .path = "/",
                                       .headers = { "User-Agent", "teesheet/0.1" } };
    assert_int_equal(status_of(&world, &question), 403);
    question.headers[1] = "Mozilla/5.0 (X11; Linux x86_64)";
    assert_int_equal(status_of(&world, &question), 200);
    sim_teesnap.truth(&world, &fleet->rows[0], asker_date("2026-12-05"), &truths);
    assert_string_equal(truths.outcome, "blocked");
    fleet_free(fleet);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_ids_are_known_on_all_hosts),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_some_clubs_want_a_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
