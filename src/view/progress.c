/* progress.c: the bar on its terminal, and the timed lines. */
#include "view/progress.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/outlet.h"
#include "view/bar.h"
#include "view/text.h"

#define FRAME_BYTES      1024
#define MESSAGE_BYTES    400
#define LINES_EVERY_US   10000000
#define LINES_EVERY_PART 10 /* percent */
#define RATE_SAMPLE_US   1000000
#define RATE_WINDOW_US   10000000.0
#define WAIT_MS          200
/* The rest of the line first: tmux would keep a screen that is erased as a whole. */
#define CLEAR "\r\x1b[K\x1b[J"

const char *const progress_modes[] = { "auto", "bar", "lines", "off", NULL };

struct progress {
    enum progress_mode mode; /* BAR, LINES or OFF */
    bool started, finished;
    double rate;
    int64_t sampled_us;
    uint64_t sampled_done;
    /* LINES */
    int64_t line_us;
    uint32_t line_percent;
    uint64_t line_done;
    /* BAR; under `lock`, because log lines come from other threads too */
    pthread_mutex_t lock;
    struct outlet outlet;
    bool utf8;
    bool visible; /* a frame stands on the terminal */
    struct sweep_report report;
    char frame[FRAME_BYTES]; /* what is being written; frame_sent of it is out */
    size_t frame_len, frame_sent;
    struct log_curtain curtain;
};

/* --- the bar --- */

/* A frame must go out whole before the next one: half an escape sequence would garble it. */
static bool flush_frame(struct progress *progress, int wait_ms)
{
    struct str rest = { progress->frame + progress->frame_sent,
                        progress->frame_len - progress->frame_sent };
    progress->frame_sent += outlet_write(&progress->outlet, rest, wait_ms);
    return progress->frame_sent == progress->frame_len;
}

static void send_frame(struct progress *progress, struct buf *frame, int wait_ms)
{
    progress->frame_len = frame->len;
    progress->frame_sent = 0;
    (void)flush_frame(progress, wait_ms);
}

/* The cursor goes back to the line's start: should the terminal become narrower and wrap the
 * line, it still stands where erasing has to begin. */
static void draw(struct progress *progress, const char *ending, int wait_ms)
{
    struct buf frame = buf_over(progress->frame, sizeof(progress->frame));
    uint32_t columns = text_terminal_columns(progress->outlet.fd);
    struct bar_style style = { .columns = columns > 0 ? columns - 1 : 0,
                               .utf8 = progress->utf8,
                               .rate = progress->rate };
    buf_putc(&frame, '\r');
    bar_put(&frame, &progress->report, &style);
    buf_puts(&frame, ending);
    assert(!frame.overflow);
    send_frame(progress, &frame, wait_ms);
    progress->visible = true;
}

static void open_curtain(void *ctx)
{
    struct progress *progress = ctx;
    (void)pthread_mutex_lock(&progress->lock);
    if (!progress->visible || !flush_frame(progress, 0))
        return;
    struct buf frame = buf_over(progress->frame, sizeof(progress->frame));
    buf_puts(&frame, CLEAR);
    send_frame(progress, &frame, 0);
}

static void close_curtain(void *ctx)
{
    struct progress *progress = ctx;
    if (progress->visible && flush_frame(progress, 0))
        draw(progress, "\x1b[J\r", 0);
    (void)pthread_mutex_unlock(&progress->lock);
}

static void update_bar(struct progress *progress, const struct sweep_report *report)
{
    /* Busy: a log line is being written, and shows the bar again itself. */
    if (pthread_mutex_trylock(&progress->lock) != 0)
        return;
    progress->report = *report;
    if (flush_frame(progress, 0))
        draw(progress, "\x1b[J\r", 0);
    (void)pthread_mutex_unlock(&progress->lock);
}

static void finish_bar(struct progress *progress, const struct sweep_report *report)
{
    (void)pthread_mutex_lock(&progress->lock);
    progress->report = *report;
    if (flush_frame(progress, WAIT_MS))
        draw(progress, "\x1b[J\n", WAIT_MS);
    progress->visible = false;
    (void)pthread_mutex_unlock(&progress->lock);
}

static void remove_bar(struct progress *progress)
{
    (void)pthread_mutex_lock(&progress->lock);
    if (progress->visible && flush_frame(progress, WAIT_MS)) {
        struct buf frame = buf_over(progress->frame, sizeof(progress->frame));
        buf_puts(&frame, CLEAR);
        send_frame(progress, &frame, WAIT_MS);
    }
    progress->visible = false;
    (void)pthread_mutex_unlock(&progress->lock);
}

/* --- the lines --- */

static void put_memory(struct buf *out, const struct sweep_report *report)
{
    buf_puts(out, ", RSS ");
    buf_put_size(out, report->rss_bytes);
    if (report->memory_limit_bytes == 0)
        return;
    buf_puts(out, " of ");
    buf_put_size(out, report->memory_limit_bytes);
}

