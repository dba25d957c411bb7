/*
 * recorded.h: a conversation with recorded replies of ../shared/recordings, which are not part
 * of the project.
 */
#ifndef TS_TESTS_INTEGRATION_RECORDED_H
#define TS_TESTS_INTEGRATION_RECORDED_H

#include "conform/conversation.h"

struct recorded;

/* For cmocka: *state is a struct recorded. */
int recorded_set_up(void **state);
int recorded_tear_down(void **state);

void recorded_begin(struct recorded *recorded, const char *engine);

/* The recorded body ("foreup/x.json"), valid until the next call; skips the test, and says so,
 * where there is none. */
struct str recorded_load(struct recorded *recorded, const char *name);

void recorded_reply(struct recorded *recorded, uint16_t status, struct str body);
void recorded_course(struct recorded *recorded, const char *row);

/* Plays the replies; all must be used and all rows read. */
void recorded_play(struct recorded *recorded, const char *date);

/* A tee sheet in the form of the case files' `expect:`, without refs; valid until the next
 * call. */
const char *recorded_render(struct recorded *recorded, uint32_t sheet);

#endif
