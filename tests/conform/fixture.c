/* fixture.c: reading the case files of tests/fixtures. */
#include "conform/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "support/unit.h"

#define TEXT_MAX      (256u * 1024)
#define REPEAT_COUNTS 10 /* {n} starts here */

/* What the lines that follow belong to. */
enum section { HEAD, BODY, EXPECT };

struct reader {
    struct fixture *fixture;
    struct buf text; /* of the body or the expectation that is being read */
    enum section section;
    char *ask, *ask_body;
};

static char *copy(struct str text)
{
    char *own = mem_alloc(text.len + 1, 1);
    assert_non_null(own);
    if (text.len > 0)
        memcpy(own, text.ptr, text.len);
    return own;
}

void fixture_set_body(struct fixture_reply *reply, struct str text)
{
    mem_free(reply->body);
    reply->body = mem_alloc(text.len > 0 ? text.len : 1, 1);
    assert_non_null(reply->body);
    if (text.len > 0)
        memcpy(reply->body, text.ptr, text.len);
    reply->http.body = (struct str){ reply->body, text.len };
}

static void end_section(struct reader *reader)
{
    struct fixture *fixture = reader->fixture;
    struct str text = buf_view(&reader->text);
    assert_false(reader->text.overflow);
    if (reader->section == BODY)
        fixture_set_body(&fixture->replies[fixture->replies_count - 1], text);
    else if (reader->section == EXPECT)
        fixture->expects[fixture->expects_count++] = copy(text);
    buf_reset(&reader->text);
    reader->section = HEAD;
}

static void put_attribute(struct str text, const char *name, struct buf *out)
{
    struct str rest = text, word;
    size_t len = strlen(name);
    while (str_split(&rest, ' ', &word))
        if (word.len > len && memcmp(word.ptr, name, len) == 0 && word.ptr[len] == '=')
            buf_put(out, (struct str){ word.ptr + len + 1, word.len - len - 1 });
    buf_putc(out, '\0');
}

void fixture_course(const struct engine *engine, struct str text, char *storage, size_t cap,
                    struct course *ret_course)
{
    struct buf packed = buf_over(storage, cap), holes;
    char holes_storage[8];
    int64_t value = 0;
    for (uint32_t i = 0; i < engine->attrs_count; i++)
        put_attribute(text, engine->attrs[i].name, &packed);
    assert_false(packed.overflow);
    holes = buf_over(holes_storage, sizeof(holes_storage));
    put_attribute(text, "holes", &holes);
    if (holes_storage[0])
        assert_true(str_to_i64(str_of(holes_storage), 0, 99, &value));
    *ret_course = (struct course){ .id = 1,
                                   .attributes = storage,
                                   .engine = (uint8_t)engine_find(str_of(engine->name)),
                                   .window_days = COURSE_WINDOW_UNKNOWN,
                                   .holes = (uint8_t)value,
                                   .currency = "CAD" };
}

static void read_course(struct fixture *fixture, struct str text)
{
    uint32_t i = fixture->courses_count++;
    assert_true(i < ENGINE_TASK_COURSES_MAX);
    fixture_course(fixture->engine, text, fixture->attributes[i],
                   sizeof(fixture->attributes[i]), &fixture->courses[i]);
    fixture->courses[i].id = (int64_t)i + 1;
}

static void set_header(struct http_reply *http, struct str word)
{
    char *into = http->content_type;
    size_t cap = sizeof(http->content_type);
    if (str_has_prefix(word, STR("total="))) {
        into = http->total;
        cap = sizeof(http->total);
    } else if (str_has_prefix(word, STR("cf-mitigated="))) {
        into = http->cf_mitigated;
        cap = sizeof(http->cf_mitigated);
    }
    const char *equals = memchr(word.ptr, '=', word.len);
    struct str value = word;
    if (into != http->content_type && equals)
        value = (struct str){ equals + 1, (size_t)(word.ptr + word.len - equals - 1) };
    assert_true(value.len < cap);
    memcpy(into, value.ptr, value.len);
    into[value.len] = '\0';
}

static void read_reply(struct reader *reader, struct str text)
{
    struct fixture *fixture = reader->fixture;
    struct fixture_reply *reply = &fixture->replies[fixture->replies_count++];
    struct str word;
    int64_t status = 0;
    assert_true(fixture->replies_count <= FIXTURE_REPLIES_MAX);
    assert_true(str_split(&text, ' ', &word) && str_to_i64(word, 0, 999, &status));
    *reply = (struct fixture_reply){ .ask = reader->ask, .ask_body = reader->ask_body };
    reply->http.status = (uint16_t)status;
    reply->http.retry_after_us = -1;
    while (str_split(&text, ' ', &word))
        set_header(&reply->http, word);
    reader->ask = reader->ask_body = NULL;
    reader->section = BODY;
}

static void read_skipped(struct fixture *fixture, struct str text)
{
    struct str word;
    int64_t count = 0;
    assert_true(str_split(&text, ' ', &word) && str_to_i64(word, 0, 9999, &count));
    fixture->skipped = (uint32_t)count;
    assert_true(text.len < sizeof(fixture->skipped_field));
    memcpy(fixture->skipped_field, text.ptr, text.len);
}

