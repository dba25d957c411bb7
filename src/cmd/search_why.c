/* search_why.c: reasons, aggregated from the ledger and the booking windows. */
#include "cmd/search_why.h"

#include "cmd/say.h"
#include "plan/window.h"
#include "store/status.h"

#define NARROW_BYTES 120

/* Tee sheets with the same reason. */
struct reason {
    uint64_t count;
    int64_t newest, oldest; /* looks */
};

struct why {
    const struct search_query *query;
    struct reason by_outcome[OUTCOME_COUNT];
    uint64_t courses, sheets, never_looked, opening_later;
    int64_t opens_at; /* the first of those openings */
    const struct zone *opens_zone;
    /* the course at hand */
    const struct known_course *course;
    struct date_range dates;
    int32_t next_date; /* not yet accounted for */
};

/* When a date opens at a course. */
static int64_t opening_of(const struct known_course *course, int32_t date)
{
    int32_t days = course->window.window_days == COURSE_WINDOW_UNKNOWN
                       ? COURSE_WINDOW_DEFAULT_DAYS
                       : course->window.window_days;
    return zone_instant(course->zone, date - days, course->window.opens_minute);
}

/* True, and noted, if the date opens only later. */
static bool note_opening(struct why *why, int32_t date)
{
    int64_t opens_at = opening_of(why->course, date);
    if (opens_at <= why->query->filter.now)
        return false;
    why->opening_later++;
    if (why->opens_at == 0 || opens_at < why->opens_at) {
        why->opens_at = opens_at;
        why->opens_zone = why->course->zone;
    }
    return true;
}

/* Dates up to `end` that have no tee sheet in the ledger. */
static void note_missing(struct why *why, int32_t end)
{
    for (; why->course && why->next_date < end; why->next_date++) {
        why->sheets++;
        if (!note_opening(why, why->next_date))
            why->never_looked++;
    }
}

static void end_course(struct why *why)
{
    if (!why->course)
        return;
    /* Without an end only the dates that can be booked count. */
    int32_t last = why->dates.to;
    if (last == DATES_LAST)
        last = window_of(&why->course->window, why->course->zone, why->query->filter.now).last;
    note_missing(why, last + 1);
    why->course = NULL;
}

static bool start_course(struct why *why, int64_t id)
{
    end_course(why);
    why->course = known_find(&why->query->known, id);
    if (why->course && !search_query_has_course(why->query, why->course))
        why->course = NULL;
    if (!why->course)
        return false;
    why->courses++;
    why->dates = search_query_dates(why->query, why->course);
    why->next_date = why->dates.from;
    return true;
}

static void note_look(struct why *why, const struct status_cell *cell)
{
    if (cell->outcome == OUTCOME_NOT_RELEASED && note_opening(why, cell->play_date))
        return;
    struct reason *reason = &why->by_outcome[cell->outcome];
    reason->count++;
    if (cell->checked_at > reason->newest)
        reason->newest = cell->checked_at;
    if (reason->oldest == 0 || cell->checked_at < reason->oldest)
        reason->oldest = cell->checked_at;
}

static bool on_cell(void *ctx, const struct status_cell *cell)
{
    struct why *why = ctx;
    bool same = why->course && why->course->id == cell->course_id;
    if (!same && !start_course(why, cell->course_id))
        return true;
    if (cell->play_date < why->dates.from || cell->play_date > why->dates.to)
        return true; /* also the 0 of a course without any */
    note_missing(why, cell->play_date);
    why->next_date = cell->play_date + 1;
    why->sheets++;
    note_look(why, cell);
    return true;
}

/* "none_open" as "none open". */
static void put_outcome(struct buf *out, enum outcome outcome)
{
    for (const char *name = outcome_name(outcome); *name; name++)
        buf_putc(out, *name == '_' ? ' ' : *name);
}

/* "looked 12 min ago", "looked 5 min to 2 h ago". */
static void put_looks(struct buf *out, const struct reason *reason, int64_t now)
{
    char storage[2][32];
    struct buf newest = buf_over(storage[0], sizeof(storage[0]));
    struct buf oldest = buf_over(storage[1], sizeof(storage[1]));
    say_age(&newest, now - reason->newest);
    say_age(&oldest, now - reason->oldest);
    if (str_equal(buf_view(&newest), buf_view(&oldest)))
        buf_printf(out, " (looked %s ago)", storage[0]);
    else
        buf_printf(out, " (looked %s to %s ago)", storage[0], storage[1]);
}

static void put_reasons(const struct why *why, struct buf *out)
{
    const char *between = ":";
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct reason *reason = &why->by_outcome[i];
        if (reason->count == 0)
            continue;
        buf_printf(out, "%s %llu ", between, (unsigned long long)reason->count);
        put_outcome(out, (enum outcome)i);
        put_looks(out, reason, why->query->filter.now);
        between = ",";
    }
    if (why->opening_later > 0) {
        buf_printf(out, "%s %llu open%s ", between, (unsigned long long)why->opening_later,
                   why->opening_later == 1 ? "s" : " from");
        say_opening(out, why->opens_zone, why->opens_at, why->query->filter.now);
        buf_puts(out, why->opening_later == 1 ? " local" : " local on");
        between = ",";
    }
    if (why->never_looked > 0)
        buf_printf(out, "%s %llu never looked at", between,
                   (unsigned long long)why->never_looked);
}

static void put_why(const struct why *why, uint64_t open_without, struct buf *out)
{
    buf_puts(out, "no tee times match; ");
    if (why->courses == 0)
        buf_puts(out, "no active course is in reach of the search");
    else if (why->sheets == 0)
        buf_puts(out, "these dates are past, or no date is open for booking");
    else
        buf_printf(out, "of %llu tee sheet%s in range", (unsigned long long)why->sheets,
                   why->sheets == 1 ? "" : "s");
    put_reasons(why, out);
    buf_putc(out, '\n');
    char storage[NARROW_BYTES];
    struct buf narrow = buf_over(storage, sizeof(storage));
    search_query_put_narrow(why->query, &narrow);
    if (open_without > 0 && narrow.len > 0)
        buf_printf(out, "%llu open without %s\n", (unsigned long long)open_without, storage);
}

ts_err search_why_put(struct store *store, const struct search_query *query,
                      uint64_t open_without, struct buf *out, struct error *reterr)
{
    const struct search_filter *filter = &query->filter;
    struct why why = { .query = query };
    struct status_filter wanted = {
        .courses = filter->courses,
        .courses_count = filter->courses_count,
        .regions = filter->regions,
        .regions_count = filter->regions_count,
        .from = filter->from,
        .to = filter->to,
    };
    ts_err err = status_scan(store, &wanted, on_cell, &why, reterr);
    if (err)
        return err;
    end_course(&why);
    put_why(&why, open_without, out);
    return TS_ERR_OK;
}
