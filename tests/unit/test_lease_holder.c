/*
 * test_lease_holder.c exercises host/lease_holder: a process that ended is gone, one that runs
 * or cannot be judged from here (another host, another process namespace, a text of another
 * form) is not; a process number that is now ours was another's.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/lease_holder.h"
#include "support/unit.h"

static char self[LEASE_HOLDER_BYTES];

static int set_up(void **state)
{
    (void)state;
    lease_holder_name(self);
    return 0;
}

/* Our name with another process number and another host before it. */
static void name_of(pid_t pid, const char *host_prefix, char name[LEASE_HOLDER_BYTES])
{
    char mine[32];
    int len = snprintf(mine, sizeof(mine), ":%ld:", (long)getpid());
    const char *at = strstr(self, mine);
    assert_non_null(at);
    (void)snprintf(name, LEASE_HOLDER_BYTES, "%s%.*s:%ld:%s", host_prefix, (int)(at - self),
                   self, (long)pid, at + len);
}

static void one_that_ended_is_gone(void **state)
{
    (void)state;
    char name[LEASE_HOLDER_BYTES];
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    name_of(child, "", name);
    assert_true(lease_holder_is_gone(name, self));
}

static void one_that_runs_is_not(void **state)
{
    (void)state;
    char name[LEASE_HOLDER_BYTES];
    name_of(getppid(), "", name);
    assert_false(lease_holder_is_gone(name, self));
    assert_false(lease_holder_is_gone(self, self));
}

static void an_earlier_one_with_our_number_is(void **state)
{
    (void)state;
    char later[LEASE_HOLDER_BYTES];
    (void)usleep(1000);
    lease_holder_name(later);
    assert_string_not_equal(later, self);
    assert_true(lease_holder_is_gone(self, later));
}

static void others_cannot_be_judged(void **state)
{
    (void)state;
    char name[LEASE_HOLDER_BYTES];
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    name_of(child, "another-", name);
    assert_false(lease_holder_is_gone(name, self));
    name_of(child, "", name);
    name[strlen(name) - 1] ^= 1; /* the namespace's number */
    assert_false(lease_holder_is_gone(name, self));
    static const char *const strange[] = { "",         ":",          ":::",        "host",
                                           "host:1:2", "host:x:1:2", "host:-1:1:2" };
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
        assert_false(lease_holder_is_gone(strange[i], self));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_ended_is_gone),
        cmocka_unit_test(one_that_runs_is_not),
        cmocka_unit_test(an_earlier_one_with_our_number_is),
        cmocka_unit_test(others_cannot_be_judged),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
