/* announce.c: the log lines of a sweep. */
#include "host/announce.h"

#include <inttypes.h>

#include "base/day.h"
#include "base/log.h"
#include "base/mem.h"
#include "plan/outlook.h"

#define LINE_MAX_BYTES 400

void announce_format_plan(const struct plan *plan, uint64_t fresh, struct buf *out)
{
    struct plan_totals totals = plan_totals(plan);
    buf_puts(out, "plan: ");
    buf_put_count(out, totals.tee_sheets);
    buf_puts(out, " tee sheets, ");
    buf_put_count(out, totals.requests);
    buf_puts(out, " requests");
    if (fresh > 0) {
        buf_puts(out, " (");
        buf_put_count(out, fresh);
        buf_puts(out, " more are fresh enough)");
    }
    if (totals.requests == 0)
        return;
    struct plan_host host = plan_host(plan, totals.slowest_host);
    buf_printf(out, "; slowest host %s: ", host.name);
    buf_put_count(out, totals.slowest_requests);
    if (host.pace.gap_us == 0) {
        buf_puts(out, " without a gap");
        return;
    }
    buf_puts(out, " at ");
    if (host.pace.parallel > 1)
        buf_printf(out, "%u", host.pace.parallel);
    else
        buf_puts(out, "one");
    buf_puts(out, " per ");
    buf_put_duration(out, host.pace.gap_us);
    buf_puts(out, ", about ");
    buf_put_duration(out, totals.slowest_us);
}

void announce_plan(const struct plan *plan, const struct sweep_report *report)
{
    char text[LINE_MAX_BYTES];
    struct buf line = buf_over(text, sizeof(text));
    struct plan_totals totals = plan_totals(plan);
    announce_format_plan(plan, report->fresh, &line);
    log_event(LOG_INFO, "sweep.plan",
              LOG_FIELDS(kv_i64("tee_sheets", (int64_t)totals.tee_sheets),
                         kv_i64("requests", (int64_t)totals.requests),
                         kv_i64("fresh", (int64_t)report->fresh), kv_i64("hosts", totals.hosts),
                         kv_i64("slowest_us", totals.slowest_us)),
              "%s", text);
}

void announce_budget(const struct budget *budget)
{
    char text[LINE_MAX_BYTES];
    struct buf line = buf_over(text, sizeof(text));
    budget_format(budget, &line);
    log_event(LOG_INFO, "sweep.memory",
              LOG_FIELDS(kv_i64("limit_bytes", (int64_t)budget->limit_bytes),
                         kv_i64("planned_bytes", (int64_t)budget_total(budget)),
                         kv_i64("conversations", budget->conversations)),
              "%s", text);
}

/* N of "batch k/N": committed ones, and what the tee sheets still to come will fill. */
static uint64_t batches_in_all(const struct sweep_report *report, uint64_t coming,
                               uint32_t batch_size)
{
    uint64_t skipped = report->by_outcome[OUTCOME_SKIPPED];
    uint64_t gone = report->committed + skipped;
    uint64_t remaining = report->planned > gone ? report->planned - gone : 0;
    if (remaining < coming)
        remaining = coming;
    return report->batches + (remaining + batch_size - 1) / batch_size;
}

void announce_batch_start(const struct batch *batch, const struct sweep_report *report,
                          uint32_t batch_size)
{
    uint64_t number = report->batches + 1;
    uint64_t in_all = batches_in_all(report, batch->sheets_count, batch_size);
    log_event(LOG_INFO, "batch.closed",
              LOG_FIELDS(kv_i64("batch", (int64_t)number),
                         kv_i64("bytes", (int64_t)batch->arena.used),
                         kv_str("why", batch_close_text(batch->closed))),
              "Batch %" PRIu64 " closed by %s", number, batch_close_text(batch->closed));
    log_event(LOG_INFO, "batch.upsert", LOG_FIELDS(kv_i64("tee_sheets", batch->sheets_count)),
              "Upserting %u course/date combinations to database...", batch->sheets_count);
    log_event(LOG_INFO, "batch.start",
              LOG_FIELDS(kv_i64("batch", (int64_t)number), kv_i64("of", (int64_t)in_all),
                         kv_i64("tee_sheets", batch->sheets_count)),
              "Processing batch %" PRIu64 "/%" PRIu64 " (%u records)", number, in_all,
              batch->sheets_count);
}

void announce_batch_done(const struct writer_result *result, const struct sweep_report *report,
                         uint32_t batch_size)
{
    const struct store_receipt *receipt = &result->receipt;
    uint64_t in_all = batches_in_all(report, 0, batch_size);
    log_event(
        LOG_INFO, "batch.done",
        LOG_FIELDS(kv_i64("batch", (int64_t)report->batches), kv_i64("of", (int64_t)in_all),
                   kv_i64("inserted", receipt->inserted), kv_i64("updated", receipt->updated),
                   kv_i64("closed", receipt->closed), kv_i64("reopened", receipt->reopened),
                   kv_i64("unchanged", receipt->unchanged), kv_i64("held", receipt->held_count),
                   kv_i64("set_aside", result->set_aside)),
        "Batch %" PRIu64 "/%" PRIu64 " completed successfully", report->batches, in_all);
}

