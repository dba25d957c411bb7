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
    char engine_url[700]; /* for --engine-url */
    char courses[16];     /* how many, as text */
    const char *engines;  /* the simulator's --kind: "all", or NULL: Chronogolf */
    enum world_store kind;
    struct pg_server postgres;
    const char *postgres_option;  /* of a server of this world's own; NULL: the common one */
    const char *const *launchers; /* program and arguments that start its sweeps; may be NULL */
    struct process sim;
    const char *const *sim_options;
    const char *now; /* the simulator's and the sweeps' clocks start here */
};

/* Makes the folder, the catalogue of `courses` rows, the simulator with further options
 * (NULL-terminated, may be NULL) and an empty store. False: PostgreSQL is not there (said why);
 * skip. */
bool world_begin(struct world *world, enum world_store kind, unsigned courses,
                 const char *const *sim_options);

/* The same with a fleet of all engines. */
bool world_begin_mixed(struct world *world, enum world_store kind, unsigned courses,
                       const char *const *sim_options);

/* The same with a PostgreSQL of its own, which listens on this address with TLS, and a
 * simulator on all addresses of this machine. */
bool world_begin_networked(struct world *world, unsigned courses, const char *address);
void world_end(struct world *world);

/* Ends the simulator and starts it anew with other options: another mood, the same fleet. */
void world_restart_sim(struct world *world, const char *const *sim_options);

/* The simulator's --kind. */
const char *world_kind(const struct world *world);

/* Deletes the store: the next sweep makes a new one. */
void world_empty_store(const struct world *world);

/* The same fleet and store at another time and with other options, for a second sweep at once:
 * a simulator of its own, which world_end_twin ends. */
struct world world_twin(const struct world *world, const char *now,
                        const char *const *sim_options);
void world_end_twin(struct world *twin);

/* `teesheet collect` on this world with the pace lifted and more options (NULL-terminated). */
struct process world_start_sweep(const struct world *world, const char *const *options);
struct outcome_of_run world_sweep(const struct world *world, const char *const *options);

/* The same, and fails the test unless it exits with `exit_code`. */
void world_sweep_expect(const struct world *world, const char *const *options, int exit_code);

/* Waits until the sweep has said `text` so often; false: it ended, or a minute went by. */
bool world_wait_for(const struct process *sweep, const char *text, size_t times);

/* The number after "NAME": in a JSON summary. */
long long world_summary_number(const char *summary, const char *name);

/* True once the tables are there. */
bool world_has_store(const struct world *world);

/* One value out of the store, on either kind, as text ("" for NULL): tables are unqualified. */
void world_query(const struct world *world, const char *sql, char *result, size_t cap);
long long world_number(const struct world *world, const char *sql);

/* Compares the store's open tee times and observed tee sheets of `dates` ("A..B") with the
 * simulator's truth, and fails the test with the first differences. Tee sheets of the store
 * that lack are missing too. */
void world_check_truth(const struct world *world, const char *dates);

/* The same day by day, for fleets whose tee times are too many to hold at once. */
void world_check_truth_by_day(const struct world *world, const char *first, unsigned days);

/* The same for what two looked at: the courses `of_twin` ("1001,1002") have the twin's truth,
 * the courses `of_world` the world's. */
void world_check_truths(const struct world *world, const char *of_world,
                        const struct world *twin, const char *of_twin, const char *dates);

/* Fails unless what the store holds (tee times and sheets that it claims observed) is part of
 * the truth: a killed sweep's store. */
void world_check_subset(const struct world *world, const char *dates);

/* Fails unless the database passes its own integrity check. */
void world_check_integrity(const struct world *world);

#endif
