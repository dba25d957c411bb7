/*
 * ids.h: which course ids came before, and on which line.
 *
 * Private to catalogue/; lives while a catalogue is loaded. Caller's storage ({ 0 } is empty),
 * owns its memory.
 */
#ifndef TS_CATALOGUE_IDS_H
#define TS_CATALOGUE_IDS_H

#include <stdint.h>

#include "base/err.h"

struct id_slot {
    int64_t id; /* 0: free */
    uint32_t line;
};

struct ids {
    struct id_slot *slots;
    uint32_t slots_count, count;
};

/* Notes an id > 0. *ret_first_line is the line that brought it before, `line` if it is new. */
TS_MUST_USE ts_err ids_add(struct ids *ids, int64_t id, uint32_t line, uint32_t *ret_first_line,
                           bool *ret_new);

void ids_done(struct ids *ids);

#endif
