/*
 * test_shape_book.c exercises host/shape_book:
 *   what the store did not know is learnt without a word; a key that came, one that went and
 * another type are told once; nulls, optional keys, empty lists and what they hold at last are
 * not; below a new key nothing more is told; kinds do not mix; what is written to the store is
 * known again; a body without shape teaches nothing; a full book falls silent; kinds of
 * requests (host/observe).
 */
#include <stdio.h>
#include <string.h>

#include "host/observe.h"
#include "host/shape_book.h"
#include "support/unit.h"

#define SEED 11

static struct shape_book *book;
static char came[400], went[400], paths[4000];

static int new_book(void **state)
{
    (void)state;
    return (int)shape_book_new(&book);
}

static int free_book(void **state)
{
    (void)state;
    shape_book_free(book);
    return 0;
}

static enum shape_news learn(const char *body)
{
    struct buf came_buf = buf_over(came, sizeof(came));
    struct buf went_buf = buf_over(went, sizeof(went));
    uint64_t fingerprint = 0;
    enum shape_news news =
        shape_book_learn(book, SEED, str_of(body), &came_buf, &went_buf, &fingerprint);
    assert_true(news == SHAPE_KNOWN || fingerprint != 0);
    assert_true(news == SHAPE_CHANGED || (came[0] == '\0' && went[0] == '\0'));
    return news;
}

static const char *store(void)
{
    struct buf out = buf_over(paths, sizeof(paths));
    shape_book_put_paths(book, &out);
    assert_false(out.overflow);
    return paths;
}

/* The book as the next sweep has it, after this one learnt a body. */
static void know(const char *body)
{
    assert_int_equal(learn(body), SHAPE_LEARNT);
    (void)store();
    shape_book_free(book);
    assert_int_equal(shape_book_new(&book), TS_ERR_OK);
    shape_book_know(book, SEED, str_of(paths));
}

static void the_first_sweep_learns(void **state)
{
    (void)state;
    assert_int_equal(learn("[{\"id\":1}]"), SHAPE_LEARNT);
    assert_int_equal(learn("[{\"id\":1}]"), SHAPE_KNOWN);
    assert_int_equal(learn("[{\"id\":2,\"fee\":1}]"), SHAPE_LEARNT);
    assert_int_equal(learn("[{\"id\":\"x\"}]"), SHAPE_LEARNT);
    assert_string_equal(store(), "[\"$ array\",\"$[] object\",\"$[].id number|string\"]");
}

static void a_change_is_told_once(void **state)
{
    (void)state;
    know("[{\"id\":1,\"fee\":2,\"rate\":{\"name\":\"x\"}}]");
    assert_int_equal(learn("[{\"id\":1,\"fee\":2,\"rate\":{\"name\":\"y\"}}]"), SHAPE_KNOWN);
    static const char changed[] =
        "[{\"id\":\"1\",\"price\":{\"cents\":[2]},\"rate\":{\"name\":\"y\"}}]";
    assert_int_equal(learn(changed), SHAPE_CHANGED);
    assert_string_equal(came, "$[].id string, $[].price object");
    assert_string_equal(went, "$[].fee");
    assert_int_equal(learn(changed), SHAPE_KNOWN);
    assert_int_equal(learn("[{\"id\":1,\"fee\":2,\"rate\":{\"name\":\"x\"}}]"), SHAPE_KNOWN);
    assert_int_equal(learn("[{\"id\":1,\"rate\":{\"title\":\"x\"}}]"), SHAPE_CHANGED);
    assert_string_equal(came, "$[].rate.title string");
    assert_string_equal(went, "$[].rate.name");
}

