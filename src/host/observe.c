/* observe.c: shapes, samples and recordings of replies. */
#include "host/observe.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/redact.h"
#include "host/recording.h"
#include "host/shape_book.h"
#include "store/shapes.h"

#define KIND_BYTES    200
#define NAMES_BYTES   1000
#define PENDING_BYTES ((size_t)256 << 10)
#define PATHS_BYTES   ((size_t)64 << 10)
#define SAMPLE_BYTES  ((size_t)64 << 10) /* of one body; the rest is cut */
#define CHANGES_MAX   50                 /* told and sampled per sweep */

/* A shape to be put into the store; in the arena. */
struct pending {
    struct shape_row row;
    struct pending *next;
};

struct observer {
    struct observer_config config;
    struct recorder *recorder; /* NULL: none */
    bool recorder_told, sample_failed;
    struct shape_book *book;
    struct arena arena;
    struct pending *first, **last;
    char paths[PATHS_BYTES];
};

size_t observer_bytes(void)
{
    return sizeof(struct observer) + PENDING_BYTES + ((size_t)512 << 10); /* the book's */
}

static ts_err make_samples_dir(const char *dir, struct error *reterr)
{
    if ((mkdir(dir, 0700) == 0 || errno == EEXIST) && access(dir, W_OK | X_OK) == 0)
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "--samples %s: %s", dir, strerror(errno));
}

ts_err observer_new(const struct observer_config *config, struct observer **ret_observer,
                    struct error *reterr)
{
    ts_err err = TS_ERR_NOMEM;
    struct observer *observer = mem_alloc(1, sizeof(*observer));
    if (!observer)
        return error_set(reterr, err, "no memory for the observer");
    observer->config = *config;
    observer->last = &observer->first;
    if (shape_book_new(&observer->book) || arena_init(&observer->arena, PENDING_BYTES)) {
        (void)error_set(reterr, err, "no memory for the observer");
        goto fail;
    }
    if (config->samples_dir) {
        err = make_samples_dir(config->samples_dir, reterr);
        if (err)
            goto fail;
    }
    if (config->record_dir) {
        err = recorder_new(config->record_dir, config->started_at, &observer->recorder, reterr);
        if (err)
            goto fail;
    }
    *ret_observer = observer;
    return TS_ERR_OK;
fail:
    observer_free(observer);
    return err;
}

void observer_free(struct observer *observer)
{
    if (!observer)
        return;
    recorder_free(observer->recorder);
    shape_book_free(observer->book);
    arena_done(&observer->arena);
    mem_free(observer);
}

/* ---- Kinds ---- */

/* A path segment with a digit is data, unless it is a version ("v2"). */
static bool is_data(struct str segment)
{
    bool digit = false, version = segment.len > 1 && segment.ptr[0] == 'v';
    for (size_t i = 0; i < segment.len; i++) {
        bool is_digit = segment.ptr[i] >= '0' && segment.ptr[i] <= '9';
        digit |= is_digit;
        version &= i == 0 || is_digit;
    }
    return digit && !version;
}

void observe_put_kind(struct buf *out, const char *asked)
{
    const char *host = strstr(asked, "://");
    const char *path = strchr(host ? host + 3 : asked, '/');
    struct str rest = str_of(path ? path + 1 : "");
    struct str segment;
    rest.len = strcspn(rest.ptr, "?#");
    buf_put(out, (struct str){ asked, strcspn(asked, " ") });
    buf_putc(out, ' ');
    if (rest.len == 0)
        buf_putc(out, '/');
    while (str_split(&rest, '/', &segment)) {
        buf_putc(out, '/');
        buf_put(out, is_data(segment) ? STR("*") : segment);
    }
}

static uint64_t seed_of(struct str engine, struct str kind)
{
    uint64_t hash = hash_bytes(HASH_START, engine.ptr, engine.len);
    return hash_bytes(hash_bytes(hash, "\n", 1), kind.ptr, kind.len);
}

/* ---- Shapes and the store ---- */

static bool know_shape(void *ctx, const struct shape_row *row)
{
    struct observer *observer = ctx;
    shape_book_know(observer->book, seed_of(row->engine, row->kind), row->paths);
    return true;
}

ts_err observer_load(struct observer *observer, struct store *store, struct error *reterr)
{
    return shapes_list(store, know_shape, observer, reterr);
}

ts_err observer_keep(const struct observer *observer, struct store *store, struct error *reterr)
{
    ts_err err = TS_ERR_OK;
    for (const struct pending *at = observer->first; at && !err; at = at->next)
        err = shapes_put(store, &at->row, reterr);
    return err;
}

