/*
 * failure.h: what PostgreSQL and libpq say went wrong, as a ts_err and one line for people that
 * names the likely cause and holds no credentials.
 */
#ifndef TS_STORE_POSTGRES_FAILURE_H
#define TS_STORE_POSTGRES_FAILURE_H

#include "base/err.h"
#include "store/postgres/url.h"

struct pg_conn;
struct pg_result;

/* The code for an SQLSTATE of five characters (NULL: none came: the connection broke). */
ts_err pg_failure_code(const char *sqlstate);

/* A statement that failed. Returns its code, like error_set. */
ts_err pg_failure_of_result(const struct pg_result *result, const struct pg_url *url,
                            struct error *reterr);

/* A connection that could not be made or that broke; `doing` says when ("connecting to"). */
ts_err pg_failure_of_connection(const struct pg_conn *handle, const struct pg_url *url,
                                const char *doing, struct error *reterr);

#endif
