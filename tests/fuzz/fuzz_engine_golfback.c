/* fuzz_engine_golfback.c: GolfBack on any reply; see support/fuzz_engine.h for the input. */
#include "support/fuzz.h"
#include "support/fuzz_engine.h"

/* courseId. */
static const char row[] = "c0ffee00-0000-4000-8000-000000000001";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const rows[] = { row };
    fuzz_engine_play("golfback", rows, 1, data, size);
    return 0;
}
