/* recording_write.c: the files of `collect --record`, written. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/day.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/redact.h"
#include "host/recording.h"

#define ENGINES_MAX  32
#define PIECES_BYTES 65536
#define LINE_BYTES   16384
#define NAME_BYTES   128

struct recorder {
    const char *dir; /* the caller's */
    int dir_fd;
    int64_t started_at;
    int files[ENGINES_MAX]; /* 0: not opened yet */
    int failed;             /* errno; 0: none */
    int file;               /* of the exchange being written */
    size_t pending;         /* bytes in pieces */
    char pieces[PIECES_BYTES];
    char line[LINE_BYTES];
};

ts_err recorder_new(const char *dir, int64_t started_at, struct recorder **ret_recorder,
                    struct error *reterr)
{
    struct recorder *recorder = mem_alloc(1, sizeof(*recorder));
    if (!recorder)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the recording");
    recorder->dir = dir;
    recorder->started_at = started_at;
    bool made = mkdir(dir, 0700) == 0 || errno == EEXIST; /* what is in it is nobody else's */
    recorder->dir_fd = made ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (recorder->dir_fd >= 0 && faccessat(recorder->dir_fd, ".", W_OK | X_OK, 0) == 0) {
        *ret_recorder = recorder;
        return TS_ERR_OK;
    }
    ts_err err = error_set(reterr, TS_ERR_IO, "cannot write into %s: %s", dir, strerror(errno));
    recorder_free(recorder);
    return err;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    for (uint32_t i = 0; i < ENGINES_MAX; i++) {
        if (recorder->files[i] > 0)
            (void)close(recorder->files[i]);
    }
    if (recorder->dir_fd >= 0)
        (void)close(recorder->dir_fd);
    mem_free(recorder);
}

/* ---- The file of an engine ---- */

static bool open_file(struct recorder *recorder, uint32_t engine)
{
    char name[NAME_BYTES], instant[32];
    struct buf when = buf_over(instant, sizeof(instant));
    struct buf path = buf_over(name, sizeof(name));
    instant_format(recorder->started_at, &when);
    buf_printf(&path, "%s-", engines[engine]->name);
    for (const char *c = instant; *c; c++) {
        if (*c != ':' && *c != '-')
            buf_putc(&path, *c);
    }
    buf_printf(&path, "-%ld.exchanges", (long)getpid());
    int file = openat(recorder->dir_fd, name,
                      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        recorder->failed = errno;
    else
        recorder->files[engine] = file;
    return file >= 0;
}

static void write_all(struct recorder *recorder, const char *ptr, size_t len)
{
    while (len > 0 && !recorder->failed) {
        ssize_t written = write(recorder->file, ptr, len);
        if (written < 0 && errno != EINTR)
            recorder->failed = errno;
        if (written == 0)
            recorder->failed = ENOSPC;
        if (written > 0) {
            ptr += written;
            len -= (size_t)written;
        }
    }
}

static void flush(struct recorder *recorder)
{
    write_all(recorder, recorder->pieces, recorder->pending);
    recorder->pending = 0;
}

static void take_piece(void *ctx, struct str piece)
{
    struct recorder *recorder = ctx;
    if (piece.len > sizeof(recorder->pieces) - recorder->pending)
        flush(recorder);
    if (piece.len > sizeof(recorder->pieces)) {
        write_all(recorder, piece.ptr, piece.len);
        return;
    }
    memcpy(recorder->pieces + recorder->pending, piece.ptr, piece.len);
    recorder->pending += piece.len;
}

/* ---- The header ---- */

static void put_text(struct buf *out, const char *name, struct str text)
{
    buf_printf(out, ",\"%s\":", name);
    json_put_string(out, text);
}

static void put_number(struct buf *out, const char *name, int64_t value)
{
    buf_printf(out, ",\"%s\":%" PRId64, name, value);
}

static void put_task(struct buf *out, const struct conversation *conversation)
{
    const struct engine_task *task = &conversation->engine_task;
    buf_puts(out, "{\"teesheet_exchange\":1");
    put_text(out, "engine", str_of(task->engine->name));
    buf_puts(out, ",\"conversation\":\"");
    for (size_t i = 0; i < sizeof(task->nonce); i++)
        buf_printf(out, "%02x", task->nonce[i]);
    buf_putc(out, '"');
    put_number(out, "attempt", conversation->task.attempt);
    buf_printf(out, ",\"second_look\":%s", conversation->task.second_look ? "true" : "false");
    buf_puts(out, ",\"courses\":[");
    for (uint32_t i = 0; i < task->courses_count; i++)
        buf_printf(out, "%s%" PRId64, i ? "," : "", task->courses[i]->id);
    buf_puts(out, "],\"play_date\":\"");
    day_format(task->play_date, out);
    buf_putc(out, '"');
    put_number(out, "step", task->step);
}

static void put_reply(struct buf *out, const struct http_reply *reply)
{
    put_number(out, "end", reply->end);
    put_number(out, "status", reply->status);
    put_text(out, "content_type", str_of(reply->content_type));
    put_text(out, "cf_mitigated", str_of(reply->cf_mitigated));
    put_text(out, "total", str_of(reply->total));
    put_number(out, "retry_after_us", reply->retry_after_us);
    put_number(out, "received_at", reply->received_at);
    put_number(out, "duration_us", reply->duration_us);
    put_text(out, "detail", str_of(reply->detail ? reply->detail : ""));
    put_number(out, "body_bytes", (int64_t)reply->body.len);
    buf_puts(out, "}\n");
}

void recorder_add(struct recorder *recorder, const struct conversation *conversation,
                  const struct http_reply *reply)
{
    uint32_t engine = conversation->courses[0]->engine;
    if (recorder->failed || engine >= ENGINES_MAX ||
        (recorder->files[engine] == 0 && !open_file(recorder, engine)))
        return;
    struct buf line = buf_over(recorder->line, sizeof(recorder->line));
    put_task(&line, conversation);
    put_text(&line, "asked", str_of(conversation->asked));
    put_reply(&line, reply);
    if (line.overflow) {
        recorder->failed = EMSGSIZE;
        return;
    }
    recorder->file = recorder->files[engine];
    take_piece(recorder, buf_view(&line));
    if (reply->body.len > 0)
        redact_body(reply->body, take_piece, recorder);
    take_piece(recorder, STR("\n"));
    flush(recorder);
}

ts_err recorder_check(const struct recorder *recorder, struct error *reterr)
{
    if (!recorder->failed)
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "cannot write into %s: %s", recorder->dir,
                     strerror(recorder->failed));
}
