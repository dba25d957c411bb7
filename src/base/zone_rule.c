/* zone_rule.c: POSIX TZ rules with the extensions of RFC 8536 §3.3.1 (times from -167 to 167
 * hours). */
#include "base/zone_rule.h"

#include "base/day.h"

#define DAY_SECONDS  86400
#define HOUR_SECONDS 3600
#define HOURS_MAX    167

struct change {
    int64_t at;
    bool to_daylight;
};

static bool take_char(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    rest->ptr++;
    rest->len--;
    return true;
}

/* One to three digits within min..max. */
static bool take_number(struct str *rest, int min, int max, int *ret_value)
{
    int value = 0;
    size_t digits = 0;
    while (digits < rest->len && digits < 3 && rest->ptr[digits] >= '0' &&
           rest->ptr[digits] <= '9')
        value = value * 10 + (rest->ptr[digits++] - '0');
    if (digits == 0 || value < min || value > max)
        return false;
    rest->ptr += digits;
    rest->len -= digits;
    *ret_value = value;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "MST", or "<+1030>" with what stands between the brackets. */
static bool take_name(struct str *rest, char *name)
{
    bool quoted = take_char(rest, '<');
    size_t len = 0;
    while (len < rest->len && (quoted ? rest->ptr[len] != '>' : is_letter(rest->ptr[len])))
        len++;
    if (len < 3 || len > ZONE_RULE_NAME_MAX)
        return false;
    memcpy(name, rest->ptr, len);
    name[len] = '\0';
    rest->ptr += len;
    rest->len -= len;
    return !quoted || take_char(rest, '>');
}

/* "[+-]h[:mm[:ss]]" in seconds. */
static bool take_time(struct str *rest, int32_t *ret_seconds)
{
    int sign = take_char(rest, '-') ? -1 : 1;
    if (sign > 0)
        (void)take_char(rest, '+');
    int hours, minutes = 0, seconds = 0;
    if (!take_number(rest, 0, HOURS_MAX, &hours))
        return false;
    if (take_char(rest, ':')) {
        if (!take_number(rest, 0, 59, &minutes))
            return false;
        if (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds))
            return false;
    }
    *ret_seconds = sign * (hours * HOUR_SECONDS + minutes * 60 + seconds);
    return true;
}

/* Offsets in a rule count westwards. */
static bool take_offset(struct str *rest, int32_t *ret_offset)
{
    int32_t west;
    if (!take_time(rest, &west) || west < -25 * HOUR_SECONDS || west > 25 * HOUR_SECONDS)
        return false;
    *ret_offset = -west;
    return true;
}

static bool take_month_week_day(struct str *rest, struct zone_rule_date *date)
{
    int month, week, day;
    if (!take_number(rest, 1, 12, &month) || !take_char(rest, '.') ||
        !take_number(rest, 1, 5, &week) || !take_char(rest, '.') ||
        !take_number(rest, 0, 6, &day))
        return false;
    date->kind = RULE_MONTH_WEEK_DAY;
    date->month = (uint8_t)month;
    date->week = (uint8_t)week;
    date->day = (int16_t)day;
    return true;
}

static bool take_day_of_year(struct str *rest, struct zone_rule_date *date)
{
    int day;
    bool julian = take_char(rest, 'J');
    if (!take_number(rest, julian ? 1 : 0, 365, &day))
        return false;
    date->kind = julian ? RULE_JULIAN : RULE_DAY_OF_YEAR;
    date->day = (int16_t)day;
    return true;
}

static bool take_date(struct str *rest, struct zone_rule_date *date)
{
    if (!take_char(rest, ','))
        return false;
    bool good =
        take_char(rest, 'M') ? take_month_week_day(rest, date) : take_day_of_year(rest, date);
    if (!good)
        return false;
    date->time = 2 * HOUR_SECONDS;
    return !take_char(rest, '/') || take_time(rest, &date->time);
}

/* "MDT[offset],start,end", to the end of the text. */
static bool take_daylight(struct str *rest, struct zone_rule *rule)
{
    rule->has_daylight = true;
    rule->daylight_offset = rule->standard_offset + HOUR_SECONDS;
    if (!take_name(rest, rule->daylight_name))
        return false;
    if (rest->len > 0 && rest->ptr[0] != ',' && !take_offset(rest, &rule->daylight_offset))
        return false;
    return take_date(rest, &rule->daylight_start) && take_date(rest, &rule->daylight_end) &&
           rest->len == 0;
}

bool zone_rule_parse(struct str text, struct zone_rule *ret_rule)
{
    struct zone_rule rule = { .has_standard = true };
    if (!take_name(&text, rule.standard_name) || !take_offset(&text, &rule.standard_offset))
        return false;
    if (text.len > 0 && !take_daylight(&text, &rule))
        return false;
    *ret_rule = rule;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The date on which a rule's day falls in a year. */
static int32_t date_in(const struct zone_rule_date *rule, int year)
{
    int32_t new_year = day_from_civil(year, 1, 1);
    if (rule->kind == RULE_DAY_OF_YEAR)
        return new_year + rule->day;
    if (rule->kind == RULE_JULIAN)
        return new_year + rule->day - 1 + (is_leap(year) && rule->day > 31 + 28);
    int32_t first = day_from_civil(year, rule->month, 1);
    int32_t next_month = rule->month == 12 ? day_from_civil(year + 1, 1, 1)
                                           : day_from_civil(year, rule->month + 1, 1);
    /* Rules count from Sunday, day_weekday from Monday. */
    int32_t date = first + (rule->day + 6 - day_weekday(first)) % 7 + 7 * (rule->week - 1);
    return date < next_month ? date : date - 7;
}

/* The changes of three years around `year`, in order of time. */
static void changes_around(const struct zone_rule *rule, int year, struct change changes[6])
{
    for (int i = 0; i < 6; i++) {
        bool to_daylight = i % 2 == 0;
        const struct zone_rule_date *date =
            to_daylight ? &rule->daylight_start : &rule->daylight_end;
        /* A change is written in the wall clock that it ends. */
        int32_t offset = to_daylight ? rule->standard_offset : rule->daylight_offset;
        int64_t days = date_in(date, year - 1 + i / 2);
        struct change change = { days * DAY_SECONDS + date->time - offset, to_daylight };
        int place = i;
        for (; place > 0 && changes[place - 1].at > change.at; place--)
            changes[place] = changes[place - 1];
        changes[place] = change;
    }
}

int32_t zone_rule_offset_at(const struct zone_rule *rule, int64_t unix_seconds,
                            const char **ret_abbreviation, int64_t *ret_until)
{
    bool daylight = false;
    *ret_until = INT64_MAX;
    if (rule->has_daylight) {
        int year, month, day;
        day_to_civil((int32_t)(unix_seconds / DAY_SECONDS), &year, &month, &day);
        struct change changes[6];
        changes_around(rule, year, changes);
        int next = 0;
        while (next < 6 && changes[next].at <= unix_seconds)
            daylight = changes[next++].to_daylight;
        if (next < 6)
            *ret_until = changes[next].at;
    }
    *ret_abbreviation = daylight ? rule->daylight_name : rule->standard_name;
    return daylight ? rule->daylight_offset : rule->standard_offset;
}
