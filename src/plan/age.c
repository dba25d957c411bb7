/* age.c: reading --max-age. */
#include "plan/age.h"

#include "base/clock.h"

static bool parse_days(struct str text, struct plan_age_tier *tier)
{
    int64_t from, to;
    struct str first;
    if (text.len > 1 && text.ptr[text.len - 1] == '+') {
        text.len--;
        to = UINT16_MAX;
        if (!str_to_i64(text, 0, UINT16_MAX, &from))
            return false;
    } else {
        if (!str_split(&text, '-', &first) || !str_to_i64(first, 0, UINT16_MAX, &from))
            return false;
        to = from;
        if (text.len > 0 && !str_to_i64(text, from, UINT16_MAX, &to))
            return false;
    }
    tier->from_days = (uint16_t)from;
    tier->to_days = (uint16_t)to;
    return true;
}

static bool parse_tier(struct str text, struct plan_age_tier *tier)
{
    struct str days, limit = text;
    int64_t us;
    *tier = (struct plan_age_tier){ .to_days = UINT16_MAX };
    if (memchr(text.ptr, '=', text.len)) {
        if (!str_split(&limit, '=', &days) || !parse_days(days, tier))
            return false;
    }
    if (!str_to_duration(limit, &us))
        return false;
    tier->max_age_s = us / CLOCK_SECOND_US;
    return true;
}

ts_err plan_ages_parse(struct str text, struct plan_ages *ret_ages, struct error *reterr)
{
    struct plan_ages ages = { 0 };
    struct str part;
    while (str_split(&text, ',', &part)) {
        if (ages.count == PLAN_AGE_TIERS_MAX)
            return error_set(reterr, TS_ERR_USAGE, "more than %d parts", PLAN_AGE_TIERS_MAX);
        if (part.len == 0 || !parse_tier(part, &ages.tiers[ages.count]))
            return error_set(reterr, TS_ERR_USAGE,
                             "cannot read \"%.*s\": a duration (1h) or limits by days ahead"
                             " (0-1=15m,2-7=1h,8+=6h) are expected",
                             STR_ARGS(part));
        ages.count++;
    }
    *ret_ages = ages;
    return TS_ERR_OK;
}

int64_t plan_ages_limit(const struct plan_ages *ages, int32_t days_ahead)
{
    for (uint32_t i = 0; i < ages->count; i++) {
        const struct plan_age_tier *tier = &ages->tiers[i];
        if (days_ahead >= tier->from_days && days_ahead <= tier->to_days)
            return tier->max_age_s;
    }
    return 0;
}

int64_t plan_ages_shortest(const struct plan_ages *ages)
{
    int64_t shortest = INT64_MAX;
    for (uint32_t i = 0; i < ages->count; i++) {
        int64_t limit = ages->tiers[i].max_age_s;
        if (limit > 0 && limit < shortest)
            shortest = limit;
    }
    return shortest < INT64_MAX ? shortest : 1;
}
