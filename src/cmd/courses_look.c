/* courses_look.c: two dates of a new course, in words. */
#include "cmd/courses_look.h"

#define LINE_BYTES 400

static const char *const day_names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static void put_minute(struct buf *out, unsigned minute)
{
    buf_printf(out, "%02u:%02u", minute / 60, minute % 60);
}

static void put_prices(struct buf *out, const struct tee_sheet *sheet)
{
    int32_t least = TEE_TIME_PRICE_UNKNOWN, most = TEE_TIME_PRICE_UNKNOWN;
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        int32_t cents = sheet->tee_times[i].price_cents;
        if (cents == TEE_TIME_PRICE_UNKNOWN)
            continue;
        least = least == TEE_TIME_PRICE_UNKNOWN || cents < least ? cents : least;
        most = cents > most ? cents : most;
    }
    if (least == TEE_TIME_PRICE_UNKNOWN) {
        buf_puts(out, "prices unknown");
        return;
    }
    buf_printf(out, "%d.%02d to %d.%02d", least / 100, least % 100, most / 100, most % 100);
    if (sheet->currency[0])
        buf_printf(out, " %s", sheet->currency);
}

static void put_tee_times(struct buf *out, const struct tee_sheet *sheet)
{
    uint32_t count = sheet->tee_times_count;
    if (count == 0)
        return;
    buf_printf(out, ", %u tee time%s from ", count, count == 1 ? "" : "s");
    put_minute(out, sheet->tee_times[0].start_minute);
    buf_puts(out, " to ");
    put_minute(out, sheet->tee_times[count - 1].start_minute);
    buf_puts(out, ", ");
    put_prices(out, sheet);
}

/* "2026-12-07 Mon, course 12: open, 43 tee times from 06:40 to 16:10, 35.00 to 60.00 USD". */
static void write_sheet(const struct tee_sheet *sheet, FILE *notes)
{
    char line[LINE_BYTES];
    struct buf out = buf_over(line, sizeof(line));
    day_format(sheet->play_date, &out);
    buf_printf(&out, " %s, course %lld: %s", day_names[day_weekday(sheet->play_date)],
               (long long)sheet->course_id, outcome_name(sheet->outcome));
    if (sheet->detail[0])
        buf_printf(&out, " (%s)", sheet->detail);
    else if (outcome_is_unknown(sheet->outcome) && sheet->http_status > 0)
        buf_printf(&out, " (HTTP %u)", sheet->http_status);
    put_tee_times(&out, sheet);
    (void)fprintf(notes, "%s\n", line);
}

void courses_look(struct resolver *resolver, const struct catalogue *catalogue, FILE *notes)
{
    uint32_t count = resolver_reach(catalogue);
    for (int is_weekend = 0; is_weekend < 2; is_weekend++) {
        int32_t date;
        if (!resolver_date(catalogue, 0, is_weekend, &date)) {
            (void)fprintf(notes, "note: no %s lies within the booking window\n",
                          is_weekend ? "day of a weekend" : "weekday");
            continue;
        }
        const struct tee_sheet *sheets = resolver_look(resolver, catalogue, count, date);
        if (!sheets) {
            (void)fprintf(notes, "note: nothing more is asked of a host that refuses\n");
            return;
        }
        for (uint32_t i = 0; i < count; i++)
            write_sheet(&sheets[i], notes);
    }
}
