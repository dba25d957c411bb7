/*
 * witness.h: whether a sweep, however it ended and whatever the hosts did, left a store that
 * tells the truth: each tee sheet was either observed, and then holds what the simulator says,
 * or was not, and then is as it was; and what it said of that is so.
 */
#ifndef TS_TESTS_E2E_WITNESS_H
#define TS_TESTS_E2E_WITNESS_H

#include "e2e/world_rows.h"

/* A store at one moment. */
struct witness {
    struct rows times;  /* open tee times */
    struct rows sheets; /* "course|date|observed_at" */
};

/* What came of the comparisons so far. */
struct witness_tally {
    unsigned long long observed;  /* tee sheets */
    unsigned long long untouched; /* tee sheets that were there and were not observed */
    unsigned long long lost;      /* tee times of the truth that an observed tee sheet lacks */
    unsigned long long phantom;   /* tee times that never were */
    unsigned long long altered;   /* tee times that are, with other party sizes or prices */
    unsigned long long closed;    /* tee times gone from a tee sheet that was not observed */
};

/* When a sweep began and by when it had ended, by the world's clock (Unix seconds), and how
 * many seconds the sweep's own clock was ahead of it. */
struct witness_clock {
    int64_t from, until, skew;
};

/* An empty witness if there is no store yet. */
struct witness witness_take(const struct world *world);
void witness_free(struct witness *witness);

/* Compares the store after a sweep with the one before and with the truth; the first
 * differences are printed. */
void witness_compare(const struct world *world, const struct witness *before,
                     const struct witness *after, struct witness_clock clock,
                     struct witness_tally *tally);

/* Fails unless the tee sheets of all batches that a sweep said were committed have been looked
 * at since it began by its own clock; returns how many it said. */
long long witness_check_committed(const struct world *world, const char *err, int64_t since);

#endif
