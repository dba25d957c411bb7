/*
 * log.h: events for operators, on stderr.
 *
 * An event has a level, a name ("batch.done", see docs/OPERATIONS.md), a sentence for people
 * and typed fields. Text format: `2026-11-24T10:06:31Z Processing batch 1/5 (100 records)`,
 * warnings and errors with "warning: "/"error: " before the sentence; JSON format: one object a
 * line: {"at":…,"level":…,"event":…,"message":…, fields…}. Fields show in JSON only: the
 * sentence says what people need.
 *
 * The target is the one global of the program: set up once in main before threads start. Any
 * thread may log; a line is one write(2). A stderr that nobody reads holds nobody up: after 200
 * ms a line is dropped and counted, and the next ones are not waited for until one goes through
 * again. Control characters in text are shown as \xNN. Only host/, view/, cmd/ and main log
 * (libraries return).
 */
#ifndef TS_BASE_LOG_H
#define TS_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };

struct log_field {
    const char *name;
    enum { LOG_FIELD_STR, LOG_FIELD_I64, LOG_FIELD_SECRET } type;
    struct str text;
    int64_t number;
};

static inline struct log_field kv_str(const char *name, const char *text)
{
    return (struct log_field){ name, LOG_FIELD_STR, str_of(text), 0 };
}

static inline struct log_field kv_i64(const char *name, int64_t number)
{
    return (struct log_field){ name, LOG_FIELD_I64, { NULL, 0 }, number };
}

static inline struct log_field kv_secret(const char *name)
{
    return (struct log_field){ name, LOG_FIELD_SECRET, { NULL, 0 }, 0 };
}

/* What stands around log lines on the same terminal: the progress bar clears itself before a
 * line and draws itself after. */
struct log_curtain {
    void (*open)(void *ctx);
    void (*close)(void *ctx);
    void *ctx;
};

void log_setup(enum log_format format, enum log_level threshold);
void log_set_curtain(const struct log_curtain *curtain); /* NULL: none; loop thread only */
uint64_t log_dropped(void);

/* Writes one event. `fields` is an array literal or NULL. */
void log_event(enum log_level level, const char *event, const struct log_field *fields,
               size_t fields_count, const char *format, ...) TS_PRINTF(5, 6);

#define LOG_FIELDS(...)                                                                        \
    (const struct log_field[]){ __VA_ARGS__ },                                                 \
        TS_COUNT_OF(((const struct log_field[]){ __VA_ARGS__ }))
#define LOG_NO_FIELDS NULL, 0

/* log_event(LOG_INFO, "batch.done", LOG_FIELDS(kv_i64("batch", 3)), "Batch %d/%d …", …); */

#endif
