/* sim_tenant_harness.c: requests by hand, and lists that are compared line by line. */
#include "integration/sim_tenant_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"

#define BODY_CAP   (384 * 1024)
#define RECORDINGS TS_SOURCE_DIR "/../shared/recordings/"

char harness_body[BODY_CAP];

int64_t harness_instant(const char *text)
{
    int64_t value = 0;
    assert_true(instant_parse(str_of(text), &value));
    return value;
}

int32_t harness_date(const char *text)
{
    int32_t value = 0;
    assert_true(day_parse(str_of(text), &value));
    return value;
}

struct fleet *harness_fleet(const struct sim_engine *engine, uint32_t rows)
{
    struct fleet_options options = { .seed = 3, .rows = rows, .window_days = 6 };
    struct fleet *fleet = NULL;
    struct error error;
    options.engines[0] = engine;
    options.engines_count = 1;
    if (fleet_new(&options, &fleet, &error))
        fail_msg("%s", error.text);
    return fleet;
}

static const char *find_header(const void *ctx, const char *name)
{
    const struct harness_request *request = ctx;
    for (size_t i = 0; i < HARNESS_HEADERS_MAX && request->headers[i][0]; i++) {
        if (str_equal_nocase(str_of(request->headers[i][0]), str_of(name)))
            return request->headers[i][1];
    }
    return NULL;
}

struct sim_reply harness_ask(const struct sim_world *world, const struct sim_engine *engine,
                             const struct harness_request *asked)
{
    struct str rest = str_of(asked->url), path, pair;
    assert_true(str_split(&rest, '?', &path));
    struct sim_request request = { .host = str_of(asked->host), .path = path };
    request.is_post = asked->body != NULL;
    request.body = str_of(asked->body);
    request.header = find_header;
    request.headers = asked;
    request.number = asked->number;
    request.memory = asked->memory;
    request.throttled_empty = asked->throttled_empty;
    request.no_table = asked->no_table;
    while (str_split(&rest, '&', &pair)) {
        struct sim_arg *arg = &request.args[request.args_count++];
        assert_true(str_split(&pair, '=', &arg->name));
        arg->value = pair;
    }
    struct sim_reply reply = { .status = 200, .total = -1, .per_page = -1 };
    reply.body = writer_over(harness_body, sizeof(harness_body) - 1, false);
    assert_true(engine->owns(&request));
    engine->answer(world, &request, &reply);
    assert_false(reply.body.overflow);
    *reply.body.at = '\0';
    return reply;
}

json_t *harness_ask_json(const struct sim_world *world, const struct sim_engine *engine,
                         const struct harness_request *request)
{
    json_error_t error;
    (void)harness_ask(world, engine, request);
    json_t *json = json_loads(harness_body, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json)
        fail_msg("%s: %s in %.200s", request->url, error.text, harness_body);
    return json;
}

json_t *harness_attributes(const struct sim_row *row)
{
    char storage[1024];
    struct buf out = buf_over(storage, sizeof(storage));
    row->club->engine->attributes(row, &out);
    json_t *json = json_loads(storage, 0, NULL);
    assert_non_null(json);
    return json;
}

void harness_add(struct found_list *list, const struct found *found)
{
    for (int i = 0; i < list->count; i++) {
        struct found *item = &list->items[i];
        if (item->minute != found->minute || item->holes != found->holes ||
            item->hole != found->hole || strcmp(item->routing, found->routing) != 0)
            continue;
        struct found first = *item;
        if (found->price >= 0 && (item->price < 0 || found->price < item->price))
            *item = *found;
        item->party = first.party | found->party;
        memcpy(item->ref, first.ref, sizeof(item->ref));
        return;
    }
    assert_true(list->count < HARNESS_FOUND_MAX);
    list->items[list->count++] = *found;
}

bool harness_is_reduced(const char *rate)
{
    static const char *const words[] = { "Junior", "Senior", "Military", "Student", "Member" };
    for (size_t i = 0; i < TS_COUNT_OF(words); i++) {
        if (strstr(rate, words[i]) && !strstr(rate, "Non-Member"))
            return true;
    }
    return false;
}

typedef char line[256];

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

void harness_assert_truth(const struct sim_world *world, const struct sim_row *row,
                          int32_t date, const char *outcome, const struct found_list *list,
                          unsigned *compared)
{
    static struct sim_truths truths;
    static line left[HARNESS_FOUND_MAX], right[HARNESS_FOUND_MAX];
    row->club->engine->truth(world, row, date, &truths);
    assert_string_equal(outcome, truths.outcome);
    assert_int_equal(list->count, truths.count);
    for (uint32_t i = 0; i < truths.count; i++) {
        const struct found *f = &list->items[i];
        const struct sim_truth *t = &truths.items[i];
        (void)snprintf(left[i], sizeof(line), "%04d %d %d '%s' %u %d %s %d '%s' %s", f->minute,
                       f->holes, f->hole, f->routing, f->party, f->price, f->basis, f->cart,
                       f->rate, f->ref);
        (void)snprintf(right[i], sizeof(line), "%04d %d %d '%s' %u %d %s %d '%s' %s", t->minute,
                       t->holes, t->start_hole, t->routing, t->party_sizes, t->price_cents,
                       t->price_basis, t->cart_cents, t->rate_name, t->ref);
    }
    qsort(left, truths.count, sizeof(line), compare_lines);
    qsort(right, truths.count, sizeof(line), compare_lines);
    for (uint32_t i = 0; i < truths.count; i++)
        assert_string_equal(left[i], right[i]);
    *compared += truths.count;
}

void harness_assert_has_fields(json_t *ours, json_t *theirs, const char *path)
{
    const char *key;
    json_t *value;
    assert_true(json_is_object(ours));
    json_object_foreach(theirs, key, value)
    {
        char below[256];
        json_t *own = json_object_get(ours, key);
        (void)snprintf(below, sizeof(below), "%s.%s", path, key);
        if (!own || (json_typeof(own) != json_typeof(value) &&
                     !(json_is_boolean(own) && json_is_boolean(value))))
            fail_msg("%s is missing or of another type", below);
        if (json_is_object(value))
            harness_assert_has_fields(own, value, below);
        else if (json_is_object(json_array_get(value, 0)))
            harness_assert_has_fields(json_array_get(own, 0), json_array_get(value, 0), below);
    }
}

void harness_assert_all_occurred(const void *counters, size_t size)
{
    for (size_t at = 0; at < size; at += sizeof(unsigned)) {
        unsigned count;
        memcpy(&count, (const char *)counters + at, sizeof(count));
        if (count == 0)
            fail_msg("what counter %zu counts never occurred", at / sizeof(unsigned));
    }
}

json_t *harness_recording(const char *path)
{
    char whole[256];
    (void)snprintf(whole, sizeof(whole), RECORDINGS "%s", path);
    if (access(RECORDINGS, R_OK) != 0) {
        print_message("skipped: %s is not here\n", RECORDINGS);
        return NULL;
    }
    json_t *json = json_load_file(whole, 0, NULL);
    assert_non_null(json);
    return json;
}
