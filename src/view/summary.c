/* summary.c: the summary's text and JSON, both from one sweep_report. */
#include "view/summary.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/json.h"
#include "view/text.h"

#define SUMMARY_BYTES 24576
#define LABEL_WIDTH   16

const char *const summary_formats[] = { "text", "json", NULL };

/* --- text --- */

static void put_label(struct buf *out, const char *label)
{
    buf_printf(out, "  %-*s", LABEL_WIDTH - 2, label);
}

static void put_counted(struct buf *out, uint64_t count, const char *what)
{
    buf_put_count(out, count);
    buf_putc(out, ' ');
    buf_puts(out, what);
}

/* ", 3 retries", or nothing for none. */
static void put_if_any(struct buf *out, uint64_t count, const char *what)
{
    if (count == 0)
        return;
    buf_puts(out, ", ");
    put_counted(out, count, what);
}

/* "3: 2 throttled, 1 too large" */
static void put_family(struct buf *out, const struct sweep_report *report, bool observed)
{
    const char *between = ": ";
    buf_put_count(out, observed ? sweep_observed(report) : sweep_unknown(report));
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        bool counts = observed ? outcome_is_observed((enum outcome)i)
                               : outcome_is_unknown((enum outcome)i);
        if (!counts || report->by_outcome[i] == 0)
            continue;
        buf_puts(out, between);
        buf_put_count(out, report->by_outcome[i]);
        buf_putc(out, ' ');
        for (const char *at = outcome_name((enum outcome)i); *at; at++)
            buf_putc(out, *at == '_' ? ' ' : *at);
        between = ", ";
    }
    buf_putc(out, '\n');
}

static void put_head(struct buf *out, const struct sweep_report *report)
{
    buf_printf(out, "Sweep %s", sweep_verdict_name(report->verdict));
    if (report->run_id > 0)
        buf_printf(out, " (run %lld)", (long long)report->run_id);
    buf_puts(out, ": ");
    put_counted(out, report->done, "of ");
    put_counted(out, report->planned, "tee sheets in ");
    buf_put_duration(out, report->elapsed_us);
    buf_printf(out, ", exit code %d\n", report->exit_code);
}

static void put_place(struct buf *out, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    put_label(out, label);
    text_put_clean(out, str_of(text));
    buf_putc(out, '\n');
}

static void put_tee_sheets(struct buf *out, const struct sweep_report *report)
{
    put_label(out, "observed");
    put_family(out, report, true);
    if (sweep_unknown(report) > 0) {
        put_label(out, "not observed");
        put_family(out, report, false);
    }
    if (report->fresh > 0) {
        put_label(out, "still fresh");
        put_counted(out, report->fresh, "tee sheets, not asked again\n");
    }
    if (report->by_others > 0) {
        put_label(out, "by others");
        put_counted(out, report->by_others, "tee sheets, by collectors that share the work\n");
    }
    if (report->held > 0) {
        put_label(out, "held");
        put_counted(out, report->held, "observations, not applied (too much would close)\n");
    }
    put_label(out, "tee times");
    put_counted(out, report->tee_times, "open");
    put_if_any(out, report->merged, "merged (same identity)");
    put_if_any(out, report->skipped_rows, "unreadable");
    buf_putc(out, '\n');
}

static void put_store(struct buf *out, const struct sweep_report *report)
{
    put_label(out, "in the store");
    put_counted(out, report->inserted, "inserted, ");
    put_counted(out, report->updated, "updated, ");
    put_counted(out, report->closed, "closed, ");
    put_counted(out, report->unchanged, "unchanged");
    put_if_any(out, report->reopened, "reopened");
    put_if_any(out, report->events, "events");
    buf_putc(out, '\n');
    put_label(out, "batches");
    put_counted(out, report->batches, "committed");
    put_if_any(out, report->batches_failed, "failed");
    put_if_any(out, report->set_aside, "tee sheets set aside");
    buf_putc(out, '\n');
}

static void put_requests(struct buf *out, const struct sweep_report *report)
{
    put_label(out, "requests");
    buf_put_count(out, report->requests);
    if (report->committed > 0)
        buf_printf(out, " (%.2f per tee sheet)",
                   (double)report->requests / (double)report->committed);
    put_if_any(out, report->retries, report->retries == 1 ? "retry" : "retries");
    buf_puts(out, ", ");
    buf_put_size(out, report->wire_bytes);
    buf_puts(out, " received\n");
    const char *label = "slowest hosts";
    for (int i = 0; i < SWEEP_HOSTS_SHOWN; i++) {
        const struct sweep_host *host = &report->slowest[i];
        if (host->name[0] == '\0')
            continue;
        put_label(out, label);
        text_put_clean(out, str_of(host->name));
        buf_puts(out, ": ");
        put_counted(out, host->requests, "requests in ");
        buf_put_duration(out, host->busy_us);
        buf_puts(out, ", gap ");
        buf_put_duration(out, host->gap_us);
        put_if_any(out, host->throttled, "throttled");
        buf_putc(out, '\n');
        label = "";
    }
}

