/* test_progress.c exercises view/progress on a real terminal (a pty) and elsewhere:
 *   the bytes of a frame; blocks by locale; it ends on a clean line;
 *   log lines between frames stand on lines of their own, with the bar below;
 *   a resize is followed at the next frame; narrow terminals;
 *   a terminal that nobody reads holds nobody up, and frames stay whole when it is read again;
 *   log lines of another thread at the same time;
 *   a pipe, and a dumb terminal, get timed lines without control sequences; off says nothing.
 */
/* cmocka.h wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
/* clang-format on */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "view/progress.h"
#include "view/text.h"

#define SECOND CLOCK_SECOND_US

/* stderr is a terminal or a pipe of ours; what arrives there is read here. */
struct ends {
    int reader, saved;
    char text[1 << 20];
};

static struct ends ends;

static void adopt(int reader, int writer)
{
    ends.reader = reader;
    ends.saved = dup(STDERR_FILENO);
    assert_true(ends.saved >= 0 && dup2(writer, STDERR_FILENO) >= 0);
    (void)close(writer);
    assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
    log_setup(LOG_TEXT, LOG_INFO);
}

static void set_width(unsigned short columns)
{
    const struct winsize size = { .ws_col = columns, .ws_row = 24 };
    assert_int_equal(ioctl(ends.reader, TIOCSWINSZ, &size), 0);
}

static int begin_terminal(void **state)
{
    (void)state;
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return -1;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios mode;
    if (slave < 0 || tcgetattr(slave, &mode) != 0)
        return -1;
    mode.c_oflag &= ~(tcflag_t)OPOST; /* bytes as they were written */
    if (tcsetattr(slave, TCSANOW, &mode) != 0)
        return -1;
    adopt(master, slave);
    set_width(109);
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    return 0;
}

static int begin_pipe(void **state)
{
    (void)state;
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return -1;
    adopt(fds[0], fds[1]);
    setenv("TERM", "xterm", 1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)dup2(ends.saved, STDERR_FILENO);
    (void)close(ends.saved);
    log_setup(LOG_TEXT, LOG_INFO);
    (void)close(ends.reader);
    return 0;
}

static const char *seen(void)
{
    size_t len = 0;
    ssize_t count;
    while (len + 1 < sizeof(ends.text) &&
           (count = read(ends.reader, ends.text + len, sizeof(ends.text) - 1 - len)) > 0)
        len += (size_t)count;
    ends.text[len] = '\0';
    return ends.text;
}

static struct progress *started(enum progress_mode mode)
{
    struct progress *progress = NULL;
    assert_int_equal(progress_new(STDERR_FILENO, mode, &progress, NULL), TS_ERR_OK);
    return progress;
}

static struct sweep_report report_at(uint64_t done, int64_t elapsed_us)
{
    struct sweep_report report = {
        .planned = 1000,
        .done = done,
        .elapsed_us = elapsed_us,
        .eta_us = 21 * SECOND,
        .tee_times = done * 33,
        .rss_bytes = 15833498,
        .memory_limit_bytes = 64 << 20,
    };
    report.by_outcome[OUTCOME_BLOCKED] = 3;
    return report;
}

#define UPDATE(progress, done, at_us)                                                          \
    do {                                                                                       \
        struct sweep_report report_now = report_at(done, at_us);                               \
        progress_update(progress, &report_now, at_us);                                         \
    } while (0)

#define FINISH(progress, done, at_us)                                                          \
    do {                                                                                       \
        struct sweep_report report_now = report_at(done, at_us);                               \
        progress_finish(progress, &report_now, at_us);                                         \
    } while (0)

static void test_frame(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    UPDATE(progress, 500, 10 * SECOND);
    static const char half[] = "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"
                               "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88"
                               "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88";
    char expected[300];
    (void)snprintf(expected, sizeof(expected),
                   "\r 50%%|%s%13s| 500/1000 [00:10<00:21, 50.0/s] 16,500 tee times, 3 "
                   "unknown, RSS 15.1/64 MiB\x1b[J\r",
                   half, "");
    assert_string_equal(seen(), expected);
    FINISH(progress, 1000, 20 * SECOND);
    const char *text = seen();
    assert_memory_equal(text, "\r100%|", 6);
    assert_string_equal(strchr(text, '\x1b'), "\x1b[J\n");
    assert_non_null(strstr(text, " 1000/1000 [00:20<00:00, "));
    UPDATE(progress, 1000, 21 * SECOND);
    progress_free(progress);
    assert_string_equal(seen(), "");
}

