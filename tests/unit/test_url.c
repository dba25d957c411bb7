/*
 * base/url: addresses as people paste them.
 * - parts, with and without scheme, port, path, query and fragment
 * - what is no address; 2,000 bytes
 * - hosts at and under a domain; parts of a path; values of a query
 */
#include "base/url.h"
#include "support/unit.h"

static void assert_str(struct str view, const char *expected)
{
    if (!str_equal(view, str_of(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARGS(view), expected);
}

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    struct url url;
    assert_true(url_read(STR("HTTPS://a.example:8443/x/y?k=v&w=#/page?z=1"), &url));
    assert_str(url.host, "a.example");
    assert_str(url.path, "x/y");
    assert_str(url.query, "k=v&w=");
    assert_str(url.fragment, "/page?z=1");
    assert_true(url_read(STR("a.example"), &url));
    assert_str(url.host, "a.example");
    assert_str(url.path, "");
    assert_true(url_read(STR("a.example?back=https://b.example/"), &url));
    assert_str(url.host, "a.example");
    assert_str(url.query, "back=https://b.example/");
    assert_true(url_read(STR("http://a.example#q?x"), &url));
    assert_str(url.query, "");
    assert_str(url.fragment, "q?x");
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "/",
        "https://",
        "https:///x",
        "ftp://a.example/",
        "localhost",
        "a b.example",
        "a.example/\x01",
        "a.ex\xc3\xa4mple",
        "u@a.example",
        "a..example",
        ".a.example",
        "a.example.",
        "a.example:0/",
        "a.example:x/",
        "://a.b",
        "a.example:",
        "mailto:a@b.example",
        "a.example:65536",
    };
    struct url url;
    for (size_t i = 0; i < TS_COUNT_OF(texts); i++)
        if (url_read(str_of(texts[i]), &url))
            fail_msg("\"%s\" was taken", texts[i]);
    char text[2000];
    memset(text, 'a', sizeof(text));
    assert_false(url_read((struct str){ text, sizeof(text) }, &url));
    memcpy(text, "a.example/", 10);
    assert_true(url_read((struct str){ text, sizeof(text) }, &url));
    assert_int_equal(url.path.len, 1990);
}

static void hosts_are_compared_by_labels(void **state)
{
    (void)state;
    struct url url;
    struct str label;
    assert_true(url_read(STR("WWW.Golf.example"), &url));
    assert_true(url_is_at(&url, STR("golf.example")));
    assert_false(url_is_under(&url, STR("golf.example"), &label));
    assert_true(url_read(STR("oak.golf.example"), &url));
    assert_true(url_is_under(&url, STR("golf.example"), &label));
    assert_str(label, "oak");
    assert_false(url_is_at(&url, STR("golf.example")));
    assert_false(url_is_under(&url, STR("olf.example"), &label));
    assert_true(url_read(STR("a.oak.golf.example"), &url));
    assert_false(url_is_under(&url, STR("golf.example"), &label));
    assert_true(url_read(STR("golf.example.evil.example"), &url));
    assert_false(url_is_at(&url, STR("golf.example")));
}

static void parts_and_values_are_found(void **state)
{
    (void)state;
    struct url url;
    struct str value;
    assert_true(url_read(STR("a.example//x///y/?k=1&k=2&e=#/p?k=3&f=4"), &url));
    assert_true(url_next_part(&url.path, &value));
    assert_str(value, "x");
    assert_true(url_next_part(&url.path, &value));
    assert_str(value, "y");
    assert_false(url_next_part(&url.path, &value));
    assert_true(url_value(&url, STR("k"), &value));
    assert_str(value, "1");
    assert_true(url_value(&url, STR("f"), &value));
    assert_str(value, "4");
    assert_false(url_value(&url, STR("e"), &value));
    assert_false(url_value(&url, STR("K"), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(hosts_are_compared_by_labels),
        cmocka_unit_test(parts_and_values_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
