/* dates.c: reads what --date says. */
#include "cmd/dates.h"

#include "base/day.h"

#define SUNDAY         6
#define DAYS_AHEAD_MAX 366

static const char *const weekday_names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday" };

/* At least its first three letters. */
static bool is_weekday(struct str text, int *ret_weekday)
{
    for (int i = 0; text.len >= 3 && i < 7; i++) {
        struct str name = str_of(weekday_names[i]);
        if (text.len <= name.len &&
            str_equal_nocase((struct str){ name.ptr, text.len }, text)) {
            *ret_weekday = i;
            return true;
        }
    }
    return false;
}

static bool parse_one(struct str text, struct date_said *ret_said)
{
    struct date_said said = { DATE_ON, 0 };
    struct str digits = { text.ptr + 1, text.len > 0 ? text.len - 1 : 0 };
    int64_t days;
    int weekday;
    if (day_parse(text, &said.number)) {
        *ret_said = said;
    } else if (str_equal_nocase(text, STR("today"))) {
        *ret_said = (struct date_said){ DATE_AHEAD, 0 };
    } else if (str_equal_nocase(text, STR("tomorrow"))) {
        *ret_said = (struct date_said){ DATE_AHEAD, 1 };
    } else if (str_equal_nocase(text, STR("weekend"))) {
        *ret_said = (struct date_said){ DATE_WEEKEND, 0 };
    } else if (text.len > 1 && text.ptr[0] == '+' &&
               str_to_i64(digits, 0, DAYS_AHEAD_MAX, &days)) {
        *ret_said = (struct date_said){ DATE_AHEAD, (int32_t)days };
    } else if (is_weekday(text, &weekday)) {
        *ret_said = (struct date_said){ DATE_WEEKDAY, weekday };
    } else {
        return false;
    }
    return true;
}

/* Cuts "A..B" in two. */
static bool cut_range(struct str text, struct str *ret_from, struct str *ret_to)
{
    const char *dots = text.len ? memmem(text.ptr, text.len, "..", 2) : NULL;
    if (!dots)
        return false;
    *ret_from = (struct str){ text.ptr, (size_t)(dots - text.ptr) };
    *ret_to = (struct str){ dots + 2, text.len - ret_from->len - 2 };
    return ret_from->len > 0 || ret_to->len > 0;
}

ts_err dates_parse(const char *text, struct dates *ret_dates, struct error *reterr)
{
    struct dates dates = { .from = { DATE_OPEN, 0 }, .to = { DATE_OPEN, 0 } };
    struct str from = str_of(text);
    struct str to = { NULL, 0 };
    dates.is_range = !text || cut_range(from, &from, &to);
    bool good = (dates.is_range && from.len == 0) || parse_one(from, &dates.from);
    good = good && (to.len == 0 || parse_one(to, &dates.to));
    if (!good)
        return error_set(reterr, TS_ERR_USAGE,
                         "--date: \"%.60s\" is not a date: give 2026-12-05, today, tomorrow, "
                         "sat, weekend, +3, or a range A..B of these",
                         text);
    if (dates.from.kind == DATE_ON && dates.to.kind == DATE_ON &&
        dates.to.number < dates.from.number)
        return error_set(reterr, TS_ERR_USAGE, "--date: \"%.60s\" ends before it begins", text);
    *ret_dates = dates;
    return TS_ERR_OK;
}

static int32_t next_weekday(int32_t from, int weekday)
{
    return from + (weekday - day_weekday(from) + 7) % 7;
}

/* What was said, relative to `today`; days of the week from `start` on. */
static struct date_range resolve_one(struct date_said said, int32_t today, int32_t start)
{
    int32_t date = today;
    switch (said.kind) {
    case DATE_OPEN:
        return (struct date_range){ DATES_FIRST, DATES_LAST };
    case DATE_ON:
        date = said.number;
        break;
    case DATE_AHEAD:
        date = today + said.number;
        break;
    case DATE_WEEKDAY:
        date = next_weekday(start, said.number);
        break;
    case DATE_WEEKEND:
        date = next_weekday(start, SUNDAY);
        return (struct date_range){ date - (date > start ? 1 : 0), date };
    }
    return (struct date_range){ date, date };
}

struct date_range dates_resolve(const struct dates *dates, int32_t today)
{
    struct date_range range = resolve_one(dates->from, today, today);
    if (!dates->is_range)
        return range;
    int32_t start = range.from > today ? range.from : today;
    range.to = resolve_one(dates->to, today, start).to;
    return range;
}
