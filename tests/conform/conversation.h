/*
 * conversation.h: plays a task with an engine against replies that are given one after the
 * other, as the plan would, and renders what came of it.
 */
#ifndef TS_TESTS_CONFORM_CONVERSATION_H
#define TS_TESTS_CONFORM_CONVERSATION_H

#include "conform/fixture.h"

struct conversation {
    struct arena arena;
    struct engine_task task;
    const struct course *courses[ENGINE_TASK_COURSES_MAX];
    struct tee_sheet sheets[ENGINE_TASK_COURSES_MAX];
    char tenant[ENGINE_TENANT_BYTES_MAX];
    uint32_t skipped_rows;
    const char *skipped_field;
    uint32_t replies_used;
    bool checks_requests; /* compare with the fixture's ask and ask_body */
};

struct conversation *conversation_new(size_t arena_bytes);
void conversation_free(struct conversation *conversation);

/* Plays the fixture's replies. When they are used up but the engine asks on, the connection is
 * lost. The sheets are sealed afterwards. */
void conversation_play(struct conversation *conversation, const struct fixture *fixture);

/* The request of the task's current step, checked: it fits the scratch, is the same when asked
 * twice, and goes to the engine's host. Valid until the next call. */
struct http_request conversation_request(const struct conversation *conversation);

/* A tee sheet in the form of the case files' `expect:`. */
void conversation_render(const struct tee_sheet *sheet, struct buf *out);

#endif
