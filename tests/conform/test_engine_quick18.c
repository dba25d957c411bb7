/*
 * test_engine_quick18.c: what Quick18's case files cannot show.
 *
 * Exercised: tenants; the texts of cells
 * (blanks, cuts, parties, hole counts, dates, links); and every case's pages damaged: each tag
 * removed, each tag's attributes removed, each text replaced, the rows ten times, and tags
 * nested as deep as a page can hold: never a crash, never a tee time that was not there.
 */
#include "base/day.h"
#include "base/html.h"
#include "base/mem.h"
#include "conform/conversation.h"
#include "engine/quick18.h"
#include "support/unit.h"

#define PAGE_MAX (256u * 1024)

static const struct engine *quick18(void)
{
    return engines[engine_find(STR("quick18"))];
}

static void test_tenants(void **state)
{
    static const char *const rows[] = { "subdomain=oak", "subdomain=oak sub_course=North",
                                        "subdomain=oak domain=quick18.com",
                                        "subdomain=oak domain=play18.com" };
    char keys[4][100];
    (void)state;
    for (int i = 0; i < 4; i++) {
        char storage[200];
        struct course course;
        struct buf key = buf_over(keys[i], sizeof(keys[i]));
        fixture_course(quick18(), str_of(rows[i]), storage, sizeof(storage), &course);
        assert_true(quick18()->tenant_key(&course, &key));
    }
    assert_string_equal(keys[0], "oak.quick18.com");
    assert_string_equal(keys[1], keys[0]);
    assert_string_equal(keys[2], keys[0]);
    assert_string_equal(keys[3], "oak.play18.com");
}

static void test_text(void **state)
{
    struct quick18_text text = { .len = 0 };
    char copy[ENGINE_TEXT_MAX + 1];
    (void)state;
    quick18_text_add(&text, STR(" \n\xc2\xa0 18"));
    quick18_text_add(&text, STR("\t\r\n Holes \xc2\x85\x7f"));
    assert_string_equal(quick18_text_copy(&text, copy), "18 Holes");
    text = (struct quick18_text){ .len = 0 };
    for (int i = 0; i < 60; i++)
        quick18_text_add(&text, STR("\xe2\x82\xac"));
    assert_int_equal(strlen(quick18_text_copy(&text, copy)), 96);
    quick18_text_add(&text, STR("\xe2\x82"));
    assert_int_equal(strlen(quick18_text_copy(&text, copy)), 96);
}

static void test_party(void **state)
{
    static const struct {
        const char *text;
        uint8_t sizes;
    } parties[] = {
        { "1 player", 0x01 },
        { "1 or 2 players", 0x03 },
        { "1 to 4 players", 0x0f },
        { "2 to 4 Players", 0x0e },
        { "2-4 players", 0x0e },
        { "1, 2 or 4 players", 0x0b },
        { "1 to 2 or 4 players", 0x0b },
        { "", 0 },
        { "players", 0 },
        { "4", 0 },
        { "0 to 4 players", 0 },
        { "4 to 2 players", 0 },
        { "1 and 2 players", 0 },
        { "1 to players", 0 },
        { "1 or 2 players only", 0 },
    };
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(parties); i++)
        assert_int_equal(quick18_party(str_of(parties[i].text)), parties[i].sizes);
}

static void test_holes(void **state)
{
    static const struct {
        const char *text;
        uint8_t holes;
    } names[] = {
        { "18 Holes", 18 },
        { "9 Holes Concession", 9 },
        { "Walking 18-Hole", 18 },
        { "18 Holes (Double Loop)", 18 },
        { "Par 3 12 holes", 12 },
        { "$78 Special with Cart", 0 },
        { "$18 holes", 0 },
        { "Twilight Unlimited Golf", 0 },
        { "9/18 Holes", 0 },
        { "9 or 18 holes", 0 },
        { "9 holes and 18 holes", 0 },
        { "0 holes", 0 },
        { "99 holes", 0 },
        { "118 holes", 0 },
        { "Back 9", 0 },
        { "", 0 },
    };
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(names); i++)
        assert_int_equal(quick18_holes(str_of(names[i].text)), names[i].holes);
}

static void test_dates(void **state)
{
    const int32_t date = day_from_civil(2026, 7, 14);
    (void)state;
    assert_true(quick18_shows_date(STR("7/14/2026"), date));
    assert_true(quick18_shows_date(STR("14/07/2026"), date));
    assert_false(quick18_shows_date(STR("7/15/2026"), date));
    assert_false(quick18_shows_date(STR("7/14/2025"), date));
    assert_false(quick18_shows_date(STR("7/14"), date));
    assert_false(quick18_shows_date(STR("7/14/2026/1"), date));
    assert_false(quick18_shows_date(STR("2026-07-14"), date));
    assert_false(quick18_shows_date(STR(""), date));
}

static void test_links(void **state)
{
    static const char *const bad[] = {
        "",
        "/teetimes/course/1/teetime/20260714072?psid=2",
        "/teetimes/course/1/teetime/202607142460",
        "/teetimes/course/1/teetime/202602300728",
        "/teetimes/course/x/teetime/202607140728",
        "teetimes/course/1/teetime/202607140728",
        "//evil.example/course/1/teetime/202607140728",
        "javascript:/course/1/teetime/202607140728",
        "/course/1/teetime/202607140728?psid={ref}",
        "/course/1/teetime/202607140728?a b",
    };
    struct quick18_link link;
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(bad); i++)
        assert_false(quick18_read_link(str_of(bad[i]), &link));
    assert_true(quick18_read_link(
        STR("https://a.example/teetimes/course/17/teetime/202607140728?psid=22&p=0"), &link));
    assert_int_equal(link.date, day_from_civil(2026, 7, 14));
    assert_int_equal(link.minute, 7 * 60 + 28);
    assert_true(str_equal(link.course_id, STR("17")) && str_equal(link.rate_id, STR("22")));
    assert_true(quick18_read_link(STR("/course/17/teetime/202607140000"), &link));
    assert_int_equal(link.rate_id.len, 0);
}

