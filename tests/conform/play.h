/*
 * play.h: a conversation that a test makes up as it goes, instead of reading a case file.
 */
#ifndef TS_TESTS_CONFORM_PLAY_H
#define TS_TESTS_CONFORM_PLAY_H

#include "conform/conversation.h"

struct play {
    struct conversation *conversation;
    struct fixture *fixture; /* of 2026-12-05 */
};

struct play *play_new(const char *engine);
void play_free(struct play *play);

/* A course of the task: "alias=oak facility_ids=501". */
void play_course(struct play *play, const char *row);

/* The next reply, with status 200. */
void play_reply(struct play *play, struct str body);

#endif
