/* attributes.c: engine attributes: JSON in, canonical packed text out. The derived id is in
 * derived_id.c. */
#include "catalogue/attributes.h"

#include <assert.h>
#include <ctype.h>

#include "base/json.h"
#include "catalogue/catalogue.h"
#include "catalogue/values.h"

#define COUNT_MAX 32 /* entries of an engine's table */

/* The reading of one row's object. */
struct reader {
    const struct engine *engine; /* or NULL */
    struct attributes *out;
    struct problems *problems;
    struct str found[COUNT_MAX]; /* by table index, in `values`; ptr NULL: not given */
    struct buf values;
    char values_storage[ATTRIBUTES_BYTES_MAX];
    char decoded[ATTRIBUTES_BYTES_MAX];
};

static bool is_list(enum engine_attr_type type)
{
    return type == ATTR_INT_LIST || type == ATTR_TEXT_LIST || type == ATTR_UUID_LIST;
}

/* Whether the comma-separated `list` holds `item`. */
static bool list_holds(struct str list, struct str item)
{
    struct str part;
    while (str_split(&list, ',', &part)) {
        if (str_equal(part, item))
            return true;
    }
    return false;
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (iscntrl((unsigned char)text.ptr[i]))
            return true;
    }
    return false;
}

static bool put_number(struct reader *reader, const struct engine_attr *attr, struct str text,
                       struct buf *out)
{
    int64_t number;
    if (str_to_i64(text, 0, INT64_MAX, &number)) {
        buf_put_i64(out, number);
        return true;
    }
    problems_add(reader->problems, attr->name,
                 "\"%.*s\" is not a whole number: give digits only",
                 STR_ARGS(problem_shown(text)));
    return false;
}

static bool put_uuid(struct reader *reader, const struct engine_attr *attr, struct str text,
                     struct buf *out)
{
    if (!str_is_uuid(text)) {
        problems_add(reader->problems, attr->name,
                     "\"%.*s\" is not a UUID: give 8-4-4-4-12 hexadecimal digits",
                     STR_ARGS(problem_shown(text)));
        return false;
    }
    for (size_t i = 0; i < text.len; i++)
        buf_putc(out, (char)tolower((unsigned char)text.ptr[i]));
    return true;
}

static bool put_text(struct reader *reader, const struct engine_attr *attr, struct str text,
                     struct buf *out)
{
    bool splits = is_list(attr->type) && memchr(text.ptr, ',', text.len);
    buf_put(out, text);
    if (!splits && !has_control(text))
        return true;
    problems_add(reader->problems, attr->name, "\"%.*s\" holds a %s: remove it",
                 STR_ARGS(problem_shown(text)), splits ? "comma" : "control character");
    return false;
}

/* Writes one item in canonical form; false, with a problem, if it is none of its type. */
static bool put_canonical(struct reader *reader, const struct engine_attr *attr,
                          struct str text, struct buf *out)
{
    if (attr->type == ATTR_INT || attr->type == ATTR_INT_LIST)
        return put_number(reader, attr, text, out);
    if (attr->type == ATTR_UUID_LIST)
        return put_uuid(reader, attr, text, out);
    return put_text(reader, attr, text, out);
}

/* Adds one item to the value that starts at `start` of reader->values. */
static bool add_item(struct reader *reader, const struct engine_attr *attr, size_t start,
                     struct str text)
{
    char storage[ATTRIBUTES_BYTES_MAX];
    struct buf item = buf_over(storage, sizeof(storage));
    text = str_trim(text);
    if (text.len == 0)
        return true;
    if (!put_canonical(reader, attr, text, &item))
        return false;
    struct str before = { reader->values.ptr + start, reader->values.len - start };
    if (is_list(attr->type) && list_holds(before, buf_view(&item)))
        return true;
    if (before.len > 0)
        buf_putc(&reader->values, ',');
    buf_put(&reader->values, buf_view(&item));
    return true;
}

static bool add_string(struct reader *reader, const struct engine_attr *attr, size_t start,
                       struct str text)
{
    struct str item;
    if (!is_list(attr->type))
        return add_item(reader, attr, start, text);
    while (str_split(&text, ',', &item)) {
        if (!add_item(reader, attr, start, item))
            return false;
    }
    return true;
}

/* Adds the next JSON value, a string or a number. */
static bool add_scalar(struct reader *reader, struct json *json, const struct engine_attr *attr,
                       size_t start, bool in_list)
{
    struct str text = { NULL, 0 };
    enum json_type type = json_peek(json);
    if (type == JSON_NULL)
        return json_null(json);
    if (type == JSON_NUMBER)
        return json_number(json, &text) && add_item(reader, attr, start, text);
    if (type != JSON_STRING) {
        problems_add(reader->problems, attr->name, "must be %s",
                     is_list(attr->type) ? "a list of texts or numbers" : "one text or number");
        return false;
    }
    if (!json_string(json, reader->decoded, sizeof(reader->decoded), &text)) {
        problems_add(reader->problems, attr->name, "not a readable text: check its escapes");
        return false;
    }
    return in_list ? add_item(reader, attr, start, text)
                   : add_string(reader, attr, start, text);
}

