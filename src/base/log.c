/* log.c: the one log target; a line is composed on the stack and written at once. */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/day.h"
#include "base/json.h"
#include "base/outlet.h"

#define LINE_BYTES    4096 /* PIPE_BUF: a line that no other writer can tear apart */
#define MESSAGE_BYTES 1024
#define SHORT_BYTES   500 /* even if each byte needs six as JSON, it fits a line */
#define WAIT_MS       200

static struct {
    pthread_mutex_t lock;
    struct outlet outlet;
    enum log_format format;
    enum log_level threshold;
    const struct log_curtain *curtain; /* borrowed */
    uint64_t dropped;
    bool torn;    /* the last line went out in part: the next one starts on a line of its own */
    bool stalled; /* the last line was dropped: the next one is tried, but not waited for */
} target = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .outlet = { .fd = STDERR_FILENO },
    .format = LOG_TEXT,
    .threshold = LOG_INFO,
};

static const char *const level_names[] = { "error", "warning", "info", "debug" };

void log_setup(enum log_format format, enum log_level threshold)
{
    (void)pthread_mutex_lock(&target.lock);
    outlet_done(&target.outlet);
    target.outlet = outlet_over(STDERR_FILENO);
    target.format = format;
    target.threshold = threshold;
    target.torn = false;
    target.stalled = false;
    (void)pthread_mutex_unlock(&target.lock);
}

void log_set_curtain(const struct log_curtain *curtain)
{
    (void)pthread_mutex_lock(&target.lock);
    target.curtain = curtain;
    (void)pthread_mutex_unlock(&target.lock);
}

uint64_t log_dropped(void)
{
    (void)pthread_mutex_lock(&target.lock);
    uint64_t dropped = target.dropped;
    (void)pthread_mutex_unlock(&target.lock);
    return dropped;
}

/* C0, DEL and (as UTF-8) C1 controls could drive the terminal of whoever reads the log. */
static void put_printable(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool c1 = byte == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] >= 0x80 &&
                  (unsigned char)text.ptr[i + 1] < 0xA0;
        if (byte < 0x20 || byte == 0x7F)
            buf_printf(out, "\\x%02X", (unsigned)byte);
        else if (c1)
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)text.ptr[++i]);
        else
            buf_putc(out, (char)byte);
    }
}

static void put_text_line(struct buf *line, enum log_level level, struct str message)
{
    instant_format(clock_real_us() / CLOCK_SECOND_US, line);
    buf_putc(line, ' ');
    if (level <= LOG_WARNING)
        buf_printf(line, "%s: ", level_names[level]);
    put_printable(line, message);
}

static void put_json_field(struct buf *line, const struct log_field *field)
{
    buf_putc(line, ',');
    json_put_string(line, str_of(field->name));
    buf_putc(line, ':');
    switch (field->type) {
    case LOG_FIELD_STR:
        if (field->text.ptr)
            json_put_string(line, field->text);
        else
            buf_puts(line, "null");
        break;
    case LOG_FIELD_I64:
        buf_put_i64(line, field->number);
        break;
    case LOG_FIELD_SECRET:
        buf_puts(line, "\"***\"");
        break;
    }
}

static void put_json_head(struct buf *line, enum log_level level, const char *event,
                          struct str message)
{
    buf_puts(line, "{\"at\":\"");
    instant_format(clock_real_us() / CLOCK_SECOND_US, line);
    buf_printf(line, "\",\"level\":\"%s\",\"event\":", level_names[level]);
    json_put_string(line, str_of(event));
    buf_puts(line, ",\"message\":");
    json_put_string(line, message);
}

/* The line without its newline, for which the caller keeps room. */
static void put_line(struct buf *line, enum log_level level, const char *event,
                     struct str message)
{
    if (target.format == LOG_TEXT)
        put_text_line(line, level, message);
    else
        put_json_head(line, level, event, message);
}

static void write_line(struct str line)
{
    (void)pthread_mutex_lock(&target.lock);
    const struct log_curtain *curtain = target.curtain;
    if (curtain)
        curtain->open(curtain->ctx);
    int wait_ms = target.stalled ? 0 : WAIT_MS;
    if (target.torn && outlet_write(&target.outlet, STR("\n"), wait_ms) == 1)
        target.torn = false;
    size_t count = target.torn ? 0 : outlet_write(&target.outlet, line, wait_ms);
    target.stalled = count < line.len;
    if (target.stalled) {
        target.dropped++;
        target.torn = target.torn || count > 0;
    }
    if (curtain)
        curtain->close(curtain->ctx);
    (void)pthread_mutex_unlock(&target.lock);
}

void log_event(enum log_level level, const char *event, const struct log_field *fields,
               size_t fields_count, const char *format, ...)
{
    if (level > target.threshold)
        return;
    char message_storage[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(message_storage, sizeof(message_storage), format, args);
    va_end(args);
    struct str message = str_of(wanted < 0 ? format : message_storage);

    char storage[LINE_BYTES];
    struct buf line = buf_over(storage, sizeof(storage) - 2); /* "}\n" follows */
    put_line(&line, level, event, message);
    for (size_t i = 0; i < fields_count && target.format == LOG_JSON; i++)
        put_json_field(&line, &fields[i]);
    if (line.overflow) {
        message.len = message.len < SHORT_BYTES ? message.len : SHORT_BYTES;
        buf_reset(&line);
        put_line(&line, level, event, message);
    }
    if (target.format == LOG_JSON)
        storage[line.len++] = '}';
    storage[line.len++] = '\n';
    write_line((struct str){ storage, line.len });
}
