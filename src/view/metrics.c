/* metrics.c: families of samples, each with its help and type. */
#include "view/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"

#define LINE_MAX_BYTES 1024
#define LAST_PREFIX    "teesheet_last_"
#define LAST_VALUE_MAX 1e15 /* as whole seconds in an int64_t and exactly in a double */

struct output {
    FILE *file;
    const char *scope;
};

static void put_label(const struct output *out, const char *name, const char *value)
{
    (void)fprintf(out->file, "%s=\"", name);
    for (const char *c = value; *c; c++) {
        if (*c == '\n')
            (void)fputs("\\n", out->file);
        else if (*c == '"' || *c == '\\')
            (void)fprintf(out->file, "\\%c", *c);
        else
            (void)fputc(*c, out->file);
    }
    (void)fputc('"', out->file);
}

static void begin(const struct output *out, const char *name, const char *type,
                  const char *help)
{
    (void)fprintf(out->file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Whole numbers stay whole. */
static void put_value(const struct output *out, double value)
{
    (void)fprintf(out->file, "} %.15g\n", value);
}

/* A sample with the scope and, unless label is NULL, one label more. */
static void put(const struct output *out, const char *name, const char *label,
                const char *label_value, double value)
{
    (void)fprintf(out->file, "%s{", name);
    put_label(out, "scope", out->scope);
    if (label) {
        (void)fputc(',', out->file);
        put_label(out, label, label_value);
    }
    put_value(out, value);
}

struct single {
    const char *name, *type, *help;
    double value;
};

static void put_singles(const struct output *out, const struct single *singles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        begin(out, singles[i].name, singles[i].type, singles[i].help);
        put(out, singles[i].name, NULL, NULL, singles[i].value);
    }
}

/* ---- Hosts ---- */

static void put_host(const struct output *out, const char *name,
                     const struct metrics_host *host, const char *class)
{
    (void)fprintf(out->file, "%s{", name);
    put_label(out, "scope", out->scope);
    (void)fputc(',', out->file);
    put_label(out, "engine", host->engine);
    (void)fputc(',', out->file);
    put_label(out, "host", host->name);
    if (class) {
        (void)fputc(',', out->file);
        put_label(out, "class", class);
    }
}

static void put_classes(const struct output *out, const struct metrics_host *host)
{
    static const char *const classes[METRICS_CLASSES] = { "answered", "refused", "failed",
                                                          "blocked" };
    for (int i = 0; i < METRICS_CLASSES; i++) {
        put_host(out, "teesheet_requests_total", host, classes[i]);
        put_value(out, (double)host->by_class[i]);
    }
}

static void put_gap(const struct output *out, const struct metrics_host *host)
{
    put_host(out, "teesheet_host_gap_seconds", host, NULL);
    put_value(out, (double)host->gap_us / CLOCK_SECOND_US);
}

static void put_parallel(const struct output *out, const struct metrics_host *host)
{
    put_host(out, "teesheet_host_parallel", host, NULL);
    put_value(out, host->parallel);
}

static void put_hosts(const struct output *out, const struct metrics *metrics,
                      void (*put_one)(const struct output *out,
                                      const struct metrics_host *host))
{
    for (uint32_t i = 0; i < metrics->hosts_count; i++) {
        struct metrics_host host = metrics->host(metrics->ctx, i);
        if (host.requests > 0)
            put_one(out, &host);
    }
}

static void put_all_hosts(const struct output *out, const struct metrics *metrics)
{
    begin(out, "teesheet_requests_total", "counter",
          "Requests of this sweep that ended, by what became of them.");
    put_hosts(out, metrics, put_classes);
    begin(out, "teesheet_host_gap_seconds", "gauge",
          "Pause between two requests to a host, as learnt.");
    put_hosts(out, metrics, put_gap);
    begin(out, "teesheet_host_parallel", "gauge",
          "Conversations that a host gets at a time, as learnt.");
    put_hosts(out, metrics, put_parallel);
}

/* ---- Tee sheets, tee times ---- */

static void put_outcomes(const struct output *out, const struct sweep_report *report)
{
    begin(out, "teesheet_tee_sheets_total", "counter",
          "Looks at tee sheets in this sweep by outcome, second looks included.");
    for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
        put(out, "teesheet_tee_sheets_total", "outcome", outcome_name((enum outcome)i),
            (double)report->looks[i]);
}

static void put_changes(const struct output *out, const struct sweep_report *report)
{
    const struct {
        const char *name;
        uint64_t count;
    } changes[] = { { "inserted", report->inserted },
                    { "updated", report->updated },
                    { "closed", report->closed },
                    { "reopened", report->reopened },
                    { "unchanged", report->unchanged } };
    begin(out, "teesheet_tee_time_upserts_total", "counter",
          "Tee times committed by this sweep, by what that changed in the store.");
    for (size_t i = 0; i < TS_COUNT_OF(changes); i++)
        put(out, "teesheet_tee_time_upserts_total", "change", changes[i].name,
            (double)changes[i].count);
}

/* ---- Batches ---- */

static void put_histogram(const struct output *out, const char *name,
                          const struct histogram_bounds *bounds,
                          const struct histogram *histogram)
{
    char series[64], bound[32];
    uint64_t below = 0;
    (void)snprintf(series, sizeof(series), "%s_bucket", name);
    for (uint32_t i = 0; i < bounds->count; i++) {
        below += histogram->buckets[i];
        (void)snprintf(bound, sizeof(bound), "%.15g", bounds->at[i]);
        put(out, series, "le", bound, (double)below);
    }
    below += histogram->buckets[bounds->count];
    put(out, series, "le", "+Inf", (double)below);
    (void)snprintf(series, sizeof(series), "%s_sum", name);
    put(out, series, NULL, NULL, histogram->sum);
    (void)snprintf(series, sizeof(series), "%s_count", name);
    put(out, series, NULL, NULL, (double)below);
}

static void put_histograms(const struct output *out, const struct sweep_report *report)
{
    begin(out, "teesheet_upsert_duration_seconds", "histogram",
          "How long batches took to commit, waits for the store included.");
    put_histogram(out, "teesheet_upsert_duration_seconds", &histogram_seconds,
                  &report->upsert_seconds);
    begin(out, "teesheet_batch_size_bytes", "histogram", "Memory of committed batches.");
    put_histogram(out, "teesheet_batch_size_bytes", &histogram_bytes, &report->upsert_bytes);
}

static void put_counters(const struct output *out, const struct sweep_report *report)
{
    const struct single singles[] = {
        { "teesheet_retries_total", "counter", "Conversations that were started again.",
          (double)report->retries },
        { "teesheet_received_bytes_total", "counter", "Bytes of replies on the wire.",
          (double)report->wire_bytes },
        { "teesheet_unreadable_rows_total", "counter",
          "Rows of replies that could not be read.", (double)report->skipped_rows },
        { "teesheet_batches_total", "counter", "Batches committed.", (double)report->batches },
        { "teesheet_batches_failed_total", "counter",
          "Batches that the store did not take: it is lost.", (double)report->batches_failed },
        { "teesheet_committed_tee_sheets_total", "counter", "Tee sheets in committed batches.",
          (double)report->committed },
        { "teesheet_host_leases_lost_total", "counter",
          "Leases of hosts that ran out before they were renewed.",
          (double)report->host_leases_lost },
        { "teesheet_set_aside_tee_sheets_total", "counter",
          "Tee sheets that the store refused.", (double)report->set_aside },
    };
    put_singles(out, singles, TS_COUNT_OF(singles));
}

/* ---- Gauges ---- */

static void put_gauges(const struct output *out, const struct sweep_report *report)
{
    const struct single singles[] = {
        { "teesheet_sweep_running", "gauge", "1 while a sweep runs.",
          report->finished_at == 0 },
        { "teesheet_sweep_start_timestamp_seconds", "gauge",
          "When the sweep of these counters began: they start at 0 with each.",
          (double)report->started_at },
        { "teesheet_planned_tee_sheets", "gauge", "Tee sheets that are due in this sweep.",
          (double)report->planned },
        { "teesheet_done_tee_sheets", "gauge", "Those of them that are done.",
          (double)report->done },
        { "teesheet_fresh_tee_sheets", "gauge", "Tee sheets not due: observed recently.",
          (double)report->fresh },
        { "teesheet_by_others_tee_sheets", "gauge",
          "Tee sheets that other collectors did meanwhile.", (double)report->by_others },
        { "teesheet_leased_hosts", "gauge", "Hosts leased to this collector (--share).",
          report->hosts_leased },
        { "teesheet_open_tee_times", "gauge", "Open tee times that this sweep saw.",
          (double)report->tee_times },
        { "teesheet_transfers_in_flight", "gauge", "Transfers under way.", report->in_flight },
        { "teesheet_resident_memory_bytes", "gauge", "Resident memory.",
          (double)report->rss_bytes },
        { "teesheet_resident_memory_peak_bytes", "gauge", "Its highest value in this sweep.",
          (double)report->rss_peak_bytes },
        { "teesheet_memory_limit_bytes", "gauge", "The memory budget, --memory.",
          (double)report->memory_limit_bytes },
        { "teesheet_batch_bytes", "gauge", "Bytes in the batch that is being filled.",
          (double)report->batch_bytes },
    };
    put_singles(out, singles, TS_COUNT_OF(singles));
}

static void put_pauses(const struct output *out, const struct metrics *metrics)
{
    begin(out, "teesheet_paused", "gauge", "1 for each reason for which nothing new starts.");
    for (uint32_t i = 0; i < metrics->pauses_count; i++)
        put(out, "teesheet_paused", "reason", metrics->pauses[i].reason,
            metrics->pauses[i].stands);
}

/* ---- The last finished sweep ---- */

static void put_last(const struct output *out, const struct metrics_last *last)
{
    const struct single singles[] = {
        { "teesheet_last_sweep_timestamp_seconds", "gauge", "When the last sweep ended.",
          (double)last->finished_at },
        { "teesheet_last_sweep_exit_code", "gauge", "Its exit code.", last->exit_code },
        { "teesheet_last_sweep_observed_ratio", "gauge",
          "Share of its tee sheets that were observed.", last->observed_ratio },
    };
    if (last->finished_at > 0) {
        put_singles(out, singles, TS_COUNT_OF(singles));
        begin(out, "teesheet_last_sweep_verdict", "gauge", "1 for its verdict.");
        for (int i = SWEEP_RUNNING + 1; i <= SWEEP_FAILED; i++) {
            enum sweep_verdict verdict = (enum sweep_verdict)i;
            put(out, "teesheet_last_sweep_verdict", "verdict", sweep_verdict_name(verdict),
                last->verdict == verdict);
        }
    }
    const struct single observed = { "teesheet_last_observation_timestamp_seconds", "gauge",
                                     "When a sweep last observed a tee sheet.",
                                     (double)last->observed_at };
    if (last->observed_at > 0)
        put_singles(out, &observed, 1);
}

ts_err metrics_write(const struct metrics *metrics, FILE *out, struct error *reterr)
{
    const struct output output = { out, metrics->report->scope };
    put_all_hosts(&output, metrics);
    put_outcomes(&output, metrics->report);
    put_changes(&output, metrics->report);
    put_counters(&output, metrics->report);
    put_histograms(&output, metrics->report);
    put_gauges(&output, metrics->report);
    put_pauses(&output, metrics);
    put_last(&output, &metrics->last);
    if (fflush(out) || ferror(out))
        return error_set(reterr, TS_ERR_IO, "cannot write: %s", strerror(errno));
    return TS_ERR_OK;
}

/* ---- Reading back ---- */

/* "NAME{…,verdict="complete"} 1": which verdict. */
static bool read_verdict(const char *line, enum sweep_verdict *ret_verdict)
{
    for (int i = SWEEP_RUNNING + 1; i <= SWEEP_FAILED; i++) {
        char label[64];
        (void)snprintf(label, sizeof(label), ",verdict=\"%s\"}",
                       sweep_verdict_name((enum sweep_verdict)i));
        if (!strstr(line, label))
            continue;
        *ret_verdict = (enum sweep_verdict)i;
        return true;
    }
    return false;
}

static void keep_value(struct str name, double value, struct metrics_last *last)
{
    if (str_equal(name, STR(LAST_PREFIX "sweep_timestamp_seconds")))
        last->finished_at = (int64_t)value;
    else if (str_equal(name, STR(LAST_PREFIX "observation_timestamp_seconds")))
        last->observed_at = (int64_t)value;
    else if (str_equal(name, STR(LAST_PREFIX "sweep_exit_code")) && value < 256)
        last->exit_code = (int)value;
    else if (str_equal(name, STR(LAST_PREFIX "sweep_observed_ratio")))
        last->observed_ratio = value;
}

static void read_line(const char *line, struct metrics_last *last)
{
    const char *labels = strchr(line, '{'), *space = strrchr(line, ' ');
    double value;
    if (!labels || !space || !str_to_double(str_trim(str_of(space + 1)), &value) || value < 0 ||
        value > LAST_VALUE_MAX)
        return;
    struct str name = { line, (size_t)(labels - line) };
    enum sweep_verdict verdict;
    if (!str_equal(name, STR(LAST_PREFIX "sweep_verdict")))
        keep_value(name, value, last);
    else if (value > 0 && read_verdict(labels, &verdict))
        last->verdict = verdict;
}

void metrics_read_last(FILE *in, struct metrics_last *ret_last)
{
    char line[LINE_MAX_BYTES];
    *ret_last = (struct metrics_last){ 0 };
    while (fgets(line, sizeof(line), in))
        if (str_has_prefix(str_of(line), STR(LAST_PREFIX)))
            read_line(line, ret_last);
}