/* A page of a case, and a damaged copy of it. */
struct damage {
    struct conversation *conversation;
    struct fixture *fixture;
    uint32_t tee_times[ENGINE_TASK_COURSES_MAX];
    struct str page;
    char *storage;
    uint64_t count;
};

static void play(struct damage *damage, struct str page, uint32_t more)
{
    fixture_set_body(&damage->fixture->replies[0], page);
    conversation_play(damage->conversation, damage->fixture);
    damage->count++;
    for (uint32_t i = 0; i < damage->fixture->courses_count; i++) {
        const struct tee_sheet *sheet = &damage->conversation->sheets[i];
        assert_true(sheet->outcome != OUTCOME_NONE);
        assert_true(sheet->tee_times_count <= damage->tee_times[i] + more);
        for (uint32_t t = 0; t < sheet->tee_times_count; t++)
            assert_true(sheet->tee_times[t].party_sizes != 0 &&
                        sheet->tee_times[t].price_cents != 0);
    }
}

/* Replaces the bytes from..to of the page. */
static void play_instead(struct damage *damage, size_t from, size_t to, const char *text)
{
    struct buf copy = buf_over(damage->storage, PAGE_MAX);
    buf_put(&copy, (struct str){ damage->page.ptr, from });
    buf_puts(&copy, text);
    buf_put(&copy, (struct str){ damage->page.ptr + to, damage->page.len - to });
    assert_false(copy.overflow);
    /* Without its header a column's rows give their holes by another name: one more each. */
    play(damage, buf_view(&copy), 8);
}

static void play_tags(struct damage *damage)
{
    const char *start = damage->page.ptr, *end = start + damage->page.len;
    for (const char *at = start; at < end;) {
        const char *open = memchr(at, '<', (size_t)(end - at));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close)
            break;
        size_t from = (size_t)(open - start), to = (size_t)(close + 1 - start);
        const char *blank = memchr(open, ' ', to - from);
        play_instead(damage, from, to, "");
        play_instead(damage, from, to, "<x y=z>");
        if (blank && blank < close)
            play_instead(damage, (size_t)(blank - start), to - 1, "");
        if (open > at)
            play_instead(damage, (size_t)(at - start), from, "&#x85;\xff 18 or 9 holes $");
        at = close + 1;
    }
}

static void damage_case(struct fixture *fixture)
{
    if (fixture->engine != quick18())
        return;
    struct damage damage = { conversation_new(64u * 1024), fixture, { 0 }, { NULL, 0 },
                             mem_alloc(PAGE_MAX, 1),       0 };
    struct str body = fixture->replies[0].http.body;
    char *page = mem_alloc(body.len + 1, 1);
    assert_true(page && damage.storage);
    memcpy(page, body.ptr, body.len);
    damage.page = (struct str){ page, body.len };
    uint32_t all = fixture->replies_count;
    fixture->replies_count = 1;
    conversation_play(damage.conversation, fixture);
    for (uint32_t i = 0; i < fixture->courses_count; i++)
        damage.tee_times[i] = damage.conversation->sheets[i].tee_times_count;
    play_tags(&damage);
    fixture->replies_count = all;
    conversation_free(damage.conversation);
    mem_free(damage.storage);
    mem_free(page);
}

static void test_damaged_pages(void **state)
{
    (void)state;
    (void)fixture_each(damage_case);
}

static void test_deep_nesting(void **state)
{
    static const char *const tags[] = { "<b>",
                                        "<table class=matrixTable>",
                                        "<div><table><tr><td>",
                                        "<p>",
                                        "<ul><li>",
                                        "<font>",
                                        "<a href=x>" };
    struct conversation *conversation = conversation_new(64u * 1024);
    struct fixture *fixture = mem_alloc(1, sizeof(*fixture));
    size_t page_max = quick18()->reply_cap_bytes;
    char *storage = mem_alloc(page_max, 1);
    (void)state;
    assert_true(fixture && storage);
    fixture->engine = quick18();
    fixture->courses_count = fixture->replies_count = 1;
    fixture_course(quick18(), STR("subdomain=oak"), fixture->attributes[0],
                   sizeof(fixture->attributes[0]), &fixture->courses[0]);
    fixture->replies[0].http.status = 200;
    for (size_t i = 0; i < TS_COUNT_OF(tags); i++) {
        struct buf page = buf_over(storage, page_max);
        buf_puts(&page, "<html>");
        while (page.len + 100 < page_max)
            buf_puts(&page, tags[i]);
        buf_puts(&page, "</html>");
        fixture_set_body(&fixture->replies[0], buf_view(&page));
        conversation_play(conversation, fixture);
        assert_true(outcome_is_unknown(conversation->sheets[0].outcome));
    }
    assert_true(html_memory_peak_bytes() <= HTML_MEMORY_MAX_BYTES + page_max);
    fixture_free(fixture);
    conversation_free(conversation);
    mem_free(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tenants),       cmocka_unit_test(test_text),
        cmocka_unit_test(test_party),         cmocka_unit_test(test_holes),
        cmocka_unit_test(test_dates),         cmocka_unit_test(test_links),
        cmocka_unit_test(test_damaged_pages), cmocka_unit_test(test_deep_nesting),
    };
    return cmocka_run_group_tests_name("engine quick18", tests, NULL, NULL);
}
