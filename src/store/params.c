/* params.c: numbers and dates as text parameters, and back from text columns. */
#include "store/params.h"

#include <assert.h>

#include "base/day.h"
#include "base/json.h"

void params_start(struct params *params)
{
    params->count = 0;
    params->text = buf_over(params->storage, sizeof(params->storage));
}

static void add(struct params *params, struct str value)
{
    assert(params->count < PARAMS_MAX);
    params->values[params->count++] = value;
}

/* What was written to the storage since `start`. */
static void add_written(struct params *params, size_t start)
{
    assert(!params->text.overflow);
    add(params, (struct str){ params->text.ptr + start, params->text.len - start });
}

void params_str(struct params *params, struct str text)
{
    add(params, text.ptr ? text : STR(""));
}

static void params_null(struct params *params)
{
    add(params, (struct str){ NULL, 0 });
}

void params_i64(struct params *params, int64_t value)
{
    size_t start = params->text.len;
    buf_put_i64(&params->text, value);
    add_written(params, start);
}

static void params_degrees(struct params *params, double degrees)
{
    size_t start = params->text.len;
    buf_printf(&params->text, "%.10f", degrees);
    add_written(params, start);
}

void params_date(struct params *params, int32_t date)
{
    size_t start = params->text.len;
    day_format(date, &params->text);
    add_written(params, start);
}

void params_i64_if(struct params *params, bool given, int64_t value)
{
    if (given)
        params_i64(params, value);
    else
        params_null(params);
}

void params_date_if(struct params *params, bool given, int32_t date)
{
    if (given)
        params_date(params, date);
    else
        params_null(params);
}

void params_degrees_if(struct params *params, bool given, double degrees)
{
    if (given)
        params_degrees(params, degrees);
    else
        params_null(params);
}

void params_list_if(struct params *params, const struct buf *json)
{
    if (json->len)
        params_str(params, buf_view(json));
    else
        params_null(params);
}

void params_json_ids(struct buf *out, const int64_t *ids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_putc(out, i ? ',' : '[');
        buf_put_i64(out, ids[i]);
    }
    if (count)
        buf_putc(out, ']');
}

static void lower(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
}

void params_json_names(struct buf *out, const struct str *names, uint32_t count)
{
    size_t start = out->len;
    for (uint32_t i = 0; i < count; i++) {
        buf_putc(out, i ? ',' : '[');
        json_put_string(out, names[i]);
    }
    if (count)
        buf_putc(out, ']');
    /* After escaping: the only letters that JSON adds are lower case ones. */
    lower(out->ptr + start, out->len - start);
}

int64_t column_i64(struct str column, int64_t missing)
{
    int64_t value;
    return column.ptr && str_to_i64(column, INT64_MIN, INT64_MAX, &value) ? value : missing;
}

double column_degrees(struct str column, bool *ret_given)
{
    double degrees = 0;
    *ret_given = column.ptr && str_to_double(column, &degrees);
    return *ret_given ? degrees : 0;
}

int32_t column_date(struct str column)
{
    int32_t date;
    return column.ptr && day_parse(column, &date) ? date : 0;
}

enum outcome column_outcome(struct str column)
{
    enum outcome outcome;
    return column.ptr && outcome_parse(column, &outcome) ? outcome : OUTCOME_NONE;
}

bool column_flag(struct str column)
{
    return str_equal(column, STR("1"));
}
