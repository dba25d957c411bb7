/* Exercises the simulated Quick18, without a server:
 * - pages, read by a collector written here from the facts page, give the truth;
 * - the traps occur: unknown hole counts, sub-courses, equal minutes, absolute links, rows
 *   without offers, reduced columns, text that must be unescaped, all forms of party sizes;
 * - a page shows the day asked, today for nonsense, and no matrix when that is wanted;
 * - the page has the classes of the recording (skipped where that is absent). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "integration/sim_tenant_harness.h"
#include "quick18.h"
#include "support/unit.h"

#define RECORDING TS_SOURCE_DIR "/../shared/recordings/quick18/quick18_searchmatrix_times.html"
#define COLUMNS   8

static struct {
    unsigned compared, unknown_holes, sub_courses, twice, absolute, no_offers, reduced, escaped,
        singles, either, ranges;
} seen;

static void host_of(const struct sim_row *row, char host[96])
{
    json_t *attributes = harness_attributes(row);
    json_t *domain = json_object_get(attributes, "domain");
    (void)snprintf(host, 96, "%s.%s",
                   json_string_value(json_object_get(attributes, "subdomain")),
                   domain ? json_string_value(domain) : "quick18.com");
    json_decref(attributes);
}

/* The text between two marks after *at, unescaped and trimmed; moves *at behind it. */
static void cut(const char **at, const char *from, const char *to, char out[64])
{
    const char *start = strstr(*at, from);
    assert_non_null(start);
    start += strlen(from);
    const char *end = strstr(start, to);
    assert_non_null(end);
    struct str text = str_trim((struct str){ start, (size_t)(end - start) });
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        out[len++] = text.ptr[i];
        if (text.len - i > 4 && memcmp(text.ptr + i, "&amp;", 5) == 0) {
            i += 4;
            seen.escaped++;
        }
        assert_true(len < 63);
    }
    out[len] = '\0';
    *at = end;
}

static int holes_in(const char *text)
{
    if (strstr(text, "18 Holes"))
        return 18;
    return strstr(text, "9 Holes") ? 9 : 0;
}

static unsigned party_of(const char *text)
{
    int from = 0, to = 0;
    unsigned party = 0;
    if (sscanf(text, "%d to %d", &from, &to) == 2)
        seen.ranges++;
    else if (sscanf(text, "%d or %d", &from, &to) == 2)
        seen.either++;
    else if (sscanf(text, "%d player", &from) == 1)
        to = from, seen.singles += from == 1;
    assert_true(from >= 1 && to >= from && to <= 4);
    for (int n = from; n <= to; n++)
        party |= 1u << (n - 1);
    return party;
}

struct matrix {
    int columns;
    char headers[COLUMNS][64];
};

/* A price's basis: what the header says, else whether the same holes are sold with a cart. */
static const char *basis_of(const struct matrix *matrix, const char *header)
{
    if (strstr(header, "Cart") || strstr(header, "Riding"))
        return "cart";
    if (strstr(header, "Walking"))
        return "walking";
    for (int i = 0; i < matrix->columns; i++) {
        const char *other = matrix->headers[i];
        if (holes_in(header) && holes_in(other) == holes_in(header) && strstr(other, "Cart"))
            return "walking";
    }
    return "unknown";
}

/* Reads one offer cell into the list. */
static void read_offer(const char *cell, const struct matrix *matrix, int column,
                       struct found found, struct found_list *list)
{
    const char *header = matrix->headers[column], *at = cell;
    char price[64], link[64], course[16], stamp[16], rate[16];
    int dollars, rest, hour, minute;
    cut(&at, "mtrxPrice\">$", "<", price);
    assert_int_equal(sscanf(price, "%d.%2d", &dollars, &rest), 2);
    const char *path = strstr(at, "/teetimes/course/");
    seen.absolute += strstr(at, "href=\"https://") && strstr(at, "href=\"https://") < path;
    cut(&at, "/teetimes/course/", "\"", link);
    assert_int_equal(
        sscanf(link, "%15[0-9]/teetime/%12[0-9]?psid=%15[0-9]&p=0", course, stamp, rate), 3);
    assert_int_equal(sscanf(stamp + 8, "%2d%2d", &hour, &minute), 2);
    assert_int_equal(found.minute, hour * 60 + minute);
    seen.reduced += harness_is_reduced(header);
    if (harness_is_reduced(header))
        return;
    found.holes = holes_in(header) ? holes_in(header) : holes_in(found.routing);
    seen.unknown_holes += found.holes == 0;
    found.price = dollars * 100 + rest;
    found.cart = -1;
    (void)snprintf(found.basis, sizeof(found.basis), "%s", basis_of(matrix, header));
    (void)snprintf(found.rate, sizeof(found.rate), "%s", header);
    (void)snprintf(found.ref, sizeof(found.ref), "%s-%s-%s", course, stamp, rate);
    harness_add(list, &found);
}

