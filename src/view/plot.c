/* plot.c: columns of samples, and the SVG that shows them. */
#include "view/plot.h"

#include <assert.h>
#include <inttypes.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"

#define FIRST_COLUMN_MS 100

#define WIDTH        960
#define HEIGHT       500
#define LEFT         84
#define RIGHT        940
#define TICKS_MAX    6
#define TEXT_BYTES   200
#define HEADROOM_PCT 108 /* of the highest value, so that no line lies on the frame */

/* ---- Samples to columns ---- */

void plot_init(struct plot *plot)
{
    *plot = (struct plot){ .column_ms = FIRST_COLUMN_MS };
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t higher(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void merge(struct plot_column *into, const struct plot_column *later)
{
    if (into->samples == 0 || later->samples == 0) {
        *into = into->samples == 0 ? *later : *into;
        return;
    }
    bool new_low = later->batch_low < into->batch_low;
    bool new_high = later->batch_high > into->batch_high;
    if (new_low && new_high)
        into->peak_is_later = later->peak_is_later;
    else if (new_low || new_high)
        into->peak_is_later = new_high;
    into->samples += later->samples;
    into->batch_low = lower(into->batch_low, later->batch_low);
    into->batch_high = higher(into->batch_high, later->batch_high);
    into->rss_high = higher(into->rss_high, later->rss_high);
}

/* Each column takes its neighbour in and covers twice the time. */
static void halve(struct plot *plot)
{
    for (uint32_t i = 0; i < PLOT_COLUMNS; i++) {
        struct plot_column column = plot->columns[i];
        plot->columns[i] = (struct plot_column){ 0 };
        merge(&plot->columns[i / 2], &column);
    }
    plot->column_ms *= 2;
    plot->columns_count = (plot->columns_count + 1) / 2;
}

/* A fall to less than half of what the batch had reached is a batch that went. */
static void see_batch(struct plot *plot, uint64_t batch_bytes)
{
    if (batch_bytes < plot->batch_last && batch_bytes < plot->batch_top / 2) {
        plot->emptied++;
        plot->batch_top = 0;
    }
    plot->batch_last = batch_bytes;
    if (batch_bytes > plot->batch_top)
        plot->batch_top = batch_bytes;
    if (batch_bytes > plot->batch_peak)
        plot->batch_peak = batch_bytes;
}

void plot_add(struct plot *plot, const struct trace_sample *sample)
{
    while (sample->ms / plot->column_ms >= PLOT_COLUMNS)
        halve(plot);
    uint32_t at = (uint32_t)(sample->ms / plot->column_ms);
    struct plot_column column = { .samples = 1,
                                  .batch_low = sample->batch_bytes,
                                  .batch_high = sample->batch_bytes,
                                  .rss_high = sample->rss_bytes };
    merge(&plot->columns[at], &column);
    if (at >= plot->columns_count)
        plot->columns_count = at + 1;
    see_batch(plot, sample->batch_bytes);
    if (sample->rss_bytes > plot->rss_peak)
        plot->rss_peak = sample->rss_bytes;
    plot->tee_sheets = sample->tee_sheets;
    plot->last_ms = sample->ms;
}

/* ---- Columns to SVG ---- */

/* One of the two diagrams, one above the other. */
struct panel {
    int top, bottom;
    uint64_t highest; /* value at the top edge */
};

static double x_of(const struct plot *plot, double ms)
{
    double span = plot->last_ms > 0 ? (double)plot->last_ms : 1;
    return LEFT + ms / span * (RIGHT - LEFT);
}

static double y_of(const struct panel *panel, uint64_t value)
{
    double share = (double)value / (double)panel->highest;
    return panel->bottom - share * (panel->bottom - panel->top);
}

/* The smallest step of the list that needs at most TICKS_MAX ticks. */
static int64_t pick_step(const int64_t *steps, size_t count, int64_t highest)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (highest / steps[i] <= TICKS_MAX)
            return steps[i];
    }
    return steps[count - 1];
}

static uint64_t byte_step(uint64_t highest)
{
    uint64_t step = 1024;
    while (highest / step > TICKS_MAX)
        step *= 2;
    return step;
}

static void write_byte_axis(const struct panel *panel, FILE *out)
{
    uint64_t step = byte_step(panel->highest);
    for (uint64_t value = 0; value <= panel->highest; value += step) {
        char text[TEXT_BYTES];
        struct buf label = buf_over(text, sizeof(text));
        if (value == 0)
            buf_puts(&label, "0");
        else
            buf_put_size(&label, value);
        double y = y_of(panel, value);
        (void)fprintf(
            out,
            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
            "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>\n",
            LEFT, RIGHT, y, y, LEFT - 8, y + 4, text);
    }
}

static void write_time_axis(const struct plot *plot, const struct panel *panel, FILE *out)
{
    static const int64_t steps[] = { 200,     500,     1000,     2000,    5000,   10000,
                                     30000,   60000,   120000,   300000,  600000, 1800000,
                                     3600000, 7200000, 21600000, 86400000 };
    int64_t step = pick_step(steps, TS_COUNT_OF(steps), plot->last_ms);
    for (int64_t ms = 0; ms <= plot->last_ms; ms += step) {
        char text[TEXT_BYTES];
        struct buf label = buf_over(text, sizeof(text));
        buf_put_duration(&label, ms * 1000);
        double x = x_of(plot, (double)ms);
        (void)fprintf(out,
                      "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                      "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s"
                      "</text>\n",
                      x, x, panel->bottom, panel->bottom + 5, x, panel->bottom + 20, text);
    }
}