void announce_release(uint64_t bytes, const struct sweep_report *report)
{
    char text[LINE_MAX_BYTES];
    struct buf line = buf_over(text, sizeof(text));
    buf_puts(&line, "Garbage collection triggered: batch memory ");
    buf_put_size(&line, bytes);
    buf_puts(&line, " released, RSS ");
    buf_put_size(&line, mem_rss_bytes());
    log_event(LOG_INFO, "batch.released",
              LOG_FIELDS(kv_i64("bytes", (int64_t)bytes),
                         kv_i64("rss_bytes", (int64_t)report->rss_bytes)),
              "%s", text);
}

void announce_held(const struct tee_sheet *sheet, const struct store_held *held)
{
    char date[16];
    struct buf buf = buf_over(date, sizeof(date));
    day_format(sheet->play_date, &buf);
    log_event(LOG_INFO, "tee_sheet.held",
              LOG_FIELDS(kv_i64("course_id", sheet->course_id), kv_str("play_date", date),
                         kv_i64("open_before", held->open_before),
                         kv_i64("would_close", held->would_close)),
              "course %" PRId64 " on %s: %u of %u open tee times are gone at once; %s",
              sheet->course_id, date, held->would_close, held->open_before,
              sheet->second_look ? "not applied" : "looking once more");
}

void announce_withheld(uint32_t tee_sheets)
{
    log_event(LOG_WARNING, "batch.withheld", LOG_FIELDS(kv_i64("tee_sheets", tee_sheets)),
              "%u tee sheets are not stored: their hosts were leased to another collector "
              "meanwhile, which asks them again",
              tee_sheets);
}

void announce_notice(const struct writer_notice *notice)
{
    char text[LINE_MAX_BYTES];
    struct buf buf = buf_over(text, sizeof(text));
    switch (notice->kind) {
    case WRITER_RETRYING:
        buf_put_duration(&buf, notice->wait_us);
        log_event(LOG_WARNING, "store.retry", LOG_FIELDS(kv_i64("attempt", notice->attempt)),
                  "store: %s; trying again in %s", notice->error.text, text);
        break;
    case WRITER_RECOVERED:
        log_event(LOG_INFO, "store.recovered", LOG_FIELDS(kv_i64("attempts", notice->attempt)),
                  "store: back after %u attempts", notice->attempt);
        break;
    case WRITER_SET_ASIDE:
        day_format(notice->play_date, &buf);
        log_event(LOG_ERROR, "tee_sheet.set_aside",
                  LOG_FIELDS(kv_i64("course_id", notice->course_id), kv_str("play_date", text)),
                  "course %" PRId64 " on %s: the database refuses it, set aside: %s",
                  notice->course_id, text, notice->error.text);
        break;
    case WRITER_LEASE_LOST:
        log_event(LOG_ERROR, "sweep.lease_lost", LOG_NO_FIELDS, "%s", notice->error.text);
        break;
    }
}

static const char *reason_text(enum pause_reason reason)
{
    switch (reason) {
    case PAUSE_MEMORY:
        return "memory: every reply body is lent";
    case PAUSE_WRITER:
        return "writer: both batches are full";
    case PAUSE_SHUTDOWN:
        return "shutdown";
    }
    return "";
}

void announce_pause(enum pause_reason reason, bool stands, const struct sweep_report *report)
{
    log_event(LOG_DEBUG, stands ? "sweep.paused" : "sweep.resumed",
              LOG_FIELDS(kv_i64("in_flight", report->in_flight),
                         kv_i64("batch_bytes", (int64_t)report->batch_bytes)),
              "%s (%s), %u in flight", stands ? "paused" : "resumed", reason_text(reason),
              report->in_flight);
}

void announce_host_stopped(const struct plan *plan, uint32_t host_index)
{
    struct plan_host host = plan_host(plan, host_index);
    log_event(LOG_WARNING, "host.stopped",
              LOG_FIELDS(kv_str("host", host.name), kv_str("why", host.why)),
              "%s is not asked any more in this sweep: %s", host.name, host.why);
}

void announce_unread(const struct conversation *conversation,
                     const struct conversation_note *note, uint32_t *told)
{
    uint32_t engine = UINT32_C(1) << conversation->courses[0]->engine;
    if (note->skipped_rows == 0 || (*told & engine))
        return;
    *told |= engine;
    const char *name = conversation->engine_task.engine->name;
    log_event(LOG_WARNING, "engine.row_unreadable",
              LOG_FIELDS(kv_str("engine", name), kv_str("field", note->skipped_field),
                         kv_i64("byte", (int64_t)note->skipped_offset),
                         kv_str("request", conversation->asked)),
              "%s: a tee time could not be read (%s, at byte %zu of the reply to %s); this is "
              "said once, the summary counts all",
              name, note->skipped_field, note->skipped_offset, conversation->asked);
}

void announce_deadline(void)
{
    log_event(LOG_WARNING, "sweep.deadline", LOG_NO_FIELDS,
              "the deadline is reached: what is not asked yet is skipped");
}
