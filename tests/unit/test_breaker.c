/*
 * test_breaker.c exercises plan/breaker: how many failures open it and from how many tenants,
 * one probe when its time has come, longer each time, given up in the end, and closed by any
 * answer.
 */
#include "plan/breaker.h"
#include "support/unit.h"

#define SECOND ((int64_t)1000000)

static void fail_times(struct breaker *breaker, uint32_t times, uint32_t tenants)
{
    for (uint32_t i = 0; i < times; i++)
        assert_false(breaker_failed(breaker, i % tenants, tenants, 0));
}

static void opens_after_failures_in_a_row(void **state)
{
    (void)state;
    struct breaker breaker = { 0 };
    int64_t until;
    fail_times(&breaker, BREAKER_FAILURES - 1, 1);
    assert_true(breaker_lets(&breaker, 0, 3, &until));
    breaker_answered(&breaker);
    fail_times(&breaker, BREAKER_FAILURES - 1, 1);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    fail_times(&breaker, 1, 1);
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_false(breaker_lets(&breaker, 5 * SECOND - 1, 0, &until));
    assert_int_equal(until, 5 * SECOND);
}

static void one_bad_tenant_does_not_open_it(void **state)
{
    (void)state;
    struct breaker breaker = { 0 };
    for (int i = 0; i < 100; i++)
        assert_false(breaker_failed(&breaker, 7, 10, 0));
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    assert_false(breaker_failed(&breaker, 8, 10, 0));
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    assert_false(breaker_failed(&breaker, 9, 10, 0));
    assert_int_equal(breaker.state, BREAKER_OPEN);
}

static void lets_one_probe_through(void **state)
{
    (void)state;
    struct breaker breaker = { 0 };
    int64_t until;
    fail_times(&breaker, BREAKER_FAILURES, 1);
    assert_false(breaker_lets(&breaker, 5 * SECOND, 1, &until)); /* an old one still runs */
    assert_true(breaker_lets(&breaker, 5 * SECOND, 0, &until));
    breaker_started(&breaker, 5 * SECOND);
    assert_int_equal(breaker.state, BREAKER_HALF_OPEN);
    assert_false(breaker_lets(&breaker, 6 * SECOND, 1, &until));
    breaker_answered(&breaker);
    assert_true(breaker_lets(&breaker, 6 * SECOND, 9, &until));
}

static void is_given_up_in_the_end(void **state)
{
    (void)state;
    struct breaker breaker = { 0 };
    int64_t now = 0, until;
    fail_times(&breaker, BREAKER_FAILURES, 1);
    for (int probe = 1; probe <= BREAKER_PROBES; probe++) {
        assert_false(breaker_lets(&breaker, now, 0, &until));
        assert_int_equal(until - now, (5 << (probe - 1)) * SECOND);
        now = until;
        assert_true(breaker_lets(&breaker, now, 0, &until));
        breaker_started(&breaker, now);
        assert_int_equal(breaker_failed(&breaker, 0, 1, now), probe == BREAKER_PROBES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_after_failures_in_a_row),
        cmocka_unit_test(one_bad_tenant_does_not_open_it),
        cmocka_unit_test(lets_one_probe_through),
        cmocka_unit_test(is_given_up_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
