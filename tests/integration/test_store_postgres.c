/*
 * test_store_postgres.c: the store on a real PostgreSQL.
 *
 * Exercises: the contract of all stores, directly, through pgbouncer in transaction mode and
 * over TLS; rows that did not change are not written; the schema's making: beside foreign
 * tables, in an empty schema, refused among foreign objects, by two at once, without rights,
 * newer, for readers; TLS: raised, told when the certificate is not verified, verified; wrong
 * password, user, database, CA and port: named, and never with the password; nobody else may
 * read; foreign URL parameters.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>

#include "store/postgres/postgres.h"
#include "support/pg_batch.h"
#include "support/store_contract.h"
#include "support/unit.h"

#define SECRET "sesame-17"

struct side {
    struct pg_server server;
    bool available;
    PGconn *raw; /* beside the store, as superuser */
};

static struct side plain;
static struct side tls;

static PGconn *raw_connect(const struct pg_server *server)
{
    char url[300];
    char full[400];
    assert_int_equal(pg_server_run(server, "url", "socket", url, sizeof(url)), 0);
    (void)snprintf(full, sizeof(full), "%s&user=postgres", url);
    PGconn *raw = PQconnectdb(full);
    if (PQstatus(raw) != CONNECTION_OK)
        printf("%s\n", PQerrorMessage(raw));
    return raw;
}

static bool side_begin(struct side *side, const char *env_name, const char *option)
{
    side->available = pg_server_begin(&side->server, env_name, option);
    if (side->available)
        side->raw = raw_connect(&side->server);
    return side->available;
}

static void side_end(struct side *side)
{
    PQfinish(side->raw);
    pg_server_end(&side->server);
}

static void query(void *ctx, const char *sql, char *result, size_t cap)
{
    const struct side *side = ctx;
    PGresult *rows = PQexec(side->raw, sql);
    if (PQresultStatus(rows) != PGRES_TUPLES_OK && PQresultStatus(rows) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(side->raw));
    struct buf out = buf_over(result, cap);
    for (int row = 0; row < PQntuples(rows); row++) {
        if (row)
            buf_putc(&out, '\n');
        for (int column = 0; column < PQnfields(rows); column++) {
            if (column)
                buf_putc(&out, '|');
            buf_puts(&out, PQgetvalue(rows, row, column));
        }
    }
    assert_false(out.overflow);
    PQclear(rows);
}

static const char *ask(const char *sql)
{
    static char result[4000];
    query(&plain, sql, result, sizeof(result));
    return result;
}

static bool reset_contract(void *ctx)
{
    char nothing[10];
    query(ctx,
          "set client_min_messages = warning; drop schema if exists teesheet cascade; "
          "set search_path to teesheet",
          nothing, sizeof(nothing));
    return true;
}

static int run_contract(struct side *side, const char *kind)
{
    char url[300];
    if (!side->available)
        return 0;
    printf("contract, PostgreSQL, %s\n", kind);
    if (pg_server_run(&side->server, "url", kind, url, sizeof(url)) != 0)
        return 1;
    struct store_fixture fixture = {
        .url = url,
        .schema = "teesheet",
        .reset = reset_contract,
        .query = query,
        .instant = "extract(epoch from %s)::bigint",
        .columns = "select column_name from information_schema.columns where table_schema = "
                   "'teesheet' and table_name = '%s' order by ordinal_position",
        .ctx = side,
    };
    return store_contract_run(&fixture);
}

static int reset(void **state)
{
    (void)state;
    if (plain.available)
        (void)ask("set client_min_messages = warning; drop schema if exists teesheet cascade; "
                  "drop schema if exists other cascade; drop table if exists public.tee_times, "
                  "public.courses; drop role if exists stranger");
    return 0;
}

static void need(const struct side *side)
{
    if (!side->available)
        skip();
}

