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

#include <jansson.h>

#include "chronogolf.h"
#include "fleet.h"
#include "sheet.h"
#include "support/unit.h"
#include "truth.h"

#define RECORDINGS "/work/shared/recordings/chronogolf/"
#define BODY_CAP   (384 * 1024)
#define LINES_MAX  SIM_TRUTHS_MAX

static char body[BODY_CAP];

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

/* --- asking --- */

/* "path?name=value&…", undecoded; replies go to `body`. */
static struct sim_reply ask(const struct sim_world *world, const char *url)
{
    struct str rest = str_of(url), path, pair;
    assert_true(str_split(&rest, '?', &path));
    struct sim_request request = { .path = path };
    while (str_split(&rest, '&', &pair)) {
        struct sim_arg *arg = &request.args[request.args_count++];
        assert_true(str_split(&pair, '=', &arg->name));
        arg->value = pair;
    }
    struct sim_reply reply = { .status = 200, .total = -1, .per_page = -1 };
    reply.body = writer_over(body, sizeof(body) - 1, false);
    assert_true(sim_chronogolf.owns_path(path));
    sim_chronogolf.answer(world, &request, &reply);
    assert_false(reply.body.overflow);
    *reply.body.at = '\0';
    return reply;
}

static json_t *ask_json(const struct sim_world *world, const char *url,
                        struct sim_reply *ret_reply)
{
    json_error_t error;
    *ret_reply = ask(world, url);
    json_t *json =
        json_loadb(body, writer_len(&ret_reply->body), JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("%s: %s", url, error.text);
    return json;
}

static void v1_url(struct buf *url, const struct sim_course *course, int32_t date,
                   unsigned holes, unsigned size)
{
    buf_printf(url, "/marketplace/clubs/%lld/teetimes?date=", (long long)course->club->id);
    day_format(date, url);
    buf_printf(url, "&course_id=%lld&nb_holes=%u", (long long)course->id, holes);
    for (unsigned i = 0; i < size; i++)
        buf_printf(url, "&affiliation_type_ids[]=%lld",
                   (long long)course->club->affiliation_id);
}

static void v2_url(struct buf *url, const struct sim_row *row, int32_t date, int page)
{
    buf_puts(url, "/marketplace/v2/teetimes?start_date=");
    day_format(date, url);
    buf_puts(url, "&course_ids=");
    for (uint32_t i = 0; i < row->courses_count; i++)
        buf_printf(url, "%s%s", i ? "," : "", row->club->courses[row->first_course + i].uuid);
    buf_printf(url, "&page=%d", page);
}

/* --- a collector, from the facts page --- */

struct found {
    int minute, holes, hole, price, cart;
    unsigned party;
    char routing[40], basis[16], rate[40];
    json_int_t ref;
};

struct collected {
    const char *outcome;
    int count;
    struct found items[LINES_MAX];
};

static int cents(const json_t *value)
{
    return json_is_number(value) ? (int)(json_number_value(value) * 100 + 0.5) : -1;
}

static void set_price(struct found *found, const json_t *price)
{
    found->price = cents(json_object_get(price, "green_fee"));
    found->cart = cents(json_object_get(price, "half_cart"));
    int subtotal = cents(json_object_get(price, "subtotal"));
    const char *basis = "unknown";
    if (subtotal >= 0 && subtotal == found->price)
        basis = "walking";
    else if (found->cart > 0 && subtotal == found->price + found->cart)
        basis = "cart";
    (void)snprintf(found->basis, sizeof(found->basis), "%s", basis);
}

static struct found *find_or_add(struct collected *all, const struct found *like, bool *ret_new)
{
    for (int i = 0; i < all->count; i++) {
        struct found *item = &all->items[i];
        if (item->minute == like->minute && item->holes == like->holes &&
            item->hole == like->hole && strcmp(item->routing, like->routing) == 0) {
            *ret_new = false;
            return item;
        }
    }
    assert_true(all->count < LINES_MAX);
    *ret_new = true;
    all->items[all->count] = *like;
    return &all->items[all->count++];
}

static int minute_of(const json_t *row)
{
    int hour = 0, minute = 0;
    assert_int_equal(
        sscanf(json_string_value(json_object_get(row, "start_time")), "%d:%d", &hour, &minute),
        2);
    return hour * 60 + minute;
}

static void read_v1_row(struct collected *all, const json_t *row, unsigned holes, unsigned size,
                        bool several)
{
    json_t *fees = json_object_get(row, "green_fees");
    bool restricted = json_array_size(json_object_get(row, "restrictions")) > 0;
    assert_int_equal(restricted, fees == NULL);
    if (restricted || json_is_true(json_object_get(row, "out_of_capacity")) ||
        json_is_true(json_object_get(row, "frozen")))
        return;
    assert_int_equal(json_array_size(fees), size);
    struct found like = { .minute = minute_of(row), .holes = (int)holes };
    like.hole = (int)json_integer_value(json_object_get(row, "hole"));
    like.ref = json_integer_value(json_object_get(row, "id"));
    if (several)
        (void)snprintf(like.routing, sizeof(like.routing), "%lld",
                       (long long)json_integer_value(json_object_get(row, "course_id")));
    bool is_new;
    struct found *item = find_or_add(all, &like, &is_new);
    if (is_new)
        set_price(item, json_array_get(fees, 0));
    item->party |= 1u << (size - 1);
    assert_int_equal(item->ref, like.ref);
}

/* One V1 question; false: out of the booking range. */
static bool collect_v1_size(const struct sim_world *world, const struct sim_row *row,
                            const struct sim_course *course, int32_t date, unsigned holes,
                            unsigned size, struct collected *all)
{
    char storage[512];
    struct buf url = buf_over(storage, sizeof(storage));
    v1_url(&url, course, date, holes, size);
    if (ask(world, storage).status == 422) {
        assert_non_null(strstr(body, "out of your booking range"));
        return false;
    }
    struct sim_reply reply;
    json_t *rows = ask_json(world, storage, &reply);
    size_t i;
    json_t *one;
    assert_true(json_is_array(rows));
    json_array_foreach(rows, i, one) read_v1_row(all, one, holes, size, row->courses_count > 1);
    json_decref(rows);
    return true;
}

static void collect_v1(const struct sim_world *world, const struct sim_row *row, int32_t date,
                       struct collected *all)
{
    bool released = true;
    for (uint32_t c = 0; c < row->courses_count; c++) {
        const struct sim_course *course = &row->club->courses[c];
        for (uint32_t h = 0; h < course->holes_count; h++)
            for (unsigned size = 1; size <= 4; size++)
                released &=
                    collect_v1_size(world, row, course, date, course->holes[h], size, all);
    }
    all->outcome = !released ? "not_released" : all->count ? "open" : "none_open";
}

static void read_v2_row(struct collected *all, const json_t *row, bool several)
{
    json_t *course = json_object_get(row, "course");
    json_t *price = json_object_get(row, "default_price");
    json_t *holes;
    size_t i;
    if (json_is_true(json_object_get(row, "frozen")))
        return;
    json_array_foreach(json_object_get(course, "bookable_holes"), i, holes)
    {
        struct found like = { .minute = minute_of(row), .price = -1, .cart = -1 };
        like.holes = (int)json_integer_value(holes);
        like.hole = (int)json_integer_value(json_object_get(row, "hole"));
        like.ref = json_integer_value(json_object_get(row, "id"));
        (void)snprintf(like.basis, sizeof(like.basis), "unknown");
        if (several)
            (void)snprintf(like.routing, sizeof(like.routing), "%s",
                           json_string_value(json_object_get(course, "name")));
        if (json_is_object(price))
            (void)snprintf(like.rate, sizeof(like.rate), "%s",
                           json_string_value(json_object_get(price, "affiliation_type")));
        json_int_t max = json_integer_value(json_object_get(row, "max_player_size"));
        for (json_int_t n = json_integer_value(json_object_get(row, "min_player_size"));
             n <= max; n++)
            like.party |= 1u << (n - 1);
        bool is_new;
        struct found *item = find_or_add(all, &like, &is_new);
        assert_true(is_new);
        if (json_is_object(price) &&
            json_integer_value(json_object_get(price, "bookable_holes")) == like.holes)
            set_price(item, price);
    }
}

/* What a first page without slots, or all pages, say. */
static const char *v2_outcome(const char *status, const struct collected *all)
{
    if (all->count > 0)
        return "open";
    return strcmp(status, "open") == 0 ? "none_open" : status;
}

static void collect_v2(const struct sim_world *world, const struct sim_row *row, int32_t date,
                       struct collected *all)
{
    char first_status[16] = "";
    json_int_t seen = 0, total = 1;
    for (int page = 1; seen < total; page++) {
        char storage[512];
        struct buf url = buf_over(storage, sizeof(storage));
        struct sim_reply reply;
        v2_url(&url, row, date, page);
        json_t *json = ask_json(world, storage, &reply);
        json_t *rows = json_object_get(json, "teetimes"), *one;
        size_t i;
        total = (json_int_t)reply.total;
        seen += (json_int_t)json_array_size(rows);
        assert_true(json_array_size(rows) == 24 || seen == total);
        if (page == 1)
            (void)snprintf(first_status, sizeof(first_status), "%s",
                           json_string_value(json_object_get(json, "status")));
        json_array_foreach(rows, i, one) read_v2_row(all, one, row->courses_count > 1);
        json_decref(json);
    }
    /* The literals outlive this call. */
    const char *outcome = v2_outcome(first_status, all);
    all->outcome = strcmp(outcome, "sold_out") == 0 ? "sold_out"
                   : strcmp(outcome, "closed") == 0 ? "closed"
                                                    : outcome;
}

/* --- comparing --- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

typedef char line[160];

static void assert_collects_truth(const struct sim_world *world, const struct sim_row *row,
                                  int32_t date)
{
    static struct collected all;
    static struct sim_truths truths;
    static line left[LINES_MAX], right[LINES_MAX];
    memset(&all, 0, sizeof(all));
    if (chronogolf_is_v1(row->club))
        collect_v1(world, row, date, &all);
    else
        collect_v2(world, row, date, &all);
    sim_chronogolf.truth(world, row, date, &truths);
    assert_string_equal(all.outcome, truths.outcome);
    assert_int_equal(all.count, truths.count);
    for (uint32_t i = 0; i < truths.count; i++) {
        const struct found *f = &all.items[i];
        const struct sim_truth *t = &truths.items[i];
        (void)snprintf(left[i], sizeof(line), "%04d %d %d %s %u %d %s %d %s %lld", f->minute,
                       f->holes, f->hole, f->routing, f->party, f->price, f->basis, f->cart,
                       f->rate, (long long)f->ref);
        (void)snprintf(right[i], sizeof(line), "%04d %d %d %s %u %d %s %d %s %lld", t->minute,
                       t->holes, t->start_hole, t->routing, t->party_sizes, t->price_cents,
                       t->price_basis, t->cart_cents, t->rate_name, (long long)t->ref);
    }
    qsort(left, truths.count, sizeof(line), compare_lines);
    qsort(right, truths.count, sizeof(line), compare_lines);
    for (uint32_t i = 0; i < truths.count; i++)
        assert_string_equal(left[i], right[i]);
}

static void test_replies_give_the_truth(void **state)
{
    (void)state;
    struct fleet *fleet = fleet_of((struct fleet_options){
        .seed = 3, .rows = 48, .window_days = 9, .short_window_percent = 30 });
    struct sim_world world = { fleet, 20, instant("2026-10-31T17:20:00Z") };
    int32_t today = date_of("2026-10-31"); /* clocks change on the next day */
    for (uint32_t i = 0; i < fleet->rows_count; i++)
        for (int32_t date = today - 1; date <= today + 10; date++)
            assert_collects_truth(&world, &fleet->rows[i], date);
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
    struct sim_world world = { fleet, 0, instant("2026-12-01T08:00:00Z") };
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

static char *catalogue(const struct fleet *fleet)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct error error;
    assert_non_null(out);
    assert_int_equal(fleet_write_catalogue(fleet, out, &error), TS_ERR_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

static unsigned lines_of(const char *text)
{
    unsigned count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
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
    struct sim_world before = { fleet, churn, instant("2026-12-01T08:30:00Z") };
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
    assert_in_range(sheets_changed(100, 3600), 425,
                    500); /* empty and full days do not change */
}

static void test_past_starts_vanish(void **state)
{
    (void)state;
    static struct sim_sheet early, late;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 60 });
    struct sim_world morning = { fleet, 0, instant("2026-12-01T09:00:00Z") };
    struct sim_world noon = { fleet, 0, instant("2026-12-01T18:00:00Z") };
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
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z") };
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
                                   zone_instant(club->zone, date - 7, club->opens_minute) };
        sim_chronogolf.truth(&world, row, date, &truths);
        assert_string_not_equal(truths.outcome, "not_released");
        assert_collects_truth(&world, row, date);
        world.now--;
        sim_chronogolf.truth(&world, row, date, &truths);
        assert_string_equal(truths.outcome, chronogolf_is_v1(club) ? "not_released" : "closed");
        assert_collects_truth(&world, row, date);
    }
    fleet_free(fleet);
}

