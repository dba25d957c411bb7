/*
 * test_shape.c exercises base/shape and base/redact:
 *   paths and types of a body, arrays merged; the same fingerprint whatever the order, another
 * one for another type; keys that are data are one; truncation at every byte and too great a
 * depth are no shape; 10,000 keys and endless key names stay within the bounds; hashes of path
 * texts as the walk gives them; type names there and back; credentials and persons blanked at
 * equal length, below containers too, counts kept, also in a body that breaks off; URLs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/shape.h"
#include "support/unit.h"

static struct shape shape;

static uint64_t fingerprint(const char *body)
{
    assert_true(shape_of(str_of(body), 7, &shape));
    assert_false(shape.cut);
    return shape.fingerprint;
}

static void put_place(void *ctx, const struct shape_place *place)
{
    uint64_t parent;
    assert_int_equal(shape_hash(place->text, 7, &parent), place->hash);
    assert_int_equal(parent, place->parent);
    buf_put(ctx, place->text);
    buf_putc(ctx, ' ');
    shape_put_types(ctx, SHAPE_TYPE(place->type));
    buf_puts(ctx, place->filled ? "+\n" : "\n");
}

static void places_are_told_in_order(void **state)
{
    (void)state;
    static const char body[] =
        "{\"a b\":[{\"x\":1,\"y\":null},[ ]], \"2026-12-05\":{\"k\":true}, \"e\":{ }}";
    char text[600];
    struct buf out = buf_over(text, sizeof(text));
    bool cut;
    assert_true(shape_walk(STR(body), 7, put_place, &out, &cut));
    assert_false(cut);
    assert_string_equal(text, "$ object+\n$.a?b array+\n$.a?b[] object+\n$.a?b[].x number\n"
                              "$.a?b[].y null\n$.a?b[] array\n$.* object+\n$.*.k bool\n"
                              "$.e object\n");
}

static void order_does_not_matter(void **state)
{
    (void)state;
    uint64_t first = fingerprint("[{\"a\":1,\"b\":\"x\"},{\"c\":null}]");
    assert_int_equal(shape.count, 5);
    assert_int_equal(fingerprint("[{\"c\":null},{\"b\":\"longer\"},{\"a\":2},{\"a\":3}]"),
                     first);
    assert_int_not_equal(fingerprint("[{\"c\":null},{\"b\":1},{\"a\":2}]"), first);
    assert_int_not_equal(fingerprint("[{\"c\":null},{\"b\":\"x\"}]"), first);
    assert_int_equal(fingerprint("{\"7\":1,\"deadbeef01\":1}"),
                     fingerprint("{\"2026-12-05\":2}"));
    assert_int_not_equal(fingerprint("{\"dead\":1}"), fingerprint("{\"beef\":1}"));
    uint64_t of_another_seed = fingerprint("[]");
    assert_true(shape_of(STR("[]"), 8, &shape));
    assert_int_not_equal(shape.fingerprint, of_another_seed);
}

static void what_is_no_document_has_no_shape(void **state)
{
    (void)state;
    static const char body[] = "{\"a\":[1,{\"b\":\"x\\u00e9\"}],\"c\":false}";
    for (size_t len = 0; len < sizeof(body) - 1; len++) {
        char *exact = malloc(len + 1); /* so that a sanitizer sees a read beyond it */
        assert_non_null(exact);
        memcpy(exact, body, len);
        if (shape_of((struct str){ exact, len }, 7, &shape))
            fail_msg("%.*s has a shape", (int)len, exact);
        free(exact);
    }
    assert_false(shape_of(STR("<html></html>"), 7, &shape));
    assert_false(shape_of(STR("{} {}"), 7, &shape));
    char deep[200] = "";
    memset(deep, '[', 100);
    memset(deep + 100, ']', 99);
    assert_false(shape_of(str_of(deep), 7, &shape));
}

