/* transaction.c: begin, commit, rollback, such that a transaction pooler can be in between. */
#include <libpq-fe.h>
#include <string.h>

#include "store/postgres/store_postgres.h"

ts_err pg_begin(struct pg_store *store, struct error *reterr)
{
    ts_err err = pg_query(&store->connection, store->sql[PG_BEGIN], 0, NULL, NULL, reterr);
    if (err)
        return err;
    const char *params[] = { store->limits[0], store->limits[1], store->limits[2] };
    err = pg_query(&store->connection, store->sql[PG_LIMITS], 3, params, NULL, reterr);
    if (err)
        pg_rollback(store);
    return err;
}

ts_err pg_commit(struct pg_store *store, struct error *reterr)
{
    PGresult *result;
    ts_err err = pg_query(&store->connection, "COMMIT", 0, NULL, &result, reterr);
    if (err)
        return err;
    /* The COMMIT of a transaction in which something failed is a silent ROLLBACK. */
    if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
        err = error_set(reterr, TS_ERR_TRANSIENT, "%s: rolled back, a statement had failed",
                        store->connection.url.name);
    PQclear(result);
    return err;
}

void pg_rollback(struct pg_store *store)
{
    /* Without a session there is no transaction; one that cannot roll back is ended with it. */
    if (store->connection.handle && pg_script(&store->connection, "ROLLBACK", NULL))
        pg_disconnect(&store->connection);
}
