/*
 * test_budget.c exercises host/budget and base/blocks:
 *   the sum, the exact limit at which a sweep is refused and the number that would do, what
 * shrinks first; the printed plan; runs of blocks lent and returned, first fit, full.
 */
#include <string.h>

#include "base/blocks.h"
#include "host/budget.h"
#include "support/unit.h"

#define MIB ((uint64_t)1 << 20)
#define KIB ((uint64_t)1 << 10)

static struct budget_config usual(void)
{
    return (struct budget_config){ .limit_bytes = 64 * MIB,
                                   .base_bytes = 14 * MIB,
                                   .catalogue_bytes = 200 * KIB,
                                   .largest_reply_bytes = 512 * KIB,
                                   .concurrency = 10,
                                   .batch_size = 100,
                                   .tls = true };
}

static void adds_up(void **state)
{
    (void)state;
    struct budget_config config = usual();
    struct budget budget;
    assert_int_equal(budget_split(&config, &budget, NULL), TS_ERR_OK);
    assert_int_equal(budget.conversations, 10);
    assert_int_equal(budget.pool_bytes, 10 * 512 * KIB);
    assert_int_equal(budget_total(&budget), 14 * MIB + 200 * KIB + 2 * budget.batch_bytes +
                                                10 * (128 * KIB + 100 * KIB) + 5 * MIB);
    char text[400];
    struct buf buf = buf_over(text, sizeof(text));
    budget_format(&budget, &buf);
    assert_false(buf.overflow);
    assert_non_null(strstr(text, "memory plan: "));
    assert_non_null(strstr(text, "base 14 MiB"));
}

/* The least that works: one reply, one task, one connection, two batches. */
static uint64_t least(const struct budget_config *config)
{
    return config->base_bytes + config->catalogue_bytes + 2 * 100 * 16 * KIB +
           config->largest_reply_bytes + 128 * KIB + 100 * KIB;
}

static void refuses_one_byte_too_few(void **state)
{
    (void)state;
    struct budget_config config = usual();
    struct budget budget = { .conversations = 99 };
    struct error error;
    config.limit_bytes = least(&config) - 1;
    assert_int_equal(budget_split(&config, &budget, &error), TS_ERR_CONFIG);
    assert_int_equal(budget.conversations, 99); /* untouched */
    assert_non_null(strstr(error.text, "use --memory 20M"));
    config.limit_bytes = 19 * MIB; /* the number that it names does */
    assert_int_equal(budget_split(&config, &budget, &error), TS_ERR_OK);
    config.limit_bytes = least(&config);
    assert_int_equal(budget_split(&config, &budget, &error), TS_ERR_OK);
    assert_int_equal(budget.conversations, 1);
    assert_int_equal(budget.pool_bytes, 512 * KIB);
    config.limit_bytes = least(&config) + 1;
    assert_int_equal(budget_split(&config, &budget, &error), TS_ERR_OK);
    assert_int_equal(budget.conversations, 1);
}

static void bodies_shrink_before_conversations(void **state)
{
    (void)state;
    struct budget_config config = usual();
    struct budget budget;
    for (config.limit_bytes = least(&config); config.limit_bytes < 64 * MIB;
         config.limit_bytes += 100 * KIB) {
        assert_int_equal(budget_split(&config, &budget, NULL), TS_ERR_OK);
        assert_true(budget_total(&budget) <= config.limit_bytes);
        if (budget.pool_bytes > 512 * KIB)
            assert_int_equal(budget.conversations, 10);
    }
}

static void a_batch_holds_what_a_task_holds(void **state)
{
    (void)state;
    struct budget_config config = usual();
    struct budget budget;
    config.batch_size = 1;
    assert_int_equal(budget_split(&config, &budget, NULL), TS_ERR_OK);
    assert_true(budget.batch_bytes > budget.task_bytes);
}

static void knows_a_default(void **state)
{
    (void)state;
    uint64_t limit = budget_default_limit();
    assert_true(limit > 0 && limit <= BUDGET_DEFAULT_BYTES);
}

static void lends_first_fit(void **state)
{
    (void)state;
    struct blocks *blocks = NULL;
    assert_int_equal(blocks_new(&blocks, 4 * BLOCKS_UNIT_BYTES - 1), TS_ERR_OK);
    char *one = blocks_lend(blocks, 1);
    char *two = blocks_lend(blocks, BLOCKS_UNIT_BYTES + 1);
    char *last = blocks_lend(blocks, BLOCKS_UNIT_BYTES);
    assert_non_null(one);
    assert_ptr_equal(two, one + BLOCKS_UNIT_BYTES);
    assert_ptr_equal(last, one + 3 * BLOCKS_UNIT_BYTES);
    assert_int_equal(blocks_lent_bytes(blocks), 4 * BLOCKS_UNIT_BYTES);
    assert_null(blocks_lend(blocks, 1));
    memset(one, 1, BLOCKS_UNIT_BYTES);
    memset(last, 1, BLOCKS_UNIT_BYTES);
    blocks_return(blocks, one);
    blocks_return(blocks, last);
    assert_null(blocks_lend(blocks, BLOCKS_UNIT_BYTES + 1)); /* two free, but not in one run */
    blocks_return(blocks, two);
    assert_ptr_equal(blocks_lend(blocks, 4 * BLOCKS_UNIT_BYTES), one);
    blocks_return(blocks, one);
    assert_null(blocks_lend(blocks, 4 * BLOCKS_UNIT_BYTES + 1));
    blocks_return(blocks, NULL);
    assert_int_equal(blocks_lent_bytes(blocks), 0);
    blocks_free(blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up),
        cmocka_unit_test(refuses_one_byte_too_few),
        cmocka_unit_test(bodies_shrink_before_conversations),
        cmocka_unit_test(a_batch_holds_what_a_task_holds),
        cmocka_unit_test(knows_a_default),
        cmocka_unit_test(lends_first_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
