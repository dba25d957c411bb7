/* recording_read.c: the files of `collect --record`, read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/day.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/sort.h"
#include "host/recording.h"

#define SUFFIX         ".exchanges"
#define FILES_MAX      4096
#define PATH_BYTES     4096
#define LINE_BYTES     16384
#define BODY_BYTES_MAX ((uint64_t)64 << 20)
#define FIRST_PLACES   1024

struct recording {
    const char *dir; /* the caller's */
    char *files[FILES_MAX];
    uint32_t files_count, cut_files;
    struct recorded *places;
    uint64_t count, cap;
    int file; /* open, or -1 */
    uint32_t file_index;
    char *body;
    uint64_t body_cap;
    char line[LINE_BYTES];
};

/* ---- A header ---- */

struct header {
    struct exchange *exchange;
    struct buf texts; /* over its storage */
};

struct field;
typedef void field_fn(struct header *header, const struct field *field, struct json *json);

/* How a member of the header is read, and where to. */
struct field {
    const char *name;
    field_fn *read;
    size_t offset, size; /* within struct exchange */
};

static char *place_of(struct header *header, const struct field *field)
{
    return (char *)header->exchange + field->offset;
}

static void read_text(struct header *header, const struct field *field, struct json *json)
{
    char *storage = header->texts.ptr + header->texts.len;
    struct str text;
    if (!json_string(json, storage, header->texts.cap - header->texts.len, &text))
        return;
    header->texts.len += text.len + 1;
    memcpy(place_of(header, field), &text, sizeof(text));
}

static void read_short(struct header *header, const struct field *field, struct json *json)
{
    struct str text;
    if (!json_string(json, place_of(header, field), field->size, &text))
        *place_of(header, field) = '\0';
}

/* A negative one means "none" and stays what it is without: retry_after_us. */
static void read_number(struct header *header, const struct field *field, struct json *json)
{
    int64_t value;
    if (json_peek(json) != JSON_NUMBER || !json_i64(json, &value) || value < 0)
        return;
    uint32_t small = value <= INT32_MAX ? (uint32_t)value : 0;
    if (field->size == sizeof(value))
        memcpy(place_of(header, field), &value, sizeof(value));
    else
        memcpy(place_of(header, field), &small, sizeof(small));
}

static void read_status(struct header *header, const struct field *field, struct json *json)
{
    int64_t value;
    (void)field;
    if (json_i64(json, &value) && value >= 0 && value < 1000)
        header->exchange->reply.status = (uint16_t)value;
}

static void read_end(struct header *header, const struct field *field, struct json *json)
{
    int64_t value;
    (void)field;
    if (json_i64(json, &value) && value >= 0 && value <= HTTP_END_CANCELLED)
        header->exchange->reply.end = (enum http_end)value;
}

static void read_engine(struct header *header, const struct field *field, struct json *json)
{
    struct str name;
    (void)field;
    if (json_string_raw(json, &name))
        header->exchange->engine = engine_find(name);
}

static void read_nonce(struct header *header, const struct field *field, struct json *json)
{
    struct str hex;
    uint8_t *nonce = header->exchange->nonce;
    if (!json_string_raw(json, &hex) || hex.len != 2 * field->size)
        return;
    for (size_t i = 0; i < hex.len; i++) {
        char c = hex.ptr[i];
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
        nonce[i / 2] = (uint8_t)((unsigned)nonce[i / 2] << 4 | (digit & 15));
    }
}

static void read_courses(struct header *header, const struct field *field, struct json *json)
{
    struct exchange *exchange = header->exchange;
    (void)field;
    if (!json_enter_array(json))
        return;
    while (json_next(json)) {
        if (exchange->courses_count < ENGINE_TASK_COURSES_MAX &&
            json_i64(json, &exchange->courses[exchange->courses_count]))
            exchange->courses_count++;
    }
}

