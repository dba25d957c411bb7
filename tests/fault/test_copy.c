/*
 * test_copy.c exercises a COPY of more rows than libpq's first buffer holds, over our
 * connection, when its n-th allocation or open fails, for every n, once and for good: it ends
 * soon, says so, and claims rows only that are there. libpq without memory for a larger buffer
 * answers "not now", as to a socket that is full, for ever.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fault/campaign.h"
#include "store/postgres/connection.h"
#include "support/pg_server.h"
#include "support/unit.h"

#define ROW     "a tee time\n"
#define ROWS    6000 /* 64 KiB; libpq begins with 16 */
#define MISSING 98   /* as an exit code */

struct scene {
    char url[400];
    char rows[ROWS * (sizeof(ROW) - 1)];
};

static ts_err copy(struct pg_connection *connection, struct str rows)
{
    ts_err err = pg_script(connection, "create temp table copied (line text)", NULL);
    if (!err)
        err = pg_copy_begin(connection, "copy copied from stdin", NULL);
    if (!err)
        err = pg_copy_put(connection, rows, NULL);
    return err ? err : pg_copy_end(connection, NULL);
}

static int count(struct pg_connection *connection)
{
    PGresult *result = NULL;
    ts_err err = pg_query(connection, "select count(*) from copied", 0, NULL, &result, NULL);
    if (err)
        return (int)err;
    int verdict = strtol(PQgetvalue(result, 0, 0), NULL, 10) == ROWS ? 0 : MISSING;
    PQclear(result);
    return verdict;
}

static int connect_and_copy(void *ctx, bool disturbed)
{
    const struct scene *scene = ctx;
    struct pg_connection connection = { .stop_fd = -1,
                                        .patience_us = disturbed ? CLOCK_SECOND_US / 5
                                                                 : 20 * CLOCK_SECOND_US };
    ts_err err = pg_url_parse(&connection.url, scene->url, NULL);
    if (!err)
        err = pg_connect(&connection, NULL);
    if (!err)
        err = copy(&connection, (struct str){ scene->rows, sizeof(scene->rows) });
    int verdict = err ? (int)err : count(&connection);
    pg_disconnect(&connection);
    return verdict;
}

static void nothing_to_prepare(void *ctx)
{
    (void)ctx;
}

static const char *judge(void *ctx, const struct campaign_run *run)
{
    (void)ctx;
    return run->exit_code == MISSING ? "rows are missing, and it said that all is well" : NULL;
}

static void copies_or_says_so(void **state)
{
    (void)state;
    struct pg_server server;
    if (!pg_server_begin(&server, "TS_PG_DIR", NULL))
        skip();
    char output[400];
    (void)pg_server_run(&server, "up", NULL, output, sizeof(output));
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    assert_int_equal(pg_server_run(&server, "url", NULL, scene->url, sizeof(scene->url)), 0);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(scene->rows + i * (sizeof(ROW) - 1), ROW, sizeof(ROW) - 1);
    const struct campaign campaign = { .name = "copy",
                                       .job = connect_and_copy,
                                       .prepare = nothing_to_prepare,
                                       .judge = judge,
                                       .ctx = scene,
                                       .stride = 1 };
    campaign_warm(&campaign);
    (void)campaign_fight(&campaign);
    free(scene);
    pg_server_end(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(copies_or_says_so) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
