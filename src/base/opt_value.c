/* opt_value.c: the values of options, by type: reading, limits, and what to say when wrong. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/opt_table.h"

#define SHOWN_BYTES 60

/* What is being read, and from where. */
struct source {
    const struct opt *opt;
    const char *label;
    struct str value;
    struct error *reterr;
};

static const struct {
    const char *name;
    bool value;
} truths[] = {
    { "1", true },  { "true", true },   { "yes", true }, { "on", true },
    { "0", false }, { "false", false }, { "no", false }, { "off", false },
};

/* The value in quotes, printable, cut: an error is one line. */
static void put_shown(const struct source *source, struct buf *out)
{
    if (source->opt->secret) {
        buf_puts(out, "the value");
        return;
    }
    buf_putc(out, '"');
    for (size_t i = 0; i < source->value.len && i < SHOWN_BYTES; i++) {
        char c = source->value.ptr[i];
        buf_putc(out, iscntrl((unsigned char)c) ? '?' : c);
    }
    buf_puts(out, source->value.len > SHOWN_BYTES ? "...\"" : "\"");
}

static ts_err refuse(const struct source *source, const char *reason)
{
    char storage[SHOWN_BYTES + 10];
    struct buf shown = buf_over(storage, sizeof(storage));
    put_shown(source, &shown);
    return error_set(source->reterr, TS_ERR_USAGE, "%s: %s %s", source->label, storage, reason);
}

struct unit {
    int64_t size;
    const char *name;
};

/* "5m", "64M": the largest unit that divides the number, as a user would type it. */
static void put_in_units(struct buf *out, int64_t value, const struct unit *units)
{
    while (units->size > 1 && (value == 0 || value % units->size != 0))
        units++;
    buf_put_i64(out, value / units->size);
    if (value != 0)
        buf_puts(out, units->name);
}

static void put_number(struct buf *out, enum opt_type type, int64_t value)
{
    static const struct unit bytes[] = {
        { (int64_t)1 << 30, "G" }, { 1 << 20, "M" }, { 1 << 10, "K" }, { 1, "" }
    };
    static const struct unit durations[] = {
        { 86400 * CLOCK_SECOND_US, "d" }, { 3600 * CLOCK_SECOND_US, "h" },
        { 60 * CLOCK_SECOND_US, "m" },    { CLOCK_SECOND_US, "s" },
        { CLOCK_SECOND_US / 1000, "ms" }, { 1, "us" }
    };
    if (type == OPT_BYTES)
        put_in_units(out, value, bytes);
    else if (type == OPT_DURATION)
        put_in_units(out, value, durations);
    else
        buf_put_i64(out, value);
}

static void put_range(const struct opt *opt, struct buf *out)
{
    put_number(out, opt->type, opt->min);
    if (opt->max != 0) {
        buf_puts(out, "..");
        put_number(out, opt->type, opt->max);
    } else {
        buf_puts(out, " or more");
    }
}

static ts_err check_range(const struct source *source, int64_t value)
{
    const struct opt *opt = source->opt;
    if (value >= opt->min && (opt->max == 0 || value <= opt->max))
        return TS_ERR_OK;
    char storage[80];
    struct buf reason = buf_over(storage, sizeof(storage));
    buf_puts(&reason, "is out of range ");
    put_range(opt, &reason);
    return refuse(source, storage);
}

static ts_err set_flag(const struct source *source, void *place)
{
    for (size_t i = 0; i < TS_COUNT_OF(truths); i++) {
        if (str_equal_nocase(source->value, str_of(truths[i].name))) {
            memcpy(place, &truths[i].value, sizeof(bool));
            return TS_ERR_OK;
        }
    }
    return refuse(source, "is neither 1, true, yes, on nor 0, false, no, off");
}

static ts_err set_text(const struct source *source, void *place)
{
    memcpy(place, &source->value.ptr, sizeof(const char *));
    return TS_ERR_OK;
}

static ts_err set_list(const struct source *source, void *place)
{
    struct opt_list *list = place;
    struct str rest = source->value;
    struct str item;
    uint32_t found = 0;
    while (str_split(&rest, ',', &item)) {
        item = str_trim(item);
        if (item.len == 0)
            continue;
        if (list->count == OPT_LIST_MAX)
            return error_set(source->reterr, TS_ERR_USAGE, "%s: more than %d values",
                             source->label, OPT_LIST_MAX);
        list->items[list->count++] = item;
        found++;
    }
    return found > 0 ? TS_ERR_OK : refuse(source, "names nothing");
}

