/* trace.c: the file of `collect --trace`, written and read. */
#include "view/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#define SAMPLE_EVERY_US (CLOCK_SECOND_US / 10)
#define LINE_MAX_BYTES  512
#define MAGIC           "# teesheet trace 1: "
#define COLUMNS         "ms,batch_bytes,rss_bytes,in_flight,pauses,tee_sheets"
#define COLUMNS_COUNT   6

struct trace {
    const char *path; /* the caller's */
    int fd;
    int failed; /* errno of the write that failed; 0: none did */
    int64_t started_us, last_us;
};

/* ---- Writing ---- */

ts_err trace_new(const char *path, struct trace **ret_trace, struct error *reterr)
{
    struct trace *trace = mem_alloc(1, sizeof(*trace));
    if (!trace)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the trace");
    trace->path = path;
    trace->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (trace->fd < 0) {
        ts_err err = error_set(reterr, TS_ERR_IO, "cannot write %s: %s", path, strerror(errno));
        trace_free(trace);
        return err;
    }
    *ret_trace = trace;
    return TS_ERR_OK;
}

void trace_free(struct trace *trace)
{
    if (!trace)
        return;
    if (trace->fd >= 0)
        (void)close(trace->fd);
    mem_free(trace);
}

static void append(struct trace *trace, const struct buf *line)
{
    if (trace->failed)
        return;
    ssize_t written = write(trace->fd, line->ptr, line->len);
    if (written < 0)
        trace->failed = errno;
    else if ((size_t)written < line->len)
        trace->failed = ENOSPC;
}

void trace_begin(struct trace *trace, const struct trace_head *head, int64_t now_us)
{
    char text[LINE_MAX_BYTES];
    struct buf line = buf_over(text, sizeof(text));
    buf_printf(&line, MAGIC "limit_bytes=%" PRIu64 " planned=%" PRIu64 "\n" COLUMNS "\n",
               head->limit_bytes, head->planned);
    append(trace, &line);
    trace->started_us = now_us;
    trace->last_us = now_us - SAMPLE_EVERY_US;
}

void trace_add(struct trace *trace, const struct trace_sample *sample, int64_t now_us)
{
    if (now_us - trace->last_us < SAMPLE_EVERY_US)
        return;
    trace->last_us = now_us;
    char text[LINE_MAX_BYTES];
    struct buf line = buf_over(text, sizeof(text));
    buf_printf(&line, "%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu32 ",%.*s,%" PRIu64 "\n",
               (now_us - trace->started_us) / 1000, sample->batch_bytes, sample->rss_bytes,
               sample->in_flight, STR_ARGS(sample->pauses), sample->tee_sheets);
    append(trace, &line);
}

ts_err trace_check(const struct trace *trace, struct error *reterr)
{
    if (!trace->failed)
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "cannot write %s: %s", trace->path,
                     strerror(trace->failed));
}

/* ---- Reading ---- */

struct reader {
    const char *path;
    FILE *file;
    uint64_t line_number;
    char line[LINE_MAX_BYTES];
};

static ts_err refuse(const struct reader *reader, struct error *reterr, const char *reason)
{
    return error_set(reterr, TS_ERR_DATA, "%s:%" PRIu64 ": %s", reader->path,
                     reader->line_number, reason);
}

/* The next line without its end; *ret_line.ptr is NULL at the end of the file. */
static ts_err next_line(struct reader *reader, struct str *ret_line, struct error *reterr)
{
    reader->line_number++;
    if (!fgets(reader->line, sizeof(reader->line), reader->file)) {
        *ret_line = (struct str){ NULL, 0 };
        if (ferror(reader->file))
            return error_set(reterr, TS_ERR_IO, "cannot read %s: %s", reader->path,
                             strerror(errno));
        return TS_ERR_OK;
    }
    struct str line = str_of(reader->line);
    if (line.len == 0 || line.ptr[line.len - 1] != '\n')
        return refuse(reader, reterr, "the line is cut off, longer than any sample or binary");
    line.len--;
    *ret_line = line;
    return TS_ERR_OK;
}