static bool take_prefix(struct str line, const char *prefix, struct str *ret_rest)
{
    if (!str_has_prefix(line, str_of(prefix)))
        return false;
    size_t len = strlen(prefix);
    *ret_rest = str_trim((struct str){ line.ptr + len, line.len - len });
    return true;
}

static bool read_directive(struct reader *reader, struct str line)
{
    struct fixture *fixture = reader->fixture;
    struct str rest;
    int64_t count = 0;
    if (take_prefix(line, "date:", &rest)) {
        assert_true(day_parse(rest, &fixture->date));
    } else if (take_prefix(line, "zone:", &rest)) {
        assert_int_equal(zone_new(rest, &fixture->zone, NULL), TS_ERR_OK);
    } else if (take_prefix(line, "course:", &rest)) {
        read_course(fixture, rest);
    } else if (take_prefix(line, "ask:", &rest)) {
        reader->ask = copy(rest);
    } else if (take_prefix(line, "ask-body:", &rest)) {
        reader->ask_body = copy(rest);
    } else if (take_prefix(line, "skipped:", &rest)) {
        read_skipped(fixture, rest);
    } else if (take_prefix(line, "restarts:", &rest)) {
        assert_true(str_to_i64(rest, 0, 9, &count));
        fixture->restarts = (uint32_t)count;
    } else {
        return false;
    }
    return true;
}

/* "repeat 24: TEXT": TEXT so many times, comma-separated, {n} counted. */
static bool put_repeated(struct buf *out, struct str line)
{
    struct str count_text, rest;
    int64_t count = 0;
    if (!take_prefix(line, "repeat ", &rest) || !str_split(&rest, ':', &count_text) ||
        !str_to_i64(count_text, 1, 90, &count))
        return false;
    for (int64_t n = REPEAT_COUNTS; n < REPEAT_COUNTS + count; n++) {
        if (n > REPEAT_COUNTS)
            buf_putc(out, ',');
        for (size_t i = 0; i < rest.len; i++) {
            if (i + 3 <= rest.len && memcmp(rest.ptr + i, "{n}", 3) == 0) {
                buf_put_i64(out, n);
                i += 2;
            } else {
                buf_putc(out, rest.ptr[i]);
            }
        }
    }
    buf_putc(out, '\n');
    return true;
}

static void read_line(struct reader *reader, struct str line)
{
    struct str rest;
    if (take_prefix(line, "reply:", &rest)) {
        end_section(reader);
        read_reply(reader, rest);
    } else if (take_prefix(line, "expect:", &rest)) {
        end_section(reader);
        reader->section = EXPECT;
        buf_put(&reader->text, rest);
        buf_putc(&reader->text, '\n');
    } else if (str_has_prefix(line, STR("#"))) {
        return;
    } else if (read_directive(reader, line)) {
        end_section(reader);
    } else if (reader->section == BODY && put_repeated(&reader->text, line)) {
        return;
    } else if (reader->section != HEAD && line.len > 0) {
        buf_put(&reader->text, line);
        buf_putc(&reader->text, '\n');
    } else {
        assert_int_equal(line.len, 0);
    }
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    out->len = fread(out->ptr, 1, out->cap - 1, file);
    assert_true(out->len < out->cap - 1);
    assert_int_equal(fclose(file), 0);
}

struct fixture *fixture_new(const char *path, const struct engine *engine)
{
    struct fixture *fixture = mem_alloc(1, sizeof(*fixture));
    char *file_storage = mem_alloc(TEXT_MAX, 1), *text_storage = mem_alloc(TEXT_MAX, 1);
    assert_true(fixture && file_storage && text_storage);
    struct buf file = buf_over(file_storage, TEXT_MAX);
    struct reader reader = { .fixture = fixture, .text = buf_over(text_storage, TEXT_MAX) };
    struct str line;
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s", path);
    fixture->engine = engine;
    read_file(path, &file);
    struct str rest = buf_view(&file);
    while (str_split(&rest, '\n', &line))
        read_line(&reader, line);
    end_section(&reader);
    mem_free(file_storage);
    mem_free(text_storage);
    return fixture;
}

void fixture_free(struct fixture *fixture)
{
    if (!fixture)
        return;
    for (uint32_t i = 0; i < fixture->replies_count; i++) {
        mem_free(fixture->replies[i].body);
        mem_free(fixture->replies[i].ask);
        mem_free(fixture->replies[i].ask_body);
    }
    for (uint32_t i = 0; i < fixture->expects_count; i++)
        mem_free(fixture->expects[i]);
    zone_free(fixture->zone);
    mem_free(fixture);
}

static int is_case(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".case") == 0;
}

static uint32_t play_folder(const struct engine *engine, void (*play)(struct fixture *fixture))
{
    char folder[400], path[700];
    struct dirent **entries;
    (void)snprintf(folder, sizeof(folder), TS_SOURCE_DIR "/tests/fixtures/%s", engine->name);
    int count = scandir(folder, &entries, is_case, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        struct fixture *fixture = fixture_new(path, engine);
        play(fixture);
        fixture_free(fixture);
        free(entries[i]);
    }
    free(entries);
    return (uint32_t)count;
}

uint32_t fixture_each(void (*play)(struct fixture *fixture))
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < engines_count; i++)
        count += play_folder(engines[i], play);
    return count;
}
