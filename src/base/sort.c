/* sort.c: merge sort whose merges rotate instead of copying. */
#include "base/sort.h"

#include <string.h>

#define SWAP_BYTES 128
#define RUN_LEN    12 /* shorter runs are sorted by insertion */

struct sort {
    char *items;
    size_t size;
    sort_compare_fn *compare;
};

static char *item(const struct sort *sort, size_t index)
{
    return sort->items + index * sort->size;
}

static void swap(const struct sort *sort, size_t a, size_t b)
{
    char piece[SWAP_BYTES];
    for (size_t done = 0; done < sort->size; done += sizeof(piece)) {
        size_t left = sort->size - done;
        size_t len = left < sizeof(piece) ? left : sizeof(piece);
        memcpy(piece, item(sort, a) + done, len);
        memcpy(item(sort, a) + done, item(sort, b) + done, len);
        memcpy(item(sort, b) + done, piece, len);
    }
}

static void reverse(const struct sort *sort, size_t from, size_t to)
{
    while (from + 1 < to)
        swap(sort, from++, --to);
}

/* [from, middle) and [middle, to) change places. */
static void rotate(const struct sort *sort, size_t from, size_t middle, size_t to)
{
    reverse(sort, from, middle);
    reverse(sort, middle, to);
    reverse(sort, from, to);
}

static void sort_run(const struct sort *sort, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        for (size_t at = i; at > from; at--) {
            if (sort->compare(item(sort, at - 1), item(sort, at)) <= 0)
                break;
            swap(sort, at - 1, at);
        }
}

/* The first index in [from, to) whose item stands after `key`, or not before it. */
static size_t bound(const struct sort *sort, size_t from, size_t to, const char *key,
                    int after_equal)
{
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (sort->compare(item(sort, middle), key) < after_equal)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Two sorted neighbours become one. The longer one is cut in half, the other where that half's
 * edge belongs; what lies between the cuts changes places. Depth: about log2 of the items. */
static void merge(const struct sort *sort, size_t from, size_t middle, size_t to)
{
    while (from < middle && middle < to) {
        if (sort->compare(item(sort, middle - 1), item(sort, middle)) <= 0)
            return;
        if (to - from == 2) {
            swap(sort, from, middle);
            return;
        }
        size_t left = 0, right = 0;
        if (middle - from > to - middle) {
            left = from + (middle - from) / 2;
            right = bound(sort, middle, to, item(sort, left), 0);
        } else {
            right = middle + (to - middle) / 2;
            left = bound(sort, from, middle, item(sort, right), 1);
        }
        rotate(sort, left, middle, right);
        size_t joint = left + (right - middle);
        merge(sort, from, left, joint);
        from = joint;
        middle = right;
    }
}

void sort_stable(void *items, size_t count, size_t size, sort_compare_fn *compare)
{
    struct sort sort = { items, size, compare };
    for (size_t from = 0; from < count; from += RUN_LEN)
        sort_run(&sort, from, count - from < RUN_LEN ? count : from + RUN_LEN);
    for (size_t len = RUN_LEN; len < count; len *= 2)
        for (size_t from = 0; from + len < count; from += 2 * len) {
            size_t rest = count - from - len;
            merge(&sort, from, from + len, rest < len ? count : from + 2 * len);
        }
}
