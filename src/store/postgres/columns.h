/*
 * columns.h: a tee time's columns as values for PostgreSQL, in the one order that arrays and
 * COPY share.
 */
#ifndef TS_STORE_POSTGRES_COLUMNS_H
#define TS_STORE_POSTGRES_COLUMNS_H

#include "domain/tee_sheet.h"
#include "store/postgres/encode.h"

typedef void tee_time_column(struct encoder *encoder, const struct tee_sheet *sheet,
                             const struct tee_time *tee_time);

/* start_minute, holes, start_hole, routing, starts_at, party_sizes, price_cents, price_basis,
 * cart_fee_cents, rate_name, engine_ref, booking_url. */
#define TEE_TIME_COLUMNS          12
#define TEE_TIME_COLUMNS_IDENTITY 4
#define TEE_TIME_COLUMN_PARTY     5
#define TEE_TIME_COLUMN_PRICE     6
extern tee_time_column *const tee_time_columns[TEE_TIME_COLUMNS];

/* A row of COPY_TEE_TIMES and of COPY_EVENTS (event 'opened'). */
void tee_time_row(struct buf *out, const struct tee_sheet *sheet,
                  const struct tee_time *tee_time);
void tee_time_opened_row(struct buf *out, const struct tee_sheet *sheet,
                         const struct tee_time *tee_time);

#endif
