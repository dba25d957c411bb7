/*
 * test_postgres_faults.c: what happens to an upsert when the world fails around it.
 *
 * Exercises: a session killed in the middle of an upsert (retryable, nothing changed,
 * reconnect, repeat); a lock that is held too long (retryable, the session lives);
 * values that PostgreSQL refuses (by COPY, by comparison, in the ledger); a server
 * that is gone, comes back; a server that hangs (deadline, stop descriptor, while connecting
 * too), the first of several; two writers on overlapping batches (no deadlock, right rows); two
 * that prune (no tee time without its tee sheet); no allocation of ours after the start.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/ledger.h"
#include "support/pg_batch.h"
#include "support/unit.h"

#define SCHEMA    "faults"
#define DAY       20700 /* 2026-09-04 */
#define NOW       INT64_C(1788000000)
#define SECOND_US CLOCK_SECOND_US

static struct pg_server server;
static bool available;

static const char *const stored_rows =
    "select count(*) || ' ' || coalesce(sum(price_cents), 0) from faults.tee_times";

static int reset(void **state)
{
    (void)state;
    if (available)
        (void)pg_sql(&server, "drop schema if exists faults cascade");
    return 0;
}

static void need_server(void)
{
    if (!available)
        skip();
}

/* An upsert in a thread of its own. */
struct upsert_thread {
    pthread_t thread;
    struct store *store;
    struct pg_batch made;
    struct error error;
    ts_err err;
    int64_t took_us;
};

static void *upsert_main(void *ctx)
{
    struct upsert_thread *self = ctx;
    int64_t start = clock_monotonic_us();
    self->err = pg_batch_upsert(&self->made, self->store, &self->error);
    self->took_us = clock_monotonic_us() - start;
    return NULL;
}

static void upsert_start(struct upsert_thread *self)
{
    assert_int_equal(pthread_create(&self->thread, NULL, upsert_main, self), 0);
}

static void upsert_join(struct upsert_thread *self)
{
    assert_int_equal(pthread_join(self->thread, NULL), 0);
}

static PGconn *raw_connect(void)
{
    char url[300];
    assert_int_equal(pg_server_run(&server, "url", "socket", url, sizeof(url)), 0);
    PGconn *raw = PQconnectdb(url);
    assert_int_equal(PQstatus(raw), CONNECTION_OK);
    return raw;
}

