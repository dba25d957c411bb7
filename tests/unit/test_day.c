/*
 * base/day and base/zone:
 * - dates: every day from 1900 to 2200 there and back, weekdays, the calendar's edges, text
 * - instants: with and without seconds, with offsets, what is refused
 * - zones: offsets and abbreviations against the C library's localtime_r from 1970 to 2100, at
 *   each change to the second; gaps and overlaps; far years by the footer; unknown names, names
 *   that leave the folder, files that are no TZif files, each cut of a good one
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/day.h"
#include "support/unit.h"

#define DAY_SECONDS 86400

/* The zones of the real catalogue, then the odd ones: half an hour of DST, none, negative DST,
 * Ramadan, a skipped day, two hours, 45 minutes. */
static const char *const zone_names[] = {
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "America/Chicago",
    "America/Phoenix",
    "America/Denver",
    "America/Toronto",
    "America/Regina",
    "Australia/Perth",
    "Australia/Lord_Howe",
    "UTC",
    "Europe/Dublin",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Asia/Kolkata",
    "America/St_Johns",
    "Asia/Gaza",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "America/Havana",
};

static struct zone *zone_must(const char *name)
{
    struct zone *zone = NULL;
    struct error error = { 0 };
    if (zone_new(str_of(name), &zone, &error) != TS_ERR_OK)
        fail_msg("%s: %s", name, error.text);
    return zone;
}

static int32_t date_must(const char *text)
{
    int32_t date = 0;
    assert_true(day_parse(str_of(text), &date));
    return date;
}

static int64_t instant_must(const char *text)
{
    int64_t instant = 0;
    if (!instant_parse(str_of(text), &instant))
        fail_msg("not an instant: %s", text);
    return instant;
}

static void each_day_goes_there_and_back(void **state)
{
    (void)state;
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t expected = -25567; /* 1900-01-01 */
    int weekday = 0;           /* a Monday */
    for (int year = 1900; year <= 2200; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            for (int day = 1; day <= length; day++, expected++) {
                int got_year, got_month, got_day;
                assert_int_equal(day_from_civil(year, month, day), expected);
                day_to_civil(expected, &got_year, &got_month, &got_day);
                assert_int_equal(got_year, year);
                assert_int_equal(got_month, month);
                assert_int_equal(got_day, day);
                assert_int_equal(day_weekday(expected), weekday);
                weekday = (weekday + 1) % 7;
            }
        }
    }
    assert_int_equal(day_from_civil(1970, 1, 1), 0);
    assert_int_equal(day_from_civil(2000, 3, 1), 11017);
    assert_int_equal(day_from_civil(1, 1, 1), -719162);
}

static void dates_are_read_strictly(void **state)
{
    (void)state;
    int32_t date = 0;
    assert_true(day_parse(STR("1970-01-01"), &date));
    assert_int_equal(date, 0);
    assert_true(day_parse(STR("2028-02-29"), &date));
    assert_int_equal(date, day_from_civil(2028, 2, 29));
    assert_true(day_parse(STR("9999-12-31"), &date));
    static const char *const wrong[] = {
        "",           "2027-02-29", "2026-02-30", "2026-04-31",  "2100-02-29",  "1969-12-31",
        "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32",  "2026-1-01",   "2026-01-1",
        "26-01-01",   "2026/01/01", "2026-01-0a", "2026-01-011", " 2026-01-01", "-026-01-01",
    };
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        if (day_parse(str_of(wrong[i]), &date))
            fail_msg("taken for a date: %s", wrong[i]);
    }
    char storage[16];
    struct buf out = buf_over(storage, sizeof(storage));
    day_format(day_from_civil(2026, 12, 5), &out);
    assert_string_equal(storage, "2026-12-05");
}

