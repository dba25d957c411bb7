/* tee_sheet.c: sealing: order, merging, digest, outcome. */
#include "domain/tee_sheet.h"

#include "base/day.h"
#include "base/hash.h"
#include "base/sort.h"

static int compare_tee_times(const void *a, const void *b)
{
    return tee_time_compare(a, b);
}

static void drop_price(struct tee_time *tee_time)
{
    tee_time->price_cents = TEE_TIME_PRICE_UNKNOWN;
    tee_time->cart_fee_cents = TEE_TIME_PRICE_UNKNOWN;
    tee_time->price_basis = PRICE_BASIS_UNKNOWN;
}

static bool is_reduced(const struct tee_time *tee_time)
{
    return tee_time_rate_is_reduced(str_of(tee_time->rate_name));
}

/* Whether the rate of `other` replaces that of `kept`: a public rate before a reduced one, then
 * the lower price; prices of reduced rates are gone already. */
static bool has_better_rate(const struct tee_time *other, const struct tee_time *kept)
{
    bool other_is_reduced = is_reduced(other);
    if (other_is_reduced != is_reduced(kept))
        return !other_is_reduced;
    return other->price_cents != TEE_TIME_PRICE_UNKNOWN &&
           (kept->price_cents == TEE_TIME_PRICE_UNKNOWN ||
            other->price_cents < kept->price_cents);
}

static void merge_into(struct tee_time *kept, const struct tee_time *other)
{
    kept->party_sizes |= other->party_sizes;
    if (!has_better_rate(other, kept))
        return;
    kept->price_cents = other->price_cents;
    kept->cart_fee_cents = other->cart_fee_cents;
    kept->price_basis = other->price_basis;
    kept->rate_name = other->rate_name;
}

static uint32_t merge_equal(struct tee_sheet *sheet)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        struct tee_time *tee_time = &sheet->tee_times[i];
        if (is_reduced(tee_time))
            drop_price(tee_time);
        if (kept && tee_time_compare(&sheet->tee_times[kept - 1], tee_time) == 0)
            merge_into(&sheet->tee_times[kept - 1], tee_time);
        else
            sheet->tee_times[kept++] = *tee_time;
    }
    uint32_t merged = sheet->tee_times_count - kept;
    sheet->tee_times_count = kept;
    return merged;
}

/* With the NUL, so that neighbouring texts cannot run into each other. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text) + 1);
}

static uint64_t hash_tee_time(uint64_t hash, const struct tee_time *tee_time)
{
    hash = hash_u64(hash, (uint64_t)tee_time->start_minute << 32 |
                              (uint64_t)tee_time->holes << 24 |
                              (uint64_t)tee_time->start_hole << 16 |
                              (uint64_t)tee_time->party_sizes << 8 | tee_time->price_basis);
    hash = hash_u64(hash, (uint64_t)(uint32_t)tee_time->price_cents << 32 |
                              (uint32_t)tee_time->cart_fee_cents);
    hash = hash_text(hash, tee_time->routing);
    hash = hash_text(hash, tee_time->rate_name);
    hash = hash_text(hash, tee_time->engine_ref);
    return hash_text(hash, tee_time->url_template);
}

/* Currency and zone belong to it: a corrected catalogue changes what is stored. */
static uint64_t digest(const struct tee_sheet *sheet)
{
    uint64_t hash = hash_u64(HASH_START, sheet->tee_times_count);
    if (sheet->tee_times_count) {
        hash = hash_text(hash, sheet->currency ? sheet->currency : "");
        hash = hash_text(hash, sheet->zone ? zone_name(sheet->zone) : "");
    }
    for (uint32_t i = 0; i < sheet->tee_times_count; i++)
        hash = hash_tee_time(hash, &sheet->tee_times[i]);
    return hash;
}

uint32_t tee_sheet_seal(struct tee_sheet *sheet)
{
    if (!outcome_is_observed(sheet->outcome))
        sheet->tee_times_count = 0;
    if (sheet->tee_times_count)
        sort_stable(sheet->tee_times, sheet->tee_times_count, sizeof(*sheet->tee_times),
                    compare_tee_times);
    uint32_t merged = merge_equal(sheet);
    if (sheet->tee_times_count)
        sheet->outcome = OUTCOME_OPEN;
    else if (sheet->outcome == OUTCOME_OPEN)
        sheet->outcome = OUTCOME_NONE_OPEN;
    sheet->digest = digest(sheet);
    return merged;
}

int tee_sheet_compare(const struct tee_sheet *a, const struct tee_sheet *b)
{
    if (a->course_id != b->course_id)
        return a->course_id < b->course_id ? -1 : 1;
    return (a->play_date > b->play_date) - (a->play_date < b->play_date);
}
