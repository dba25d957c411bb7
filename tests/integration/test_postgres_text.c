/*
 * test_postgres_text.c: what goes to PostgreSQL as text, and what comes back as errors.
 *
 * Exercises: URLs (parameters of poolers removed, own ones added, TLS raised and refused, local
 * hosts, environment, services, several hosts, ambiguous passwords); SQLSTATEs and what a
 * pooler says to codes; credentials out of messages; array literals and COPY rows with
 * everything that needs escaping; the schema's placeholder.
 */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/postgres/encode.h"
#include "store/postgres/failure.h"
#include "store/postgres/store_postgres.h"
#include "support/unit.h"

static struct pg_url url;
static struct error error;

static ts_err parse(const char *text)
{
    error = (struct error){ .code = TS_ERR_OK };
    return pg_url_parse(&url, text, &error);
}

static void check_value(const char *keyword, const char *value)
{
    const char *got = pg_url_value(&url, keyword);
    if (value)
        assert_string_equal(got ? got : "(none)", value);
    else
        assert_null(got);
}

static void foreign_parameters_go_own_ones_come(void **state)
{
    (void)state;
    assert_int_equal(parse("postgresql://u:p%40ss@pooler.test:6543/postgres?pgbouncer=true&"
                           "connect_timeout=7&connection_limit=1&supa=base-pooler.x"),
                     TS_ERR_OK);
    check_value("user", "u");
    check_value("password", "p@ss");
    check_value("port", "6543");
    check_value("connect_timeout", "7");
    check_value("pgbouncer", NULL);
    check_value("connection_limit", NULL);
    check_value("client_encoding", "UTF8");
    check_value("fallback_application_name", "teesheet");
    check_value("keepalives", "1");
    assert_string_equal(url.name, "pooler.test/postgres");
    assert_int_equal(parse("postgres://h/d?keepalives=0"), TS_ERR_OK);
    check_value("keepalives", "0");
}

static void tls_is_raised_for_other_hosts_only(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mode;
        bool unverified;
    } rows[] = {
        { "postgresql://db.test/d", "require", true },
        { "postgresql://db.test/d?sslmode=allow", "require", true },
        { "postgresql://db.test/d?sslmode=prefer", "require", true },
        { "postgresql://db.test/d?sslmode=require", "require", true },
        { "postgresql://db.test/d?sslmode=verify-ca", "verify-ca", true },
        { "postgresql://db.test/d?sslmode=verify-full", "verify-full", false },
        { "postgresql://localhost,db.test/d", "require", true },
        { "postgresql://db.test/d?hostaddr=127.0.0.1", "require", true },
        { "postgresql://localhost/d?hostaddr=192.0.2.1", "require", true },
        { "postgresql://127.db.test/d", "require", true },
        { "postgresql://localhost/d", "prefer", false },
        { "postgresql://127.0.0.1/d?sslmode=disable", "disable", false },
        { "postgresql://[::1]/d", "prefer", false },
        { "postgresql:///d", "prefer", false },
        { "postgresql:///d?host=/run/postgresql", "prefer", false },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++) {
        assert_int_equal(parse(rows[i].text), TS_ERR_OK);
        check_value("sslmode", rows[i].mode);
        assert_int_equal(url.unverified, rows[i].unverified);
    }
    assert_int_equal(parse("postgresql://db.test/d?sslmode=disable"), TS_ERR_CONFIG);
    assert_int_equal(setenv("PGSSLMODE", "disable", 1), 0);
    assert_int_equal(parse("postgresql://db.test/d"), TS_ERR_CONFIG);
    assert_int_equal(parse("postgresql://localhost/d"), TS_ERR_OK);
    assert_int_equal(setenv("PGHOST", "db.test", 1), 0);
    assert_int_equal(parse("postgresql:///d"), TS_ERR_CONFIG);
    assert_int_equal(unsetenv("PGSSLMODE"), 0);
    assert_int_equal(parse("postgresql:///d"), TS_ERR_OK);
    check_value("sslmode", "require");
    assert_int_equal(unsetenv("PGHOST"), 0);
}

/* What a service names counts as if the URL or the environment had said it. */
static void a_service_is_no_way_around_tls(void **state)
{
    (void)state;
    char path[] = "/tmp/ts_service.XXXXXX";
    int fd = mkstemp(path);
    static const char text[] = "[golf]\nhost=db.test\nport=6000\nuser=u\npassword=squuux\n"
                               "[full]\nhost=db.test\nsslmode=verify-full\n"
                               "[clear]\nhost=db.test\nsslmode=disable\n";
    assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
    (void)close(fd);
    assert_int_equal(setenv("PGSERVICEFILE", path, 1), 0);
    assert_int_equal(parse("postgresql:///d?service=golf"), TS_ERR_OK);
    check_value("host", "db.test");
    check_value("port", "6000");
    check_value("user", "u");
    check_value("dbname", "d");
    check_value("sslmode", "require");
    assert_string_equal(url.password, "squuux");
    assert_string_equal(url.name, "db.test/d");
    assert_int_equal(parse("postgresql:///d?service=clear"), TS_ERR_CONFIG);
    assert_int_equal(setenv("PGSERVICE", "full", 1), 0);
    assert_int_equal(parse("postgresql:///d"), TS_ERR_OK);
    check_value("sslmode", "verify-full");
    assert_false(url.unverified);
    assert_int_equal(unsetenv("PGSERVICE"), 0);
    assert_int_equal(unsetenv("PGSERVICEFILE"), 0);
    (void)unlink(path);
}

