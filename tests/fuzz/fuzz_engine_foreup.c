/* fuzz_engine_foreup.c: ForeUp on any reply; see support/fuzz_engine.h for the input. */
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

/* schedule_id, facility_id, booking_class. */
static const char row[] = "4711\0"
                          "20077\0"
                          "808\0";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const rows[] = { row };
    fuzz_engine_play("foreup", rows, 1, data, size);
    return 0;
}