static void instants_are_read_strictly(void **state)
{
    (void)state;
    assert_int_equal(instant_must("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(instant_must("2026-12-05T06:00:30Z"), 1796450430);
    assert_int_equal(instant_must("2026-12-05T06:00Z"), 1796450400);
    assert_int_equal(instant_must("2026-12-05T06:00-07:00"), 1796450400 + 7 * 3600);
    assert_int_equal(instant_must("2026-12-05T06:00:00+05:30"), 1796450400 - 5 * 3600 - 1800);
    static const char *const wrong[] = {
        "",
        "2026-12-05",
        "2026-12-05T06:00",
        "2026-12-05 06:00Z",
        "2026-12-05T06Z",
        "2026-12-05T24:00Z",
        "2026-12-05T06:60Z",
        "2026-12-05T06:00:60Z",
        "2026-12-05T06:00:00.5Z",
        "2026-12-05T06:00:00z",
        "2026-12-05T06:00:00+0700",
        "2026-12-05T06:00:00+24:00",
        "2026-12-05T06:00:00+07:60",
        "2026-12-05T06:00:00Zx",
        "2026-02-30T06:00:00Z",
        "2026-12-05T06:0Z",
    };
    int64_t instant;
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        if (instant_parse(str_of(wrong[i]), &instant))
            fail_msg("taken for an instant: %s", wrong[i]);
    }
    char storage[32];
    struct buf out = buf_over(storage, sizeof(storage));
    instant_format(1796450430, &out);
    assert_string_equal(storage, "2026-12-05T06:00:30Z");
    buf_reset(&out);
    instant_format(-1, &out);
    assert_string_equal(storage, "1969-12-31T23:59:59Z");
}

static void assert_as_library(const struct zone *zone, int64_t instant)
{
    time_t time = (time_t)instant;
    struct tm tm;
    assert_non_null(localtime_r(&time, &tm));
    int32_t date;
    uint16_t minute;
    zone_local(zone, instant, &date, &minute);
    if (zone_offset_at(zone, instant) != tm.tm_gmtoff ||
        strcmp(zone_abbreviation_at(zone, instant), tm.tm_zone) != 0 ||
        date != day_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) ||
        minute != tm.tm_hour * 60 + tm.tm_min)
        fail_msg("%s at %lld: %d %s, library %ld %s", zone_name(zone), (long long)instant,
                 (int)zone_offset_at(zone, instant), zone_abbreviation_at(zone, instant),
                 tm.tm_gmtoff, tm.tm_zone);
}

/* The last instant before the offset changes, somewhere in [low, high). */
static int64_t change_between(const struct zone *zone, int64_t low, int64_t high)
{
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (zone_offset_at(zone, middle) == zone_offset_at(zone, low))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void offsets_are_the_librarys(void **state)
{
    (void)state;
    const int64_t step = 31 * 3600 + 37 * 60 + 11;
    const int64_t end = instant_must("2100-01-01T00:00:00Z");
    for (size_t i = 0; i < TS_COUNT_OF(zone_names); i++) {
        struct zone *zone = zone_must(zone_names[i]);
        assert_string_equal(zone_name(zone), zone_names[i]);
        assert_int_equal(setenv("TZ", zone_names[i], 1), 0);
        tzset();
        for (int64_t instant = 0; instant < end; instant += step) {
            assert_as_library(zone, instant);
            if (zone_offset_at(zone, instant) == zone_offset_at(zone, instant + step))
                continue;
            int64_t last = change_between(zone, instant, instant + step);
            assert_as_library(zone, last);
            assert_as_library(zone, last + 1);
        }
        zone_free(zone);
    }
}

/* Each minute of two years: a wall clock time that exists comes back, the first of two. */
static void wall_clock_times_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < TS_COUNT_OF(zone_names); i++) {
        struct zone *zone = zone_must(zone_names[i]);
        int64_t before = INT64_MIN;
        for (int32_t date = date_must("2026-01-01"); date < date_must("2028-01-01"); date++) {
            for (int minute = 0; minute < 1440; minute += 5) {
                int64_t instant = zone_instant(zone, date, (uint16_t)minute);
                int64_t local = (int64_t)date * DAY_SECONDS + minute * 60;
                assert_true(instant >= before);
                before = instant;
                int64_t shown = instant + zone_offset_at(zone, instant);
                /* A skipped time gives the instant at which the gap ends. */
                if (shown != local)
                    assert_true(shown > local &&
                                zone_offset_at(zone, instant) >
                                    zone_offset_at(zone, instant - 1) &&
                                instant - 1 + zone_offset_at(zone, instant - 1) < local);
                /* And none earlier shows the same. */
                int64_t earlier = instant - 3600;
                assert_true(earlier + zone_offset_at(zone, earlier) != local);
            }
        }
        zone_free(zone);
    }
}

static void assert_instant(const char *name, const char *date, uint16_t minute,
                           const char *expected)
{
    struct zone *zone = zone_must(name);
    char storage[32];
    struct buf out = buf_over(storage, sizeof(storage));
    instant_format(zone_instant(zone, date_must(date), minute), &out);
    zone_free(zone);
    assert_string_equal(storage, expected);
}

