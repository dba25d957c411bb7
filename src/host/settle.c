/* settle.c: held, withheld, and stored tee sheets of a batch. */
#include "host/settle.h"

#include "host/announce.h"
#include "host/tally.h"

/* Held observations are looked at once more; they leave the tally until then. */
static void look_again(const struct batch *batch, const struct store_receipt *receipt,
                       struct plan *plan, struct sweep_report *report, struct course_seen *seen)
{
    for (uint32_t i = 0; i < receipt->held_count; i++) {
        const struct store_held *held = &receipt->held[i];
        const struct tee_sheet *sheet = batch->sheets;
        while (sheet->course_index != held->course_index || sheet->play_date != held->play_date)
            sheet++;
        announce_held(sheet, held);
        if (sheet->second_look || !plan_look_again(plan, held->course_index, held->play_date))
            report->held++;
        else
            tally_take_back(report, sheet, &seen[sheet->course_index]);
    }
}

void settle(const struct writer_result *result, struct plan *plan, struct share *share,
            struct sweep_report *report, struct course_seen *seen)
{
    const struct batch *batch = result->batch;
    uint32_t withheld = 0;
    look_again(batch, &result->receipt, plan, report, seen);
    for (uint32_t i = 0; i < batch->sheets_count; i++) {
        const struct tee_sheet *sheet = &batch->sheets[i];
        share_paid(share, sheet->course_index);
        if (!sheet->withheld)
            continue;
        tally_take_back(report, sheet, &seen[sheet->course_index]);
        plan_return(plan, sheet->course_index, sheet->play_date, sheet->second_look);
        withheld++;
    }
    if (withheld > 0)
        announce_withheld(withheld);
}
