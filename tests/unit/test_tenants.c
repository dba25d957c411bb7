/*
 * test_tenants.c exercises plan/tenants: one fetches and the others wait, a written state is
 * shared and kept, it ends with its time, is zeroed when dropped, and the least recently used
 * one gives way; none that is lent does.
 */
#include <string.h>

#include "plan/tenants.h"
#include "support/unit.h"

#define BYTES 40

static struct tenants *make(uint32_t slots)
{
    struct tenants *tenants = NULL;
    assert_int_equal(tenants_new(&tenants, slots, BYTES), TS_ERR_OK);
    return tenants;
}

static void one_fetches_the_others_wait(void **state)
{
    (void)state;
    struct tenants *tenants = make(4);
    assert_false(tenants_must_wait(tenants, 7, 100));
    char *token = tenants_lend(tenants, 7, 100);
    for (int i = 0; i < BYTES; i++)
        assert_int_equal(token[i], 0);
    assert_true(tenants_must_wait(tenants, 7, 100));
    assert_false(tenants_must_wait(tenants, 8, 100));
    memset(token, 'x', BYTES);
    tenants_wrote(tenants, 7, 500);
    assert_false(tenants_must_wait(tenants, 7, 499));
    assert_true(tenants_must_wait(tenants, 7, 500)); /* lent, and no longer good */
    assert_ptr_equal(tenants_lend(tenants, 7, 200), token);
    assert_int_equal(token[BYTES - 1], 'x');
    tenants_return(tenants, 7);
    tenants_return(tenants, 7);
    assert_ptr_equal(tenants_lend(tenants, 7, 499), token);
    assert_int_equal(token[0], 'x');
    tenants_return(tenants, 7);
    assert_ptr_equal(tenants_lend(tenants, 7, 500), token);
    assert_int_equal(token[0], 0); /* its time is over */
    tenants_return(tenants, 7);
    tenants_free(tenants);
}

static void an_unwritten_one_is_not_kept(void **state)
{
    (void)state;
    struct tenants *tenants = make(1);
    char *token = tenants_lend(tenants, 7, 100);
    token[0] = 'x';
    tenants_return(tenants, 7); /* the fetch failed */
    assert_false(tenants_must_wait(tenants, 7, 101));
    token = tenants_lend(tenants, 7, 101);
    assert_int_equal(token[0], 0);
    tenants_return(tenants, 7);
    tenants_free(tenants);
}

static void a_dropped_one_is_fetched_again(void **state)
{
    (void)state;
    struct tenants *tenants = make(1);
    char *token = tenants_lend(tenants, 7, 100);
    token[0] = 'x';
    tenants_wrote(tenants, 7, 500);
    tenants_drop(tenants, 7);
    assert_int_equal(token[0], 0);
    assert_true(tenants_must_wait(tenants, 7, 100));
    tenants_return(tenants, 7);
    tenants_free(tenants);
}

static void the_least_recent_gives_way(void **state)
{
    (void)state;
    struct tenants *tenants = make(3);
    for (uint32_t tenant = 1; tenant <= 3; tenant++) {
        char *token = tenants_lend(tenants, tenant, 100 + tenant);
        token[0] = (char)('0' + tenant);
        tenants_wrote(tenants, tenant, 1000);
        if (tenant != 1)
            tenants_return(tenants, tenant); /* 1 is older, but lent */
    }
    (void)tenants_lend(tenants, 4, 200);
    tenants_wrote(tenants, 4, 1000);
    tenants_return(tenants, 4);
    char *kept = tenants_lend(tenants, 3, 201);
    assert_int_equal(kept[0], '3');
    tenants_return(tenants, 3);
    char *again = tenants_lend(tenants, 2, 202);
    assert_int_equal(again[0], 0); /* 2 had given way to 4 */
    tenants_return(tenants, 2);
    kept = tenants_lend(tenants, 1, 203);
    assert_int_equal(kept[0], '1');
    tenants_return(tenants, 1);
    tenants_return(tenants, 1);
    tenants_free(tenants);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fetches_the_others_wait),
        cmocka_unit_test(an_unwritten_one_is_not_kept),
        cmocka_unit_test(a_dropped_one_is_fetched_again),
        cmocka_unit_test(the_least_recent_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
