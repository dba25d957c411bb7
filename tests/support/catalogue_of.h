/*
 * catalogue_of.h: a catalogue for tests, from rows written in the test.
 */
#ifndef TS_TESTS_CATALOGUE_OF_H
#define TS_TESTS_CATALOGUE_OF_H

#include "catalogue/catalogue.h"

/* Loads CSV rows (without the header
 * "id,timezone,engine,engine_attributes,booking_window_days,booking_opens_at") through a
 * temporary file; fails the test when it cannot. The caller frees it with catalogue_free. */
struct catalogue *catalogue_of(const char *rows);

#endif
