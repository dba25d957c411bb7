/*
 * test_cut.c exercises `collect --share` where packets vanish: one of three collectors is in a
 * network of its own, with a link to the database and one to the hosts.
 *   Only the link to the database is cut, past the lease: it stops asking before others may;
 * both are cut in the middle of an upsert, with requests and a COPY under way that never get an
 * answer: others write what it held. Connected again, it notices what it lost before it sends
 * or writes. See sharing.h for what must hold.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "e2e/sharing.h"
#include "support/network.h"
#include "support/unit.h"

#define TO_DATABASE   "ts-db"
#define TO_HOSTS      "ts-hosts"
#define DATABASE_NEAR "10.99.1.1"
#define DATABASE_FAR  "10.99.1.2"
#define HOSTS_NEAR    "10.99.2.1"
#define HOSTS_FAR     "10.99.2.2"
#define SURE_US       (SHARING_LEASE_US * 2 / 3)
#define SETTLED_US    (CLOCK_SECOND_US / 2) /* what was sent before is answered */
#define SILENCE_BYTES 1500                  /* ends of connections; less than three requests */

struct two_machines {
    struct world world;
    struct world far;                              /* the same as seen from the far side */
    struct process collectors[SHARING_COLLECTORS]; /* the first one is far */
};

static struct network network;

/* The password goes into the environment, as --store wants it. */
static void name_database(const struct world *world, char *url, size_t cap)
{
    char text[400];
    assert_int_equal(pg_server_run(&world->postgres, "url", "tls", text, sizeof(text)), 0);
    char *at = strchr(text, '@');
    assert_non_null(at);
    *at = '\0';
    char *password = strrchr(text, ':');
    assert_non_null(password);
    *password = '\0';
    assert_int_equal(setenv("PGPASSWORD", password + 1, 1), 0);
    struct buf out = buf_over(url, cap);
    buf_printf(&out, "%s@%s", text, at + 1);
    assert_false(out.overflow);
}

static void see_from_afar(const struct world *world, struct world *far)
{
    *far = *world;
    far->launchers = network.launchers;
    name_database(world, far->store_url, sizeof(far->store_url));
    struct buf url = buf_over(far->engine_url, sizeof(far->engine_url));
    const char *rest = world->engine_url, *at;
    for (; (at = strstr(rest, "127.0.0.1")); rest = at + strlen("127.0.0.1")) {
        buf_put(&url, (struct str){ rest, (size_t)(at - rest) });
        buf_puts(&url, HOSTS_NEAR);
    }
    buf_puts(&url, rest);
    assert_false(url.overflow);
}

static bool begin(struct two_machines *machines)
{
    if (network.far == 0 ||
        !world_begin_networked(&machines->world, SHARING_COURSES, DATABASE_NEAR)) {
        skip();
        return false;
    }
    see_from_afar(&machines->world, &machines->far);
    sharing_start_all(&machines->far, &machines->world, machines->collectors);
    return true;
}

static void end(struct two_machines *machines)
{
    for (int i = 0; i < SHARING_COLLECTORS; i++)
        assert_int_equal(sharing_end_well(&machines->collectors[i]).lost > 0, i == 0);
    sharing_check_world(&machines->world);
    world_end(&machines->world);
}

static void wait_until(int64_t at_us)
{
    int64_t left_us = at_us - clock_monotonic_us();
    if (left_us > 0)
        (void)usleep((useconds_t)left_us);
}

static void only_the_database_is_cut(void **state)
{
    (void)state;
    struct two_machines machines;
    if (!begin(&machines))
        return;
    pid_t far = machines.collectors[0].pid;
    long long before = network_received(TO_HOSTS);
    int64_t cut_at = clock_monotonic_us();
    network_cut(TO_DATABASE);
    wait_until(cut_at + SURE_US + SETTLED_US);
    long long sure = network_received(TO_HOSTS);
    assert_true(sure > before); /* as long as it may, it asks */
    sharing_wait_for_take_over(&machines.world, far, cut_at);
    long long silent = network_received(TO_HOSTS) - sure;
    print_message("the hosts got %lld bytes after the cut, %lld when its leases were over\n",
                  sure - before, silent);
    assert_true(silent < SILENCE_BYTES);
    network_mend(TO_DATABASE);
    end(&machines);
}

/* Until the far collector's upsert waits for this lock. */
static void wait_for_upsert(const struct world *world)
{
    for (int i = 0; i < 1000; i++) {
        if (world_number(world, "select count(*) from pg_stat_activity where wait_event_type = "
                                "'Lock' and query like 'COPY%' and client_addr = '" DATABASE_FAR
                                "'") > 0)
            return;
        (void)usleep(10000);
    }
    fail_msg("the far collector writes nothing");
}

static struct process hold_tee_times(const struct world *world)
{
    const char *const argv[] = {
        "/bin/bash",
        TS_SOURCE_DIR "/tests/support/pg_server.sh",
        "psql",
        world->postgres.dir,
        "begin; lock table teesheet.tee_times in share mode; select pg_sleep(60)",
        NULL
    };
    return process_start(world->dir, argv);
}

static void let_go(const struct world *world, const struct process *holder)
{
    assert_int_equal(world_number(world, "select count(pg_terminate_backend(pid)) from "
                                         "pg_stat_activity where query like '%pg_sleep(60)' "
                                         "and pid <> pg_backend_pid()"),
                     1);
    struct outcome_of_run run = process_wait(holder, 30);
    outcome_of_run_free(&run);
}

/* A session in the middle of a transaction has locks that others wait for. */
static void wait_for_no_transaction(const struct world *world, int64_t until_us)
{
    while (world_number(world, "select count(*) from pg_stat_activity where xact_start is not "
                               "null and client_addr = '" DATABASE_FAR "'") > 0) {
        if (clock_monotonic_us() > until_us)
            fail_msg("the server still waits for a collector that is gone");
        (void)usleep(50000);
    }
}

static void all_is_cut_in_an_upsert(void **state)
{
    (void)state;
    struct two_machines machines;
    if (!begin(&machines))
        return;
    struct process holder = hold_tee_times(&machines.world);
    wait_for_upsert(&machines.world);
    int64_t cut_at = clock_monotonic_us();
    network_cut(TO_DATABASE);
    network_cut(TO_HOSTS);
    let_go(&machines.world, &holder); /* the COPY's begin is told into the void */
    sharing_wait_for_take_over(&machines.world, machines.collectors[0].pid, cut_at);
    wait_for_no_transaction(&machines.world, cut_at + 2 * SHARING_LEASE_US);
    network_mend(TO_HOSTS);
    network_mend(TO_DATABASE);
    end(&machines);
}

int main(void)
{
    cmocka_set_test_filter(getenv("TS_FILTER"));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_database_is_cut),
        cmocka_unit_test(all_is_cut_in_an_upsert),
    };
    if (network_begin(&network)) {
        network_link(&network, TO_DATABASE, DATABASE_NEAR, DATABASE_FAR);
        network_link(&network, TO_HOSTS, HOSTS_NEAR, HOSTS_FAR);
    }
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    if (network.far)
        network_end(&network);
    return failures;
}
