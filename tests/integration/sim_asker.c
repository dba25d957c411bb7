/* sim_asker.c: asking, keeping, comparing. */
#include "integration/sim_asker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

char asker_body[ASKER_BODY_CAP];

static const char *find_header(const void *ctx, const char *name)
{
    const struct asker_question *question = ctx;
    for (size_t i = 0; question->headers[i]; i += 2) {
        if (str_equal_nocase(str_of(question->headers[i]), str_of(name)))
            return question->headers[i + 1];
    }
    return NULL;
}

struct sim_reply asker_ask(const struct sim_world *world, const struct asker_question *question)
{
    struct str rest = str_of(question->path), pair;
    struct sim_request request = { .host = str_of(question->host),
                                   .is_post = question->body != NULL,
                                   .body = str_of(question->body),
                                   .header = find_header,
                                   .headers = question };
    assert_true(str_split(&rest, '?', &request.path));
    while (str_split(&rest, '&', &pair)) {
        struct sim_arg *arg = &request.args[request.args_count++];
        assert_true(str_split(&pair, '=', &arg->name));
        arg->value = pair;
    }
    struct sim_reply reply = { .status = 200, .total = -1, .per_page = -1 };
    reply.body = writer_over(asker_body, sizeof(asker_body) - 1, false);
    assert_true(question->engine->owns(&request));
    question->engine->answer(world, &request, &reply);
    assert_false(reply.body.overflow);
    *reply.body.at = '\0';
    return reply;
}

json_t *asker_ask_json(const struct sim_world *world, const struct asker_question *question)
{
    json_error_t error;
    struct sim_reply reply = asker_ask(world, question);
    if (reply.status != 200)
        fail_msg("%s: %d %s", question->path, reply.status, asker_body);
    assert_false(reply.is_text);
    json_t *json = json_loadb(asker_body, writer_len(&reply.body),
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        fail_msg("%s: %s", question->path, error.text);
    return json;
}

struct sim_truth *asker_add(struct asker_found *found, unsigned minute, unsigned holes,
                            unsigned start_hole)
{
    assert_true(found->count < ASKER_FOUND_MAX);
    struct sim_truth *item = &found->items[found->count++];
    *item = (struct sim_truth){ .minute = (uint16_t)minute,
                                .holes = (uint8_t)holes,
                                .start_hole = (uint8_t)start_hole,
                                .price_cents = -1,
                                .cart_cents = -1,
                                .price_basis = "unknown",
                                .rate_name = "" };
    return item;
}

void asker_party(struct sim_truth *item, unsigned min, unsigned max)
{
    for (unsigned size = min; size <= max; size++)
        item->party_sizes = (uint8_t)(item->party_sizes | 1u << (size - 1));
}

int32_t asker_cents(const json_t *value)
{
    double dollars = -1;
    if (json_is_string(value))
        (void)sscanf(json_string_value(value), "%lf", &dollars);
    else if (json_is_number(value))
        dollars = json_number_value(value);
    return dollars < 0 ? -1 : (int32_t)(dollars * 100 + 0.5);
}

/* --- comparing --- */

static int order_of(const struct sim_truth *a, const struct sim_truth *b)
{
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    if (a->holes != b->holes)
        return a->holes < b->holes ? -1 : 1;
    if (a->start_hole != b->start_hole)
        return a->start_hole < b->start_hole ? -1 : 1;
    return strcmp(a->routing, b->routing);
}

static int compare(const void *a, const void *b)
{
    return order_of(a, b);
}

/* Written apart from sim_truth_merge, which it checks. */
static void merge(struct asker_found *found)
{
    for (uint32_t i = 0; i < found->count; i++) {
        struct sim_truth *first = &found->items[i];
        uint32_t kept = i + 1;
        for (uint32_t k = i + 1; k < found->count; k++) {
            struct sim_truth *later = &found->items[k];
            if (order_of(first, later) != 0) {
                found->items[kept++] = *later;
                continue;
            }
            first->party_sizes |= later->party_sizes;
            if (later->price_cents < 0 ||
                (first->price_cents >= 0 && first->price_cents <= later->price_cents))
                continue;
            struct sim_truth winner = *later;
            winner.party_sizes = first->party_sizes;
            memcpy(winner.ref, first->ref, sizeof(winner.ref));
            *first = winner;
        }
        found->count = kept;
    }
}

typedef char line[256];

static void print_line(line out, const struct sim_truth *t)
{
    (void)snprintf(out, sizeof(line),
                   "%02d:%02d %d from %d '%s' party %u %d %s cart %d '%s' %s", t->minute / 60,
                   t->minute % 60, t->holes, t->start_hole, t->routing, t->party_sizes,
                   t->price_cents, t->price_basis, t->cart_cents, t->rate_name, t->ref);
}

void asker_assert_truth(const struct sim_world *world, const struct sim_row *row, int32_t date,
                        struct asker_found *found)
{
    static struct sim_truths truths;
    merge(found);
    row->club->engine->truth(world, row, date, &truths);
    assert_string_equal(found->outcome, truths.outcome);
    qsort(truths.items, truths.count, sizeof(truths.items[0]), compare);
    qsort(found->items, found->count, sizeof(found->items[0]), compare);
    for (uint32_t i = 0; i < truths.count && i < found->count; i++) {
        line left, right;
        print_line(left, &found->items[i]);
        print_line(right, &truths.items[i]);
        assert_string_equal(left, right);
    }
    assert_int_equal(found->count, truths.count);
}

/* --- small things --- */

struct fleet *asker_fleet(const struct sim_engine *engine, uint32_t rows)
{
    struct fleet *fleet = NULL;
    struct error error = { 0 };
    struct fleet_options options = {
        .seed = 7, .rows = rows, .window_days = 9, .engines_count = 1, .engines = { engine }
    };
    if (fleet_new(&options, &fleet, &error))
        fail_msg("%s", error.text);
    return fleet;
}

int32_t asker_date(const char *text)
{
    int32_t date = 0;
    assert_true(day_parse(str_of(text), &date));
    return date;
}

int64_t asker_instant(const char *text)
{
    int64_t value = 0;
    assert_true(instant_parse(str_of(text), &value));
    return value;
}

const char *asker_iso(int32_t date)
{
    static char storage[4][16];
    static unsigned next;
    struct buf out = buf_over(storage[next++ % 4], sizeof(storage[0]));
    day_format(date, &out);
    return out.ptr;
}

void asker_assert_keys(json_t *row, json_t *recorded)
{
    const char *key;
    json_t *value;
    json_object_foreach(recorded, key, value)
    {
        if (!json_object_get(row, key))
            fail_msg("the simulated row lacks \"%s\"", key);
    }
    json_object_foreach(row, key, value)
    {
        if (!json_object_get(recorded, key))
            fail_msg("the recording lacks \"%s\"", key);
    }
}