/* One table row; `at` stands behind its first mark. Returns the minute. */
static int read_row(const char *at, const char *end, const struct matrix *matrix,
                    const char *wanted, struct found_list *list)
{
    char text[64], half[64];
    int hour, minute;
    struct found found = { 0 };
    cut(&at, ">", "<", text);
    cut(&at, "ampm\">", "<", half);
    assert_int_equal(sscanf(text, "%d:%d", &hour, &minute), 2);
    found.minute = (hour % 12 + (half[0] == 'P' ? 12 : 0)) * 60 + minute;
    const char *course = strstr(at, "mtrxCourse\">");
    if (course && course < end)
        cut(&at, "mtrxCourse\">", "</td>", found.routing);
    seen.sub_courses += found.routing[0] != '\0';
    cut(&at, "matrixPlayers\">", "<", text);
    found.party = party_of(text);
    int offers = 0;
    for (int column = 0; column < matrix->columns; column++) {
        at = strstr(at, "<td class=\"matrixsched ");
        assert_true(at && at < end);
        bool is_offer = at[strlen("<td class=\"matrixsched ")] == '"';
        offers += is_offer;
        if (is_offer && (!wanted || strcmp(wanted, found.routing) == 0))
            read_offer(at, matrix, column, found, list);
        at++;
    }
    seen.no_offers += offers == 0;
    return found.minute;
}

static void read_page(const char *wanted, struct found_list *list)
{
    static const char row_mark[] = "<td class=\"mtrxTeeTimes\"";
    struct matrix matrix = { 0 };
    const char *table = strstr(harness_body, "<table class=\"matrixTable\"");
    assert_non_null(table);
    const char *body = strstr(table, "<tbody>"), *end = strstr(table, "</tbody>"), *at = table;
    assert_true(body && end && strstr(end, "</html>"));
    for (const char *th; (th = strstr(at, "matrixHdrSched\">")) && th < body;) {
        at = th;
        assert_true(matrix.columns < COLUMNS);
        cut(&at, "matrixHdrSched\">", "</th>", matrix.headers[matrix.columns++]);
    }
    assert_true(matrix.columns > 0);
    int last = -1;
    for (at = strstr(body, row_mark); at && at < end;) {
        const char *next = strstr(at + 1, row_mark);
        int minute = read_row(at, next ? next : end, &matrix, wanted, list);
        assert_true(minute >= last);
        seen.twice += minute == last;
        last = minute;
        at = next;
    }
}

static struct sim_reply ask(const struct sim_world *world, const struct sim_row *row,
                            const char *date, bool no_table)
{
    char host[96], url[96];
    host_of(row, host);
    (void)snprintf(url, sizeof(url), "/teetimes/searchmatrix?teedate=%s", date);
    struct harness_request request = { .host = host, .url = url, .no_table = no_table };
    return harness_ask(world, &sim_quick18, &request);
}