static void gaps_and_overlaps(void **state)
{
    (void)state;
    assert_instant("America/Denver", "2026-03-08", 119, "2026-03-08T08:59:00Z");
    assert_instant("America/Denver", "2026-03-08", 120, "2026-03-08T09:00:00Z"); /* skipped */
    assert_instant("America/Denver", "2026-03-08", 150, "2026-03-08T09:00:00Z"); /* skipped */
    assert_instant("America/Denver", "2026-03-08", 180, "2026-03-08T09:00:00Z");
    assert_instant("America/Denver", "2026-11-01", 90, "2026-11-01T07:30:00Z"); /* twice */
    assert_instant("America/Denver", "2026-11-01", 120, "2026-11-01T09:00:00Z");
    assert_instant("Australia/Lord_Howe", "2026-10-04", 130, "2026-10-03T15:30:00Z");
    assert_instant("Australia/Lord_Howe", "2026-10-04", 150, "2026-10-03T15:30:00Z");
    assert_instant("Australia/Lord_Howe", "2026-04-05", 105, "2026-04-04T14:45:00Z");
    assert_instant("America/Regina", "2026-03-08", 150, "2026-03-08T08:30:00Z");
    assert_instant("Europe/London", "2026-03-29", 90, "2026-03-29T01:00:00Z");
    assert_instant("Europe/London", "2026-10-25", 90, "2026-10-25T00:30:00Z");
    assert_instant("America/Havana", "2026-03-08", 0, "2026-03-08T05:00:00Z"); /* no midnight */
    assert_instant("Pacific/Apia", "2011-12-30", 720, "2011-12-30T10:00:00Z"); /* no such day */
}

static void far_years_follow_the_footer(void **state)
{
    (void)state;
    assert_instant("America/Denver", "2090-01-15", 720, "2090-01-15T19:00:00Z");
    assert_instant("America/Denver", "2090-07-15", 720, "2090-07-15T18:00:00Z");
    assert_instant("America/Denver", "2090-03-12", 150, "2090-03-12T09:00:00Z"); /* skipped */
    assert_instant("Europe/London", "2090-07-15", 720, "2090-07-15T11:00:00Z");
    assert_instant("Australia/Lord_Howe", "2090-01-15", 720, "2090-01-15T01:00:00Z");
    assert_instant("America/Regina", "2090-07-15", 720, "2090-07-15T18:00:00Z");
    assert_instant("Europe/Dublin", "2090-07-15", 720, "2090-07-15T11:00:00Z");
    struct zone *zone = zone_must("America/Denver");
    assert_string_equal(zone_abbreviation_at(zone, instant_must("2090-07-15T00:00:00Z")),
                        "MDT");
    int32_t date;
    uint16_t minute;
    zone_local(zone, instant_must("2090-01-01T06:59:59Z"), &date, &minute);
    assert_int_equal(date, date_must("2089-12-31"));
    assert_int_equal(minute, 1439);
    zone_free(zone);
}

static void names_stay_in_the_folder(void **state)
{
    (void)state;
    const struct str wrong[] = {
        STR(""),
        STR("Mars/Olympus"),
        STR("America"),
        STR("/etc/passwd"),
        STR("../../../etc/passwd"),
        STR("America//Denver"),
        STR("America/"),
        STR("./UTC"),
        STR("UTC\0/x"),
        STR("America/Denver "),
        STR("Ameri\xc3\xa7"
            "a"),
        STR("UTC/Denver"),
    };
    for (size_t i = 0; i < TS_COUNT_OF(wrong); i++) {
        struct zone *zone = NULL;
        struct error error = { 0 };
        if (zone_new(wrong[i], &zone, &error) != TS_ERR_NOT_FOUND)
            fail_msg("not refused: %s", wrong[i].ptr);
        assert_null(zone);
        assert_non_null(strstr(error.text, "unknown time zone"));
    }
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void broken_files_are_refused(void **state)
{
    (void)state;
    char good[4096];
    FILE *file = fopen("/usr/share/zoneinfo/America/Denver", "rb");
    assert_non_null(file);
    size_t len = fread(good, 1, sizeof(good), file);
    assert_int_equal(fclose(file), 0);
    char folder[] = "/tmp/test_day.XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/Test", folder);
    assert_int_equal(setenv("TZDIR", folder, 1), 0);
    struct zone *zone = NULL;
    for (size_t cut = 0; cut < len; cut += cut < 2600 ? 7 : 1) {
        write_file(path, good, cut);
        if (zone_new(STR("Test"), &zone, NULL) != TS_ERR_IO)
            fail_msg("taken for a zone: %zu of %zu bytes", cut, len);
    }
    write_file(path, good, len);
    assert_int_equal(zone_new(STR("Test"), &zone, NULL), TS_ERR_OK);
    zone_free(zone);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    struct error error = { 0 };
    assert_int_equal(zone_new(STR("UTC"), &zone, &error), TS_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "install tzdata"));
    assert_int_equal(unsetenv("TZDIR"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_goes_there_and_back),
        cmocka_unit_test(dates_are_read_strictly),
        cmocka_unit_test(instants_are_read_strictly),
        cmocka_unit_test(offsets_are_the_librarys),
        cmocka_unit_test(wall_clock_times_come_back),
        cmocka_unit_test(gaps_and_overlaps),
        cmocka_unit_test(far_years_follow_the_footer),
        cmocka_unit_test(names_stay_in_the_folder),
        cmocka_unit_test(broken_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
