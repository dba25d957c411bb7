/* histogram.c: values sorted into buckets. */
#include "domain/histogram.h"

const struct histogram_bounds histogram_seconds = {
    14, { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300 }
};

const struct histogram_bounds histogram_bytes = {
    9, { 1024, 4096, 16384, 65536, 262144, 524288, 1048576, 4194304, 16777216 }
};

void histogram_add(struct histogram *histogram, const struct histogram_bounds *bounds,
                   double value)
{
    uint32_t bucket = 0;
    while (bucket < bounds->count && value > bounds->at[bucket])
        bucket++;
    histogram->buckets[bucket]++;
    histogram->sum += value;
}
