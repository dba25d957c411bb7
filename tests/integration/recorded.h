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

/* The courses' zone, for engines whose times are UTC; before recorded_play. */
void recorded_zone(struct recorded *recorded, const char *name);

/* Plays the replies; all must be used and all rows read. */
void recorded_play(struct recorded *recorded, const char *date);

/* What was played: its tee sheets and requests; belongs to `recorded`. */
const struct conversation *recorded_conversation(const struct recorded *recorded);

/* A tee sheet in the form of the case files' `expect:`, valid until the next call; without
 * refs, of which there must be one for each tee time or none at all; or with them. */
const char *recorded_render(struct recorded *recorded, uint32_t sheet);
const char *recorded_render_refs(struct recorded *recorded, uint32_t sheet);

#endif
