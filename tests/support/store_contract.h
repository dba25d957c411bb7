/*
 * store_contract.h: what every store must do, as tests over struct store_ops that each backend
 * runs.
 */
#ifndef TS_TESTS_STORE_CONTRACT_H
#define TS_TESTS_STORE_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

struct store_fixture {
    const char *url;
    const char *schema; /* PostgreSQL's; NULL */
    /* Makes the store empty: not even tables. False: the tests are skipped. */
    bool (*reset)(void *ctx);
    /* Runs SQL beside the store (tables unqualified) and writes the rows as "a|b\nc|d", NULL as
     * nothing. */
    void (*query)(void *ctx, const char *sql, char *result, size_t cap);
    /* An instant column as Unix seconds: "%s" or "extract(epoch from %s)::bigint". */
    const char *instant;
    /* SQL that lists the columns of the table or view %s in order, one a row. */
    const char *columns;
    void *ctx;
};

/* Runs all of it; returns the number of failed tests. */
int store_contract_run(const struct store_fixture *fixture);

#endif
