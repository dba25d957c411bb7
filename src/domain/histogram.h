/*
 * histogram.h: how often a value fell between fixed bounds, and the sum of all. A plain value.
 */
#ifndef TS_DOMAIN_HISTOGRAM_H
#define TS_DOMAIN_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BOUNDS_MAX 16

struct histogram_bounds {
    uint32_t count;
    double at[HISTOGRAM_BOUNDS_MAX]; /* upper ones, ascending, each within its bucket */
};

struct histogram {
    uint64_t buckets[HISTOGRAM_BOUNDS_MAX + 1]; /* not cumulative; [count]: above all bounds */
    double sum;
};

extern const struct histogram_bounds histogram_seconds, histogram_bytes;

void histogram_add(struct histogram *histogram, const struct histogram_bounds *bounds,
                   double value);

#endif
