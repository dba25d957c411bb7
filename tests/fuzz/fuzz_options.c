/*
 * fuzz_options.c: what a user can type: the value of every option of collect and search, of
 * --max-age and of --date.
 *
 * The first byte chooses the option, the rest is its value. A value is taken within the limits
 * of its option, or refused with a reason of one line that does not show a secret.
 */
#include <assert.h>
#include <string.h>

#include "base/day.h"
#include "base/opt.h"
#include "cmd/collect_options.h"
#include "cmd/dates.h"
#include "cmd/search_options.h"
#include "plan/age.h"
#include "support/fuzz.h"

#define TEXT_MAX 4096

union options {
    struct collect_options collect;
    struct search_options search;
};

static const void *field(const union options *options, const struct opt *opt)
{
    return (const char *)options + opt->offset;
}

static void check_number(const struct opt *opt, int64_t value)
{
    assert(value >= opt->min && (opt->max == 0 || value <= opt->max));
}

static void check_list(const struct opt_list *list, const char *text)
{
    assert(list->count <= OPT_LIST_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        assert(list->items[i].ptr >= text);
        assert(list->items[i].ptr + list->items[i].len <= text + strlen(text));
    }
}

static void check_taken(const struct opt *opt, const union options *options, const char *text)
{
    const void *value = field(options, opt);
    uint32_t choices = 0;
    switch (opt->type) {
    case OPT_COUNT:
    case OPT_DURATION:
        check_number(opt, *(const int64_t *)value);
        break;
    case OPT_BYTES:
        assert(*(const uint64_t *)value >= (uint64_t)opt->min);
        break;
    case OPT_CHOICE:
        while (opt->choices[choices])
            choices++;
        assert((uint32_t) * (const int *)value < choices);
        break;
    case OPT_LIST:
        check_list(value, text);
        break;
    case OPT_FLAG:
    case OPT_TEXT:
    case OPT_DATE:
    case OPT_INSTANT:
        break;
    }
}

static void check_refusal(ts_err err, const struct error *error)
{
    assert(err == TS_ERR_USAGE && error->code == err && error->text[0]);
    for (const char *at = error->text; *at; at++)
        assert(*at != '\n' && *at != '\x1b');
}

static void set_one(const struct opt *opt, const char *text)
{
    union options options;
    memset(&options, 0, sizeof(options));
    struct error error = { 0 };
    ts_err err = opt_set(opt, text, &options, &error);
    if (err)
        check_refusal(err, &error);
    else
        check_taken(opt, &options, text);
}

static void read_ages(const char *text)
{
    struct plan_ages ages = { 0 };
    struct error error = { 0 };
    ts_err err = plan_ages_parse(str_of(text), &ages, &error);
    if (err) {
        check_refusal(err, &error);
        return;
    }
    assert(ages.count <= PLAN_AGE_TIERS_MAX); /* none of an empty text */
    for (int32_t days = -1; days < 100; days++)
        assert(plan_ages_limit(&ages, days) >= 0);
}

static void read_dates(const char *text)
{
    struct dates dates;
    struct error error = { 0 };
    ts_err err = dates_parse(text, &dates, &error);
    if (err) {
        check_refusal(err, &error);
        return;
    }
    for (int32_t today = 20000; today < 20008; today++)
        (void)dates_resolve(&dates, today);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX];
    if (size < 1 || size > sizeof(text))
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    uint32_t choice = data[0];
    uint32_t collect = collect_command.opts_count, search = search_command.opts_count;
    choice %= collect + search + 2;
    if (choice < collect)
        set_one(&collect_command.opts[choice], text);
    else if (choice < collect + search)
        set_one(&search_command.opts[choice - collect], text);
    else if (choice == collect + search)
        read_ages(text);
    else
        read_dates(text);
    return 0;
}
