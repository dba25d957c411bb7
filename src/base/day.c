/* day.c: civil dates and instants. The two conversions are days_from_civil and civil_from_days
 * of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (howardhinnant.github.io/date_algorithms.html, public domain). */
#include "base/day.h"

#include <assert.h>

#define DAYS_TO_EPOCH  719468 /* from 0000-03-01 to 1970-01-01 */
#define DAYS_PER_ERA   146097 /* 400 years */
#define DAY_SECONDS    86400
#define YEAR_MIN       1970
#define DATE_LEN       10 /* "2026-12-05" */
#define THURSDAY_INDEX 3  /* 1970-01-01 */

int32_t day_from_civil(int year, int month, int day)
{
    assert(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    /* Years begin in March, so that the leap day is the last of its year. */
    int shifted = month <= 2 ? year - 1 : year;
    int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

void day_to_civil(int32_t date, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t days = (int64_t)date + DAYS_TO_EPOCH;
    int64_t era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = (int)(days - era * DAYS_PER_ERA);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *ret_year = year_of_era + (int)era * 400 + (month <= 2);
    *ret_month = month;
    *ret_day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
}

int day_weekday(int32_t date)
{
    int weekday = (int)(((int64_t)date + THURSDAY_INDEX) % 7);
    return weekday < 0 ? weekday + 7 : weekday;
}

/* Takes exactly `count` digits off the front of *rest. */
static bool take_digits(struct str *rest, size_t count, int *ret_value)
{
    if (rest->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = rest->ptr[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    rest->ptr += count;
    rest->len -= count;
    *ret_value = value;
    return true;
}

static bool take_char(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    rest->ptr++;
    rest->len--;
    return true;
}

/* Three numbers, not checked against the calendar. */
static bool take_date(struct str *rest, int *ret_year, int *ret_month, int *ret_day)
{
    return take_digits(rest, 4, ret_year) && take_char(rest, '-') &&
           take_digits(rest, 2, ret_month) && take_char(rest, '-') &&
           take_digits(rest, 2, ret_day);
}

bool day_parse(struct str text, int32_t *ret_date)
{
    int year, month, day;
    if (!take_date(&text, &year, &month, &day) || text.len != 0)
        return false;
    if (year < YEAR_MIN || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    /* A day that its month lacks comes back as another one. */
    int32_t date = day_from_civil(year, month, day);
    int same_year, same_month, same_day;
    day_to_civil(date, &same_year, &same_month, &same_day);
    if (same_day != day)
        return false;
    *ret_date = date;
    return true;
}

void day_format(int32_t date, struct buf *out)
{
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    buf_printf(out, "%04d-%02d-%02d", year, month, day);
}

/* "06:00" or "06:00:30" as seconds of the day. */
static bool take_time(struct str *rest, int *ret_seconds)
{
    int hour, minute, second = 0;
    if (!take_digits(rest, 2, &hour) || !take_char(rest, ':') || !take_digits(rest, 2, &minute))
        return false;
    if (take_char(rest, ':') && !take_digits(rest, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_seconds = (hour * 60 + minute) * 60 + second;
    return true;
}

/* "Z", "+02:00" or "-07:00" as seconds east. */
static bool take_offset(struct str *rest, int *ret_seconds)
{
    if (take_char(rest, 'Z')) {
        *ret_seconds = 0;
        return true;
    }
    int sign = take_char(rest, '-') ? -1 : 1;
    int hour, minute;
    if (sign > 0 && !take_char(rest, '+'))
        return false;
    if (!take_digits(rest, 2, &hour) || !take_char(rest, ':') || !take_digits(rest, 2, &minute))
        return false;
    *ret_seconds = sign * (hour * 60 + minute) * 60;
    return hour <= 23 && minute <= 59;
}

bool instant_parse(struct str text, int64_t *ret_unix)
{
    if (text.len < DATE_LEN)
        return false;
    struct str rest = { text.ptr + DATE_LEN, text.len - DATE_LEN };
    int32_t date;
    int seconds, offset;
    if (!day_parse((struct str){ text.ptr, DATE_LEN }, &date) || !take_char(&rest, 'T') ||
        !take_time(&rest, &seconds) || !take_offset(&rest, &offset) || rest.len != 0)
        return false;
    *ret_unix = (int64_t)date * DAY_SECONDS + seconds - offset;
    return true;
}

void instant_format(int64_t unix_seconds, struct buf *out)
{
    int64_t date = unix_seconds / DAY_SECONDS;
    int64_t seconds = unix_seconds % DAY_SECONDS;
    if (seconds < 0) {
        seconds += DAY_SECONDS;
        date--;
    }
    assert(date >= INT32_MIN && date <= INT32_MAX);
    day_format((int32_t)date, out);
    buf_printf(out, "T%02d:%02d:%02dZ", (int)(seconds / 3600), (int)(seconds / 60 % 60),
               (int)(seconds % 60));
}
