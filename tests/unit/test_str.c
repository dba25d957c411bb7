/*
 * test_str.c: base/str and base/hash.
 *
 * Comparison, prefixes, search without case, trimming, splitting; strict numbers at their
 * limits and one beyond: int64, doubles, minutes, durations, sizes, and cents with exact
 * decimal rounding; the published FNV-1a values.
 */

#include "base/hash.h"
#include "base/str.h"
#include "support/unit.h"

static const struct str nothing = { NULL, 0 };

static void test_equal(void **state)
{
    (void)state;
    assert_true(str_equal(STR("abc"), STR("abc")));
    assert_false(str_equal(STR("abc"), STR("abd")));
    assert_false(str_equal(STR("abc"), STR("ab")));
    assert_true(str_equal(nothing, STR("")));
    assert_true(str_equal_nocase(STR("AbZ[9"), STR("aBz[9")));
    assert_false(str_equal_nocase(STR("["), STR("{")));
    assert_false(str_equal_nocase(STR("@"), STR("`")));
    assert_false(str_equal_nocase(STR("a"), STR("ab")));
    assert_int_equal(str_of(NULL).len, 0);
    assert_int_equal(str_of("four").len, 4);
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("b"), STR("a")) > 0);
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
    assert_int_equal(str_compare(nothing, STR("")), 0);
    assert_true(str_compare(nothing, STR("a")) < 0);
    assert_true(str_compare(STR("\x7f"), STR("\x80")) < 0);
}

static void test_search(void **state)
{
    (void)state;
    assert_true(str_has_prefix(STR("golf"), STR("go")));
    assert_true(str_has_prefix(STR("golf"), STR("golf")));
    assert_true(str_has_prefix(STR("golf"), nothing));
    assert_false(str_has_prefix(STR("go"), STR("golf")));
    assert_false(str_has_prefix(STR("Golf"), STR("go")));
    assert_true(str_contains_nocase(STR("Twilight JUNIOR"), STR("junior")));
    assert_true(str_contains_nocase(STR("abc"), STR("")));
    assert_true(str_contains_nocase(nothing, nothing));
    assert_false(str_contains_nocase(STR("ab"), STR("abc")));
    assert_false(str_contains_nocase(STR("abab"), STR("abc")));
}

static void assert_str(struct str text, const char *wanted)
{
    if (!str_equal(text, str_of(wanted)))
        fail_msg("got '%.*s', wanted '%s'", STR_ARGS(text), wanted);
}

static void test_trim(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\n\v\fa b \n")), "a b");
    assert_str(str_trim(STR("a")), "a");
    assert_str(str_trim(STR("   ")), "");
    assert_str(str_trim(nothing), "");
}

