/* Exercises the simulator's model and its Chronogolf, without a server:
 * - the catalogue: N rows, the same each time, another seed another world, kinds restrict;
 * - sheets: past starts vanish, churn changes sheets by the hour and nothing changes without
 * it;
 * - the booking window on both sides of its opening minute, V1 and V2;
 * - the replies, read by a collector written here from the engine's facts page, give the truth;
 * - one request for two rows of a club gives what two requests give;
 * - malformed requests are refused;
 * - rows of replies have the same fields as the recordings (skipped where those are absent). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chronogolf.h"
#include "fleet.h"
#include "integration/sim_collector.h"
#include "sheet.h"
#include "support/unit.h"
#include "truth.h"

#define RECORDINGS TS_SOURCE_DIR "/../shared/recordings/chronogolf/"

static int64_t instant(const char *text)
{
    int64_t value = 0;
    assert_true(instant_parse(str_of(text), &value));
    return value;
}

static int32_t date_of(const char *text)
{
    int32_t value = 0;
    assert_true(day_parse(str_of(text), &value));
    return value;
}

static struct fleet *fleet_of(struct fleet_options options)
{
    struct fleet *fleet = NULL;
    struct error error = { 0 };
    if (options.window_days == 0)
        options.window_days = 90;
    if (fleet_new(&options, &fleet, &error))
        fail_msg("%s", error.text);
    return fleet;
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = fleet_of((struct fleet_options){
        .seed = 3, .rows = 48, .window_days = 9, .short_window_percent = 30 });
    struct sim_world world = { fleet, 20, instant("2026-10-31T17:20:00Z"), NULL };
    int32_t today = date_of("2026-10-31"); /* clocks change on the next day */
    for (uint32_t i = 0; i < fleet->rows_count; i++)
        for (int32_t date = today - 1; date <= today + 10; date++)
            sim_assert_collects_truth(&world, &fleet->rows[i], date);
    fleet_free(fleet);
}

static void test_all_outcomes_and_kinds_occur(void **state)
{
    (void)state;
    static struct sim_truths truths;
    static const char *const outcomes[] = { "open", "none_open", "sold_out", "closed",
                                            "not_released" };
    unsigned seen[TS_COUNT_OF(outcomes)] = { 0 }, variants[5] = { 0 };
    unsigned gaps = 0, routings = 0, tens = 0, unpriced = 0, several_holes = 0;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 60 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T08:00:00Z"), NULL };
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        variants[fleet->rows[i].club->variant]++;
        for (int32_t d = 0; d < 92; d++) {
            sim_chronogolf.truth(&world, &fleet->rows[i], date_of("2026-12-01") + d, &truths);
            for (size_t o = 0; o < TS_COUNT_OF(outcomes); o++)
                seen[o] += strcmp(truths.outcome, outcomes[o]) == 0;
            for (uint32_t t = 0; t < truths.count; t++) {
                const struct sim_truth *item = &truths.items[t];
                gaps += item->party_sizes == 0x0e;
                routings += item->routing[0] != '\0';
                tens += item->start_hole == 10;
                unpriced += item->price_cents < 0;
                several_holes += item->holes == 6;
            }
        }
    }
    for (size_t o = 0; o < TS_COUNT_OF(outcomes); o++)
        assert_true(seen[o] > 0);
    assert_true(variants[0] && variants[1] && variants[2] && variants[3] && variants[4]);
    assert_true(gaps && routings && tens && unpriced && several_holes);
    fleet_free(fleet);
}

/* --- fleet --- */

static char *part_of_catalogue(const struct fleet *fleet, const struct fleet_ids *only)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct error error;
    assert_non_null(out);
    assert_int_equal(fleet_write_catalogue(fleet, only, out, &error), TS_ERR_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *catalogue(const struct fleet *fleet)
{
    return part_of_catalogue(fleet, &(struct fleet_ids){ 0 });
}

static unsigned lines_of(const char *text)
{
    unsigned count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void test_catalogue_of_some_courses(void **state)
{
    (void)state;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 20 });
    char *all = catalogue(fleet);
    char *some = part_of_catalogue(fleet, &(struct fleet_ids){ 2, { 1019, 1007 } });
    assert_int_equal(lines_of(some), 3);
    const char *second = strchr(some, '\n') + 1, *third = strchr(second, '\n') + 1;
    assert_memory_equal(second, "1007,", 5);
    assert_memory_equal(third, "1019,", 5);
    assert_non_null(strstr(all, third));
    free(all), free(some);
    fleet_free(fleet);
}

