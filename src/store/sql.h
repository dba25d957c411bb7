/*
 * sql.h: the SQL files of a backend as they were embedded at build time (cmake/EmbedSql.cmake).
 * Private to store/.
 */
#ifndef TS_STORE_SQL_H
#define TS_STORE_SQL_H

#include <stdint.h>

struct store_migration {
    uint32_t number;
    const char *name; /* "schema" of 0001_schema.sql */
    const char *sql;  /* one or more statements */
};

/* In the order of statements.def, then of the backend's own private.def. */
extern const char *const store_sqlite_sql[];
extern const struct store_migration store_sqlite_migrations[];
extern const uint32_t store_sqlite_migrations_count;

extern const char *const store_postgres_sql[];
extern const struct store_migration store_postgres_migrations[];
extern const uint32_t store_postgres_migrations_count;

#endif
