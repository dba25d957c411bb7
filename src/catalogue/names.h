/*
 * names.h: texts kept once each, numbered in order of arrival.
 *
 * Private to catalogue/. Caller's storage ({ 0 } is empty), owns its memory.
 */
#ifndef TS_CATALOGUE_NAMES_H
#define TS_CATALOGUE_NAMES_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct names {
    char *text; /* NUL-terminated, one after the other */
    size_t text_len, text_cap;
    uint32_t *at; /* of each name in text */
    uint32_t count, cap;
    uint32_t *slots; /* hash table of index + 1; 0 is free */
    uint32_t slots_count;
};

/* The number of `name`, which is new if it equals the count before. TS_ERR_NOMEM leaves names
 * as they were. */
TS_MUST_USE ts_err names_add(struct names *names, struct str name, uint32_t *ret_index);

/* Borrowed until the next names_add. */
const char *names_get(const struct names *names, uint32_t index);

void names_done(struct names *names);

#endif