static void raw_do(PGconn *raw, const char *sql)
{
    PGresult *result = PQexec(raw, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

static void wait_until_blocked(void)
{
    for (int i = 0; i < 100; i++) {
        if (strcmp(pg_sql(&server, "select count(*) from pg_stat_activity where "
                                   "usename = 'teesheet' and wait_event_type = 'Lock'"),
                   "1") == 0)
            return;
        (void)usleep(50000);
    }
    fail_msg("the upsert does not wait for the lock");
}

/* Courses 1 and 2 stored at 50.00; an upsert at 60.00 waits for the ledger row of course 2. */
static void block_upsert(struct upsert_thread *upsert, PGconn *holder, int64_t deadline_us)
{
    pg_batch_init(&upsert->made);
    upsert->store = pg_open_store(&server, "socket", SCHEMA, deadline_us, -1);
    for (int64_t course = 1; course <= 2; course++)
        pg_batch_put(&upsert->made, course, DAY, NOW, 10, 5000);
    assert_int_equal(pg_batch_upsert(&upsert->made, upsert->store, NULL), TS_ERR_OK);
    raw_do(holder, "begin");
    raw_do(holder, "select 1 from faults.tee_sheets where course_id = 2 for update");
    for (int64_t course = 1; course <= 3; course++)
        pg_batch_put(&upsert->made, course, DAY, NOW + 60, 10, 6000);
    upsert_start(upsert);
    wait_until_blocked();
}

static void repeat_and_check(struct upsert_thread *upsert)
{
    assert_string_equal(pg_sql(&server, stored_rows), "20 100000");
    assert_string_equal(pg_sql(&server, "select count(*) from faults.tee_sheets"), "2");
    assert_int_equal(pg_batch_upsert(&upsert->made, upsert->store, NULL), TS_ERR_OK);
    assert_int_equal(upsert->made.receipt.inserted, 10);
    assert_int_equal(upsert->made.receipt.updated, 20);
    assert_string_equal(pg_sql(&server, stored_rows), "30 180000");
    store_close(upsert->store);
    pg_batch_done(&upsert->made);
}

static void a_killed_session_leaves_nothing(void **state)
{
    (void)state;
    need_server();
    struct upsert_thread upsert = { .err = TS_ERR_OK };
    PGconn *holder = raw_connect();
    block_upsert(&upsert, holder, 20 * SECOND_US);
    (void)pg_sql(&server, "select pg_terminate_backend(pid) from pg_stat_activity "
                          "where wait_event_type = 'Lock' and usename = 'teesheet'");
    upsert_join(&upsert);
    assert_int_equal(upsert.err, TS_ERR_CONNECTION);
    assert_true(ts_err_retryable(upsert.err));
    PQfinish(holder);
    /* Without a session every call says so. */
    assert_int_equal(store_begin(upsert.store, NULL), TS_ERR_CONNECTION);
    assert_int_equal(store_reconnect(upsert.store, NULL), TS_ERR_OK);
    repeat_and_check(&upsert);
}

static void a_lock_held_too_long_is_retryable(void **state)
{
    (void)state;
    need_server();
    struct upsert_thread upsert = { .err = TS_ERR_OK };
    PGconn *holder = raw_connect();
    block_upsert(&upsert, holder, 1 * SECOND_US);
    upsert_join(&upsert);
    assert_int_equal(upsert.err, TS_ERR_TRANSIENT);
    assert_non_null(strstr(upsert.error.text, "another transaction holds the rows"));
    PQfinish(holder);
    repeat_and_check(&upsert); /* the same session */
}

/* A batch of a good tee sheet and a poisoned one: refused as data, as a whole. */
static void check_poison(struct store *store, struct pg_batch *made, unsigned count)
{
    struct error error = { .code = TS_ERR_OK };
    made->detail = made->rate_name = NULL;
    pg_batch_put(made, 1, DAY, NOW + 60, 10, 9000);
    made->rate_name = count ? "not \xff UTF-8" : NULL;
    made->detail = count ? NULL : "not \xff UTF-8";
    pg_batch_put(made, 2, DAY, NOW + 60, count, 9000);
    assert_int_equal(pg_batch_upsert(made, store, &error), TS_ERR_DATA);
    assert_non_null(strstr(error.text, "UTF8"));
    batch_reset(made->batch);
}

static void poisoned_tee_sheets_are_refused_as_data(void **state)
{
    (void)state;
    need_server();
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&server, "pooler", SCHEMA, 0, -1);
    check_poison(store, &made, 10); /* by COPY */
    assert_string_equal(pg_sql(&server, stored_rows), "0 0");
    assert_string_equal(pg_sql(&server, "select count(*) from faults.tee_sheets"), "0");
    made.detail = made.rate_name = NULL;
    for (int64_t course = 1; course <= 2; course++)
        pg_batch_put(&made, course, DAY, NOW, 10, 5000);
    assert_int_equal(pg_batch_upsert(&made, store, NULL), TS_ERR_OK);
    check_poison(store, &made, 10); /* by comparison */
    check_poison(store, &made, 0);  /* in the ledger */
    assert_string_equal(pg_sql(&server, stored_rows), "20 100000");
    store_close(store);
    pg_batch_done(&made);
}

static void a_stopped_server_is_noticed(void **state)
{
    (void)state;
    need_server();
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&server, "socket", SCHEMA, 3 * SECOND_US, -1);
    pg_batch_put(&made, 1, DAY, NOW, 10, 5000);
    assert_int_equal(pg_server_run(&server, "down", NULL, NULL, 0), 0);
    struct error error = { .code = TS_ERR_OK };
    int64_t start = clock_monotonic_us();
    assert_int_equal(pg_batch_upsert(&made, store, &error), TS_ERR_CONNECTION);
    assert_int_equal(store_reconnect(store, &error), TS_ERR_NO_SERVER);
    assert_non_null(strstr(error.text, "no server"));
    assert_true(clock_monotonic_us() - start < 4 * SECOND_US);
    assert_int_equal(pg_server_run(&server, "up", NULL, NULL, 0), 0);
    assert_int_equal(store_reconnect(store, &error), TS_ERR_OK);
    assert_int_equal(pg_batch_upsert(&made, store, &error), TS_ERR_OK);
    assert_string_equal(pg_sql(&server, stored_rows), "10 50000");
    store_close(store);
    pg_batch_done(&made);
}

static void *stop_later(void *ctx)
{
    (void)usleep(300000);
    (void)(write(*(int *)ctx, "x", 1) == 1);
    return NULL;
}