static void its_size_is_bounded(void **state)
{
    (void)state;
    size_t cap = 10000 * 16;
    char *body = malloc(cap);
    assert_non_null(body);
    struct buf out = buf_over(body, cap);
    for (int i = 0; i < 10000; i++)
        buf_printf(&out, "%s\"key%d\":1", i ? "," : "{", i);
    buf_putc(&out, '}');
    assert_true(shape_of(buf_view(&out), 7, &shape));
    assert_true(shape.cut);
    assert_int_equal(shape.count, SHAPE_PATHS_MAX);
    buf_reset(&out);
    for (int i = 0; i < 60; i++)
        buf_puts(&out, "{\"long_name_of_a_key\":");
    buf_puts(&out, "1");
    for (int i = 0; i < 60; i++)
        buf_putc(&out, '}');
    assert_true(shape_of(buf_view(&out), 7, &shape));
    assert_true(shape.cut);
    assert_in_range(shape.count, 5, 20);
    buf_reset(&out);
    buf_puts(&out, "{\"");
    for (int i = 0; i < 1000; i++)
        buf_puts(&out, "endless");
    buf_puts(&out, "\":1}");
    assert_true(shape_of(buf_view(&out), 7, &shape));
    assert_int_equal(shape.count, 2);
    free(body);
}

static void types_have_names(void **state)
{
    (void)state;
    char text[80];
    struct buf out = buf_over(text, sizeof(text));
    unsigned types = SHAPE_TYPE(JSON_NULL) | SHAPE_TYPE(JSON_NUMBER) | SHAPE_TYPE(JSON_OBJECT);
    shape_put_types(&out, types);
    assert_string_equal(text, "null|number|object");
    assert_int_equal(shape_read_types(buf_view(&out)), types);
    assert_int_equal(shape_read_types(STR("nothing")), 0);
}

static void put_piece(void *ctx, struct str piece)
{
    buf_put(ctx, piece);
}

static void expect_redacted(const char *body, const char *expected)
{
    char text[400];
    struct buf out = buf_over(text, sizeof(text));
    redact_body(str_of(body), put_piece, &out);
    assert_string_equal(text, expected);
}

static void credentials_and_persons_are_blanked(void **state)
{
    (void)state;
    expect_redacted("{\"id\":7,\"access_token\":\"eyJ.a-1\",\"expires\":3600}",
                    "{\"id\":7,\"access_token\":\"xxx.x-x\",\"expires\":3600}");
    expect_redacted("[{\"playerNames\":[\"Ann B\",{\"n\":\"C \\\"D\"}],\"name\":\"18 Holes\"}]",
                    "[{\"playerNames\":[\"xxx x\",{\"n\":\"x xxx\"}],\"name\":\"18 Holes\"}]");
    expect_redacted("{\"golfers\":[1001,-20.5e3],\"Phone\":5551234,\"golfers\":4}",
                    "{\"golfers\":[1111,-11.1e1],\"Phone\":1111111,\"golfers\":4}");
    expect_redacted("{\"golfers\":{\"a\":[]},\"price\":1234}",
                    "{\"golfers\":{\"a\":[]},\"price\":1234}");
    expect_redacted("{\"a\":1,\"token\":\"eyJhb", "{\"a\":1,\"token\":\"xxxxx");
    expect_redacted("{\"golfers\":[{\"first\":\"Ann\"},{\"first\":tru",
                    "{\"golfers\":[{\"first\":\"xxx\"},{\"xxxxx\":xxx");
    expect_redacted("<p>token</p>", "<p>token</p>");
    expect_redacted("", "");
}

static void urls_lose_their_keys(void **state)
{
    (void)state;
    char text[200];
    struct buf out = buf_over(text, sizeof(text));
    redact_put_url(&out, "https://a.example/t?api_key=k1&date=2026-12-05&Token=&x");
    assert_string_equal(text, "https://a.example/t?api_key=x&date=2026-12-05&Token=x&x");
    buf_reset(&out);
    redact_put_url(&out, "https://a.example/t");
    assert_string_equal(text, "https://a.example/t");
    assert_true(redact_key(STR("X-Api-Key")) && redact_key(STR("Authorization")));
    assert_false(redact_key(STR("x-be-alias")) || redact_key(STR("")));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_told_in_order),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(what_is_no_document_has_no_shape),
        cmocka_unit_test(its_size_is_bounded),
        cmocka_unit_test(types_have_names),
        cmocka_unit_test(credentials_and_persons_are_blanked),
        cmocka_unit_test(urls_lose_their_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
