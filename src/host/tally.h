/*
 * tally.h: how the sweep's report is kept: one function per thing that happens.
 */
#ifndef TS_HOST_TALLY_H
#define TS_HOST_TALLY_H

#include "domain/http.h"
#include "domain/sweep.h"
#include "domain/tee_sheet.h"
#include "host/course_seen.h"
#include "host/share.h"
#include "plan/plan.h"
#include "store/store.h"

void tally_request(struct sweep_report *report);
void tally_reply(struct sweep_report *report, const struct http_reply *reply,
                 uint32_t skipped_rows);

/* The course flag of an observed outcome. */
uint8_t tally_answer(enum outcome observed);

/* A tee sheet went into a batch. */
void tally_sheet(struct sweep_report *report, const struct tee_sheet *sheet,
                 struct course_seen *seen);

/* A held or withheld one is looked at again: undoes tally_sheet but for what was observed. */
void tally_take_back(struct sweep_report *report, const struct tee_sheet *sheet,
                     struct course_seen *seen);

/* At the end: what other collectors observed of the courses counts as seen too. Else a region
 * of which this one asked only the courses that failed would pass for blind. */
void tally_others(struct course_seen *seen, const struct plan *plan, uint32_t courses_count);

/* A batch was committed. */
void tally_receipt(struct sweep_report *report, const struct store_receipt *receipt,
                   uint32_t set_aside);

/* How long that took, waits for the store included, and the batch's bytes. */
void tally_upsert(struct sweep_report *report, int64_t elapsed_us, uint64_t bytes);

/* Hosts leased now, and leases lost (NULL: hosts are not shared). */
void tally_share(struct sweep_report *report, const struct share *share);

/* At the end of each turn of the loop. */
void tally_turn(struct sweep_report *report, struct plan *plan, uint64_t batch_bytes,
                uint32_t in_flight);

/* At the end: the hosts that took longest. */
void tally_hosts(struct sweep_report *report, const struct plan *plan);

#endif