/* Opens url (with `extra` appended) as given; closes again. */
static ts_err try_open(const struct side *side, const char *kind, const char *extra,
                       struct store_config config, struct error *ret_error)
{
    char base[300];
    char url[600];
    assert_int_equal(pg_server_run(&side->server, "url", kind, base, sizeof(base)), 0);
    (void)snprintf(url, sizeof(url), "%s%s", base, extra);
    config.url = url;
    config.stop_fd = -1;
    struct store *store = NULL;
    *ret_error = (struct error){ .code = TS_ERR_OK };
    ts_err err = store_open(&config, false, &store, ret_error);
    store_close(store);
    assert_null(strstr(ret_error->text, SECRET));
    return err;
}

static void foreign_tables_stay_as_they_are(void **state)
{
    (void)state;
    need(&plain);
    (void)ask(
        "create table public.tee_times (id text, price real); insert into public.tee_times "
        "values ('x', 1.5); create table public.courses (slug text primary key)");
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&plain.server, "socket", NULL, 0, -1);
    pg_batch_put(&made, 1, 20700, 1788000000, 10, 5000);
    assert_int_equal(pg_batch_upsert(&made, store, NULL), TS_ERR_OK);
    store_close(store);
    pg_batch_done(&made);
    assert_string_equal(ask("select * from public.tee_times"), "x|1.5");
    assert_string_equal(ask("select count(*) from public.courses"), "0");
    assert_string_equal(ask("select count(*) from teesheet.tee_times"), "10");
    assert_string_equal(ask("select string_agg(distinct relname, ',') from pg_class c join "
                            "pg_namespace n on n.oid = relnamespace where nspname = 'public'"),
                        "courses,courses_pkey,tee_times");
}

/* A row that is written again is a dead one to sweep up, also if it says the same. */
static void only_what_changed_is_written(void **state)
{
    (void)state;
    need(&plain);
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&plain.server, "socket", NULL, 0, -1);
    static const struct {
        unsigned count;
        const char *written; /* by a later transaction than the first? how many rows */
    } looks[] = {
        { 10, "f|10" }, { 10, "f|10" }, { 12, "f|10\nt|2" }, { 11, "f|10\nt|1\nt|1" }
    };
    for (size_t i = 0; i < TS_COUNT_OF(looks); i++) {
        pg_batch_put(&made, 1, 20700, 1788000000 + (int64_t)i, looks[i].count, 5000);
        assert_int_equal(pg_batch_upsert(&made, store, NULL), TS_ERR_OK);
        assert_string_equal(
            ask("select xmin::text::bigint - min(xmin::text::bigint) over () > 0, count(*) "
                "from teesheet.tee_times group by xmin order by 1"),
            looks[i].written);
    }
    store_close(store);
    pg_batch_done(&made);
    assert_string_equal(ask("select count(*) from information_schema.sequences where "
                            "sequence_schema = 'teesheet'"),
                        "0");
}

static void only_an_empty_foreign_schema_is_used(void **state)
{
    (void)state;
    need(&plain);
    struct error error;
    struct store_config config = { .schema = "other" };
    (void)ask(
        "create schema other authorization teesheet; create table other.courses (id int)");
    assert_int_equal(try_open(&plain, "socket", "", config, &error), TS_ERR_SCHEMA);
    assert_non_null(strstr(error.text, "did not create"));
    assert_string_equal(ask("select count(*) from pg_class where relnamespace = "
                            "'other'::regnamespace"),
                        "1");
    (void)ask("drop table other.courses");
    assert_int_equal(try_open(&plain, "socket", "", config, &error), TS_ERR_OK);
    assert_string_equal(ask("select max(version) from other.teesheet_schema"), "4");
    config.schema = "Robert\"; drop";
    assert_int_equal(try_open(&plain, "socket", "", config, &error), TS_ERR_CONFIG);
}

