/*
 * rows.h: the columns of a catalogue, and their texts as a catalogue_row.
 *
 * Private to catalogue/.
 */
#ifndef TS_CATALOGUE_ROWS_H
#define TS_CATALOGUE_ROWS_H

#include "catalogue/catalogue.h"
#include "catalogue/problems.h"

enum column {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_CLUB,
    COLUMN_CITY,
    COLUMN_REGION,
    COLUMN_REGION_ID,
    COLUMN_COUNTRY,
    COLUMN_TIMEZONE,
    COLUMN_LAT,
    COLUMN_LON,
    COLUMN_ENGINE,
    COLUMN_ENGINE_ATTRIBUTES,
    COLUMN_HOLES,
    COLUMN_BOOKING_WINDOW_DAYS,
    COLUMN_BOOKING_OPENS_AT,
    COLUMN_CURRENCY,
    COLUMN_BOOKING_URL,
    COLUMN_ACTIVE,
    COLUMN_COUNT
};

/* The name by which files call a column. */
const char *column_name(enum column column);

/* By name, any case; COLUMN_COUNT: none of ours, to be ignored. */
enum column column_find(struct str name);

/* Takes a row's texts apart (ptr NULL or "": not given). What cannot be read is a problem and
 * counts as not given; an id that cannot be read is -1, so that none is derived. Ranges are the
 * builder's to check. */
void row_read(const struct str columns[COLUMN_COUNT], struct catalogue_row *ret_row,
              struct problems *problems);

#endif
