/* engine.c: the list of simulated engines; helpers for their requests, replies and truth. */
#include "engine.h"

#include <assert.h>

#include "chronogolf.h"
#include "cps.h"
#include "foreup.h"
#include "golfback.h"
#include "membersports.h"
#include "quick18.h"
#include "teeitup.h"
#include "teesnap.h"

const struct sim_engine *const sim_engines[] = {
    &sim_chronogolf, &sim_foreup,  &sim_golfback, &sim_membersports,
    &sim_teesnap,    &sim_teeitup, &sim_cps,      &sim_quick18,
};
const uint32_t sim_engines_count = TS_COUNT_OF(sim_engines);
_Static_assert(TS_COUNT_OF(sim_engines) <= SIM_ENGINES_MAX, "a fleet can hold all engines");

const struct sim_engine *sim_engine_by_name(struct str name)
{
    for (uint32_t i = 0; i < sim_engines_count; i++) {
        if (str_equal(name, str_of(sim_engines[i]->name)))
            return sim_engines[i];
    }
    return NULL;
}

bool sim_request_arg(const struct sim_request *request, struct str name, struct str *ret_value)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < request->args_count; i++) {
        if (!str_equal(request->args[i].name, name))
            continue;
        *ret_value = request->args[i].value;
        found++;
    }
    return found == 1;
}

struct str sim_request_header(const struct sim_request *request, const char *name)
{
    const char *value = request->header ? request->header(request->headers, name) : NULL;
    return str_of(value ? value : "");
}

bool sim_request_is_json(const struct sim_request *request)
{
    struct str rest = sim_request_header(request, "Content-Type"), type;
    return str_split(&rest, ';', &type) &&
           str_equal_nocase(str_trim(type), STR("application/json"));
}

void sim_reply_refuse(struct sim_reply *reply, uint16_t status, const char *text)
{
    reply->status = status;
    reply->is_text = true;
    reply->body.at = reply->body.start;
    put_text(&reply->body, text);
}

struct sim_truth *sim_truth_add(struct sim_truths *truths, uint16_t minute, uint8_t holes,
                                uint8_t start_hole)
{
    assert(truths->count < SIM_TRUTHS_MAX);
    struct sim_truth *truth = &truths->items[truths->count++];
    *truth = (struct sim_truth){
        .minute = minute,
        .holes = holes,
        .start_hole = start_hole,
        .price_cents = SIM_UNKNOWN_CENTS,
        .cart_cents = SIM_UNKNOWN_CENTS,
        .price_basis = "unknown",
        .rate_name = "",
    };
    return truth;
}

static bool same_key(const struct sim_truth *a, const struct sim_truth *b)
{
    return a->minute == b->minute && a->holes == b->holes && a->start_hole == b->start_hole &&
           strcmp(a->routing, b->routing) == 0;
}

static void merge_into(struct sim_truth *first, const struct sim_truth *later)
{
    first->party_sizes |= later->party_sizes;
    if (later->price_cents < 0 ||
        (first->price_cents >= 0 && first->price_cents <= later->price_cents))
        return;
    first->price_cents = later->price_cents;
    first->price_basis = later->price_basis;
    first->cart_cents = later->cart_cents;
    first->rate_name = later->rate_name;
}

void sim_truth_merge(struct sim_truths *truths)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < truths->count; i++) {
        uint32_t at = 0;
        while (at < kept && !same_key(&truths->items[at], &truths->items[i]))
            at++;
        if (at < kept)
            merge_into(&truths->items[at], &truths->items[i]);
        else
            truths->items[kept++] = truths->items[i];
    }
    truths->count = kept;
}
