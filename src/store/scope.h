/*
 * scope.h: what searches of all kinds share: lists as JSON text and the box around a place.
 * Private to store/.
 */
#ifndef TS_STORE_SCOPE_H
#define TS_STORE_SCOPE_H

#include "store/params.h"
#include "store/search.h"

#define SCOPE_REGIONS_BYTES 8192
#define SCOPE_COURSES_BYTES 2048

struct scope {
    struct buf regions, courses;
    char regions_text[SCOPE_REGIONS_BYTES], courses_text[SCOPE_COURSES_BYTES];
};

TS_MUST_USE ts_err scope_start(struct scope *scope, const struct search_filter *filter,
                               struct error *reterr);

/* Four parameters: latitude min, max, longitude min, max; NULL without `near`. The box holds
 * the circle; what is in its corners is left to search_distance_km. */
void scope_box(struct params *params, const struct search_filter *filter);

#endif
