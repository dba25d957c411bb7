/*
 * test_json.c: base/json, the reader and the string writer. Built twice: as it is, and with the
 * portable scanner (TS_JSON_PORTABLE).
 *
 * Accepted and refused documents after the families of the public JSON conformance suite, with
 * the kind of each error; the typed readers and what they do with other types; decoding of
 * strings and its limits; nesting at the limit and one beyond; truncation at every byte, read,
 * skipped and partly read; offsets; long texts at every position within the scanner's 16 bytes;
 * written strings read back.
 */
#include <string.h>

#include "base/json.h"
#include "json_cases.h"
#include "support/unit.h"

/* Enters everything, decodes nothing. */
static void walk_value(struct json *json)
{
    struct str key;
    unsigned depth = 0;
    do {
        enum json_type type = json_peek(json);
        if (type == JSON_ARRAY || type == JSON_OBJECT)
            depth += type == JSON_ARRAY ? json_enter_array(json) : json_enter_object(json);
        else
            (void)json_skip(json);
        while (depth && !json->error) {
            bool is_object = json->is_object[json->depth - 1];
            if (is_object ? json_key(json, &key) : json_next(json))
                break;
            depth--;
        }
    } while (depth && !json->error);
}

static enum json_error walk(struct str text)
{
    struct json json = json_over(text);
    walk_value(&json);
    return json_finish(&json);
}

static enum json_error skip_all(struct str text)
{
    struct json json = json_over(text);
    return json_finish(&json);
}

static void test_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(accepted); i++) {
        if (walk(accepted[i]) != JSON_OK)
            fail_msg("refused: %.*s", STR_ARGS(accepted[i]));
        if (skip_all(accepted[i]) != JSON_OK)
            fail_msg("refused when skipped: %.*s", STR_ARGS(accepted[i]));
    }
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(refused); i++) {
        enum json_error error = walk(refused[i].text);
        if (error != refused[i].error)
            fail_msg("%.*s: %s, not %s", STR_ARGS(refused[i].text), json_error_text(error),
                     json_error_text(refused[i].error));
        if (error == JSON_TRUNCATED && skip_all(refused[i].text) == JSON_OK)
            fail_msg("truncated but accepted: %.*s", STR_ARGS(refused[i].text));
    }
}

/* What a skipped part is still checked for. */
static void test_skipped_is_checked(void **state)
{
    (void)state;
    assert_int_equal(skip_all(STR("[{]}")), JSON_SYNTAX);
    assert_int_equal(skip_all(STR("{\"a\":[}")), JSON_SYNTAX);
    assert_int_equal(skip_all(STR("[\"\\x\"]")), JSON_SYNTAX);
    assert_int_equal(skip_all(STR("[\"\n\"]")), JSON_SYNTAX);
    assert_int_equal(skip_all(STR("[\"]\"")), JSON_TRUNCATED);
    assert_int_equal(skip_all(STR("[[]")), JSON_TRUNCATED);
    assert_int_equal(skip_all(STR("[]]")), JSON_TRAILING);
}

static const char whole[] =
    " {\"a\\\"\\u00e9b\": [1, -2.5e+3, true, false, null, \"x\\\\\", {}, []], \"c\":\n"
    "{\"long enough for one wide step\": \"0123456789abcdef0123456789\\n\", \"d\": [[[0]]]}}";

static void test_truncation(void **state)
{
    (void)state;
    assert_int_equal(walk(STR(whole)), JSON_OK);
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        struct str text = { whole, len };
        assert_int_equal(walk(text), JSON_TRUNCATED);
        assert_int_equal(skip_all(text), JSON_TRUNCATED);
        struct json json = json_over(text);
        struct str key;
        if (json_enter_object(&json) && json_key(&json, &key) && json_enter_array(&json))
            (void)json_next(&json);
        assert_int_equal(json_finish(&json), JSON_TRUNCATED);
        assert_true(json_offset(&json) <= len);
    }
}