static void a_hanging_server_holds_nobody_up(void **state)
{
    (void)state;
    need_server();
    int stop[2];
    assert_int_equal(pipe(stop), 0);
    struct upsert_thread stopped = { .err = TS_ERR_OK };
    struct upsert_thread patient = { .err = TS_ERR_OK };
    pg_batch_init(&stopped.made);
    pg_batch_init(&patient.made);
    stopped.store = pg_open_store(&server, "socket", SCHEMA, 60 * SECOND_US, stop[0]);
    patient.store = pg_open_store(&server, "socket", SCHEMA, 1 * SECOND_US, -1);
    pg_batch_put(&stopped.made, 1, DAY, NOW, 10, 5000);
    pg_batch_put(&patient.made, 1, DAY, NOW, 10, 5000);
    assert_int_equal(pg_server_run(&server, "pause", NULL, NULL, 0), 0);
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_later, &stop[1]), 0);
    (void)upsert_main(&stopped);
    (void)upsert_main(&patient);
    ts_err connect_patient = store_reconnect(patient.store, NULL);
    ts_err connect_stopped = store_reconnect(stopped.store, NULL);
    assert_int_equal(pthread_join(stopper, NULL), 0);
    assert_int_equal(pg_server_run(&server, "resume", NULL, NULL, 0), 0);
    assert_int_equal(stopped.err, TS_ERR_STOPPED);
    assert_in_range(stopped.took_us, 100000, SECOND_US);
    assert_int_equal(patient.err, TS_ERR_CONNECTION);
    assert_in_range(patient.took_us, 900000, 2 * SECOND_US);
    assert_non_null(strstr(patient.error.text, "no answer within"));
    assert_int_equal(connect_patient, TS_ERR_NO_SERVER);
    assert_int_equal(connect_stopped, TS_ERR_STOPPED);
    assert_int_equal(store_reconnect(patient.store, NULL), TS_ERR_OK);
    assert_int_equal(pg_batch_upsert(&patient.made, patient.store, NULL), TS_ERR_OK);
    store_close(stopped.store);
    store_close(patient.store);
    pg_batch_done(&stopped.made);
    pg_batch_done(&patient.made);
    close(stop[0]);
    close(stop[1]);
}

/* Its connections wait to be accepted: as with a machine that stands still. */
static int listen_in_vain(const char *dir, char *path, size_t cap)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    (void)snprintf(path, cap, "%s/.s.PGSQL.5432", dir);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void a_host_that_hangs_is_passed_over(void **state)
{
    (void)state;
    need_server();
    char dir[] = "/tmp/ts_hang.XXXXXX", path[60], socket_url[300], url[400];
    assert_non_null(mkdtemp(dir));
    int silent = listen_in_vain(dir, path, sizeof(path));
    assert_int_equal(pg_server_run(&server, "url", "socket", socket_url, sizeof(socket_url)),
                     0);
    const char *host = strstr(socket_url, "host=") + strlen("host=");
    (void)snprintf(url, sizeof(url), "postgresql://teesheet@/teesheet?host=%s,%.*s&port=5432",
                   dir, (int)strcspn(host, "&"), host);
    struct store_config config = { .url = url, .stop_fd = -1, .deadline_us = SECOND_US / 2 };
    struct store *store = NULL;
    struct error error = { .code = TS_ERR_OK };
    ts_err first = store_open(&config, false, &store, &error);
    int silent_closed = close(silent);
    (void)unlink(path);
    (void)rmdir(dir);
    assert_int_equal(silent_closed, 0);
    if (first)
        fail_msg("%s", error.text);
    store_close(store);
}

struct prune_thread {
    pthread_t thread;
    struct store *store;
    ts_err err;
};

static void *prune_main(void *ctx)
{
    struct prune_thread *self = ctx;
    struct prune_counts counts = { 0 };
    for (bool more = true; more && !self->err;)
        self->err = prune_bite(self->store, DAY + 1, &counts, &more, NULL);
    return NULL;
}

static void prunes_at_once_leave_no_orphans(void **state)
{
    (void)state;
    need_server();
    struct pg_batch made;
    pg_batch_init(&made);
    struct prune_thread prune = { .store = pg_open_store(&server, "socket", SCHEMA,
                                                         20 * SECOND_US, -1) };
    for (int64_t course = 1; course <= 2 * PRUNE_BITE; course++)
        pg_batch_put(&made, course, DAY, NOW, 2, 5000);
    assert_int_equal(pg_batch_upsert(&made, prune.store, NULL), TS_ERR_OK);
    PGconn *other = raw_connect();
    raw_do(other, "begin");
    raw_do(other, "delete from faults.tee_times where course_id <= 100");
    assert_int_equal(pthread_create(&prune.thread, NULL, prune_main, &prune), 0);
    wait_until_blocked();
    raw_do(other, "delete from faults.tee_time_events where course_id <= 100");
    raw_do(other, "delete from faults.tee_sheets where course_id <= 100");
    raw_do(other, "commit");
    PQfinish(other);
    assert_int_equal(pthread_join(prune.thread, NULL), 0);
    assert_int_equal(prune.err, TS_ERR_OK);
    assert_string_equal(
        pg_sql(&server, "select count(*) from faults.tee_times t where not exists (select from "
                        "faults.tee_sheets s where s.course_id = t.course_id)"),
        "0");
    (void)prune_main(&prune);
    assert_string_equal(pg_sql(&server, stored_rows), "0 0");
    store_close(prune.store);
    pg_batch_done(&made);
}

