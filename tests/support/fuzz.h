/*
 * fuzz.h: what a fuzz target defines.
 */
#ifndef TS_SUPPORT_FUZZ_H
#define TS_SUPPORT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Called per input; a broken promise of the code under test is an abort. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
