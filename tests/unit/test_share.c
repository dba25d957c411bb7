/*
 * test_share.c exercises host/share with a store of the test's own:
 *   only what the store grants is asked, at most so many; what others did is heeded, a held or
 * old observation is not; a host is given back when nothing is left, all is stored and its gap
 * is over; one that refuses is stopped for all, and one that refused others is skipped but for
 * what they saw; a pace and a Retry-After are told at once and heeded by who comes next; a
 * lease that is not renewed is not trusted after two thirds, nothing is stored of its host, and
 * it is lost when the store says so; failures of the store leave all as it was.
 */
#include <unistd.h>

#include "base/clock.h"
#include "host/share.h"
#include "plan/outlook.h"
#include "support/catalogue_of.h"
#include "support/unit.h"

#define NOW_WALL ((int64_t)1804327200) /* 2027-03-06T18:00:00Z */
#define TODAY    ((int32_t)(NOW_WALL / 86400))
#define TTL_S    3
#define HOSTS    3

#define FOREUP(id) id ",America/Denver,foreup,\"{\"\"schedule_id\"\":1" id "}\",1,\n"
#define CPS(id)                                                                                \
    id ",America/Denver,cps,\"{\"\"subdomain\"\":\"\"club" id "\"\",\"\"courseIds\"\":[1]}\"," \
       "1,\n"

/* A store that answers as it is told; hosts by their place in `plan`. */
struct told_store {
    struct store store;
    const struct plan *plan;
    bool free[HOSTS], stopped[HOSTS], ours[HOSTS];
    bool fails;
    int renewals, releases, stops;
    const char *ledger[4][7];       /* rows; NULL: no more */
    const char *pace[4];            /* one row of hosts; NULL: none */
    int64_t put_gap_ms, put_hold_s; /* what was last told of a host */
    int puts;
};

static uint32_t host_named(const struct told_store *told, struct str name)
{
    for (uint32_t i = 0; i < HOSTS; i++) {
        char text[200];
        struct buf buf = buf_over(text, sizeof(text));
        struct plan_host_name host = plan_host_name(told->plan, i);
        buf_printf(&buf, "host:%s:%s", host.engine, host.host);
        if (str_equal(buf_view(&buf), name))
            return i;
    }
    fail_msg("no host is named %.*s", STR_ARGS(name));
    return 0;
}

static void answer_about(struct told_store *told, enum store_statement statement, uint32_t host,
                         int64_t *most, struct str name, store_row_fn *on_row, void *ctx)
{
    const struct str stopped[] = { name, STR("stopped") }, ours[] = { name, STR("self") };
    if (statement == STORE_HOST_LEASES_TAKE && told->stopped[host]) {
        (void)on_row(ctx, stopped, 2);
    } else if (statement == STORE_HOST_LEASES_TAKE && told->free[host] && (*most)-- > 0) {
        told->ours[host] = true;
        (void)on_row(ctx, ours, 2);
    } else if (statement == STORE_HOST_LEASES_RENEW && told->ours[host]) {
        (void)on_row(ctx, ours, 1);
    } else if (statement == STORE_HOST_LEASES_RELEASE || statement == STORE_HOST_LEASES_STOP) {
        told->ours[host] = false;
        told->releases += statement == STORE_HOST_LEASES_RELEASE;
        told->stops += statement == STORE_HOST_LEASES_STOP;
    }
}

/* ["host:a","host:b"] */
static void answer_all(struct told_store *told, enum store_statement statement,
                       const struct str *params, unsigned count, store_row_fn *on_row,
                       void *ctx)
{
    int64_t most = 0;
    if (count > 3)
        assert_true(str_to_i64(params[3], 0, 1000, &most));
    struct str rest = params[0], part;
    for (int quote = 0; str_split(&rest, '"', &part); quote++)
        if (quote % 2 == 1)
            answer_about(told, statement, host_named(told, part), &most, part, on_row, ctx);
}