static void hosts_take_turns(void **state)
{
    (void)state;
    assert_int_equal(parse("postgresql://one.test:1,two.test,three.test:3/d"), TS_ERR_OK);
    assert_int_equal(pg_url_hosts(&url), 3);
    pg_url_rotate(&url);
    check_value("host", "two.test,three.test,one.test");
    check_value("port", ",3,1");
    pg_url_rotate(&url);
    pg_url_rotate(&url);
    check_value("host", "one.test,two.test,three.test");
    check_value("port", "1,,3");
    assert_int_equal(parse("postgresql:///d?hostaddr=192.0.2.1,192.0.2.2&port=7"), TS_ERR_OK);
    assert_int_equal(pg_url_hosts(&url), 2);
    pg_url_rotate(&url);
    check_value("hostaddr", "192.0.2.2,192.0.2.1");
    check_value("port", "7");
    assert_int_equal(parse("postgresql:///d"), TS_ERR_OK);
    assert_int_equal(pg_url_hosts(&url), 1);
}

static void faulty_urls_show_no_password(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "postgresql://u:squuux@squ@db.test/d",   "postgresql://u:squ/uux@db.test/d",
        "postgresql://u:squ?uux@db.test/d",      "postgresql://u:squ#uux@db.test/d",
        "postgresql://u:squuux@db.test:p0rt:/d", "postgresql://u:squuux%zz@db.test/d",
        "postgresql://u@db.test/d?squuux=squ",   "postgresql:u:squuux",
        "postgresql://u:squuux@[db.test/d",
    };
    for (size_t i = 0; i < TS_COUNT_OF(texts); i++) {
        assert_int_equal(parse(texts[i]), TS_ERR_CONFIG);
        assert_non_null(strstr(error.text, "URL"));
        assert_null(strstr(error.text, "uux"));
        assert_null(strstr(error.text, "squ"));
    }
    static char longest[PG_URL_BYTES + 100] = "postgresql://h/d?application_name=";
    memset(longest + strlen(longest), 'x', PG_URL_BYTES);
    assert_int_equal(parse(longest), TS_ERR_CONFIG);
}

static void states_have_codes(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        ts_err code;
    } rows[] = {
        { NULL, TS_ERR_CONNECTION },    { "08006", TS_ERR_CONNECTION },
        { "57P01", TS_ERR_CONNECTION }, { "57P03", TS_ERR_CONNECTION },
        { "57014", TS_ERR_TRANSIENT },  { "40001", TS_ERR_TRANSIENT },
        { "25P03", TS_ERR_CONNECTION }, { "25P04", TS_ERR_CONNECTION },
        { "40P01", TS_ERR_TRANSIENT },  { "53100", TS_ERR_TRANSIENT },
        { "53300", TS_ERR_TRANSIENT },  { "55P03", TS_ERR_TRANSIENT },
        { "25006", TS_ERR_TRANSIENT },  { "22021", TS_ERR_DATA },
        { "22P05", TS_ERR_DATA },       { "23505", TS_ERR_DATA },
        { "42501", TS_ERR_PERMISSION }, { "3D000", TS_ERR_CONFIG },
        { "28P01", TS_ERR_CONFIG },     { "42P01", TS_ERR_SCHEMA },
        { "XX000", TS_ERR_INTERNAL },
    };
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++)
        assert_int_equal(pg_failure_code(rows[i].sqlstate), rows[i].code);
}

/* A pooler that greets everyone with an error of Supabase's kind. */
struct pooler {
    pthread_t thread;
    int listener;
    const char *message;
};

static void *pooler_main(void *ctx)
{
    const struct pooler *pooler = ctx;
    static const char fields[] = "SFATAL\0VFATAL\0CXX000\0M";
    char reply[300] = "E", startup[1000];
    size_t len = 5;
    memcpy(reply + len, fields, sizeof(fields) - 1);
    len += sizeof(fields) - 1;
    memcpy(reply + len, pooler->message, strlen(pooler->message));
    len += strlen(pooler->message) + 2;
    uint32_t counted = htonl((uint32_t)len - 1);
    memcpy(reply + 1, &counted, sizeof(counted));
    int client = accept(pooler->listener, NULL, NULL);
    bool spoke =
        read(client, startup, sizeof(startup)) > 0 && write(client, reply, len) == (ssize_t)len;
    (void)close(client);
    return spoke ? ctx : NULL;
}