/* --- requests --- */

static void test_one_request_serves_both_rows(void **state)
{
    (void)state;
    struct fleet *fleet =
        fleet_of((struct fleet_options){ .seed = 1, .rows = 40, .mix = SIM_MIX_V2 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z") };
    for (uint32_t i = 0; i + 1 < fleet->rows_count; i++) {
        struct sim_row both = fleet->rows[i];
        if (both.club != fleet->rows[i + 1].club)
            continue;
        both.courses_count = 2;
        for (int32_t d = 1; d < 20; d++)
            assert_collects_truth(&world, &both, date_of("2026-12-01") + d);
    }
    fleet_free(fleet);
}

static void assert_status(const struct sim_world *world, uint16_t status, const char *format,
                          ...)
{
    char url[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(url, sizeof(url), format, args);
    va_end(args);
    if (ask(world, url).status != status)
        fail_msg("%s: not %u but %s", url, status, body);
}

static void test_wrong_requests_are_refused(void **state)
{
    (void)state;
    struct fleet *fleet = fleet_of((struct fleet_options){ .seed = 1, .rows = 6 });
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z") };
    const struct sim_club *v1 = fleet->rows[0].club, *v2 = fleet->rows[1].club;
    int id = (int)v1->id, course = (int)v1->courses[0].id, player = (int)v1->affiliation_id;
    const char *v1_path = "/marketplace/clubs/%d/teetimes?date=%s&course_id=%d&nb_holes=%d"
                          "&affiliation_type_ids[]=%d%s";
    assert_status(&world, 200, v1_path, id, "2026-12-05", course, 18, player, "");
    assert_status(&world, 404, v1_path, id + 1, "2026-12-05", course, 18, player, "");
    assert_status(&world, 400, v1_path, id, "2026-02-30", course, 18, player, "");
    assert_status(&world, 422, v1_path, id, "2026-12-05", course + 1, 18, player, "");
    assert_status(&world, 422, v1_path, id, "2026-12-05", course, 9, player, "");
    assert_status(&world, 422, v1_path, id, "2026-12-05", course, 18, player + 1, "");
    assert_string_equal(body, "Player type provided is not valid");
    assert_status(&world, 400, v1_path, id, "2026-12-05", course, 18, player, "&players=2");
    assert_status(&world, 400, v1_path, id, "2026-12-05", course, 18, player, "&nb_holes=18");
    assert_status(&world, 422,
                  "/marketplace/clubs/%d/teetimes?date=2026-12-05&course_id=%d&nb_holes=18", id,
                  course);
    const char *v2_path = "/marketplace/v2/teetimes?start_date=%s&course_ids=%s&page=%s";
    const char *uuid = v2->courses[0].uuid;
    assert_status(&world, 200, v2_path, "2026-12-05", uuid, "1");
    assert_status(&world, 200, v2_path, "2026-12-05", uuid, "99");
    assert_string_equal(body, "{\"status\":\"sold_out\",\"teetimes\":[]}");
    assert_status(&world, 400, v2_path, "2026-12-05", uuid, "0");
    assert_status(&world, 404, v2_path, "2026-12-05", v1->courses[0].uuid, "1");
    assert_status(&world, 404, v2_path, "2026-12-05", "nonsense", "1");
    fleet_free(fleet);
}

/* --- the recordings --- */

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
    struct sim_world world = { fleet, 0, instant("2026-12-01T09:00:00Z") };
    struct sim_reply reply;
    char storage[512];
    struct buf url = buf_over(storage, sizeof(storage));
    v1_url(&url, &fleet->rows[0].club->courses[0], date_of("2026-12-05"), 18, 4);
    json_t *v1 = ask_json(&world, storage, &reply);
    assert_same_keys(v1, RECORDINGS "putnamcounty-v1-1p.json");
    assert_same_keys(v1, RECORDINGS "greenbryre-v1-12h-4p-first15.json");
    assert_in_range(writer_len(&reply.body), 25000, 175000);
    json_decref(v1);
    buf_reset(&url);
    v2_url(&url, &fleet->rows[1], date_of("2026-12-05"), 1);
    json_t *v2 = ask_json(&world, storage, &reply);
    assert_same_keys(v2, RECORDINGS "willows-v2-2026-07-17-page1.json");
    json_decref(v2);
    fleet_free(fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue_has_n_rows_and_is_stable),
        cmocka_unit_test(test_kinds_restrict_the_mix),
        cmocka_unit_test(test_starts_follow_the_course),
        cmocka_unit_test(test_past_starts_vanish),
        cmocka_unit_test(test_churn_changes_sheets_by_the_hour),
        cmocka_unit_test(test_window_opens_at_its_minute),
        cmocka_unit_test(test_all_outcomes_and_kinds_occur),
        cmocka_unit_test(test_replies_give_the_truth),
        cmocka_unit_test(test_one_request_serves_both_rows),
        cmocka_unit_test(test_wrong_requests_are_refused),
        cmocka_unit_test(test_fields_are_those_of_the_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
