/* Exercises the simulated CPS, without a server:
 * - replies, read by a collector written here from the facts page (token or key, courses,
 *   transaction, list), give the truth;
 * - the traps occur: rows without ids, NO_TEETIMES in three forms, false ones, bare arrays,
 *   seats instead of sizes, long decimals, packages, slots without price, disabled 9 holes,
 *   names of people;
 * - a wrong website id gives an empty 200; wrong tokens, headers and transactions are refused;
 * - rows have the fields of the recordings (skipped where those are absent). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cps.h"
#include "integration/sim_tenant_harness.h"
#include "memory.h"
#include "support/unit.h"

#define API  "/onlineres/onlineapi/api/v1/onlinereservation/"
#define UUID "0b0f2a6e-1c3d-4e5f-8a9b-0c1d2e3f4a5b"

static struct {
    unsigned compared, lookups, no_website, empty_text, empty_html, empty_bare, false_empty,
        bare_arrays, seats, fractions, packages, unpriced, disabled, people, reduced, v4_404,
        not_released, full, carts;
} seen;

/* A tenant's session: where it is and what its requests carry. */
struct session {
    const struct sim_world *world;
    struct sim_memory *memory;
    char host[64], credential[128], website[40];
    bool is_v4, has_transaction;
    uint64_t number;
};

static struct sim_reply send(struct session *session, const char *url, const char *body,
                             const char *type)
{
    struct harness_request request = { .host = session->host, .url = url, .body = body };
    size_t i = 0;
    request.headers[i][0] = session->is_v4 ? "x-apikey" : "Authorization";
    request.headers[i++][1] = session->credential;
    request.headers[i][0] = "x-componentid";
    request.headers[i++][1] = "1";
    request.headers[i][0] = "x-websiteid";
    request.headers[i++][1] = session->website;
    request.headers[i][0] = "Content-Type";
    request.headers[i][1] = type ? type : "";
    request.number = ++session->number;
    request.memory = session->memory;
    return harness_ask(session->world, &sim_cps, &request);
}

static json_t *body_json(void)
{
    json_error_t error;
    json_t *json = json_loads(harness_body, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("%s in %.200s", error.text, harness_body);
    return json;
}

static void log_in(struct session *session)
{
    struct sim_reply reply =
        send(session, "/identityapi/myconnect/token/short", "client_id=onlinereswebshortlived",
             "application/x-www-form-urlencoded");
    session->is_v4 = reply.status == 404;
    if (session->is_v4) {
        (void)send(session, "/onlineresweb/Home/Configuration", NULL, NULL);
        json_t *json = body_json();
        (void)snprintf(session->credential, sizeof(session->credential), "%s",
                       json_string_value(json_object_get(json, "apiKey")));
        json_decref(json);
    } else {
        json_t *json = body_json();
        assert_int_equal(json_integer_value(json_object_get(json, "expires_in")), 600);
        (void)snprintf(session->credential, sizeof(session->credential), "Bearer %s",
                       json_string_value(json_object_get(json, "access_token")));
        json_decref(json);
    }
    reply = send(session, API "RegisterTransactionId", "{\"transactionId\": \"" UUID "\"}",
                 "application/json");
    session->has_transaction = reply.status == 200;
    seen.v4_404 += reply.status == 404;
    assert_true(session->has_transaction || session->is_v4);
}

static struct session open_session(const struct sim_world *world, struct sim_memory *memory,
                                   const struct sim_club *club)
{
    struct session session = { .world = world, .memory = memory };
    session.number = club->hash & 0xffff;
    (void)snprintf(session.host, sizeof(session.host), "%s.cps.golf", club->slug);
    log_in(&session);
    return session;
}

/* Fills what the row lacks from OnlineCourses. */
static void look_up(struct session *session, json_t *attributes, struct buf *ids)
{
    json_t *website = json_object_get(attributes, "websiteId");
    json_t *known = json_object_get(attributes, "courseIds"), *course;
    size_t i;
    if (known)
        buf_puts(ids, json_string_value(known));
    if (website && json_string_value(website)[0] != '0')
        (void)snprintf(session->website, sizeof(session->website), "%s",
                       json_string_value(website));
    else
        seen.no_website++;
    if (known && session->website[0])
        return;
    seen.lookups++;
    (void)send(session, API "OnlineCourses", NULL, NULL);
    json_t *courses = body_json();
    json_array_foreach(courses, i, course)
    {
        if (!json_is_true(json_object_get(course, "active")))
            continue;
        (void)snprintf(session->website, sizeof(session->website), "%s",
                       json_string_value(json_object_get(course, "websiteId")));
        if (!known)
            buf_printf(ids, "%s%lld", ids->len ? "," : "",
                       (long long)json_integer_value(json_object_get(course, "courseId")));
    }
    json_decref(courses);
}

static void list_url(const struct session *session, const char *ids, int32_t date,
                     struct buf *url)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(url, API "TeeTimes?searchDate=%s %s %02d %d&courseIds=%s&holes=0",
               weekdays[day_weekday(date)], months[month - 1], day, year, ids);
    if (session->has_transaction)
        buf_puts(url, "&transactionId=" UUID);
}