static struct str nested(char open, unsigned depth, char close)
{
    static char text[2 * (JSON_DEPTH_MAX + 2)];
    memset(text, open, depth);
    memset(text + depth, close, depth);
    return (struct str){ text, 2 * (size_t)depth };
}

static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(walk(nested('[', JSON_DEPTH_MAX - 1, ']')), JSON_OK);
    assert_int_equal(walk(nested('[', JSON_DEPTH_MAX, ']')), JSON_OK);
    assert_int_equal(walk(nested('[', JSON_DEPTH_MAX + 1, ']')), JSON_TOO_DEEP);
    assert_int_equal(skip_all(nested('[', JSON_DEPTH_MAX, ']')), JSON_OK);
    assert_int_equal(skip_all(nested('[', JSON_DEPTH_MAX + 1, ']')), JSON_TOO_DEEP);
    /* Half entered, the other half skipped: the limit is one. */
    for (unsigned depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        struct json json = json_over(nested('[', depth, ']'));
        for (int i = 0; i < 32; i++) {
            assert_true(json_enter_array(&json));
            assert_true(json_next(&json));
        }
        assert_int_equal(json_finish(&json), depth == JSON_DEPTH_MAX ? JSON_OK : JSON_TOO_DEEP);
    }
}

static void test_deep_objects(void **state)
{
    (void)state;
    char text[JSON_DEPTH_MAX * 6 + 16] = "";
    struct buf buf = buf_over(text, sizeof(text));
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        buf_puts(&buf, "{\"\":");
    buf_puts(&buf, "1");
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        buf_putc(&buf, '}');
    assert_int_equal(walk(buf_view(&buf)), JSON_OK);
    assert_int_equal(skip_all(buf_view(&buf)), JSON_OK);
}

static void test_typed(void **state)
{
    (void)state;
    struct json json = json_over(STR("[null,true,false,12,-1.5,\"t\\n\",[1,[2]],{\"k\":3}]"));
    bool flag = false;
    int64_t number = 0;
    struct str text;
    assert_int_equal(json_peek(&json), JSON_ARRAY);
    assert_true(json_enter_array(&json));
    assert_int_equal(json_peek(&json), JSON_NONE);
    assert_true(json_next(&json));
    assert_int_equal(json_peek(&json), JSON_NULL);
    assert_true(json_null(&json));
    assert_true(json_next(&json));
    assert_int_equal(json_peek(&json), JSON_BOOL);
    assert_true(json_bool(&json, &flag));
    assert_true(flag);
    assert_true(json_next(&json));
    assert_true(json_bool(&json, &flag));
    assert_false(flag);
    assert_true(json_next(&json));
    assert_int_equal(json_peek(&json), JSON_NUMBER);
    assert_true(json_i64(&json, &number));
    assert_int_equal(number, 12);
    assert_true(json_next(&json));
    assert_true(json_number(&json, &text));
    assert_true(str_equal(text, STR("-1.5")));
    assert_true(json_next(&json));
    assert_int_equal(json_peek(&json), JSON_STRING);
    assert_true(json_string_raw(&json, &text));
    assert_true(str_equal(text, STR("t\\n")));
    assert_true(json_next(&json));
    assert_true(json_raw(&json, &text));
    assert_true(str_equal(text, STR("[1,[2]]")));
    assert_false(json_raw(&json, &text));
    assert_true(json_next(&json));
    assert_int_equal(json_peek(&json), JSON_OBJECT);
    assert_true(json_skip(&json));
    assert_false(json_skip(&json));
    assert_false(json_next(&json));
    assert_false(json_next(&json));
    assert_int_equal(json_finish(&json), JSON_OK);
}