static void test_catalogue_has_n_rows_and_is_stable(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { 1, 5, 6, 7, 100, 1112 };
    for (size_t i = 0; i < TS_COUNT_OF(sizes); i++) {
        struct fleet *one = fleet_of((struct fleet_options){ .seed = 1, .rows = sizes[i] });
        struct fleet *again = fleet_of((struct fleet_options){ .seed = 1, .rows = sizes[i] });
        struct fleet *other = fleet_of((struct fleet_options){ .seed = 2, .rows = sizes[i] });
        char *a = catalogue(one), *b = catalogue(again), *c = catalogue(other);
        assert_int_equal(lines_of(a), sizes[i] + 1);
        assert_string_equal(a, b);
        assert_string_not_equal(a, c);
        assert_int_equal(one->rows[sizes[i] - 1].id, 1000 + sizes[i]);
        free(a), free(b), free(c);
        fleet_free(one), fleet_free(again), fleet_free(other);
    }
}

static void test_kinds_restrict_the_mix(void **state)
{
    (void)state;
    for (int mix = SIM_MIX_V1; mix <= SIM_MIX_V2; mix++) {
        struct fleet *fleet =
            fleet_of((struct fleet_options){ .seed = 1, .rows = 30, .mix = (enum sim_mix)mix });
        for (uint32_t i = 0; i < fleet->rows_count; i++)
            assert_int_equal(chronogolf_is_v1(fleet->rows[i].club), mix == SIM_MIX_V1);
        fleet_free(fleet);
    }
}

/* --- sheets --- */

static uint64_t sheet_hash(const struct sim_world *world, const struct sim_course *course,
                           int32_t date)
{
    static struct sim_sheet sheet;
    sheet_build(world, course, date, &sheet);
    uint64_t hash = sheet.count;
    for (uint32_t i = 0; i < sheet.count; i++)
        hash = random_mix(random_mix(hash, (uint64_t)sheet.slots[i].id), sheet.slots[i].booked);
    return hash;
}

static unsigned sheets_changed(double churn, int64_t seconds)
{
    unsigned changed = 0;
    struct fleet *fleet =
        fleet_of((struct fleet_options){ .seed = 5, .rows = 500, .mix = SIM_MIX_V1 });
    struct sim_world before = { fleet, churn, instant("2026-12-01T08:30:00Z"), NULL };
    struct sim_world after = before;
    after.now += seconds;
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_course *course = &fleet->rows[i].club->courses[0];
        int32_t date = date_of("2026-12-04");
        changed += sheet_hash(&before, course, date) != sheet_hash(&after, course, date);
    }
    fleet_free(fleet);
    return changed;
}

static void test_churn_changes_sheets_by_the_hour(void **state)
{
    (void)state;
    assert_int_equal(sheets_changed(0, 3600 * 24), 0);
    assert_int_equal(sheets_changed(20, 60 * 29), 0); /* the same hour */
    assert_in_range(sheets_changed(20, 3600), 60, 130);
    /* empty and full days do not change */
    assert_in_range(sheets_changed(100, 3600), 425, 500);
}

static void test_past_starts_vanish(void **state)
{
    (void)state;
    static struct sim_sheet early, late;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 60 });
    struct sim_world morning = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    struct sim_world noon = { fleet, 0, instant("2026-12-01T18:00:00Z"), NULL };
    int32_t today = date_of("2026-12-01");
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_club *club = fleet->rows[i].club;
        int32_t local_date;
        uint16_t local_minute;
        sheet_build(&morning, &club->courses[0], today, &early);
        sheet_build(&noon, &club->courses[0], today, &late);
        zone_local(club->zone, noon.now, &local_date, &local_minute);
        assert_int_equal(local_date, today);
        uint32_t kept = 0;
        for (uint32_t k = 0; k < early.count; k++)
            kept += early.slots[k].minute >= local_minute;
        assert_int_equal(late.count, kept);
        for (uint32_t k = 0; k < late.count; k++)
            assert_memory_equal(&late.slots[k], &early.slots[early.count - kept + k],
                                sizeof(late.slots[k]));
    }
    fleet_free(fleet);
}

