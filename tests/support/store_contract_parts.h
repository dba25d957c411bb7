/*
 * store_contract_parts.h: what the files of the contract test share.
 */
#ifndef TS_TESTS_STORE_CONTRACT_PARTS_H
#define TS_TESTS_STORE_CONTRACT_PARTS_H

#include "base/day.h"
#include "store/store.h"
#include "support/store_contract.h"
#include "support/unit.h"

#define HELD_MAX 16

/* The store under test, one batch, and the last receipt. */
struct bench {
    const struct store_fixture *fixture;
    struct store *store;
    struct batch *batch;
    struct zone *zone;
    int32_t date; /* 2026-06-10 */
    int64_t noon; /* 2026-06-09T18:00:00Z, noon of the day before in Regina */
    struct store_receipt receipt;
    struct store_held held[HELD_MAX];
};

/* One look at a tee sheet: tee times every 10 minutes from 08:00 local, numbers from..to-1. */
struct look {
    int64_t course;
    int32_t date;
    enum outcome outcome;
    int64_t at;
    unsigned from, to;
    bool second;
    unsigned odd;      /* tee time number `odd` has these instead of {2,3,4} and 5000 */
    uint8_t odd_party; /* 0: none is odd */
    int32_t odd_price;
};

int bench_setup(void **state);
int bench_teardown(void **state);

void bench_open(struct bench *bench);
/* Adds a look to the batch; commits the batch (sorted) and resets it. */
void bench_add(struct bench *bench, const struct look *look);
void bench_commit(struct bench *bench, int64_t run_id);
void bench_look(struct bench *bench, const struct look *look); /* both */

/* Compares rows; {column} in sql stands for that instant column in Unix seconds. */
void bench_expect(struct bench *bench, const char *sql, const char *expected);

/* A look at course 7 on bench->date with tee times from..to-1 at noon + seconds. */
struct look look_at(const struct bench *bench, int64_t seconds, unsigned from, unsigned to);

/* Puts course `id` of region "Sask" (id "sk") into an open import. */
struct courses_import;
void bench_put_course(struct courses_import *import, int64_t id, const char *name,
                      double latitude, bool active);

extern const struct CMUnitTest store_contract_upsert[];
extern const size_t store_contract_upsert_count;
extern const struct CMUnitTest store_contract_guard[];
extern const size_t store_contract_guard_count;
extern const struct CMUnitTest store_contract_read[];
extern const size_t store_contract_read_count;
extern const struct CMUnitTest store_contract_search[];
extern const size_t store_contract_search_count;
extern const struct CMUnitTest store_contract_share[];
extern const size_t store_contract_share_count;

#endif