/* "limit_bytes=67108864", with the name that is expected. */
static bool read_setting(struct str *rest, struct str name, uint64_t *ret_value)
{
    struct str setting, key;
    int64_t value;
    if (!str_split(rest, ' ', &setting) || !str_split(&setting, '=', &key) ||
        !str_equal(key, name) || !str_to_i64(setting, 0, INT64_MAX, &value))
        return false;
    *ret_value = (uint64_t)value;
    return true;
}

static ts_err read_head(struct reader *reader, struct trace_head *ret_head,
                        struct error *reterr)
{
    struct str line = { NULL, 0 };
    struct trace_head head;
    ts_err err = next_line(reader, &line, reterr);
    if (err)
        return err;
    if (!str_has_prefix(line, STR(MAGIC)))
        return refuse(reader, reterr,
                      "no trace of `teesheet collect --trace` (it would begin with \"" MAGIC
                      "\")");
    line.ptr += sizeof(MAGIC) - 1;
    line.len -= sizeof(MAGIC) - 1;
    if (!read_setting(&line, STR("limit_bytes"), &head.limit_bytes) ||
        !read_setting(&line, STR("planned"), &head.planned))
        return refuse(reader, reterr, "limit_bytes=N planned=N is expected");
    err = next_line(reader, &line, reterr);
    if (err)
        return err;
    if (!str_equal(line, STR(COLUMNS)))
        return refuse(reader, reterr, "the columns " COLUMNS " are expected");
    *ret_head = head;
    return TS_ERR_OK;
}

static ts_err read_sample(const struct reader *reader, struct str line, int64_t after_ms,
                          struct trace_sample *ret_sample, struct error *reterr)
{
    static const char *const names[COLUMNS_COUNT] = {
        "ms", "batch_bytes", "rss_bytes", "in_flight", "pauses", "tee_sheets"
    };
    int64_t numbers[COLUMNS_COUNT] = { 0 };
    struct str cell, pauses = { NULL, 0 };
    for (int i = 0; i < COLUMNS_COUNT; i++) {
        if (!str_split(&line, ',', &cell))
            return refuse(reader, reterr, "the line has fewer than 6 columns");
        bool is_text = i == 4;
        if (is_text)
            pauses = cell;
        else if (!str_to_i64(cell, 0, i == 3 ? UINT32_MAX : INT64_MAX, &numbers[i]))
            return error_set(reterr, TS_ERR_DATA, "%s:%" PRIu64 ": %s \"%.*s\" is no number",
                             reader->path, reader->line_number, names[i], STR_ARGS(cell));
    }
    if (line.len > 0)
        return refuse(reader, reterr, "the line has more than 6 columns");
    if (numbers[0] < after_ms)
        return refuse(reader, reterr, "ms goes back in time");
    *ret_sample = (struct trace_sample){ .ms = numbers[0],
                                         .batch_bytes = (uint64_t)numbers[1],
                                         .rss_bytes = (uint64_t)numbers[2],
                                         .in_flight = (uint32_t)numbers[3],
                                         .pauses = pauses,
                                         .tee_sheets = (uint64_t)numbers[5] };
    return TS_ERR_OK;
}

ts_err trace_read(const char *path, struct trace_head *ret_head,
                  void (*on_sample)(void *ctx, const struct trace_sample *sample), void *ctx,
                  struct error *reterr)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(reterr, TS_ERR_IO, "cannot read %s: %s", path, strerror(errno));
    struct reader reader = { .path = path, .file = file };
    struct trace_sample sample = { 0 };
    struct str line = { NULL, 0 };
    ts_err err = read_head(&reader, ret_head, reterr);
    while (!err) {
        err = next_line(&reader, &line, reterr);
        if (err || !line.ptr)
            break;
        err = read_sample(&reader, line, sample.ms, &sample, reterr);
        if (!err)
            on_sample(ctx, &sample);
    }
    if (!err && reader.line_number <= 3)
        err = refuse(&reader, reterr, "no sample: the sweep had not begun");
    (void)fclose(file);
    return err;
}
