/* truth.c: selects rows and days, and writes what the engines say of them as CSV. */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

static ts_err add_day(struct truth_selection *selection, int32_t day, struct error *reterr)
{
    uint32_t at = selection->days_count;
    while (at > 0 && selection->days[at - 1] >= day)
        at--;
    if (at < selection->days_count && selection->days[at] == day)
        return TS_ERR_OK;
    if (selection->days_count == TRUTH_DAYS_MAX)
        return error_set(reterr, TS_ERR_USAGE, "more than %d days", TRUTH_DAYS_MAX);
    memmove(&selection->days[at + 1], &selection->days[at],
            (selection->days_count - at) * sizeof(selection->days[0]));
    selection->days[at] = day;
    selection->days_count++;
    return TS_ERR_OK;
}

/* "A" or "A..B". */
static bool parse_range(struct str text, int32_t *ret_from, int32_t *ret_to)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return day_parse((struct str){ text.ptr, i }, ret_from) &&
                   day_parse((struct str){ text.ptr + i + 2, text.len - i - 2 }, ret_to) &&
                   *ret_from <= *ret_to;
    }
    bool is_day = day_parse(text, ret_from);
    *ret_to = *ret_from;
    return is_day;
}

ts_err truth_add_days(struct truth_selection *selection, struct str text, struct error *reterr)
{
    struct str part;
    while (str_split(&text, ',', &part)) {
        int32_t from = 0, to = 0;
        if (!parse_range(part, &from, &to))
            return error_set(reterr, TS_ERR_USAGE,
                             "'%.*s' is no date (2026-12-05) and no range (A..B)",
                             STR_ARGS(part));
        for (int32_t day = from; day <= to; day++) {
            ts_err err = add_day(selection, day, reterr);
            if (err)
                return err;
        }
    }
    return TS_ERR_OK;
}

ts_err truth_add_courses(struct truth_selection *selection, struct str text,
                         struct error *reterr)
{
    struct str part;
    while (str_split(&text, ',', &part)) {
        int64_t id;
        if (!str_to_i64(part, 1, INT64_MAX, &id))
            return error_set(reterr, TS_ERR_USAGE, "'%.*s' is no course id", STR_ARGS(part));
        if (selection->courses.count == FLEET_IDS_MAX)
            return error_set(reterr, TS_ERR_USAGE, "more than %d courses", FLEET_IDS_MAX);
        selection->courses.ids[selection->courses.count++] = id;
    }
    return TS_ERR_OK;
}

static int compare(const void *left, const void *right)
{
    const struct sim_truth *a = left, *b = right;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    if (a->holes != b->holes)
        return a->holes < b->holes ? -1 : 1;
    if (a->start_hole != b->start_hole)
        return a->start_hole < b->start_hole ? -1 : 1;
    return strcmp(a->routing, b->routing);
}

static void put_party(struct buf *out, uint8_t party_sizes)
{
    buf_putc(out, '"');
    for (unsigned size = 1, written = 0; size <= 8; size++) {
        if (party_sizes >> (size - 1) & 1)
            buf_printf(out, "%s%u", written++ ? "," : "", size);
    }
    buf_putc(out, '"');
}

static void put_cents(struct buf *out, int32_t cents)
{
    if (cents >= 0)
        buf_put_i64(out, cents);
    buf_putc(out, ',');
}

static void put_tee_time(struct buf *out, const struct sim_row *row, int32_t date,
                         const struct sim_truth *truth)
{
    buf_put_i64(out, row->id);
    buf_putc(out, ',');
    day_format(date, out);
    buf_printf(out, ",%02u:%02u,%u,%u,%s,", truth->minute / 60u, truth->minute % 60u,
               truth->holes, truth->start_hole, truth->routing);
    instant_format(zone_instant(row->club->zone, date, truth->minute), out);
    buf_putc(out, ',');
    put_party(out, truth->party_sizes);
    buf_putc(out, ',');
    put_cents(out, truth->price_cents);
    buf_printf(out, "%s,%s,", row->club->place->currency, truth->price_basis);
    put_cents(out, truth->cart_cents);
    buf_printf(out, "%s,%s\n", truth->rate_name, truth->ref);
}

static void write_tee_times(const struct sim_row *row, int32_t date,
                            const struct sim_truths *truths, FILE *out)
{
    for (uint32_t i = 0; i < truths->count; i++) {
        char storage[384];
        struct buf line = buf_over(storage, sizeof(storage));
        put_tee_time(&line, row, date, &truths->items[i]);
        (void)fwrite(line.ptr, 1, line.len, out);
    }
}

static void write_tee_sheet(const struct sim_row *row, int32_t date,
                            const struct sim_truths *truths, FILE *out)
{
    char storage[96];
    struct buf line = buf_over(storage, sizeof(storage));
    buf_printf(&line, "%lld,", (long long)row->id);
    day_format(date, &line);
    buf_printf(&line, ",%s,%u\n", truths->outcome, truths->count);
    (void)fwrite(line.ptr, 1, line.len, out);
}

typedef void write_fn(const struct sim_row *row, int32_t date, const struct sim_truths *truths,
                      FILE *out);

static ts_err write_all(const struct sim_world *world, const struct truth_selection *selection,
                        write_fn *write_one, FILE *out, struct error *reterr)
{
    static struct sim_truths truths; /* too large for the stack's taste; main thread only */
    for (uint32_t i = 0; i < world->fleet->rows_count; i++) {
        const struct sim_row *row = &world->fleet->rows[i];
        for (uint32_t d = 0;
             fleet_ids_have(&selection->courses, row->id) && d < selection->days_count; d++) {
            row->club->engine->truth(world, row, selection->days[d], &truths);
            qsort(truths.items, truths.count, sizeof(truths.items[0]), compare);
            write_one(row, selection->days[d], &truths, out);
        }
    }
    if (fflush(out) || ferror(out))
        return error_set(reterr, TS_ERR_IO, "the truth could not be written");
    return TS_ERR_OK;
}

ts_err truth_write_tee_times(const struct sim_world *world,
                             const struct truth_selection *selection, FILE *out,
                             struct error *reterr)
{
    (void)fputs("course_id,play_date,start_time,holes,start_hole,routing,starts_at,party_sizes,"
                "price_cents,currency,price_basis,cart_fee_cents,rate_name,engine_ref\n",
                out);
    return write_all(world, selection, write_tee_times, out, reterr);
}

ts_err truth_write_tee_sheets(const struct sim_world *world,
                              const struct truth_selection *selection, FILE *out,
                              struct error *reterr)
{
    (void)fputs("course_id,play_date,outcome,tee_time_count\n", out);
    return write_all(world, selection, write_tee_sheet, out, reterr);
}