static void write_batch_point(const struct plot *plot, const struct panel *panel, uint32_t at,
                              FILE *out)
{
    const struct plot_column *column = &plot->columns[at];
    double x = x_of(plot, (double)at * (double)plot->column_ms);
    uint64_t first = column->peak_is_later ? column->batch_low : column->batch_high;
    uint64_t second = column->peak_is_later ? column->batch_high : column->batch_low;
    (void)fprintf(out, "%.1f,%.1f ", x, y_of(panel, first));
    if (second != first)
        (void)fprintf(out, "%.1f,%.1f ", x, y_of(panel, second));
}

static void write_batch_line(const struct plot *plot, const struct panel *panel, FILE *out)
{
    (void)fputs("<polyline id=\"batch\" class=\"line batch\" points=\"", out);
    for (uint32_t i = 0; i < plot->columns_count; i++) {
        if (plot->columns[i].samples > 0)
            write_batch_point(plot, panel, i, out);
    }
    (void)fputs("\"/>\n", out);
}

static void write_rss_line(const struct plot *plot, const struct panel *panel, FILE *out)
{
    (void)fputs("<polyline id=\"rss\" class=\"line rss\" points=\"", out);
    for (uint32_t i = 0; i < plot->columns_count; i++) {
        if (plot->columns[i].samples > 0)
            (void)fprintf(out, "%.1f,%.1f ", x_of(plot, (double)i * (double)plot->column_ms),
                          y_of(panel, plot->columns[i].rss_high));
    }
    (void)fputs("\"/>\n", out);
}

static void write_budget_line(const struct plot *plot, const struct panel *panel, FILE *out)
{
    double y = y_of(panel, plot->head.limit_bytes);
    (void)fprintf(out,
                  "<line id=\"budget\" class=\"line budget\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
                  "y2=\"%.1f\"/>\n",
                  LEFT, RIGHT, y, y);
}

/* A stroke as in the diagram, and what it stands for. */
static void write_legend(int x, int y, const char *kind, const char *text, FILE *out)
{
    (void)fprintf(out,
                  "<line class=\"line %s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
                  "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>\n",
                  kind, x, x + 28, y - 4, y - 4, x + 36, y, text);
}

static void write_legends(const struct plot *plot, FILE *out)
{
    char text[TEXT_BYTES];
    struct buf label = buf_over(text, sizeof(text));
    buf_puts(&label, "resident memory (RSS), peak ");
    buf_put_size(&label, plot->rss_peak);
    write_legend(LEFT, 68, "rss", text, out);
    buf_reset(&label);
    buf_puts(&label, "budget (--memory) ");
    buf_put_size(&label, plot->head.limit_bytes);
    write_legend(LEFT + 330, 68, "budget", text, out);
    buf_reset(&label);
    buf_puts(&label, "bytes in the batch that is filling, at most ");
    buf_put_size(&label, plot->batch_peak);
    buf_printf(&label, ", emptied %" PRIu32 " time%s", plot->emptied,
               plot->emptied == 1 ? "" : "s");
    write_legend(LEFT, 282, "batch", text, out);
}

static void write_head(const struct plot *plot, FILE *out)
{
    char text[TEXT_BYTES];
    struct buf title = buf_over(text, sizeof(text));
    buf_puts(&title, "Memory of a sweep: ");
    buf_put_count(&title, plot->tee_sheets);
    buf_puts(&title, " tee sheets in ");
    buf_put_duration(&title, plot->last_ms * 1000);
    (void)fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "aria-labelledby=\"title\">\n<title id=\"title\">%s</title>\n<style>\n"
        "text { font: 13px system-ui, sans-serif; fill: #1f2328; }\n"
        "text.title { font-size: 17px; font-weight: 600; }\n"
        "text.tick { font-size: 12px; fill: #59636e; }\n"
        ".ground { fill: #ffffff; } .grid { stroke: #e3e6ea; } .axis { stroke: #59636e; }\n"
        ".line { fill: none; stroke-width: 2; stroke-linejoin: round; }\n"
        ".batch { stroke: #0b62c1; } .rss { stroke: #12775a; }\n"
        ".budget { stroke: #b3261e; stroke-dasharray: 7 5; }\n"
        "@media (prefers-color-scheme: dark) {\n"
        "text { fill: #e6e8eb; } text.tick { fill: #9aa4af; }\n"
        ".ground { fill: #14171b; } .grid { stroke: #2b3138; } .axis { stroke: #9aa4af; }\n"
        ".batch { stroke: #64b1f5; } .rss { stroke: #4fc796; } .budget { stroke: #f48d83; }\n"
        "}\n"
        "</style>\n<rect class=\"ground\" width=\"%d\" height=\"%d\"/>\n"
        "<text class=\"title\" x=\"20\" y=\"34\">%s</text>\n",
        WIDTH, HEIGHT, text, WIDTH, HEIGHT, text);
}

static uint64_t with_headroom(uint64_t value)
{
    return value > 0 ? value / 100 * HEADROOM_PCT + HEADROOM_PCT : 1024;
}

void plot_write(const struct plot *plot, FILE *out)
{
    assert(plot->columns_count > 0);
    uint64_t most =
        plot->rss_peak > plot->head.limit_bytes ? plot->rss_peak : plot->head.limit_bytes;
    const struct panel memory = { .top = 82, .bottom = 240, .highest = with_headroom(most) };
    const struct panel batch = { .top = 296,
                                 .bottom = 454,
                                 .highest = with_headroom(plot->batch_peak) };
    write_head(plot, out);
    write_legends(plot, out);
    write_byte_axis(&memory, out);
    write_byte_axis(&batch, out);
    write_time_axis(plot, &batch, out);
    write_budget_line(plot, &memory, out);
    write_rss_line(plot, &memory, out);
    write_batch_line(plot, &batch, out);
    (void)fprintf(out,
                  "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">time since the "
                  "start</text>\n</svg>\n",
                  RIGHT, HEIGHT - 8);
}