static void put_courses(struct buf *out, const struct sweep_report *report)
{
    put_label(out, "courses");
    buf_put_count(out, report->courses);
    put_if_any(out, report->courses_misconfigured, "misconfigured");
    put_if_any(out, report->courses_unsupported, "of unsupported engines");
    put_if_any(out, report->courses_inactive, "inactive");
    put_if_any(out, report->courses_duplicate, "duplicate");
    put_if_any(out, report->courses_newly_unknown, "newly unknown");
    buf_putc(out, '\n');
}

/* "region SK: blind, 0 of 28 observed, 2 courses newly unknown" */
static void put_parts(struct buf *out, const struct sweep_report *report)
{
    const char *label = "not complete";
    for (uint32_t i = 0; i < report->parts_count && i < SWEEP_NAMES_SHOWN; i++) {
        const struct sweep_part *part = &report->parts[i];
        put_label(out, label);
        text_put_clean(out, str_of(part->name));
        buf_printf(out, ": %s%s, ", part->newly_blind ? "newly " : "",
                   sweep_verdict_name(part->verdict));
        put_counted(out, part->observed, "of ");
        put_counted(out, part->planned, "observed");
        put_if_any(out, part->newly_unknown, "courses newly unknown");
        buf_putc(out, '\n');
        label = "";
    }
    if (report->parts_count > SWEEP_NAMES_SHOWN) {
        put_label(out, "");
        put_counted(out, report->parts_count - SWEEP_NAMES_SHOWN, "more\n");
    }
}

/* "3: 1001 (Elm Creek), …" */
static void put_named(struct buf *out, const char *label, const struct sweep_courses *courses)
{
    if (courses->count == 0)
        return;
    put_label(out, label);
    buf_put_count(out, courses->count);
    for (uint32_t i = 0; i < courses->count && i < SWEEP_NAMES_SHOWN; i++) {
        buf_printf(out, "%s%lld (", i ? ", " : ": ", (long long)courses->shown[i].id);
        text_put_clean(out, str_of(courses->shown[i].name));
        buf_putc(out, ')');
    }
    if (courses->count > SWEEP_NAMES_SHOWN)
        put_if_any(out, courses->count - SWEEP_NAMES_SHOWN, "more");
    buf_putc(out, '\n');
}

static void put_memory(struct buf *out, const struct sweep_report *report)
{
    put_label(out, "memory");
    buf_puts(out, "peak RSS ");
    buf_put_size(out, report->rss_peak_bytes);
    if (report->memory_limit_bytes > 0) {
        buf_puts(out, " of ");
        buf_put_size(out, report->memory_limit_bytes);
    }
    buf_putc(out, '\n');
}

static void put_text(struct buf *out, const struct sweep_report *report)
{
    put_head(out, report);
    put_place(out, "scope", report->scope);
    put_place(out, "store", report->store);
    put_tee_sheets(out, report);
    put_store(out, report);
    put_requests(out, report);
    put_courses(out, report);
    put_parts(out, report);
    put_named(out, "silent", &report->silent);
    put_named(out, "only closed", &report->closed_only);
    put_memory(out, report);
}

/* --- JSON --- */

static void put_name(struct buf *out, const char *name)
{
    buf_printf(out, "%s\"%s\":", out->ptr[out->len - 1] == '{' ? "" : ",", name);
}

static void put_number(struct buf *out, const char *name, uint64_t value)
{
    put_name(out, name);
    buf_put_u64(out, value);
}

static void put_string(struct buf *out, const char *name, const char *value)
{
    put_name(out, name);
    json_put_string(out, str_of(value));
}

static void put_instant(struct buf *out, const char *name, int64_t at)
{
    put_name(out, name);
    if (at == 0) {
        buf_puts(out, "null");
        return;
    }
    buf_putc(out, '"');
    instant_format(at, out);
    buf_putc(out, '"');
}

static void put_json_head(struct buf *out, const struct sweep_report *report)
{
    put_string(out, "verdict", sweep_verdict_name(report->verdict));
    put_name(out, "exit_code");
    buf_put_i64(out, report->exit_code);
    put_name(out, "run_id");
    buf_put_i64(out, report->run_id);
    put_string(out, "scope", report->scope);
    put_string(out, "store", report->store);
    put_instant(out, "started_at", report->started_at);
    put_instant(out, "finished_at", report->finished_at);
    put_name(out, "elapsed_seconds");
    buf_printf(out, "%lld.%03lld", (long long)(report->elapsed_us / 1000000),
               (long long)(report->elapsed_us / 1000 % 1000));
}

static void put_json_outcomes(struct buf *out, const struct sweep_report *report)
{
    put_number(out, "planned", report->planned);
    put_number(out, "done", report->done);
    put_number(out, "fresh", report->fresh);
    put_number(out, "by_others", report->by_others);
    put_number(out, "host_leases_lost", report->host_leases_lost);
    put_number(out, "observed", sweep_observed(report));
    put_number(out, "unknown", sweep_unknown(report));
    put_name(out, "by_outcome");
    buf_putc(out, '{');
    for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
        put_number(out, outcome_name((enum outcome)i), report->by_outcome[i]);
    buf_putc(out, '}');
    put_number(out, "held", report->held);
    put_number(out, "tee_times", report->tee_times);
    put_number(out, "merged", report->merged);
    put_number(out, "skipped_rows", report->skipped_rows);
    put_number(out, "shapes_changed", report->shapes_changed);
}

