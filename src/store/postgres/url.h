/*
 * url.h: a PostgreSQL URL as what libpq is given: parameters of poolers removed, TLS demanded.
 *
 * Knows nothing of connections. The merged parameters (URL over environment over defaults) are
 * owned by the struct; credentials stay in them and never reach an error text.
 */
#ifndef TS_STORE_POSTGRES_URL_H
#define TS_STORE_POSTGRES_URL_H

#include <stdbool.h>

#include "base/err.h"

#define PG_URL_BYTES      4096
#define PG_PARAMETERS_MAX 64

struct pg_url {
    const char *keywords[PG_PARAMETERS_MAX + 1]; /* NULL-terminated; views into storage */
    const char *values[PG_PARAMETERS_MAX + 1];
    unsigned count;
    const char *password; /* NULL: none known here (libpq may still find one in a file) */
    bool remote;          /* some host is not this machine */
    bool unverified;      /* remote, and the server's certificate is not checked in full */
    char name[200];       /* "host/database", for people */
    char storage[PG_URL_BYTES];
};

/* TS_ERR_CONFIG: not a PostgreSQL URL, or one that sends credentials in the clear. */
TS_MUST_USE ts_err pg_url_parse(struct pg_url *url, const char *text, struct error *reterr);

/* The value of a libpq parameter, NULL if it is not set. */
const char *pg_url_value(const struct pg_url *url, const char *keyword);

/* How many hosts it lists, and: the first one becomes the last. */
unsigned pg_url_hosts(const struct pg_url *url);
void pg_url_rotate(struct pg_url *url);

#endif