/* Cents of the next "price": in the text, rounded to nearest by its decimals. */
static int cents(json_t *item)
{
    double price = json_number_value(json_object_get(item, "price"));
    double hundredths = price * 100;
    seen.fractions +=
        hundredths - (int)hundredths > 0.001 && hundredths - (int)hundredths < 0.999;
    return (int)(hundredths + 0.5);
}

static unsigned read_party(json_t *row)
{
    json_t *max = json_object_get(row, "maxPlayer"), *min = json_object_get(row, "minPlayer");
    json_t *seats = json_object_get(row, "availableParticipantNo");
    json_int_t to = json_integer_value(max), from = min ? json_integer_value(min) : 1;
    unsigned party = 0;
    if (max && seats)
        assert_int_equal(json_array_size(seats), to);
    if (!max) {
        seen.seats++;
        to = (json_int_t)json_array_size(seats);
    }
    if (json_is_true(json_object_get(row, "isNotAllowSingleBooking")))
        from = 2;
    for (json_int_t n = from; n <= to; n++)
        party |= 1u << (n - 1);
    seen.full += to == 0;
    return party;
}

static int holes_of(const char *code, bool *ret_cart_fee, bool *ret_package)
{
    *ret_cart_fee = strstr(code, "Cart") != NULL;
    *ret_package = strncmp(code, "Package", 7) == 0;
    return strpbrk(code, "19")[0] == '9' ? 9 : 18;
}

/* The optional cart's price for a hole count. */
static int cart_of(json_t *items, int holes)
{
    size_t i;
    json_t *item;
    bool cart, package;
    json_array_foreach(items, i, item)
    {
        const char *code = json_string_value(json_object_get(item, "shItemCode"));
        if (holes_of(code, &cart, &package) == holes && cart)
            return cents(item);
    }
    return -1;
}

static void read_priced(json_t *row, json_t *items, struct found found, struct found_list *list)
{
    size_t i;
    json_t *item;
    bool no_9 = json_is_true(json_object_get(row, "isDisabled9Hole")), cart, package;
    json_array_foreach(items, i, item)
    {
        json_t *name = json_object_get(item, "itemDesc");
        const char *rate = json_is_string(name) ? json_string_value(name) : "";
        found.holes =
            holes_of(json_string_value(json_object_get(item, "shItemCode")), &cart, &package);
        bool reduced = harness_is_reduced(rate), disabled = found.holes == 9 && no_9;
        seen.reduced += reduced;
        seen.packages += package;
        seen.disabled += disabled;
        seen.carts += cart;
        if (cart || reduced || disabled)
            continue;
        found.price = cents(item);
        found.cart = cart_of(items, found.holes);
        (void)snprintf(found.basis, sizeof(found.basis), "%s", package ? "cart" : "walking");
        (void)snprintf(found.rate, sizeof(found.rate), "%s", rate);
        harness_add(list, &found);
    }
}

static void read_unpriced(json_t *row, struct found found, struct found_list *list)
{
    const char *display = json_string_value(json_object_get(row, "holesDisplay"));
    bool only_18 = json_is_true(json_object_get(row, "is18HoleOnly")) || !display ||
                   strcmp(display, "18") == 0;
    seen.unpriced++;
    found.price = found.cart = -1;
    (void)snprintf(found.basis, sizeof(found.basis), "unknown");
    found.holes = 18;
    harness_add(list, &found);
    found.holes = 9;
    if (!only_18 && !json_is_true(json_object_get(row, "isDisabled9Hole")))
        harness_add(list, &found);
}