static void answer_ledger(const struct told_store *told, store_row_fn *on_row, void *ctx)
{
    for (size_t row = 0; row < TS_COUNT_OF(told->ledger) && told->ledger[row][0]; row++) {
        struct str columns[7];
        for (int i = 0; i < 7; i++)
            columns[i] = str_of(told->ledger[row][i]);
        (void)on_row(ctx, columns, 7);
    }
}

static void answer_paces(const struct told_store *told, store_row_fn *on_row, void *ctx)
{
    struct str columns[4];
    for (int i = 0; i < 4 && told->pace[0]; i++)
        columns[i] = str_of(told->pace[i]);
    if (told->pace[0])
        (void)on_row(ctx, columns, 4);
}

static void note_pace(struct told_store *told, const struct str *params)
{
    told->puts++;
    assert_true(str_to_i64(params[1], 0, INT32_MAX, &told->put_gap_ms));
    assert_true(str_to_i64(params[4], 0, INT32_MAX, &told->put_hold_s));
}

static ts_err told_run(struct store *store, enum store_statement statement,
                       const struct str *params, unsigned params_count, store_row_fn *on_row,
                       void *ctx, uint64_t *ret_changed, struct error *reterr)
{
    struct told_store *told = (struct told_store *)store;
    (void)ret_changed;
    if (told->fails)
        return error_set(reterr, TS_ERR_CONNECTION, "told to fail");
    told->renewals += statement == STORE_HOST_LEASES_RENEW;
    if (statement == STORE_LEDGER_OF_COURSES)
        answer_ledger(told, on_row, ctx);
    else if (statement == STORE_HOST_LIST)
        answer_paces(told, on_row, ctx);
    else if (statement == STORE_HOST_PUT)
        note_pace(told, params);
    else
        answer_all(told, statement, params, params_count, on_row, ctx);
    return TS_ERR_OK;
}

static const struct store_ops told_ops = { .run = told_run };

struct fixture {
    struct catalogue *catalogue;
    struct plan *plan;
    struct plan_pace pace[32];
    struct told_store told;
    struct share *share;
    int64_t now;
    uint32_t first; /* the host of course 0, which has two courses */
};

static void make(struct fixture *fixture, uint32_t hosts_most)
{
    *fixture = (struct fixture){ .told.store.ops = &told_ops };
    fixture->catalogue = catalogue_of(FOREUP("11") FOREUP("12") CPS("21") CPS("31"));
    for (uint32_t i = 0; i < engines_count; i++)
        fixture->pace[i] = (struct plan_pace){ .gap_us = 2 * CLOCK_SECOND_US, .parallel = 1 };
    struct plan_config config = { .catalogue = fixture->catalogue,
                                  .now_wall = NOW_WALL,
                                  .pace = fixture->pace,
                                  .conversations_max = 4 };
    assert_int_equal(plan_ages_parse(STR("1h"), &config.ages, NULL), TS_ERR_OK);
    assert_int_equal(plan_new(&config, &fixture->plan, NULL), TS_ERR_OK);
    plan_start(fixture->plan);
    assert_int_equal(plan_hosts(fixture->plan), HOSTS);
    fixture->told.plan = fixture->plan;
    const struct share_config share = { .plan = fixture->plan,
                                        .catalogue = fixture->catalogue,
                                        .holder = "self",
                                        .ttl_s = TTL_S,
                                        .since = NOW_WALL,
                                        .hosts_most = hosts_most };
    assert_int_equal(share_new(&share, &fixture->share, NULL), TS_ERR_OK);
    fixture->now = clock_monotonic_us();
    fixture->first = plan_host_of(fixture->plan, 0);
}

static void unmake(struct fixture *fixture)
{
    share_free(fixture->share);
    plan_free(fixture->plan);
    catalogue_free(fixture->catalogue);
}

/* The loop asks, the writer answers, the loop heeds it. */
static void turn(struct fixture *fixture)
{
    fixture->now += CLOCK_SECOND_US;
    if (share_turn(fixture->share, fixture->now))
        assert_int_equal(share_keep(fixture->share, &fixture->told.store, NULL), TS_ERR_OK);
    (void)share_turn(fixture->share, fixture->now);
}

