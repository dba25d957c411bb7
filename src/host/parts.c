/* parts.c: sums by region and by engine, and the worst of them. */
#include "host/parts.h"

#include <assert.h>
#include <string.h>

#include "plan/outlook.h"

#define ENGINES_MAX 64

struct sum {
    uint64_t planned, observed;
    uint32_t newly_unknown;
    bool seen_before;
};

bool parts_newly_unknown(const struct course_seen *seen)
{
    return seen->flags & COURSE_SEEN_BEFORE && seen->flags & COURSE_SAW_UNKNOWN &&
           !(seen->flags & COURSE_SAW_OBSERVED);
}

static void add(struct sum *sum, const struct course_seen *seen, uint32_t skipped)
{
    uint32_t planned = seen->observed + seen->unknown + skipped;
    sum->planned += planned;
    sum->observed += seen->observed;
    sum->newly_unknown += parts_newly_unknown(seen);
    sum->seen_before |= planned > 0 && seen->flags & COURSE_SEEN_BEFORE;
}

static uint64_t unobserved(const struct sweep_part *part)
{
    return part->planned - part->observed;
}

/* First what went dark as a whole, then what is dark, then by what is lost. */
static bool is_worse(const struct sweep_part *a, const struct sweep_part *b)
{
    if (a->newly_blind != b->newly_blind)
        return a->newly_blind;
    if (a->verdict != b->verdict)
        return a->verdict == SWEEP_BLIND;
    if (a->newly_unknown != b->newly_unknown)
        return a->newly_unknown > b->newly_unknown;
    return unobserved(a) > unobserved(b);
}

static void rank(struct sweep_report *report, const struct sweep_part *part)
{
    uint32_t last = SWEEP_NAMES_SHOWN - 1, at = 0;
    uint32_t shown = report->parts_count < last ? report->parts_count : last;
    while (at < report->parts_count && at <= last && !is_worse(part, &report->parts[at]))
        at++;
    report->parts_count++;
    if (at > last)
        return;
    memmove(&report->parts[at + 1], &report->parts[at], (shown - at) * sizeof(*part));
    report->parts[at] = *part;
}

static void judge(struct sweep_report *report, const char *kind, const char *name,
                  const struct sum *sum)
{
    if (sum->observed == sum->planned)
        return;
    struct sweep_part part = { .verdict = sum->observed ? SWEEP_DEGRADED : SWEEP_BLIND,
                               .planned = sum->planned,
                               .observed = sum->observed,
                               .newly_unknown = sum->newly_unknown };
    struct buf text = buf_over(part.name, sizeof(part.name));
    part.newly_blind = part.verdict == SWEEP_BLIND && sum->seen_before;
    report->parts_newly_blind += part.newly_blind;
    buf_puts(&text, kind);
    buf_puts(&text, name[0] ? name : "unnamed");
    rank(report, &part);
}

void parts_judge(struct sweep_report *report, const struct catalogue *catalogue,
                 const struct plan *plan, const struct course_seen *seen)
{
    struct sum regions[PARTS_REGIONS_MAX + 1] = { { 0 } }, by_engine[ENGINES_MAX] = { { 0 } };
    assert(engines_count <= ENGINES_MAX);
    for (uint32_t i = 0; i < catalogue->courses_count; i++) {
        uint32_t skipped = plan_skipped_of(plan, i);
        uint32_t region = catalogue->courses[i].region;
        add(&regions[region < PARTS_REGIONS_MAX ? region : PARTS_REGIONS_MAX], &seen[i],
            skipped);
        add(&by_engine[catalogue->courses[i].engine], &seen[i], skipped);
        report->courses_newly_unknown += parts_newly_unknown(&seen[i]);
    }
    for (uint32_t i = 0; i < engines_count; i++)
        judge(report, "engine ", engines[i]->name, &by_engine[i]);
    for (uint32_t i = 0; i < PARTS_REGIONS_MAX && i < catalogue->regions_count; i++)
        judge(report, "region ", catalogue->regions[i], &regions[i]);
    judge(report, "region ", "other", &regions[PARTS_REGIONS_MAX]);
}