/* Walks a list to its end, also behind a bad item, as the reader wants. */
static bool add_list(struct reader *reader, struct json *json, const struct engine_attr *attr,
                     size_t start)
{
    bool good = true;
    (void)json_enter_array(json);
    while (json_next(json)) {
        if (good)
            good = add_scalar(reader, json, attr, start, true);
    }
    return good;
}

static void read_engine_attribute(struct reader *reader, struct json *json, unsigned index)
{
    const struct engine_attr *attr = &reader->engine->attrs[index];
    size_t start = reader->values.len;
    if (reader->found[index].ptr) {
        problems_add(reader->problems, attr->name, "given twice: keep one");
        return;
    }
    bool list = is_list(attr->type) && json_peek(json) == JSON_ARRAY;
    bool good = list ? add_list(reader, json, attr, start)
                     : add_scalar(reader, json, attr, start, false);
    if (reader->values.overflow) {
        problems_add(reader->problems, attr->name,
                     "too long: all attributes together may take %d bytes",
                     ATTRIBUTES_BYTES_MAX);
        good = false;
    }
    if (!good) {
        reader->values.len = start;
        reader->values.overflow = false;
    }
    reader->found[index] =
        (struct str){ reader->values.ptr + start, reader->values.len - start };
}

static void read_flag(struct reader *reader, struct json *json, const char *name)
{
    bool truth = false;
    struct str text;
    bool good = true;
    if (json_peek(json) == JSON_BOOL)
        good = json_bool(json, &truth);
    else if (json_peek(json) == JSON_NUMBER)
        good = json_number(json, &text) && value_truth(text, &truth);
    else if (json_peek(json) == JSON_STRING)
        good = json_string(json, reader->decoded, sizeof(reader->decoded), &text) &&
               (text.len == 0 || value_truth(text, &truth));
    else
        good = json_null(json);
    if (!good)
        problems_add(reader->problems, name, "must be true or false");
    reader->out->inactive = reader->out->inactive || truth;
}

static void read_text(struct reader *reader, struct json *json, const char *name, char *storage,
                      size_t cap)
{
    struct str text;
    if (json_peek(json) == JSON_NULL)
        return;
    if (!json_string(json, storage, cap, &text)) {
        problems_add(reader->problems, name, "must be a text of at most %zu bytes", cap - 1);
        storage[0] = '\0';
    }
}

static void read_member(struct reader *reader, struct json *json, struct str key)
{
    struct attributes *out = reader->out;
    int index = reader->engine ? engine_attr_find(reader->engine, key) : -1;
    if (index >= 0)
        read_engine_attribute(reader, json, (unsigned)index);
    else if (str_equal(key, STR("requires_login")))
        read_flag(reader, json, "requires_login");
    else if (str_equal(key, STR("disabled_in_source")))
        read_flag(reader, json, "disabled_in_source");
    else if (str_equal(key, STR("bookingUrl")))
        read_text(reader, json, "bookingUrl", out->booking_url, sizeof(out->booking_url));
    else if (str_equal(key, STR("booking_opens_local")))
        read_text(reader, json, "booking_opens_local", out->opens_local,
                  sizeof(out->opens_local));
}

/* Writes the values that were found in the order of the table, a NUL after each. */
static void pack(struct reader *reader)
{
    struct attributes *out = reader->out;
    out->len = 0;
    for (uint32_t i = 0; reader->engine && i < reader->engine->attrs_count; i++) {
        struct str value = reader->found[i];
        if (out->len + value.len + (reader->engine->attrs_count - i) > sizeof(out->packed)) {
            problems_add(reader->problems, "engine_attributes",
                         "too long: all attributes together may take %d bytes",
                         ATTRIBUTES_BYTES_MAX);
            value.len = 0;
        }
        if (value.len > 0)
            memcpy(out->packed + out->len, value.ptr, value.len);
        out->len += value.len;
        out->packed[out->len++] = '\0';
    }
}

void attributes_read(struct attributes *ret_attributes, const struct engine *engine,
                     struct str text, struct problems *problems)
{
    assert(!engine || engine->attrs_count <= COUNT_MAX);
    struct reader reader = { .engine = engine, .out = ret_attributes, .problems = problems };
    reader.values = buf_over(reader.values_storage, sizeof(reader.values_storage));
    uint32_t problems_before = problems->count;
    ret_attributes->inactive = false;
    ret_attributes->booking_url[0] = '\0';
    ret_attributes->opens_local[0] = '\0';
    struct json json = json_over(text.len > 0 ? text : STR("{}"));
    struct str key;
    bool object = json_enter_object(&json);
    while (object && json_key(&json, &key))
        read_member(&reader, &json, key);
    enum json_error error = json_finish(&json);
    if (error != JSON_OK)
        problems_add(problems, "engine_attributes", "no JSON at byte %zu (%s): mend it",
                     json_offset(&json), json_error_text(error));
    else if (!object)
        problems_add(problems, "engine_attributes",
                     "must be a JSON object, such as {\"club_id\": 1}");
    pack(&reader);
    ret_attributes->faulty = problems->count > problems_before;
}

ts_err catalogue_pack_attributes(uint32_t engine, struct str json, char *storage, size_t cap)
{
    struct attributes attributes;
    struct problems problems = { .count = 0 };
    attributes_read(&attributes, engines[engine], json, &problems);
    if (attributes.len > cap)
        return TS_ERR_FULL;
    memcpy(storage, attributes.packed, attributes.len);
    return TS_ERR_OK;
}
