/*
 * day.h: civil dates and time zones.
 *
 * A date is an int32_t: days since 1970-01-01 (proleptic Gregorian). A zone is an IANA name's
 * rules, read from the system's TZif files (RFC 8536, with the POSIX footer for far dates;
 * $TZDIR, else /usr/share/zoneinfo). Arithmetic on dates never passes through seconds, so that
 * no DST change can skip or repeat a day.
 */
#ifndef TS_BASE_DAY_H
#define TS_BASE_DAY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct zone; /* one zone's rules; immutable after zone_new, any thread may read */

int32_t day_from_civil(int year, int month, int day);
void day_to_civil(int32_t date, int *ret_year, int *ret_month, int *ret_day);

/* 0 = Monday … 6 = Sunday. */
int day_weekday(int32_t date);

/* "2026-12-05" ↔ date. Parsing checks the calendar (no 30 February) and years 1970..9999. */
TS_MUST_USE bool day_parse(struct str text, int32_t *ret_date);
void day_format(int32_t date, struct buf *out);

/* "2026-12-05T06:00:00Z" (seconds optional, "Z" or ±HH:MM required) ↔ Unix seconds. */
TS_MUST_USE bool instant_parse(struct str text, int64_t *ret_unix);
void instant_format(int64_t unix_seconds, struct buf *out);

/* Loads a zone by name. TS_ERR_NOT_FOUND: no such zone (or a name that leaves the folder);
 * TS_ERR_IO: its file is no TZif file; TS_ERR_NOMEM: no memory or no descriptor. Owner: the
 * caller, zone_free. */
TS_MUST_USE ts_err zone_new(struct str name, struct zone **ret_zone, struct error *reterr);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone);
size_t zone_bytes(const struct zone *zone); /* what it takes in memory */

/* Seconds east of UTC at an instant, and the abbreviation ("MST"), borrowed from zone. */
int32_t zone_offset_at(const struct zone *zone, int64_t unix_seconds);
const char *zone_abbreviation_at(const struct zone *zone, int64_t unix_seconds);

/* The local date and minute of the day (0..1439) at an instant. */
void zone_local(const struct zone *zone, int64_t unix_seconds, int32_t *ret_date,
                uint16_t *ret_minute);

/* The instant of a local wall clock time. One that a DST change skips gives the first valid
 * instant after the gap; one that occurs twice gives the first. */
int64_t zone_instant(const struct zone *zone, int32_t date, uint16_t minute);

#endif
