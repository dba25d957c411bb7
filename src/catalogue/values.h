/*
 * values.h: how values of a catalogue are written. Private to catalogue/.
 */
#ifndef TS_CATALOGUE_VALUES_H
#define TS_CATALOGUE_VALUES_H

#include "base/str.h"

/* true, yes, on, 1, t, y and false, no, off, 0, f, n, any case. */
bool value_truth(struct str text, bool *ret_truth);

/* HH:MM, also as HH:MM:00, which is how databases write a time. */
bool value_minute(struct str text, uint16_t *ret_minute);

/* Well-formed UTF-8 without surrogates (RFC 3629) and without NUL. */
bool value_is_text(struct str text);

#endif
