/* columns.c: what of a tee time goes into which column. */
#include "store/postgres/columns.h"

#include "base/day.h"

#define BOOKING_URL_MAX 2000

static void start_minute(struct encoder *encoder, const struct tee_sheet *sheet,
                         const struct tee_time *tee_time)
{
    (void)sheet;
    encode_i64(encoder, tee_time->start_minute);
}

static void holes(struct encoder *encoder, const struct tee_sheet *sheet,
                  const struct tee_time *tee_time)
{
    (void)sheet;
    encode_i64(encoder, tee_time->holes);
}

static void start_hole(struct encoder *encoder, const struct tee_sheet *sheet,
                       const struct tee_time *tee_time)
{
    (void)sheet;
    encode_i64(encoder, tee_time->start_hole);
}

static void routing(struct encoder *encoder, const struct tee_sheet *sheet,
                    const struct tee_time *tee_time)
{
    (void)sheet;
    encode_text(encoder, tee_time->routing);
}

static void starts_at(struct encoder *encoder, const struct tee_sheet *sheet,
                      const struct tee_time *tee_time)
{
    encode_instant(encoder,
                   zone_instant(sheet->zone, sheet->play_date, tee_time->start_minute));
}

static void party_sizes(struct encoder *encoder, const struct tee_sheet *sheet,
                        const struct tee_time *tee_time)
{
    (void)sheet;
    encode_i64(encoder, tee_time->party_sizes);
}

static void encode_cents(struct encoder *encoder, int32_t cents)
{
    if (cents == TEE_TIME_PRICE_UNKNOWN)
        encode_null(encoder);
    else
        encode_i64(encoder, cents);
}

static void price_cents(struct encoder *encoder, const struct tee_sheet *sheet,
                        const struct tee_time *tee_time)
{
    (void)sheet;
    encode_cents(encoder, tee_time->price_cents);
}

static void price_basis(struct encoder *encoder, const struct tee_sheet *sheet,
                        const struct tee_time *tee_time)
{
    (void)sheet;
    encode_text(encoder, price_basis_name(tee_time->price_basis));
}

static void cart_fee_cents(struct encoder *encoder, const struct tee_sheet *sheet,
                           const struct tee_time *tee_time)
{
    (void)sheet;
    encode_cents(encoder, tee_time->cart_fee_cents);
}

static void rate_name(struct encoder *encoder, const struct tee_sheet *sheet,
                      const struct tee_time *tee_time)
{
    (void)sheet;
    encode_text(encoder, tee_time->rate_name);
}

static void engine_ref(struct encoder *encoder, const struct tee_sheet *sheet,
                       const struct tee_time *tee_time)
{
    (void)sheet;
    encode_text(encoder, tee_time->engine_ref);
}

static void booking_url(struct encoder *encoder, const struct tee_sheet *sheet,
                        const struct tee_time *tee_time)
{
    (void)sheet;
    char text[BOOKING_URL_MAX];
    struct buf url = buf_over(text, sizeof(text));
    tee_time_booking_url(tee_time, &url);
    /* A link cut short leads nowhere. */
    encode_text(encoder, url.overflow ? "" : text);
}

tee_time_column *const tee_time_columns[TEE_TIME_COLUMNS] = {
    start_minute, holes,       start_hole,     routing,   starts_at,  party_sizes,
    price_cents,  price_basis, cart_fee_cents, rate_name, engine_ref, booking_url,
};

void tee_time_row(struct buf *out, const struct tee_sheet *sheet,
                  const struct tee_time *tee_time)
{
    struct encoder row;
    encode_row_begin(&row, out);
    encode_i64(&row, sheet->course_id);
    encode_date(&row, sheet->play_date);
    encode_text(&row, sheet->currency);
    encode_instant(&row, sheet->checked_at);
    encode_instant(&row, sheet->checked_at);
    for (unsigned i = 0; i < TEE_TIME_COLUMNS; i++)
        tee_time_columns[i](&row, sheet, tee_time);
    encode_row_end(&row);
}

void tee_time_opened_row(struct buf *out, const struct tee_sheet *sheet,
                         const struct tee_time *tee_time)
{
    struct encoder row;
    encode_row_begin(&row, out);
    encode_instant(&row, sheet->checked_at);
    encode_i64(&row, sheet->course_id);
    encode_date(&row, sheet->play_date);
    encode_text(&row, "opened");
    for (unsigned i = 0; i < TEE_TIME_COLUMNS_IDENTITY; i++)
        tee_time_columns[i](&row, sheet, tee_time);
    tee_time_columns[TEE_TIME_COLUMN_PARTY](&row, sheet, tee_time);
    tee_time_columns[TEE_TIME_COLUMN_PRICE](&row, sheet, tee_time);
    encode_row_end(&row);
}