static void test_ascii(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    set_width(60);
    struct progress *progress = started(PROGRESS_BAR);
    UPDATE(progress, 500, 10 * SECOND);
    const char *text = seen();
    assert_non_null(strstr(text, "|######"));
    for (const char *at = text; *at; at++)
        assert_true((unsigned char)*at < 0x80);
    progress_free(progress);
    assert_string_equal(seen(), "\r\x1b[K\x1b[J");
}

static void test_log_line_between_frames(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "before the first frame");
    assert_null(strchr(seen(), '\x1b'));
    UPDATE(progress, 500, 10 * SECOND);
    (void)seen();
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "Batch 5/10 completed successfully");
    const char *text = seen();
    assert_memory_equal(text, "\r\x1b[K\x1b[J20", 9); /* cleared, then the line's stamp */
    const char *line = strstr(text, "Z Batch 5/10 completed successfully\n");
    assert_non_null(line);
    const char *bar = strchr(line, '\n') + 1;
    assert_memory_equal(bar, "\r 50%|", 6);
    assert_string_equal(bar + strlen(bar) - 4, "\x1b[J\r");
    FINISH(progress, 1000, 20 * SECOND);
    (void)seen();
    log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "after the end");
    assert_null(strchr(seen(), '\x1b'));
    progress_free(progress);
}

static uint32_t frame_width(const char *frame)
{
    assert_int_equal(frame[0], '\r');
    const char *stop = strchr(frame, '\x1b');
    assert_non_null(stop);
    return text_width((struct str){ frame + 1, (size_t)(stop - frame - 1) });
}

static void test_resize(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    UPDATE(progress, 500, 10 * SECOND);
    assert_int_equal(frame_width(seen()), 108);
    for (unsigned short columns = 150; columns >= 20; columns--) {
        set_width(columns);
        UPDATE(progress, 500, 10 * SECOND);
        const char *frame = seen();
        assert_in_range(frame_width(frame), 13, columns - 1);
        assert_non_null(strstr(frame, " 50%|"));
        assert_non_null(strstr(frame, "| 500/1000"));
    }
    set_width(5);
    UPDATE(progress, 500, 10 * SECOND);
    assert_string_equal(seen(), "\r 50%\x1b[J\r");
    set_width(0); /* unknown: 80 */
    UPDATE(progress, 500, 10 * SECOND);
    assert_in_range(frame_width(seen()), 60, 79);
    progress_free(progress);
}

/* Nothing but whole frames and log lines. */
static void assert_whole(const char *text)
{
    while (*text) {
        if (*text == '\r' && strncmp(text, "\r\x1b[K\x1b[J", 7) == 0) {
            text += 7;
        } else if (*text == '\r') {
            const char *stop = strchr(text, '\x1b');
            assert_non_null(stop);
            assert_non_null(strstr(text, "/64 MiB\x1b[J"));
            assert_ptr_equal(strstr(text, "/64 MiB\x1b[J") + 7, stop);
            assert_true(strncmp(stop, "\x1b[J\r", 4) == 0 || strncmp(stop, "\x1b[J\n", 4) == 0);
            text = stop + 4;
        } else {
            assert_true(*text == '2' || *text == '\n');
            text = strchr(text, '\n') + 1;
        }
    }
}

static void test_stalled_reader(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    int64_t start_us = clock_monotonic_us();
    for (uint64_t i = 0; i < 5000; i++)
        UPDATE(progress, i % 1000, (int64_t)i * SECOND / 10);
    assert_true(clock_monotonic_us() - start_us < SECOND);
    assert_whole(seen()); /* the last one may be cut; the rest follows */
    UPDATE(progress, 700, 600 * SECOND);
    progress_free(progress);
}

static void test_stalled_whole_frames(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    static char all[1 << 18];
    size_t len = 0;
    for (uint64_t i = 0; i < 3000; i++) {
        UPDATE(progress, i % 1000, (int64_t)i * SECOND / 10);
        if (i % 60 == 59) { /* a slow reader takes a few bytes */
            ssize_t count = read(ends.reader, all + len, 700);
            len += count > 0 ? (size_t)count : 0;
        }
    }
    const char *rest = seen();
    memcpy(all + len, rest, strlen(rest) + 1);
    len += strlen(rest);
    FINISH(progress, 1000, 400 * SECOND);
    rest = seen();
    memcpy(all + len, rest, strlen(rest) + 1);
    assert_true(len > 5000);
    assert_whole(all);
    progress_free(progress);
}

static void test_stalled_log(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    int64_t start_us = clock_monotonic_us();
    uint64_t dropped = log_dropped();
    for (uint64_t i = 0; i < 1000; i++) {
        UPDATE(progress, i, (int64_t)i * SECOND / 10);
        log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "line %d", (int)i);
    }
    assert_true(log_dropped() > dropped);
    assert_true(clock_monotonic_us() - start_us < 2 * SECOND);
    FINISH(progress, 1000, 200 * SECOND);
    assert_true(clock_monotonic_us() - start_us < 4 * SECOND);
    progress_free(progress);
}