static void do_all(struct fixture *fixture)
{
    const struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX] = { { .outcome = OUTCOME_OPEN } };
    struct plan_task task;
    int64_t wait;
    while (plan_next(fixture->plan, fixture->now, &task, &wait)) {
        plan_done(fixture->plan, &task, sheets);
        share_owes(fixture->share, task.courses[0], 1);
    }
}

static void what_is_granted_is_asked(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    turn(&fixture);
    assert_int_equal(share_hosts(fixture.share), 0);
    assert_false(share_may_send(fixture.share, fixture.first));
    usleep(600000); /* one that was not free is tried again after a sixth of a lease */
    for (int i = 0; i < HOSTS; i++)
        fixture.told.free[i] = true;
    turn(&fixture);
    assert_int_equal(share_hosts(fixture.share), 1); /* not more than permitted */
    struct plan_task task;
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &task, &wait));
    for (uint32_t i = 0; i < HOSTS; i++)
        assert_int_equal(share_may_send(fixture.share, i), i == task.host);
    assert_true(share_may_send(NULL, 0)); /* alone, all is ours */
    unmake(&fixture);
}

static void what_others_did_is_heeded(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    fixture.told.free[fixture.first] = true;
    static const char *const rows[4][7] = {
        { "11", "2027-03-06", "open", "1804325200", "open", "1804325200", "3" }, /* fresh */
        { "11", "2027-03-07", "open", "1804320000", "open", "1804320000", "3" }, /* too old */
        { "12", "2027-03-06", "throttled", "1804327201", "open", "1804320000", "3" },
        { "12", "2027-03-07", "open", "1804327201", "open", "1804320000", "3" }, /* held */
    };
    memcpy(fixture.told.ledger, rows, sizeof(rows));
    turn(&fixture);
    assert_int_equal(plan_totals(fixture.plan).by_others, 2);
    do_all(&fixture);
    assert_int_equal(plan_totals(fixture.plan).done, 2);
    unmake(&fixture);
}

static void a_host_is_given_back_in_the_end(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    fixture.told.free[fixture.first] = true;
    turn(&fixture);
    do_all(&fixture);
    turn(&fixture);
    assert_int_equal(share_hosts(fixture.share), 1); /* four tee sheets are not stored yet */
    for (uint32_t i = 0; i < 4; i++)
        share_paid(fixture.share, i % 2);
    turn(&fixture);
    assert_int_equal(share_hosts(fixture.share), 0);
    assert_true(share_is_settled(fixture.share, fixture.now));
    assert_int_equal(fixture.told.releases, 1);
    assert_false(fixture.told.ours[fixture.first]);
    unmake(&fixture);
}

static void who_refuses_is_asked_by_nobody(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    uint32_t refused_others = plan_host_of(fixture.plan, 2);
    fixture.told.free[fixture.first] = true;
    fixture.told.stopped[refused_others] = true;
    /* One of its two was observed before it refused. */
    static const char *const seen_before[7] = { "21",   "2027-03-06", "open", "1804327201",
                                                "open", "1804327201", "3" };
    memcpy(fixture.told.ledger[0], seen_before, sizeof(seen_before));
    turn(&fixture);
    assert_int_equal(plan_totals(fixture.plan).by_others, 1);
    assert_int_equal(plan_others_observed(fixture.plan, 2), 1);
    assert_int_equal(plan_take_skipped(fixture.plan), 1);
    assert_false(plan_host_has_work(fixture.plan, refused_others));
    struct plan_task task;
    int64_t wait;
    assert_true(plan_next(fixture.plan, fixture.now, &task, &wait));
    plan_block(fixture.plan, &task, true);
    const struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX] = { { .outcome = OUTCOME_BLOCKED } };
    plan_done(fixture.plan, &task, sheets);
    turn(&fixture);
    assert_int_equal(fixture.told.stops, 1);
    assert_int_equal(fixture.told.releases, 0);
    unmake(&fixture);
}

