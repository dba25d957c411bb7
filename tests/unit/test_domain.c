/*
 * test_domain.c: domain/outcome, tee_time, tee_sheet, course, sweep.
 *
 * Names and families of outcomes; party sizes at their limits; reduced rates; booking links;
 * sealing: order, merging of equal keys, reduced rates never setting a price,
 * outcome by what is left, digest: equal for every order of the input, different for every
 * stored field; attributes of a course; names of verdicts.
 */
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "domain/course.h"
#include "domain/sweep.h"
#include "domain/tee_sheet.h"
#include "support/unit.h"

static const struct tee_time plain = { .start_minute = 420,
                                       .holes = 18,
                                       .start_hole = 1,
                                       .party_sizes = 0x0f,
                                       .price_basis = PRICE_BASIS_WALKING,
                                       .price_cents = 5000,
                                       .cart_fee_cents = TEE_TIME_PRICE_UNKNOWN,
                                       .routing = "",
                                       .rate_name = "Public",
                                       .engine_ref = "r1",
                                       .url_template = "" };

static struct tee_sheet sheet_of(struct tee_time *tee_times, uint32_t count)
{
    return (struct tee_sheet){ .course_id = 1,
                               .play_date = 20000,
                               .outcome = OUTCOME_OPEN,
                               .detail = "",
                               .currency = "CAD",
                               .tee_times = tee_times,
                               .tee_times_count = count };
}

static void test_outcomes(void **state)
{
    (void)state;
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        enum outcome parsed = OUTCOME_COUNT;
        assert_true(outcome_parse(str_of(outcome_name(outcome)), &parsed));
        assert_int_equal(parsed, outcome);
        bool observed = outcome >= OUTCOME_OPEN && outcome <= OUTCOME_CLOSED;
        assert_int_equal(outcome_is_observed(outcome), observed);
        assert_int_equal(outcome_is_unknown(outcome), outcome != OUTCOME_NONE && !observed);
    }
    enum outcome parsed = OUTCOME_COUNT;
    assert_false(outcome_parse(STR("Open"), &parsed));
    assert_false(outcome_parse(STR(""), &parsed));
    assert_int_equal(parsed, OUTCOME_COUNT);
    assert_string_equal(outcome_name(OUTCOME_NONE_OPEN), "none_open");
}

static void test_party_sizes(void **state)
{
    (void)state;
    assert_int_equal(tee_time_party(0), 0);
    assert_int_equal(tee_time_party(1), 1);
    assert_int_equal(tee_time_party(8), 0x80);
    assert_int_equal(tee_time_party(9), 0);
    assert_int_equal(tee_time_party_range(2, 4), 0x0e);
    assert_int_equal(tee_time_party_range(0, 99), 0xff);
    assert_int_equal(tee_time_party_range(8, 8), 0x80);
    assert_int_equal(tee_time_party_range(9, 12), 0);
    assert_int_equal(tee_time_party_range(3, 2), 0);
    assert_int_equal(tee_time_party_range(0, 0), 0);
    assert_int_equal(tee_time_players_max(0), 0);
    assert_int_equal(tee_time_players_max(1), 1);
    assert_int_equal(tee_time_players_max(0x0e), 4);
    assert_int_equal(tee_time_players_max(0x80), 8);
    char text[32];
    struct buf buf = buf_over(text, sizeof(text));
    tee_time_party_format(0, &buf);
    assert_string_equal(text, "");
    tee_time_party_format(0x0e, &buf);
    assert_string_equal(text, "2,3,4");
    buf_reset(&buf);
    tee_time_party_format(0xff, &buf);
    assert_string_equal(text, "1,2,3,4,5,6,7,8");
}

static void test_reduced_rates(void **state)
{
    (void)state;
    static const char *const reduced[] = {
        "Junior",         "YOUTH 9",      "Super Senior",      "Military/Vet",        "Member",
        "Members' guest", "student rate", "Non-Member Junior", "Member or non-member"
    };
    static const char *const usual[] = {
        "",          "Public",     "Non-Member 18", "Non Members",
        "nonmember", "NON-MEMBER", "Twilight",      "Cart included"
    };
    for (size_t i = 0; i < TS_COUNT_OF(reduced); i++)
        if (!tee_time_rate_is_reduced(str_of(reduced[i])))
            fail_msg("'%s' is reduced", reduced[i]);
    for (size_t i = 0; i < TS_COUNT_OF(usual); i++)
        if (tee_time_rate_is_reduced(str_of(usual[i])))
            fail_msg("'%s' is not reduced", usual[i]);
}

