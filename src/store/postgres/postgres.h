/*
 * postgres.h: what callers of a PostgreSQL store can ask beyond store.h.
 */
#ifndef TS_STORE_POSTGRES_POSTGRES_H
#define TS_STORE_POSTGRES_POSTGRES_H

#include "store/store.h"

/* The store is on another machine and its certificate is not checked in full (sslmode is not
 * verify-full): worth a line in the log. False for other backends. */
bool store_postgres_unverified(const struct store *store);

#endif