static void test_other_types_are_skipped(void **state)
{
    (void)state;
    struct json json = json_over(STR("[\"a\", 1, 1, {}, [7], null, 1.0, 1e2, true]"));
    bool flag = true;
    int64_t number = 77;
    char storage[8];
    struct str text = STR("before");
    assert_true(json_enter_array(&json) && json_next(&json));
    assert_false(json_i64(&json, &number));
    assert_true(json_next(&json));
    assert_false(json_bool(&json, &flag));
    assert_true(json_next(&json));
    assert_false(json_string(&json, storage, sizeof(storage), &text));
    assert_true(json_next(&json));
    assert_false(json_enter_array(&json));
    assert_true(json_next(&json));
    assert_false(json_enter_object(&json));
    assert_true(json_next(&json));
    assert_false(json_number(&json, &text));
    assert_true(json_next(&json));
    assert_false(json_i64(&json, &number));
    assert_true(json_next(&json));
    assert_false(json_i64(&json, &number));
    assert_true(json_next(&json));
    assert_false(json_null(&json));
    assert_false(json_next(&json));
    assert_int_equal(json_finish(&json), JSON_OK);
    assert_true(flag);
    assert_int_equal(number, 77);
    assert_true(str_equal(text, STR("before")));
}

static void test_i64_limits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = { { "9223372036854775807", true, INT64_MAX },
                  { "9223372036854775808", false, 0 },
                  { "-9223372036854775808", true, INT64_MIN },
                  { "-9223372036854775809", false, 0 },
                  { "-0", true, 0 } };
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        struct json json = json_over(str_of(cases[i].text));
        int64_t value = 77;
        assert_int_equal(json_i64(&json, &value), cases[i].good);
        assert_int_equal(value, cases[i].good ? cases[i].value : 77);
        assert_int_equal(json_finish(&json), JSON_OK);
    }
}

static void test_objects(void **state)
{
    (void)state;
    struct json json =
        json_over(STR("{\"a\":{\"x\":1,\"y\":[2]},\"a\":5,\"\\u0062\":[{},{}]}"));
    struct str key;
    int64_t number = 0;
    assert_true(json_enter_object(&json));
    assert_false(json_next(&json));
    assert_true(json_key(&json, &key));
    assert_true(str_equal(key, STR("a")));
    assert_true(json_enter_object(&json));
    assert_true(json_key(&json, &key));
    assert_true(json_i64(&json, &number));
    assert_true(json_key(&json, &key));
    assert_true(str_equal(key, STR("y")));
    assert_false(json_key(&json, &key));
    assert_true(json_key(&json, &key));
    assert_true(str_equal(key, STR("a")));
    assert_true(json_i64(&json, &number));
    assert_int_equal(number, 5);
    assert_true(json_key(&json, &key));
    assert_true(str_equal(key, STR("\\u0062")));
    assert_true(json_enter_array(&json));
    assert_false(json_key(&json, &key));
    assert_true(json_next(&json));
    assert_true(json_next(&json));
    assert_false(json_next(&json));
    assert_false(json_key(&json, &key));
    assert_int_equal(json_finish(&json), JSON_OK);
}

static void test_errors_stick(void **state)
{
    (void)state;
    struct json json = json_over(STR("[1, x, 2]"));
    int64_t number = 0;
    struct str text;
    bool flag;
    assert_true(json_enter_array(&json) && json_next(&json));
    assert_false(json_next(&json));
    assert_int_equal(json.error, JSON_SYNTAX);
    assert_int_equal(json_offset(&json), 4);
    assert_false(json_next(&json));
    assert_false(json_key(&json, &text));
    assert_int_equal(json_peek(&json), JSON_NONE);
    assert_false(json_i64(&json, &number));
    assert_false(json_bool(&json, &flag));
    assert_false(json_skip(&json));
    assert_false(json_enter_array(&json));
    assert_int_equal(json_finish(&json), JSON_SYNTAX);
    assert_int_equal(json_offset(&json), 4);
    json = json_over(STR("{}  x"));
    assert_int_equal(json_finish(&json), JSON_TRAILING);
    assert_int_equal(json_offset(&json), 4);
    assert_int_equal(json_finish(&json), JSON_TRAILING);
}