static void test_split(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), part = nothing;
    assert_true(str_split(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_split(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_split(&rest, ',', &part));
    assert_str(part, "b");
    assert_false(str_split(&rest, ',', &part));
    assert_str(part, "b");
    rest = STR("a,");
    assert_true(str_split(&rest, ',', &part));
    assert_false(str_split(&rest, ',', &part));
    rest = nothing;
    assert_false(str_split(&rest, ',', &part));
}

static void assert_i64(const char *text, int64_t min, int64_t max, int64_t wanted)
{
    int64_t value = 0;
    if (!str_to_i64(str_of(text), min, max, &value))
        fail_msg("'%s' refused", text);
    assert_int_equal(value, wanted);
}

static void refuse_i64(const char *text, int64_t min, int64_t max)
{
    int64_t value = 77;
    if (str_to_i64(str_of(text), min, max, &value))
        fail_msg("'%s' accepted", text);
    assert_int_equal(value, 77);
}

static void test_i64(void **state)
{
    (void)state;
    assert_i64("0", INT64_MIN, INT64_MAX, 0);
    assert_i64("-0", 0, 1, 0);
    assert_i64("007", 0, 10, 7);
    assert_i64("9223372036854775806", INT64_MIN, INT64_MAX, INT64_MAX - 1);
    assert_i64("9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX);
    refuse_i64("9223372036854775808", INT64_MIN, INT64_MAX);
    assert_i64("-9223372036854775807", INT64_MIN, INT64_MAX, INT64_MIN + 1);
    assert_i64("-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN);
    refuse_i64("-9223372036854775809", INT64_MIN, INT64_MAX);
    refuse_i64("18446744073709551616", INT64_MIN, INT64_MAX);
    assert_i64("5", 5, 5, 5);
    refuse_i64("4", 5, 5);
    refuse_i64("6", 5, 5);
    static const char *const bad[] = { "",    "-",   "+1",  " 1", "1 ",  "1.0",
                                       "1e2", "0x1", "--1", "1-", "-+1", "1\n" };
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        refuse_i64(bad[i], INT64_MIN, INT64_MAX);
    int64_t value;
    assert_false(str_to_i64((struct str){ "1\0", 2 }, 0, 9, &value));
}

static void test_double(void **state)
{
    (void)state;
    double value = 0;
    assert_true(str_to_double(STR("-79.38"), &value));
    assert_true(value == -79.38);
    assert_true(str_to_double(STR("0"), &value));
    assert_true(value == 0.0);
    assert_true(str_to_double(STR("43.653225999999999"), &value));
    assert_true(value > 43.65322599 && value < 43.65322601);
    assert_true(str_to_double(STR("0.1"), &value));
    assert_true(value == 0.1);
    assert_true(str_to_double(STR("123456789012345678"), &value));
    assert_true(value == 123456789012345678.0);
    static const char *const bad[] = { "",
                                       "-",
                                       ".5",
                                       "5.",
                                       "1e3",
                                       "+1",
                                       "inf",
                                       "nan",
                                       "1 ",
                                       "--1",
                                       "1.-2",
                                       "1,5",
                                       "1234567890123456789" };
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        if (str_to_double(str_of(bad[i]), &value))
            fail_msg("'%s' accepted", bad[i]);
}

static void test_minute(void **state)
{
    (void)state;
    uint16_t minute = 1;
    assert_true(str_to_minute(STR("00:00"), &minute));
    assert_int_equal(minute, 0);
    assert_true(str_to_minute(STR("6:30"), &minute));
    assert_int_equal(minute, 390);
    assert_true(str_to_minute(STR("06:30"), &minute));
    assert_int_equal(minute, 390);
    assert_true(str_to_minute(STR("23:59"), &minute));
    assert_int_equal(minute, 1439);
    static const char *const bad[] = { "",       "24:00",  "23:60",    "6:3",   "630", ":30",
                                       "06:30 ", "006:30", "06:30:00", "-1:30", "6:+3" };
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        if (str_to_minute(str_of(bad[i]), &minute))
            fail_msg("'%s' accepted", bad[i]);
    assert_int_equal(minute, 1439);
}

static void test_duration(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } good[] = { { "0", 0 },
                 { "0s", 0 },
                 { "250ms", 250000 },
                 { "2.5s", 2500000 },
                 { "20m", 1200000000 },
                 { "6h", 21600000000 },
                 { "14d", 1209600000000 },
                 { "0.000001s", 1 },
                 { "1.5h", 5400000000 },
                 { "9223372036854775ms", 9223372036854775000 } };
    static const char *const bad[] = {
        "",          "5",   "s",    "-5s",  "5 s",        "5S",  "1.s",
        ".5s",       "5us", "5mss", "1e3s", "0.0000001s", "+5s", "9223372036854776ms",
        "106751992d"
    };
    int64_t us = 77;
    for (size_t i = 0; i < TS_COUNT_OF(good); i++) {
        if (!str_to_duration(str_of(good[i].text), &us))
            fail_msg("'%s' refused", good[i].text);
        assert_int_equal(us, good[i].us);
    }
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        if (str_to_duration(str_of(bad[i]), &us))
            fail_msg("'%s' accepted", bad[i]);
}

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = { { "0", 0 },
                 { "67108864", 67108864 },
                 { "64M", 67108864 },
                 { "512k", 524288 },
                 { "1G", 1073741824 },
                 { "18446744073709551615", UINT64_MAX },
                 { "17179869183G", UINT64_MAX - 1073741823 } };
    static const char *const bad[] = {
        "", "M", "-1", "1.5M", "1T", "1MB", "1 M", "+1", "18446744073709551616", "17179869184G"
    };
    uint64_t bytes = 77;
    for (size_t i = 0; i < TS_COUNT_OF(good); i++) {
        if (!str_to_bytes(str_of(good[i].text), &bytes))
            fail_msg("'%s' refused", good[i].text);
        assert_true(bytes == good[i].bytes);
    }
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        if (str_to_bytes(str_of(bad[i]), &bytes))
            fail_msg("'%s' accepted", bad[i]);
}

static const struct {
    const char *text;
    int32_t cents;
} good_cents[] = { { "0", 0 },
                   { "0.0", 0 },
                   { "1234", 123400 },
                   { "52.7", 5270 },
                   { "5e1", 5000 },
                   { "5E+1", 5000 },
                   { "15.5464", 1555 },
                   { "15.545", 1555 },
                   { "15.54499999999999999999999", 1554 },
                   { "1.005", 101 }, /* 1.00499999999999989… in binary */
                   { "8.115", 812 },
                   { "0.004", 0 },
                   { "0.005", 1 },
                   { "0.0049", 0 },
                   { "1234e-2", 1234 },
                   { "1e-2", 1 },
                   { "5e-3", 1 },
                   { "4e-3", 0 },
                   { "5e-4", 0 },
                   { "9e-9", 0 },
                   { "0e9", 0 },
                   { "007.50", 750 },
                   { "0.00000005e9", 5000 },
                   { "9999999.99", 999999999 },
                   { "9999999.994", 999999999 } };
static const char *const bad_cents[] = { "",
                                         "-1",
                                         "-0",
                                         "+1",
                                         ".5",
                                         "5.",
                                         "1,5",
                                         "$5",
                                         "5 ",
                                         "1e",
                                         "1e+",
                                         "1e10",
                                         "1e-10",
                                         "e5",
                                         "1e+-5",
                                         "1e5.0",
                                         "1.2.3",
                                         "9999999.995",
                                         "10000000",
                                         "0.01e9",
                                         "1e7",
                                         "1e9",
                                         "99999999999999999999" };

static void test_cents(void **state)
{
    (void)state;
    int32_t cents = 77;
    for (size_t i = 0; i < TS_COUNT_OF(good_cents); i++) {
        if (!str_to_cents(str_of(good_cents[i].text), &cents))
            fail_msg("'%s' refused", good_cents[i].text);
        if (cents != good_cents[i].cents)
            fail_msg("'%s' gives %d, wanted %d", good_cents[i].text, cents,
                     good_cents[i].cents);
    }
    for (size_t i = 0; i < TS_COUNT_OF(bad_cents); i++)
        if (str_to_cents(str_of(bad_cents[i]), &cents))
            fail_msg("'%s' accepted as %d", bad_cents[i], cents);
}

/* A view that points nowhere is empty text everywhere. */
static void test_no_text(void **state)
{
    (void)state;
    int64_t i64;
    double fraction;
    uint16_t minute;
    uint64_t bytes;
    int32_t cents;
    assert_false(str_to_i64(nothing, INT64_MIN, INT64_MAX, &i64));
    assert_false(str_to_double(nothing, &fraction));
    assert_false(str_to_minute(nothing, &minute));
    assert_false(str_to_duration(nothing, &i64));
    assert_false(str_to_bytes(nothing, &bytes));
    assert_false(str_to_cents(nothing, &cents));
    assert_true(str_equal_nocase(nothing, nothing));
}

static void test_uuid(void **state)
{
    (void)state;
    assert_true(str_is_uuid(STR("c0ffee00-0000-4000-8000-00000000000A")));
    assert_false(str_is_uuid(STR("c0ffee00-0000-4000-8000-00000000000")));
    assert_false(str_is_uuid(STR("c0ffee00-0000-4000-8000-00000000000ab")));
    assert_false(str_is_uuid(STR("c0ffee00-0000-4000-8000-00000000000g")));
    assert_false(str_is_uuid(STR("c0ffee0000000-4000-8000-00000000000a")));
    assert_false(str_is_uuid(STR("")));
}

static void test_hash(void **state)
{
    (void)state;
    assert_true(hash_bytes(HASH_START, "", 0) == 0xcbf29ce484222325);
    assert_true(hash_bytes(HASH_START, "a", 1) == 0xaf63dc4c8601ec8c);
    assert_true(hash_bytes(HASH_START, "foobar", 6) == 0x85944171f73967e8);
    const char little_endian[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    assert_true(hash_u64(HASH_START, 0x0807060504030201) ==
                hash_bytes(HASH_START, little_endian, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),    cmocka_unit_test(test_compare),
        cmocka_unit_test(test_search),   cmocka_unit_test(test_trim),
        cmocka_unit_test(test_split),    cmocka_unit_test(test_i64),
        cmocka_unit_test(test_double),   cmocka_unit_test(test_minute),
        cmocka_unit_test(test_duration), cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_cents),    cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_hash),     cmocka_unit_test(test_uuid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
