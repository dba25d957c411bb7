/*
 * replay.h: recorded exchanges are parsed again into a store: a parser fix is proven and its
 * results filled in. Asks no host anything. The program part: it logs.
 */
#ifndef TS_HOST_REPLAY_H
#define TS_HOST_REPLAY_H

#include "domain/outcome.h"
#include "store/store.h"

struct replay_config {
    const char *dir;
    const char *courses_path; /* NULL: the store's catalogue */
    struct store_config store;
    bool store_from_argv;
};

struct replay_report {
    uint64_t exchanges, conversations;
    uint64_t by_outcome[OUTCOME_COUNT]; /* tee sheets, one per look */
    uint64_t tee_times;
    uint64_t left_out; /* tee sheets of conversations that lack an exchange */
    uint64_t unknown;  /* tee sheets of courses or engines that the catalogue lacks */
    uint64_t inserted, updated, closed, reopened, unchanged, stale, held;
    uint32_t cut_files;
};

/* Each look is stored with the instant at which its reply came; the store leaves alone what it
 * knows better by then. */
TS_MUST_USE ts_err replay_run(const struct replay_config *config,
                              struct replay_report *ret_report, struct error *reterr);

#endif