static void assert_url(struct tee_time tee_time, const char *template, const char *wanted)
{
    char text[256];
    struct buf buf = buf_over(text, sizeof(text));
    tee_time.url_template = template;
    tee_time_booking_url(&tee_time, &buf);
    assert_string_equal(text, wanted);
}

static void test_booking_url(void **state)
{
    (void)state;
    struct tee_time tee_time = plain;
    tee_time.engine_ref = "a/7";
    assert_url(tee_time, "", "");
    assert_url(tee_time, "https://x.test/plain", "https://x.test/plain");
    assert_url(tee_time, "/{ref}?h={holes}&p={players}&t={time}", "/a%2F7?h=18&p=4&t=07:00");
    assert_url(tee_time, "?a={ids:77}&b={players}", "?a=77,77,77,77&b=4");
    assert_url(tee_time, "{none}{ref", "{none}{ref");
    assert_url(tee_time, "{}{{holes}", "{}{18");
    tee_time.party_sizes = 1;
    tee_time.start_minute = 1439;
    assert_url(tee_time, "{ids:5}|{time}", "5|23:59");
    tee_time.party_sizes = 0;
    assert_url(tee_time, "{ids:5}|{players}", "|0");
}

static void test_price_basis(void **state)
{
    (void)state;
    assert_string_equal(price_basis_name(PRICE_BASIS_UNKNOWN), "unknown");
    assert_string_equal(price_basis_name(PRICE_BASIS_WALKING), "walking");
    assert_string_equal(price_basis_name(PRICE_BASIS_CART), "cart");
    assert_string_equal(price_basis_name(3), "unknown");
}

static void test_identity_order(void **state)
{
    (void)state;
    struct tee_time a = plain, b = plain;
    assert_int_equal(tee_time_compare(&a, &b), 0);
    char routing[] = "North";
    a.routing = "North";
    b.routing = routing;
    assert_int_equal(tee_time_compare(&a, &b), 0);
    b.routing = "";
    assert_true(tee_time_compare(&a, &b) > 0);
    b.start_hole = 10;
    assert_true(tee_time_compare(&a, &b) < 0);
    a.holes = 19;
    assert_true(tee_time_compare(&a, &b) > 0);
    b.start_minute = 421;
    assert_true(tee_time_compare(&a, &b) < 0);
    assert_true(tee_time_compare(&b, &a) > 0);
}

static void test_seal_sorts(void **state)
{
    (void)state;
    struct tee_time tee_times[] = { plain, plain, plain };
    tee_times[0].start_minute = 500;
    tee_times[2].start_minute = 300;
    struct tee_sheet sheet = sheet_of(tee_times, 3);
    uint64_t allocations = mem_allocations();
    assert_int_equal(tee_sheet_seal(&sheet), 0);
    assert_int_equal(mem_allocations(), allocations);
    assert_int_equal(sheet.tee_times_count, 3);
    assert_int_equal(tee_times[0].start_minute, 300);
    assert_int_equal(tee_times[1].start_minute, 420);
    assert_int_equal(tee_times[2].start_minute, 500);
    assert_int_equal(sheet.outcome, OUTCOME_OPEN);
}

static void test_seal_merges(void **state)
{
    (void)state;
    struct tee_time tee_times[] = { plain, plain, plain, plain };
    tee_times[0].party_sizes = 0x01;
    tee_times[1].party_sizes = 0x06;
    tee_times[1].price_cents = 4000;
    tee_times[1].price_basis = PRICE_BASIS_CART;
    tee_times[1].cart_fee_cents = 0;
    tee_times[1].rate_name = "Twilight";
    tee_times[1].engine_ref = "r2";
    tee_times[2].party_sizes = 0x08;
    tee_times[2].price_cents = TEE_TIME_PRICE_UNKNOWN;
    tee_times[2].rate_name = "Call us";
    tee_times[3].holes = 9;
    struct tee_sheet sheet = sheet_of(tee_times, 4);
    assert_int_equal(tee_sheet_seal(&sheet), 2);
    assert_int_equal(sheet.tee_times_count, 2);
    assert_int_equal(tee_times[0].holes, 9);
    const struct tee_time *merged = &tee_times[1];
    assert_int_equal(merged->party_sizes, 0x0f);
    assert_int_equal(merged->price_cents, 4000);
    assert_int_equal(merged->price_basis, PRICE_BASIS_CART);
    assert_int_equal(merged->cart_fee_cents, 0);
    assert_string_equal(merged->rate_name, "Twilight");
    assert_string_equal(merged->engine_ref, "r1");
    assert_int_equal(tee_sheet_seal(&sheet), 0);
}