static void who_comes_next_leaves_a_host_alone_too(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    const char *name = plan_host_name(fixture.plan, fixture.first).host;
    const char *const pace[4] = { name, "3000", "1", "20" };
    memcpy(fixture.told.pace, pace, sizeof(pace));
    fixture.told.free[fixture.first] = true;
    turn(&fixture);
    struct plan_task task;
    int64_t wait, now = clock_monotonic_us();
    assert_false(plan_next(fixture.plan, now, &task, &wait));
    assert_in_range(wait, 15 * CLOCK_SECOND_US, 20 * CLOCK_SECOND_US);
    assert_int_equal(fixture.told.puts, 0); /* no news */
    assert_true(plan_next(fixture.plan, now + 21 * CLOCK_SECOND_US, &task, &wait));
    /* It asks to be left alone by us: told at once, however long the host stays ours. */
    plan_set_hold(fixture.plan, task.host, now + 90 * CLOCK_SECOND_US);
    plan_refused(fixture.plan, &task, now, 0);
    assert_true(share_turn(fixture.share, fixture.now));
    assert_int_equal(share_keep(fixture.share, &fixture.told.store, NULL), TS_ERR_OK);
    assert_int_equal(fixture.told.puts, 1);
    assert_in_range(fixture.told.put_hold_s, 85, 90);
    assert_true(fixture.told.put_gap_ms > 3000);
    assert_false(share_turn(fixture.share, fixture.now));
    unmake(&fixture);
}

static void nobody_trusts_an_old_lease(void **state)
{
    (void)state;
    struct fixture fixture;
    make(&fixture, 1);
    fixture.told.free[fixture.first] = true;
    turn(&fixture);
    struct tee_sheet sheets[] = { { .course_index = 2 },
                                  { .course_index = 0 },
                                  { .course_index = 1 } };
    assert_int_equal(share_withhold(fixture.share, sheets, 3), 2);
    assert_int_equal(sheets[0].course_index, 0);
    assert_int_equal(sheets[1].course_index, 1);
    assert_true(sheets[2].withheld && !sheets[0].withheld);
    fixture.told.fails = true;
    (void)usleep(TTL_S * 1000000 * 7 / 10);
    assert_int_equal(share_keep(fixture.share, &fixture.told.store, NULL), TS_ERR_CONNECTION);
    assert_false(share_may_send(fixture.share, fixture.first));
    (void)share_turn(fixture.share, fixture.now);
    struct plan_task task;
    int64_t wait;
    assert_false(plan_next(fixture.plan, fixture.now, &task, &wait));
    assert_int_equal(share_withhold(fixture.share, sheets, 2), 0);
    /* Nobody took it: it is ours again. */
    fixture.told.fails = false;
    turn(&fixture);
    assert_int_equal(share_keep(fixture.share, &fixture.told.store, NULL), TS_ERR_OK);
    (void)share_turn(fixture.share, fixture.now);
    assert_true(share_may_send(fixture.share, fixture.first));
    assert_true(plan_next(fixture.plan, fixture.now, &task, &wait));
    /* Another took it. */
    fixture.told.ours[fixture.first] = fixture.told.free[fixture.first] = false;
    (void)usleep(TTL_S * 1000000 / 5);
    assert_int_equal(share_keep(fixture.share, &fixture.told.store, NULL), TS_ERR_OK);
    (void)share_turn(fixture.share, fixture.now);
    assert_int_equal(share_hosts_lost(fixture.share), 1);
    assert_int_equal(share_hosts(fixture.share), 0);
    assert_false(share_may_send(fixture.share, fixture.first));
    assert_int_equal(fixture.told.renewals, 2);
    unmake(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_granted_is_asked),
        cmocka_unit_test(what_others_did_is_heeded),
        cmocka_unit_test(a_host_is_given_back_in_the_end),
        cmocka_unit_test(who_refuses_is_asked_by_nobody),
        cmocka_unit_test(who_comes_next_leaves_a_host_alone_too),
        cmocka_unit_test(nobody_trusts_an_old_lease),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
