/*
 * test_sort.c: base/sort.
 *
 * All lengths up to 200 and one of 20,000 in random, sorted, reversed and nearly constant
 * order, for items smaller and larger than one swap: sorted, stable, a permutation of the
 * input, no allocation, and few comparisons where the input is sorted already.
 */

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "support/unit.h"

#define ITEMS_MAX 20000

struct item {
    uint32_t key, place;
};

struct large {
    struct item item;
    unsigned char weight[193]; /* the low byte of place, all over */
};

enum order { ORDER_RANDOM, ORDER_SORTED, ORDER_REVERSED, ORDER_FEW_KEYS, ORDER_COUNT };

static uint32_t seed = 2026;
static uint64_t comparisons;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

static int compare(const void *a, const void *b)
{
    const struct item *left = a, *right = b;
    comparisons++;
    return (left->key > right->key) - (left->key < right->key);
}

static uint32_t key_of(enum order order, uint32_t place, uint32_t count)
{
    switch (order) {
    case ORDER_RANDOM:
        return random_below(count);
    case ORDER_SORTED:
        return place / 2;
    case ORDER_REVERSED:
        return (count - place) / 2;
    case ORDER_FEW_KEYS:
    case ORDER_COUNT:
        break;
    }
    return random_below(3);
}

static void check_order(const struct item *before, const struct item *after)
{
    if (before->key > after->key ||
        (before->key == after->key && before->place >= after->place))
        fail_msg("(%u, %u) stands before (%u, %u)", before->key, before->place, after->key,
                 after->place);
}

static void check(uint32_t count, enum order order)
{
    static struct item items[ITEMS_MAX];
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct item){ key_of(order, i, count), i };
    comparisons = 0;
    sort_stable(items, count, sizeof(*items), compare);
    for (uint32_t i = 0; i < count; i++) {
        sum += items[i].place;
        if (i)
            check_order(&items[i - 1], &items[i]);
    }
    assert_int_equal(sum, count ? (uint64_t)count * (count - 1) / 2 : 0);
    if (order == ORDER_SORTED)
        assert_true(comparisons <= 2 * (uint64_t)count);
}

static void test_small(void **state)
{
    (void)state;
    uint64_t allocations = mem_allocations();
    for (uint32_t count = 0; count <= 200; count++)
        for (enum order order = 0; order < ORDER_COUNT; order++)
            check(count, order);
    for (enum order order = 0; order < ORDER_COUNT; order++)
        check(ITEMS_MAX, order);
    assert_int_equal(mem_allocations(), allocations);
}

static void test_large_items(void **state)
{
    (void)state;
    static struct large items[300];
    for (uint32_t i = 0; i < TS_COUNT_OF(items); i++) {
        items[i].item = (struct item){ random_below(50), i };
        for (size_t j = 0; j < sizeof(items[i].weight); j++)
            items[i].weight[j] = (unsigned char)i;
    }
    sort_stable(items, TS_COUNT_OF(items), sizeof(*items), compare);
    for (uint32_t i = 0; i < TS_COUNT_OF(items); i++) {
        if (i)
            check_order(&items[i - 1].item, &items[i].item);
        for (size_t j = 0; j < sizeof(items[i].weight); j++)
            assert_int_equal(items[i].weight[j], (unsigned char)items[i].item.place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_large_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