static ts_err set_count(const struct source *source, void *place)
{
    int64_t value;
    if (!str_to_i64(source->value, INT64_MIN, INT64_MAX, &value))
        return refuse(source, "is not a whole number");
    ts_err err = check_range(source, value);
    if (!err)
        memcpy(place, &value, sizeof(value));
    return err;
}

static ts_err set_bytes(const struct source *source, void *place)
{
    uint64_t value;
    if (!str_to_bytes(source->value, &value) || value > INT64_MAX)
        return refuse(source, "is not a size (like 64M, 512K, 1G)");
    ts_err err = check_range(source, (int64_t)value);
    if (!err)
        memcpy(place, &value, sizeof(value));
    return err;
}

static ts_err set_duration(const struct source *source, void *place)
{
    int64_t value;
    if (!str_to_duration(source->value, &value))
        return refuse(source, "is not a duration (like 250ms, 2.5s, 20m, 6h, 14d)");
    ts_err err = check_range(source, value);
    if (!err)
        memcpy(place, &value, sizeof(value));
    return err;
}

static ts_err set_date(const struct source *source, void *place)
{
    int32_t date;
    if (!day_parse(source->value, &date))
        return refuse(source, "is not a date (like 2026-12-05)");
    memcpy(place, &date, sizeof(date));
    return TS_ERR_OK;
}

static ts_err set_instant(const struct source *source, void *place)
{
    int64_t instant;
    if (!instant_parse(source->value, &instant))
        return refuse(source, "is not an instant (like 2026-12-05T06:00:00Z)");
    memcpy(place, &instant, sizeof(instant));
    return TS_ERR_OK;
}

static void put_choices(const struct opt *opt, struct buf *out)
{
    for (int i = 0; opt->choices[i]; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", opt->choices[i]);
}

static ts_err set_choice(const struct source *source, void *place)
{
    const struct opt *opt = source->opt;
    for (int i = 0; opt->choices[i]; i++) {
        if (str_equal(source->value, str_of(opt->choices[i]))) {
            const int choice = i;
            memcpy(place, &choice, sizeof(choice));
            return TS_ERR_OK;
        }
    }
    char storage[160];
    struct buf reason = buf_over(storage, sizeof(storage));
    buf_puts(&reason, "is none of ");
    put_choices(opt, &reason);
    return refuse(source, storage);
}

static const struct {
    ts_err (*set)(const struct source *source, void *place);
    size_t size;
} types[] = {
    [OPT_FLAG] = { set_flag, sizeof(bool) },
    [OPT_TEXT] = { set_text, sizeof(const char *) },
    [OPT_LIST] = { set_list, sizeof(struct opt_list) },
    [OPT_COUNT] = { set_count, sizeof(int64_t) },
    [OPT_BYTES] = { set_bytes, sizeof(uint64_t) },
    [OPT_DURATION] = { set_duration, sizeof(int64_t) },
    [OPT_DATE] = { set_date, sizeof(int32_t) },
    [OPT_INSTANT] = { set_instant, sizeof(int64_t) },
    [OPT_CHOICE] = { set_choice, sizeof(int) },
};

ts_err opt_value_set(const struct opt *opt, const char *label, const char *value, void *options,
                     struct error *reterr)
{
    const struct source source = { opt, label, str_of(value), reterr };
    return types[opt->type].set(&source, (char *)options + opt->offset);
}

void opt_value_clear(const struct opt *opt, void *options)
{
    memset((char *)options + opt->offset, 0, types[opt->type].size);
}

ts_err opt_set(const struct opt *opt, const char *value, void *options, struct error *reterr)
{
    char label[OPT_NAME_BYTES];
    (void)snprintf(label, sizeof(label), "--%s", opt->name);
    return opt_value_set(opt, label, value, options, reterr);
}

void opt_put_limits(const struct opt *opt, struct buf *out)
{
    const char *between = "";
    bool numeric =
        opt->type == OPT_COUNT || opt->type == OPT_BYTES || opt->type == OPT_DURATION;
    if (opt->type == OPT_CHOICE) {
        put_choices(opt, out);
        between = "; ";
    } else if (numeric && opt->max != 0) {
        put_range(opt, out);
        between = "; ";
    }
    if (opt->default_text && !opt->secret) {
        buf_printf(out, "%sdefault %s", between, opt->default_text);
        between = "; ";
    }
    if (opt->env_also)
        buf_printf(out, "%salso %s", between, opt->env_also);
}
