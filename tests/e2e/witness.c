/* witness.c: compares a store before and after a sweep with each other and with the truth. */
#include "e2e/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "support/unit.h"

#define SHOWN           10
#define DAYS_AROUND     8 /* the truth is asked for: more than sweeps look ahead */
#define SLACK_S         3
#define STARTS_FIELD    6
#define IDENTITY_FIELDS 7 /* what follows: party sizes, price … */
#define DAY_S           86400

struct comparison {
    const struct witness *before, *after;
    struct rows truths[2]; /* when the sweep began, and when it had ended */
    char until_text[32];
    char today[16]; /* the day before: what has been played is nobody's any more */
    struct witness_tally *tally;
};

struct witness witness_take(const struct world *world)
{
    struct witness witness = { 0 };
    if (!world_has_store(world))
        return witness;
    witness.times = rows_of_tee_times(world);
    witness.sheets = rows_of_store(
        world,
        "select course_id, play_date, observed_at from tee_sheets where observed_at is not "
        "null",
        "select course_id, play_date, floor(extract(epoch from observed_at))::bigint from "
        "tee_sheets where observed_at is not null");
    rows_sort(&witness.sheets);
    return witness;
}

void witness_free(struct witness *witness)
{
    free(witness->times.lines);
    free(witness->sheets.lines);
    *witness = (struct witness){ 0 };
}