static void what_varies_is_no_change(void **state)
{
    (void)state;
    know("[{\"id\":1,\"fee\":null,\"note\":\"x\",\"list\":[],\"more\":{}},{\"id\":2,\"fee\":"
         "null,"
         "\"list\":[],\"more\":{}}]");
    assert_int_equal(learn("[]"), SHAPE_KNOWN);
    assert_int_equal(learn("[{\"id\":null,\"fee\":null,\"list\":[],\"more\":{}}]"),
                     SHAPE_KNOWN);
    assert_int_equal(
        learn("[{\"id\":1,\"fee\":5,\"list\":[{\"a\":{\"b\":1}}],\"more\":{\"c\":1}}]"),
        SHAPE_LEARNT);
    assert_int_equal(
        learn("[{\"id\":1,\"fee\":5,\"list\":[{\"a\":{\"b\":1}}],\"more\":{\"c\":1}},"
              "{\"id\":1,\"list\":[],\"more\":null}]"),
        SHAPE_LEARNT); /* fee lacks in one of two: optional from now on */
    assert_int_equal(learn("[{\"id\":1,\"list\":[],\"more\":null}]"), SHAPE_KNOWN);
}

static void an_empty_first_reply_tells_nothing_later(void **state)
{
    (void)state;
    know("[]");
    assert_int_equal(learn("[{\"id\":1}]"), SHAPE_LEARNT);
    assert_int_equal(learn("[{\"id\":1,\"fee\":1}]"), SHAPE_CHANGED);
    assert_string_equal(came, "$[].fee number");
    assert_int_equal(learn("{\"error\":1}"), SHAPE_CHANGED);
    assert_string_equal(came, "$ object");
}

static void shapes_of_the_store_add_up(void **state)
{
    (void)state;
    shape_book_know(book, SEED, STR("[\"$ object\",\"$.a number\",\"$.b string optional\"]"));
    shape_book_know(book, SEED, STR("[\"$ object\",\"$.c number\",\"nonsense\",7,\"$.d\"]"));
    shape_book_know(book, SEED, STR("not JSON"));
    assert_int_equal(learn("{\"c\":1}"), SHAPE_KNOWN);
    assert_int_equal(learn("{\"a\":1,\"b\":\"x\"}"), SHAPE_KNOWN);
    uint64_t fingerprint;
    struct buf out = buf_over(came, sizeof(came));
    assert_int_equal(
        shape_book_learn(book, SEED + 1, STR("{\"z\":1}"), &out, &out, &fingerprint),
        SHAPE_LEARNT);
    assert_int_equal(learn("{\"c\":1}"), SHAPE_KNOWN);
}

static void no_document_teaches_nothing(void **state)
{
    (void)state;
    assert_int_equal(learn("<html>"), SHAPE_KNOWN);
    assert_int_equal(learn(""), SHAPE_KNOWN);
    assert_int_equal(learn("[{\"id\":1}"), SHAPE_KNOWN);
}

static void a_full_book_falls_silent(void **state)
{
    (void)state;
    know("{\"a\":1}");
    char body[9000];
    for (int round = 0; round < 20; round++) {
        struct buf out = buf_over(body, sizeof(body));
        for (int i = 0; i < 400; i++)
            buf_printf(&out, "%s\"k%d_%d\":1", i ? "," : "{", round, i);
        buf_putc(&out, '}');
        assert_false(out.overflow);
        enum shape_news news = learn(body);
        assert_int_equal(news, round < 8 ? SHAPE_CHANGED : SHAPE_KNOWN);
        assert_true(strlen(came) < 300);
    }
}

static void requests_have_kinds(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "GET https://a.example/v2/clubs/17/times?page=1", "GET /v2/clubs/*/times" },
        { "POST https://a.example/api/9f3c-11/list#x", "POST /api/*/list" },
        { "GET https://a.example", "GET /" },
        { "GET https://a.example/?x=1", "GET /" },
        { "", " /" },
    };
    for (size_t i = 0; i < TS_COUNT_OF(cases); i++) {
        char text[100];
        struct buf out = buf_over(text, sizeof(text));
        observe_put_kind(&out, cases[i][0]);
        assert_string_equal(text, cases[i][1]);
    }
}

#define T(test) cmocka_unit_test_setup_teardown(test, new_book, free_book)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(the_first_sweep_learns),     T(a_change_is_told_once),
        T(what_varies_is_no_change),   T(an_empty_first_reply_tells_nothing_later),
        T(shapes_of_the_store_add_up), T(no_document_teaches_nothing),
        T(a_full_book_falls_silent),   cmocka_unit_test(requests_have_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