#define HAMMER_ROUNDS 40
#define HAMMER_SHEETS 30

struct hammer {
    pthread_t thread;
    unsigned seed;
    const char *kind;
    ts_err err;
    struct error error;
};

/* Batches over few courses and days, put in a different order each time, old keys and new. */
static void *hammer_main(void *ctx)
{
    struct hammer *self = ctx;
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&server, self->kind, SCHEMA, 20 * SECOND_US, -1);
    for (unsigned round = 0; round < HAMMER_ROUNDS && !self->err; round++) {
        for (unsigned i = 0; i < HAMMER_SHEETS; i++) {
            unsigned key = (i * 7 + self->seed * 5 + round * 3) % 60;
            pg_batch_put(&made, 1 + key % 10, DAY + (int32_t)(key / 10 + round / 4),
                         NOW + round, 12, (int32_t)(5000 + round + self->seed));
        }
        self->err = pg_batch_upsert(&made, store, &self->error);
    }
    store_close(store);
    pg_batch_done(&made);
    return NULL;
}

static void overlapping_writers_do_not_deadlock(void **state)
{
    (void)state;
    need_server();
    store_close(pg_open_store(&server, "socket", SCHEMA, 0, -1));
    struct hammer hammers[] = { { .seed = 1, .kind = "socket" },
                                { .seed = 2, .kind = "pooler" },
                                { .seed = 3, .kind = "pooler" } };
    for (size_t i = 0; i < TS_COUNT_OF(hammers); i++)
        assert_int_equal(pthread_create(&hammers[i].thread, NULL, hammer_main, &hammers[i]), 0);
    for (size_t i = 0; i < TS_COUNT_OF(hammers); i++)
        assert_int_equal(pthread_join(hammers[i].thread, NULL), 0);
    for (size_t i = 0; i < TS_COUNT_OF(hammers); i++) {
        if (hammers[i].err)
            print_error("%s\n", hammers[i].error.text);
        assert_int_equal(hammers[i].err, TS_ERR_OK);
    }
    /* The ledger and the tee times tell one story. */
    assert_string_equal(
        pg_sql(&server, "select count(*) from faults.tee_sheets s where tee_time_count <> "
                        "(select count(*) from faults.tee_times t where closed_at is null and "
                        "(t.course_id, t.play_date) = (s.course_id, s.play_date))"),
        "0");
    assert_string_equal(
        pg_sql(&server,
               "select count(*) from (select 1 from faults.tee_times group by course_id,"
               " play_date having count(distinct price_cents) <> 1) mixed"),
        "0");
    assert_string_equal(pg_sql(&server, "select deadlocks from pg_stat_database where "
                                        "datname = 'teesheet'"),
                        "0");
}

static void upserts_allocate_nothing(void **state)
{
    (void)state;
    need_server();
    struct pg_batch made;
    pg_batch_init(&made);
    struct store *store = pg_open_store(&server, "socket", SCHEMA, 0, -1);
    uint64_t before = mem_allocations();
    for (int32_t round = 0; round < 4; round++) {
        /* 200 × 100 tee times: several messages per statement. */
        for (int64_t course = 1; course <= 200; course++)
            pg_batch_put(&made, course, DAY, NOW + round, 100, 5000 + round / 2);
        assert_int_equal(pg_batch_upsert(&made, store, NULL), TS_ERR_OK);
        assert_int_equal(made.receipt.inserted, round == 0 ? 20000 : 0);
        assert_int_equal(made.receipt.updated, round == 2 ? 20000 : 0);
        assert_int_equal(made.receipt.unchanged, round % 2 ? 20000 : 0);
    }
    assert_int_equal(mem_allocations() - before, 0);
    store_close(store);
    pg_batch_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(upserts_allocate_nothing, reset),
        cmocka_unit_test_setup(a_killed_session_leaves_nothing, reset),
        cmocka_unit_test_setup(a_lock_held_too_long_is_retryable, reset),
        cmocka_unit_test_setup(poisoned_tee_sheets_are_refused_as_data, reset),
        cmocka_unit_test_setup(overlapping_writers_do_not_deadlock, reset),
        cmocka_unit_test_setup(prunes_at_once_leave_no_orphans, reset),
        cmocka_unit_test_setup(a_host_that_hangs_is_passed_over, reset),
        cmocka_unit_test_setup(a_hanging_server_holds_nobody_up, reset),
        cmocka_unit_test_setup(a_stopped_server_is_noticed, reset),
    };
    available = pg_server_begin(&server, "TS_PG_DIR", "pooler");
    int failed = cmocka_run_group_tests_name("postgres faults", tests, NULL, NULL);
    pg_server_end(&server);
    return failed;
}
