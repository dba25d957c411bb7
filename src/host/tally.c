/* tally.c: the sums of a sweep. */
#include "host/tally.h"

#include "base/clock.h"
#include "base/mem.h"
#include "plan/outlook.h"

#define MEMORY_LOOK_US ((int64_t)100000)

void tally_request(struct sweep_report *report)
{
    report->requests++;
}

void tally_reply(struct sweep_report *report, const struct http_reply *reply,
                 uint32_t skipped_rows)
{
    report->wire_bytes += reply->wire_bytes;
    report->skipped_rows += skipped_rows;
}

uint8_t tally_answer(enum outcome observed)
{
    return observed == OUTCOME_CLOSED ? COURSE_EVER_CLOSED : COURSE_EVER_ANSWERED;
}

void tally_sheet(struct sweep_report *report, const struct tee_sheet *sheet,
                 struct course_seen *seen)
{
    report->done++;
    report->by_outcome[sheet->outcome]++;
    report->looks[sheet->outcome]++;
    report->tee_times += sheet->tee_times_count;
    if (outcome_is_observed(sheet->outcome)) {
        seen->observed++;
        seen->flags |= COURSE_SAW_OBSERVED | tally_answer(sheet->outcome);
    } else {
        seen->unknown++;
        seen->flags |= COURSE_SAW_UNKNOWN;
    }
}

void tally_take_back(struct sweep_report *report, const struct tee_sheet *sheet,
                     struct course_seen *seen)
{
    if (outcome_is_observed(sheet->outcome))
        seen->observed--;
    else if (--seen->unknown == 0)
        seen->flags &= (uint8_t)~COURSE_SAW_UNKNOWN;
    report->done--;
    report->by_outcome[sheet->outcome]--;
    report->tee_times -= sheet->tee_times_count;
}

void tally_others(struct course_seen *seen, const struct plan *plan, uint32_t courses_count)
{
    for (uint32_t i = 0; i < courses_count; i++) {
        uint32_t observed = plan_others_observed(plan, i);
        seen[i].observed += (uint8_t)observed;
        if (observed > 0)
            seen[i].flags |= COURSE_SAW_OBSERVED;
    }
}

static void add_skipped(struct sweep_report *report, uint64_t tee_sheets)
{
    report->done += tee_sheets;
    report->by_outcome[OUTCOME_SKIPPED] += tee_sheets;
    report->looks[OUTCOME_SKIPPED] += tee_sheets;
}

void tally_receipt(struct sweep_report *report, const struct store_receipt *receipt,
                   uint32_t set_aside)
{
    report->batches++;
    report->committed += receipt->tee_sheets;
    report->inserted += receipt->inserted;
    report->updated += receipt->updated;
    report->closed += receipt->closed;
    report->reopened += receipt->reopened;
    report->unchanged += receipt->unchanged;
    report->events += receipt->events;
    report->set_aside += set_aside;
}

void tally_upsert(struct sweep_report *report, int64_t elapsed_us, uint64_t bytes)
{
    histogram_add(&report->upsert_seconds, &histogram_seconds,
                  (double)elapsed_us / CLOCK_SECOND_US);
    histogram_add(&report->upsert_bytes, &histogram_bytes, (double)bytes);
}

/* The slowest host's queue bounds it from below; the rate so far tells when no host does. */
static int64_t time_left(const struct sweep_report *report, int64_t bound_us)
{
    if (report->done == 0)
        return bound_us > 0 ? bound_us : -1;
    uint64_t left = report->planned > report->done ? report->planned - report->done : 0;
    double by_rate = (double)report->elapsed_us / (double)report->done * (double)left;
    return by_rate > (double)bound_us ? (int64_t)by_rate : bound_us;
}

void tally_share(struct sweep_report *report, const struct share *share)
{
    report->hosts_leased = share_hosts(share);
    report->host_leases_lost = share_hosts_lost(share);
}

void tally_turn(struct sweep_report *report, struct plan *plan, uint64_t batch_bytes,
                uint32_t in_flight)
{
    int64_t now = clock_monotonic_us();
    add_skipped(report, plan_take_skipped(plan));
    report->planned = plan_totals(plan).tee_sheets;
    report->by_others = plan_totals(plan).by_others;
    report->others_observed = plan_totals(plan).others_observed;
    report->batch_bytes = batch_bytes;
    report->in_flight = in_flight;
    report->elapsed_us = now - report->started_us;
    if (now - report->memory_seen_us < MEMORY_LOOK_US)
        return;
    report->memory_seen_us = now;
    report->rss_bytes = mem_rss_bytes();
    report->eta_us = time_left(report, plan_eta_us(plan, now));
}

static void rank(struct sweep_report *report, const struct plan_host *host)
{
    struct sweep_host entry = { .requests = host->requests,
                                .throttled = host->throttled,
                                .busy_us = host->busy_us,
                                .gap_us = host->pace.gap_us };
    struct buf name = buf_over(entry.name, sizeof(entry.name));
    buf_puts(&name, host->name);
    for (int i = 0; i < SWEEP_HOSTS_SHOWN; i++) {
        if (report->slowest[i].requests > 0 && report->slowest[i].busy_us >= entry.busy_us)
            continue;
        struct sweep_host pushed = report->slowest[i];
        report->slowest[i] = entry;
        entry = pushed;
    }
}

void tally_hosts(struct sweep_report *report, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan_hosts(plan); i++) {
        struct plan_host host = plan_host(plan, i);
        if (host.requests > 0)
            rank(report, &host);
    }
}