/* Without room it is not stored, and the next sweep learns it again. */
static void keep_shape(struct observer *observer, const struct shape_row *row)
{
    struct buf paths = buf_over(observer->paths, sizeof(observer->paths));
    shape_book_put_paths(observer->book, &paths);
    size_t mark = arena_mark(&observer->arena);
    struct pending *pending = arena_alloc(&observer->arena, 1, sizeof(*pending));
    const char *kind = arena_strdup(&observer->arena, row->kind);
    const char *text = arena_strdup(&observer->arena, buf_view(&paths));
    if (!pending || !kind || !text || paths.overflow) {
        arena_rewind(&observer->arena, mark);
        return;
    }
    *pending = (struct pending){ .row = *row };
    pending->row.kind = str_of(kind);
    pending->row.paths = str_of(text);
    *observer->last = pending;
    observer->last = &pending->next;
}

/* ---- Samples ---- */

struct sample {
    int file;
    size_t left;
};

static void write_piece(void *ctx, struct str piece)
{
    struct sample *sample = ctx;
    size_t len = piece.len < sample->left ? piece.len : sample->left;
    sample->left -= len;
    if (sample->file >= 0 && len > 0 && write(sample->file, piece.ptr, len) != (ssize_t)len) {
        (void)close(sample->file);
        sample->file = -1;
    }
}

/* One that is there already is left as it is. */
static bool keep_sample(struct observer *observer, const struct shape_row *row, struct str body)
{
    char path[4096];
    struct buf out = buf_over(path, sizeof(path));
    buf_printf(&out, "%s/%.*s-%016" PRIx64 ".json", observer->config.samples_dir,
               STR_ARGS(row->engine), row->fingerprint);
    struct sample sample = { .left = SAMPLE_BYTES };
    if (out.overflow)
        return false;
    sample.file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (sample.file < 0)
        return errno == EEXIST;
    redact_body(body, write_piece, &sample);
    return sample.file >= 0 && close(sample.file) == 0;
}

static void sample_once(struct observer *observer, const struct shape_row *row, struct str body)
{
    if (!observer->config.samples_dir || observer->sample_failed)
        return;
    observer->sample_failed = !keep_sample(observer, row, body);
    if (observer->sample_failed)
        log_event(LOG_WARNING, "sample.failed", LOG_NO_FIELDS,
                  "a sample cannot be kept in %s, keeping none: %s",
                  observer->config.samples_dir, strerror(errno));
}

static void tell_change(const struct shape_row *row, const struct buf *came,
                        const struct buf *went)
{
    char fingerprint[24];
    struct buf text = buf_over(fingerprint, sizeof(fingerprint));
    buf_printf(&text, "%016" PRIx64, row->fingerprint);
    log_event(LOG_WARNING, "engine.shape_changed",
              LOG_FIELDS(kv_str("engine", row->engine.ptr), kv_str("kind", row->kind.ptr),
                         kv_str("fingerprint", fingerprint), kv_str("came", came->ptr),
                         kv_str("went", went->ptr)),
              "%s answers %s in a new shape%s%s%s%s", row->engine.ptr, row->kind.ptr,
              came->len ? "; came: " : "", came->ptr, went->len ? "; went: " : "", went->ptr);
}

static void observe_shape(struct observer *observer, const struct conversation *conversation,
                          const struct http_reply *reply)
{
    char kind[KIND_BYTES], came[NAMES_BYTES], went[NAMES_BYTES];
    struct buf kind_buf = buf_over(kind, sizeof(kind));
    struct buf came_buf = buf_over(came, sizeof(came));
    struct buf went_buf = buf_over(went, sizeof(went));
    observe_put_kind(&kind_buf, conversation->asked);
    struct shape_row row = { .engine = str_of(conversation->engine_task.engine->name),
                             .kind = buf_view(&kind_buf),
                             .first_seen = reply->received_at };
    enum shape_news news =
        shape_book_learn(observer->book, seed_of(row.engine, row.kind), reply->body, &came_buf,
                         &went_buf, &row.fingerprint);
    if (news == SHAPE_KNOWN)
        return;
    keep_shape(observer, &row);
    if (news != SHAPE_CHANGED || observer->config.report->shapes_changed++ >= CHANGES_MAX)
        return;
    tell_change(&row, &came_buf, &went_buf);
    sample_once(observer, &row, reply->body);
}

static void record(struct observer *observer, const struct conversation *conversation,
                   const struct http_reply *reply)
{
    struct error error;
    if (!observer->recorder || observer->recorder_told)
        return;
    recorder_add(observer->recorder, conversation, reply);
    observer->recorder_told = recorder_check(observer->recorder, &error) != TS_ERR_OK;
    if (observer->recorder_told)
        log_event(LOG_WARNING, "record.failed", LOG_NO_FIELDS,
                  "the recording broke off, ignoring: %s", error.text);
}

void observe_reply(struct observer *observer, const struct conversation *conversation,
                   const struct http_reply *reply)
{
    if (!observer || reply->end == HTTP_END_CANCELLED)
        return;
    record(observer, conversation, reply);
    if (reply->end == HTTP_END_REPLY && reply->status / 100 == 2)
        observe_shape(observer, conversation, reply);
}
