/* set_aside.c: one refused tee sheet as one line of JSON. */
#include "host/set_aside.h"

#include <inttypes.h>

#include "base/day.h"
#include "base/json.h"

#define TEXT_MAX 2048

static void put_text(FILE *out, const char *name, const char *text)
{
    char storage[TEXT_MAX];
    struct buf buf = buf_over(storage, sizeof(storage));
    json_put_string(&buf, str_of(text));
    (void)fprintf(out, ",\"%s\":%s", name, buf.overflow ? "\"\"" : storage);
}

static void put_tee_time(FILE *out, const struct tee_time *tee_time)
{
    (void)fprintf(out,
                  "{\"start_minute\":%u,\"holes\":%u,\"start_hole\":%u,\"party_sizes\":%u,"
                  "\"price_cents\":%" PRId32 ",\"cart_fee_cents\":%" PRId32,
                  tee_time->start_minute, tee_time->holes, tee_time->start_hole,
                  tee_time->party_sizes, tee_time->price_cents, tee_time->cart_fee_cents);
    put_text(out, "price_basis", price_basis_name(tee_time->price_basis));
    put_text(out, "routing", tee_time->routing);
    put_text(out, "rate_name", tee_time->rate_name);
    put_text(out, "engine_ref", tee_time->engine_ref);
    (void)fputc('}', out);
}

void set_aside_write(FILE *out, const struct tee_sheet *sheet, const struct error *reason)
{
    char date[16], stamp[32];
    struct buf buf = buf_over(date, sizeof(date));
    day_format(sheet->play_date, &buf);
    buf = buf_over(stamp, sizeof(stamp));
    instant_format(sheet->checked_at, &buf);
    (void)fprintf(out, "{\"course_id\":%" PRId64, sheet->course_id);
    put_text(out, "play_date", date);
    put_text(out, "outcome", outcome_name(sheet->outcome));
    put_text(out, "checked_at", stamp);
    put_text(out, "reason", reason->text);
    (void)fputs(",\"tee_times\":[", out);
    for (uint32_t i = 0; i < sheet->tee_times_count; i++) {
        if (i > 0)
            (void)fputc(',', out);
        put_tee_time(out, &sheet->tee_times[i]);
    }
    (void)fputs("]}\n", out);
    (void)fflush(out);
}
