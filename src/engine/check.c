/* check.c: numbers, host labels and lists in catalogue rows. */
#include "engine/check.h"

#include <ctype.h>

#define LABEL_MAX 63 /* RFC 1035 */

ts_err engine_check_numbers(const struct course *course, const struct engine_attr *attrs,
                            const struct engine_number *numbers, uint32_t count,
                            struct error *reterr)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *name = attrs[numbers[i].attribute].name;
        struct str text = course_attribute(course, numbers[i].attribute);
        int64_t value;
        if (text.len == 0 && numbers[i].is_required)
            return error_set(reterr, TS_ERR_CATALOGUE, "%s is missing", name);
        if (text.len > 0 && !str_to_i64(text, numbers[i].min, INT32_MAX, &value))
            return error_set(reterr, TS_ERR_CATALOGUE, "%s: \"%.*s\" is no number of %lld..%d",
                             name, STR_ARGS(text), (long long)numbers[i].min, INT32_MAX);
    }
    return TS_ERR_OK;
}

static bool is_label(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && text.ptr[i] != '-')
            return false;
    return text.len <= LABEL_MAX && text.ptr[0] != '-';
}

ts_err engine_check_label(const struct course *course, const struct engine_attr *attrs,
                          unsigned attribute, struct error *reterr)
{
    struct str text = course_attribute(course, attribute);
    if (text.len == 0)
        return error_set(reterr, TS_ERR_CATALOGUE, "%s is missing", attrs[attribute].name);
    if (!is_label(text))
        return error_set(reterr, TS_ERR_CATALOGUE, "%s: \"%.*s\" is no host name",
                         attrs[attribute].name, STR_ARGS(text));
    return TS_ERR_OK;
}

int64_t engine_attribute_number(const struct course *course, unsigned attribute)
{
    int64_t value;
    return str_to_i64(course_attribute(course, attribute), 0, INT32_MAX, &value) ? value : 0;
}

uint32_t engine_list_count(struct str list)
{
    struct str part;
    uint32_t count = 0;
    while (str_split(&list, ',', &part))
        count++;
    return count;
}

struct str engine_list_at(struct str list, uint32_t index)
{
    struct str part;
    while (str_split(&list, ',', &part))
        if (index-- == 0)
            return part;
    return (struct str){ NULL, 0 };
}