static void put_message(struct buf *out, const struct sweep_report *report, double rate)
{
    buf_puts(out, "progress: ");
    buf_put_count(out, report->done);
    buf_putc(out, '/');
    buf_put_count(out, report->planned);
    buf_printf(out, " tee sheets (%u%%), ", bar_percent(report));
    buf_put_count(out, report->tee_times);
    buf_puts(out, " tee times, ");
    buf_put_count(out, sweep_unknown(report));
    buf_puts(out, " unknown");
    if (rate > 0)
        buf_printf(out, ", %.1f/s", rate);
    if (report->done < report->planned && report->eta_us >= 0) {
        buf_puts(out, ", about ");
        buf_put_duration(out, report->eta_us);
        buf_puts(out, " left");
    }
    put_memory(out, report);
}

static void write_line(struct progress *progress, const struct sweep_report *report,
                       int64_t now_us)
{
    char storage[MESSAGE_BYTES];
    struct buf message = buf_over(storage, sizeof(storage));
    put_message(&message, report, progress->rate);
    log_event(LOG_INFO, "sweep.progress",
              LOG_FIELDS(kv_i64("done", (int64_t)report->done),
                         kv_i64("planned", (int64_t)report->planned),
                         kv_i64("tee_times", (int64_t)report->tee_times),
                         kv_i64("unknown", (int64_t)sweep_unknown(report)),
                         kv_i64("elapsed_ms", report->elapsed_us / 1000),
                         kv_i64("eta_ms", report->eta_us < 0 ? -1 : report->eta_us / 1000),
                         kv_i64("rss_bytes", (int64_t)report->rss_bytes),
                         kv_i64("memory_limit_bytes", (int64_t)report->memory_limit_bytes)),
              "%s", storage);
    progress->line_us = now_us;
    progress->line_percent = bar_percent(report);
    progress->line_done = report->done;
}

static bool line_is_due(const struct progress *progress, const struct sweep_report *report,
                        int64_t now_us)
{
    uint32_t part = bar_percent(report) / LINES_EVERY_PART;
    return !progress->started || now_us - progress->line_us >= LINES_EVERY_US ||
           part > progress->line_percent / LINES_EVERY_PART;
}

/* --- both --- */

/* The rate of the last ten seconds or so: each second's counts for a tenth. */
static void sample_rate(struct progress *progress, const struct sweep_report *report,
                        int64_t now_us)
{
    int64_t passed_us = now_us - progress->sampled_us;
    bool first = progress->rate <= 0;
    if (progress->started && passed_us < RATE_SAMPLE_US && !first)
        return;
    if (first) {
        double seconds = (double)report->elapsed_us / 1e6;
        progress->rate = seconds > 0 ? (double)report->done / seconds : 0;
    } else {
        bool grew = report->done > progress->sampled_done;
        double grown = grew ? (double)(report->done - progress->sampled_done) : 0;
        double weight = (double)passed_us / ((double)passed_us + RATE_WINDOW_US);
        progress->rate += weight * (grown * 1e6 / (double)passed_us - progress->rate);
    }
    progress->sampled_us = now_us;
    progress->sampled_done = report->done;
}

static enum progress_mode mode_for(enum progress_mode wanted, const struct outlet *outlet)
{
    const char *term = getenv("TERM");
    bool can_draw = outlet->is_terminal && term && *term && strcmp(term, "dumb") != 0;
    if (wanted == PROGRESS_OFF || wanted == PROGRESS_LINES)
        return wanted;
    return can_draw ? PROGRESS_BAR : PROGRESS_LINES;
}

ts_err progress_new(int fd, enum progress_mode mode, struct progress **ret_progress,
                    struct error *reterr)
{
    struct progress *progress = mem_alloc(1, sizeof(*progress));
    if (!progress)
        return error_set(reterr, TS_ERR_NOMEM, "no memory for the progress bar");
    (void)pthread_mutex_init(&progress->lock, NULL);
    progress->outlet = outlet_over(fd);
    progress->mode = mode_for(mode, &progress->outlet);
    progress->utf8 = text_is_utf8();
    progress->curtain = (struct log_curtain){ open_curtain, close_curtain, progress };
    if (progress->mode == PROGRESS_BAR)
        log_set_curtain(&progress->curtain);
    *ret_progress = progress;
    return TS_ERR_OK;
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    if (progress->mode == PROGRESS_BAR) {
        log_set_curtain(NULL);
        remove_bar(progress);
    }
    outlet_done(&progress->outlet);
    (void)pthread_mutex_destroy(&progress->lock);
    mem_free(progress);
}

void progress_update(struct progress *progress, const struct sweep_report *report,
                     int64_t now_us)
{
    if (progress->finished || progress->mode == PROGRESS_OFF)
        return;
    sample_rate(progress, report, now_us);
    if (progress->mode == PROGRESS_BAR)
        update_bar(progress, report);
    else if (line_is_due(progress, report, now_us))
        write_line(progress, report, now_us);
    progress->started = true;
}

void progress_finish(struct progress *progress, const struct sweep_report *report,
                     int64_t now_us)
{
    if (progress->finished || progress->mode == PROGRESS_OFF)
        return;
    sample_rate(progress, report, now_us);
    bool already_said = progress->started && progress->line_done == report->done &&
                        report->done >= report->planned;
    if (progress->mode == PROGRESS_BAR)
        finish_bar(progress, report);
    else if (!already_said)
        write_line(progress, report, now_us);
    progress->finished = true;
}