static void read_row(json_t *row, const char *ids, bool is_named, struct found_list *list)
{
    int hour, minute;
    json_t *items = json_object_get(row, "shItemPrices");
    struct found found = { .party = read_party(row) };
    assert_int_equal(sscanf(json_string_value(json_object_get(row, "startTime")),
                            "%*d-%*d-%*dT%d:%d", &hour, &minute),
                     2);
    found.minute = hour * 60 + minute;
    found.hole = (int)json_integer_value(json_object_get(row, "startingTee"));
    (void)snprintf(found.ref, sizeof(found.ref), "%lld",
                   (long long)json_integer_value(json_object_get(row, "teeSheetId")));
    char id[24];
    (void)snprintf(id, sizeof(id), "%lld",
                   (long long)json_integer_value(json_object_get(row, "courseId")));
    assert_non_null(strstr(ids, id));
    if (is_named)
        (void)snprintf(
            found.routing, sizeof(found.routing), "%.*s",
            STR_ARGS(str_trim(str_of(json_string_value(json_object_get(row, "courseName"))))));
    seen.people += json_array_size(json_object_get(row, "bookingNotes")) > 0;
    if (found.party == 0)
        return;
    if (json_array_size(items) == 0)
        read_unpriced(row, found, list);
    else
        read_priced(row, items, found, list);
}

/* The rows of the body, or NULL for NO_TEETIMES. */
static json_t *rows_of(json_t *json)
{
    bool bare = json_is_array(json) || json_object_get(json, "messageKey");
    json_t *content = bare ? json : json_object_get(json, "content");
    seen.bare_arrays += json_is_array(json);
    if (json_is_array(content)) {
        assert_true(json_array_size(content) > 0);
        return content;
    }
    assert_string_equal(json_string_value(json_object_get(content, "messageKey")),
                        "NO_TEETIMES");
    const char *detail = json_string_value(json_object_get(content, "messageDetail"));
    seen.empty_bare += bare;
    seen.empty_html += detail && detail[0] == '<';
    seen.empty_text += detail && detail[0] != '<';
    return NULL;
}

/* Asks for the list, once more if it is empty; returns the outcome without tee times. */
static const char *read_list(struct session *session, const char *url, const char *ids,
                             bool is_named, struct found_list *list)
{
    bool was_empty = false;
    for (int look = 0; look < 2 && list->count == 0; look++) {
        size_t i;
        json_t *row;
        if (send(session, url, NULL, NULL).status == 400) {
            assert_string_equal(harness_body,
                                "\"Sorry, you are not able to book this tee time currently.\"");
            seen.not_released++;
            return "not_released";
        }
        json_t *json = body_json(), *rows = rows_of(json);
        json_array_foreach(rows, i, row) read_row(row, ids, is_named, list);
        seen.false_empty += was_empty && rows;
        was_empty = !rows;
        json_decref(json);
    }
    return "none_open";
}

static void assert_collects_truth(struct session *session, const struct sim_row *row,
                                  int32_t date)
{
    static struct found_list list;
    json_t *attributes = harness_attributes(row);
    char ids_text[64], url_text[256];
    struct buf ids = buf_over(ids_text, sizeof(ids_text));
    struct buf url = buf_over(url_text, sizeof(url_text));
    session->website[0] = '\0';
    look_up(session, attributes, &ids);
    list_url(session, ids_text, date, &url);
    bool is_named = !json_object_get(attributes, "courseIds") || strchr(ids_text, ',');
    list.count = 0;
    const char *outcome = read_list(session, url_text, ids_text, is_named, &list);
    harness_assert_truth(session->world, row, date, list.count ? "open" : outcome, &list,
                         &seen.compared);
    json_decref(attributes);
}

static struct sim_memory *new_memory(void)
{
    struct sim_memory *memory = NULL;
    struct error error;
    assert_int_equal(memory_new(&memory, &error), TS_ERR_OK);
    return memory;
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_cps, 60);
    struct sim_memory *memory = new_memory();
    struct sim_world world = { fleet, 20, harness_instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = harness_date("2026-10-31"); /* clocks change on the next day */
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        struct session session = open_session(&world, memory, fleet->rows[i].club);
        for (int32_t date = today - 1; date <= today + 7; date++)
            assert_collects_truth(&session, &fleet->rows[i], date);
    }
    assert_true(seen.compared > 10000);
    harness_assert_all_occurred(&seen, sizeof(seen));
    memory_free(memory);
    fleet_free(fleet);
}