static void test_strings(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(strings); i++) {
        char storage[64];
        struct str text = { NULL, 0 };
        struct json json = json_over(strings[i].json);
        bool good = json_string(&json, storage, sizeof(storage), &text);
        if (good != (strings[i].text.ptr != NULL) || !str_equal(text, strings[i].text))
            fail_msg("%.*s gives %d '%.*s'", STR_ARGS(strings[i].json), good, STR_ARGS(text));
        assert_int_equal(json_finish(&json), JSON_OK);
        if (!good)
            continue;
        assert_int_equal(storage[text.len], '\0');
        for (size_t cap = 1; cap <= text.len + 1; cap++) {
            json = json_over(strings[i].json);
            assert_int_equal(json_string(&json, storage, cap, &text), cap == text.len + 1);
            assert_int_equal(json_finish(&json), JSON_OK);
        }
    }
}

/* The scanner's wide steps must find what they look for wherever it lies. */
static void test_positions(void **state)
{
    (void)state;
    char text[100];
    for (size_t len = 0; len < 70; len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', sizeof(text));
            text[0] = '[';
            text[1] = text[len + 2] = '"';
            text[len + 3] = ']';
            struct str whole_text = { text, len + 4 };
            assert_int_equal(skip_all(whole_text), JSON_OK);
            text[2 + at] = '\x1f';
            assert_int_equal(skip_all(whole_text), JSON_SYNTAX);
            text[2 + at] = '\x80';
            assert_int_equal(skip_all(whole_text), JSON_OK);
            text[2 + at] = '\\';
            text[3 + at] = at + 1 < len ? '\\' : '"';
            assert_int_equal(skip_all(whole_text), at + 1 < len ? JSON_OK : JSON_TRUNCATED);
            text[2 + at] = text[3 + at] = 'a';
            text[len + 2] = '"';
            text[2 + at] = '"';
            assert_int_equal(walk(whole_text), JSON_SYNTAX);
        }
    }
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    struct json json = json_over(STR("\xef\xbb\xbf[1 2]"));
    assert_true(json_enter_array(&json) && json_next(&json) && !json_next(&json));
    assert_int_equal(json_offset(&json), 6);
    assert_int_equal(skip_all(STR("\xef\xbb\xbf{}")), JSON_OK);
    assert_int_equal(skip_all((struct str){ NULL, 0 }), JSON_TRUNCATED);
}

static void test_put_string(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(written); i++) {
        char storage[128];
        struct buf buf = buf_over(storage, sizeof(storage));
        json_put_string(&buf, written[i].text);
        if (!str_equal(buf_view(&buf), written[i].json))
            fail_msg("wrote %s, wanted %.*s", storage, STR_ARGS(written[i].json));
        struct buf small = buf_over(storage, buf.len);
        json_put_string(&small, written[i].text);
        assert_true(small.overflow);
    }
    for (int c = 1; c < 0x80; c++) {
        char storage[16], decoded[16], one = (char)c;
        struct buf buf = buf_over(storage, sizeof(storage));
        json_put_string(&buf, (struct str){ &one, 1 });
        struct json json = json_over(buf_view(&buf));
        struct str text = { NULL, 0 };
        assert_true(json_string(&json, decoded, sizeof(decoded), &text));
        assert_true(str_equal(text, (struct str){ &one, 1 }));
    }
}

static void test_error_texts(void **state)
{
    (void)state;
    for (enum json_error error = JSON_OK; error <= JSON_TRAILING; error++)
        assert_true(strlen(json_error_text(error)) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_skipped_is_checked),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_deep_objects),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_other_types_are_skipped),
        cmocka_unit_test(test_i64_limits),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_errors_stick),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_put_string),
        cmocka_unit_test(test_error_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
