/*
 * zone_rule.h: the POSIX TZ rule in a TZif file's footer ("MST7MDT,M3.2.0,M11.1.0").
 *
 * Private to base/zone.c. A plain value: no memory of its own.
 */
#ifndef TS_BASE_ZONE_RULE_H
#define TS_BASE_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define ZONE_RULE_NAME_MAX 15

/* The day and time at which a half of the year begins. */
struct zone_rule_date {
    enum {
        RULE_MONTH_WEEK_DAY, /* M3.2.0 */
        RULE_JULIAN,         /* J60: 1..365, 29 February never counted */
        RULE_DAY_OF_YEAR     /* 60: 0..365 */
    } kind;
    int16_t day; /* of the week 0 (Sunday)..6, or of the year */
    uint8_t month, week;
    int32_t time; /* seconds after local midnight, may be negative or beyond a day */
};

struct zone_rule {
    bool has_standard; /* false: no rule */
    bool has_daylight;
    int32_t standard_offset, daylight_offset; /* seconds east of UTC */
    struct zone_rule_date daylight_start, daylight_end;
    char standard_name[ZONE_RULE_NAME_MAX + 1], daylight_name[ZONE_RULE_NAME_MAX + 1];
};

/* The whole text must be a rule. Daylight time needs its dates (RFC 8536). */
bool zone_rule_parse(struct str text, struct zone_rule *ret_rule);

/* The offset at an instant, its abbreviation (borrowed from rule), and until when it holds
 * (INT64_MAX: for ever). */
int32_t zone_rule_offset_at(const struct zone_rule *rule, int64_t unix_seconds,
                            const char **ret_abbreviation, int64_t *ret_until);

#endif