/* The text before the number-th '|'. */
static size_t head_len(const char *line, int number)
{
    const char *at = line;
    for (int i = 0; i < number; i++) {
        at = strchr(i ? at + 1 : at, '|');
        assert_non_null(at);
    }
    return (size_t)(at - line);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool has(const struct rows *rows, const char *line)
{
    return rows->count > 0 &&
           bsearch(line, rows->lines, rows->count, ROW_BYTES, compare_lines) != NULL;
}

static int compare_heads(const void *key, const void *row)
{
    return strncmp(key, row, strlen(key));
}

/* The row that begins with the first `fields` fields of this one, or NULL. */
static const char *find(const struct rows *rows, const char *line, int fields)
{
    char key[ROW_BYTES];
    size_t len = head_len(line, fields) + 1;
    memcpy(key, line, len);
    key[len] = '\0';
    return rows->count == 0 ? NULL
                            : bsearch(key, rows->lines, rows->count, ROW_BYTES, compare_heads);
}

/* When the tee sheet of this tee time was observed; -1: never. */
static int64_t observed_at(const struct rows *sheets, const char *line)
{
    const char *found = find(sheets, line, 2);
    return found ? strtoll(found + head_len(found, 2) + 1, NULL, 10) : -1;
}

/* By the stamp alone: the sweep's clock may have jumped. No sweep looks again in the same
 * second. */
static bool was_observed(const struct comparison *comparison, const char *line)
{
    return observed_at(&comparison->after->sheets, line) !=
           observed_at(&comparison->before->sheets, line);
}

/* The start is past when the sweep ends: no engine shows it then, and no sweep closes it. */
static bool is_past(const struct comparison *comparison, const char *line)
{
    const char *starts_at = line + head_len(line, STARTS_FIELD) + 1;
    return strncmp(starts_at, comparison->until_text, strlen(comparison->until_text)) <= 0;
}

static bool is_played(const struct comparison *comparison, const char *line)
{
    const char *date = line + head_len(line, 1) + 1;
    return strncmp(date, comparison->today, strlen(comparison->today)) < 0;
}

static void complain(const char *what, const char *line, unsigned long long *count)
{
    if ((*count)++ < SHOWN)
        print_message("%s: %s\n", what, line);
}

static void check_stored(const struct comparison *comparison, const char *line)
{
    bool was_there = has(&comparison->before->times, line);
    if (!was_observed(comparison, line)) {
        if (!was_there)
            complain("phantom, not observed", line, &comparison->tally->phantom);
        return;
    }
    bool is_true = has(&comparison->truths[0], line) || has(&comparison->truths[1], line);
    if (is_true || (was_there && is_past(comparison, line)))
        return;
    if (find(&comparison->truths[0], line, IDENTITY_FIELDS) ||
        find(&comparison->truths[1], line, IDENTITY_FIELDS))
        complain("altered", line, &comparison->tally->altered);
    else
        complain("phantom", line, &comparison->tally->phantom);
}

static void check_true(const struct comparison *comparison, const char *line)
{
    if (was_observed(comparison, line) && has(&comparison->truths[1], line) &&
        !is_past(comparison, line) && !find(&comparison->after->times, line, IDENTITY_FIELDS))
        complain("lost", line, &comparison->tally->lost);
}

static void check_kept(const struct comparison *comparison, const char *line)
{
    if (!was_observed(comparison, line) && !is_played(comparison, line) &&
        !has(&comparison->after->times, line))
        complain("closed without a look", line, &comparison->tally->closed);
}

static void count_sheets(const struct comparison *comparison)
{
    const struct rows *sheets = &comparison->after->sheets;
    for (size_t i = 0; i < sheets->count; i++) {
        if (was_observed(comparison, sheets->lines[i]))
            comparison->tally->observed++;
        else
            comparison->tally->untouched += !is_played(comparison, sheets->lines[i]);
    }
}

static void compare_all(const struct comparison *comparison)
{
    const struct rows *stored = &comparison->after->times;
    for (size_t i = 0; i < stored->count; i++)
        check_stored(comparison, stored->lines[i]);
    for (size_t i = 0; i < comparison->truths[0].count; i++)
        check_true(comparison, comparison->truths[0].lines[i]);
    for (size_t i = 0; i < comparison->before->times.count; i++)
        check_kept(comparison, comparison->before->times.lines[i]);
    count_sheets(comparison);
}

static void format_day(int64_t instant, char *text, size_t cap)
{
    struct buf buf = buf_over(text, cap);
    day_format((int32_t)(instant / DAY_S), &buf);
    assert_false(buf.overflow);
}

static void format_instant(int64_t instant, char *text, size_t cap)
{
    struct buf buf = buf_over(text, cap);
    instant_format(instant, &buf);
    assert_false(buf.overflow);
}

static struct rows truth_at(const struct world *world, int64_t instant, const char *dates)
{
    char now[32];
    struct world then = *world;
    struct rows rows = { 0 };
    format_instant(instant, now, sizeof(now));
    then.now = now;
    rows_add_truth(&then, "truth", dates, NULL, &rows);
    return rows;
}

void witness_compare(const struct world *world, const struct witness *before,
                     const struct witness *after, struct witness_clock clock,
                     struct witness_tally *tally)
{
    char first[16], last[16], dates[40];
    struct comparison comparison = { .before = before, .after = after, .tally = tally };
    int64_t from = clock.from, until = clock.until;
    int64_t until_there = until + (clock.skew > 0 ? clock.skew : 0);
    format_day(from - DAY_S, first, sizeof(first));
    format_day(from + DAYS_AROUND * DAY_S, last, sizeof(last));
    (void)snprintf(dates, sizeof(dates), "%s..%s", first, last);
    format_day(from - DAY_S, comparison.today, sizeof(comparison.today));
    format_instant(until_there + SLACK_S, comparison.until_text, sizeof(comparison.until_text));
    comparison.truths[0] = truth_at(world, from - SLACK_S, dates);
    comparison.truths[1] = truth_at(world, until + SLACK_S, dates);
    compare_all(&comparison);
    free(comparison.truths[0].lines);
    free(comparison.truths[1].lines);
}

/* Each tee sheet once. */
static long long said_to_be_committed(const char *err)
{
    static const char upserting[] = "Upserting ";
    long long sum = -(long long)count_of(err, "; looking once more\n");
    for (size_t left = count_of(err, " completed successfully\n"); left > 0; left--) {
        err = strstr(err, upserting);
        assert_non_null(err);
        err += strlen(upserting);
        sum += strtoll(err, NULL, 10);
    }
    return sum;
}

long long witness_check_committed(const struct world *world, const char *err, int64_t since)
{
    char sql[120];
    long long said = said_to_be_committed(err);
    if (said <= 0)
        return 0;
    (void)snprintf(sql, sizeof(sql),
                   "select count(*) from tee_sheets where checked_at >= %s%lld)",
                   world->kind == WORLD_POSTGRES ? "to_timestamp(" : "(", (long long)since);
    long long looked = world_number(world, sql);
    if (looked < said)
        fail_msg("%lld tee sheets were said to be committed, %lld are there:\n%s", said, looked,
                 err);
    return said;
}
