/*
 * test_buf.c: base/buf.
 *
 * Every writer; capacity at -1, 0 and +1 of what is written; the sticky overflow; the forms in
 * which sizes, counts and durations are shown, at each change of unit.
 */

#include "base/buf.h"
#include "support/unit.h"

#define GUARD 0x5a

static char storage[64];

static void test_put(void **state)
{
    (void)state;
    struct buf buf = buf_over(storage, sizeof(storage));
    assert_string_equal(storage, "");
    buf_put(&buf, STR("tee"));
    buf_puts(&buf, " ");
    buf_putc(&buf, 'x');
    buf_put(&buf, (struct str){ NULL, 0 });
    buf_put_i64(&buf, -7);
    buf_put_u64(&buf, 0);
    buf_printf(&buf, "%s%d", "p", 3);
    assert_string_equal(storage, "tee x-70p3");
    assert_int_equal(buf_view(&buf).len, 10);
    assert_ptr_equal(buf_view(&buf).ptr, storage);
    assert_false(buf.overflow);
    buf_reset(&buf);
    assert_string_equal(storage, "");
    buf_put_i64(&buf, INT64_MIN);
    assert_string_equal(storage, "-9223372036854775808");
    buf_reset(&buf);
    buf_put_u64(&buf, UINT64_MAX);
    assert_string_equal(storage, "18446744073709551615");
}

/* "12345" written by `put` into `cap` bytes: it is cut there, and no byte behind is touched. */
static void check_cap(void (*put)(struct buf *buf), size_t cap)
{
    memset(storage, GUARD, sizeof(storage));
    struct buf buf = buf_over(storage, cap);
    put(&buf);
    size_t fits = cap - 1 < 5 ? cap - 1 : 5;
    assert_int_equal(buf.len, fits);
    assert_int_equal(buf.overflow, fits < 5);
    assert_memory_equal(storage, "12345", fits);
    assert_int_equal(storage[fits], '\0');
    for (size_t i = cap; i < sizeof(storage); i++)
        assert_int_equal(storage[i], GUARD);
    buf_puts(&buf, "");
    if (!buf.overflow)
        return;
    buf_putc(&buf, 'x');
    buf_printf(&buf, "x");
    assert_int_equal(buf.len, fits);
    buf_reset(&buf);
    assert_false(buf.overflow);
}

static void put_view(struct buf *buf)
{
    buf_put(buf, STR("12345"));
}

static void put_number(struct buf *buf)
{
    buf_put_u64(buf, 12345);
}

static void put_printf(struct buf *buf)
{
    buf_printf(buf, "%d", 12345);
}

static void put_chars(struct buf *buf)
{
    for (char c = '1'; c <= '5'; c++)
        buf_putc(buf, c);
}

static void test_limits(void **state)
{
    (void)state;
    for (size_t cap = 1; cap <= 8; cap++) {
        check_cap(put_view, cap);
        check_cap(put_number, cap);
        check_cap(put_printf, cap);
        check_cap(put_chars, cap);
    }
}

static void test_url(void **state)
{
    (void)state;
    struct buf buf = buf_over(storage, sizeof(storage));
    buf_put_url(&buf, STR("aZ09-._~ /?&=%+"));
    assert_string_equal(storage, "aZ09-._~%20%2F%3F%26%3D%25%2B");
    buf_reset(&buf);
    buf_put_url(&buf, (struct str){ "\xc3\xa9\0", 3 });
    assert_string_equal(storage, "%C3%A9%00");
}

static void assert_size(uint64_t bytes, const char *wanted)
{
    struct buf buf = buf_over(storage, sizeof(storage));
    buf_put_size(&buf, bytes);
    assert_string_equal(storage, wanted);
}

static void test_size(void **state)
{
    (void)state;
    const uint64_t kib = 1024, mib = 1024 * kib;
    assert_size(0, "0 B");
    assert_size(1023, "1023 B");
    assert_size(1024, "1 KiB");
    assert_size(1536, "1.5 KiB");
    assert_size(412 * kib, "412 KiB");
    assert_size(412 * kib + 700, "413 KiB");
    assert_size(1023 * kib, "1023 KiB");
    assert_size(mib - 513, "1023 KiB");
    assert_size(mib - 512, "1 MiB");
    assert_size(mib, "1 MiB");
    assert_size(64 * mib, "64 MiB");
    assert_size(15 * mib + 105 * kib, "15.1 MiB");
    assert_size(1024 * mib, "1 GiB");
    assert_size(1024 * 1024 * mib, "1 TiB");
    assert_size(UINT64_MAX, "16777216 TiB");
}

static void assert_count(uint64_t count, const char *wanted)
{
    struct buf buf = buf_over(storage, sizeof(storage));
    buf_put_count(&buf, count);
    assert_string_equal(storage, wanted);
}

static void test_count(void **state)
{
    (void)state;
    assert_count(0, "0");
    assert_count(999, "999");
    assert_count(1000, "1,000");
    assert_count(4000, "4,000");
    assert_count(1234567, "1,234,567");
    assert_count(1000000, "1,000,000");
    assert_count(UINT64_MAX, "18,446,744,073,709,551,615");
}

static void assert_duration(int64_t us, const char *wanted)
{
    struct buf buf = buf_over(storage, sizeof(storage));
    buf_put_duration(&buf, us);
    assert_string_equal(storage, wanted);
}

static void test_duration(void **state)
{
    (void)state;
    const int64_t ms = 1000, s = 1000 * ms, min = 60 * s, h = 60 * min, d = 24 * h;
    assert_duration(0, "0 s");
    assert_duration(400, "0 s");
    assert_duration(500, "1 ms");
    assert_duration(250 * ms, "250 ms");
    assert_duration(999 * ms, "999 ms");
    assert_duration(1000 * ms - 1, "1 s");
    assert_duration(2500 * ms, "2.5 s");
    assert_duration(2000 * ms, "2 s");
    assert_duration(9949 * ms, "9.9 s");
    assert_duration(9950 * ms, "10 s");
    assert_duration(44 * s, "44 s");
    assert_duration(min - 1, "1 min");
    assert_duration(2 * min + 5 * s, "2 min 5 s");
    assert_duration(h - 1, "1 h");
    assert_duration(2 * h + 47 * min, "2 h 47 min");
    assert_duration(d - 1, "1 d");
    assert_duration(3 * d + 4 * h, "3 d 4 h");
    assert_duration(-2500 * ms, "-2.5 s");
    assert_duration(INT64_MIN, "-106751991 d 4 h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_url),   cmocka_unit_test(test_size),
        cmocka_unit_test(test_count), cmocka_unit_test(test_duration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
