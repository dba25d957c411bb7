/*
 * test_arena.c: base/arena.
 *
 * Alignment, the last byte and one beyond it, overflowing counts, peak, mark and rewind, reset;
 * in ASan builds that the free part, the gaps and what was given back are poisoned.
 */
#include <string.h>

#include "base/arena.h"
#include "support/unit.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#if defined(HAVE_ASAN)
#include <sanitizer/asan_interface.h>
#endif

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    return arena_init(&arena, 1024) != TS_ERR_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    arena_done(&arena);
    return arena.start != NULL;
}

static void test_alignment(void **state)
{
    (void)state;
    for (size_t size = 0; size < 10; size++) {
        char *at = arena_alloc(&arena, 1, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        if (size)
            memset(at, 1, size);
        assert_non_null(arena_strdup(&arena, STR("x")));
    }
}

static void test_objects_are_apart(void **state)
{
    (void)state;
    unsigned char *a = arena_alloc(&arena, 10, 1), *b = arena_alloc(&arena, 10, 1);
    const char *text = arena_strdup(&arena, STR("abc"));
    const char *other = arena_strdup(&arena, (struct str){ NULL, 0 });
    memset(a, 'a', 10);
    memset(b, 'b', 10);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(a[i], 'a');
        assert_int_equal(b[i], 'b');
    }
    assert_string_equal(text, "abc");
    assert_string_equal(other, "");
}

static void test_full(void **state)
{
    (void)state;
    assert_null(arena_alloc(&arena, 1025, 1));
    assert_int_equal(arena.used, 0);
    char *all = arena_alloc(&arena, 1024, 1);
    assert_non_null(all);
    memset(all, 1, 1024);
    assert_int_equal(arena.used, 1024);
    assert_null(arena_alloc(&arena, 1, 1));
    assert_null(arena_strdup(&arena, STR("")));
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 1023, 1));
    arena_reset(&arena);
    char text[1025];
    memset(text, 't', sizeof(text));
    assert_null(arena_strdup(&arena, (struct str){ text, 1024 }));
    const char *copy = arena_strdup(&arena, (struct str){ text, 1023 });
    assert_non_null(copy);
    assert_int_equal(strlen(copy), 1023);
}

static void test_overflow(void **state)
{
    (void)state;
    assert_null(arena_alloc(&arena, SIZE_MAX, 1));
    assert_null(arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_strdup(&arena, (struct str){ "", SIZE_MAX }));
    assert_int_equal(arena.used, 0);
}

static void test_rewind(void **state)
{
    (void)state;
    char *kept = arena_alloc(&arena, 32, 1);
    memset(kept, 'k', 32);
    size_t mark = arena_mark(&arena);
    char *first = arena_alloc(&arena, 100, 1);
    size_t peak = arena.used;
    memset(first, 1, 100);
    arena_rewind(&arena, mark);
    assert_int_equal(arena.used, mark);
    assert_int_equal(arena.peak, peak);
    assert_ptr_equal(arena_alloc(&arena, 100, 1), first);
    assert_int_equal(kept[31], 'k');
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    assert_int_equal(arena.peak, peak);
    assert_ptr_equal(arena_alloc(&arena, 1, 1), kept);
}

static void test_poison(void **state)
{
    (void)state;
#if defined(HAVE_ASAN)
    char *a = arena_alloc(&arena, 10, 1);
    const char *text = arena_strdup(&arena, STR("abc"));
    char *b = arena_alloc(&arena, 10, 1);
    assert_false(__asan_address_is_poisoned(a));
    assert_false(__asan_address_is_poisoned(a + 9));
    assert_true(__asan_address_is_poisoned(a + 10));
    assert_false(__asan_address_is_poisoned(text + 3));
    assert_true(__asan_address_is_poisoned(text + 4));
    assert_true(__asan_address_is_poisoned(text - 1));
    assert_true(__asan_address_is_poisoned(b - 1));
    assert_true(__asan_address_is_poisoned(b + 10));
    size_t mark = arena_mark(&arena);
    char *c = arena_alloc(&arena, 10, 1);
    arena_rewind(&arena, mark);
    assert_true(__asan_address_is_poisoned(c));
    assert_false(__asan_address_is_poisoned(b + 9));
    arena_reset(&arena);
    assert_true(__asan_address_is_poisoned(a));
    assert_true(__asan_address_is_poisoned(b));
#else
    print_message("skipped: not built with AddressSanitizer\n");
    skip();
#endif
}

static void test_no_memory(void **state)
{
    (void)state;
#if defined(HAVE_ASAN)
    print_message("skipped: AddressSanitizer ends the program when it is asked for too much\n");
    skip();
#else
    struct arena none = { .used = 7 };
    assert_int_equal(arena_init(&none, SIZE_MAX / 2), TS_ERR_NOMEM);
    assert_null(none.start);
    assert_int_equal(none.used, 0);
    arena_done(&none);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alignment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_objects_are_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overflow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rewind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_poison, set_up, tear_down),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
