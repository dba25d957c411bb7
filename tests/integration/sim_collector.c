/* sim_collector.c: asks the simulated Chronogolf as a collector does, and compares with the
 * truth. */
#include "integration/sim_collector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chronogolf.h"
#include "support/unit.h"

#define BODY_CAP  (384 * 1024)
#define LINES_MAX SIM_TRUTHS_MAX

char sim_body[BODY_CAP];

/* --- asking --- */

/* "path?name=value&…", undecoded; replies go to `body`. */
struct sim_reply sim_ask(const struct sim_world *world, const char *url)
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
    reply.body = writer_over(sim_body, sizeof(sim_body) - 1, false);
    assert_true(sim_chronogolf.owns(&request));
    sim_chronogolf.answer(world, &request, &reply);
    assert_false(reply.body.overflow);
    *reply.body.at = '\0';
    return reply;
}

json_t *sim_ask_json(const struct sim_world *world, const char *url,
                     struct sim_reply *ret_reply)
{
    json_error_t error;
    *ret_reply = sim_ask(world, url);
    json_t *json =
        json_loadb(sim_body, writer_len(&ret_reply->body), JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("%s: %s", url, error.text);
    return json;
}

void sim_v1_url(struct buf *url, const struct sim_course *course, int32_t date, unsigned holes,
                unsigned size)
{
    buf_printf(url, "/marketplace/clubs/%lld/teetimes?date=", (long long)course->club->id);
    day_format(date, url);
    buf_printf(url, "&course_id=%lld&nb_holes=%u", (long long)course->id, holes);
    for (unsigned i = 0; i < size; i++)
        buf_printf(url, "&affiliation_type_ids[]=%lld",
                   (long long)course->club->affiliation_id);
}

void sim_v2_url(struct buf *url, const struct sim_row *row, int32_t date, int page)
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
    sim_v1_url(&url, course, date, holes, size);
    if (sim_ask(world, storage).status == 422) {
        assert_non_null(strstr(sim_body, "out of your booking range"));
        return false;
    }
    struct sim_reply reply;
    json_t *rows = sim_ask_json(world, storage, &reply);
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
        sim_v2_url(&url, row, date, page);
        json_t *json = sim_ask_json(world, storage, &reply);
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

void sim_assert_collects_truth(const struct sim_world *world, const struct sim_row *row,
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
        (void)snprintf(right[i], sizeof(line), "%04d %d %d %s %u %d %s %d %s %s", t->minute,
                       t->holes, t->start_hole, t->routing, t->party_sizes, t->price_cents,
                       t->price_basis, t->cart_cents, t->rate_name, t->ref);
    }
    qsort(left, truths.count, sizeof(line), compare_lines);
    qsort(right, truths.count, sizeof(line), compare_lines);
    for (uint32_t i = 0; i < truths.count; i++)
        assert_string_equal(left[i], right[i]);
}