static void versions_are_respected(void **state)
{
    (void)state;
    need(&plain);
    struct error error;
    struct store_config reader = { .read_only = true };
    struct store_config rigid = { .no_migrate = true };
    struct store_config writer = { .schema = NULL };
    assert_int_equal(try_open(&plain, "socket", "", reader, &error), TS_ERR_NOT_FOUND);
    assert_true(try_open(&plain, "socket", "", rigid, &error) != TS_ERR_OK);
    assert_string_equal(ask("select count(*) from pg_namespace where nspname = 'teesheet'"),
                        "0");
    assert_int_equal(try_open(&plain, "socket", "", writer, &error), TS_ERR_OK);
    assert_int_equal(try_open(&plain, "socket", "", reader, &error), TS_ERR_OK);
    assert_int_equal(try_open(&plain, "socket", "", rigid, &error), TS_ERR_OK);
    (void)ask("insert into teesheet.teesheet_schema values (999)");
    assert_int_equal(try_open(&plain, "socket", "", writer, &error), TS_ERR_SCHEMA);
    assert_int_equal(try_open(&plain, "socket", "", reader, &error), TS_ERR_SCHEMA);
    assert_non_null(strstr(error.text, "999"));
}

/* What later versions added is taken out again: the schema is as version 1 made it. */
static void version_1_becomes_the_latest(void **state)
{
    (void)state;
    need(&plain);
    struct error error;
    struct store_config config = { .no_migrate = true };
    struct store_config writer = { .schema = NULL };
    assert_int_equal(try_open(&plain, "socket", "", writer, &error), TS_ERR_OK);
    (void)ask("drop table teesheet.shapes; alter table teesheet.runs drop column worst; "
              "alter table teesheet.hosts drop column hold_until; "
              "delete from teesheet.teesheet_schema where version > 1;"
              "insert into teesheet.hosts values ('h', 1, 2, now())");
    assert_int_equal(try_open(&plain, "socket", "", config, &error), TS_ERR_SCHEMA);
    assert_non_null(strstr(error.text, "has version 1, this program needs 4"));
    assert_int_equal(try_open(&plain, "socket", "", writer, &error), TS_ERR_OK);
    assert_string_equal(ask("select max(version) from teesheet.teesheet_schema"), "4");
    assert_string_equal(ask("select count(*) from teesheet.shapes"), "0");
    assert_string_equal(ask("select host from teesheet.hosts"), "h");
}

static void rights_are_needed_and_not_given_away(void **state)
{
    (void)state;
    need(&plain);
    struct error error;
    struct store_config config = { .schema = NULL };
    (void)ask("create role stranger login");
    assert_int_equal(try_open(&plain, "socket", "&user=stranger", config, &error),
                     TS_ERR_PERMISSION);
    assert_non_null(strstr(error.text, "lacks rights"));
    (void)ask("alter default privileges for role teesheet grant select on tables to public");
    assert_int_equal(try_open(&plain, "socket", "", config, &error), TS_ERR_OK);
    (void)ask("alter default privileges for role teesheet revoke select on tables from public");
    assert_string_equal(ask("select has_schema_privilege('stranger', 'teesheet', 'usage'), "
                            "has_table_privilege('stranger', 'teesheet.tee_times', 'select')"),
                        "f|f");
    assert_int_equal(try_open(&plain, "socket", "&user=stranger", config, &error),
                     TS_ERR_PERMISSION);
}

static void *open_main(void *ctx)
{
    store_close(pg_open_store(&plain.server, ctx, NULL, 0, -1));
    return NULL;
}