/* A session on a v5 tenant, and the first date of which it has tee times. */
static struct session open_v5(const struct sim_world *world, struct sim_memory *memory,
                              char url[256], json_t **ret_rows)
{
    const struct sim_club *club = world->fleet->clubs;
    while (cps_is_v4(club))
        club++;
    struct session session = open_session(world, memory, club);
    char uuid[SIM_UUID_LEN], id[24];
    cps_website_id(club, uuid);
    (void)snprintf(session.website, sizeof(session.website), "%.*s", SIM_UUID_LEN, uuid);
    (void)snprintf(id, sizeof(id), "%lld", (long long)club->courses[0].id);
    for (int32_t date = harness_date("2026-12-02");; date++) {
        struct buf out = buf_over(url, 256);
        list_url(&session, id, date, &out);
        assert_int_equal(send(&session, url, NULL, NULL).status, 200);
        json_t *json = body_json();
        *ret_rows = json_incref(json_object_get(json, "content"));
        json_decref(json);
        if (json_is_array(*ret_rows))
            return session;
        json_decref(*ret_rows);
    }
}

static void test_access_is_guarded(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_cps, 10);
    struct sim_memory *memory = new_memory();
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T09:00:00Z"), NULL };
    char url[256];
    json_t *rows;
    struct session good = open_v5(&world, memory, url, &rows), session = good;
    json_decref(rows);
    session.website[0] ^= 1; /* 200, and falsely empty */
    assert_int_equal(send(&session, url, NULL, NULL).status, 200);
    assert_non_null(strstr(harness_body, "NO_TEETIMES"));
    session = good;
    session.credential[12] ^= 1;
    assert_int_equal(send(&session, url, NULL, NULL).status, 401);
    session = good;
    strstr(url, UUID)[0] ^= 1;
    assert_int_equal(send(&session, url, NULL, NULL).status, 400);
    assert_string_equal(harness_body, "{\"error\":\"Invalid Transaction Id\"}");
    assert_int_equal(
        send(&session, "/identityapi/myconnect/token/short", "{}", "application/json").status,
        415);
    struct harness_request bare = { .host = good.host, .url = API "OnlineCourses" };
    bare.headers[0][0] = "Authorization";
    bare.headers[0][1] = good.credential;
    assert_int_equal(harness_ask(&world, &sim_cps, &bare).status, 400);
    assert_non_null(strstr(harness_body, "Invalid componentid request header"));
    world.now += 600; /* tokens end */
    assert_int_equal(send(&good, url, NULL, NULL).status, 401);
    memory_free(memory);
    fleet_free(fleet);
}

static void test_fields_are_those_of_the_recordings(void **state)
{
    (void)state;
    json_t *theirs = harness_recording("cps/ranchobernardo-v5-3slots-trimmed.json");
    if (!theirs)
        skip();
    struct fleet *fleet = harness_fleet(&sim_cps, 10);
    struct sim_memory *memory = new_memory();
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T09:00:00Z"), NULL };
    char url[256];
    json_t *rows, *row, *theirs_row = json_array_get(json_object_get(theirs, "content"), 0);
    struct session session = open_v5(&world, memory, url, &rows);
    size_t i, at = 0;
    json_array_foreach(rows, i, row)
    {
        bool whole = json_is_true(json_object_get(row, "is18HoleOnly")) &&
                     json_array_size(json_object_get(row, "shItemPrices")) > 0;
        at = whole ? i : at;
    }
    json_array_foreach(json_object_get(theirs_row, "shItemPrices"), i, row)
        json_object_del(row, "itemCode"); /* no fact speaks of it */
    harness_assert_has_fields(json_array_get(rows, at), theirs_row, "");
    json_decref(rows);
    json_decref(theirs);
    theirs = harness_recording("cps/fossiltrace-home-configuration.json");
    (void)send(&session, "/onlineresweb/Home/Configuration", NULL, NULL);
    json_t *ours = body_json(), *value;
    const char *key;
    json_object_foreach(ours, key, value) assert_non_null(json_object_get(theirs, key));
    json_decref(ours);
    json_decref(theirs);
    memory_free(memory);
    fleet_free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_access_is_guarded),
        cmocka_unit_test(test_fields_are_those_of_the_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
