/*
 * world.h: everything around the real program in an end-to-end test: a folder, a simulated
 * fleet with its catalogue and its truth, a store of either kind, and sweeps of it.
 */
#ifndef TS_TESTS_E2E_WORLD_H
#define TS_TESTS_E2E_WORLD_H

#include "support/pg_server.h"
#include "support/process.h"

/* The same date in every zone of the fleet, and no tee time of it in the past, for half an
 * hour. */
#define WORLD_NOW   "2026-12-04T09:00:00Z"
#define WORLD_LATER "2026-12-04T09:10:00Z"

enum world_store { WORLD_SQLITE, WORLD_POSTGRES };

struct world {
    char dir[128]; /* removed at the end */
    char catalogue[160];
    char store_url[400];  /* for --store */
    char engine_url[120]; /* for --engine-url */
    char courses[16];     /* how many, as text */
    enum world_store kind;
    struct pg_server postgres;
    struct process sim;
    const char *const *sim_options;
};

/* Makes the folder, the catalogue of `courses` rows, the simulator with further options
 * (NULL-terminated, may be NULL) and an empty store. False: PostgreSQL is not there (said why);
 * skip. */
bool world_begin(struct world *world, enum world_store kind, unsigned courses,
                 const char *const *sim_options);
void world_end(struct world *world);

/* Ends the simulator and starts it anew with other options: another mood, the same fleet. */
void world_restart_sim(struct world *world, const char *const *sim_options);

/* `teesheet collect` on this world with the pace lifted and further options (NULL-terminated).
 */
struct process world_start_sweep(const struct world *world, const char *const *options);
struct outcome_of_run world_sweep(const struct world *world, const char *const *options);

/* The same, and fails the test unless it exits with `exit_code`. */
void world_sweep_expect(const struct world *world, const char *const *options, int exit_code);

/* One value out of the store, on either kind, as text ("" for NULL): tables are unqualified. */
void world_query(const struct world *world, const char *sql, char *result, size_t cap);
long long world_number(const struct world *world, const char *sql);

/* Compares the store's open tee times and observed tee sheets of `dates` ("A..B") with the
 * simulator's truth, and fails the test with the first differences. Tee sheets of the store
 * that lack are missing too. */
void world_check_truth(const struct world *world, const char *dates);

/* Fails unless what the store holds (tee times and sheets that it claims observed) is part of
 * the truth: a killed sweep's store. */
void world_check_subset(const struct world *world, const char *dates);

/* Fails unless the database passes its own integrity check. */
void world_check_integrity(const struct world *world);

#endif