static void many_may_migrate_at_once(void **state)
{
    (void)state;
    need(&plain);
    char kinds[4][8] = { "socket", "pooler", "pooler", "socket" };
    pthread_t threads[4];
    for (size_t i = 0; i < TS_COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_main, kinds[i]), 0);
    for (size_t i = 0; i < TS_COUNT_OF(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_string_equal(ask("select count(*) from teesheet.teesheet_schema"), "4");
}

static void failures_name_their_cause(void **state)
{
    (void)state;
    need(&plain);
    struct error error;
    struct store_config config = { .schema = NULL };
    assert_int_equal(try_open(&plain, "socket", "&dbname=nowhere", config, &error),
                     TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "unknown database"));
    assert_int_equal(try_open(&plain, "socket", "&user=nobody", config, &error), TS_ERR_CONFIG);
    assert_int_equal(try_open(&plain, "socket", "&port=1", config, &error), TS_ERR_NO_SERVER);
    assert_non_null(strstr(error.text, "no server"));
    assert_int_equal(try_open(&plain, "pooler",
                              "&connection_limit=1&pool_timeout=0&supa=base-pooler.x", config,
                              &error),
                     TS_ERR_OK);
    /* An unencrypted server that calls itself another machine. */
    assert_int_equal(
        try_open(&plain, "socket", "&host=db.test&hostaddr=127.0.0.1&port=1", config, &error),
        TS_ERR_NO_SERVER);
}

static bool unverified(const char *extra)
{
    char base[300];
    char url[600];
    assert_int_equal(pg_server_run(&tls.server, "url", "tls", base, sizeof(base)), 0);
    (void)snprintf(url, sizeof(url), "%s%s", base, extra);
    struct store_config config = { .url = url, .stop_fd = -1 };
    struct store *store = NULL;
    assert_int_equal(store_open(&config, false, &store, NULL), TS_ERR_OK);
    bool answer = store_postgres_unverified(store);
    assert_null(strstr(store_name(store), SECRET));
    assert_non_null(strstr(store_name(store), "db.test/teesheet"));
    store_close(store);
    return answer;
}

static void tls_is_demanded_and_told(void **state)
{
    (void)state;
    need(&tls);
    char ca[200];
    char verify[300];
    struct error error;
    struct store_config config = { .schema = NULL };
    assert_int_equal(pg_server_run(&tls.server, "url", "ca", ca, sizeof(ca)), 0);
    (void)snprintf(verify, sizeof(verify), "&sslmode=verify-full&sslrootcert=%s", ca);
    assert_true(unverified(""));
    assert_true(unverified("&sslmode=prefer"));
    assert_false(unverified(verify));
    assert_int_equal(try_open(&tls, "tls", "&sslmode=disable", config, &error), TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "in the clear"));
    assert_int_equal(
        try_open(&tls, "tls", "&sslmode=verify-full&sslrootcert=/nowhere", config, &error),
        TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "sslrootcert"));
    (void)snprintf(verify, sizeof(verify), "&sslmode=verify-full&sslrootcert=%s&host=else.test",
                   ca);
    assert_int_equal(try_open(&tls, "tls", verify, config, &error), TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "another host's"));
    assert_int_equal(try_open(&tls, "tls", "&password=not-" SECRET, config, &error),
                     TS_ERR_CONFIG);
    assert_non_null(strstr(error.text, "wrong user or password"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(foreign_tables_stay_as_they_are, reset),
        cmocka_unit_test_setup(only_what_changed_is_written, reset),
        cmocka_unit_test_setup(only_an_empty_foreign_schema_is_used, reset),
        cmocka_unit_test_setup(versions_are_respected, reset),
        cmocka_unit_test_setup(version_1_becomes_the_latest, reset),
        cmocka_unit_test_setup(rights_are_needed_and_not_given_away, reset),
        cmocka_unit_test_setup(many_may_migrate_at_once, reset),
        cmocka_unit_test_setup(failures_name_their_cause, reset),
        cmocka_unit_test_setup(tls_is_demanded_and_told, reset),
    };
    (void)side_begin(&plain, "TS_PG_DIR", "pooler");
    (void)side_begin(&tls, "TS_PG_TLS_DIR", "tls");
    int failed = run_contract(&plain, "socket");
    failed += run_contract(&plain, "pooler");
    failed += run_contract(&tls, "tls");
    failed += cmocka_run_group_tests_name("store on PostgreSQL", tests, NULL, NULL);
    side_end(&plain);
    side_end(&tls);
    return failed;
}
