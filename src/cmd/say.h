/*
 * say.h: dates, ages, prices and party sizes as the reading commands show them. Private to
 * cmd/.
 */
#ifndef TS_CMD_SAY_H
#define TS_CMD_SAY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"

/* "Sat 05 Dec". */
void say_day(struct buf *out, int32_t date);

/* "08:10". */
void say_minute(struct buf *out, uint16_t minute);

/* An instant on the zone's wall clock: "Sat 06:00", with the date ("Sat 12 Dec 06:00") where
 * the weekday alone would not tell. */
void say_opening(struct buf *out, const struct zone *zone, int64_t instant, int64_t now);

/* The largest unit only: "12 min", short "12m". A look from the future is 0 s old. */
void say_age(struct buf *out, int64_t seconds);
void say_age_short(struct buf *out, int64_t seconds);

/* The mask as ranges: "2-4", "1,3". */
void say_party(struct buf *out, uint8_t party_sizes);

/* "USD 49.50"; nothing for an unknown price. */
void say_price(struct buf *out, struct str currency, int32_t cents);

#endif
