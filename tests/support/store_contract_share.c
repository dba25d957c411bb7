/*
 * store_contract_share.c: exercises what several collectors ask of a store: the lease of a
 * sweep, leases of many hosts at once (one holder each, the first so many, expiry, renewal,
 * stopped ones), the ledger of some courses, and what was learnt of hosts.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/host_leases.h"
#include "store/hosts.h"
#include "store/leases.h"
#include "store/ledger.h"
#include "support/store_contract_parts.h"

#define ALL  "[\"host:c\",\"host:a\",\"host:b\"]"
#define LONG 1000

/* What a call told: "a b! ", with ! for a stopped one, in the order of names. */
struct told {
    bool is_told[3], stopped[3];
};

static void on_lease(void *ctx, struct str name, bool stopped)
{
    struct told *told = ctx;
    assert_int_equal(name.len, strlen("host:a"));
    int index = name.ptr[name.len - 1] - 'a';
    assert_in_range(index, 0, 2);
    told->is_told[index] = true;
    told->stopped[index] = stopped;
}

static void expect(const struct told *told, const char *expected)
{
    char text[20];
    struct buf buf = buf_over(text, sizeof(text));
    for (int i = 0; i < 3; i++)
        if (told->is_told[i])
            buf_printf(&buf, "%c%s ", 'a' + i, told->stopped[i] ? "!" : "");
    if (buf.len == 0)
        buf_puts(&buf, "none ");
    assert_string_equal(text, expected);
}

static struct host_leases leases(const char *names, const char *holder, int64_t ttl_s)
{
    return (struct host_leases){ .names = str_of(names), .holder = holder, .ttl_s = ttl_s };
}

static void take(struct bench *bench, const char *holder, int64_t ttl_s, uint32_t most,
                 const char *expected)
{
    struct told told = { 0 };
    struct host_leases all = leases(ALL, holder, ttl_s);
    assert_int_equal(host_leases_take(bench->store, &all, most, on_lease, &told, NULL),
                     TS_ERR_OK);
    expect(&told, expected);
}

static void renew(struct bench *bench, const char *holder, int64_t ttl_s, const char *expected)
{
    struct told told = { 0 };
    struct host_leases all = leases(ALL, holder, ttl_s);
    assert_int_equal(host_leases_renew(bench->store, &all, on_lease, &told, NULL), TS_ERR_OK);
    expect(&told, expected);
}

static void release(struct bench *bench, const char *names, const char *holder)
{
    struct host_leases some = leases(names, holder, LONG);
    assert_int_equal(host_leases_release(bench->store, &some, NULL), TS_ERR_OK);
}

static void a_host_has_one_holder(void **state)
{
    struct bench *bench = *state;
    take(bench, "one", LONG, 2, "a c "); /* the first two of the list */
    take(bench, "two", LONG, 2, "b ");
    take(bench, "three", LONG, 9, "none ");
    renew(bench, "one", LONG, "a c ");
    renew(bench, "three", LONG, "none ");
    release(bench, "[\"host:a\",\"host:b\"]", "one"); /* b is not its to give */
    take(bench, "three", LONG, 9, "a ");
    take(bench, "one", LONG, 9, "c "); /* its own again */
    bench_expect(bench, "SELECT name, holder FROM leases ORDER BY name",
                 "host:a|three\nhost:b|two\nhost:c|one");
}

static void an_expired_host_changes_hands(void **state)
{
    struct bench *bench = *state;
    take(bench, "one", 0, 9, "a b c "); /* expired at once */
    renew(bench, "one", 0, "a b c ");   /* nobody took it: still its own */
    take(bench, "two", LONG, 1, "c ");
    renew(bench, "one", LONG, "a b "); /* told that c is lost */
    take(bench, "two", LONG, 9, "c ");
}

static void a_stopped_host_is_nobodys(void **state)
{
    struct bench *bench = *state;
    take(bench, "one", LONG, 9, "a b c ");
    struct host_leases some = leases("[\"host:b\"]", "one", LONG);
    assert_int_equal(host_leases_stop(bench->store, &some, NULL), TS_ERR_OK);
    renew(bench, "one", LONG, "a c ");
    take(bench, "two", LONG, 9, "b! ");
    take(bench, "one", LONG, 9, "a b! c ");
    /* Until it expires. */
    bench_expect(bench, "SELECT name, holder FROM leases ORDER BY name",
                 "host:a|one\nhost:b|stopped\nhost:c|one");
    some.holder = "stopped";
    some.ttl_s = 0;
    assert_int_equal(
        host_leases_renew(bench->store, &some, on_lease, &(struct told){ 0 }, NULL), TS_ERR_OK);
    take(bench, "two", LONG, 9, "b ");
}

static bool count_row(void *ctx, const struct ledger_row *row)
{
    int *seen = ctx;
    assert_int_equal(row->course_id, 7);
    assert_int_equal(row->outcome, OUTCOME_OPEN);
    assert_true(row->observed_at > 0);
    (*seen)++;
    return true;
}

