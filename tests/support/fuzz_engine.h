/*
 * fuzz_engine.h: one reply after the other of any bytes to an engine whose conversations are
 * short, and what must hold afterwards.
 */
#ifndef TS_TESTS_SUPPORT_FUZZ_ENGINE_H
#define TS_TESTS_SUPPORT_FUZZ_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "domain/tee_sheet.h"

#define FUZZ_ENGINE_COURSES_MAX 4

/* Gives the sheet the conversation's outcome if it has none, seals it, and aborts unless its
 * tee times can be stored. */
void fuzz_engine_seal(struct tee_sheet *sheet, enum outcome outcome);

/* The same for a reply of an engine that speaks JSON; aborts also if something was observed
 * from a body that is none. */
void fuzz_engine_check(struct tee_sheet *sheet, enum outcome outcome, struct str body);

/* data: the first byte chooses the status (its low three bits, see the .c) and a small arena
 * (bit 3); the rest is the body of each reply. rows: packed attributes in the table's order.
 * Aborts when tee times come out that cannot be stored, or something observed from a body that
 * is no JSON. */
void fuzz_engine_play(const char *engine, const char *const *rows, uint32_t rows_count,
                      const uint8_t *data, size_t size);

#endif