static void *log_lines(void *ctx)
{
    for (int i = 0; i < *(int *)ctx; i++)
        log_event(LOG_INFO, "a.b", LOG_NO_FIELDS, "line %d of the writer thread", i);
    return NULL;
}

static void test_lines_of_another_thread(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    static char all[1 << 19];
    size_t len = 0;
    int wanted = 200, found = 0;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, log_lines, &wanted), 0);
    for (uint64_t i = 0; found < wanted && i < 100000 && len + 16384 < sizeof(all); i++) {
        UPDATE(progress, i % 1000, (int64_t)i * SECOND / 10);
        ssize_t count = read(ends.reader, all + len, 16384);
        for (ssize_t j = 0; j < count; j++)
            found += all[len + (size_t)j] == '\n';
        len += count > 0 ? (size_t)count : 0;
        const struct timespec pause = { .tv_nsec = 200000 };
        (void)nanosleep(&pause, NULL);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    FINISH(progress, 1000, 20000 * SECOND);
    const char *rest = seen();
    memcpy(all + len, rest, strlen(rest) + 1);
    assert_int_equal(found, wanted);
    assert_whole(all);
    progress_free(progress);
}

static int count_lines(const char *text)
{
    int lines = 0;
    for (; *text; text = strchr(text, '\n') + 1)
        lines++;
    return lines;
}

static void test_lines_by_time(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_AUTO);
    UPDATE(progress, 0, 0);
    assert_string_equal(seen() + 21,
                        "progress: 0/1,000 tee sheets (0%), 0 tee times, 3 unknown, "
                        "about 21 s left, RSS 15.1 MiB of 64 MiB\n");
    UPDATE(progress, 50, 10 * SECOND - 1);
    assert_string_equal(seen(), "");
    UPDATE(progress, 50, 10 * SECOND);
    assert_string_equal(seen() + 21,
                        "progress: 50/1,000 tee sheets (5%), 1,650 tee times, 3 unknown, "
                        "5.0/s, about 21 s left, RSS 15.1 MiB of 64 MiB\n");
    UPDATE(progress, 60, 12 * SECOND);
    assert_string_equal(seen(), "");
    FINISH(progress, 60, 12 * SECOND);
    assert_non_null(strstr(seen(), "progress: 60/1,000 tee sheets (6%)"));
    progress_free(progress);
}

static void test_lines_by_share(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_BAR); /* no terminal: lines */
    for (uint64_t done = 0; done <= 1000; done++)
        UPDATE(progress, done, (int64_t)done * 1000);
    FINISH(progress, 1000, SECOND);
    const char *text = seen();
    assert_int_equal(count_lines(text), 11);
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\r'));
    assert_non_null(strstr(text, "100/1,000 tee sheets (10%)"));
    assert_non_null(
        strstr(text, "1,000/1,000 tee sheets (100%), 33,000 tee times, 3 unknown, "));
    assert_null(strstr(strstr(text, "(100%)"), "left"));
    progress_free(progress);
}

static void test_dumb_terminal(void **state)
{
    (void)state;
    setenv("TERM", "dumb", 1);
    struct progress *progress = started(PROGRESS_AUTO);
    UPDATE(progress, 0, 0);
    const char *text = seen();
    assert_null(strchr(text, '\x1b'));
    assert_int_equal(count_lines(text), 1);
    progress_free(progress);
}

static void test_off(void **state)
{
    (void)state;
    struct progress *progress = started(PROGRESS_OFF);
    UPDATE(progress, 0, 0);
    FINISH(progress, 1000, SECOND);
    progress_free(progress);
    assert_string_equal(seen(), "");
}

#define ON_TERMINAL(test) cmocka_unit_test_setup_teardown(test, begin_terminal, end)
#define ON_PIPE(test)     cmocka_unit_test_setup_teardown(test, begin_pipe, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_TERMINAL(test_frame),
        ON_TERMINAL(test_ascii),
        ON_TERMINAL(test_log_line_between_frames),
        ON_TERMINAL(test_resize),
        ON_TERMINAL(test_stalled_reader),
        ON_TERMINAL(test_stalled_whole_frames),
        ON_TERMINAL(test_stalled_log),
        ON_TERMINAL(test_lines_of_another_thread),
        ON_PIPE(test_lines_by_time),
        ON_PIPE(test_lines_by_share),
        ON_TERMINAL(test_dumb_terminal),
        ON_TERMINAL(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
