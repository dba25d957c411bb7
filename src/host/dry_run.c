/* dry_run.c: the plan on paper. */
#include "host/dry_run.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "host/announce.h"
#include "plan/outlook.h"

#define TEXT_MAX    512
#define HOSTS_SHOWN 20

static void put_load(struct buf *buf, uint64_t tee_sheets, uint64_t requests)
{
    buf_put_count(buf, tee_sheets);
    buf_puts(buf, " tee sheets, ");
    buf_put_count(buf, requests);
    buf_puts(buf, " requests");
    if (tee_sheets > 0)
        buf_printf(buf, " (%.2f per tee sheet)", (double)requests / (double)tee_sheets);
}

static void print_engine(const struct plan *plan, const struct engine *engine, FILE *out)
{
    uint64_t tee_sheets = 0, requests = 0;
    uint32_t hosts = 0;
    for (uint32_t i = 0; i < plan_hosts(plan); i++) {
        struct plan_host host = plan_host(plan, i);
        if (host.engine != engine)
            continue;
        hosts++;
        tee_sheets += host.tee_sheets_left;
        requests += host.planned_requests;
    }
    if (hosts == 0)
        return;
    char text[TEXT_MAX];
    struct buf buf = buf_over(text, sizeof(text));
    buf_printf(&buf, "  %-12s %3u host%s ", engine->name, hosts, hosts == 1 ? ", " : "s,");
    put_load(&buf, tee_sheets, requests);
    (void)fprintf(out, "%s\n", text);
}

static void print_host(const struct plan_host *host, FILE *out)
{
    char text[TEXT_MAX];
    struct buf buf = buf_over(text, sizeof(text));
    buf_printf(&buf, "  %-32s ", host->name);
    put_load(&buf, host->tee_sheets_left, host->planned_requests);
    if (host->pace.gap_us > 0) {
        buf_puts(&buf, ", about ");
        buf_put_duration(&buf, host->expected_us);
    }
    (void)fprintf(out, "%s\n", text);
}

/* The hosts that take longest, longest first. */
static void print_hosts(const struct plan *plan, FILE *out)
{
    struct plan_host longest[HOSTS_SHOWN];
    uint32_t count = 0, hosts = plan_hosts(plan);
    for (uint32_t i = 0; i < hosts; i++) {
        struct plan_host host = plan_host(plan, i);
        uint32_t at = count < HOSTS_SHOWN ? count++ : HOSTS_SHOWN;
        for (; at > 0 && longest[at - 1].expected_us < host.expected_us; at--) {
            if (at < HOSTS_SHOWN)
                longest[at] = longest[at - 1];
        }
        if (at < HOSTS_SHOWN)
            longest[at] = host;
    }
    for (uint32_t i = 0; i < count; i++)
        print_host(&longest[i], out);
    if (hosts > count)
        (void)fprintf(out, "  and %u more that take no longer\n", hosts - count);
}

static void print_courses(const struct sweep_report *report, FILE *out)
{
    (void)fprintf(out,
                  "courses: %u to collect, %u misconfigured, %u unsupported, %u inactive, "
                  "%u duplicates\n",
                  report->courses, report->courses_misconfigured, report->courses_unsupported,
                  report->courses_inactive, report->courses_duplicate);
}

ts_err dry_run_print(const struct plan *plan, const struct budget *budget,
                     const struct sweep_report *report, FILE *out, struct error *reterr)
{
    char text[TEXT_MAX];
    struct buf buf = buf_over(text, sizeof(text));
    print_courses(report, out);
    announce_format_plan(plan, report->fresh, &buf);
    (void)fprintf(out, "%s\nengines:\n", text);
    for (uint32_t i = 0; i < engines_count; i++)
        print_engine(plan, engines[i], out);
    (void)fprintf(out, "hosts:\n");
    print_hosts(plan, out);
    buf_reset(&buf);
    budget_format(budget, &buf);
    (void)fprintf(out, "%s\n", text);
    if (fflush(out) != 0 || ferror(out))
        return error_set(reterr, TS_ERR_IO, "cannot write the plan: %s", strerror(errno));
    return TS_ERR_OK;
}