static void test_starts_follow_the_course(void **state)
{
    (void)state;
    static struct sim_sheet sheet;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 100 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_course *course = &fleet->rows[i].club->courses[0];
        sheet_build(&world, course, date_of("2026-12-08"), &sheet);
        for (uint32_t k = 0; k < sheet.count; k++) {
            const struct sim_slot *slot = &sheet.slots[k];
            assert_in_range(slot->minute, course->first_minute, course->last_minute);
            assert_true(slot->hole == 1 || (slot->hole == 10 && slot->minute < 510));
            int into = slot->minute - course->first_minute;
            int rest = into % (course->intervals[0] + course->intervals[1]);
            assert_true(rest == 0 || rest == course->intervals[0]);
        }
    }
    fleet_free(fleet);
}

/* --- the window --- */

static void test_window_opens_at_its_minute(void **state)
{
    (void)state;
    static struct sim_truths truths;
    struct fleet *fleet =
        fleet_of((struct fleet_options){ .seed = 1, .rows = 12, .window_days = 7 });
    int32_t date = date_of("2026-11-04"); /* the zones' clocks changed in between */
    for (uint32_t i = 0; i < fleet->rows_count; i++) {
        const struct sim_row *row = &fleet->rows[i];
        const struct sim_club *club = row->club;
        struct sim_world world = { fleet, 0,
                                   zone_instant(club->zone, date - 7, club->opens_minute),
                                   NULL };
        sim_chronogolf.truth(&world, row, date, &truths);
        assert_string_not_equal(truths.outcome, "not_released");
        sim_assert_collects_truth(&world, row, date);
        world.now--;
        sim_chronogolf.truth(&world, row, date, &truths);
        assert_string_equal(truths.outcome, chronogolf_is_v1(club) ? "not_released" : "closed");
        sim_assert_collects_truth(&world, row, date);
    }
    fleet_free(fleet);
}

/* --- requests --- */

static void test_one_request_serves_both_rows(void **state)
{
    (void)state;
    struct fleet *fleet =
        fleet_of((struct fleet_options){ .seed = 1, .rows = 40, .mix = SIM_MIX_V2 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    for (uint32_t i = 0; i + 1 < fleet->rows_count; i++) {
        struct sim_row both = fleet->rows[i];
        if (both.club != fleet->rows[i + 1].club)
            continue;
        both.courses_count = 2;
        for (int32_t d = 1; d < 20; d++)
            sim_assert_collects_truth(&world, &both, date_of("2026-12-01") + d);
    }
    fleet_free(fleet);
}

static void assert_status(const struct sim_world *world, uint16_t status, const char *url)
{
    if (sim_ask(world, url).status != status)
        fail_msg("%s: not %u but %s", url, status, sim_body);
}

struct v1_case {
    uint16_t status;
    int club, course, holes, player; /* added to what is right */
    const char *date, *more;
};

static void test_wrong_v1_requests_are_refused(void **state)
{
    (void)state;
    static const struct v1_case cases[] = {
        { 200, 0, 0, 0, 0, "2026-12-05", "" },
        { 404, 1, 0, 0, 0, "2026-12-05", "" },
        { 404, -1, 0, 0, 0, "2026-12-05", "" },
        { 400, 0, 0, 0, 0, "2026-02-30", "" },
        { 422, 0, 1, 0, 0, "2026-12-05", "" },
        { 422, 0, 0, -9, 0, "2026-12-05", "" },
        { 400, 0, 0, 0, 0, "2026-12-05", "&players=2" },
        { 400, 0, 0, 0, 0, "2026-12-05", "&nb_holes=18" },
        { 422, 0, 0, 0, 1, "2026-12-05", "" },
    };
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 6 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    const struct sim_club *club = fleet->rows[0].club;
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        const struct v1_case *c = &cases[i];
        char url[512];
        (void)snprintf(url, sizeof(url),
                       "/marketplace/clubs/%lld/teetimes?date=%s&course_id=%lld&nb_holes=%d"
                       "&affiliation_type_ids[]=%lld%s",
                       (long long)club->id + c->club, c->date,
                       (long long)club->courses[0].id + c->course, 18 + c->holes,
                       (long long)club->affiliation_id + c->player, c->more);
        assert_status(&world, c->status, url);
    }
    assert_string_equal(sim_body, "Player type provided is not valid");
    assert_status(&world, 422,
                  "/marketplace/clubs/12001/teetimes?date=2026-12-05&course_id=20001"
                  "&nb_holes=18");
    fleet_free(fleet);
}

static void ask_v2(const struct sim_world *world, uint16_t status, const char *uuid,
                   const char *page)
{
    char url[512];
    (void)snprintf(url, sizeof(url),
                   "/marketplace/v2/teetimes?start_date=2026-12-05&course_ids=%s&page=%s", uuid,
                   page);
    assert_status(world, status, url);
}

static void test_wrong_v2_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 6 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    const char *uuid = fleet->rows[1].club->courses[0].uuid;
    ask_v2(&world, 200, uuid, "1");
    ask_v2(&world, 200, uuid, "99");
    assert_string_equal(sim_body, "{\"status\":\"sold_out\",\"teetimes\":[]}");
    ask_v2(&world, 400, uuid, "0");
    ask_v2(&world, 400, uuid, "1&holes=18");
    ask_v2(&world, 404, fleet->rows[0].club->courses[0].uuid, "1"); /* a V1 club's */
    ask_v2(&world, 404, "nonsense", "1");
    fleet_free(fleet);
}

