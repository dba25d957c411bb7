/* say.c: small texts for people. */
#include "cmd/say.h"

#include "domain/tee_time.h"

#define WEEK_DAYS 7

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static const struct {
    int64_t seconds;
    const char *name;
    char letter;
} units[] = {
    { 48 * 3600, "d", 'd' }, { 3600, "h", 'h' }, { 60, "min", 'm' }, { 0, "s", 's' }
};

static void say_weekday(struct buf *out, int32_t date)
{
    buf_puts(out, weekdays[day_weekday(date)]);
}

void say_day(struct buf *out, int32_t date)
{
    int year, month, day;
    day_to_civil(date, &year, &month, &day);
    say_weekday(out, date);
    buf_printf(out, " %02d %s", day, months[month - 1]);
}

void say_minute(struct buf *out, uint16_t minute)
{
    buf_printf(out, "%02u:%02u", minute / 60u, minute % 60u);
}

void say_opening(struct buf *out, const struct zone *zone, int64_t instant, int64_t now)
{
    int32_t date, today;
    uint16_t minute, minute_now;
    zone_local(zone, instant, &date, &minute);
    zone_local(zone, now, &today, &minute_now);
    bool near = date >= today && date - today < WEEK_DAYS;
    (near ? say_weekday : say_day)(out, date);
    buf_putc(out, ' ');
    say_minute(out, minute);
}

/* Index into units and the number of them. */
static int unit_of(int64_t seconds, int64_t *ret_count)
{
    int unit = 0;
    while (seconds < units[unit].seconds)
        unit++;
    int64_t size = units[unit].letter == 'd' ? 86400 : units[unit].seconds;
    *ret_count = seconds / (size > 0 ? size : 1);
    return unit;
}

void say_age(struct buf *out, int64_t seconds)
{
    int64_t count;
    int unit = unit_of(seconds < 0 ? 0 : seconds, &count);
    buf_printf(out, "%lld %s", (long long)count, units[unit].name);
}

void say_age_short(struct buf *out, int64_t seconds)
{
    int64_t count;
    int unit = unit_of(seconds < 0 ? 0 : seconds, &count);
    buf_printf(out, "%lld%c", (long long)count, units[unit].letter);
}

void say_party(struct buf *out, uint8_t party_sizes)
{
    bool any = false;
    for (unsigned size = 1; size <= TEE_TIME_PARTY_MAX; size++) {
        if (!(party_sizes & tee_time_party(size)))
            continue;
        unsigned first = size;
        while (size < TEE_TIME_PARTY_MAX && party_sizes & tee_time_party(size + 1))
            size++;
        buf_printf(out, first == size ? "%s%u" : "%s%u-%u", any ? "," : "", first, size);
        any = true;
    }
}

void say_price(struct buf *out, struct str currency, int32_t cents)
{
    if (cents < 0)
        return;
    buf_put(out, currency);
    buf_printf(out, "%s%d.%02d", currency.len > 0 ? " " : "", cents / 100, cents % 100);
}