static void read_date(struct header *header, const struct field *field, struct json *json)
{
    struct str text;
    (void)field;
    if (json_string_raw(json, &text) && !day_parse(text, &header->exchange->play_date))
        header->exchange->play_date = 0;
}

static void read_flag(struct header *header, const struct field *field, struct json *json)
{
    (void)field;
    (void)json_bool(json, &header->exchange->second_look);
}

#define AT(member) offsetof(struct exchange, member), sizeof(((struct exchange *)0)->member)

static const struct field fields[] = {
    { "teesheet_exchange", read_number, AT(version) },
    { "engine", read_engine, AT(engine) },
    { "conversation", read_nonce, AT(nonce) },
    { "attempt", read_number, AT(attempt) },
    { "second_look", read_flag, AT(second_look) },
    { "courses", read_courses, AT(courses) },
    { "play_date", read_date, AT(play_date) },
    { "step", read_number, AT(step) },
    { "asked", read_text, AT(asked) },
    { "end", read_end, AT(reply.end) },
    { "status", read_status, AT(reply.status) },
    { "content_type", read_short, AT(reply.content_type) },
    { "cf_mitigated", read_short, AT(reply.cf_mitigated) },
    { "total", read_short, AT(reply.total) },
    { "retry_after_us", read_number, AT(reply.retry_after_us) },
    { "received_at", read_number, AT(reply.received_at) },
    { "duration_us", read_number, AT(reply.duration_us) },
    { "detail", read_text, AT(detail) },
    { "body_bytes", read_number, AT(body_bytes) },
    { "body_file", read_text, AT(body_file) },
};

static const struct field *find_field(struct str name)
{
    for (size_t i = 0; i < TS_COUNT_OF(fields); i++) {
        if (str_equal(name, str_of(fields[i].name)))
            return &fields[i];
    }
    return NULL;
}

bool exchange_parse(struct str line, struct exchange *ret_exchange)
{
    *ret_exchange = (struct exchange){
        .engine = -1,
        .attempt = 1,
        .reply = { .status = 200, .content_type = "application/json", .retry_after_us = -1 }
    };
    struct header header = { .exchange = ret_exchange,
                             .texts = buf_over(ret_exchange->storage,
                                               sizeof(ret_exchange->storage)) };
    struct json json = json_over(line);
    struct str key;
    if (!json_enter_object(&json))
        return false;
    while (json_key(&json, &key)) {
        const struct field *field = find_field(key);
        if (field)
            field->read(&header, field, &json);
    }
    ret_exchange->reply.detail = ret_exchange->detail.ptr;
    return json_finish(&json) == JSON_OK && ret_exchange->version == 1 &&
           ret_exchange->courses_count > 0 && ret_exchange->play_date > 0 &&
           ret_exchange->reply.received_at > 0;
}

/* ---- All of them ---- */

static struct recorded *new_place(struct recording *recording)
{
    if (recording->count == recording->cap) {
        uint64_t cap = recording->cap ? recording->cap * 2 : FIRST_PLACES;
        struct recorded *grown = mem_grow(recording->places, cap, sizeof(*grown));
        if (!grown)
            return NULL;
        recording->places = grown;
        recording->cap = cap;
    }
    return &recording->places[recording->count];
}

/* Hand-made ones without a number are one conversation per tee sheet. */
static uint64_t conversation_of(const struct exchange *exchange)
{
    uint64_t hash = hash_bytes(HASH_START, exchange->nonce, sizeof(exchange->nonce));
    for (uint32_t i = 0; i < exchange->courses_count; i++)
        hash = hash_u64(hash, (uint64_t)exchange->courses[i]);
    return hash_u64(hash, (uint64_t)exchange->play_date);
}

static ts_err add_place(struct recording *recording, const struct exchange *exchange,
                        int64_t at)
{
    struct recorded *place = new_place(recording);
    if (!place)
        return TS_ERR_NOMEM;
    *place = (struct recorded){ .conversation = conversation_of(exchange),
                                .received_at = exchange->reply.received_at,
                                .number = recording->count,
                                .body_bytes = exchange->body_bytes,
                                .file = recording->files_count - 1,
                                .at = at };
    recording->count++;
    return TS_ERR_OK;
}