/* --- the recordings --- */

typedef char line[160];

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The keys of an object, sorted, in one text. */
static void put_keys(struct buf *out, json_t *object)
{
    line keys[32];
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)(void)
        snprintf(keys[count++], sizeof(line), "%s ", key);
    qsort(keys, count, sizeof(line), compare_lines);
    for (size_t i = 0; i < count; i++)
        buf_puts(out, keys[i]);
}

/* The keys of the first row of `rows` in which a price can be read, and of what is in it. */
static void put_row_keys(struct buf *out, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        json_t *fees = json_object_get(row, "green_fees");
        json_t *price = json_object_get(row, "default_price");
        if (!fees && !json_is_object(price))
            continue;
        put_keys(out, row);
        put_keys(out, fees ? json_array_get(fees, 0) : price);
        if (!fees)
            put_keys(out, json_object_get(row, "course"));
        return;
    }
    fail_msg("no row with a price");
}

static void assert_same_keys(json_t *ours, const char *recording)
{
    char left_text[1024], right_text[1024];
    struct buf left = buf_over(left_text, sizeof(left_text));
    struct buf right = buf_over(right_text, sizeof(right_text));
    json_error_t error;
    json_t *theirs = json_load_file(recording, 0, &error);
    assert_non_null(theirs);
    put_row_keys(&left, json_is_array(ours) ? ours : json_object_get(ours, "teetimes"));
    put_row_keys(&right, json_is_array(theirs) ? theirs : json_object_get(theirs, "teetimes"));
    assert_string_equal(left_text, right_text);
    json_decref(theirs);
}

static void test_fields_are_those_of_the_recordings(void **state)
{
    (void)state;
    if (access(RECORDINGS, R_OK) != 0) {
        print_message("skipped: %s is not here\n", RECORDINGS);
        skip();
    }
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 6 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z"), NULL };
    struct sim_reply reply;
    char storage[512];
    struct buf url = buf_over(storage, sizeof(storage));
    sim_v1_url(&url, &fleet->rows[0].club->courses[0], date_of("2026-12-05"), 18, 4);
    json_t *v1 = sim_ask_json(&world, storage, &reply);
    assert_same_keys(v1, RECORDINGS "putnamcounty-v1-1p.json");
    assert_same_keys(v1, RECORDINGS "greenbryre-v1-12h-4p-first15.json");
    assert_in_range(writer_len(&reply.body), 25000, 175000);
    json_decref(v1);
    buf_reset(&url);
    sim_v2_url(&url, &fleet->rows[1], date_of("2026-12-05"), 1);
    json_t *v2 = sim_ask_json(&world, storage, &reply);
    assert_same_keys(v2, RECORDINGS "willows-v2-2026-07-17-page1.json");
    json_decref(v2);
    fleet_free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue_has_n_rows_and_is_stable),
        cmocka_unit_test(test_catalogue_of_some_courses),
        cmocka_unit_test(test_kinds_restrict_the_mix),
        cmocka_unit_test(test_starts_follow_the_course),
        cmocka_unit_test(test_past_starts_vanish),
        cmocka_unit_test(test_churn_changes_sheets_by_the_hour),
        cmocka_unit_test(test_window_opens_at_its_minute),
        cmocka_unit_test(test_all_outcomes_and_kinds_occur),
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_one_request_serves_both_rows),
        cmocka_unit_test(test_wrong_v1_requests_are_refused),
        cmocka_unit_test(test_wrong_v2_requests_are_refused),
        cmocka_unit_test(test_fields_are_those_of_the_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
