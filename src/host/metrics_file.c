/* metrics_file.c: metrics into a file beside the wanted one, which then takes its place. */
#include "host/metrics_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "host/pipeline.h"
#include "plan/outlook.h"
#include "view/metrics.h"

#define WRITE_EVERY_US ((int64_t)10 * CLOCK_SECOND_US)

struct metrics_file {
    const char *path; /* the caller's */
    char temporary[4096];
    char storage[16384]; /* the stream's buffer: none is bought during the sweep */
    struct metrics_last last;
    uint64_t observed_before; /* when it was last written */
    int64_t due_us;
    bool warned;
};

static ts_err cannot_write(const struct metrics_file *file, struct error *reterr)
{
    return error_set(reterr, TS_ERR_IO, "cannot write %s: %s", file->path, strerror(errno));
}

/* A folder cannot be replaced by a file; only the rename would say so. */
static ts_err try_path(struct metrics_file *file, struct error *reterr)
{
    struct stat status;
    int len = snprintf(file->temporary, sizeof(file->temporary), "%s.%" PRId64 ".tmp",
                       file->path, (int64_t)getpid());
    if (len < 0 || (size_t)len >= sizeof(file->temporary)) {
        errno = ENAMETOOLONG;
        return cannot_write(file, reterr);
    }
    if (stat(file->path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_set(reterr, TS_ERR_IO, "cannot write %s: it is no regular file",
                         file->path);
    FILE *stream = fopen(file->temporary, "we");
    if (!stream)
        return cannot_write(file, reterr);
    (void)fclose(stream);
    (void)unlink(file->temporary);
    return TS_ERR_OK;
}

ts_err metrics_file_new(const char *path, struct metrics_file **ret_file, struct error *reterr)
{
    struct metrics_file *file = mem_alloc(1, sizeof(*file));
    if (!file)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for metrics");
    file->path = path;
    ts_err err = try_path(file, reterr);
    if (err) {
        metrics_file_free(file);
        return err;
    }
    FILE *before = fopen(path, "re");
    if (before) {
        metrics_read_last(before, &file->last);
        (void)fclose(before);
    }
    *ret_file = file;
    return TS_ERR_OK;
}

void metrics_file_free(struct metrics_file *file)
{
    mem_free(file);
}

bool metrics_file_is_due(const struct metrics_file *file, int64_t now_us)
{
    return file && now_us >= file->due_us;
}

static struct metrics_host host_of(void *ctx, uint32_t index)
{
    const struct metrics_source *source = ctx;
    struct plan_host host = plan_host(source->plan, index);
    return (struct metrics_host){
        .engine = host.engine->name,
        .name = host.name,
        .requests = host.requests,
        .by_class = { [METRICS_ANSWERED] = host.replies[PLAN_REPLY_ANSWERED],
                      [METRICS_REFUSED] = host.replies[PLAN_REPLY_REFUSED],
                      [METRICS_FAILED] = host.replies[PLAN_REPLY_FAILED],
                      [METRICS_BLOCKED] = host.replies[PLAN_REPLY_BLOCKED] },
        .gap_us = host.pace.gap_us,
        .parallel = host.pace.parallel,
    };
}

/* What is known now of the last finished sweep, and of the last tee sheet seen. */
static void remember(struct metrics_file *file, const struct sweep_report *report)
{
    uint64_t observed = sweep_observed(report);
    uint64_t looked_at = observed + sweep_unknown(report);
    if (observed > file->observed_before)
        file->last.observed_at = clock_wall();
    file->observed_before = observed;
    if (report->finished_at == 0)
        return;
    file->last.finished_at = report->finished_at;
    file->last.exit_code = report->exit_code;
    file->last.verdict = report->verdict;
    file->last.observed_ratio = report->verdict == SWEEP_EMPTY;
    if (looked_at > 0)
        file->last.observed_ratio = (double)observed / (double)looked_at;
}

static ts_err write_stream(struct metrics_file *file, const struct metrics_source *source,
                           FILE *stream, struct error *reterr)
{
    const struct metrics_pause pauses[] = {
        { "memory", source->pauses & PAUSE_MEMORY },
        { "writer", source->pauses & PAUSE_WRITER },
        { "shutdown", source->pauses & PAUSE_SHUTDOWN },
    };
    struct metrics_source for_hosts = *source;
    const struct metrics metrics = { .report = source->report,
                                     .last = file->last,
                                     .pauses = pauses,
                                     .pauses_count = TS_COUNT_OF(pauses),
                                     .hosts_count = source->plan ? plan_hosts(source->plan) : 0,
                                     .host = host_of,
                                     .ctx = &for_hosts };
    (void)setvbuf(stream, file->storage, _IOFBF, sizeof(file->storage));
    return metrics_write(&metrics, stream, reterr);
}

static ts_err replace(struct metrics_file *file, const struct metrics_source *source,
                      struct error *reterr)
{
    FILE *stream = fopen(file->temporary, "we");
    if (!stream)
        return cannot_write(file, reterr);
    ts_err err = write_stream(file, source, stream, reterr);
    if (fclose(stream) && !err)
        err = cannot_write(file, reterr);
    if (!err && rename(file->temporary, file->path))
        err = cannot_write(file, reterr);
    if (err)
        (void)unlink(file->temporary);
    return err;
}

void metrics_file_write(struct metrics_file *file, const struct metrics_source *source,
                        int64_t now_us)
{
    struct error error;
    file->due_us = now_us + WRITE_EVERY_US;
    remember(file, source->report);
    if (!replace(file, source, &error) || file->warned)
        return;
    file->warned = true;
    log_event(LOG_WARNING, "metrics.failed", LOG_NO_FIELDS,
              "--metrics-file: %s; the sweep goes on without", error.text);
}