static void check_greeting(int listener, const char *conninfo, const char *message, ts_err code)
{
    struct pooler pooler = { .listener = listener, .message = message };
    assert_int_equal(pthread_create(&pooler.thread, NULL, pooler_main, &pooler), 0);
    PGconn *handle = PQconnectStart(conninfo);
    (void)PQsetErrorVerbosity(handle, PQERRORS_VERBOSE);
    while (PQconnectPoll(handle) != PGRES_POLLING_FAILED)
        (void)usleep(1000);
    void *spoke;
    assert_int_equal(pthread_join(pooler.thread, &spoke), 0);
    assert_non_null(spoke);
    ts_err err = pg_failure_of_connection(handle, &url, "cannot connect to", &error);
    PQfinish(handle);
    if (err != code)
        fail_msg("%s: %s", ts_err_name(err), error.text);
}

static void a_pooler_may_be_short_for_a_while(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        ts_err code;
    } rows[] = {
        { "(EMAXCONN) max client connections reached, limit: 200", TS_ERR_TRANSIENT },
        { "Max client connections reached", TS_ERR_TRANSIENT },
        { "MaxClientsInSessionMode: max clients reached", TS_ERR_TRANSIENT },
        { "(ECHECKOUTTIMEOUT) Pool checkout timeout. Request was dropped", TS_ERR_TRANSIENT },
        { "connection to database closed. Check logs", TS_ERR_CONNECTION },
        { "DbHandler exited. Check logs for more information", TS_ERR_CONNECTION },
        { "(ENOTFOUND) tenant/user postgres.x not found", TS_ERR_CONFIG },
        { "Tenant or user not found", TS_ERR_CONFIG },
        { "something else", TS_ERR_INTERNAL },
    };
    char dir[] = "/tmp/ts_pooler.XXXXXX", conninfo[80];
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    assert_non_null(mkdtemp(dir));
    (void)snprintf(conninfo, sizeof(conninfo), "host=%s port=1 user=u", dir);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.1", dir);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(parse("postgresql:///d"), TS_ERR_OK);
    for (size_t i = 0; i < TS_COUNT_OF(rows); i++)
        check_greeting(listener, conninfo, rows[i].message, rows[i].code);
    (void)close(listener);
    (void)unlink(address.sun_path);
    (void)rmdir(dir);
}

static void values_are_escaped(void **state)
{
    (void)state;
    static const char nasty[] = "a\"b\\c{,}\td\ne\rNULL";
    char storage[300];
    struct buf out = buf_over(storage, sizeof(storage));
    struct encoder encoder;
    assert_ptr_equal(encode_array_begin(&encoder, &out), storage);
    encode_text(&encoder, nasty);
    encode_null(&encoder);
    encode_text(&encoder, "");
    encode_i64(&encoder, INT64_MIN);
    encode_date(&encoder, 0);
    encode_instant(&encoder, 0);
    encode_array_end(&encoder);
    assert_string_equal(storage,
                        "{\"a\\\"b\\\\c{,}\td\ne\rNULL\",NULL,\"\",-9223372036854775808,"
                        "1970-01-01,1970-01-01T00:00:00Z}");
    buf_reset(&out);
    encode_row_begin(&encoder, &out);
    encode_text(&encoder, nasty);
    encode_null(&encoder);
    encode_text(&encoder, "");
    encode_i64(&encoder, 7);
    encode_row_end(&encoder);
    assert_string_equal(storage, "a\"b\\\\c{,}\\td\\ne\\rNULL\t\\N\t\t7\n");
}

static void the_schema_is_filled_in(void **state)
{
    (void)state;
    char out[80];
    static const char sql[] = "select {schema}.a, '{}' from {schema}.b";
    assert_int_equal(pg_schema_expand(sql, "x_1", NULL), sizeof("select \"x_1\".a, '{}' from "
                                                                "\"x_1\".b"));
    (void)pg_schema_expand(sql, "x_1", out);
    assert_string_equal(out, "select \"x_1\".a, '{}' from \"x_1\".b");
    static const char *const bad[] = { "", "1a", "a b", "a\"b", "pg_x", "a.b", "a;drop" };
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        assert_int_equal(pg_schema_check_name(bad[i], NULL), TS_ERR_CONFIG);
    char longest[PG_SCHEMA_MAX + 2];
    memset(longest, 'a', sizeof(longest));
    longest[PG_SCHEMA_MAX + 1] = '\0';
    assert_int_equal(pg_schema_check_name(longest, NULL), TS_ERR_CONFIG);
    longest[PG_SCHEMA_MAX] = '\0';
    assert_int_equal(pg_schema_check_name(longest, NULL), TS_ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_parameters_go_own_ones_come),
        cmocka_unit_test(tls_is_raised_for_other_hosts_only),
        cmocka_unit_test(a_service_is_no_way_around_tls),
        cmocka_unit_test(hosts_take_turns),
        cmocka_unit_test(faulty_urls_show_no_password),
        cmocka_unit_test(states_have_codes),
        cmocka_unit_test(a_pooler_may_be_short_for_a_while),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(the_schema_is_filled_in),
    };
    return cmocka_run_group_tests_name("postgres text", tests, NULL, NULL);
}