static void the_ledger_of_some_courses(void **state)
{
    struct bench *bench = *state;
    struct look look = look_at(bench, 0, 0, 1);
    bench_look(bench, &look);
    look.date++;
    bench_look(bench, &look);
    look.course = 8;
    bench_look(bench, &look);
    const int64_t ids[] = { 7, 9 };
    int seen = 0;
    assert_int_equal(
        ledger_of_courses(bench->store, ids, 2, bench->date, count_row, &seen, NULL),
        TS_ERR_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(
        ledger_of_courses(bench->store, ids, 2, bench->date + 1, count_row, &seen, NULL),
        TS_ERR_OK);
    assert_int_equal(seen, 3);
}

static bool put_pace(void *ctx, const struct host_pace *pace)
{
    int64_t hold_s = (pace->hold_s + 5) / 10 * 10; /* some of them may have passed */
    buf_printf(ctx, "%.*s %d %u %d\n", STR_ARGS(pace->host), (int)pace->gap_ms, pace->parallel,
               (int)hold_s);
    return true;
}

static void the_pace_learnt_later_stays(void **state)
{
    struct bench *bench = *state;
    char text[200];
    struct buf buf = buf_over(text, sizeof(text));
    struct host_pace pace = { .host = STR("www.example.org"), .gap_ms = 2500, .parallel = 1 };
    assert_int_equal(hosts_put(bench->store, &pace, 1000, NULL), TS_ERR_OK);
    pace.gap_ms = 4000;
    assert_int_equal(hosts_put(bench->store, &pace, 1001, NULL), TS_ERR_OK);
    pace.gap_ms = 9000;
    assert_int_equal(hosts_put(bench->store, &pace, 999, NULL), TS_ERR_OK);
    assert_int_equal(hosts_list(bench->store, put_pace, &buf, NULL), TS_ERR_OK);
    assert_string_equal(text, "www.example.org 4000 1 0\n");
}

static void the_hold_that_ends_later_stays(void **state)
{
    struct bench *bench = *state;
    char text[200];
    struct buf buf = buf_over(text, sizeof(text));
    struct host_pace pace = { .host = STR("a.example.org"), .gap_ms = 2500, .parallel = 1 };
    assert_int_equal(hosts_put(bench->store, &pace, 1000, NULL), TS_ERR_OK);
    pace.hold_s = 600;
    pace.gap_ms = 9000;
    assert_int_equal(hosts_put(bench->store, &pace, 999, NULL), TS_ERR_OK);
    pace.hold_s = 300;
    pace.gap_ms = 4000;
    assert_int_equal(hosts_put(bench->store, &pace, 1001, NULL), TS_ERR_OK);
    assert_int_equal(hosts_list(bench->store, put_pace, &buf, NULL), TS_ERR_OK);
    assert_string_equal(text, "a.example.org 4000 1 600\n");
    pace = (struct host_pace){ .host = STR("a.example.org"), .hold_s = 900 }; /* lifted */
    assert_int_equal(hosts_put(bench->store, &pace, 1002, NULL), TS_ERR_OK);
    buf_reset(&buf);
    assert_int_equal(hosts_list(bench->store, put_pace, &buf, NULL), TS_ERR_OK);
    assert_string_equal(text, "a.example.org 4000 1 900\n");
}

/* From now on, by the clock of the store, which is this machine's here. */
static void expect_a_minute(struct bench *bench)
{
    char sql[160];
    int64_t now = clock_real_us() / CLOCK_SECOND_US;
    (void)snprintf(sql, sizeof(sql),
                   "SELECT count(*) FROM leases WHERE name = 'sweep:all' AND {until} BETWEEN "
                   "%lld AND %lld",
                   (long long)now + 55, (long long)now + 61);
    bench_expect(bench, sql, "1");
}

static void a_lease_has_one_holder(void **state)
{
    struct bench *bench = *state;
    const struct lease mine = { "sweep:all", "host:1", 60 };
    const struct lease other = { "sweep:all", "host:2", 60 };
    const struct lease over = { "sweep:all", "host:1", 0 };
    const struct lease elsewhere = { "sweep:sk", "host:2", 60 };
    struct lease_state took;
    bool ours = false;
    assert_int_equal(lease_take(bench->store, &mine, &took, NULL), TS_ERR_OK);
    assert_true(took.ours);
    assert_int_equal(lease_take(bench->store, &other, &took, NULL), TS_ERR_OK);
    assert_false(took.ours);
    assert_string_equal(took.holder, "host:1");
    assert_int_equal(lease_take(bench->store, &elsewhere, &took, NULL), TS_ERR_OK);
    assert_true(took.ours);
    assert_int_equal(lease_renew(bench->store, &mine, &ours, NULL), TS_ERR_OK);
    assert_true(ours);
    expect_a_minute(bench);
    assert_int_equal(lease_take(bench->store, &other, &took, NULL), TS_ERR_OK);
    assert_false(took.ours);
    /* Abandoned, it expires; the old holder learns that it lost it. */
    assert_int_equal(lease_renew(bench->store, &over, &ours, NULL), TS_ERR_OK);
    assert_true(ours);
    assert_int_equal(lease_take(bench->store, &other, &took, NULL), TS_ERR_OK);
    assert_true(took.ours);
    assert_int_equal(lease_renew(bench->store, &mine, &ours, NULL), TS_ERR_OK);
    assert_false(ours);
    /* Only its holder can give it back. */
    assert_int_equal(lease_release(bench->store, &mine, NULL), TS_ERR_OK);
    assert_int_equal(lease_take(bench->store, &mine, &took, NULL), TS_ERR_OK);
    assert_false(took.ours);
    assert_int_equal(lease_release(bench->store, &other, NULL), TS_ERR_OK);
    assert_int_equal(lease_take(bench->store, &mine, &took, NULL), TS_ERR_OK);
    assert_true(took.ours);
}

#define T(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

const struct CMUnitTest store_contract_share[] = {
    T(a_lease_has_one_holder),         T(a_host_has_one_holder),
    T(an_expired_host_changes_hands),  T(a_stopped_host_is_nobodys),
    T(the_ledger_of_some_courses),     T(the_pace_learnt_later_stays),
    T(the_hold_that_ends_later_stays),
};
const size_t store_contract_share_count = TS_COUNT_OF(store_contract_share);
