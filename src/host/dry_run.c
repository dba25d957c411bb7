/* dry_run.c: the plan on paper. */
#include "host/dry_run.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "host/announce.h"
#include "plan/outlook.h"

#define TEXT_MAX 512

static void print_host(const struct plan_host *host, FILE *out)
{
    char text[TEXT_MAX];
    struct buf buf = buf_over(text, sizeof(text));
    buf_printf(&buf, "  %-32s %-12s ", host->name, host->engine->name);
    buf_put_count(&buf, host->tee_sheets_left);
    buf_puts(&buf, " tee sheets, ");
    buf_put_count(&buf, host->planned_requests);
    buf_puts(&buf, " requests");
    if (host->tee_sheets_left > 0)
        buf_printf(&buf, " (%.2f per tee sheet)",
                   (double)host->planned_requests / (double)host->tee_sheets_left);
    if (host->pace.gap_us > 0) {
        buf_puts(&buf, ", about ");
        buf_put_duration(&buf, host->expected_us);
    }
    (void)fprintf(out, "%s\n", text);
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
    (void)fprintf(out, "%s\nhosts:\n", text);
    for (uint32_t i = 0; i < plan_hosts(plan); i++) {
        struct plan_host host = plan_host(plan, i);
        print_host(&host, out);
    }
    buf_reset(&buf);
    budget_format(budget, &buf);
    (void)fprintf(out, "%s\n", text);
    if (fflush(out) != 0 || ferror(out))
        return error_set(reterr, TS_ERR_IO, "cannot write the plan: %s", strerror(errno));
    return TS_ERR_OK;
}
