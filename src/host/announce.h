/*
 * announce.h: what the sweep tells operators while it runs. They alert on the wording of the
 * batch lines: it is part of the interface (docs/OPERATIONS.md).
 */
#ifndef TS_HOST_ANNOUNCE_H
#define TS_HOST_ANNOUNCE_H

#include "domain/sweep.h"
#include "host/budget.h"
#include "host/conversation.h"
#include "host/pipeline.h"
#include "host/writer.h"

/* Before the first request: what bounds the sweep, and the memory plan. */
void announce_plan(const struct plan *plan, const struct sweep_report *report);
void announce_budget(const struct budget *budget);

void announce_batch_start(const struct batch *batch, const struct sweep_report *report,
                          uint32_t batch_size);
void announce_batch_done(const struct writer_result *result, const struct sweep_report *report,
                         uint32_t batch_size);
void announce_release(uint64_t bytes, const struct sweep_report *report);
void announce_held(const struct tee_sheet *sheet, const struct store_held *held);
void announce_withheld(uint32_t tee_sheets);
void announce_notice(const struct writer_notice *notice);
void announce_pause(enum pause_reason reason, bool stands, const struct sweep_report *report);
void announce_host_stopped(const struct plan *plan, uint32_t host);
void announce_deadline(void);

/* Once per engine: *told is the set of those it was said of, by their index. */
void announce_unread(const struct conversation *conversation,
                     const struct conversation_note *note, uint32_t *told);

/* The plan's bound in words: "plan: 1,000 tee sheets, 4,000 requests; slowest host …". */
void announce_format_plan(const struct plan *plan, uint64_t fresh, struct buf *out);

#endif