static void assert_collects_truth(const struct sim_world *world, const struct sim_row *row,
                                  int32_t date)
{
    static struct found_list list;
    char stamp[16], shown[64];
    int year, month, day;
    json_t *attributes = harness_attributes(row);
    list.count = 0;
    day_to_civil(date, &year, &month, &day);
    (void)snprintf(stamp, sizeof(stamp), "%04d%02d%02d", year % 10000, month % 100, day % 100);
    (void)snprintf(shown, sizeof(shown), "value=\"%d/%d/%d\"", month, day, year);
    struct sim_reply reply = ask(world, row, stamp, false);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.content_type, "text/html; charset=utf-8");
    assert_non_null(strstr(harness_body, shown));
    read_page(json_string_value(json_object_get(attributes, "sub_course")), &list);
    harness_assert_truth(world, row, date, list.count ? "open" : "none_open", &list,
                         &seen.compared);
    json_decref(attributes);
}

static void test_pages_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_quick18, 40);
    struct sim_world world = { fleet, 20, harness_instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = harness_date("2026-10-31"); /* clocks change on the next day */
    for (uint32_t i = 0; i < fleet->rows_count; i++)
        for (int32_t date = today - 1; date <= today + 7; date++)
            assert_collects_truth(&world, &fleet->rows[i], date);
    assert_true(seen.compared > 10000);
    harness_assert_all_occurred(&seen, sizeof(seen));
    fleet_free(fleet);
}

static void test_odd_requests(void **state)
{
    (void)state;
    struct fleet *fleet = harness_fleet(&sim_quick18, 5);
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T18:00:00Z"), NULL };
    struct sim_reply reply = ask(&world, &fleet->rows[0], "2026-12-05", false);
    assert_int_equal(reply.status, 200); /* shows today */
    assert_non_null(strstr(harness_body, "value=\"12/1/2026\""));
    reply = ask(&world, &fleet->rows[0], "20261203", true);
    assert_true(reply.is_spoilt);
    assert_null(strstr(harness_body, "<table class=\"matrixTable\""));
    assert_non_null(strstr(harness_body, "matrixTable")); /* the script says it */
    struct harness_request request = { .host = "nobody-3.quick18.com",
                                       .url = "/teetimes/searchmatrix?teedate=20261203" };
    assert_int_equal(harness_ask(&world, &sim_quick18, &request).status, 404);
    fleet_free(fleet);
}

static void test_classes_are_those_of_the_recording(void **state)
{
    (void)state;
    static const char *const marks[] = { "<table class=\"matrixTable\" border=\"1\">",
                                         "<th class=\"mtrxHdrTeeTimes\">Tee Time</th>",
                                         "<th class=\"matrixHdrPlayers\">Players</th>",
                                         "<th class=\"matrixHdrSched\">",
                                         "<td class=\"mtrxTeeTimes\">",
                                         "<div class=\"be_tee_time_ampm\">AM</div>",
                                         "<td class=\"matrixPlayers\">",
                                         "<td class=\"matrixsched \">",
                                         "<td class=\"matrixsched mtrxInactive\">",
                                         "<div class=\"mtrxPriceNA\">N/A</div>",
                                         "<div class=\"mtrxPrice\">$",
                                         "<a class=\"sexybutton teebutton\" href=\"",
                                         "id=\"SearchForm_Date\" name=\"SearchForm.Date\"",
                                         "&amp;p=0\">" };
    static char theirs[65536];
    if (access(RECORDING, R_OK) != 0) {
        print_message("skipped: %s is not here\n", RECORDING);
        skip();
    }
    FILE *file = fopen(RECORDING, "re");
    assert_non_null(file);
    theirs[fread(theirs, 1, sizeof(theirs) - 1, file)] = '\0';
    (void)fclose(file);
    struct fleet *fleet = harness_fleet(&sim_quick18, 1);
    struct sim_world world = { fleet, 0, harness_instant("2026-12-01T09:00:00Z"), NULL };
    (void)ask(&world, &fleet->rows[0], "20261203", false);
    for (size_t i = 0; i < TS_COUNT_OF(marks); i++) {
        if (!strstr(theirs, marks[i]) || !strstr(harness_body, marks[i]))
            fail_msg("%s: in the recording %d, here %d", marks[i],
                     strstr(theirs, marks[i]) != NULL, strstr(harness_body, marks[i]) != NULL);
    }
    fleet_free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_give_the_truth),
        cmocka_unit_test(test_odd_requests),
        cmocka_unit_test(test_classes_are_those_of_the_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