static void put_json_work(struct buf *out, const struct sweep_report *report)
{
    put_number(out, "inserted", report->inserted);
    put_number(out, "updated", report->updated);
    put_number(out, "closed", report->closed);
    put_number(out, "reopened", report->reopened);
    put_number(out, "unchanged", report->unchanged);
    put_number(out, "events", report->events);
    put_number(out, "requests", report->requests);
    put_number(out, "retries", report->retries);
    put_number(out, "wire_bytes", report->wire_bytes);
    put_number(out, "batches", report->batches);
    put_number(out, "batches_failed", report->batches_failed);
    put_number(out, "set_aside", report->set_aside);
    put_number(out, "peak_rss_bytes", report->rss_peak_bytes);
    put_number(out, "memory_limit_bytes", report->memory_limit_bytes);
    put_number(out, "allocations_start", report->allocations_start);
    put_number(out, "allocations_end", report->allocations_end);
    put_number(out, "courses", report->courses);
    put_number(out, "courses_misconfigured", report->courses_misconfigured);
    put_number(out, "courses_unsupported", report->courses_unsupported);
    put_number(out, "courses_inactive", report->courses_inactive);
    put_number(out, "courses_duplicate", report->courses_duplicate);
    put_number(out, "courses_newly_unknown", report->courses_newly_unknown);
}

static void put_json_hosts(struct buf *out, const struct sweep_report *report)
{
    put_name(out, "slowest_hosts");
    buf_putc(out, '[');
    for (int i = 0; i < SWEEP_HOSTS_SHOWN; i++) {
        const struct sweep_host *host = &report->slowest[i];
        if (host->name[0] == '\0')
            continue;
        buf_puts(out, out->ptr[out->len - 1] == '[' ? "{" : ",{");
        put_string(out, "host", host->name);
        put_number(out, "requests", host->requests);
        put_number(out, "throttled", host->throttled);
        put_number(out, "busy_ms", (uint64_t)(host->busy_us / 1000));
        put_number(out, "gap_ms", (uint64_t)(host->gap_us / 1000));
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

static void put_json_parts(struct buf *out, const struct sweep_report *report)
{
    put_number(out, "parts_not_complete", report->parts_count);
    put_number(out, "parts_newly_blind", report->parts_newly_blind);
    put_name(out, "worst_parts");
    buf_putc(out, '[');
    for (uint32_t i = 0; i < report->parts_count && i < SWEEP_NAMES_SHOWN; i++) {
        const struct sweep_part *part = &report->parts[i];
        buf_puts(out, i ? ",{" : "{");
        put_string(out, "part", part->name);
        put_string(out, "verdict", sweep_verdict_name(part->verdict));
        put_number(out, "planned", part->planned);
        put_number(out, "observed", part->observed);
        put_number(out, "courses_newly_unknown", part->newly_unknown);
        put_name(out, "newly_blind");
        buf_puts(out, part->newly_blind ? "true}" : "false}");
    }
    buf_putc(out, ']');
}

static void put_json_named(struct buf *out, const char *name,
                           const struct sweep_courses *courses)
{
    put_name(out, name);
    buf_putc(out, '{');
    put_number(out, "count", courses->count);
    put_name(out, "shown");
    buf_putc(out, '[');
    for (uint32_t i = 0; i < courses->count && i < SWEEP_NAMES_SHOWN; i++) {
        buf_puts(out, i ? ",{" : "{");
        put_number(out, "id", (uint64_t)courses->shown[i].id);
        put_string(out, "name", courses->shown[i].name);
        put_number(out, "unknown_sweeps", courses->shown[i].unknown_sweeps);
        buf_putc(out, '}');
    }
    buf_puts(out, "]}");
}

static void put_json(struct buf *out, const struct sweep_report *report)
{
    buf_putc(out, '{');
    put_json_head(out, report);
    put_json_outcomes(out, report);
    put_json_work(out, report);
    put_json_hosts(out, report);
    put_json_parts(out, report);
    put_json_named(out, "silent_courses", &report->silent);
    put_json_named(out, "only_closed_courses", &report->closed_only);
    buf_puts(out, "}\n");
}

/* --- the interface --- */

ts_err summary_write(const struct sweep_report *report, enum summary_format format, FILE *out,
                     struct error *reterr)
{
    char storage[SUMMARY_BYTES];
    struct buf buf = buf_over(storage, sizeof(storage));
    (format == SUMMARY_JSON ? put_json : put_text)(&buf, report);
    errno = 0;
    if (fwrite(buf.ptr, 1, buf.len, out) == buf.len && fflush(out) == 0)
        return TS_ERR_OK;
    return error_set(reterr, TS_ERR_IO, "cannot write the summary: %s", strerror(errno));
}