static void test_seal_unknown_price(void **state)
{
    (void)state;
    struct tee_time tee_times[] = { plain, plain };
    tee_times[0].price_cents = TEE_TIME_PRICE_UNKNOWN;
    tee_times[0].rate_name = "";
    struct tee_sheet sheet = sheet_of(tee_times, 2);
    assert_int_equal(tee_sheet_seal(&sheet), 1);
    assert_int_equal(tee_times[0].price_cents, 5000);
    assert_string_equal(tee_times[0].rate_name, "Public");
    tee_times[1] = plain;
    tee_times[1].rate_name = "Same price, later";
    sheet = sheet_of(tee_times, 2);
    assert_int_equal(tee_sheet_seal(&sheet), 1);
    assert_string_equal(tee_times[0].rate_name, "Public");
}

static void test_seal_reduced_rates(void **state)
{
    (void)state;
    for (int reduced_first = 0; reduced_first < 2; reduced_first++) {
        struct tee_time tee_times[] = { plain, plain };
        struct tee_time *reduced = &tee_times[!reduced_first];
        reduced->price_cents = 1000;
        reduced->rate_name = "Junior";
        reduced->party_sizes = 0x10;
        struct tee_sheet sheet = sheet_of(tee_times, 2);
        assert_int_equal(tee_sheet_seal(&sheet), 1);
        assert_int_equal(tee_times[0].price_cents, 5000);
        assert_string_equal(tee_times[0].rate_name, "Public");
        assert_int_equal(tee_times[0].party_sizes, 0x1f);
    }
    struct tee_time alone = plain;
    alone.rate_name = "Senior";
    alone.cart_fee_cents = 100;
    struct tee_sheet sheet = sheet_of(&alone, 1);
    assert_int_equal(tee_sheet_seal(&sheet), 0);
    assert_int_equal(alone.price_cents, TEE_TIME_PRICE_UNKNOWN);
    assert_int_equal(alone.cart_fee_cents, TEE_TIME_PRICE_UNKNOWN);
    assert_int_equal(alone.price_basis, PRICE_BASIS_UNKNOWN);
    assert_string_equal(alone.rate_name, "Senior");
}

/* A public rate without a price still says more than a reduced one. */
static void test_seal_reduced_and_unknown(void **state)
{
    (void)state;
    struct tee_time tee_times[] = { plain, plain };
    tee_times[0].rate_name = "Junior";
    tee_times[1].price_cents = TEE_TIME_PRICE_UNKNOWN;
    struct tee_sheet sheet = sheet_of(tee_times, 2);
    assert_int_equal(tee_sheet_seal(&sheet), 1);
    assert_int_equal(tee_times[0].price_cents, TEE_TIME_PRICE_UNKNOWN);
    assert_string_equal(tee_times[0].rate_name, "Public");
}

static void test_seal_outcome(void **state)
{
    (void)state;
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        struct tee_time tee_time = plain;
        struct tee_sheet sheet = sheet_of(&tee_time, 1);
        sheet.outcome = outcome;
        assert_int_equal(tee_sheet_seal(&sheet), 0);
        bool observed = outcome_is_observed(outcome);
        assert_int_equal(sheet.tee_times_count, observed);
        assert_int_equal(sheet.outcome, observed ? OUTCOME_OPEN : outcome);
        sheet = sheet_of(NULL, 0);
        sheet.outcome = outcome;
        assert_int_equal(tee_sheet_seal(&sheet), 0);
        assert_int_equal(sheet.outcome, outcome == OUTCOME_OPEN ? OUTCOME_NONE_OPEN : outcome);
    }
}

static uint64_t digest_of(struct tee_time tee_time, const char *currency)
{
    struct tee_sheet sheet = sheet_of(&tee_time, 1);
    sheet.currency = currency;
    assert_int_equal(tee_sheet_seal(&sheet), 0);
    return sheet.digest;
}

static void test_digest_fields(void **state)
{
    (void)state;
    struct tee_time changed[] = { plain, plain, plain, plain, plain, plain,
                                  plain, plain, plain, plain, plain, plain };
    changed[0].start_minute++;
    changed[1].holes++;
    changed[2].start_hole++;
    changed[3].party_sizes++;
    changed[4].price_basis = PRICE_BASIS_CART;
    changed[5].price_cents++;
    changed[6].cart_fee_cents = 0;
    changed[7].routing = "N";
    changed[8].rate_name = "N";
    changed[9].engine_ref = "N";
    changed[10].url_template = "N";
    changed[11].rate_name = "Publicr1";
    changed[11].engine_ref = "";
    uint64_t before = digest_of(plain, "CAD");
    assert_true(digest_of(plain, "CAD") == before);
    assert_true(digest_of(plain, "USD") != before);
    for (size_t i = 0; i < TS_COUNT_OF(changed); i++) {
        if (digest_of(changed[i], "CAD") == before)
            fail_msg("change %d does not show", (int)i);
        for (size_t j = 0; j < i; j++)
            assert_true(digest_of(changed[i], "CAD") != digest_of(changed[j], "CAD"));
    }
}

