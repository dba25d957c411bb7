/*
 * test_window.c exercises plan/window and plan/age:
 *   the opening minute from both sides, windows of 0, 90 and unknown days, 23:59 local in zones
 * far apart, both DST changes; when the next date opens; --max-age in both forms and what it
 * refuses.
 */

#include "plan/age.h"
#include "plan/window.h"
#include "support/unit.h"

static struct zone *zone_of(const char *name)
{
    struct zone *zone = NULL;
    struct error error = { 0 };
    if (zone_new(str_of(name), &zone, &error))
        fail_msg("%s", error.text);
    return zone;
}

static int64_t at(const char *text)
{
    int64_t instant = 0;
    assert_true(instant_parse(str_of(text), &instant));
    return instant;
}

static int32_t date(const char *text)
{
    int32_t day = 0;
    assert_true(day_parse(str_of(text), &day));
    return day;
}

static void check(const char *zone_name, uint8_t days, uint16_t opens, const char *now,
                  const char *first, const char *last)
{
    struct zone *zone = zone_of(zone_name);
    struct course course = { .window_days = days, .opens_minute = opens };
    struct window window = window_of(&course, zone, at(now));
    assert_int_equal(window.first, date(first));
    assert_int_equal(window.last, date(last));
    zone_free(zone);
}

static void opens_at_its_minute(void **state)
{
    (void)state;
    /* 7 days, 06:00; Saskatchewan is UTC-6 all year */
    check("America/Regina", 7, 360, "2027-06-01T11:59:59Z", "2027-06-01", "2027-06-07");
    check("America/Regina", 7, 360, "2027-06-01T12:00:00Z", "2027-06-01", "2027-06-08");
    check("America/Regina", 7, 360, "2027-06-01T12:00:01Z", "2027-06-01", "2027-06-08");
}

static void today_is_the_course_s(void **state)
{
    (void)state;
    /* one instant, three local dates */
    check("Pacific/Honolulu", 1, 0, "2027-01-02T09:59:59Z", "2027-01-01", "2027-01-02");
    check("Pacific/Honolulu", 1, 0, "2027-01-02T10:00:00Z", "2027-01-02", "2027-01-03");
    check("Australia/Perth", 1, 0, "2027-01-02T15:59:59Z", "2027-01-02", "2027-01-03");
    check("Australia/Perth", 1, 0, "2027-01-02T16:00:00Z", "2027-01-03", "2027-01-04");
}

static void windows_have_limits(void **state)
{
    (void)state;
    check("America/Denver", 0, 0, "2027-03-01T18:00:00Z", "2027-03-01", "2027-03-01");
    check("America/Denver", 0, 720, "2027-03-01T18:59:00Z", "2027-03-01", "2027-02-28");
    check("America/Denver", 90, 0, "2027-03-01T18:00:00Z", "2027-03-01", "2027-05-30");
    check("America/Denver", COURSE_WINDOW_UNKNOWN, 0, "2027-03-01T18:00:00Z", "2027-03-01",
          "2027-03-15");
}

static void dst_changes_no_date(void **state)
{
    (void)state;
    /* Denver springs forward on 14 March 2027 at 02:00 and falls back on 7 November */
    check("America/Denver", 7, 360, "2027-03-14T11:59:59Z", "2027-03-14", "2027-03-20");
    check("America/Denver", 7, 360, "2027-03-14T12:00:00Z", "2027-03-14", "2027-03-21");
    check("America/Denver", 7, 360, "2027-11-07T12:59:59Z", "2027-11-07", "2027-11-13");
    check("America/Denver", 7, 360, "2027-11-07T13:00:00Z", "2027-11-07", "2027-11-14");
    check("America/Denver", 2, 0, "2027-03-15T05:59:59Z", "2027-03-14", "2027-03-16");
    check("America/Denver", 2, 0, "2027-11-08T06:59:59Z", "2027-11-07", "2027-11-09");
}

static void tells_the_next_opening(void **state)
{
    (void)state;
    struct zone *zone = zone_of("America/Regina");
    struct course course = { .window_days = 7, .opens_minute = 360 };
    assert_int_equal(window_next_opening(&course, zone, at("2027-06-01T11:59:59Z")),
                     at("2027-06-01T12:00:00Z"));
    assert_int_equal(window_next_opening(&course, zone, at("2027-06-01T12:00:00Z")),
                     at("2027-06-02T12:00:00Z"));
    zone_free(zone);
}

static void one_age_for_all(void **state)
{
    (void)state;
    struct plan_ages ages;
    assert_int_equal(plan_ages_parse(STR("20m"), &ages, NULL), TS_ERR_OK);
    assert_int_equal(plan_ages_limit(&ages, 0), 1200);
    assert_int_equal(plan_ages_limit(&ages, 90), 1200);
}

static void ages_by_days_ahead(void **state)
{
    (void)state;
    struct plan_ages ages;
    assert_int_equal(plan_ages_parse(STR("0-1=15m,2=30m,4-7=1h,8+=6h"), &ages, NULL),
                     TS_ERR_OK);
    assert_int_equal(plan_ages_limit(&ages, 0), 900);
    assert_int_equal(plan_ages_limit(&ages, 1), 900);
    assert_int_equal(plan_ages_limit(&ages, 2), 1800);
    assert_int_equal(plan_ages_limit(&ages, 3), 0);
    assert_int_equal(plan_ages_limit(&ages, 7), 3600);
    assert_int_equal(plan_ages_limit(&ages, 8), 21600);
    assert_int_equal(plan_ages_limit(&ages, 90), 21600);
}

static void refuses_what_is_no_age(void **state)
{
    (void)state;
    static const char *const wrong[] = { "1",     "x=1h", "3-1=1h", "0-1=",
                                         "-1=1h", "0-=1", "1h1",    "=1h" };
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        struct plan_ages ages;
        struct error error = { 0 };
        if (plan_ages_parse(str_of(wrong[i]), &ages, &error) != TS_ERR_USAGE)
            fail_msg("\"%s\" was taken", wrong[i]);
        assert_non_null(strstr(error.text, "0-1=15m"));
    }
}

static void has_room_for_sixteen(void **state)
{
    (void)state;
    char text[400];
    struct buf buf = buf_over(text, sizeof(text));
    struct plan_ages ages;
    for (int i = 0; i < PLAN_AGE_TIERS_MAX; i++)
        buf_printf(&buf, "%s%d=1h", i ? "," : "", i);
    assert_int_equal(plan_ages_parse(buf_view(&buf), &ages, NULL), TS_ERR_OK);
    assert_int_equal(ages.count, PLAN_AGE_TIERS_MAX);
    buf_puts(&buf, ",20=1h");
    assert_int_equal(plan_ages_parse(buf_view(&buf), &ages, NULL), TS_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_at_its_minute),    cmocka_unit_test(today_is_the_course_s),
        cmocka_unit_test(windows_have_limits),    cmocka_unit_test(dst_changes_no_date),
        cmocka_unit_test(tells_the_next_opening), cmocka_unit_test(one_age_for_all),
        cmocka_unit_test(ages_by_days_ahead),     cmocka_unit_test(refuses_what_is_no_age),
        cmocka_unit_test(has_room_for_sixteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
