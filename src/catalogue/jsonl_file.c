/* jsonl_file.c: a catalogue as JSON Lines: one object a line, with the columns' names. */
#include "base/json.h"
#include "base/mem.h"
#include "catalogue/builder.h"

#define LINE_BYTES_MAX 65536

/* Two buffers of a line each: as read, and its strings decoded, which are never longer. */
struct reading {
    struct catalogue_builder *builder;
    struct error *reterr;
    uint32_t line;
    char raw[LINE_BYTES_MAX];
    struct buf decoded;
    char decoded_storage[LINE_BYTES_MAX + COLUMN_COUNT];
};

/* A string's decoded text, kept beside those before it. */
static bool decode(struct reading *reading, struct json *json, struct str *ret_text)
{
    struct buf *decoded = &reading->decoded;
    if (!json_string(json, decoded->ptr + decoded->len, decoded->cap - decoded->len, ret_text))
        return false;
    decoded->len += ret_text->len + 1;
    return true;
}

static bool read_truth(struct json *json, struct str *ret_text)
{
    bool truth;
    if (!json_bool(json, &truth))
        return false;
    *ret_text = truth ? STR("true") : STR("false");
    return true;
}

/* The next value as a CSV field would have it. */
static bool read_value(struct reading *reading, struct json *json, enum column column,
                       struct str *ret_text)
{
    enum json_type type = json_peek(json);
    *ret_text = (struct str){ NULL, 0 };
    if (type == JSON_NULL)
        return json_null(json);
    if (type == JSON_NUMBER)
        return json_number(json, ret_text);
    if (type == JSON_STRING)
        return decode(reading, json, ret_text);
    if (type == JSON_BOOL)
        return read_truth(json, ret_text);
    return type == JSON_OBJECT && column == COLUMN_ENGINE_ATTRIBUTES &&
           json_raw(json, ret_text);
}

static ts_err read_line(struct reading *reading, struct str line)
{
    struct str texts[COLUMN_COUNT] = { { NULL, 0 } };
    struct json json = json_over(line);
    struct str key;
    struct problems *problems = &reading->builder->problems;
    problems->count = 0;
    reading->decoded = buf_over(reading->decoded_storage, sizeof(reading->decoded_storage));
    bool object = json_enter_object(&json);
    while (object && json_key(&json, &key)) {
        enum column column = column_find(key);
        if (column != COLUMN_COUNT && !read_value(reading, &json, column, &texts[column]))
            problems_add(problems, column_name(column), "must be a readable text or number");
    }
    enum json_error error = json_finish(&json);
    if (error != JSON_OK)
        return error_set(reading->reterr, TS_ERR_CATALOGUE,
                         "line %u, byte %zu: %s: each line must be one JSON object",
                         reading->line, json_offset(&json), json_error_text(error));
    if (!object)
        return error_set(reading->reterr, TS_ERR_CATALOGUE,
                         "line %u: each line must be one JSON object", reading->line);
    return builder_add_texts(reading->builder, texts, reading->line, reading->reterr);
}

/* The next line without its end; false at the end of the file. A line that does not fit is cut
 * there, with *ret_fits false. */
static bool next_line(struct reading *reading, FILE *file, struct str *ret_line, bool *ret_fits)
{
    size_t len = 0;
    int c;
    while ((c = getc_unlocked(file)) != EOF && c != '\n' && len < sizeof(reading->raw))
        reading->raw[len++] = (char)c;
    if (c == EOF && len == 0)
        return false;
    reading->line++;
    *ret_line = (struct str){ reading->raw, len };
    *ret_fits = c == EOF || c == '\n';
    return true;
}

static ts_err read_lines(struct reading *reading, FILE *file)
{
    static const struct str mark = { "\xef\xbb\xbf", 3 };
    struct str line;
    bool fits;
    ts_err err = TS_ERR_OK;
    while (err == TS_ERR_OK && next_line(reading, file, &line, &fits)) {
        if (!fits)
            return error_set(reading->reterr, TS_ERR_CATALOGUE, "line %u: longer than %d bytes",
                             reading->line, LINE_BYTES_MAX);
        if (reading->line == 1 && str_has_prefix(line, mark))
            line = (struct str){ line.ptr + mark.len, line.len - mark.len };
        if (str_trim(line).len > 0)
            err = read_line(reading, line);
    }
    if (err == TS_ERR_OK && ferror(file))
        return error_set(reading->reterr, TS_ERR_IO, "reading failed after line %u",
                         reading->line);
    return err;
}

ts_err jsonl_file_read(FILE *file, struct catalogue_builder *builder, struct error *reterr)
{
    struct reading *reading = mem_alloc(1, sizeof(*reading));
    if (!reading)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the catalogue");
    reading->builder = builder;
    reading->reterr = reterr;
    ts_err err = read_lines(reading, file);
    mem_free(reading);
    return err;
}