static void test_digest_not_stamps(void **state)
{
    (void)state;
    struct tee_time first = plain, second = plain;
    struct tee_sheet sheet = sheet_of(&first, 1), later = sheet_of(&second, 1);
    later.checked_at = 99;
    later.attempts = 3;
    later.http_status = 200;
    later.second_look = true;
    later.course_index = 5;
    later.detail = "other";
    assert_int_equal(tee_sheet_seal(&sheet) + tee_sheet_seal(&later), 0);
    assert_true(sheet.digest == later.digest);
    sheet = sheet_of(NULL, 0);
    later = sheet_of(NULL, 0);
    later.outcome = OUTCOME_SOLD_OUT;
    later.currency = "USD";
    assert_int_equal(tee_sheet_seal(&sheet) + tee_sheet_seal(&later), 0);
    assert_true(sheet.digest == later.digest);
}

static void test_digest_zone(void **state)
{
    (void)state;
    struct zone *east = NULL, *west = NULL;
    if (zone_new(STR("America/Toronto"), &east, NULL) ||
        zone_new(STR("America/Vancouver"), &west, NULL)) {
        zone_free(east);
        print_message("skipped: no time zone files on this machine\n");
        skip();
    }
    struct tee_time first = plain, second = plain;
    struct tee_sheet sheet = sheet_of(&first, 1), other = sheet_of(&second, 1);
    sheet.zone = east;
    other.zone = west;
    assert_int_equal(tee_sheet_seal(&sheet) + tee_sheet_seal(&other), 0);
    assert_true(sheet.digest != other.digest);
    zone_free(east);
    zone_free(west);
}

static void test_digest_any_order(void **state)
{
    (void)state;
    uint64_t digest = 0;
    for (uint32_t shift = 0; shift < 60; shift++) {
        struct tee_time tee_times[60];
        for (uint32_t i = 0; i < 60; i++) {
            uint32_t place = (i * 7 + shift) % 60;
            tee_times[place] = plain;
            tee_times[place].start_minute = (uint16_t)(400 + i);
        }
        struct tee_sheet sheet = sheet_of(tee_times, 60);
        assert_int_equal(tee_sheet_seal(&sheet), 0);
        if (shift)
            assert_true(sheet.digest == digest);
        digest = sheet.digest;
    }
}

static void test_sheet_order(void **state)
{
    (void)state;
    struct tee_sheet a = sheet_of(NULL, 0), b = sheet_of(NULL, 0);
    assert_int_equal(tee_sheet_compare(&a, &b), 0);
    b.play_date++;
    assert_true(tee_sheet_compare(&a, &b) < 0);
    assert_true(tee_sheet_compare(&b, &a) > 0);
    a.course_id = INT64_MAX;
    assert_true(tee_sheet_compare(&a, &b) > 0);
    assert_true(tee_sheet_compare(&b, &a) < 0);
}

static void test_course_attribute(void **state)
{
    (void)state;
    const struct course course = { .attributes = "first\0\0third" };
    assert_true(str_equal(course_attribute(&course, 0), STR("first")));
    assert_true(str_equal(course_attribute(&course, 1), STR("")));
    assert_true(str_equal(course_attribute(&course, 2), STR("third")));
}

static void test_verdicts(void **state)
{
    (void)state;
    static const char *const names[] = { "running", "complete",    "degraded", "blind",
                                         "empty",   "interrupted", "failed" };
    for (size_t i = 0; i < TS_COUNT_OF(names); i++)
        assert_string_equal(sweep_verdict_name((enum sweep_verdict)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_party_sizes),
        cmocka_unit_test(test_reduced_rates),
        cmocka_unit_test(test_booking_url),
        cmocka_unit_test(test_price_basis),
        cmocka_unit_test(test_identity_order),
        cmocka_unit_test(test_seal_sorts),
        cmocka_unit_test(test_seal_merges),
        cmocka_unit_test(test_seal_unknown_price),
        cmocka_unit_test(test_seal_reduced_rates),
        cmocka_unit_test(test_seal_reduced_and_unknown),
        cmocka_unit_test(test_seal_outcome),
        cmocka_unit_test(test_digest_fields),
        cmocka_unit_test(test_digest_not_stamps),
        cmocka_unit_test(test_digest_zone),
        cmocka_unit_test(test_digest_any_order),
        cmocka_unit_test(test_sheet_order),
        cmocka_unit_test(test_course_attribute),
        cmocka_unit_test(test_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
