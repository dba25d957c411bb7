/* bar.c: how a progress bar's frame is composed. */
#include "view/bar.h"

#include "view/text.h"

#define PART_BYTES   64
#define BLOCKS_WIDE  40
#define BLOCKS_LEAST 4
#define BLOCKS_GOOD  10 /* the bar is not made shorter than this for parts after the times */
#define EIGHTHS      8

enum part { PART_PERCENT, PART_COUNT, PART_TIMES, PART_FOUND, PART_UNKNOWN, PART_RSS, PARTS };

uint32_t bar_percent(const struct sweep_report *report)
{
    if (report->planned == 0 || report->done >= report->planned)
        return 100;
    return (uint32_t)(report->done * 100 / report->planned);
}

/* "01:02", "2:47:00", "?". */
static void put_clock(struct buf *out, int64_t us)
{
    if (us < 0) {
        buf_putc(out, '?');
        return;
    }
    long long seconds = (long long)(us / 1000000);
    if (seconds >= 3600)
        buf_printf(out, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        buf_printf(out, "%02lld:%02lld", seconds / 60, seconds % 60);
}

static void put_times(struct buf *out, const struct sweep_report *report, double rate)
{
    buf_puts(out, " [");
    put_clock(out, report->elapsed_us);
    buf_putc(out, '<');
    put_clock(out, report->done >= report->planned ? 0 : report->eta_us);
    if (rate > 0)
        buf_printf(out, ", %.1f/s]", rate);
    else
        buf_puts(out, ", ?/s]");
}

static void put_rss(struct buf *out, const struct sweep_report *report)
{
    const double mebibyte = 1024 * 1024;
    buf_printf(out, ", RSS %.1f", (double)report->rss_bytes / mebibyte);
    if (report->memory_limit_bytes % (1024 * 1024) != 0)
        buf_printf(out, "/%.1f", (double)report->memory_limit_bytes / mebibyte);
    else if (report->memory_limit_bytes > 0)
        buf_printf(out, "/%.0f", (double)report->memory_limit_bytes / mebibyte);
    buf_puts(out, " MiB");
}

static void put_part(struct buf *out, enum part part, const struct sweep_report *report,
                     double rate)
{
    switch (part) {
    case PART_PERCENT:
        buf_printf(out, "%3u%%", bar_percent(report));
        break;
    case PART_COUNT:
        buf_printf(out, " %llu/%llu", (unsigned long long)report->done,
                   (unsigned long long)report->planned);
        break;
    case PART_TIMES:
        put_times(out, report, rate);
        break;
    case PART_FOUND:
        buf_putc(out, ' ');
        buf_put_count(out, report->tee_times);
        buf_puts(out, " tee times");
        break;
    case PART_UNKNOWN:
        buf_puts(out, ", ");
        buf_put_count(out, sweep_unknown(report));
        buf_puts(out, " unknown");
        break;
    case PART_RSS:
        put_rss(out, report);
        break;
    case PARTS:
        break;
    }
}

/* `cells` columns, filled to an eighth of one. */
static void put_blocks(struct buf *out, const struct sweep_report *report, uint32_t cells,
                       bool utf8)
{
    uint64_t done = report->done < report->planned ? report->done : report->planned;
    uint64_t eighths = report->planned > 0 ? done * cells * EIGHTHS / report->planned
                                           : (uint64_t)cells * EIGHTHS;
    buf_putc(out, '|');
    for (uint32_t i = 0; i < cells; i++) {
        uint64_t filled = eighths > (uint64_t)i * EIGHTHS ? eighths - (uint64_t)i * EIGHTHS : 0;
        filled = filled > EIGHTHS ? EIGHTHS : filled;
        if (!utf8 || filled == 0) {
            buf_putc(out, filled == EIGHTHS ? '#' : ' ');
            continue;
        }
        /* U+2588 is the full block, U+258F its left eighth. */
        buf_puts(out, "\xE2\x96");
        buf_putc(out, (char)(unsigned char)(0x90 - filled));
    }
    buf_putc(out, '|');
}

void bar_put(struct buf *out, const struct sweep_report *report, const struct bar_style *style)
{
    char storage[PARTS][PART_BYTES];
    uint32_t width = 0;
    int shown = 0;
    /* From the left, as many parts as leave room for the smallest bar. */
    for (; shown < PARTS; shown++) {
        struct buf part = buf_over(storage[shown], PART_BYTES);
        put_part(&part, (enum part)shown, report, style->rate);
        uint32_t blocks = shown > PART_TIMES ? BLOCKS_GOOD + 2 : BLOCKS_LEAST + 2;
        uint32_t needed = (uint32_t)part.len + (shown > PART_COUNT ? blocks : 0);
        if (width + needed > style->columns)
            break;
        width += (uint32_t)part.len;
    }
    uint32_t room = style->columns - width;
    for (int i = 0; i < shown; i++) {
        buf_puts(out, storage[i]);
        if (i == PART_PERCENT && room >= BLOCKS_LEAST + 2)
            put_blocks(out, report, room - 2 < BLOCKS_WIDE ? room - 2 : BLOCKS_WIDE,
                       style->utf8);
    }
}