/* False: the file ends before the exchange does, or is none of ours. */
static bool pass_over(struct recording *recording, FILE *file, struct exchange *exchange,
                      off_t size)
{
    if (!fgets(recording->line, sizeof(recording->line), file) ||
        !exchange_parse(str_of(recording->line), exchange) ||
        exchange->body_bytes > BODY_BYTES_MAX)
        return false;
    if (exchange->body_file.len > 0)
        return true;
    return ftello(file) + (off_t)exchange->body_bytes < size &&
           fseeko(file, (off_t)exchange->body_bytes, SEEK_CUR) == 0 && fgetc(file) == '\n';
}

static ts_err index_file(struct recording *recording, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file || fseeko(file, 0, SEEK_END) != 0) {
        if (file)
            (void)fclose(file);
        return TS_ERR_IO;
    }
    off_t size = ftello(file);
    off_t at = 0;
    ts_err err = TS_ERR_OK;
    struct exchange exchange;
    rewind(file);
    while (!err && at < size && pass_over(recording, file, &exchange, size)) {
        err = add_place(recording, &exchange, at);
        at = ftello(file);
    }
    recording->cut_files += !err && at < size;
    (void)fclose(file);
    return err;
}

static bool is_ours(const char *name)
{
    size_t len = strlen(name);
    return len > strlen(SUFFIX) && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static ts_err add_file(struct recording *recording, const char *name, struct error *reterr)
{
    if (!is_ours(name) || recording->files_count == FILES_MAX)
        return TS_ERR_OK;
    char path[PATH_BYTES];
    struct buf out = buf_over(path, sizeof(path));
    buf_printf(&out, "%s/%s", recording->dir, name);
    char *copy = mem_strdup(path);
    if (!copy)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the recording");
    recording->files[recording->files_count++] = copy;
    ts_err err = index_file(recording, path);
    return err ? error_set(reterr, err, "cannot read %s: %s", path, strerror(errno)) : err;
}

static int by_conversation(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;
    if (x->conversation != y->conversation)
        return x->conversation < y->conversation ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int by_beginning(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;
    if (x->received_at != y->received_at)
        return x->received_at < y->received_at ? -1 : 1;
    return 0; /* stable */
}

static int by_number(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Conversations by their first reply: every one gets that instant and number for sorting. */
static void put_in_order(struct recording *recording)
{
    struct recorded *places = recording->places;
    sort_stable(places, recording->count, sizeof(*places), by_conversation);
    for (uint64_t i = 1; i < recording->count; i++) {
        if (places[i].conversation == places[i - 1].conversation) {
            places[i].received_at = places[i - 1].received_at;
            places[i].number = places[i - 1].number;
        }
    }
    sort_stable(places, recording->count, sizeof(*places), by_number);
    sort_stable(places, recording->count, sizeof(*places), by_beginning);
}

ts_err recording_open(const char *dir, struct recording **ret_recording, struct error *reterr)
{
    struct recording *recording = mem_alloc(1, sizeof(*recording));
    if (!recording)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the recording");
    recording->dir = dir;
    recording->file = -1;
    DIR *entries = opendir(dir);
    ts_err err = entries
                     ? TS_ERR_OK
                     : error_set(reterr, TS_ERR_IO, "cannot read %s: %s", dir, strerror(errno));
    for (struct dirent *entry; !err && (entry = readdir(entries));)
        err = add_file(recording, entry->d_name, reterr);
    if (entries)
        (void)closedir(entries);
    if (!err && recording->files_count == 0)
        err = error_set(reterr, TS_ERR_NOT_FOUND, "%s holds no *" SUFFIX " file", dir);
    if (err) {
        recording_close(recording);
        return err;
    }
    put_in_order(recording);
    *ret_recording = recording;
    return TS_ERR_OK;
}

void recording_close(struct recording *recording)
{
    if (!recording)
        return;
    for (uint32_t i = 0; i < recording->files_count; i++)
        mem_free(recording->files[i]);
    if (recording->file >= 0)
        (void)close(recording->file);
    mem_free(recording->places);
    mem_free(recording->body);
    mem_free(recording);
}

uint64_t recording_count(const struct recording *recording)
{
    return recording->count;
}

const struct recorded *recording_at(const struct recording *recording, uint64_t index)
{
    return &recording->places[index];
}

uint32_t recording_cut_files(const struct recording *recording)
{
    return recording->cut_files;
}

/* ---- One of them ---- */

static bool read_at(int file, char *ptr, size_t len, off_t at)
{
    while (len > 0) {
        ssize_t got = pread(file, ptr, len, at);
        if (got <= 0)
            return false;
        ptr += got;
        len -= (size_t)got;
        at += got;
    }
    return true;
}

static bool make_room(struct recording *recording, uint64_t bytes)
{
    if (bytes <= recording->body_cap)
        return true;
    char *grown = mem_grow(recording->body, bytes, 1);
    if (!grown)
        return false;
    recording->body = grown;
    recording->body_cap = bytes;
    return true;
}

static bool open_place(struct recording *recording, uint32_t index)
{
    if (recording->file >= 0 && recording->file_index == index)
        return true;
    if (recording->file >= 0)
        (void)close(recording->file);
    recording->file = open(recording->files[index], O_RDONLY | O_CLOEXEC);
    recording->file_index = index;
    return recording->file >= 0;
}

static bool read_file_beside(struct recording *recording, struct exchange *exchange)
{
    char path[PATH_BYTES];
    struct buf out = buf_over(path, sizeof(path));
    if (exchange->body_file.ptr[0] != '/')
        buf_printf(&out, "%s/", recording->dir);
    buf_put(&out, exchange->body_file);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = file >= 0 ? lseek(file, 0, SEEK_END) : -1;
    bool good = size >= 0 && (uint64_t)size <= BODY_BYTES_MAX &&
                make_room(recording, (uint64_t)size) &&
                read_at(file, recording->body, (size_t)size, 0);
    if (file >= 0)
        (void)close(file);
    exchange->reply.body = (struct str){ recording->body, good ? (size_t)size : 0 };
    return good;
}

static bool read_bytes(struct recording *recording, struct exchange *exchange, off_t at)
{
    size_t len = (size_t)exchange->body_bytes;
    exchange->reply.body = (struct str){ recording->body, len };
    return read_at(recording->file, recording->body, len, at);
}

ts_err recording_read(struct recording *recording, uint64_t index,
                      struct exchange *ret_exchange, struct error *reterr)
{
    const struct recorded *place = &recording->places[index];
    const char *path = recording->files[place->file];
    if (!make_room(recording, place->body_bytes + 1))
        return error_set(reterr, TS_ERR_NOMEM, "no memory for a reply of %s", path);
    ssize_t got = -1;
    if (open_place(recording, place->file))
        got = pread(recording->file, recording->line, sizeof(recording->line) - 1, place->at);
    const char *end = got > 0 ? memchr(recording->line, '\n', (size_t)got) : NULL;
    bool good =
        end && exchange_parse((struct str){ recording->line, (size_t)(end - recording->line) },
                              ret_exchange);
    if (good && ret_exchange->body_file.len > 0)
        good = read_file_beside(recording, ret_exchange);
    else if (good)
        good = read_bytes(recording, ret_exchange, place->at + (end + 1 - recording->line));
    ret_exchange->reply.wire_bytes = ret_exchange->reply.body.len;
    return good ? TS_ERR_OK
                : error_set(reterr, TS_ERR_IO, "cannot read an exchange of %s: %s", path,
                            errno ? strerror(errno) : "it has changed");
}
