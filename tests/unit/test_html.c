/*
 * test_html.c: base/html.
 *
 * Exercised: events of tags, attributes (entities, missing values, capitals) and texts
 * (entities, scripts); class words; unclosed tags; bytes that are no UTF-8; empty pages; pages
 * of 1 MiB that would take all memory or minutes, and such that do not; what a parse gives
 * back.
 */
#include "base/buf.h"
#include "base/html.h"
#include "base/mem.h"
#include "support/unit.h"

struct seen {
    char storage[2000];
    struct buf text;
};

static void on_start(void *ctx, struct str tag, const struct html_attributes *attributes)
{
    struct seen *seen = ctx;
    buf_printf(&seen->text, "<%.*s", STR_ARGS(tag));
    struct str id = html_attribute(attributes, "id"), href = html_attribute(attributes, "href");
    if (id.len > 0)
        buf_printf(&seen->text, " id=%.*s", STR_ARGS(id));
    if (href.len > 0)
        buf_printf(&seen->text, " href=%.*s", STR_ARGS(href));
    if (html_has_class(attributes, STR("price")))
        buf_puts(&seen->text, " PRICE");
    buf_putc(&seen->text, '>');
}

static void on_end(void *ctx, struct str tag)
{
    buf_printf(&((struct seen *)ctx)->text, "</%.*s>", STR_ARGS(tag));
}

static void on_text(void *ctx, struct str text)
{
    buf_put(&((struct seen *)ctx)->text, text);
}

static void on_nothing(void *ctx, struct str text)
{
    (void)ctx;
    (void)text;
}

static const struct html_events events = { on_start, on_end, on_text };

static const char *events_of(struct seen *seen, const char *page)
{
    seen->text = buf_over(seen->storage, sizeof(seen->storage));
    assert_int_equal(html_parse(str_of(page), &events, seen), TS_ERR_OK);
    return seen->text.ptr;
}

static void test_events(void **state)
{
    static const struct {
        const char *page, *events;
    } pages[] = {
        { "<html><body><p ID=\"a&amp;b\">x &lt; y</p></body></html>",
          "<html><body><p id=a&b>x < y</p></body></html>" },
        { "<body><DIV class='old  price\n'>1</DIV><b class=priceNA></b></body>",
          "<html><body><div PRICE>1</div><b></b></body></html>" },
        { "<body><a href='/t?a=1&amp;p=0' id>z</a></body>",
          "<html><body><a href=/t?a=1&p=0>z</a></body></html>" },
        { "<table><tr><td>1<td>2<tr><td>3</table>",
          "<html><body><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table></body>"
          "</html>" },
        { "<body><script>if (a<b) '<td>'</script></body>",
          "<html><body><script>if (a<b) '<td>'</script></body></html>" },
        { "", "" },
    };
    struct seen seen;
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(pages); i++)
        assert_string_equal(events_of(&seen, pages[i].page), pages[i].events);
}

static void test_bytes_that_are_no_text(void **state)
{
    struct seen seen;
    (void)state;
    assert_non_null(
        strstr(events_of(&seen, "<body><p>caf\xe9</p><i>\xff\xfe</i></body>"), "<p>"));
    assert_non_null(strstr(events_of(&seen, "<body><p>caf\xc3\xa9</p></body>"), "caf\xc3\xa9"));
    assert_int_equal(html_parse((struct str){ "<p>\0x</p>", 9 }, &events, &seen), TS_ERR_OK);
}

static void test_a_parse_gives_back(void **state)
{
    struct seen seen;
    (void)state;
    (void)events_of(&seen, "<p>first</p>");
    uint64_t before = html_memory_bytes(), allocations = mem_allocations();
    for (int i = 0; i < 20; i++)
        (void)events_of(&seen, "<table class=x><tr><td id=1>again</td></tr></table>");
    assert_int_equal(html_memory_bytes(), before);
    assert_int_equal(mem_allocations(), allocations);
    assert_true(html_memory_peak_bytes() > before);
}

#define PAGE_BYTES (1024u * 1024)

/* The piece again and again, with a count for each '#' in it. */
static void put_repeated(struct buf *page, size_t until, const char *piece)
{
    for (uint64_t i = 0; page->len + 20 < until; i++)
        for (const char *c = piece; *c; c++)
            if (*c == '#')
                buf_put_u64(page, i);
            else
                buf_putc(page, *c);
}

static void check_given_up(struct seen *seen, struct str page)
{
    uint64_t before = html_memory_bytes();
    seen->text = buf_over(seen->storage, sizeof(seen->storage));
    assert_int_equal(html_parse(page, &events, seen), TS_ERR_NOMEM);
    assert_true(html_memory_peak_bytes() <= HTML_MEMORY_MAX_BYTES + 2 * PAGE_BYTES);
    assert_int_equal(html_memory_bytes(), before);
    assert_string_equal(events_of(seen, "<p>on</p>"), "<html><body><p>on</p></body></html>");
}

/* Each would take more memory than libxml2 can be refused, or minutes. After a value longer
 * than a piece, all that follows is read at once, at the end. */
static void test_pages_given_up(void **state)
{
    static const struct {
        const char *first, *then;
    } pages[] = {
        { "<b>", "<b>" },
        { "<b>", "</i>" },
        { "<t#>", "<t#>" },
        { "<t#></t>", "<u#></u>" },
    };
    char *storage = mem_alloc(PAGE_BYTES, 1);
    struct seen seen;
    (void)state;
    assert_non_null(storage);
    (void)events_of(&seen, "<p>first</p>");
    for (size_t i = 0; i < 2 * TS_COUNT_OF(pages); i++) {
        struct buf page = buf_over(storage, PAGE_BYTES);
        buf_puts(&page, "<body class=\"");
        put_repeated(&page, i % 2 ? 0 : 10000, "x");
        buf_puts(&page, "\">");
        put_repeated(&page, PAGE_BYTES / 2, pages[i / 2].first);
        put_repeated(&page, PAGE_BYTES, pages[i / 2].then);
        check_given_up(&seen, buf_view(&page));
    }
    mem_free(storage);
}

/* A tag of 100 KB, a text of 1 MB and a hundred tags deep are nothing to be given up for. */
static void test_large_pages_are_read(void **state)
{
    static const struct html_events tags = { on_start, on_end, on_nothing };
    char *storage = mem_alloc(PAGE_BYTES, 1);
    struct seen seen;
    (void)state;
    assert_non_null(storage);
    struct buf page = buf_over(storage, PAGE_BYTES);
    buf_puts(&page, "<body><p class=\"");
    put_repeated(&page, 100000, "x");
    buf_puts(&page, "\" id=a>");
    put_repeated(&page, page.len + 320, "<b>");
    put_repeated(&page, PAGE_BYTES - 40, "text ");
    buf_puts(&page, "<p id=z>");
    seen.text = buf_over(seen.storage, sizeof(seen.storage));
    assert_int_equal(html_parse(buf_view(&page), &tags, &seen), TS_ERR_OK);
    assert_non_null(strstr(seen.text.ptr, "<p id=a>"));
    assert_non_null(strstr(seen.text.ptr, "<p id=z>"));
    mem_free(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_bytes_that_are_no_text),
        cmocka_unit_test(test_a_parse_gives_back),
        cmocka_unit_test(test_pages_given_up),
        cmocka_unit_test(test_large_pages_are_read),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
